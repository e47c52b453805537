/*
 * test_desk_view.c - pages of the desk against those in tests/golden/desk, and
 * what holds for all of them.
 *
 * BYLINE_UPDATE_GOLDEN=1 writes the golden pages anew: read their difference.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "desk_samples.h"
#include "view/desk_settings_view.h"

/* The addresses of style sheet and script change with each of their bytes. */
static void
forget_hashes(GString *page)
{
	g_autoptr(GRegex) hash =
	    g_regex_new("/static/([a-z]+)-[0-9a-f]{8,}\\.", 0, 0, NULL);
	g_autofree char *text = g_regex_replace(
	    hash, page->str, -1, 0, "/static/\\1-HASH.", 0, NULL);

	g_string_assign(page, text);
}

/* Show where two pages part. */
static void
assert_same_page(const char *name, const char *made, const char *golden)
{
	size_t same = 0;

	if (strcmp(made, golden) == 0)
		return;
	while (made[same] != '\0' && made[same] == golden[same])
		same++;
	while (same > 0 && made[same - 1] != '\n')
		same--;
	fail_msg("%s:\n%.200s\ninstead of\n%.200s", name, made + same,
	    golden + same);
}

static void
test_pages_are_the_golden_ones(void **state)
{
	const struct desk_sample_page *sample;
	int count = 0;

	(void)state;
	for (size_t i = 0; (sample = desk_sample_at(i)) != NULL; i++) {
		g_autofree char *file =
		    g_strconcat(sample->name, ".html", NULL);
		g_autofree char *path =
		    g_build_filename(GOLDEN_DIRECTORY, file, NULL);
		g_autofree char *golden = NULL;
		GString *page;

		if (!sample->is_golden)
			continue;
		page = desk_sample_make(sample);
		forget_hashes(page);
		if (g_getenv("BYLINE_UPDATE_GOLDEN") != NULL)
			assert_true(g_file_set_contents(
			    path, page->str, (gssize)page->len, NULL));
		assert_true(g_file_get_contents(path, &golden, NULL, NULL));
		assert_same_page(sample->name, page->str, golden);
		g_string_free(page, TRUE);
		count++;
	}
	assert_true(count > 10);
}

static guint
count_of(const GString *page, const char *text)
{
	guint count = 0;

	for (const char *at = page->str; (at = strstr(at, text)) != NULL;
	     at += strlen(text))
		count++;
	return count;
}

static void
test_each_page_keeps_the_strict_policy(void **state)
{
	const struct desk_sample_page *sample;

	(void)state;
	for (size_t i = 0; (sample = desk_sample_at(i)) != NULL; i++) {
		GString *page = desk_sample_make(sample);

		assert_int_equal(count_of(page, " style="), 0);
		assert_int_equal(count_of(page, "<style"), 0);
		assert_int_equal(count_of(page, " onclick="), 0);
		assert_int_equal(count_of(page, "<script>"), 0);
		assert_int_equal(count_of(page, "<h1"), 1);
		assert_int_equal(count_of(page, "<main"), 1);
		assert_int_equal(count_of(page, "{{"), 0);
		assert_int_equal(
		    count_of(page, "name=\"robots\" content=\"noindex\""), 1);
		g_string_free(page, TRUE);
	}
}

/* What was typed stands in no page as anything but text. */
static void
test_nothing_typed_is_markup(void **state)
{
	const struct desk_sample_page *sample;
	guint shown = 0;

	(void)state;
	for (size_t i = 0; (sample = desk_sample_at(i)) != NULL; i++) {
		GString *page = desk_sample_make(sample);

		assert_int_equal(count_of(page, "<b>marks</b>"), 0);
		assert_int_equal(count_of(page, "\"words\""), 0);
		shown += count_of(page, "&lt;b&gt;marks&lt;/b&gt;");
		g_string_free(page, TRUE);
	}
	assert_true(shown > 20);
}

