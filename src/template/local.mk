noinst_LIBRARIES += libtemplate.a
libtemplate_a_SOURCES = \
	include/template/html_state.h \
	include/template/template_engine.h \
	include/template/template_scan.h \
	include/template/template_theme.h \
	src/template/html_state.c \
	src/template/template_engine.cc \
	src/template/template_scan.c \
	src/template/template_theme.c \
	$(NULL)
libtemplate_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
