/*
 * test_sanitizer.c - what stays of HTML, what becomes of it, and that nothing
 * else gets through. Links and media are test_sanitizer_links.c's.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "cleaned.h"
#include "content/sanitizer.h"

static void
assert_kept(const char *html)
{
	assert_cleaned(html, html);
}

static enum status
status_of(const char *html, size_t max_output, char **out_message)
{
	struct document document;
	GError *error = NULL;
	enum status status = sanitizer_clean(
	    &OPTIONS, NULL, html, strlen(html), max_output, &document, &error);

	if (status == STATUS_OK) {
		document_release(&document);
	} else {
		*out_message = g_strdup(error->message);
		g_error_free(error);
	}
	return status;
}

/* `text` `count` times. The caller frees it. */
static char *
repeat(const char *text, size_t count)
{
	GString *out = g_string_new(NULL);

	while (count-- > 0)
		g_string_append(out, text);
	return g_string_free(out, FALSE);
}

/* ---- what stays ---- */

static void
test_sanitizer_clean_keeps_text_level(void **state)
{
	(void)state;
	assert_kept("<p><abbr title=\"x\">a</abbr><b>b</b><bdi>c</bdi>"
		    "<bdo dir=\"rtl\">d</bdo><cite>e</cite><code>f</code>"
		    "<data value=\"1\">g</data><del datetime=\"2026-01-01\">h"
		    "</del><dfn>i</dfn><em>j</em><i>k</i><ins>l</ins>"
		    "<kbd>m</kbd><mark>n</mark><q>o</q><ruby>p<rp>(</rp>"
		    "<rt>q</rt><rp>)</rp></ruby><s>r</s><samp>s</samp>"
		    "<small>t</small><span lang=\"de\">u</span>"
		    "<strong>v</strong><sub>w</sub><sup>x</sup>"
		    "<time datetime=\"2026\">y</time><u>z</u><var>1</var>"
		    "<wbr><br></p>");
}

static void
test_sanitizer_clean_keeps_blocks(void **state)
{
	(void)state;
	assert_kept("<blockquote><p>a</p></blockquote>"
		    "<details open=\"\"><summary>b</summary><p>c</p></details>"
		    "<dl><dt>d</dt><dd>e</dd></dl><figure><figcaption>f"
		    "</figcaption></figure><hr><ol start=\"3\" reversed=\"\">"
		    "<li value=\"7\">g</li></ol><ul><li>h</li></ul>"
		    "<section><address>i</address><aside>j</aside>"
		    "<article>k</article><div>l</div></section>");
}

static void
test_sanitizer_clean_escapes_text(void **state)
{
	(void)state;
	assert_cleaned("<p>a &lt;b&gt; \"c\" &amp; d &copy;</p>",
	    "<p>a &lt;b&gt; &quot;c&quot; &amp; d \xc2\xa9</p>");
	assert_cleaned("<p title='\"><script>'>&#x1;&#x7f;x&#xfffe;</p>",
	    "<p title=\"&quot;&gt;&lt;script&gt;\">x</p>");
}

static void
test_sanitizer_clean_drops_scripts(void **state)
{
	(void)state;
	assert_cleaned("a<script>b</script><style>c</style>"
		       "<template>d</template><textarea>e</textarea>"
		       "<title>f</title><select><option>g</select>"
		       "<svg><text>h</text></svg><math><mi>i</mi></math>"
		       "<object data=x>j</object><embed src=x>"
		       "<!-- k --><link rel=x><meta charset=x><base href=x>l",
	    "ajl");
}

static void
test_sanitizer_clean_unwraps_unknown(void **state)
{
	(void)state;
	assert_cleaned("<form action=x><foo-bar onclick=y><button>a</button>"
		       "</foo-bar><font color=red>b</font></form>"
		       "<noscript><p>c</p></noscript>",
	    "ab<p>c</p>");
}

static void
test_sanitizer_clean_renames_old_elements(void **state)
{
	(void)state;
	assert_cleaned("<center>a</center><tt>b</tt><strike>c</strike>"
		       "<acronym title=d>d</acronym><xmp>e</xmp>",
	    "<div class=\"align-center\">a</div><code>b</code><s>c</s>"
	    "<abbr title=\"d\">d</abbr><div class=\"code\"><pre dir=\"ltr\" "
	    "tabindex=\"0\" role=\"group\" aria-label=\"Code\">e</pre></div>");
}

