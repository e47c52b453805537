noinst_LIBRARIES += libhttp.a
libhttp_a_SOURCES = \
	src/http/connections.c \
	src/http/cgi.c \
	src/http/client_address.c \
	src/http/cookie.c \
	src/http/deadline.c \
	src/http/fcgi.c \
	src/http/form.c \
	src/http/form_multipart.c \
	src/http/form_private.h \
	src/http/header.c \
	src/http/header.h \
	src/http/intake.c \
	src/http/listener.c \
	src/http/peers.c \
	src/http/record.c \
	src/http/request.c \
	src/http/response.c \
	src/http/response_cookie.c \
	src/http/router.c \
	src/http/supervisor.c \
	src/http/user_agent.c \
	include/http/connections.h \
	include/http/client_address.h \
	include/http/cookie.h \
	include/http/deadline.h \
	include/http/fcgi.h \
	include/http/form.h \
	include/http/form_multipart.h \
	include/http/intake.h \
	include/http/listener.h \
	include/http/peers.h \
	include/http/record.h \
	include/http/request.h \
	include/http/response.h \
	include/http/response_cookie.h \
	include/http/router.h \
	include/http/supervisor.h \
	include/http/user_agent.h \
	$(NULL)
libhttp_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
