# Every group of tests adds itself to TESTS in its own file. All of them, whatever
# language they are written in, end with cmocka's own summary lines ("[  PASSED  ]
# 7 test(s)."), which tests/support/summary.awk adds up.
TEST_LIBS = $(CMOCKA_LIBS)

# What suites need to know: where programs were built, where the files are that an
# installed program would find beside it, and where whole blogs of others are to be
# imported. Those are not ours to hand on: tests that need them skip without.
AM_TESTS_ENVIRONMENT = \
	builddir='$(abs_builddir)'; export builddir; \
	BYLINE_DATADIR='$(abs_top_srcdir)/src/content'; export BYLINE_DATADIR; \
	BYLINE_CORPUS="$${BYLINE_CORPUS:-$(abs_top_srcdir)/../shared/corpus}"; \
	export BYLINE_CORPUS;

include tests/base/local.mk
include tests/store/local.mk
include tests/content/local.mk
include tests/image/local.mk
include tests/fuzz/local.mk
include tests/model/local.mk
include tests/http/local.mk
include tests/template/local.mk
include tests/view/local.mk
include tests/publish/local.mk
include tests/handler/local.mk
include tests/tool/local.mk
include tests/lint/local.mk
include tests/bench/local.mk
include tests/browser/local.mk
include tests/web/local.mk

# Programs written in C, under valgrind. Takes some minutes.
check-valgrind: $(check_PROGRAMS)
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) srcdir='$(abs_srcdir)' \
		$(top_srcdir)/tests/valgrind.sh $(abs_builddir) \
		$(filter-out %.py %.sh %.mjs,$(TESTS))
.PHONY: check-valgrind
EXTRA_DIST += tests/valgrind.sh tests/support/valgrind.supp
