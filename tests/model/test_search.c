/*
 * test_search.c - nothing that is typed is a syntax error (requirement 14), and
 * what is found is right, in order, counted and marked.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "../../src/model/search_snippet.h"
#include "fixture.h"
#include "model/search.h"

/* ---- what is typed ---- */

static void
test_make_query(void **state)
{
	static const struct {
		const char *typed;
		const char *query; /* NULL: nothing to search for */
	} cases[] = {
		{ "", NULL },
		{ "   ", NULL },
		{ "!?* \"\" -- ()", NULL },
		{ "word", "\"word\"" },
		{ " two  words ", "\"two\" \"words\"" },
		{ "\"a phrase\" word", "\"a phrase\" \"word\"" },
		{ "\"never closed", "\"never closed\"" },
		{ "the The the* \"THE\" THE*", "\"the\" \"the\"*" },
		{ "pre*", "\"pre\"*" },
		{ "pre** x*", "\"pre\"* \"x\"" },
		{ "\"a phrase\"*", "\"a phrase\"*" },
		{ "in\"side\"out", "\"in\" \"side\" \"out\"" },
		{ "a AND b OR NOT c",
		    "\"a\" \"AND\" \"b\" \"OR\" \"NOT\" \"c\"" },
		{ "NEAR(a b)", "\"NEAR(a\" \"b)\"" },
		{ "title:x ^y -z", "\"title:x\" \"^y\" \"-z\"" },
		{ "{a b}: + c", "\"{a\" \"b}:\" \"c\"" },
		{ "it's; DROP TABLE", "\"it's;\" \"DROP\" \"TABLE\"" },
		{ "C++ C#", "\"C++\" \"C#\"" },
		{ "a\tb\nc", "\"a\" \"b\" \"c\"" },
		{ "\xf0\x9f\xa6\x80", NULL },
		{ "\xc3\xbc\x62\x65r", "\"\xc3\xbc\x62\x65r\"" },
		{ "broken \xff", NULL },
		{ "a b c d e f g h i j k l m n o p q r",
		    "\"a\" \"b\" \"c\" \"d\" \"e\" \"f\" \"g\" \"h\" \"i\""
		    " \"j\" \"k\" \"l\" \"m\" \"n\" \"o\" \"p\"" },
		{ "\"a b c d e f g h i j k l m n o p q r\" s",
		    "\"a b c d e f g h i j k l m n o p \"" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *query = search_make_query(cases[i].typed);

		if (cases[i].query == NULL)
			assert_null(query);
		else
			assert_string_equal(
			    query != NULL ? query : "none", cases[i].query);
	}
}

static void
test_make_query_of_endless_text(void **state)
{
	g_autofree char *word = g_strnfill(100000, 'x');
	GString *umlauts = g_string_new(NULL);
	g_autofree char *one = NULL;
	g_autofree char *many = NULL;

	(void)state;
	for (int i = 0; i < 5000; i++)
		g_string_append(umlauts, i % 7 != 0 ? "\xc3\xbc" : " ");

	one = search_make_query(word);
	many = search_make_query(umlauts->str);

	assert_int_equal(strlen(one), 1002);
	assert_true(g_utf8_validate(many, -1, NULL));
	assert_true(strlen(many) < 1100);
	g_string_free(umlauts, TRUE);
}

/* ---- never a syntax error ---- */

static void
search_for(struct fixture *fixture, const char *typed)
{
	struct search_result result;
	enum status status =
	    search_articles(fixture->database, typed, 1, 10, NOW, &result);

	if (status != STATUS_OK)
		fail_msg("\"%s\": %s", typed, status_name(status));
	search_result_release(&result);
}

static void
test_search_all_pairs_of_ascii(void **state)
{
	struct fixture *fixture = *state;

	fixture_article(fixture, "a", 1, NULL, "x");

	for (int a = 1; a < 128; a++) {
		for (int b = 1; b < 128; b++) {
			const char pair[] = { (char)a, (char)b, '\0' };
			const char inside[] = { 'x', (char)a, 'y', (char)b, 'z',
				'\0' };

			search_for(fixture, pair);
			search_for(fixture, inside);
		}
	}
}

static uint32_t
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static void
test_search_random_strings(void **state)
{
	static const char *const pieces[] = { "\"", "*", "(", ")", " ", "AND",
		"OR", "NOT", "NEAR", "NEAR/2", ":", "^", "-", "+", "{", "}",
		"title", "body", "'", ";", "--", "\\", "\xc3\xa9",
		"\xe2\x80\xa6", "\xf0\x9f\xa6\x80", "\x01", "\x7f", "\xff",
		"\xc0\x80", "\xed\xa0\x80", "a", "the", "0", ".", ",", "\n",
		"\t", "%", "\xcc\x81", "\xe0\xa4\xbf", "\xef\xbb\xbf",
		"\xe2\x80\xa8" };
	struct fixture *fixture = *state;
	uint64_t seed = 42;
	g_autoptr(GString) typed = g_string_new(NULL);

	fixture_article(fixture, "a", 1, NULL, "x");

	for (int i = 0; i < 100000; i++) {
		g_string_truncate(typed, 0);
		for (uint32_t n = next_random(&seed) % 12; n > 0; n--) {
			if (next_random(&seed) % 3 != 0)
				g_string_append(
				    typed, pieces[next_random(&seed) %
						  G_N_ELEMENTS(pieces)]);
			else
				g_string_append_c(typed,
				    (char)(1 + next_random(&seed) % 255));
		}
		search_for(fixture, typed->str);
	}
}

/* ---- what is found ---- */

static void
add(struct fixture *fixture, const char *slug, int64_t days, const char *title,
    const char *text, const char *tag)
{
	struct article_draft draft = fixture_draft(fixture, slug, days);
	const char *tags[] = { tag, NULL };

	draft.title = title;
	draft.text = text;
	draft.excerpt = "";
	draft.tags = tag != NULL ? tags : NULL;
	fixture_save(fixture, &draft);
}

/* The slugs of what is found, one after another. */
static char *
found(struct fixture *fixture, const char *typed)
{
	struct search_result result;
	GString *slugs = g_string_new(NULL);

	assert_int_equal(
	    search_articles(fixture->database, typed, 1, 100, NOW, &result),
	    STATUS_OK);
	assert_int_equal(result.total_count, result.hits->len);
	for (guint i = 0; i < result.hits->len; i++) {
		const struct search_hit *hit = result.hits->pdata[i];

		g_string_append_printf(slugs, "%s%s", i > 0 ? " " : "",
		    strrchr(hit->article->path, '/') + 1);
	}
	search_result_release(&result);
	return g_string_free(slugs, FALSE);
}

static void
assert_found(struct fixture *fixture, const char *typed, const char *slugs)
{
	g_autofree char *actual = found(fixture, typed);

	assert_string_equal(actual, slugs);
}

static void
test_search_words_phrases_and_prefixes(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "a", 1, "First", "alpha beta gamma", NULL);
	add(fixture, "b", 2, "Second", "beta alpha delta", NULL);
	add(fixture, "c", 3, "Third", "alphabet soup, d\xc3\xa9j\xc3\xa0 vu",
	    NULL);

	assert_found(fixture, "gamma", "a");
	assert_found(fixture, "GAMMA", "a");
	assert_found(fixture, "alpha delta", "b");
	assert_found(fixture, "gamma delta", "");
	assert_found(fixture, "\"alpha beta\"", "a");
	assert_found(fixture, "\"beta alpha\"", "b");
	assert_found(fixture, "alphab*", "c");
	assert_found(fixture, "deja", "c");
	assert_found(fixture, "D\xc3\x89J\xc3\x80", "c");
	assert_found(fixture, "nothing", "");
	assert_found(fixture, "", "");
	assert_found(fixture, "!?", "");
}

