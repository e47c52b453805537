# What Byline costs: "make bench". Not a test: figures depend on the machine.
bench_programs = \
	tests/bench/bench_desk \
	tests/bench/bench_model \
	tests/bench/null_cgi \
	tests/bench/null_fcgi \
	$(NULL)
EXTRA_PROGRAMS = $(bench_programs)
CLEANFILES += $(EXTRA_PROGRAMS)
EXTRA_DIST += tests/bench/bench.py

tests_bench_bench_desk_SOURCES = tests/bench/bench_desk.c
nodist_EXTRA_tests_bench_bench_desk_SOURCES = tests/bench/none.cc
tests_bench_bench_desk_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_bench_bench_desk_LDADD = $(desk_fcgi_LDADD)
tests_bench_bench_model_SOURCES = tests/bench/bench_model.c
tests_bench_bench_model_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_bench_bench_model_LDADD = libmodel.a libstore.a libbase.a \
	$(SQLITE_LIBS) $(SODIUM_LIBS) $(SECCOMP_LIBS) $(GLIB_LIBS)
tests_bench_null_fcgi_SOURCES = tests/bench/null_fcgi.c
tests_bench_null_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_bench_null_fcgi_LDADD = $(FCGI_LIBS) $(GLIB_LIBS)
tests_bench_null_cgi_SOURCES = tests/bench/null_cgi.c

# BENCH="--quick" for a first look.
bench: byline byline.fcgi $(bench_programs)
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) srcdir='$(srcdir)' \
		$(top_srcdir)/tests/bench/bench.py $(BENCH)
.PHONY: bench