static void
test_sanitizer_clean_wants_the_right_parent(void **state)
{
	(void)state;
	assert_cleaned("<p><li>a</li><summary>b</summary><dt>c</dt>"
		       "<figcaption>d</figcaption><source src=e>"
		       "<td>f</td><caption>g</caption>",
	    "abcdfg");
}

static void
test_sanitizer_clean_classes_and_alignment(void **state)
{
	(void)state;
	assert_cleaned("<p class='x note note evil' align=CENTER>a</p>"
		       "<p style='color:red;text-align: right'>b</p>"
		       "<code class='language-c++ y'>c</code>"
		       "<code class='language-a\"b'>d</code>",
	    "<p class=\"note align-center\">a</p>"
	    "<p class=\"align-right\">b</p>"
	    "<code class=\"language-c++\">c</code><code>d</code>");
}

static void
test_sanitizer_clean_checks_values(void **state)
{
	(void)state;
	assert_cleaned(
	    "<ol start=\"x\" type=i><li value=\"-5\">a</ol>"
	    "<ol start=99999999 type=disc></ol>"
	    "<p lang=\"de_x\" dir=up>b</p><p lang=zh-Hant dir=RTL>c</p>",
	    "<ol type=\"i\"><li value=\"-5\">a</li></ol><ol></ol>"
	    "<p>b</p><p lang=\"zh-Hant\" dir=\"rtl\">c</p>");
}

/* ---- ids and headings ---- */

static void
test_sanitizer_clean_ids(void **state)
{
	(void)state;
	assert_cleaned("<p id=a>1</p><p id=a>2</p><p id='page-main'>3</p>"
		       "<p id='1x'>4</p><p id='b c'>5</p><a name=d>6</a>"
		       "<p id=Page-x>7</p>",
	    "<p id=\"a\">1</p><p>2</p><p>3</p><p>4</p><p>5</p>"
	    "<a id=\"d\">6</a><p>7</p>");
}

static char *
levels_of(const char *html)
{
	struct document document = clean_with(&OPTIONS, html);
	GString *levels = g_string_new(NULL);

	for (const char *found = strstr(document.html, "<h"); found != NULL;
	     found = strstr(found + 1, "<h"))
		g_string_append_c(levels, found[2]);
	document_release(&document);
	return g_string_free(levels, FALSE);
}

static void
test_sanitizer_clean_shifts_levels(void **state)
{
	g_autofree char *mixed =
	    levels_of("<h1>a</h1><h2>b</h2><h2>c</h2><h1>d</h1><h4>e</h4>");
	g_autofree char *late = levels_of("<h3>a</h3><h1>b</h1><h6>c</h6>");
	g_autofree char *deep = levels_of("<h1>a</h1><h2>b</h2><h3>c</h3>"
					  "<h4>d</h4><h5>e</h5><h6>f</h6>");

	(void)state;
	assert_string_equal(mixed, "23323");
	assert_string_equal(late, "223");
	assert_string_equal(deep, "234566");
}

static void
test_sanitizer_clean_anchors(void **state)
{
	(void)state;
	assert_cleaned("<h2>A &amp; B</h2><h2>a b</h2><h2>!</h2>"
		       "<h2>Page 2</h2><h2>C {#own-id}</h2><h2></h2>",
	    "<h2 id=\"a-b\">A &amp; B <a class=\"anchor\" href=\"#a-b\" "
	    "aria-label=\"Link to this section\">#</a></h2>"
	    "<h2 id=\"a-b-2\">a b <a class=\"anchor\" href=\"#a-b-2\" "
	    "aria-label=\"Link to this section\">#</a></h2>"
	    "<h2 id=\"section\">! <a class=\"anchor\" href=\"#section\" "
	    "aria-label=\"Link to this section\">#</a></h2>"
	    "<h2 id=\"section-page-2\">Page 2 <a class=\"anchor\" "
	    "href=\"#section-page-2\" "
	    "aria-label=\"Link to this section\">#</a></h2>"
	    "<h2 id=\"own-id\">C <a class=\"anchor\" href=\"#own-id\" "
	    "aria-label=\"Link to this section\">#</a></h2>");
}

static void
test_sanitizer_clean_anchor_yields_to_author(void **state)
{
	struct document document =
	    clean_with(&OPTIONS, "<h2>Foo</h2><p id=foo>x</p>");

	(void)state;
	assert_non_null(strstr(document.html, "<h2 id=\"foo-2\">"));
	assert_non_null(strstr(document.html, "<p id=\"foo\">"));
	document_release(&document);
}