/* Below /blog no address may point beside it. */
static void
test_each_own_address_has_the_base_path(void **state)
{
	g_autoptr(GRegex) beside =
	    g_regex_new("(href|src|action)=\"/(?!blog/)", 0, 0, NULL);
	const struct desk_sample_page *sample;

	(void)state;
	for (size_t i = 0; (sample = desk_sample_at(i)) != NULL; i++) {
		GString *page = desk_sample_make(sample);

		if (g_regex_match(beside, page->str, 0, NULL))
			fail_msg(
			    "%s has an address beside /blog", sample->name);
		g_string_free(page, TRUE);
	}
}

/* Each form that changes something carries the token. */
static void
test_each_form_has_its_token(void **state)
{
	const struct desk_sample_page *sample;

	(void)state;
	for (size_t i = 0; (sample = desk_sample_at(i)) != NULL; i++) {
		GString *page = desk_sample_make(sample);
		const char *at = page->str;

		while ((at = strstr(at, "<form")) != NULL) {
			const char *end = strstr(at, "</form>");
			g_autofree char *form =
			    g_strndup(at, (size_t)(end - at));

			assert_int_equal(
			    strstr(form, "method=\"post\"") != NULL,
			    strstr(form, "name=\"form_token\" "
					 "value=\"0123456789abcdef") != NULL);
			at = end;
		}
		g_string_free(page, TRUE);
	}
}

/* A label for each field, and an element for each name that is referred to. */
static void
test_each_reference_is_there(void **state)
{
	g_autoptr(GRegex) reference = g_regex_new(
	    " (?:for|aria-describedby|aria-labelledby|list)=\"([^\"]+)\"", 0, 0,
	    NULL);
	const struct desk_sample_page *sample;

	(void)state;
	for (size_t i = 0; (sample = desk_sample_at(i)) != NULL; i++) {
		GString *page = desk_sample_make(sample);
		g_autoptr(GMatchInfo) match = NULL;

		g_regex_match(reference, page->str, 0, &match);
		for (; g_match_info_matches(match);
		     g_match_info_next(match, NULL)) {
			g_autofree char *ids = g_match_info_fetch(match, 1);
			g_auto(GStrv) words = g_strsplit(ids, " ", -1);

			for (size_t k = 0; words[k] != NULL; k++) {
				g_autofree char *id =
				    g_strdup_printf(" id=\"%s\"", words[k]);

				if (words[k][0] != '\0' &&
				    strcmp(words[k], "names") != 0 &&
				    count_of(page, id) != 1)
					fail_msg("%s: %u times %s",
					    sample->name, count_of(page, id),
					    words[k]);
			}
		}
		g_string_free(page, TRUE);
	}
}

/* A password stands in no page, whatever was typed. */
static void
test_passwords_do_not_come_back(void **state)
{
	GString *page = desk_sample_make(&desk_sample_pages[0]);

	(void)state;
	assert_int_equal(count_of(page, "type=\"password\""), 1);
	assert_int_equal(count_of(page, "never shown"), 0);
	g_string_free(page, TRUE);
}

/* The sample that is called `name`; the caller frees it. */
static GString *
make_page(const char *name)
{
	size_t i = 0;

	while (strcmp(desk_sample_at(i)->name, name) != 0)
		i++;
	return desk_sample_make(desk_sample_at(i));
}

/* A file of a type that says nothing. */
static void
test_the_kind_of_a_file_is_a_word(void **state)
{
	GString *page = make_page("media");

	(void)state;
	assert_int_equal(count_of(page, "<b>File</b>"), 1);
	assert_int_equal(count_of(page, "octet-stream"), 0);
	g_string_free(page, TRUE);
}

/* A template that is included sees what its page shows: a file that is
 * somebody's picture puts none beside its field. */
static void
test_a_face_stands_beside_its_own_field(void **state)
{
	GString *file = make_page("image");
	GString *author = make_page("author");

	(void)state;
	assert_int_equal(count_of(file, "The picture of"), 1);
	assert_int_equal(count_of(file, "class=\"face\""), 0);
	assert_int_equal(count_of(author, "class=\"face\""), 1);
	g_string_free(author, TRUE);
	g_string_free(file, TRUE);
}

