# Tests of the content layer.
content_tests = \
	tests/content/test_front_matter \
	tests/content/test_highlighter \
	tests/content/test_toml_reader \
	$(NULL)
check_PROGRAMS += $(content_tests)
TESTS += $(content_tests)

content_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(CMOCKA_CFLAGS)
# source-highlight and cpptoml are C++: each program names a file that is none, so
# that automake links it with the C++ compiler.
content_test_libs = libcontent.a libbase.a $(CMARK_LIBS) $(GUMBO_LIBS) \
	$(HIGHLIGHT_LIBS) $(FYAML_LIBS) $(SODIUM_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)

tests_content_test_front_matter_SOURCES = tests/content/test_front_matter.c
nodist_EXTRA_tests_content_test_front_matter_SOURCES = tests/content/none.cc
tests_content_test_front_matter_CPPFLAGS = $(content_test_cppflags)
tests_content_test_front_matter_LDADD = $(content_test_libs)

tests_content_test_highlighter_SOURCES = tests/content/test_highlighter.c
nodist_EXTRA_tests_content_test_highlighter_SOURCES = tests/content/none.cc
tests_content_test_highlighter_CPPFLAGS = $(content_test_cppflags)
tests_content_test_highlighter_LDADD = $(content_test_libs)

tests_content_test_toml_reader_SOURCES = tests/content/test_toml_reader.c
nodist_EXTRA_tests_content_test_toml_reader_SOURCES = tests/content/none.cc
tests_content_test_toml_reader_CPPFLAGS = $(content_test_cppflags)
tests_content_test_toml_reader_LDADD = $(content_test_libs)
