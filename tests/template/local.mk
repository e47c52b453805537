check_PROGRAMS += \
	tests/template/test_template_engine \
	tests/template/test_template_random \
	tests/template/test_template_scan \
	$(NULL)
TESTS += \
	tests/template/test_template_engine \
	tests/template/test_template_random \
	tests/template/test_template_scan \
	$(NULL)

tests_template_test_template_engine_SOURCES = \
	tests/template/html_skeleton.c \
	tests/template/html_skeleton.h \
	tests/template/test_template_engine.c \
	tests/template/xss_payloads.h \
	$(NULL)
tests_template_test_template_engine_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_template_test_template_engine_LDADD = \
	libtemplate.a libbase.a $(CTEMPLATE_LIBS) $(GUMBO_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)

tests_template_test_template_random_SOURCES = \
	tests/template/html_skeleton.c \
	tests/template/html_skeleton.h \
	tests/template/test_template_random.c \
	$(NULL)
tests_template_test_template_random_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_template_test_template_random_LDADD = \
	libtemplate.a libbase.a $(CTEMPLATE_LIBS) $(GUMBO_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)

tests_template_test_template_scan_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_template_test_template_scan_LDADD = \
	libtemplate.a libbase.a $(GLIB_LIBS) $(TEST_LIBS)
