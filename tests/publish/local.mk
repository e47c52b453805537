# Tests of the publish layer.
publish_tests = \
	tests/publish/test_page_store \
	$(NULL)
check_PROGRAMS += $(publish_tests)
TESTS += $(publish_tests)

tests_publish_test_page_store_SOURCES = tests/publish/test_page_store.c
tests_publish_test_page_store_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) \
	$(CMOCKA_CFLAGS)
tests_publish_test_page_store_LDADD = libpublish.a libbase.a $(SODIUM_LIBS) \
	$(GLIB_LIBS) $(TEST_LIBS)
