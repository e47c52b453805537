noinst_LIBRARIES += libview.a
libview_a_SOURCES = \
	include/view/builtin_files.h \
	include/view/static_file.h \
	src/view/static_file.c \
	$(NULL)
# Whole files stand in these as one string each.
nodist_libview_a_SOURCES = \
	include/view/builtin_files.h \
	include/view/static_file.h \
	src/view/static_file.c \
	templates/static_files.c \
	templates/template_files.c \
	$(NULL)
libview_a_CFLAGS = $(AM_CFLAGS) -Wno-overlength-strings
libview_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
