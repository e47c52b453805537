# Tests of the base layer.
base_tests = \
	tests/base/test_data_file \
	tests/base/test_date \
	tests/base/test_file \
	tests/base/test_language \
	tests/base/test_launcher \
	tests/base/test_logger \
	tests/base/test_memory \
	tests/base/test_one_time_code \
	tests/base/test_paging \
	tests/base/test_password_rules \
	tests/base/test_qr_code \
	tests/base/test_recovery_code \
	tests/base/test_sandbox \
	tests/base/test_sequence_difference \
	tests/base/test_settings \
	tests/base/test_status \
	tests/base/test_tally \
	tests/base/test_tar_reader \
	tests/base/test_text \
	tests/base/test_text_difference \
	tests/base/test_text_escape \
	tests/base/test_text_slug \
	tests/base/test_time_zone \
	tests/base/test_token \
	$(NULL)
check_PROGRAMS += $(base_tests) \
	tests/base/launcher_probe \
	tests/base/sandbox_probe \
	tests/base/sandbox_probe_static \
	$(NULL)
TESTS += $(base_tests)

base_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(CMOCKA_CFLAGS)
base_test_libs = libbase.a $(GLIB_LIBS) $(TEST_LIBS)

tests_base_test_data_file_SOURCES = tests/base/test_data_file.c
tests_base_test_data_file_CPPFLAGS = $(base_test_cppflags)
tests_base_test_data_file_LDADD = $(base_test_libs)

tests_base_test_date_SOURCES = tests/base/test_date.c
tests_base_test_date_CPPFLAGS = $(base_test_cppflags)
tests_base_test_date_LDADD = $(base_test_libs)

tests_base_test_file_SOURCES = tests/base/test_file.c
tests_base_test_file_CPPFLAGS = $(base_test_cppflags)
tests_base_test_file_LDADD = $(base_test_libs)

tests_base_test_language_SOURCES = tests/base/test_language.c
tests_base_test_language_CPPFLAGS = $(base_test_cppflags)
tests_base_test_language_LDADD = $(base_test_libs)

tests_base_test_launcher_SOURCES = tests/base/test_launcher.c
tests_base_test_launcher_CPPFLAGS = $(base_test_cppflags)
tests_base_test_launcher_LDADD = $(base_test_libs)

# What a launcher starts.
tests_base_launcher_probe_SOURCES = tests/base/launcher_probe.c
tests_base_launcher_probe_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_base_launcher_probe_LDADD = $(GLIB_LIBS)

tests_base_test_logger_SOURCES = tests/base/test_logger.c
tests_base_test_logger_CPPFLAGS = $(base_test_cppflags)
tests_base_test_logger_LDADD = $(base_test_libs)

tests_base_test_memory_SOURCES = tests/base/test_memory.c
tests_base_test_memory_CPPFLAGS = $(base_test_cppflags)
tests_base_test_memory_LDADD = $(base_test_libs)
tests_base_test_one_time_code_SOURCES = tests/base/test_one_time_code.c
tests_base_test_one_time_code_CPPFLAGS = $(base_test_cppflags)
tests_base_test_one_time_code_LDADD = libbase.a $(OATH_LIBS) $(SODIUM_LIBS) \
	$(GLIB_LIBS) $(TEST_LIBS)

tests_base_test_paging_SOURCES = tests/base/test_paging.c
tests_base_test_paging_CPPFLAGS = $(base_test_cppflags)
tests_base_test_paging_LDADD = libbase.a $(GLIB_LIBS) $(TEST_LIBS)

tests_base_test_password_rules_SOURCES = tests/base/test_password_rules.c
tests_base_test_password_rules_CPPFLAGS = $(base_test_cppflags)
tests_base_test_password_rules_LDADD = libbase.a $(SODIUM_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)

tests_base_test_qr_code_SOURCES = tests/base/test_qr_code.c
tests_base_test_qr_code_CPPFLAGS = $(base_test_cppflags)
tests_base_test_qr_code_LDADD = libbase.a $(QRENCODE_LIBS) $(OATH_LIBS) \
	$(SODIUM_LIBS) $(GLIB_LIBS) $(TEST_LIBS)

