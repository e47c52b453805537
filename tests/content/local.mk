# Tests of the content layer.
content_tests = \
	tests/content/test_document \
	tests/content/test_front_matter \
	tests/content/test_highlighter \
	tests/content/test_image_maker \
	tests/content/test_image_result \
	tests/content/test_image_size \
	tests/content/test_markdown \
	tests/content/test_renderer \
	tests/content/test_sanitizer \
	tests/content/test_sanitizer_links \
	tests/content/test_sanitizer_xss \
	tests/content/test_title \
	tests/content/test_toml_reader \
	$(NULL)
check_PROGRAMS += $(content_tests)
TESTS += $(content_tests)

content_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(CMOCKA_CFLAGS)
# source-highlight and cpptoml are C++: each program names a file that is none, so
# that automake links it with the C++ compiler.
content_test_libs = libcontent.a libbase.a $(CMARK_LIBS) $(GUMBO_LIBS) \
	$(HIGHLIGHT_LIBS) $(FYAML_LIBS) $(SODIUM_LIBS) $(SECCOMP_LIBS) \
	$(GLIB_LIBS) $(TEST_LIBS)

tests_content_test_front_matter_SOURCES = tests/content/test_front_matter.c
nodist_EXTRA_tests_content_test_front_matter_SOURCES = tests/content/none.cc
tests_content_test_front_matter_CPPFLAGS = $(content_test_cppflags)
tests_content_test_front_matter_LDADD = $(content_test_libs)

tests_content_test_highlighter_SOURCES = tests/content/test_highlighter.c
nodist_EXTRA_tests_content_test_highlighter_SOURCES = tests/content/none.cc
tests_content_test_highlighter_CPPFLAGS = $(content_test_cppflags)
tests_content_test_highlighter_LDADD = $(content_test_libs)

tests_content_test_title_SOURCES = tests/content/test_title.c
nodist_EXTRA_tests_content_test_title_SOURCES = tests/content/none.cc
tests_content_test_title_CPPFLAGS = $(content_test_cppflags)
tests_content_test_title_LDADD = $(content_test_libs)

tests_content_test_toml_reader_SOURCES = tests/content/test_toml_reader.c
nodist_EXTRA_tests_content_test_toml_reader_SOURCES = tests/content/none.cc
tests_content_test_toml_reader_CPPFLAGS = $(content_test_cppflags)
tests_content_test_toml_reader_LDADD = $(content_test_libs)

# What tells whether HTML is safe, by lists of its own.
content_safe_html = tests/content/safe_html.c tests/content/safe_html.h
EXTRA_DIST += tests/golden/content

tests_content_test_document_SOURCES = tests/content/test_document.c \
	$(content_safe_html)
nodist_EXTRA_tests_content_test_document_SOURCES = tests/content/none.cc
tests_content_test_document_CPPFLAGS = $(content_test_cppflags) \
	-DGOLDEN='"$(abs_top_srcdir)/tests/golden/content"'
tests_content_test_document_LDADD = $(content_test_libs)

tests_content_test_image_maker_SOURCES = tests/content/test_image_maker.c
tests_content_test_image_maker_CPPFLAGS = $(content_test_cppflags)
tests_content_test_image_maker_LDADD = libcontent.a libbase.a $(GLIB_LIBS) \
	$(TEST_LIBS)

# What stands in for byline-image there.
check_PROGRAMS += tests/content/image_maker_probe
tests_content_image_maker_probe_SOURCES = tests/content/image_maker_probe.c
tests_content_image_maker_probe_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_content_image_maker_probe_LDADD = $(GLIB_LIBS)

tests_content_test_image_result_SOURCES = tests/content/test_image_result.c
tests_content_test_image_result_CPPFLAGS = $(content_test_cppflags)
tests_content_test_image_result_LDADD = libcontent.a libbase.a $(GLIB_LIBS) \
	$(TEST_LIBS)

tests_content_test_image_size_SOURCES = tests/content/test_image_size.c
nodist_EXTRA_tests_content_test_image_size_SOURCES = tests/content/none.cc
tests_content_test_image_size_CPPFLAGS = $(content_test_cppflags)
tests_content_test_image_size_LDADD = $(content_test_libs)

tests_content_test_markdown_SOURCES = tests/content/test_markdown.c
nodist_EXTRA_tests_content_test_markdown_SOURCES = tests/content/none.cc
tests_content_test_markdown_CPPFLAGS = $(content_test_cppflags)
tests_content_test_markdown_LDADD = $(content_test_libs)

tests_content_test_renderer_SOURCES = tests/content/test_renderer.c
nodist_EXTRA_tests_content_test_renderer_SOURCES = tests/content/none.cc
tests_content_test_renderer_CPPFLAGS = $(content_test_cppflags)
tests_content_test_renderer_LDADD = $(content_test_libs)

# What becomes of HTML.
content_cleaned = tests/content/cleaned.c tests/content/cleaned.h

tests_content_test_sanitizer_SOURCES = tests/content/test_sanitizer.c \
	$(content_cleaned)
nodist_EXTRA_tests_content_test_sanitizer_SOURCES = tests/content/none.cc
tests_content_test_sanitizer_CPPFLAGS = $(content_test_cppflags)
tests_content_test_sanitizer_LDADD = $(content_test_libs)

tests_content_test_sanitizer_links_SOURCES = tests/content/test_sanitizer_links.c \
	$(content_cleaned)
nodist_EXTRA_tests_content_test_sanitizer_links_SOURCES = tests/content/none.cc
tests_content_test_sanitizer_links_CPPFLAGS = $(content_test_cppflags)
tests_content_test_sanitizer_links_LDADD = $(content_test_libs)

tests_content_test_sanitizer_xss_SOURCES = tests/content/test_sanitizer_xss.c \
	$(content_safe_html)
nodist_EXTRA_tests_content_test_sanitizer_xss_SOURCES = tests/content/none.cc
tests_content_test_sanitizer_xss_CPPFLAGS = $(content_test_cppflags)
tests_content_test_sanitizer_xss_LDADD = $(content_test_libs)
