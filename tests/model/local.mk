# Tests of the model layer.
model_tests = \
	tests/model/test_account \
	tests/model/test_account_closed \
	tests/model/test_article \
	tests/model/test_article_edit \
	tests/model/test_article_field \
	tests/model/test_article_index \
	tests/model/test_article_list \
	tests/model/test_article_record \
	tests/model/test_article_save \
	tests/model/test_article_series \
	tests/model/test_article_shelf \
	tests/model/test_author \
	tests/model/test_author_choice \
	tests/model/test_author_edit \
	tests/model/test_autosave \
	tests/model/test_file_upload \
	tests/model/test_media \
	tests/model/test_one_time_link \
	tests/model/test_page_view \
	tests/model/test_permalink \
	tests/model/test_query_plan \
	tests/model/test_query_plan_desk \
	tests/model/test_redirect \
	tests/model/test_revision \
	tests/model/test_search \
	tests/model/test_session \
	tests/model/test_setting \
	tests/model/test_sign_in \
	tests/model/test_sign_in_codes \
	tests/model/test_site \
	tests/model/test_term \
	tests/model/test_term_edit \
	tests/model/test_text_upload \
	tests/model/test_throttle \
	tests/model/test_upkeep \
	tests/model/test_visit \
	tests/model/test_writer \
	$(NULL)
check_PROGRAMS += $(model_tests)
TESTS += $(model_tests)

model_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(SQLITE_CFLAGS) \
	$(CMOCKA_CFLAGS)
model_test_libs = libmodel.a libstore.a libbase.a $(SQLITE_LIBS) \
	$(SODIUM_LIBS) $(GLIB_LIBS) $(TEST_LIBS)
model_fixture = \
	tests/model/fixture.c \
	tests/model/fixture.h \
	$(NULL)
model_query_plan = \
	tests/model/query_plan.c \
	tests/model/query_plan.h \
	$(NULL)
model_site_fixture = \
	tests/model/site_fixture.c \
	tests/model/site_fixture.h \
	$(NULL)

tests_model_test_account_SOURCES = tests/model/test_account.c \
	$(model_fixture)
tests_model_test_account_CPPFLAGS = $(model_test_cppflags)
tests_model_test_account_LDADD = $(model_test_libs)

tests_model_test_article_series_SOURCES = \
	tests/model/test_article_series.c \
	$(model_fixture)
tests_model_test_article_series_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_series_LDADD = $(model_test_libs)

tests_model_test_author_choice_SOURCES = tests/model/test_author_choice.c \
	$(model_fixture)
tests_model_test_author_choice_CPPFLAGS = $(model_test_cppflags)
tests_model_test_author_choice_LDADD = $(model_test_libs)

tests_model_test_article_SOURCES = tests/model/test_article.c \
	$(model_fixture)
tests_model_test_article_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_LDADD = $(model_test_libs)

tests_model_test_article_edit_SOURCES = tests/model/test_article_edit.c \
	$(model_fixture)
tests_model_test_article_edit_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_edit_LDADD = $(model_test_libs)

tests_model_test_article_field_SOURCES = tests/model/test_article_field.c
tests_model_test_article_field_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_field_LDADD = $(model_test_libs)

tests_model_test_article_index_SOURCES = tests/model/test_article_index.c \
	$(model_fixture)
tests_model_test_article_index_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_index_LDADD = $(model_test_libs)

tests_model_test_article_list_SOURCES = tests/model/test_article_list.c \
	$(model_fixture)
tests_model_test_article_list_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_list_LDADD = $(model_test_libs)

tests_model_test_article_record_SOURCES = tests/model/test_article_record.c \
	$(model_fixture)
tests_model_test_article_record_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_record_LDADD = $(model_test_libs)

tests_model_test_article_save_SOURCES = tests/model/test_article_save.c \
	$(model_fixture)
tests_model_test_article_save_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_save_LDADD = $(model_test_libs)

tests_model_test_article_shelf_SOURCES = tests/model/test_article_shelf.c \
	$(model_fixture)
