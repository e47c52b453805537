noinst_LIBRARIES += libtemplate.a
libtemplate_a_SOURCES = \
	src/template/html_state.c \
	src/template/template_engine.cc \
	src/template/template_scan.c \
	src/template/template_theme.c \
	$(NULL)
libtemplate_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
