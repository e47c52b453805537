noinst_LIBRARIES += libview.a
libview_a_SOURCES = \
	include/view/layout.h \
	include/view/site_view.h \
	src/view/layout.c \
	src/view/site_article.c \
	src/view/site_listing.c \
	src/view/site_parts.c \
	src/view/site_parts.h \
	src/view/site_search.c \
	src/view/site_view.c \
	include/view/builtin_files.h \
	include/view/static_file.h \
	src/view/static_file.c \
	$(NULL)
# Whole files stand in these as one string each.
nodist_libview_a_SOURCES = \
	templates/static_files.c \
	templates/template_files.c \
	$(NULL)
libview_a_CFLAGS = $(AM_CFLAGS) -Wno-overlength-strings
libview_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