tests_model_test_article_shelf_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_shelf_LDADD = $(model_test_libs)

tests_model_test_author_edit_SOURCES = tests/model/test_author_edit.c \
	$(model_fixture)
tests_model_test_author_edit_CPPFLAGS = $(model_test_cppflags)
tests_model_test_author_edit_LDADD = $(model_test_libs)

tests_model_test_author_SOURCES = tests/model/test_author.c \
	$(model_fixture)
tests_model_test_author_CPPFLAGS = $(model_test_cppflags)
tests_model_test_author_LDADD = $(model_test_libs)

tests_model_test_autosave_SOURCES = tests/model/test_autosave.c \
	$(model_fixture)
tests_model_test_autosave_CPPFLAGS = $(model_test_cppflags)
tests_model_test_autosave_LDADD = $(model_test_libs)

tests_model_test_file_upload_SOURCES = tests/model/test_file_upload.c \
	$(model_site_fixture) $(model_query_plan)
nodist_EXTRA_tests_model_test_file_upload_SOURCES = tests/model/none.cc
tests_model_test_file_upload_CPPFLAGS = $(model_test_cppflags)
tests_model_test_file_upload_LDADD = libmodel.a libstore.a $(SQLITE_LIBS) \
	$(content_test_libs)

tests_model_test_media_SOURCES = tests/model/test_media.c \
	$(model_fixture)
tests_model_test_media_CPPFLAGS = $(model_test_cppflags)
tests_model_test_media_LDADD = $(model_test_libs)

tests_model_test_one_time_link_SOURCES = tests/model/test_one_time_link.c \
	$(model_fixture)
tests_model_test_one_time_link_CPPFLAGS = $(model_test_cppflags)
tests_model_test_one_time_link_LDADD = $(model_test_libs)

tests_model_test_page_view_SOURCES = tests/model/test_page_view.c \
	$(model_fixture)
tests_model_test_page_view_CPPFLAGS = $(model_test_cppflags)
tests_model_test_page_view_LDADD = $(model_test_libs)

tests_model_test_permalink_SOURCES = tests/model/test_permalink.c \
	$(model_fixture)
tests_model_test_permalink_CPPFLAGS = $(model_test_cppflags)
tests_model_test_permalink_LDADD = $(model_test_libs)

tests_model_test_query_plan_SOURCES = tests/model/test_query_plan.c \
	$(model_fixture) $(model_query_plan)
tests_model_test_query_plan_CPPFLAGS = $(model_test_cppflags)
tests_model_test_query_plan_LDADD = $(model_test_libs)

tests_model_test_query_plan_desk_SOURCES = \
	tests/model/test_query_plan_desk.c \
	tests/model/desk_questions.c tests/model/desk_questions.h \
	$(model_fixture) $(model_query_plan)
tests_model_test_query_plan_desk_CPPFLAGS = $(model_test_cppflags)
tests_model_test_query_plan_desk_LDADD = $(model_test_libs)

tests_model_test_redirect_SOURCES = tests/model/test_redirect.c \
	$(model_fixture)
tests_model_test_redirect_CPPFLAGS = $(model_test_cppflags)
tests_model_test_redirect_LDADD = $(model_test_libs)

tests_model_test_revision_SOURCES = tests/model/test_revision.c \
	$(model_fixture)
tests_model_test_revision_CPPFLAGS = $(model_test_cppflags)
tests_model_test_revision_LDADD = $(model_test_libs)

tests_model_test_search_SOURCES = tests/model/test_search.c \
	$(model_fixture)
tests_model_test_search_CPPFLAGS = $(model_test_cppflags)
tests_model_test_search_LDADD = $(model_test_libs)

tests_model_test_session_SOURCES = tests/model/test_session.c \
	$(model_fixture)
tests_model_test_session_CPPFLAGS = $(model_test_cppflags)
tests_model_test_session_LDADD = $(model_test_libs)

tests_model_test_setting_SOURCES = tests/model/test_setting.c \
	$(model_fixture)
