/*
 * test_highlighter.c - that code is coloured rightly in every language of ours,
 * and that no input loses a byte of its text.
 */
#include "config.h"

#include "content/highlighter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "content/code_language.h"

static int
make_highlighter(void **state)
{
	struct highlighter *highlighter = highlighter_new();

	highlighter_preload(highlighter);
	*state = highlighter;
	return 0;
}

static int
free_highlighter(void **state)
{
	highlighter_free(*state);
	return 0;
}

static void
need_colours(struct highlighter *highlighter)
{
	if (highlighter == NULL)
		skip();
}

/* The HTML of `size` bytes. The caller frees it. */
static char *
colour(struct highlighter *highlighter, const char *info, const char *code,
    size_t size)
{
	GString *html = g_string_new(NULL);

	highlighter_append_html(highlighter, html, info, code, size);
	return g_string_free(html, FALSE);
}

/* The text of HTML: without tags, and with entities decoded. */
static GString *
text_of(const char *html)
{
	static const struct {
		const char *entity;
		char c;
	} ENTITIES[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
		{ "&quot;", '"' } };
	GString *text = g_string_new(NULL);

	while (*html != '\0') {
		size_t i;

		if (*html == '<') {
			html = strchr(html, '>') + 1;
			continue;
		}
		for (i = 0; i < G_N_ELEMENTS(ENTITIES); i++) {
			if (g_str_has_prefix(html, ENTITIES[i].entity)) {
				g_string_append_c(text, ENTITIES[i].c);
				html += strlen(ENTITIES[i].entity);
				break;
			}
		}
		if (i == G_N_ELEMENTS(ENTITIES))
			g_string_append_c(text, *html++);
	}
	return text;
}

/* "keyword(if) x" for the HTML of that. The caller frees it. */
static char *
shorten(const char *html)
{
	g_auto(GStrv) begun = g_strsplit(html, "<span class=\"hl-", -1);
	g_autofree char *opened = g_strjoinv("\1", begun);
	g_auto(GStrv) ended = g_strsplit(opened, "</span>", -1);
	g_autofree char *closed = g_strjoinv("\2", ended);
	g_auto(GStrv) named = g_strsplit(closed, "\">", -1);
	g_autofree char *short_html = g_strjoinv("(", named);
	g_autoptr(GString) text = text_of(short_html);

	for (size_t i = 0; i < text->len; i++)
		if (text->str[i] == '\1')
			g_string_erase(text, (gssize)i--, 1);
		else if (text->str[i] == '\2')
			text->str[i] = ')';
	return g_strdup(text->str);
}

static void
assert_keeps_text(struct highlighter *highlighter, const char *info,
    const char *code, size_t size)
{
	g_autofree char *html = colour(highlighter, info, code, size);
	g_autoptr(GString) text = text_of(html);

	if (text->len != size || memcmp(text->str, code, size) != 0)
		fail_msg("%s: \"%.40s\" became \"%.80s\"", info, code, html);
	assert_true(strlen(html) <= 6 * size + 2048);
	if (g_utf8_validate(code, (gssize)size, NULL))
		assert_true(g_utf8_validate(html, -1, NULL));
}

