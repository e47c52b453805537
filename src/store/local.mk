noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	include/store/database.h \
	include/store/database_stamp.h \
	include/store/migrate.h \
	src/store/backup.c \
	src/store/database.c \
	src/store/database_private.h \
	src/store/database_stamp.c \
	src/store/migrate.c \
	src/store/statement.c \
	$(NULL)
# Whole files stand in this one as one string each.
nodist_libstore_a_SOURCES = db/migration_files.c
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(SQLITE_CFLAGS)
libstore_a_CFLAGS = $(AM_CFLAGS) -Wno-overlength-strings