tests_model_test_setting_CPPFLAGS = $(model_test_cppflags)
tests_model_test_setting_LDADD = $(model_test_libs)

# A hash takes most of a second: they are stood in for.
sign_in_fixture = tests/model/sign_in_fixture.c \
	tests/model/sign_in_fixture.h $(model_site_fixture)
sign_in_ldflags = $(AM_LDFLAGS) \
	-Wl,--wrap=token_verify_password,--wrap=token_verify_nobody \
	-Wl,--wrap=token_hash_password,--wrap=token_password_needs_rehash

tests_model_test_account_closed_SOURCES = tests/model/test_account_closed.c \
	$(sign_in_fixture)
tests_model_test_account_closed_CPPFLAGS = $(model_test_cppflags)
tests_model_test_account_closed_LDFLAGS = $(sign_in_ldflags)
tests_model_test_account_closed_LDADD = $(model_test_libs) $(OATH_LIBS)

tests_model_test_sign_in_SOURCES = tests/model/test_sign_in.c \
	$(sign_in_fixture) $(model_query_plan)
tests_model_test_sign_in_CPPFLAGS = $(model_test_cppflags)
tests_model_test_sign_in_LDFLAGS = $(sign_in_ldflags)
tests_model_test_sign_in_LDADD = $(model_test_libs) $(OATH_LIBS)

tests_model_test_sign_in_codes_SOURCES = tests/model/test_sign_in_codes.c \
	$(sign_in_fixture)
tests_model_test_sign_in_codes_CPPFLAGS = $(model_test_cppflags)
tests_model_test_sign_in_codes_LDFLAGS = $(sign_in_ldflags)
tests_model_test_sign_in_codes_LDADD = $(model_test_libs) $(OATH_LIBS)

tests_model_test_site_SOURCES = tests/model/test_site.c
tests_model_test_site_CPPFLAGS = $(model_test_cppflags)
tests_model_test_site_LDADD = $(model_test_libs)

tests_model_test_term_SOURCES = tests/model/test_term.c \
	$(model_fixture)
tests_model_test_term_CPPFLAGS = $(model_test_cppflags)
tests_model_test_term_LDADD = $(model_test_libs)

tests_model_test_term_edit_SOURCES = tests/model/test_term_edit.c \
	$(model_fixture)
tests_model_test_term_edit_CPPFLAGS = $(model_test_cppflags)
tests_model_test_term_edit_LDADD = $(model_test_libs)

tests_model_test_throttle_SOURCES = tests/model/test_throttle.c \
	$(model_fixture)
tests_model_test_throttle_CPPFLAGS = $(model_test_cppflags)
tests_model_test_throttle_LDADD = $(model_test_libs)

# What is left on a disk is stood in for.
tests_model_test_upkeep_SOURCES = tests/model/test_upkeep.c \
	$(model_site_fixture)
tests_model_test_upkeep_CPPFLAGS = $(model_test_cppflags)
tests_model_test_upkeep_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=statvfs
tests_model_test_upkeep_LDADD = $(model_test_libs)

tests_model_test_visit_SOURCES = tests/model/test_visit.c \
	$(model_site_fixture) $(model_query_plan)
tests_model_test_visit_CPPFLAGS = $(model_test_cppflags)
tests_model_test_visit_LDADD = $(model_test_libs)

# source-highlight is C++: see tests/content/local.mk.
tests_model_test_writer_SOURCES = tests/model/test_writer.c \
	$(model_site_fixture)
nodist_EXTRA_tests_model_test_writer_SOURCES = tests/model/none.cc
tests_model_test_writer_CPPFLAGS = $(model_test_cppflags)
tests_model_test_writer_LDADD = libmodel.a libstore.a $(SQLITE_LIBS) \
	$(content_test_libs)

tests_model_test_text_upload_SOURCES = tests/model/test_text_upload.c \
	$(model_fixture)
tests_model_test_text_upload_CPPFLAGS = $(model_test_cppflags)
tests_model_test_text_upload_LDADD = $(model_test_libs)