/* What a language must tell apart; in the form of shorten(). */
static const struct sample {
	const char *info, *code, *expected;
} SAMPLES[] = {
	{ "rust", "fn f<'a>(x: &'a str) -> char { 'x' }",
	    "keyword(fn) function(f)<symbol('a)>(x: &symbol('a) type(str)) -> "
	    "type(char) { string('x') }" },
	{ "rs", "let r = r#\"a\" // \"#; /* /* */ */ vec![1.5e3]",
	    "keyword(let) r = string(r#\"a\" // \"#); comment(/* /* */ */) "
	    "function(vec!)[number(1.5e3)]" },
	{ "rust,ignore", "#[derive(X)]\nstruct A;",
	    "preprocessor(#[derive(X)])\nkeyword(struct) type(A);" },
	{ "rust", "'\\'' '\\u{1F600}' b'\\xff' 'a: 0..10",
	    "string('\\'') string('\\u{1F600}') string(b'\\xff') symbol('a): "
	    "number(0)..number(10)" },
	{ "go", "func (t *T) F() { s := `a\n\"b` }",
	    "keyword(func) (t *type(T)) function(F)() { s := string(`a)\n"
	    "string(\"b`) }" },
	{ "js", "x = `a ${b}`, /[/'\"]/g.test(c) / 2 / 3 // d",
	    "x = string(`a )variable(${b})string(`), string(/[/'\"]/g)."
	    "function(test)(c) / number(2) / number(3) comment(// d)" },
	{ "ts", "interface A { readonly x: string }",
	    "keyword(interface) type(A) { keyword(readonly) property(x): "
	    "type(string) }" },
	{ "python", "@d\ndef f(self):\n  \"\"\"x\n'y\"\"\"\n  f'{z} \\n' # c",
	    "preprocessor(@d)\nkeyword(def) function(f)(variable(self)):\n  "
	    "string(\"\"\"x)\nstring('y\"\"\")\n  string(f')variable({z})"
	    "string( )constant(\\n)string(') comment(# c)" },
	{ "c", "#include <a.h>\n#define A \\\n  \"b\" /* c\nd */ int",
	    "preprocessor(#include) string(<a.h>)\npreprocessor(#define) A "
	    "\\\n  string(\"b\") comment(/* c)\ncomment(d */) type(int)" },
	{ "c++", "auto s = R\"x(a)\" )x\"; 1'000",
	    "keyword(auto) s = string(R\"x(a)\" )x\"); number(1'000)" },
	{ "java", "@A var s = \"\"\"\nx\"\"\"; // c",
	    "preprocessor(@A) keyword(var) s = string(\"\"\")\n"
	    "string(x\"\"\"); comment(// c)" },
	{ "kotlin", "val s = \"$a ${b}\"",
	    "keyword(val) s = string(\")variable($a)string( )variable(${b})"
	    "string(\")" },
	{ "swift", "let s = \"\\(a)\"",
	    "keyword(let) s = string(\")variable(\\(a))string(\")" },
	{ "c#", "var s = @\"c:\\x\"; $\"{a}\"",
	    "keyword(var) s = string(@\"c:\\x\"); string($\")variable({a})"
	    "string(\")" },
	{ "ruby", "a = <<~X\n  #{b}\nX\n:c if d =~ /e/",
	    "a = string(<<~X)\nstring(  )variable(#{b})\nstring(X)\n"
	    "symbol(:c) keyword(if) d =~ string(/e/)" },
	{ "php", "$a = \"b $c\"; // d",
	    "variable($a) = string(\"b )variable($c)string(\"); "
	    "comment(// d)" },
	{ "SQL", "Select 'it''s', $$a'b$$ FROM \"T\" -- c",
	    "keyword(Select) string('it''s'), string($$a'b$$) keyword(FROM) "
	    "variable(\"T\") comment(-- c)" },
	{ "sh", "cat <<'E' | x # c\n$a \"b\nE\nif \"$d\"; then --e='f'",
	    "cat string(<<'E') | x comment(# c)\nvariable($a)string( \"b)\n"
	    "string(E)\nkeyword(if) string(\")variable($d)string(\"); "
	    "keyword(then) attribute(--e)=string('f')" },
	{ "bash", "$ ls", "prompt($ )ls" },
	{ "console", "$ a 'b \\\nc'\nit's\n# d",
	    "prompt($ )a string('b \\)\nstring(c')\nit's\nprompt(# )d" },
	{ "json", "{\"a\\\"\": [1, \"b\", true]} // c",
	    "{property(\"a\\\"\"): [number(1), string(\"b\"), constant(true)]} "
	    "comment(// c)" },
	{ "yaml", "a-b: \"c # d\" # e\n- f: true",
	    "property(a-b): string(\"c # d\") comment(# e)\n- property(f): "
	    "constant(true)" },
	{ "toml", "[a.'b']\nc.d = 2020-01-01 # e\nf = '''\n#'''",
	    "heading([a.'b'])\nproperty(c.d) = number(2020-01-01) "
	    "comment(# e)\nproperty(f) = string(''')\nstring(#''')" },
	{ "xml", "<a b='>'>c &amp;</a><!-- d\ne -->",
	    "tag(<a) attribute(b)=string('>')tag(>)c constant(&amp;)tag(</a>)"
	    "comment(<!-- d)\ncomment(e -->)" },
	{ "html", "<p><script>if (a) '</p>'</script><style>a{}</style>",
	    "tag(<p><script>)keyword(if) (a) string('</p>')tag(</script>"
	    "<style>a){}tag(</style>)" },
	{ "css", ".a:hover { color: #fff !important } /* b */",
	    "tag(.a:hover) { property(color): number(#fff) "
	    "keyword(!important) } comment(/* b */)" },
	{ "diff", "--- a\n+++ b\n@@ -1 +1 @@\n-c\n+d\n e",
	    "heading(--- a)\nheading(+++ b)\nheading(@@ -1 +1 @@)\n"
	    "deleted(-c)\ninserted(+d)\n e" },
	{ "diff-rust", "+let", "inserted(+let)" },
	{ "dockerfile", "FROM a AS b\nRUN c \"$D\" # e",
	    "keyword(FROM) a keyword(AS) b\nkeyword(RUN) c string(\")"
	    "variable($D)string(\") # e" },
	{ "nginx", "a { b $c; } # d",
	    "keyword(a) { keyword(b) variable($c); } comment(# d)" },
	{ "protobuf", "message A { string b = 1; }",
	    "keyword(message) type(A) { type(string) b = number(1); }" },
	{ "makefile", "a: $(B) c\n\td # e",
	    "function(a): variable($(B)) c\n\td comment(# e)" },
	{ "ini", "; a\n[b]\nc = \"d\"",
	    "comment(; a)\nheading([b])\nproperty(c) = string(\"d\")" },
	{ "lua", "--[[ a\n]] local b = [=[ ]] ]=]",
	    "comment(--[[ a)\ncomment(]]) keyword(local) b = "
	    "string([=[ ]] ]=])" },
	{ "powershell", "Get-Item $a -B 'c' # d",
	    "function(Get-Item) variable($a) attribute(-B) string('c') "
	    "comment(# d)" },
	{ "asm", "a:\n    mov eax, 0x10 ; b",
	    "symbol(a:)\n    keyword(mov) variable(eax), number(0x10) "
	    "comment(; b)" },
	{ "http", "GET /a HTTP/1.1\nHost: b",
	    "keyword(GET) string(/a) preprocessor(HTTP/1.1)\n"
	    "property(Host:) b" },
};

