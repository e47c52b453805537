noinst_LIBRARIES += libpublish.a
libpublish_a_SOURCES = \
	include/publish/page_store.h \
	src/publish/page_store.c \
	$(NULL)
libpublish_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
