# Tests of the handler layer: each asks through site_respond(), as a web server
# does, and gets a whole answer of a blog in a temporary site directory.
handler_tests = \
	tests/handler/test_desk_articles \
	tests/handler/test_desk_draft \
	tests/handler/test_desk_errors \
	tests/handler/test_desk_fields \
	tests/handler/test_desk_file_upload \
	tests/handler/test_desk_front \
	tests/handler/test_desk_list \
	tests/handler/test_desk_publication \
	tests/handler/test_desk_renaming \
	tests/handler/test_desk_revisions \
	tests/handler/test_desk_series \
	tests/handler/test_desk_session \
	tests/handler/test_failures \
	tests/handler/test_injection \
	tests/handler/test_site_feeds \
	tests/handler/test_site_files \
	tests/handler/test_site_pages \
	tests/handler/test_site_routes \
	tests/handler/test_site_views \
	tests/handler/test_visibility \
	$(NULL)
check_PROGRAMS += $(handler_tests)
TESTS += $(handler_tests)

handler_fixture = tests/handler/fixture.c tests/handler/fixture.h
handler_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(CMOCKA_CFLAGS)
handler_test_libs = \
	libhandler.a libpublish.a libview.a libtemplate.a libhttp.a libmodel.a libstore.a \
	libbase.a $(CTEMPLATE_LIBS) $(SQLITE_LIBS) $(SODIUM_LIBS) \
	$(GLIB_LIBS) $(TEST_LIBS)

# A browser at the desk.
desk_fixture = $(handler_fixture) \
	tests/handler/desk_fixture.c \
	tests/handler/desk_fixture.h \
	$(NULL)
desk_test_libs = $(desk_fcgi_LDADD) $(TEST_LIBS)

tests_handler_test_desk_series_SOURCES = \
	tests/handler/test_desk_series.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_series_SOURCES = tests/handler/none.cc
tests_handler_test_desk_series_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_series_LDADD = $(desk_test_libs)

tests_handler_test_desk_fields_SOURCES = \
	tests/handler/test_desk_fields.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_fields_SOURCES = tests/handler/none.cc
tests_handler_test_desk_fields_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_fields_LDADD = $(desk_test_libs)

tests_handler_test_desk_articles_SOURCES = \
	tests/handler/test_desk_articles.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_articles_SOURCES = tests/handler/none.cc
tests_handler_test_desk_articles_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_articles_LDADD = $(desk_test_libs)

tests_handler_test_desk_draft_SOURCES = \
	tests/handler/test_desk_draft.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_draft_SOURCES = tests/handler/none.cc
tests_handler_test_desk_draft_CPPFLAGS = $(handler_test_cppflags) $(JANSSON_CFLAGS)
tests_handler_test_desk_draft_LDADD = $(desk_test_libs) $(JANSSON_LIBS)

tests_handler_test_desk_file_upload_SOURCES = \
	tests/handler/test_desk_file_upload.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_file_upload_SOURCES = tests/handler/none.cc
tests_handler_test_desk_file_upload_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_file_upload_LDADD = $(desk_test_libs)

tests_handler_test_desk_front_SOURCES = \
	tests/handler/test_desk_front.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_front_SOURCES = tests/handler/none.cc
tests_handler_test_desk_front_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_front_LDADD = $(desk_test_libs)
tests_handler_test_desk_list_SOURCES = \
	tests/handler/test_desk_list.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_list_SOURCES = tests/handler/none.cc
tests_handler_test_desk_list_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_list_LDADD = $(desk_test_libs)

tests_handler_test_desk_renaming_SOURCES = \
	tests/handler/test_desk_renaming.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_renaming_SOURCES = tests/handler/none.cc
tests_handler_test_desk_renaming_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_renaming_LDADD = $(desk_test_libs)

tests_handler_test_desk_revisions_SOURCES = \
	tests/handler/test_desk_revisions.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_revisions_SOURCES = tests/handler/none.cc
tests_handler_test_desk_revisions_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_revisions_LDADD = $(desk_test_libs)

tests_handler_test_desk_session_SOURCES = \
	tests/handler/test_desk_session.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_session_SOURCES = tests/handler/none.cc
tests_handler_test_desk_session_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_session_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=token_verify_password,--wrap=token_verify_nobody \
	-Wl,--wrap=token_password_needs_rehash
tests_handler_test_desk_session_LDADD = $(desk_test_libs)

tests_handler_test_desk_errors_SOURCES = \
	tests/handler/test_desk_errors.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_errors_SOURCES = tests/handler/none.cc
tests_handler_test_desk_errors_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_errors_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=time_zone_new,--wrap=g_time_zone_unref
tests_handler_test_desk_errors_LDADD = $(desk_test_libs)

# Something happens while a text is rendered.
tests_handler_test_desk_publication_SOURCES = \
	tests/handler/test_desk_publication.c $(desk_fixture)
nodist_EXTRA_tests_handler_test_desk_publication_SOURCES = tests/handler/none.cc
tests_handler_test_desk_publication_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_desk_publication_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=writer_render
tests_handler_test_desk_publication_LDADD = $(desk_test_libs)

# What it fails in is put in the place of the real functions.
tests_handler_test_failures_SOURCES = \
	tests/handler/test_failures.c $(handler_fixture)
tests_handler_test_failures_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_failures_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=statement_step,--wrap=database_open \
	-Wl,--wrap=database_begin,--wrap=template_expand
tests_handler_test_failures_LDADD = $(handler_test_libs)

tests_handler_test_injection_SOURCES = \
	tests/handler/test_injection.c $(handler_fixture) \
	tests/template/html_skeleton.c \
	tests/template/html_skeleton.h \
	tests/template/xss_payloads.h \
	$(NULL)
tests_handler_test_injection_CPPFLAGS = $(handler_test_cppflags) \
	$(EXPAT_CFLAGS) $(JANSSON_CFLAGS)
tests_handler_test_injection_LDADD = $(handler_test_libs) $(GUMBO_LIBS) \
	$(EXPAT_LIBS) $(JANSSON_LIBS)

tests_handler_test_site_feeds_SOURCES = \
	tests/handler/test_site_feeds.c $(handler_fixture)
tests_handler_test_site_feeds_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_feeds_LDADD = $(handler_test_libs)

tests_handler_test_site_files_SOURCES = \
	tests/handler/test_site_files.c $(handler_fixture)
tests_handler_test_site_files_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_files_LDADD = $(handler_test_libs)

tests_handler_test_site_views_SOURCES = \
	tests/handler/test_site_views.c $(handler_fixture)
tests_handler_test_site_views_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_views_LDADD = $(handler_test_libs)

tests_handler_test_site_pages_SOURCES = \
	tests/handler/test_site_pages.c $(handler_fixture)
tests_handler_test_site_pages_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_pages_LDADD = $(handler_test_libs)

tests_handler_test_site_routes_SOURCES = \
	tests/handler/test_site_routes.c $(handler_fixture)
tests_handler_test_site_routes_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_site_routes_LDADD = $(handler_test_libs)

tests_handler_test_visibility_SOURCES = \
	tests/handler/test_visibility.c $(handler_fixture)
tests_handler_test_visibility_CPPFLAGS = $(handler_test_cppflags)
tests_handler_test_visibility_LDADD = $(handler_test_libs)