static void
test_append_html_colours_languages(void **state)
{
	struct highlighter *highlighter = *state;
	need_colours(highlighter);

	for (size_t i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
		g_autofree char *html = colour(highlighter, SAMPLES[i].info,
		    SAMPLES[i].code, strlen(SAMPLES[i].code));
		g_autofree char *result = shorten(html);

		if (strcmp(result, SAMPLES[i].expected) != 0) {
			fail_msg("%s:\n%s\ninstead of\n%s", SAMPLES[i].info,
			    result, SAMPLES[i].expected);
		}
	}
}

static void
test_append_html_exact(void **state)
{
	g_autofree char *html = NULL;
	struct highlighter *highlighter = *state;
	need_colours(highlighter);

	html = colour(highlighter, "c", "if (a < \"&\")\r\n",
	    strlen("if (a < \"&\")\r\n"));

	assert_string_equal(html,
	    "<span class=\"hl-keyword\">if</span> (a &lt; "
	    "<span class=\"hl-string\">&quot;&amp;&quot;</span>)\r\n");
}

static void
test_append_html_plain(void **state)
{
	static const char *const INFOS[] = { NULL, "", "text", "klingon", "{",
		"elixir" };

	for (size_t i = 0; i < G_N_ELEMENTS(INFOS); i++) {
		g_autofree char *html =
		    colour(*state, INFOS[i], "if <a> & \"b\"", 12);

		assert_string_equal(html, "if &lt;a&gt; &amp; &quot;b&quot;");
	}
}

