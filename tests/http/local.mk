# Tests of the http layer.
http_tests = \
	tests/http/test_connections \
	tests/http/test_client_address \
	tests/http/test_cookie \
	tests/http/test_fcgi \
	tests/http/test_form \
	tests/http/test_form_multipart \
	tests/http/test_header \
	tests/http/test_intake \
	tests/http/test_listener \
	tests/http/test_peers \
	tests/http/test_record \
	tests/http/test_request \
	tests/http/test_request_headers \
	tests/http/test_request_size \
	tests/http/test_response \
	tests/http/test_response_cookie \
	tests/http/test_router \
	tests/http/test_supervisor \
	tests/http/test_user_agent \
	$(NULL)
check_PROGRAMS += $(http_tests) tests/http/fcgi_responder
TESTS += $(http_tests)

http_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(CMOCKA_CFLAGS)
http_test_libs = libhttp.a libbase.a $(GLIB_LIBS) $(TEST_LIBS)
# A program to ask, and what asks it.
http_server = tests/http/server.c tests/http/server.h

tests_http_fcgi_responder_SOURCES = tests/http/fcgi_responder.c
tests_http_fcgi_responder_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_http_fcgi_responder_LDADD = libhttp.a libbase.a $(FCGI_LIBS) \
	$(SECCOMP_LIBS) $(GLIB_LIBS)

tests_http_test_connections_SOURCES = tests/http/test_connections.c $(http_server)
tests_http_test_connections_CPPFLAGS = $(http_test_cppflags)
tests_http_test_connections_LDADD = $(http_test_libs)

tests_http_test_client_address_SOURCES = tests/http/test_client_address.c
tests_http_test_client_address_CPPFLAGS = $(http_test_cppflags)
tests_http_test_client_address_LDADD = $(http_test_libs)

tests_http_test_cookie_SOURCES = tests/http/test_cookie.c
tests_http_test_cookie_CPPFLAGS = $(http_test_cppflags)
tests_http_test_cookie_LDADD = $(http_test_libs)

tests_http_test_fcgi_SOURCES = tests/http/test_fcgi.c $(http_server)
tests_http_test_fcgi_CPPFLAGS = $(http_test_cppflags)
tests_http_test_fcgi_LDADD = $(http_test_libs)

tests_http_test_form_SOURCES = tests/http/test_form.c
tests_http_test_form_CPPFLAGS = $(http_test_cppflags)
tests_http_test_form_LDADD = $(http_test_libs)

tests_http_test_form_multipart_SOURCES = tests/http/test_form_multipart.c
tests_http_test_form_multipart_CPPFLAGS = $(http_test_cppflags)
tests_http_test_form_multipart_LDADD = $(http_test_libs)

tests_http_test_header_SOURCES = tests/http/test_header.c
tests_http_test_header_CPPFLAGS = $(http_test_cppflags)
tests_http_test_header_LDADD = $(http_test_libs)

tests_http_test_intake_SOURCES = tests/http/test_intake.c
tests_http_test_intake_CPPFLAGS = $(http_test_cppflags)
tests_http_test_intake_LDADD = $(http_test_libs)

tests_http_test_listener_SOURCES = tests/http/test_listener.c
tests_http_test_listener_CPPFLAGS = $(http_test_cppflags)
tests_http_test_listener_LDADD = $(http_test_libs)

tests_http_test_peers_SOURCES = tests/http/test_peers.c
tests_http_test_peers_CPPFLAGS = $(http_test_cppflags)
tests_http_test_peers_LDADD = $(http_test_libs)

tests_http_test_record_SOURCES = tests/http/test_record.c
tests_http_test_record_CPPFLAGS = $(http_test_cppflags)
tests_http_test_record_LDADD = $(http_test_libs)

# How a request is asked for, and what came of it.
http_parsing = tests/http/parsing.c tests/http/parsing.h

tests_http_test_request_SOURCES = tests/http/test_request.c $(http_parsing)
tests_http_test_request_CPPFLAGS = $(http_test_cppflags)
tests_http_test_request_LDADD = $(http_test_libs)

tests_http_test_request_headers_SOURCES = tests/http/test_request_headers.c \
	$(http_parsing)
tests_http_test_request_headers_CPPFLAGS = $(http_test_cppflags)
tests_http_test_request_headers_LDADD = $(http_test_libs)

tests_http_test_request_size_SOURCES = tests/http/test_request_size.c \
	$(http_parsing)
tests_http_test_request_size_CPPFLAGS = $(http_test_cppflags)
tests_http_test_request_size_LDADD = $(http_test_libs)

tests_http_test_response_SOURCES = tests/http/test_response.c
tests_http_test_response_CPPFLAGS = $(http_test_cppflags)
tests_http_test_response_LDADD = $(http_test_libs)

tests_http_test_response_cookie_SOURCES = tests/http/test_response_cookie.c
tests_http_test_response_cookie_CPPFLAGS = $(http_test_cppflags)
tests_http_test_response_cookie_LDADD = $(http_test_libs)

tests_http_test_router_SOURCES = tests/http/test_router.c
tests_http_test_router_CPPFLAGS = $(http_test_cppflags)
tests_http_test_router_LDADD = $(http_test_libs)

tests_http_test_supervisor_SOURCES = tests/http/test_supervisor.c \
	$(http_server)
tests_http_test_supervisor_CPPFLAGS = $(http_test_cppflags)
tests_http_test_supervisor_LDADD = $(http_test_libs)

# Fuzz targets of this layer; tests/fuzz/local.mk says how they are built.
http_fuzz_targets = \
	tests/fuzz/fuzz_form \
	tests/fuzz/fuzz_form_multipart \
	tests/fuzz/fuzz_intake \
	tests/fuzz/fuzz_request \
	$(NULL)
check_PROGRAMS += $(http_fuzz_targets)
if !FUZZING
TESTS += $(http_fuzz_targets)
endif

http_fuzz_libs = libhttp.a libbase.a $(GLIB_LIBS)

tests_fuzz_fuzz_form_SOURCES = tests/fuzz/fuzz_form.c $(fuzz_driver)
tests_fuzz_fuzz_form_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_form_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_form_LDADD = $(http_fuzz_libs)

tests_fuzz_fuzz_form_multipart_SOURCES = tests/fuzz/fuzz_form_multipart.c \
	$(fuzz_driver)
tests_fuzz_fuzz_form_multipart_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_form_multipart_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_form_multipart_LDADD = $(http_fuzz_libs)

tests_fuzz_fuzz_intake_SOURCES = tests/fuzz/fuzz_intake.c $(fuzz_driver)
tests_fuzz_fuzz_intake_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_intake_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_intake_LDADD = $(http_fuzz_libs)

tests_fuzz_fuzz_request_SOURCES = tests/fuzz/fuzz_request.c $(fuzz_driver)
tests_fuzz_fuzz_request_CPPFLAGS = $(fuzz_cppflags)
tests_fuzz_fuzz_request_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_request_LDADD = $(http_fuzz_libs)

tests_http_test_user_agent_SOURCES = tests/http/test_user_agent.c
tests_http_test_user_agent_CPPFLAGS = $(http_test_cppflags)
tests_http_test_user_agent_LDADD = $(http_test_libs)
