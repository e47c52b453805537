/*
 * test_front_matter.c - keys of three generators in three languages, and what
 * must be refused with its line.
 */
#include "config.h"

#include "content/front_matter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Parse `text`, which must be right. */
static void
parse(const char *text, struct front_matter *out_front_matter)
{
	GError *error = NULL;
	enum status status =
	    front_matter_parse(text, strlen(text), out_front_matter, &error);

	if (status != STATUS_OK)
		fail_msg("%s: %s", status_name(status), error->message);
}

/* Parse `text`, which must fail with `status` and words that begin so. */
static void
assert_refused(const char *text, enum status status, const char *words)
{
	struct front_matter front_matter;
	g_autoptr(GError) error = NULL;

	assert_int_equal(
	    front_matter_parse(text, strlen(text), &front_matter, &error),
	    status);
	assert_non_null(error);
	if (!g_str_has_prefix(error->message, words)) {
		fail_msg(
		    "\"%s\" does not begin with \"%s\"", error->message, words);
	}
}

static void
assert_list(char **list, const char *expected)
{
	g_autofree char *joined = g_strjoinv("|", list);

	assert_string_equal(joined, expected);
}

static void
assert_warning(const struct front_matter *front_matter, guint index,
    uint32_t line, const char *words)
{
	const struct document_warning *warning;

	assert_true(index < front_matter->warnings->len);
	warning = &g_array_index(
	    front_matter->warnings, struct document_warning, index);
	assert_int_equal(warning->line, line);
	assert_non_null(strstr(warning->message, words));
}

static void
test_parse_yaml_of_jekyll(void **state)
{
	struct front_matter front_matter;
	(void)state;

	parse("---\n"
	      "layout: post\n"
	      "title: 'Jekyll 4.1.0 Released'\n"
	      "date: 2020-05-27 15:20:30 +0530\n"
	      "author: ashmaroli\n"
	      "version: 4.1.0\n"
	      "category: release\n"
	      "redirect_from:\n  - /old/\n  - /older/\n"
	      "published: false\n"
	      "image: {path: /a.png, alt: A picture}\n"
	      "filters:\n- where expression\n"
	      "---\n\nHello\n",
	    &front_matter);

	assert_int_equal(front_matter.format, FRONT_MATTER_YAML);
	assert_string_equal(front_matter.title, "Jekyll 4.1.0 Released");
	assert_string_equal(front_matter.date, "2020-05-27 15:20:30 +0530");
	assert_int_equal(
	    front_matter_line(&front_matter, &front_matter.date), 4);
	assert_list(front_matter.authors, "ashmaroli");
	assert_list(front_matter.categories, "release");
	assert_list(front_matter.aliases, "/old/|/older/");
	assert_list(front_matter.tags, "");
	assert_true(front_matter.is_draft);
	assert_string_equal(front_matter.cover, "/a.png");
	assert_string_equal(front_matter.cover_alt, "A picture");
	assert_string_equal(front_matter.layout, "post");
	assert_int_equal(front_matter.body_line, 16);
	assert_int_equal(front_matter.warnings->len, 0);
	front_matter_release(&front_matter);
}

static void
test_parse_toml_of_zola(void **state)
{
	const char *text = "+++\n"
			   "path = \"2025/10/30/Rust-1.91.0\"\n"
			   "title = \"Announcing \\u0041\"\n"
			   "date = 2025-10-30\n"
			   "updated = 2025-11-01T08:00:00+05:30\n"
			   "authors = [\n  \"One\", # first\n  \"Two\",\n]\n"
			   "aliases = [\"releases/1.91.0\"]\n"
			   "draft = true\n"
			   "[taxonomies]\n"
			   "tags = [\"a\", \"b\"]\n"
			   "categories = [\"c\"]\n"
			   "[extra]\n"
			   "cover = \"c.png\"\n"
			   "release = true\n"
			   "+++\n"
			   "Body\n";
	struct front_matter front_matter;
	(void)state;

	parse(text, &front_matter);

	assert_int_equal(front_matter.format, FRONT_MATTER_TOML);
	assert_string_equal(front_matter.path, "2025/10/30/Rust-1.91.0");
	assert_string_equal(front_matter.title, "Announcing A");
	assert_string_equal(front_matter.date, "2025-10-30");
	assert_int_equal(
	    front_matter_line(&front_matter, &front_matter.date), 4);
	assert_string_equal(front_matter.updated, "2025-11-01T08:00:00+05:30");
	assert_int_equal(
	    front_matter_line(&front_matter, &front_matter.updated), 5);
	assert_list(front_matter.authors, "One|Two");
	assert_list(front_matter.aliases, "releases/1.91.0");
	assert_list(front_matter.tags, "a|b");
	assert_list(front_matter.categories, "c");
	assert_string_equal(front_matter.cover, "c.png");
	assert_true(front_matter.is_draft);
	assert_string_equal(text + front_matter.body_offset, "Body\n");
	assert_int_equal(front_matter.body_line, 19);
	front_matter_release(&front_matter);
}