static void
test_append_html_without_highlighter(void **state)
{
	g_autofree char *html = colour(NULL, "rust", "fn <", 4);
	(void)state;

	assert_string_equal(html, "fn &lt;");
	highlighter_preload(NULL);
	highlighter_free(NULL);
}

/* A string left open in one block must not colour the next. */
static void
test_append_html_begins_anew(void **state)
{
	struct highlighter *highlighter = *state;
	need_colours(highlighter);

	for (int i = 0; i < 2; i++) {
		g_autofree char *open = colour(highlighter, "c", "/* if \"", 7);
		g_autofree char *next = colour(highlighter, "c", "if", 2);

		assert_string_equal(
		    next, "<span class=\"hl-keyword\">if</span>");
	}
}

static void
test_append_html_long_line_is_plain(void **state)
{
	g_autoptr(GString) code = g_string_new("if\n");
	g_autofree char *html = NULL;
	struct highlighter *highlighter = *state;
	need_colours(highlighter);

	for (int i = 0; i < 64 * 1024; i++)
		g_string_append(code, i % 2 == 0 ? "\"" : "(");
	g_string_append(code, "\nif\n");

	html = colour(highlighter, "js", code->str, code->len);

	assert_true(g_str_has_prefix(
	    html, "<span class=\"hl-keyword\">if</span>\n&quot;(&quot;("));
	assert_true(g_str_has_suffix(
	    html, "(\n<span class=\"hl-keyword\">if</span>\n"));
	assert_keeps_text(highlighter, "js", code->str, code->len);
}

static void
test_append_html_many_lines(void **state)
{
	g_autoptr(GString) code = g_string_new(NULL);

	for (int i = 0; i < 100000; i++)
		g_string_append(code, i % 3 == 0 ? "{\n" : "a\r\n");

	assert_keeps_text(*state, "cpp", code->str, code->len);
}

/* Spans that would weigh many times their text are left out. */
static void
test_append_html_output_is_bounded(void **state)
{
	g_autoptr(GString) code = g_string_new(NULL);
	g_autofree char *html = NULL;

	for (int i = 0; i < 20000; i++)
		g_string_append(code, i % 40 == 0 ? "1,\n" : "1,");

	html = colour(*state, "c", code->str, code->len);

	assert_string_equal(html, code->str);
}

static void
test_append_html_whole_characters(void **state)
{
	static const char *const CODES[] = { "\"\\\xc3\xa9\"", "'\xc3\xa9'",
		"'\\\xf0\x9f\x98\x80",
		"$\xc3\xa9 @\xc3\xa9 #\xc3\xa9 \\\xc3\xa9", "\xe2\x9d\xaf x",
		"\xc3\xa9=\"\xc3\xa9\" /\xc3\xa9/ .\xc3\xa9" };

	for (size_t i = 0; code_language_at(i) != NULL; i++) {
		const struct code_language *language = code_language_at(i);
		g_autofree char *info = code_language_word(language->aliases);

		for (size_t j = 0; j < G_N_ELEMENTS(CODES); j++) {
			assert_keeps_text(
			    *state, info, CODES[j], strlen(CODES[j]));
		}
	}
}

