# Fuzz targets: any bytes from outside, one file each. Here they replay what is in
# tests/fuzz/corpus/NAME; configured with --enable-fuzzing (and CC=clang
# CXX=clang++) they are libFuzzer programs: tests/fuzz/fuzz_NAME FOLDER
fuzz_targets = \
	tests/fuzz/fuzz_date \
	tests/fuzz/fuzz_document \
	tests/fuzz/fuzz_front_matter \
	tests/fuzz/fuzz_highlighter \
	tests/fuzz/fuzz_image_result \
	tests/fuzz/fuzz_image_size \
	tests/fuzz/fuzz_liquid \
	tests/fuzz/fuzz_one_time_code \
	tests/fuzz/fuzz_password_rules \
	tests/fuzz/fuzz_redirect \
	tests/fuzz/fuzz_sanitizer \
	tests/fuzz/fuzz_search \
	tests/fuzz/fuzz_settings \
	tests/fuzz/fuzz_tar_reader \
	tests/fuzz/fuzz_text_difference \
	$(NULL)
check_PROGRAMS += $(fuzz_targets)
EXTRA_DIST += tests/fuzz/corpus

fuzz_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
if FUZZING
fuzz_driver =
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
else
TESTS += $(fuzz_targets)
fuzz_driver = tests/fuzz/replay.c
fuzz_ldflags = $(AM_LDFLAGS)
endif

fuzz_content_libs = $(content_test_libs)

tests_fuzz_fuzz_front_matter_SOURCES = tests/fuzz/fuzz_front_matter.c \
	$(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_front_matter_SOURCES = tests/fuzz/none.cc
tests_fuzz_fuzz_front_matter_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_front_matter_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_front_matter_LDADD = $(fuzz_content_libs)

tests_fuzz_fuzz_highlighter_SOURCES = tests/fuzz/fuzz_highlighter.c \
	$(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_highlighter_SOURCES = tests/fuzz/none.cc
tests_fuzz_fuzz_highlighter_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_highlighter_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_highlighter_LDADD = $(fuzz_content_libs)

tests_fuzz_fuzz_document_SOURCES = tests/fuzz/fuzz_document.c \
	$(fuzz_driver) \
	$(content_safe_html)
nodist_EXTRA_tests_fuzz_fuzz_document_SOURCES = tests/fuzz/none.cc
tests_fuzz_fuzz_document_CPPFLAGS = $(fuzz_cppflags) -iquote $(top_srcdir)/tests/content
tests_fuzz_fuzz_document_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_document_LDADD = $(fuzz_content_libs)

tests_fuzz_fuzz_image_result_SOURCES = tests/fuzz/fuzz_image_result.c \
	$(fuzz_driver)
tests_fuzz_fuzz_image_result_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_image_result_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_image_result_LDADD = libcontent.a libbase.a $(GLIB_LIBS)

tests_fuzz_fuzz_image_size_SOURCES = tests/fuzz/fuzz_image_size.c \
	$(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_image_size_SOURCES = tests/fuzz/none.cc
tests_fuzz_fuzz_image_size_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_image_size_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_image_size_LDADD = $(fuzz_content_libs)

tests_fuzz_fuzz_sanitizer_SOURCES = tests/fuzz/fuzz_sanitizer.c \
	$(fuzz_driver) \
	$(content_safe_html)
nodist_EXTRA_tests_fuzz_fuzz_sanitizer_SOURCES = tests/fuzz/none.cc
tests_fuzz_fuzz_sanitizer_CPPFLAGS = $(fuzz_cppflags) -iquote $(top_srcdir)/tests/content
tests_fuzz_fuzz_sanitizer_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_sanitizer_LDADD = $(fuzz_content_libs)

fuzz_base_libs = libbase.a $(GLIB_LIBS)

tests_fuzz_fuzz_date_SOURCES = tests/fuzz/fuzz_date.c $(fuzz_driver)
tests_fuzz_fuzz_date_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_date_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_date_LDADD = $(fuzz_base_libs)

tests_fuzz_fuzz_one_time_code_SOURCES = tests/fuzz/fuzz_one_time_code.c \
	$(fuzz_driver)
tests_fuzz_fuzz_one_time_code_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_one_time_code_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_one_time_code_LDADD = libbase.a $(OATH_LIBS) $(SODIUM_LIBS) \
	$(GLIB_LIBS)

tests_fuzz_fuzz_password_rules_SOURCES = tests/fuzz/fuzz_password_rules.c \
	$(fuzz_driver)
tests_fuzz_fuzz_password_rules_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_password_rules_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_password_rules_LDADD = libbase.a $(SODIUM_LIBS) $(GLIB_LIBS)

tests_fuzz_fuzz_settings_SOURCES = tests/fuzz/fuzz_settings.c $(fuzz_driver)
tests_fuzz_fuzz_settings_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_settings_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_settings_LDADD = $(fuzz_base_libs)

tests_fuzz_fuzz_tar_reader_SOURCES = tests/fuzz/fuzz_tar_reader.c $(fuzz_driver)
tests_fuzz_fuzz_tar_reader_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_tar_reader_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_tar_reader_LDADD = $(fuzz_base_libs)

tests_fuzz_fuzz_text_difference_SOURCES = tests/fuzz/fuzz_text_difference.c \
	$(fuzz_driver)
tests_fuzz_fuzz_text_difference_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_text_difference_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_text_difference_LDADD = $(fuzz_base_libs)

fuzz_model_libs = libmodel.a libstore.a libbase.a $(SQLITE_LIBS) \
	$(SODIUM_LIBS) $(GLIB_LIBS)

tests_fuzz_fuzz_redirect_SOURCES = tests/fuzz/fuzz_redirect.c $(fuzz_driver)
tests_fuzz_fuzz_redirect_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_redirect_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_redirect_LDADD = $(fuzz_model_libs)

tests_fuzz_fuzz_search_SOURCES = tests/fuzz/fuzz_search.c $(fuzz_driver)
tests_fuzz_fuzz_search_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_search_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_search_LDADD = $(fuzz_model_libs)

tests_fuzz_fuzz_liquid_SOURCES = tests/fuzz/fuzz_liquid.c $(fuzz_driver)
nodist_EXTRA_tests_fuzz_fuzz_liquid_SOURCES = tests/fuzz/none.cc
tests_fuzz_fuzz_liquid_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_liquid_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_liquid_LDADD = $(byline_LDADD)