static void
test_sanitizer_clean_finds_meant_anchor(void **state)
{
	struct document document = clean_with(&OPTIONS,
	    "<a href='#What-s_New'>a</a><a href='#none'>b</a>"
	    "<a href='#'>c</a><h2>What's new?</h2>");

	(void)state;
	assert_non_null(strstr(document.html, "<a href=\"#whats-new\">a"));
	assert_non_null(strstr(document.html, "<a href=\"#none\">b"));
	assert_int_equal(document.warnings->len, 1);
	assert_warned(&document, 0, 0, "#none");
	document_release(&document);
}

static void
test_sanitizer_clean_contents(void **state)
{
	struct document document = clean_with(&OPTIONS,
	    "<h1>A <code>x&lt;y</code></h1><h2><a href=/z>B</a></h2>"
	    "<h5>C</h5><h1>D</h1><blockquote><h2>no</h2></blockquote>");

	(void)state;
	assert_string_equal(document.contents_html,
	    "<ol><li><a href=\"#a-x-y\">A <code>x&lt;y</code></a>"
	    "<ol><li><a href=\"#b\">B</a><ol><li><a href=\"#c\">C</a></li>"
	    "</ol></li></ol></li><li><a href=\"#d\">D</a></li></ol>");
	document_release(&document);
}

static void
test_sanitizer_clean_no_contents_of_two(void **state)
{
	struct document document = clean_with(&OPTIONS, "<h2>a</h2><h2>b</h2>");

	(void)state;
	assert_string_equal(document.contents_html, "");
	document_release(&document);
}

static void
test_sanitizer_clean_many_equal_headings(void **state)
{
	g_autofree char *html = repeat("<h2>a</h2><h3></h3>", 20000);
	gint64 start = g_get_monotonic_time();
	struct document document = clean_with(&OPTIONS, html);

	(void)state;
	assert_non_null(strstr(document.html, "id=\"a-20000\""));
	assert_true(g_get_monotonic_time() - start < 10 * G_USEC_PER_SEC);
	document_release(&document);
}

/* A note that is written twice has its id once. */
static void
test_sanitizer_clean_notes_have_one_id(void **state)
{
	static const char NOTES[] =
	    "<section data-footnotes><ol><li id=fn-1>b</li>"
	    "<li id=fn-1>c</li></ol></section>";
	g_autofree char *html =
	    g_strconcat("<a data-footnote-ref href='#fn-1'>1</a>", NOTES, NULL);
	struct document document = clean_with(&OPTIONS, html);

	(void)state;
	assert_non_null(strstr(document.html, "<li id=\"fn-1\">b"));
	assert_non_null(strstr(document.html, "<li>c"));
	assert_non_null(strstr(document.html, "id=\"fnref-1\""));
	document_release(&document);
}

static void
test_sanitizer_clean_anchors_keep_off_reserved(void **state)
{
	struct document document = clean_with(&OPTIONS,
	    "<h2>Page</h2><h2>Page</h2><h2>fn</h2><h2>fn 2</h2>"
	    "<h2>Fn traits</h2><h2>Pages</h2>");

	(void)state;
	assert_non_null(strstr(document.html, "id=\"section-page\""));
	assert_non_null(strstr(document.html, "id=\"section-page-2\""));
	assert_non_null(strstr(document.html, "id=\"section-fn\""));
	assert_non_null(strstr(document.html, "id=\"section-fn-2\""));
	assert_non_null(strstr(document.html, "id=\"fn-traits\""));
	assert_non_null(strstr(document.html, "id=\"pages\""));
	document_release(&document);
}

/* What is written must be read again as the tree that was walked. */
static void
test_sanitizer_clean_paragraph_with_block(void **state)
{
	(void)state;
	assert_cleaned("<p>a<b id=x><object><div>b</div></object></b>",
	    "<div>a<b id=\"x\"><div>b</div></b></div>");
	assert_cleaned("<a href=/x>a<table><td><a href=/y>b</a></table></a>",
	    "<a href=\"/base/x\">a<div class=\"table\" tabindex=\"0\" "
	    "role=\"group\" aria-label=\"Table\"><table><tbody><tr><td>b</td>"
	    "</tr></tbody></table></div></a>");
}

/* ---- code and tables ---- */

