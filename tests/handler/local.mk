# Tests of the handler layer: each asks through site_respond(), as a web server
# does, and gets a whole answer of a blog in a temporary site directory.
handler_tests = \
	tests/handler/test_site_pages \
	tests/handler/test_site_routes \
	$(NULL)
check_PROGRAMS += $(handler_tests)
TESTS += $(handler_tests)

handler_fixture = tests/handler/fixture.c tests/handler/fixture.h
handler_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(CMOCKA_CFLAGS)
handler_test_libs = \
	libhandler.a libview.a libtemplate.a libhttp.a libmodel.a libstore.a \
	libbase.a $(CTEMPLATE_LIBS) $(SQLITE_LIBS) $(SODIUM_LIBS) \
	$(GLIB_LIBS) $(TEST_LIBS)

tests_handler_test_site_pages_SOURCES = \
	tests/handler/test_site_pages.c $(handler_fixture)
tests_handler_test_site_pages_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_pages_LDADD = $(handler_test_libs)

tests_handler_test_site_routes_SOURCES = \
	tests/handler/test_site_routes.c $(handler_fixture)
tests_handler_test_site_routes_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_routes_LDADD = $(handler_test_libs)
