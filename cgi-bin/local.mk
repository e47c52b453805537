# The program that answers readers. It is linked statically where that is possible,
# and with nothing that only writing needs: a test reads its symbols.
cgi_PROGRAMS += byline.fcgi
byline_fcgi_SOURCES = \
	cgi-bin/byline_fcgi.c \
	cgi-bin/program.c \
	cgi-bin/program.h \
	cgi-bin/start.c \
	$(NULL)
# ctemplate is C++: this makes automake link with the C++ compiler.
nodist_EXTRA_byline_fcgi_SOURCES = cgi-bin/none.cc
byline_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
byline_fcgi_LDFLAGS = $(HARDENING_LDFLAGS) $(STATIC_LDFLAGS) \
	$(SANITIZER_FLAGS) $(COVERAGE_FLAGS)
byline_fcgi_LDADD = \
	libhandler.a libpublish.a libview.a libtemplate.a libhttp.a libmodel.a libstore.a \
	libbase.a $(FCGI_LIBS) $(CTEMPLATE_LIBS) $(SQLITE_LIBS) \
	$(SODIUM_LIBS) $(SECCOMP_LIBS) $(GLIB_LIBS) \
	$(NULL)

# The program that authors write with. It renders, so it has all that rendering
# needs, and that is linked dynamically.
cgi_PROGRAMS += desk.fcgi
desk_fcgi_SOURCES = \
	cgi-bin/desk_fcgi.c \
	cgi-bin/program.c \
	cgi-bin/program.h \
	cgi-bin/start.c \
	$(NULL)
nodist_EXTRA_desk_fcgi_SOURCES = cgi-bin/none.cc
desk_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
desk_fcgi_LDADD = \
	libhandler.a libpublish.a libview.a libtemplate.a libhttp.a libmodel.a \
	libcontent.a libstore.a libbase.a $(FCGI_LIBS) $(CTEMPLATE_LIBS) \
	$(SQLITE_LIBS) $(CMARK_LIBS) $(GUMBO_LIBS) $(HIGHLIGHT_LIBS) \
	$(FYAML_LIBS) $(OATH_LIBS) $(QRENCODE_LIBS) $(SODIUM_LIBS) \
	$(SECCOMP_LIBS) $(GLIB_LIBS) \
	$(NULL)

dist_man_MANS += cgi-bin/byline.fcgi.8 cgi-bin/desk.fcgi.8

# The program that decodes images, for the desk: nobody else links libvips.
if IMAGES
cgi_PROGRAMS += byline-image
byline_image_SOURCES = cgi-bin/byline_image.c
byline_image_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
byline_image_LDADD = libimage.a libcontent.a libbase.a $(VIPS_LIBS) \
	$(SECCOMP_LIBS) $(GLIB_LIBS) -lm
endif
dist_man_MANS += cgi-bin/byline-image.8

# What a web server needs to be told, for each kind of it.
dist_doc_DATA = \
	cgi-bin/apache-cgi.conf.in \
	cgi-bin/apache-fcgid.conf.in \
	cgi-bin/apache-files.conf.in \
	cgi-bin/apache-main.conf.in \
	cgi-bin/apache-proxy.conf.in \
	cgi-bin/byline-desk.service \
	cgi-bin/byline-desk.socket \
	cgi-bin/byline-work.service \
	cgi-bin/byline.service \
	cgi-bin/byline.socket \
	cgi-bin/htaccess.in \
	cgi-bin/lighttpd.conf.in \
	cgi-bin/nginx-main.conf.in \
	cgi-bin/nginx.conf.in \
	$(NULL)
EXTRA_DIST += quickstart .ci/run

dist_man_MANS += cgi-bin/byline-template.7