static void
test_search_best_match_first(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "body", 1, "One", "here a word stands", NULL);
	add(fixture, "tag", 2, "Two", "here nothing stands", "Word");
	add(fixture, "title", 3, "Word", "here nothing stands", NULL);
	for (int i = 0; i < 20; i++) {
		g_autofree char *slug = g_strdup_printf("other-%d", i);

		add(fixture, slug, 30, "Other", "all else", NULL);
	}

	assert_found(fixture, "word", "title tag body");
}

static void
test_search_equal_matches_newest_first(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "a", 5, "Same", "same text", NULL);
	add(fixture, "b", 1, "Same", "same text", NULL);
	add(fixture, "c", 9, "Same", "same text", NULL);
	add(fixture, "d", 3, "Same", "same text", NULL);

	assert_found(fixture, "same", "b d a c");
}

static void
test_search_pages(void **state)
{
	static const int64_t wrong[] = { 0, -1, 4, INT64_MAX, INT64_MIN };
	struct fixture *fixture = *state;
	struct search_result result;

	for (int i = 0; i < 25; i++) {
		g_autofree char *slug = g_strdup_printf("a-%d", i);

		add(fixture, slug, i + 1, "Same", "same text", NULL);
	}

	for (int64_t page = 1; page <= 3; page++) {
		assert_int_equal(search_articles(fixture->database, "text",
				     page, 10, NOW, &result),
		    STATUS_OK);
		assert_int_equal(result.total_count, 25);
		assert_int_equal(result.page_count, 3);
		assert_int_equal(result.hits->len, page == 3 ? 5 : 10);
		for (guint i = 0; i < result.hits->len; i++) {
			const struct search_hit *hit = result.hits->pdata[i];
			g_autofree char *path = g_strdup_printf(
			    "/articles/a-%d", (int)(page - 1) * 10 + (int)i);

			assert_string_equal(hit->article->path, path);
		}
		search_result_release(&result);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		assert_int_equal(search_articles(fixture->database, "text",
				     wrong[i], 10, NOW, &result),
		    STATUS_NOT_FOUND);
}

static void
test_search_marks(void **state)
{
	struct fixture *fixture = *state;
	GString *text = g_string_new("begin");
	g_auto(GStrv) words = NULL;
	struct search_result result;
	const struct search_hit *hit;

	for (int i = 0; i < 200; i++)
		g_string_append(text, " filler");
	g_string_append(text, " the needle stands");
	for (int i = 0; i < 200; i++)
		g_string_append(text, " more");
	add(fixture, "a", 1, "A <needle>", text->str, NULL);

	assert_int_equal(
	    search_articles(fixture->database, "Needle", 1, 10, NOW, &result),
	    STATUS_OK);

	hit = result.hits->pdata[0];
	words = g_strsplit(hit->snippet, " ", -1);
	assert_string_equal(hit->title_marked, "A <\x02needle\x03>");
	assert_non_null(strstr(hit->snippet, "the \x02needle\x03 stands"));
	assert_true(g_str_has_prefix(hit->snippet, "\xe2\x80\xa6"));
	assert_in_range(g_strv_length(words), 20, 40);
	search_result_release(&result);
	g_string_free(text, TRUE);
}

/* What search_cut_snippet() makes of `marked`, with [ and ] for the marks. */
static void
assert_snippet(const char *marked, const char *expected)
{
	g_autofree char *text =
	    g_strdelimit(g_strdelimit(g_strdup(marked), "[", SEARCH_MARK_BEGIN),
		"]", SEARCH_MARK_END);
	g_autofree char *snippet = search_cut_snippet(text);

	g_strdelimit(snippet, "\x02", '[');
	g_strdelimit(snippet, "\x03", ']');
	assert_string_equal(snippet, expected);
}

#define TEN   "a b c d e f g h i j "
#define SIXTY TEN TEN TEN TEN TEN TEN

static void
test_snippet(void **state)
{
	(void)state;

	assert_snippet("", "");
	assert_snippet("nothing found", "nothing found");
	assert_snippet("all of [it] is there\n", "all of [it] is there\n");
	/* From the beginning of its sentence, or some words before. */
	assert_snippet(
	    SIXTY "end. There [it] is. More.", "\u2026There [it] is. More.");
	assert_snippet(SIXTY "[it] is.", "\u2026" TEN "[it] is.");
	/* Where most different words stand together. */
	assert_snippet("[one] [one] [one]\n" SIXTY SIXTY
		       "\nBoth [one] [two] here",
	    "\u2026Both [one] [two] here");
	/* Thirty words, and an ellipsis. */
	assert_snippet(
	    "[it] " SIXTY, "[it] " TEN TEN "a b c d e f g h i\u2026");
	/* Cut within a match, and begun within one. */
	assert_snippet("[" SIXTY "]", "[" TEN TEN "a b c d e f g h i j]\u2026");
	assert_snippet("[" TEN TEN "] [x y]", "[" TEN TEN "] [x y]");
	assert_snippet(
	    "[" SIXTY SIXTY "] [b] [c]", "\u2026b c d e f g h i j  [b] [c]");
}

/* A word in every place of a long text, asked for in every way: each costs once
 * what reading the text costs. */
static void
test_search_word_in_every_place(void **state)
{
	struct fixture *fixture = *state;
	GString *text = g_string_new(NULL);
	struct search_result result;
	const struct search_hit *hit;

	for (int i = 0; i < 50000; i++)
		g_string_append(text, "the then ");
	add(fixture, "a", 1, "The", text->str, NULL);

	assert_int_equal(
	    search_articles(fixture->database,
		"the The THE the* then th* the* \"the then\" \"then the\" "
		"\"the then the\" \"then the then\"",
		1, 10, NOW, &result),
	    STATUS_OK);

	assert_int_equal(result.total_count, 1);
	hit = result.hits->pdata[0];
	assert_true(g_str_has_prefix(hit->snippet, "\x02the"));
	search_result_release(&result);
	g_string_free(text, TRUE);
}

static void
test_search_hides_the_future(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "a", 1, "Same", "same text", NULL);
	add(fixture, "b", 2, "Same", "same text", NULL);
	fixture_run(fixture,
	    "UPDATE article SET published_at = published_at + 999999"
	    " WHERE slug = 'b'");

	assert_found(fixture, "same", "a");
}

