# Real web servers before the real program.
web_tests = \
	tests/web/test_counting.py \
	tests/web/test_database_faults.py \
	tests/web/test_desk_accounts.py \
	tests/web/test_desk_answers.py \
	tests/web/test_desk_authors.py \
	tests/web/test_desk_backup.py \
	tests/web/test_desk_embedding.py \
	tests/web/test_desk_faults.py \
	tests/web/test_desk_house.py \
	tests/web/test_desk_injection.py \
	tests/web/test_desk_kills.py \
	tests/web/test_desk_links.py \
	tests/web/test_desk_media.py \
	tests/web/test_desk_pieces.py \
	tests/web/test_desk_requests.py \
	tests/web/test_desk_rights.py \
	tests/web/test_desk_saving.py \
	tests/web/test_desk_servers.py \
	tests/web/test_desk_terms.py \
	tests/web/test_desk_uploads.py \
	tests/web/test_faults.py \
	tests/web/test_fcgi_probe.py \
	tests/web/test_hardening.py \
	tests/web/test_kept_pages.py \
	tests/web/test_processes.py \
	tests/web/test_safety.py \
	tests/web/test_same_answers.py \
	tests/web/test_slow_clients.py \
	tests/web/test_theme.py \
	$(NULL)
dist_check_SCRIPTS += $(web_tests)
TESTS += $(web_tests)
EXTRA_DIST += tests/web/desk.py tests/web/fcgi_probe.py \
	tests/web/fcgi_probe.txt tests/web/harness.py tests/web/one_desk.py \
	tests/web/tracing.py sample

# What the desk has routes for, for tests that walk them.
check_PROGRAMS += tests/web/desk_routes
tests_web_desk_routes_SOURCES = tests/web/desk_routes.c
nodist_EXTRA_tests_web_desk_routes_SOURCES = cgi-bin/none.cc
tests_web_desk_routes_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_web_desk_routes_LDADD = $(desk_fcgi_LDADD)

# What a browser makes of pages, whatever language they are looked at in.
check_PROGRAMS += tests/web/html_skeleton
tests_web_html_skeleton_SOURCES = \
	tests/web/html_skeleton.c \
	tests/template/html_skeleton.c \
	tests/template/html_skeleton.h \
	tests/template/xss_payloads.h \
	$(NULL)
tests_web_html_skeleton_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_web_html_skeleton_LDADD = $(GUMBO_LIBS) $(GLIB_LIBS)