/* What makes regular expressions and states go wrong, in every language. */
static void
test_append_html_keeps_nasty_text(void **state)
{
	static const char *const UNITS[] = { "\"", "'", "`", "\\\"", "\"\\\"",
		"'''", "\"\"\"", "/*", "*/", "<!--", "</", "<a ", "{", "}", "(",
		"[", "#[", "r#\"", "<<A\n", "A\n", "$(", "${", "$", "=/[", "//",
		"--", "#", "1,", "a.", "a(", "\\", "\xc3\xa9", "\xff\xfe",
		"a:", "- ", "@{1}", ".a{", "a{b:c}", "aaaaaaaaa", "\t", "\r\n",
		"x y ", "R\"x(", "--[==[", "$x$", "@\"", "{{", "1e+",
		"<script>", "!", "#{", "%w[", "\x1b[0m", "<?", "?>", "\r" };

	for (size_t i = 0; code_language_at(i) != NULL; i++) {
		const struct code_language *language = code_language_at(i);
		g_autofree char *info = code_language_word(language->aliases);

		for (size_t j = 0; j < G_N_ELEMENTS(UNITS); j++) {
			g_autoptr(GString) code = g_string_new(NULL);

			while (code->len < 200)
				g_string_append(code, UNITS[j]);
			g_string_append(code, "\n \n");
			while (code->len < 400) {
				g_string_append(code, UNITS[j]);
				g_string_append_c(code, '\n');
			}
			assert_keeps_text(*state, info, code->str, code->len);
		}
	}
}

static void
test_append_html_keeps_nul(void **state)
{
	g_autoptr(GString) html = g_string_new(NULL);

	highlighter_append_html(*state, html, "text", "a\0b", 3);

	assert_int_equal(html->len, 3);
	assert_memory_equal(html->str, "a\0b", 3);
}

/* The processor time of colouring `size` bytes of `sample`, the best of three:
 * what else the machine does is not ours. */
static double
measure(
    struct highlighter *highlighter, const struct sample *sample, size_t size)
{
	g_autoptr(GString) code = g_string_new(NULL);
	double best = 0;

	while (code->len < size) {
		g_string_append(code, sample->code);
		g_string_append_c(code, '\n');
	}
	for (int i = 0; i < 3; i++) {
		clock_t begin = clock();
		double taken;

		assert_keeps_text(
		    highlighter, sample->info, code->str, code->len);
		taken = (double)(clock() - begin);
		if (i == 0 || taken < best)
			best = taken;
	}
	return best;
}

/* Four times the text takes four times as long, and not sixteen times: an
 * expression that is quadratic shows here long before it hurts. */
static void
test_append_html_takes_linear_time(void **state)
{
	struct highlighter *highlighter = *state;
	need_colours(highlighter);

	for (size_t i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
		double once = measure(highlighter, &SAMPLES[i], 8000);
		double many = measure(highlighter, &SAMPLES[i], 32000);

		if (many > 10 * once)
			fail_msg("%s: %.1f times as long", SAMPLES[i].info,
			    many / once);
	}
}

/* Every definition that the table names can be read. */
static void
test_preload_reads_all(void **state)
{
	static const char CODE[] =
	    "$ x\n<!-- \"x\" --> 'x' [a] 1 # x\n/* x */\n"
	    "; x\n-- x\n// x\n+x\nX: y\n";
	struct highlighter *highlighter = *state;
	need_colours(highlighter);

	for (size_t i = 0; code_language_at(i) != NULL; i++) {
		const struct code_language *language = code_language_at(i);
		g_autofree char *info = code_language_word(language->aliases);
		g_autofree char *html = NULL;

		if (language->definition == NULL || !language->is_own)
			continue;
		html = colour(highlighter, info, CODE, strlen(CODE));
		if (strstr(html, "<span class=\"hl-") == NULL)
			fail_msg("%s has no colours", info);
	}
}

