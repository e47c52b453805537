/*
 * test_sanitizer_links.c - where links, images and frames of HTML may lead, and
 * who is asked what they mean.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "cleaned.h"
#include "content/sanitizer.h"

static bool
resolve(const void *data, const char *source, const char *reference,
    enum link_kind kind, struct link_target *out_target)
{
	(void)data;
	assert_string_equal(source, "post");
	if (g_str_has_prefix(reference, "missing") ||
	    strcmp(reference, "/own") == 0)
		return false;
	if (g_str_has_prefix(reference, "refused")) {
		out_target->problem = "it is too large";
		return false;
	}
	*out_target = (struct link_target){
		.url = g_strdup_printf("/base/%s/%s",
		    kind == LINK_KIND_IMAGE ? "media" : "page", reference),
		.width = kind == LINK_KIND_IMAGE ? 400 : 0,
		.height = kind == LINK_KIND_IMAGE ? 300 : 0,
	};
	if (g_str_has_prefix(reference, "sizes")) {
		out_target->srcset = g_strdup("/m/a-480.png 480w");
		out_target->webp_srcset = g_strdup("/m/a-480.webp 480w");
	}
	return true;
}

static const struct link_resolver RESOLVER = { resolve, NULL };

static const struct document_options RESOLVING = {
	.base_path = "/base",
	.resolver = &RESOLVER,
};

static void
test_sanitizer_clean_links(void **state)
{
	(void)state;
	assert_cleaned("<a href=' https://a.b/c d' target=_blank>1</a>"
		       "<a href=//a.b rel='nofollow x'>2</a>"
		       "<a href=/own>3</a><a href=mailto:a@b.c>4</a>"
		       "<a href=\"java\tscript:x\">5</a><a href=''>6</a>"
		       "<a onclick=x>7</a><a href='/\\evil'>8</a>",
	    "<a href=\"https://a.b/c%20d\" rel=\"noopener\">1</a>"
	    "<a href=\"//a.b\" rel=\"noopener nofollow\">2</a>"
	    "<a href=\"/base/own\">3</a><a href=\"mailto:a@b.c\">4</a>567"
	    "<a href=\"/base/%5Cevil\">8</a>");
}

static void
assert_reference(const struct document *document, guint index,
    const char *reference, const char *url)
{
	const struct document_reference *found;

	assert_true(index < document->references->len);
	found = &g_array_index(
	    document->references, struct document_reference, index);
	assert_string_equal(found->reference, reference);
	assert_string_equal(found->url, url);
}

static void
test_sanitizer_clean_resolves(void **state)
{
	struct document document = clean_with(&RESOLVING,
	    "<a href=b.md>1</a><a href=/own>2</a><img src=c.png alt=3>"
	    "<img src=/d.png alt=4><img src=https://x.y/e.png alt=5>"
	    "<img src=missing.png alt=6><a href=b.md>7</a>");

	(void)state;
	assert_string_equal(document.html,
	    "<a href=\"/base/page/b.md\">1</a><a href=\"/base/own\">2</a>"
	    "<img src=\"/base/media/c.png\" alt=\"3\" width=\"400\" "
	    "height=\"300\" loading=\"lazy\" decoding=\"async\">"
	    "<img src=\"/base/media//d.png\" alt=\"4\" width=\"400\" "
	    "height=\"300\" loading=\"lazy\" decoding=\"async\">"
	    "<img src=\"https://x.y/e.png\" alt=\"5\" loading=\"lazy\" "
	    "decoding=\"async\"><img src=\"missing.png\" alt=\"6\" "
	    "loading=\"lazy\" decoding=\"async\">"
	    "<a href=\"/base/page/b.md\">7</a>");
	assert_int_equal(document.warnings->len, 1);
	assert_warned(&document, 0, 0, "missing.png");
	assert_reference(&document, 0, "b.md", "/base/page/b.md");
	assert_reference(&document, 1, "/own", "");
	assert_reference(&document, 2, "c.png", "/base/media/c.png");
	assert_reference(&document, 3, "/d.png", "/base/media//d.png");
	assert_reference(&document, 4, "missing.png", "");
	assert_int_equal(document.references->len, 5);
	document_release(&document);
}

/* In WebP too, unless the author says himself what else there is. */
static void
test_sanitizer_clean_images_in_several_sizes(void **state)
{
#define IMAGE                                                                  \
	"<img src=\"/base/media/sizes.png\" srcset=\"/m/a-480.png 480w\" "     \
	"sizes=\"(min-width: 42rem) 40rem, 100vw\" alt=\"1\" width=\"400\" "   \
	"height=\"300\" loading=\"lazy\" decoding=\"async\">"
	struct document document = clean_with(&RESOLVING,
	    "<img src=sizes.png alt=1><picture><img src=sizes.png alt=1>"
	    "</picture>");

	(void)state;
	assert_string_equal(document.html,
	    "<picture><source type=\"image/webp\" "
	    "srcset=\"/m/a-480.webp 480w\" "
	    "sizes=\"(min-width: 42rem) 40rem, 100vw\">" IMAGE "</picture>"
	    "<picture>" IMAGE "</picture>");
	document_release(&document);
#undef IMAGE
}