static void
test_search_ends_at_the_deadline(void **state)
{
	struct fixture *fixture = *state;
	struct search_result result;
	enum status status;

	assert_int_equal(database_begin(fixture->database, true), STATUS_OK);
	for (int i = 0; i < 3000; i++) {
		g_autofree char *slug = g_strdup_printf("a-%d", i);
		struct article_draft draft = fixture_draft(fixture, slug, i);

		assert_int_equal(article_save(fixture->database, &fixture->blog,
				     &draft, NOW, NULL, NULL, NULL),
		    STATUS_OK);
	}
	assert_int_equal(database_commit(fixture->database), STATUS_OK);
	database_set_deadline(fixture->database, 1);
	g_usleep(2000);

	status =
	    search_articles(fixture->database, "body", 1, 10, NOW, &result);

	assert_int_equal(status, STATUS_BUSY);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make_query),
		cmocka_unit_test(test_make_query_of_endless_text),
		TEST(test_search_all_pairs_of_ascii),
		TEST(test_search_random_strings),
		TEST(test_search_words_phrases_and_prefixes),
		TEST(test_search_best_match_first),
		TEST(test_search_equal_matches_newest_first),
		TEST(test_search_pages),
		TEST(test_search_marks),
		cmocka_unit_test(test_snippet),
		TEST(test_search_word_in_every_place),
		TEST(test_search_hides_the_future),
		TEST(test_search_ends_at_the_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