static void
test_parse_json_of_hugo(void **state)
{
	const char *text =
	    "{\n"
	    "  \"title\": \"A \\\"}\\\" \\ud83d\\ude00\",\n"
	    "  \"lastmod\": \"2025-01-02\",\n"
	    "  \"tags\": [\"x y\", 7],\n"
	    "  \"canonicalURL\": \"https://example.org/\",\n"
	    "  \"params\": {\"cover\": {\"image\": \"i.png\"}},\n"
	    "  \"draft\": false\n"
	    "}\n"
	    "Body\n";
	struct front_matter front_matter;
	(void)state;

	parse(text, &front_matter);

	assert_int_equal(front_matter.format, FRONT_MATTER_JSON);
	assert_string_equal(front_matter.title, "A \"}\" \xf0\x9f\x98\x80");
	assert_string_equal(front_matter.updated, "2025-01-02");
	assert_int_equal(
	    front_matter_line(&front_matter, &front_matter.updated), 3);
	assert_list(front_matter.tags, "x y|7");
	assert_string_equal(front_matter.canonical_url, "https://example.org/");
	assert_string_equal(front_matter.cover, "i.png");
	assert_false(front_matter.is_draft);
	assert_string_equal(text + front_matter.body_offset, "Body\n");
	assert_int_equal(front_matter.body_line, 9);
	front_matter_release(&front_matter);
}

static void
test_parse_without_front_matter(void **state)
{
	static const char *const TEXTS[] = {
		"",
		"\n\n",
		"Text\n---\nmore\n---\n",
		"----\ntitle: x\n----\n",
		"--- x\ntitle: y\n---\n",
		" ---\ntitle: x\n---\n",
		"{% include x %}\n",
		"{{< figure >}}\n",
		"{.class}\n",
		"++\n",
		"* * *\n",
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
		struct front_matter front_matter;

		parse(TEXTS[i], &front_matter);
		assert_int_equal(front_matter.format, FRONT_MATTER_NONE);
		assert_int_equal(front_matter.body_offset, 0);
		assert_int_equal(front_matter.body_line, 1);
		assert_null(front_matter.title);
		assert_non_null(front_matter.tags);
		front_matter_release(&front_matter);
	}
}

static void
test_parse_byte_order_mark(void **state)
{
	struct front_matter front_matter;
	(void)state;

	parse("\xef\xbb\xbf"
	      "Text",
	    &front_matter);
	assert_int_equal(front_matter.format, FRONT_MATTER_NONE);
	assert_int_equal(front_matter.body_offset, 3);
	front_matter_release(&front_matter);

	parse("\xef\xbb\xbf---\ntitle: x\n---\nText", &front_matter);
	assert_string_equal(front_matter.title, "x");
	assert_int_equal(front_matter.body_offset, 3 + 4 + 9 + 4);
	front_matter_release(&front_matter);
}

static void
test_parse_line_endings(void **state)
{
	const char *text = "\r\n---  \r\ntitle: x\r\ntext: |\r\n  ---\r\n"
			   "date: 2020-01-01\r\n--- \r\nBody\r\n";
	struct front_matter front_matter;
	(void)state;

	parse(text, &front_matter);
	assert_string_equal(front_matter.title, "x");
	assert_int_equal(
	    front_matter_line(&front_matter, &front_matter.date), 6);
	assert_string_equal(text + front_matter.body_offset, "Body\r\n");
	assert_int_equal(front_matter.body_line, 8);
	front_matter_release(&front_matter);

	text = "+++\r\ntitle = \"\"\"\r\na\r\nb\"\"\"\r\n+++\r\nBody";
	parse(text, &front_matter);
	assert_string_equal(front_matter.title, "a\nb");
	assert_string_equal(text + front_matter.body_offset, "Body");
	front_matter_release(&front_matter);
}