static void
test_sanitizer_clean_says_why_nothing_was_found(void **state)
{
	struct document document = clean_with(&RESOLVING,
	    "<a href=refused.zip>1</a><img src=refused.png alt=2>"
	    "<a href=missing.zip>3</a>");

	(void)state;
	assert_string_equal(document.html,
	    "<a href=\"refused.zip\">1</a><img src=\"refused.png\" alt=\"2\" "
	    "loading=\"lazy\" decoding=\"async\">"
	    "<a href=\"missing.zip\">3</a>");
	assert_int_equal(document.warnings->len, 2);
	assert_warned(&document, 0, 0, "it is too large: refused.zip");
	assert_warned(&document, 1, 0, "it is too large: refused.png");
	document_release(&document);
}

static void
test_sanitizer_clean_image_sizes(void **state)
{
	(void)state;
	assert_cleaned_with(&RESOLVING,
	    "<img src=a alt=x width=200><img src=a alt=x height=30px>"
	    "<img src=a alt=x width=50%><img src=a alt=x width=7 height=8>",
	    "<img src=\"/base/media/a\" alt=\"x\" width=\"200\" "
	    "height=\"150\" loading=\"lazy\" decoding=\"async\">"
	    "<img src=\"/base/media/a\" alt=\"x\" width=\"40\" "
	    "height=\"30\" loading=\"lazy\" decoding=\"async\">"
	    "<img src=\"/base/media/a\" alt=\"x\" width=\"400\" "
	    "height=\"300\" loading=\"lazy\" decoding=\"async\">"
	    "<img src=\"/base/media/a\" alt=\"x\" width=\"7\" "
	    "height=\"8\" loading=\"lazy\" decoding=\"async\">");
}

static void
test_sanitizer_clean_image_without_words(void **state)
{
	struct document document =
	    clean_with(&OPTIONS, "<!--line 7-->\n<img src=https://a.b/c>");

	(void)state;
	assert_string_equal(document.html,
	    "\n<img src=\"https://a.b/c\" alt=\"\" loading=\"lazy\" "
	    "decoding=\"async\">");
	assert_warned(&document, 0, 8, "without a description");
	document_release(&document);
}

static void
test_sanitizer_clean_srcset(void **state)
{
	(void)state;
	assert_cleaned("<picture><source srcset='/a 1x, javascript:x 2x,"
		       "/b  2.5x' type=image/webp><source srcset='/c 9q'>"
		       "<img src=/d alt=x srcset='/e 300w, /f'></picture>",
	    "<picture><source srcset=\"/base/a 1x, /base/b 2.5x\" "
	    "type=\"image/webp\"><source><img src=\"/base/d\" alt=\"x\" "
	    "srcset=\"/base/e 300w, /base/f\" loading=\"lazy\" "
	    "decoding=\"async\"></picture>");
}

static void
test_sanitizer_clean_players(void **state)
{
	(void)state;
	assert_cleaned("<video src=/a autoplay onplay=x width=9 height=8 "
		       "poster=/p><track src=/t kind=captions srclang=en>b"
		       "</video><audio autoplay><source src=/c></audio>",
	    "<video controls=\"\" preload=\"metadata\" src=\"/base/a\" "
	    "width=\"9\" height=\"8\" poster=\"/base/p\"><track "
	    "src=\"/base/t\" kind=\"captions\" srclang=\"en\">b</video>"
	    "<audio controls=\"\" preload=\"metadata\"><source "
	    "src=\"/base/c\"></audio>");
}

