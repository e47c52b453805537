noinst_LIBRARIES += libhandler.a
libhandler_a_SOURCES = \
	include/handler/site_routes.h \
	src/handler/kept_page.c \
	src/handler/site_feeds.c \
	src/handler/site_files.c \
	src/handler/site_handler.h \
	src/handler/site_pages.c \
	src/handler/site_routes.c \
	src/handler/site_taxonomy.c \
	$(NULL)
libhandler_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