static void
test_new_without_definitions(void **state)
{
	g_autofree char *folder = g_strdup(g_getenv("BYLINE_DATADIR"));
	struct highlighter *highlighter;
	g_autofree char *html = NULL;
	(void)state;

	g_setenv("BYLINE_DATADIR", "/nonexistent", TRUE);
	highlighter = highlighter_new();
	if (folder != NULL)
		g_setenv("BYLINE_DATADIR", folder, TRUE);
	else
		g_unsetenv("BYLINE_DATADIR");

	html = colour(highlighter, "rust", "fn", 2);

	assert_string_equal(html, "fn");
	highlighter_free(highlighter);
}

static void
test_language_name(void **state)
{
	static const struct {
		const char *info, *name;
	} CASES[] = {
		{ "rs", "Rust" },
		{ "rust,ignore", "Rust" },
		{ "rust ignore", "Rust" },
		{ "Rust", "Rust" },
		{ "{.rust}", "Rust" },
		{ "{.rust .numberLines}", "Rust" },
		{ "language-rust", "Rust" },
		{ "js {1,3}", "JavaScript" },
		{ "js{1,3}", "JavaScript" },
		{ "js:title=a.js", "JavaScript" },
		{ "tsx", "TypeScript" },
		{ "c++", "C++" },
		{ "hpp", "C++" },
		{ "C#", "C#" },
		{ "diff-rust", "Diff" },
		{ "zsh", "Shell" },
		{ "shell-session", "Shell" },
		{ "postgres", "SQL" },
		{ "docker", "Dockerfile" },
		{ "nginx", "nginx" },
		{ "proto", "Protocol Buffers" },
		{ "conf", "INI" },
		{ "mk", "Makefile" },
		{ "yml", "YAML" },
		{ "svg", "XML" },
		{ "patch", "Diff" },
		{ "", NULL },
		{ "  ", NULL },
		{ "text", NULL },
		{ "TXT", NULL },
		{ "none", NULL },
		{ "{}", NULL },
		{ "<&>", NULL },
		{ "Klingon", "Klingon" },
		{ "f*x<y>", "fxy" },
		{ "objective-c++", "objective-c++" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "abcdefghijklmnopqrstuvwxyz0123456789",
		    "abcdefghijklmnopqrstuvwxyz0123" },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *name =
		    highlighter_language_name(CASES[i].info);

		if (g_strcmp0(name, CASES[i].name) != 0)
			fail_msg("\"%s\" gives %s", CASES[i].info, name);
	}
}

/* An alias that two languages claim would belong to the first by accident. */
static void
test_language_aliases_are_unique(void **state)
{
	(void)state;

	for (size_t i = 0; code_language_at(i) != NULL; i++) {
		const struct code_language *language = code_language_at(i);
		g_auto(GStrv) aliases = g_strsplit(language->aliases, " ", -1);

		for (size_t j = 0; aliases[j] != NULL; j++)
			if (code_language_find(aliases[j]) != language)
				fail_msg("%s is claimed twice", aliases[j]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append_html_colours_languages),
		cmocka_unit_test(test_append_html_exact),
		cmocka_unit_test(test_append_html_plain),
		cmocka_unit_test(test_append_html_without_highlighter),
		cmocka_unit_test(test_append_html_begins_anew),
		cmocka_unit_test(test_append_html_long_line_is_plain),
		cmocka_unit_test(test_append_html_many_lines),
		cmocka_unit_test(test_append_html_output_is_bounded),
		cmocka_unit_test(test_append_html_whole_characters),
		cmocka_unit_test(test_append_html_keeps_nasty_text),
		cmocka_unit_test(test_append_html_keeps_nul),
		cmocka_unit_test(test_append_html_takes_linear_time),
		cmocka_unit_test(test_preload_reads_all),
		cmocka_unit_test(test_new_without_definitions),
		cmocka_unit_test(test_language_name),
		cmocka_unit_test(test_language_aliases_are_unique),
	};

	return cmocka_run_group_tests(
	    tests, make_highlighter, free_highlighter);
}
