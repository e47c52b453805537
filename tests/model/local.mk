# Tests of the model layer.
model_tests = \
	tests/model/test_article \
	tests/model/test_article_field \
	tests/model/test_article_list \
	tests/model/test_article_save \
	tests/model/test_author \
	tests/model/test_media \
	tests/model/test_permalink \
	tests/model/test_query_plan \
	tests/model/test_redirect \
	tests/model/test_search \
	tests/model/test_setting \
	tests/model/test_site \
	tests/model/test_term \
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

tests_model_test_article_SOURCES = tests/model/test_article.c \
	$(model_fixture)
tests_model_test_article_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_LDADD = $(model_test_libs)

tests_model_test_article_field_SOURCES = tests/model/test_article_field.c
tests_model_test_article_field_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_field_LDADD = $(model_test_libs)

tests_model_test_article_list_SOURCES = tests/model/test_article_list.c \
	$(model_fixture)
tests_model_test_article_list_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_list_LDADD = $(model_test_libs)

tests_model_test_article_save_SOURCES = tests/model/test_article_save.c \
	$(model_fixture)
tests_model_test_article_save_CPPFLAGS = $(model_test_cppflags)
tests_model_test_article_save_LDADD = $(model_test_libs)

tests_model_test_author_SOURCES = tests/model/test_author.c \
	$(model_fixture)
tests_model_test_author_CPPFLAGS = $(model_test_cppflags)
tests_model_test_author_LDADD = $(model_test_libs)

tests_model_test_media_SOURCES = tests/model/test_media.c \
	$(model_fixture)
tests_model_test_media_CPPFLAGS = $(model_test_cppflags)
tests_model_test_media_LDADD = $(model_test_libs)

tests_model_test_permalink_SOURCES = tests/model/test_permalink.c \
	$(model_fixture)
tests_model_test_permalink_CPPFLAGS = $(model_test_cppflags)
tests_model_test_permalink_LDADD = $(model_test_libs)

tests_model_test_query_plan_SOURCES = tests/model/test_query_plan.c \
	$(model_fixture)
tests_model_test_query_plan_CPPFLAGS = $(model_test_cppflags)
tests_model_test_query_plan_LDADD = $(model_test_libs)

tests_model_test_redirect_SOURCES = tests/model/test_redirect.c \
	$(model_fixture)
tests_model_test_redirect_CPPFLAGS = $(model_test_cppflags)
tests_model_test_redirect_LDADD = $(model_test_libs)

tests_model_test_search_SOURCES = tests/model/test_search.c \
	$(model_fixture)
tests_model_test_search_CPPFLAGS = $(model_test_cppflags)
tests_model_test_search_LDADD = $(model_test_libs)

tests_model_test_setting_SOURCES = tests/model/test_setting.c \
	$(model_fixture)
tests_model_test_setting_CPPFLAGS = $(model_test_cppflags)
tests_model_test_setting_LDADD = $(model_test_libs)

tests_model_test_site_SOURCES = tests/model/test_site.c
tests_model_test_site_CPPFLAGS = $(model_test_cppflags)
tests_model_test_site_LDADD = $(model_test_libs)

tests_model_test_term_SOURCES = tests/model/test_term.c \
	$(model_fixture)
tests_model_test_term_CPPFLAGS = $(model_test_cppflags)
tests_model_test_term_LDADD = $(model_test_libs)