static void
test_parse_closed_by_dots(void **state)
{
	struct front_matter front_matter;
	(void)state;

	parse("---\ntitle: x\n...\nBody\n---\n", &front_matter);

	assert_string_equal(front_matter.title, "x");
	assert_int_equal(front_matter.body_line, 4);
	front_matter_release(&front_matter);
}

static void
test_parse_nothing_between_fences(void **state)
{
	static const char *const TEXTS[] = { "---\n---\n", "---\n# c\n\n---",
		"+++\n+++\n", "{}\n", "---\n~\n---\n" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
		struct front_matter front_matter;

		parse(TEXTS[i], &front_matter);
		assert_int_not_equal(front_matter.format, FRONT_MATTER_NONE);
		assert_int_equal(front_matter.body_offset, strlen(TEXTS[i]));
		assert_null(front_matter.title);
		front_matter_release(&front_matter);
	}
}

static void
test_parse_never_closed(void **state)
{
	(void)state;

	assert_refused("---\ntitle: x\n", STATUS_INVALID, "1: ");
	assert_refused("\n\n+++\ntitle = 'x'\n", STATUS_INVALID, "3: ");
	assert_refused("{\"title\": \"}", STATUS_INVALID, "1: ");
	assert_refused("---", STATUS_INVALID, "1: ");
}

static void
test_parse_errors_have_lines(void **state)
{
	(void)state;

	assert_refused("---\na: 1\ntitle: Foo: bar\n---\n", STATUS_INVALID,
	    "3: invalid nested block mapping on the same line (a text");
	assert_refused("---\nJust a text\n---\n", STATUS_INVALID,
	    "2: front matter is a list of keys");
	assert_refused("---\na:\n\tb: 1\n---\n", STATUS_INVALID, "3: ");
	assert_refused(
	    "---\ntitle: *x\n---\n", STATUS_INVALID, "2: \"*x\" is an alias");
	assert_refused(
	    "{\"a\": 1,\n\n \"b\" }\n", STATUS_INVALID, "3: JSON does");
	assert_refused("---\na: 1\n%TAG ! x\n---\n", STATUS_INVALID,
	    "3: a line that begins with %");
	assert_refused(
	    "---\n%\xff\n---\n", STATUS_INVALID, "2: it is not UTF-8");
	assert_refused("+++\na = 1\nb = foo\n+++\n", STATUS_INVALID,
	    "3: not a value (a text needs quotes)");
	assert_refused("+++\na = 1\n\na = 2\n+++\n", STATUS_INVALID,
	    "4: Key a already present");
	assert_refused(
	    "+++\na = [\n1,\n2\n+++\n", STATUS_INVALID, "5: \"]\" was");
	assert_refused(
	    "+++\nd = 2020-13\n+++\n", STATUS_INVALID, "2: Unidentified");
}

static void
test_parse_too_large(void **state)
{
	g_autoptr(GString) text = g_string_new("---\ntitle: x\n");
	struct front_matter front_matter;
	(void)state;

	while (text->len < 4 + 64 * 1024)
		g_string_append_c(text, text->len % 80 == 0 ? '\n' : '#');
	g_string_append(text, "\n---\nBody\n");

	assert_refused(text->str, STATUS_TOO_LARGE, "1: ");
	g_string_erase(text, 13, 32);
	parse(text->str, &front_matter);
	assert_string_equal(front_matter.title, "x");
	front_matter_release(&front_matter);
}

/* On which libfyaml takes seconds. */
static void
test_parse_much_white_space(void **state)
{
	static const char *const BEGINS[] = { "a: |\n ", "? ", "a: !", "\n",
		"a: 'b" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(BEGINS); i++) {
		g_autoptr(GString) text = g_string_new("---\n");

		g_string_append(text, BEGINS[i]);
		while (text->len < 60000)
			g_string_append_c(text, i % 2 == 0 ? '\n' : ' ');
		g_string_append(text, "\n---\n");
		assert_refused(text->str, STATUS_INVALID, "");
	}
}

