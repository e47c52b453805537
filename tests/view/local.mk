# Tests of the view layer: add to check_PROGRAMS and TESTS.
check_PROGRAMS += \
	tests/view/test_static_file \
	$(NULL)
TESTS += \
	tests/view/test_static_file \
	$(NULL)

tests_view_test_static_file_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_view_test_static_file_LDADD = \
	libview.a libbase.a $(SODIUM_LIBS) $(GLIB_LIBS) $(TEST_LIBS)
