# Tests of the handler layer: each asks through site_respond(), as a web server
# does, and gets a whole answer of a blog in a temporary site directory.
handler_tests = \
	tests/handler/test_failures \
	tests/handler/test_injection \
	tests/handler/test_site_feeds \
	tests/handler/test_site_files \
	tests/handler/test_site_pages \
	tests/handler/test_site_routes \
	tests/handler/test_visibility \
	$(NULL)
check_PROGRAMS += $(handler_tests)
TESTS += $(handler_tests)

handler_fixture = tests/handler/fixture.c tests/handler/fixture.h
handler_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(CMOCKA_CFLAGS)
handler_test_libs = \
	libhandler.a libpublish.a libview.a libtemplate.a libhttp.a libmodel.a libstore.a \
	libbase.a $(CTEMPLATE_LIBS) $(SQLITE_LIBS) $(SODIUM_LIBS) \
	$(GLIB_LIBS) $(TEST_LIBS)

# What it fails in is put in the place of the real functions.
tests_handler_test_failures_SOURCES = \
	tests/handler/test_failures.c $(handler_fixture)
tests_handler_test_failures_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_failures_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=statement_step,--wrap=database_open \
	-Wl,--wrap=database_begin,--wrap=template_expand
tests_handler_test_failures_LDADD = $(handler_test_libs)

tests_handler_test_injection_SOURCES = \
	tests/handler/test_injection.c $(handler_fixture) \
	tests/template/html_skeleton.c \
	tests/template/html_skeleton.h \
	tests/template/xss_payloads.h \
	$(NULL)
tests_handler_test_injection_CPPFLAGS = $(handler_test_cppflags) \
	$(EXPAT_CFLAGS) $(JANSSON_CFLAGS)
tests_handler_test_injection_LDADD = $(handler_test_libs) $(GUMBO_LIBS) \
	$(EXPAT_LIBS) $(JANSSON_LIBS)

tests_handler_test_site_feeds_SOURCES = \
	tests/handler/test_site_feeds.c $(handler_fixture)
tests_handler_test_site_feeds_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_feeds_LDADD = $(handler_test_libs)

tests_handler_test_site_files_SOURCES = \
	tests/handler/test_site_files.c $(handler_fixture)
tests_handler_test_site_files_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_files_LDADD = $(handler_test_libs)

tests_handler_test_site_pages_SOURCES = \
	tests/handler/test_site_pages.c $(handler_fixture)
tests_handler_test_site_pages_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_pages_LDADD = $(handler_test_libs)

tests_handler_test_site_routes_SOURCES = \
	tests/handler/test_site_routes.c $(handler_fixture)
tests_handler_test_site_routes_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_routes_LDADD = $(handler_test_libs)

tests_handler_test_visibility_SOURCES = \
	tests/handler/test_visibility.c $(handler_fixture)
tests_handler_test_visibility_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_visibility_LDADD = $(handler_test_libs)