static void
test_parse_texts_as_lists(void **state)
{
	static const struct {
		const char *text;
		const char *tags, *categories;
	} CASES[] = {
		{ "---\ntags: a, b c ,d,\n---\n", "a|b c|d", "" },
		{ "---\ntags: a b\ncategories: c d\n---\n", "a|b", "c|d" },
		{ "---\ncategory: a b, c\n---\n", "", "a b, c" },
		{ "---\ncategory: x\ncategories: [y, x]\n---\n", "", "x|y" },
		{ "---\nkeywords: a b, c\n---\n", "a b|c", "" },
		{ "---\ntags: [a]\nkeywords: [b]\n---\n", "a", "" },
		{ "---\ntags:\n---\n", "", "" },
		{ "---\ntags: [~, '', 2020, true]\n---\n", "2020|true", "" },
		{ "---\nTags: [a]\n---\n", "a", "" },
		{ "+++\ntags = \"a b\"\ncategories = \"c,d\"\n+++\n", "a b",
		    "c|d" },
		{ "+++\ntags = [1, \"b\", 2.5, 2020-01-01]\n+++\n",
		    "1|b|2.5|2020-01-01", "" },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		struct front_matter front_matter;

		parse(CASES[i].text, &front_matter);
		assert_list(front_matter.tags, CASES[i].tags);
		assert_list(front_matter.categories, CASES[i].categories);
		assert_int_equal(front_matter.warnings->len, 0);
		front_matter_release(&front_matter);
	}
}

static void
test_parse_authors(void **state)
{
	static const struct {
		const char *text;
		const char *authors;
	} CASES[] = {
		{ "---\nauthor: Ann, Dr.\n---\n", "Ann, Dr." },
		{ "---\nauthors: Ann, Bob\n---\n", "Ann|Bob" },
		{ "---\nauthor: {name: Ann, mail: x}\n---\n", "Ann" },
		{ "---\nauthors:\n- name: Ann\n- Bob\n---\n", "Ann|Bob" },
		{ "+++\n[author]\nname = \"Ann\"\n+++\n", "Ann" },
		{ "+++\n[[authors]]\nname = \"A\"\n[[authors]]\nname = \"B\"\n"
		  "+++\n",
		    "A|B" },
		{ "+++\nauthors = [{name = \"A\", x = 1}]\n+++\n", "A" },
		{ "+++\n[extra]\nauthor = \"A\"\n+++\n", "A" },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		struct front_matter front_matter;

		parse(CASES[i].text, &front_matter);
		assert_list(front_matter.authors, CASES[i].authors);
		assert_int_equal(front_matter.warnings->len, 0);
		front_matter_release(&front_matter);
	}
}

static void
test_parse_wrong_types_are_warnings(void **state)
{
	struct front_matter front_matter;
	(void)state;

	parse("---\ntitle: {a: b}\ntags: [a, [b]]\ndraft: maybe\nslug: [x, y]\n"
	      "aliases: {a: b}\nslug: z\n---\n",
	    &front_matter);

	assert_null(front_matter.title);
	assert_string_equal(front_matter.slug, "z");
	assert_list(front_matter.tags, "a");
	assert_true(front_matter.is_draft);
	assert_int_equal(front_matter.warnings->len, 5);
	assert_warning(&front_matter, 0, 2, "title should be a text");
	assert_warning(&front_matter, 1, 7, "slug is given twice");
	assert_warning(&front_matter, 2, 6, "aliases should be a list");
	assert_warning(&front_matter, 3, 3, "tags has entries");
	assert_warning(&front_matter, 4, 4, "draft should be true or false");
	front_matter_release(&front_matter);

	parse("+++\ntitle = [\"a\", \"b\"]\ntags = [\"a\", [\"b\"], 1]\n"
	      "[extra]\n\ncover = { x = 1 }\n[extra.image]\ny=2\n+++\n",
	    &front_matter);
	assert_string_equal(front_matter.title, "a");
	assert_list(front_matter.tags, "a|1");
	assert_int_equal(front_matter.warnings->len, 2);
	assert_warning(&front_matter, 0, 2, "title is a list");
	assert_warning(&front_matter, 1, 3, "tags has entries");
	front_matter_release(&front_matter);
}