tests_base_test_recovery_code_SOURCES = tests/base/test_recovery_code.c
tests_base_test_recovery_code_CPPFLAGS = $(base_test_cppflags)
tests_base_test_recovery_code_LDADD = libbase.a $(SODIUM_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)

tests_base_test_sandbox_SOURCES = tests/base/test_sandbox.c
tests_base_test_sandbox_CPPFLAGS = $(base_test_cppflags)
tests_base_test_sandbox_LDADD = $(base_test_libs)

# The same checks in a program linked like the tools and in one linked like
# byline.fcgi.
tests_base_sandbox_probe_SOURCES = tests/base/sandbox_probe.c
tests_base_sandbox_probe_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) \
	$(SQLITE_CFLAGS)
tests_base_sandbox_probe_LDADD = libbase.a $(SQLITE_LIBS) $(SODIUM_LIBS) \
	$(SECCOMP_LIBS) $(GLIB_LIBS)

tests_base_sandbox_probe_static_SOURCES = tests/base/sandbox_probe.c
tests_base_sandbox_probe_static_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) \
	$(SQLITE_CFLAGS)
tests_base_sandbox_probe_static_LDFLAGS = $(HARDENING_LDFLAGS) \
	$(STATIC_LDFLAGS) $(SANITIZER_FLAGS) $(COVERAGE_FLAGS)
tests_base_sandbox_probe_static_LDADD = libbase.a $(SQLITE_LIBS) \
	$(SODIUM_LIBS) $(SECCOMP_LIBS) $(GLIB_LIBS)

tests_base_test_sequence_difference_SOURCES = \
	tests/base/test_sequence_difference.c
tests_base_test_sequence_difference_CPPFLAGS = $(base_test_cppflags)
tests_base_test_sequence_difference_LDADD = $(base_test_libs)

tests_base_test_settings_SOURCES = tests/base/test_settings.c
tests_base_test_settings_CPPFLAGS = $(base_test_cppflags)
tests_base_test_settings_LDADD = $(base_test_libs)

tests_base_test_status_SOURCES = tests/base/test_status.c
tests_base_test_status_CPPFLAGS = $(base_test_cppflags)
tests_base_test_status_LDADD = $(base_test_libs)

tests_base_test_tally_SOURCES = tests/base/test_tally.c
tests_base_test_tally_CPPFLAGS = $(base_test_cppflags)
tests_base_test_tally_LDADD = $(base_test_libs)

tests_base_test_tar_reader_SOURCES = tests/base/test_tar_reader.c
tests_base_test_tar_reader_CPPFLAGS = $(base_test_cppflags)
tests_base_test_tar_reader_LDADD = $(base_test_libs)

tests_base_test_text_SOURCES = tests/base/test_text.c
tests_base_test_text_CPPFLAGS = $(base_test_cppflags)
tests_base_test_text_LDADD = $(base_test_libs)

tests_base_test_text_difference_SOURCES = tests/base/test_text_difference.c
tests_base_test_text_difference_CPPFLAGS = $(base_test_cppflags)
tests_base_test_text_difference_LDADD = $(base_test_libs)

tests_base_test_text_escape_SOURCES = tests/base/test_text_escape.c
tests_base_test_text_escape_CPPFLAGS = $(base_test_cppflags) \
	$(EXPAT_CFLAGS) $(JANSSON_CFLAGS)
tests_base_test_text_escape_LDADD = $(base_test_libs) $(EXPAT_LIBS) \
	$(JANSSON_LIBS)

tests_base_test_text_slug_SOURCES = tests/base/test_text_slug.c
tests_base_test_text_slug_CPPFLAGS = $(base_test_cppflags)
tests_base_test_text_slug_LDADD = $(base_test_libs)

tests_base_test_time_zone_SOURCES = tests/base/test_time_zone.c
tests_base_test_time_zone_CPPFLAGS = $(base_test_cppflags)
tests_base_test_time_zone_LDADD = $(base_test_libs)

tests_base_test_token_SOURCES = tests/base/test_token.c
tests_base_test_token_CPPFLAGS = $(base_test_cppflags)
tests_base_test_token_LDADD = libbase.a $(SODIUM_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)