static void
test_sanitizer_clean_code(void **state)
{
	(void)state;
	assert_cleaned("<pre><code class=\"language-rust,ignore\">a &lt; b\n"
		       "</code></pre>",
	    "<div class=\"code\" data-language=\"Rust\">"
	    "<span class=\"code-language\">Rust</span>"
	    "<pre dir=\"ltr\" tabindex=\"0\" role=\"group\" "
	    "aria-label=\"Rust code\"><code class=\"language-rust\">"
	    "a &lt; b\n</code></pre></div>");
	assert_cleaned("<pre><code>a\f<\tb&#1;</code></pre>",
	    "<div class=\"code\"><pre dir=\"ltr\" tabindex=\"0\" "
	    "role=\"group\" aria-label=\"Code\"><code>a&lt;\tb</code></pre>"
	    "</div>");
	assert_cleaned("<pre>\n\na<b>b</b></pre>",
	    "<div class=\"code\"><pre dir=\"ltr\" tabindex=\"0\" "
	    "role=\"group\" aria-label=\"Code\">\n\na<b>b</b></pre></div>");
	assert_cleaned("<pre><code>a <em onclick=x>b</em></code></pre>",
	    "<div class=\"code\"><pre dir=\"ltr\" tabindex=\"0\" "
	    "role=\"group\" aria-label=\"Code\"><code>a <em>b</em></code>"
	    "</pre></div>");
}

static void
test_sanitizer_clean_tables(void **state)
{
	(void)state;
	assert_cleaned(
	    "<table border=1><caption>T &amp; U</caption><colgroup>"
	    "<col span=2></colgroup><thead><tr><th align=right>a<th></th></tr>"
	    "</thead><tr><td colspan=2 rowspan=x bgcolor=red>b</table>",
	    "<div class=\"table\" tabindex=\"0\" role=\"group\" "
	    "aria-label=\"T &amp; U\"><table><caption>T &amp; U</caption>"
	    "<colgroup><col span=\"2\"></colgroup><thead><tr>"
	    "<th class=\"align-right\" scope=\"col\">a</th><td></td></tr>"
	    "</thead><tbody><tr><td colspan=\"2\">b</td></tr></tbody></table>"
	    "</div>");
}

/* ---- forms and gauges ---- */

static void
test_sanitizer_clean_check_boxes(void **state)
{
	(void)state;
	assert_cleaned("<ul><li><input type=checkbox checked> a</li>"
		       "<li><p><input type=checkbox> b</p></li>"
		       "<li><input type=text value=x></li></ul>"
		       "<div><input type=checkbox></div>",
	    "<ul><li class=\"task\"><input type=\"checkbox\" disabled=\"\" "
	    "checked=\"\" aria-label=\"done\"> a</li><li><p><input "
	    "type=\"checkbox\" disabled=\"\" aria-label=\"to do\"> b</p></li>"
	    "<li></li></ul><div></div>");
}

static void
test_sanitizer_clean_gauges_have_names(void **state)
{
	(void)state;
	assert_cleaned("<progress value=3 max=10>3</progress>"
		       "<meter value=0.5 aria-label=Load></meter>"
		       "<progress></progress>",
	    "<progress value=\"3\" max=\"10\" aria-label=\"3 of 10\">3"
	    "</progress><meter value=\"0.5\" aria-label=\"Load\"></meter>"
	    "<progress aria-label=\"Progress\"></progress>");
}

/* ---- what is derived ---- */

static void
test_sanitizer_clean_text_and_excerpt(void **state)
{
	struct document document = clean_with(&OPTIONS,
	    "<h1>Title</h1><table><tr><td>cell</table><p>One <b>tw</b>o.</p>"
	    "<pre><code>code here</code></pre><p>Three<!-- more -->four</p>");

	(void)state;
	assert_string_equal(
	    document.text, "Title\ncell\nOne two.\ncode here\nThreefour\n");
	assert_string_equal(document.excerpt, "One two. Three");
	assert_int_equal(document.word_count, 7);
	assert_int_equal(document.minutes, 1);
	document_release(&document);
}

static void
test_sanitizer_clean_excerpt_is_short(void **state)
{
	g_autofree char *words = repeat("w\xc3\xb6rd ", 100);
	g_autofree char *html = g_strdup_printf("<p>%s</p>", words);
	struct document document = clean_with(&OPTIONS, html);
	glong length = g_utf8_strlen(document.excerpt, -1);

	(void)state;
	assert_true(length > 190 && length <= 200);
	assert_false(g_str_has_suffix(document.excerpt, " "));
	document_release(&document);
}

static void
test_sanitizer_clean_excerpt_ends_at_heading(void **state)
{
	struct document document =
	    clean_with(&OPTIONS, "<p>Before.</p><h2>Head</h2><p>After.</p>");
	struct document list =
	    clean_with(&OPTIONS, "<ul><li>only</li><li>items</li></ul>");

	(void)state;
	assert_string_equal(document.excerpt, "Before.");
	assert_string_equal(list.excerpt, "only items");
	document_release(&document);
	document_release(&list);
}