static void
test_parse_drafts(void **state)
{
	static const struct {
		const char *text;
		bool is_draft;
	} CASES[] = {
		{ "---\ndraft: true\n---\n", true },
		{ "---\ndraft: \"yes\"\n---\n", true },
		{ "---\ndraft: no\npublished: on\n---\n", false },
		{ "---\npublished: False\n---\n", true },
		{ "+++\ndraft = false\n+++\n", false },
		{ "{\"draft\": true}", true },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		struct front_matter front_matter;

		parse(CASES[i].text, &front_matter);
		assert_int_equal(front_matter.is_draft, CASES[i].is_draft);
		front_matter_release(&front_matter);
	}
}

static void
test_parse_description_beside_a_summary(void **state)
{
	struct front_matter both, alone;
	(void)state;

	parse("---\ntitle: A\ndescription: Machines\nsummary: Readers\n---\n",
	    &both);
	parse("---\ntitle: A\ndescription: Both\n---\n", &alone);

	assert_string_equal(both.description, "Machines");
	assert_string_equal(both.summary, "Readers");
	assert_null(alone.description);
	assert_string_equal(alone.summary, "Both");
	assert_int_equal(front_matter_line(&alone, &alone.summary), 3);
	front_matter_release(&both);
	front_matter_release(&alone);
}

static void
test_parse_meta_description_is_not_shown(void **state)
{
	struct front_matter alone, beside;
	(void)state;

	parse("---\ntitle: A\nmeta_description: Machines\n---\n", &alone);
	parse("---\ndescription: Readers\nmeta_description: Machines\n---\n",
	    &beside);

	assert_null(alone.summary);
	assert_string_equal(alone.description, "Machines");
	assert_int_equal(front_matter_line(&alone, &alone.description), 3);
	assert_string_equal(beside.summary, "Readers");
	assert_string_equal(beside.description, "Machines");
	front_matter_release(&alone);
	front_matter_release(&beside);
}

static void
test_parse_series_direction_and_pin(void **state)
{
	static const char *const texts[] = {
		"---\nseries: Saga\nseries_order: 2\ndir: rtl\npin: "
		"true\n---\n",
		"---\nseries: [Saga]\nseries_part: 2\ndirection: rtl\n"
		"sticky: true\n---\n",
		"+++\npinned = true\n[taxonomies]\nseries = [\"Saga\"]\n"
		"[extra]\nseries_order = 2\ndir = \"rtl\"\n+++\n",
		"{\"params\": {\"series\": \"Saga\", \"series_order\": 2,"
		" \"dir\": \"rtl\", \"pinned\": true}}\n",
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct front_matter front_matter;

		parse(texts[i], &front_matter);

		assert_string_equal(front_matter.series, "Saga");
		assert_string_equal(front_matter.series_number, "2");
		assert_string_equal(front_matter.direction, "rtl");
		assert_string_equal(front_matter.pinned, "true");
		assert_int_equal(front_matter.warnings->len, 0);
		front_matter_release(&front_matter);
	}
}

static void
test_parse_yaml_merges_and_aliases(void **state)
{
	struct front_matter front_matter;
	(void)state;

	parse("---\n"
	      "base: &base {title: Base, slug: base, tags: &tags [a, b]}\n"
	      "other: &other\n  summary: Sum\n  title: Other\n"
	      "<<: [*base, *other]\n"
	      "slug: mine\n"
	      "categories: *tags\n"
	      "---\n",
	    &front_matter);

	assert_string_equal(front_matter.title, "Base");
	assert_string_equal(front_matter.slug, "mine");
	assert_string_equal(front_matter.summary, "Sum");
	assert_list(front_matter.tags, "a|b");
	assert_list(front_matter.categories, "a|b");
	assert_int_equal(front_matter.warnings->len, 0);
	front_matter_release(&front_matter);
}

static void
test_parse_yaml_that_eats_itself(void **state)
{
	struct front_matter front_matter;
	(void)state;

	parse("---\na: &a\n  <<: *a\n  b: *a\ntags: &t [x, *t]\n---\n",
	    &front_matter);
	assert_list(front_matter.tags, "x");
	front_matter_release(&front_matter);
}

