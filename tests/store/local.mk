# Tests of the store layer.
store_tests = \
	tests/store/test_backup \
	tests/store/test_database \
	tests/store/test_database_savepoint \
	tests/store/test_database_stamp \
	tests/store/test_migrate \
	tests/store/test_schema \
	tests/store/test_statement \
	$(NULL)
check_PROGRAMS += $(store_tests)
TESTS += $(store_tests)

store_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(SQLITE_CFLAGS) \
	$(CMOCKA_CFLAGS)
store_test_libs = libstore.a libbase.a $(SQLITE_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)

store_fixture = tests/store/fixture.c tests/store/fixture.h

tests_store_test_backup_SOURCES = tests/store/test_backup.c $(store_fixture)
tests_store_test_backup_CPPFLAGS = $(store_test_cppflags)
tests_store_test_backup_LDADD = $(store_test_libs)

tests_store_test_database_SOURCES = tests/store/test_database.c $(store_fixture)
tests_store_test_database_CPPFLAGS = $(store_test_cppflags)
tests_store_test_database_LDADD = $(store_test_libs)

tests_store_test_database_savepoint_SOURCES = tests/store/test_database_savepoint.c \
	$(store_fixture)
tests_store_test_database_savepoint_CPPFLAGS = $(store_test_cppflags)
tests_store_test_database_savepoint_LDADD = $(store_test_libs)

tests_store_test_database_stamp_SOURCES = tests/store/test_database_stamp.c \
	$(store_fixture)
tests_store_test_database_stamp_CPPFLAGS = $(store_test_cppflags)
tests_store_test_database_stamp_LDADD = $(store_test_libs)

tests_store_test_migrate_SOURCES = tests/store/test_migrate.c $(store_fixture)
tests_store_test_migrate_CPPFLAGS = $(store_test_cppflags)
tests_store_test_migrate_LDADD = $(store_test_libs)

tests_store_test_schema_SOURCES = tests/store/test_schema.c
tests_store_test_schema_CPPFLAGS = $(store_test_cppflags)
tests_store_test_schema_LDADD = $(store_test_libs)

tests_store_test_statement_SOURCES = tests/store/test_statement.c $(store_fixture)
tests_store_test_statement_CPPFLAGS = $(store_test_cppflags)
tests_store_test_statement_LDADD = $(store_test_libs)