#define FRAME_END                                                              \
	" loading=\"lazy\" sandbox=\"allow-scripts allow-same-origin "         \
	"allow-popups allow-presentation\" "                                   \
	"referrerpolicy=\"strict-origin-when-cross-origin\"></iframe>"

static void
test_sanitizer_clean_frames_of_listed_hosts(void **state)
{
	(void)state;
	assert_cleaned("<iframe src=https://www.youtube.com/embed/x width=9 "
		       "height=8 title=T onload=x srcdoc=y></iframe>"
		       "<iframe src=//a.example.org></iframe>",
	    "<iframe src=\"https://www.youtube.com/embed/x\" title=\"T\" "
	    "width=\"9\" height=\"8\"" FRAME_END
	    "<iframe src=\"https://a.example.org\" title=\"Embedded content "
	    "from a.example.org\" width=\"560\" height=\"315\"" FRAME_END);
}

static void
test_sanitizer_clean_other_frames_become_links(void **state)
{
	static const char *const ADDRESSES[] = {
		"http://youtube.com/x",
		"https://youtube.com.evil.example/",
		"https://evilyoutube.com/",
		"https://m.youtube.com/",
		"https://youtube.com@evil.example/",
		"https://youtube.com:444/",
		"https://youtube.com%2eevil.example/",
		"https://example.org/",
		"https://a.example.org.evil/",
		"https:/youtube.com/",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
		g_autofree char *html = g_strdup_printf(
		    "<iframe src=\"%s\"></iframe>", ADDRESSES[i]);
		g_autofree char *link =
		    g_strdup_printf("<a href=\"%s\" rel=\"noopener\">%s</a>",
			ADDRESSES[i], ADDRESSES[i]);

		assert_cleaned(html, link);
	}
	assert_cleaned("<iframe src=javascript:x></iframe><iframe></iframe>"
		       "<iframe srcdoc='<script>'></iframe>",
	    "");
}

static void
test_sanitizer_allows_address(void **state)
{
	static const char *const GOOD[] = { "", "a", "a/b:c", "/a", "//a",
		"#a:b", "?a:b", "http://a", "HTTPS://a", " https://a",
		"ht\ttps://a", "a%3Ab" };
	static const char *const BAD[] = { "javascript:x", "JavaScript:x",
		" javascript:x", "java\nscript:x", "\x01javascript:x",
		"java\x02script:x", "data:text/html,x", "vbscript:x", "tel:1",
		"ftp://a", "file:///a", "blob:x", "about:blank", "a b:c",
		"\xe2\x80\xa8javascript:x", "http\xc2\xa0:x", ":a" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(GOOD); i++) {
		assert_true(sanitizer_allows_address(GOOD[i], false));
		assert_true(sanitizer_allows_address(GOOD[i], true));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(BAD); i++) {
		assert_false(sanitizer_allows_address(BAD[i], false));
		assert_false(sanitizer_allows_address(BAD[i], true));
	}
	assert_true(sanitizer_allows_address("mailto:a@b.c", false));
	assert_false(sanitizer_allows_address("mailto:a@b.c", true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sanitizer_clean_links),
		cmocka_unit_test(test_sanitizer_clean_resolves),
		cmocka_unit_test(test_sanitizer_clean_images_in_several_sizes),
		cmocka_unit_test(
		    test_sanitizer_clean_says_why_nothing_was_found),
		cmocka_unit_test(test_sanitizer_clean_image_sizes),
		cmocka_unit_test(test_sanitizer_clean_image_without_words),
		cmocka_unit_test(test_sanitizer_clean_srcset),
		cmocka_unit_test(test_sanitizer_clean_players),
		cmocka_unit_test(test_sanitizer_clean_frames_of_listed_hosts),
		cmocka_unit_test(
		    test_sanitizer_clean_other_frames_become_links),
		cmocka_unit_test(test_sanitizer_allows_address),
	};

	return cmocka_run_group_tests_name("sanitizer", tests, NULL, NULL);
}