/* A few hundred bytes that stand for a billion texts. */
static void
test_parse_yaml_bomb(void **state)
{
	g_autoptr(GString) text = g_string_new("---\na0: &a0 [lol]\n");
	struct front_matter front_matter;
	(void)state;

	for (int i = 1; i < 30; i++) {
		g_string_append_printf(text, "a%d: &a%d [", i, i);
		for (int j = 0; j < 9; j++)
			g_string_append_printf(text, "*a%d, ", i - 1);
		g_string_append(text, "]\n");
	}
	g_string_append(text, "tags: *a29\n---\n");
	parse(text->str, &front_matter);
	assert_list(front_matter.tags, "");
	front_matter_release(&front_matter);

	g_string_assign(text, "---\nlong: &long '");
	for (int i = 0; i < 20000; i++)
		g_string_append_c(text, 'x');
	g_string_append(text, "'\ntags: [");
	for (int i = 0; i < 5000; i++)
		g_string_append(text, "*long, ");
	g_string_append(text, "]\n---\n");
	assert_refused(text->str, STATUS_TOO_LARGE, "3: the aliases");
}

static void
test_parse_deep_nesting(void **state)
{
	static const char *const UNITS[] = { "[", "{", "- ", "? ", "a: [",
		"{a: ", "a = [", "a = {a = ", "a.", "[[a]]\n[a.", "&a [*a, ",
		"'", "\"\"\"", "!", "|" };
	static const char *const FENCES[] = { "---", "+++" };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(FENCES); j++) {
			struct front_matter front_matter;
			g_autoptr(GString) text = g_string_new(FENCES[j]);
			g_autoptr(GError) error = NULL;

			g_string_append(text, j == 0 ? "\n" : "\nx = ");
			while (text->len < 60000)
				g_string_append(text, UNITS[i]);
			g_string_append_printf(text, "\n%s\n", FENCES[j]);
			if (front_matter_parse(text->str, text->len,
				&front_matter, &error) == STATUS_OK)
				front_matter_release(&front_matter);
			else
				assert_non_null(strchr(error->message, ':'));
		}
	}
}

static void
test_parse_texts_are_utf8(void **state)
{
	struct front_matter front_matter;
	(void)state;

	parse("---\ntitle: \"a\\0b\"\n---\n", &front_matter);
	assert_string_equal(front_matter.title, "a\xef\xbf\xbd"
						"b");
	front_matter_release(&front_matter);

	parse("+++\ntitle = \"a\\u0000b\"\n+++\n", &front_matter);
	assert_string_equal(front_matter.title, "a\xef\xbf\xbd"
						"b");
	front_matter_release(&front_matter);

	assert_refused("---\ntitle: \"\\ud800\"\n---\n", STATUS_INVALID, "2: ");
	assert_refused(
	    "+++\ntitle = \"\\ud800\"\n+++\n", STATUS_INVALID, "2: ");
	assert_refused("{\n\"title\": \"\\ud800\"}\n", STATUS_INVALID, "2: ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_yaml_of_jekyll),
		cmocka_unit_test(test_parse_toml_of_zola),
		cmocka_unit_test(test_parse_json_of_hugo),
		cmocka_unit_test(test_parse_without_front_matter),
		cmocka_unit_test(test_parse_byte_order_mark),
		cmocka_unit_test(test_parse_line_endings),
		cmocka_unit_test(test_parse_closed_by_dots),
		cmocka_unit_test(test_parse_nothing_between_fences),
		cmocka_unit_test(test_parse_never_closed),
		cmocka_unit_test(test_parse_errors_have_lines),
		cmocka_unit_test(test_parse_too_large),
		cmocka_unit_test(test_parse_much_white_space),
		cmocka_unit_test(test_parse_texts_as_lists),
		cmocka_unit_test(test_parse_authors),
		cmocka_unit_test(test_parse_wrong_types_are_warnings),
		cmocka_unit_test(test_parse_drafts),
		cmocka_unit_test(test_parse_description_beside_a_summary),
		cmocka_unit_test(test_parse_meta_description_is_not_shown),
		cmocka_unit_test(test_parse_series_direction_and_pin),
		cmocka_unit_test(test_parse_yaml_merges_and_aliases),
		cmocka_unit_test(test_parse_yaml_that_eats_itself),
		cmocka_unit_test(test_parse_yaml_bomb),
		cmocka_unit_test(test_parse_deep_nesting),
		cmocka_unit_test(test_parse_texts_are_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