/* Who is not signed in is shown the name of the blog, and no more of it. */
static void
test_pages_of_who_is_signed_out(void **state)
{
	GString *page = desk_sample_make(&desk_sample_pages[0]);

	(void)state;
	assert_int_equal(count_of(page, "Ada Lovelace"), 0);
	assert_int_equal(count_of(page, "/desk/articles\">"), 1);
	assert_int_equal(count_of(page, "Sign out"), 0);
	g_string_free(page, TRUE);
}

/* An author sees no way to what is for owners. */
static void
test_links_are_those_of_the_role(void **state)
{
	static const char *const owners[] = { "/desk/authors\"",
		"/desk/settings\"" };

	(void)state;
	for (size_t i = 0; i < desk_sample_pages_count; i++) {
		bool is_author =
		    strcmp(desk_sample_pages[i].name, "front-empty") == 0;
		GString *page;

		if (!g_str_has_prefix(desk_sample_pages[i].name, "front"))
			continue;
		page = desk_sample_make(&desk_sample_pages[i]);
		for (size_t k = 0; k < G_N_ELEMENTS(owners); k++)
			assert_int_equal(
			    count_of(page, owners[k]), is_author ? 0 : 1);
		g_string_free(page, TRUE);
	}
}

/* Nor an editor to the settings of owners; where they begin is the first. */
static void
test_settings_are_those_of_the_role(void **state)
{
	static const struct {
		enum author_role role;
		guint count;
		const char *first;
	} cases[] = {
		{ AUTHOR_ROLE_OWNER, 14, "/desk/settings/blog" },
		{ AUTHOR_ROLE_EDITOR, 4, "/desk/settings/categories" },
	};
	const struct desk_redirects_page redirects = { .text = "",
		.page = 1,
		.page_count = 1,
		.lines = &(struct desk_field){ .name = "lines" } };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct desk_sample desk;
		GString *page = g_string_new(NULL);

		desk_sample_init(&desk);
		desk.session.role = cases[i].role;
		assert_int_equal(
		    desk_view_redirects(&desk.view, &redirects, page),
		    STATUS_OK);
		assert_int_equal(count_of(page, "href=\"/blog/desk/settings/"),
		    cases[i].count);
		assert_int_equal(
		    count_of(page, "/redirects\" aria-current=\"page\""), 1);
		assert_int_equal(count_of(page, "<h1>Redirects</h1>"), 1);
		assert_string_equal(
		    desk_first_part(&desk.session), cases[i].first);
		desk_sample_release(&desk);
		g_string_free(page, TRUE);
	}
}

static void
test_each_page_stands_behind_what_was_there(void **state)
{
	const struct desk_sample_page *sample;

	(void)state;
	for (size_t i = 0; (sample = desk_sample_at(i)) != NULL; i++) {
		struct desk_sample desk;
		GString *out = g_string_new("before");

		desk_sample_init(&desk);
		assert_int_equal(sample->show(&desk, out), STATUS_OK);
		assert_true(g_str_has_prefix(out->str, "before<!DOCTYPE"));
		desk_sample_release(&desk);
		g_string_free(out, TRUE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages_are_the_golden_ones),
		cmocka_unit_test(test_each_page_keeps_the_strict_policy),
		cmocka_unit_test(test_nothing_typed_is_markup),
		cmocka_unit_test(test_each_own_address_has_the_base_path),
		cmocka_unit_test(test_each_form_has_its_token),
		cmocka_unit_test(test_each_reference_is_there),
		cmocka_unit_test(test_passwords_do_not_come_back),
		cmocka_unit_test(test_the_kind_of_a_file_is_a_word),
		cmocka_unit_test(test_a_face_stands_beside_its_own_field),
		cmocka_unit_test(test_pages_of_who_is_signed_out),
		cmocka_unit_test(test_links_are_those_of_the_role),
		cmocka_unit_test(test_settings_are_those_of_the_role),
		cmocka_unit_test(test_each_page_stands_behind_what_was_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