/* ---- bounds ---- */

static void
test_sanitizer_clean_deep_nesting(void **state)
{
	g_autofree char *fits = repeat("<div>", 250);
	g_autofree char *deep = repeat("<div>", 300);
	g_autofree char *very_deep = repeat("<b>", 20000);
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	(void)state;
	assert_int_equal(status_of(fits, NO_LIMIT, NULL), STATUS_OK);
	assert_int_equal(status_of(deep, NO_LIMIT, &first), STATUS_TOO_LARGE);
	assert_non_null(strstr(first, "256 deep"));
	assert_int_equal(
	    status_of(very_deep, NO_LIMIT, &second), STATUS_TOO_LARGE);
}

/* Each paragraph opens all bold elements again, however many there are. */
static void
test_sanitizer_clean_multiplying_tree(void **state)
{
	GString *html = g_string_new(NULL);
	g_autofree char *message = NULL;

	(void)state;
	g_string_append(html, "<p>");
	for (int i = 0; i < 200; i++)
		g_string_append_printf(html, "<b title=%d>", i);
	for (int i = 0; i < 20000; i++)
		g_string_append(html, "<p>x");
	assert_int_equal(
	    status_of(html->str, NO_LIMIT, &message), STATUS_TOO_LARGE);
	assert_non_null(strstr(message, "memory"));
	(void)g_string_free(html, TRUE);
}

static void
test_sanitizer_clean_max_output(void **state)
{
	g_autofree char *html = repeat("<p>0123456789</p>", 100);
	g_autofree char *message = NULL;

	(void)state;
	assert_int_equal(status_of(html, 1700, NULL), STATUS_OK);
	assert_int_equal(status_of(html, 1699, &message), STATUS_TOO_LARGE);
}

static void
test_sanitizer_clean_few_warnings(void **state)
{
	g_autofree char *html = repeat("<img src=x>", 1000);
	struct document document = clean_with(&OPTIONS, html);

	(void)state;
	assert_int_equal(document.warnings->len, 100);
	document_release(&document);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sanitizer_clean_keeps_text_level),
		cmocka_unit_test(test_sanitizer_clean_keeps_blocks),
		cmocka_unit_test(test_sanitizer_clean_escapes_text),
		cmocka_unit_test(test_sanitizer_clean_drops_scripts),
		cmocka_unit_test(test_sanitizer_clean_unwraps_unknown),
		cmocka_unit_test(test_sanitizer_clean_renames_old_elements),
		cmocka_unit_test(test_sanitizer_clean_wants_the_right_parent),
		cmocka_unit_test(test_sanitizer_clean_classes_and_alignment),
		cmocka_unit_test(test_sanitizer_clean_checks_values),
		cmocka_unit_test(test_sanitizer_clean_ids),
		cmocka_unit_test(test_sanitizer_clean_shifts_levels),
		cmocka_unit_test(test_sanitizer_clean_anchors),
		cmocka_unit_test(test_sanitizer_clean_anchor_yields_to_author),
		cmocka_unit_test(test_sanitizer_clean_finds_meant_anchor),
		cmocka_unit_test(test_sanitizer_clean_contents),
		cmocka_unit_test(test_sanitizer_clean_no_contents_of_two),
		cmocka_unit_test(test_sanitizer_clean_many_equal_headings),
		cmocka_unit_test(test_sanitizer_clean_notes_have_one_id),
		cmocka_unit_test(
		    test_sanitizer_clean_anchors_keep_off_reserved),
		cmocka_unit_test(test_sanitizer_clean_paragraph_with_block),
		cmocka_unit_test(test_sanitizer_clean_code),
		cmocka_unit_test(test_sanitizer_clean_tables),
		cmocka_unit_test(test_sanitizer_clean_check_boxes),
		cmocka_unit_test(test_sanitizer_clean_gauges_have_names),
		cmocka_unit_test(test_sanitizer_clean_text_and_excerpt),
		cmocka_unit_test(test_sanitizer_clean_excerpt_is_short),
		cmocka_unit_test(test_sanitizer_clean_excerpt_ends_at_heading),
		cmocka_unit_test(test_sanitizer_clean_deep_nesting),
		cmocka_unit_test(test_sanitizer_clean_multiplying_tree),
		cmocka_unit_test(test_sanitizer_clean_max_output),
		cmocka_unit_test(test_sanitizer_clean_few_warnings),
	};

	return cmocka_run_group_tests_name("sanitizer", tests, NULL, NULL);
}
