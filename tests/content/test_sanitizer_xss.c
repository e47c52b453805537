/*
 * test_sanitizer_xss.c - thousands of ways to run a script in a reader's
 * browser, each written as HTML and as Markdown, and none of which may work.
 *
 * The payloads are made by families: every scheme in every spelling in every
 * attribute of every element, and so on. What comes out is judged by
 * safe_html.h, never by comparing.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "content/document.h"
#include "content/sanitizer.h"
#include "safe_html.h"

/* At least as many as requirement 17 asks for. */
#define WANTED_PAYLOADS 500

static const char *const HOSTS[] = { "youtube.com", NULL };
static const struct document_options OPTIONS = { .base_path = "",
	.iframe_hosts = HOSTS };

/* Each is a whole script address in another disguise. */
static const char *const SCRIPT_ADDRESSES[] = {
	"javascript:alert(1)",
	"JaVaScRiPt:alert(1)",
	" javascript:alert(1)",
	"\x0b"
	"javascript:alert(1)",
	"java\tscript:alert(1)",
	"java\nscript:alert(1)",
	"java\r\nscript:alert(1)",
	"java&#9;script:alert(1)",
	"java&#x0A;script:alert(1)",
	"java&Tab;script:alert(1)",
	"java&NewLine;script:alert(1)",
	"javascript&colon;alert(1)",
	"javascript&#58;alert(1)",
	"javascript&#x3a;alert(1)",
	"&#106;&#97;&#118;&#97;script:alert(1)",
	"&#x6A&#x61&#x76&#x61script:alert(1)",
	"&#0000106avascript:alert(1)",
	"&#1;javascript:alert(1)",
	"&#14;  javascript:alert(1)",
	"&#x2028;javascript:alert(1)",
	"\xc2\xa0javascript:alert(1)",
	"\xef\xbb\xbfjavascript:alert(1)",
	"javascript\xef\xbc\x9a"
	"alert(1)",
	"java\\script:alert(1)",
	"java\0script:alert(1)",
	"javascript://x.y/%0aalert(1)",
	"javascript:/*--></title></style></script><svg onload=alert(1)>",
	"vbscript:msgbox(1)",
	"livescript:x",
	"mocha:x",
	"data:text/html,<script>alert(1)</script>",
	"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
	"data:image/svg+xml,<svg onload=alert(1)>",
	"DATA:text/html,x",
	"view-source:javascript:alert(1)",
	"feed:javascript:alert(1)",
	"jar:javascript:alert(1)!",
	"blob:https://x/y",
	"filesystem:https://x/y",
	"file:///etc/passwd",
	"about:blank",
	"intent:x",
	"ms-settings:x",
};

/* An element and the attribute through which it loads or leads. */
static const char *const CARRIERS[][2] = {
	{ "a", "href" },
	{ "a", "xlink:href" },
	{ "a", "ping" },
	{ "applet", "code" },
	{ "area", "href" },
	{ "audio", "src" },
	{ "base", "href" },
	{ "blockquote", "cite" },
	{ "body", "background" },
	{ "button", "formaction" },
	{ "del", "cite" },
	{ "embed", "src" },
	{ "form", "action" },
	{ "frame", "src" },
	{ "iframe", "src" },
	{ "iframe", "srcdoc" },
	{ "image", "src" },
	{ "img", "dynsrc" },
	{ "img", "lowsrc" },
	{ "img", "src" },
	{ "img", "srcset" },
	{ "input", "formaction" },
	{ "input", "src" },
	{ "isindex", "action" },
	{ "link", "href" },
	{ "object", "data" },
	{ "q", "cite" },
	{ "script", "src" },
	{ "source", "src" },
	{ "source", "srcset" },
	{ "svg", "href" },
	{ "table", "background" },
	{ "track", "src" },
	{ "video", "poster" },
	{ "video", "src" },
};

static const char *const EVENTS[] = { "onclick", "onload", "onerror",
	"onmouseover", "onfocus", "onblur", "ontoggle", "onstart",
	"onanimationstart", "onbegin", "onpointerrawupdate", "ONCLICK",
	"onBeforeToggle", "onscrollend" };

static const char *const EVENT_ELEMENTS[] = { "a", "b", "details", "div",
	"iframe", "img", "input", "li", "p", "pre", "svg", "table", "td",
	"video", "progress", "summary", "x-y", "marquee", "body", "style" };

/* %s is the event. How attributes are told apart, and how not. */
static const char *const EVENT_FORMS[] = {
	"<%s %s=alert(1)>x",
	"<%s/%s=alert(1)//>x",
	"<%s x='\"' %s='alert(1)'>x",
	"<%s x=\"'\" %s=\"alert(1)\">x",
	"<%s\n%s\n=\nalert(1)>x",
	"<%s title=\"a\"%s=alert(1)>x",
	"<%s title=`a %s=alert(1)`>x",
	"<%s title='a&#39; %s=alert(1) b=&#39;'>x",
};

/* Text that parsers read otherwise the second time. */
static const char *const CONTAINERS[] = { "title", "textarea", "style",
	"script", "xmp", "iframe", "noembed", "noframes", "noscript",
	"plaintext", "template", "math", "svg", "select", "math><mtext",
	"svg><style", "math><annotation-xml encoding=text/html",
	"svg><foreignObject", "svg><desc", "table", "table><caption", "p",
	"math><mi><table><mglyph><style", "form><math><mtext></form><form",
	"listing", "a href=x", "b", "ul", "details", "button", "object",
	"frameset", "option", "ruby><rt", "dialog", "portal" };

static const char *const INNER[] = {
	"<img src=x onerror=alert(1)>",
	"</title></style></textarea></script><img src=x onerror=alert(1)>",
	"<!--</style><img title=\"--><img src=x onerror=alert(1)>\">-->",
	"<img title=\"</style><img src=x onerror=alert(1)>\">",
	"<img alt=\"</noscript></template><svg onload=alert(1)>\">",
	"<![CDATA[<img src=x onerror=alert(1)>]]>",
	"&lt;script&gt;alert(1)&lt;/script&gt;",
	"<a title=\"</a><script>alert(1)</script>\" href=javascript:x>y</a>",
	"<script>alert(1)</script>",
	"<svg><script xlink:href=data:,alert(1) />",
};

/* What does not fit a family. */
static const char *const SINGLE[] = {
	"<script>alert(1)</script>",
	"<scr<script>ipt>alert(1)</scr</script>ipt>",
	"<ScRiPt\x0c>alert(1)</ScRiPt >",
	"<script/x>alert(1)</script>",
	"<<script>alert(1)//<</script>",
	"<script src=//x.y>",
	"<script\x0bsrc=x>",
	"</script><script>alert(1)</script>",
	"<svg/onload=alert(1)>",
	"<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
	"<svg><a xlink:href=javascript:alert(1)><text y=9>x</text></a></svg>",
	"<svg><use href='data:image/svg+xml,x#y'>",
	"<svg><set attributeName=href to=javascript:alert(1)>",
	"<math href=javascript:alert(1)>x</math>",
	"<math><maction actiontype=statusline xlink:href=javascript:x>y",
	"<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
	"<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
	"<link rel=stylesheet href=//x.y/z.css>",
	"<link rel=import href=x>",
	"<style>@import '//x.y/z.css';</style>",
	"<p style='background:url(javascript:alert(1))'>x",
	"<p style='width:expression(alert(1))'>x",
	"<p style='-moz-binding:url(x)'>x",
	"<div style='position:fixed;inset:0;z-index:9'>x</div>",
	"<p class='page-header' id='page-main'>x",
	"<form id=page-form><input name=parentNode></form>",
	"<a id=document name=cookie>x</a>",
	"<a href=x target=_blank rel=opener>x</a>",
	"<a href='//evil.example'>x</a>",
	"<a href=\"\\\\evil.example\">x</a>",
	"<a href='/\\evil.example'>x</a>",
	"<a href='https:evil.example'>x</a>",
	"<a href=\"x\" href=\"javascript:alert(1)\">x</a>",
	"<a href=`javascript:alert(1)`>x</a>",
	"<a href='x' \"onclick=alert(1)>x</a>",
	"<img src=\"x` `<script>alert(1)</script>\"` `>",
	"<img \"\"\"><script>alert(1)</script>\">",
	"<img src='x' alt='--><script>alert(1)</script>'>",
	"<img srcset='x,javascript:alert(1) 2x, data:x 3x'>",
	"<img src=x:x onerror=alert(1)>",
	"<image src=x onerror=alert(1)>",
	"<iframe src=https://youtube.com/ onload=alert(1) "
	"sandbox=allow-top-navigation allow=camera>",
	"<iframe srcdoc='<script>alert(1)</script>' src=https://youtube.com/>",
	"<iframe src='https://youtube.com.evil.example/'>",
	"<iframe src='https://youtube.com@evil.example/'>",
	"<iframe src='https://evil.example\\.youtube.com/'>",
	"<iframe src='https://evil.example#.youtube.com/'>",
	"<iframe src='https://youtube.com\t@evil.example/'>",
	"<object data=data:text/html,x></object>",
	"<object><param name=src value=javascript:alert(1)></object>",
	"<embed src=//x.y/z.swf AllowScriptAccess=always>",
	"<applet code=x archive=//y/z.jar></applet>",
	"<base href=//evil.example/>",
	"<portal src=https://evil.example>",
	"<input type=image src=x onerror=alert(1)>",
	"<input autofocus onfocus=alert(1)>",
	"<ul><li><input type=checkbox onclick=alert(1) form=x></ul>",
	"<button formaction=javascript:alert(1)>x",
	"<select><script>alert(1)</script></select>",
	"<keygen autofocus onfocus=alert(1)>",
	"<isindex action=javascript:alert(1) type=image>",
	"<video><source onerror=alert(1)></video>",
	"<video src=x autoplay onloadstart=alert(1)>",
	"<audio src=x onerror=alert(1)>",
	"<details open ontoggle=alert(1)>x</details>",
	"<dialog open onclose=alert(1)>x</dialog>",
	"<marquee onstart=alert(1)>x</marquee>",
	"<body onload=alert(1)>",
	"<html onmouseover=alert(1)>",
	"<frameset onload=alert(1)>",
	"<table><tr><td background=javascript:alert(1)>x</table>",
	"<xss style=behavior:url(x)>",
	"<?xml version=1.0?><html:script>alert(1)</html:script>",
	"<!--><script>alert(1)</script>-->",
	"<!--[if IE]><script>alert(1)</script><![endif]-->",
	"<!-- --!><script>alert(1)</script>-->",
	"<!doctype html [<!ENTITY x \"<script>\">]>&x;",
	"<a href=javas&#99;ript:alert(1)>x</a>",
	"<a\x0bhref=javascript:alert(1)>x</a>",
	"<a/href=javascript:alert(1)>x</a>",
	"<a href=\"&#x1;javascript:alert(1)\">x</a>",
	"<a href=\"jav\xe2\x80\x8b"
	"ascript:alert(1)\">x</a>",
	"<a href=\"https://x\" onclick\x0c=alert(1)>x</a>",
	"<p title='&quot;><script>alert(1)</script>'>x",
	"<p title='&#34;&#62;&#60;script&#62;'>x",
	"<p lang='\"><script>alert(1)</script>'>x",
	"<p dir=\"rtl' onclick='alert(1)\">x",
	"<ol start='1\" onclick=\"alert(1)'><li>x</ol>",
	"<ol type='a\" onclick=\"alert(1)'><li>x</ol>",
	"<td headers='a\" onclick=\"b'>x",
	"<h2 id='\" onclick=alert(1)'>x</h2>",
	"<h2>x {#a\" onclick=\"b}</h2><h2>y</h2><h2>z</h2>",
	"<h2><script>alert(1)</script>a<img src=x onerror=y alt='<b>'></h2>"
	"<h2>b</h2><h2>c</h2>",
	"<pre><code class='language-\"><script>x</script>'>y</code></pre>",
	"<pre class='lang-\" onclick=\"'><code>y</code></pre>",
	"<section data-footnotes><ol><li id='fn-\"x'>y</ol></section>"
	"<a data-footnote-ref href='#fn-\"x'>z</a>",
	"<a data-footnote-backref href=javascript:alert(1)>x</a>",
	"<a data-footnote-ref href=javascript:alert(1) onclick=x>y</a>",
	"<caption onclick=x>y</caption>",
	"<table><caption>\"><script>x</script></caption></table>",
	"<progress value='1\" onclick=\"x' max=javascript:y></progress>",
	"<img src=x width='1\" onclick=\"y' height=1e9>",
	"<time datetime='\"><script>x</script>'>y</time>",
	"<p data-sourcepos='99999999999999999999:1'>x",
	"<!--line -5--><p>x",
	"<!--more--><script>x</script>",
};

/* What Markdown itself turns into links. */
static const char *const MARKDOWN_FORMS[] = {
	"[x](%s)",
	"[x](<%s>)",
	"![x](%s)",
	"<%s>",
	"[x][y]\n\n[y]: %s",
	"[x]: <%s> \"t\"\n\n[x]",
	"[![x](%s)](%s)",
	"| a |\n|---|\n| [x](%s) |",
	"[^1]\n\n[^1]: [x](%s)",
	"# [x](%s)\n# b\n# c",
};

static void
check_clean(const char *html, const char *payload)
{
	g_autofree char *fault = safe_html_fault(html);

	if (fault != NULL) {
		fail_msg("%s\nin: %s\nfrom: %s", fault, html, payload);
	}
}

static void
check_document(const struct document *document, const char *payload)
{
	struct document again;

	check_clean(document->html, payload);
	check_clean(document->contents_html, payload);
	assert_int_equal(sanitizer_clean(&OPTIONS, NULL, document->html,
			     strlen(document->html), SIZE_MAX, &again, NULL),
	    STATUS_OK);
	check_clean(again.html, payload);
	document_release(&again);
}

static void
check_html(const char *payload)
{
	struct document document;

	assert_int_equal(sanitizer_clean(&OPTIONS, NULL, payload,
			     strlen(payload), SIZE_MAX, &document, NULL),
	    STATUS_OK);
	check_document(&document, payload);
	document_release(&document);
}

static void
check_markdown(const char *payload)
{
	struct document document;

	assert_int_equal(document_render(&OPTIONS, NULL, payload,
			     strlen(payload), &document, NULL),
	    STATUS_OK);
	check_document(&document, payload);
	document_release(&document);
}

/* As HTML, as a block in Markdown, and inside a line of it. */
static void
check(const char *payload)
{
	g_autofree char *inside = g_strdup_printf("a *b* %s c", payload);

	check_html(payload);
	check_markdown(payload);
	check_markdown(inside);
}

static unsigned
check_addresses(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(CARRIERS); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(SCRIPT_ADDRESSES); j++) {
			g_autofree char *quoted =
			    g_strdup_printf("<%s %s=\"%s\">x</%s>",
				CARRIERS[i][0], CARRIERS[i][1],
				SCRIPT_ADDRESSES[j], CARRIERS[i][0]);
			g_autofree char *inside = g_strdup_printf(
			    "<video><%s %s='%s'></video>", CARRIERS[i][0],
			    CARRIERS[i][1], SCRIPT_ADDRESSES[j]);

			check(quoted);
			check(inside);
			count += 2;
		}
	}
	return count;
}

static unsigned
check_events(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(EVENT_FORMS); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(EVENT_ELEMENTS); j++) {
			const char *event =
			    EVENTS[(i + j) % G_N_ELEMENTS(EVENTS)];
			g_autoptr(GString) payload =
			    g_string_new(EVENT_FORMS[i]);

			(void)g_string_replace(payload, "<%s", "<ELEMENT", 1);
			(void)g_string_replace(payload, "%s", event, 1);
			(void)g_string_replace(
			    payload, "ELEMENT", EVENT_ELEMENTS[j], 1);
			check(payload->str);
			count += 1;
		}
	}
	return count;
}

static unsigned
check_containers(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(CONTAINERS); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(INNER); j++) {
			g_autofree char *open =
			    g_strdup_printf("<%s>%s", CONTAINERS[i], INNER[j]);
			g_autofree char *nested = g_strdup_printf(
			    "<%s><%s>%s</%s><p>z", CONTAINERS[i],
			    CONTAINERS[(i + 7) % G_N_ELEMENTS(CONTAINERS)],
			    INNER[j], CONTAINERS[i]);

			check(open);
			check(nested);
			count += 2;
		}
	}
	return count;
}

static unsigned
check_markdown_links(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(MARKDOWN_FORMS); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(SCRIPT_ADDRESSES); j++) {
			g_autoptr(GString) payload =
			    g_string_new(MARKDOWN_FORMS[i]);

			(void)g_string_replace(
			    payload, "%s", SCRIPT_ADDRESSES[j], 0);
			check_markdown(payload->str);
			count += 1;
		}
	}
	return count;
}

static void
test_sanitizer_clean_script_addresses(void **state)
{
	(void)state;
	assert_true(check_addresses() > WANTED_PAYLOADS);
}

static void
test_sanitizer_clean_event_handlers(void **state)
{
	(void)state;
	assert_true(check_events() > 100);
}

static void
test_sanitizer_clean_texts_read_twice(void **state)
{
	(void)state;
	assert_true(check_containers() > WANTED_PAYLOADS);
}

static void
test_document_render_markdown_links(void **state)
{
	(void)state;
	assert_true(check_markdown_links() > 100);
}

static void
test_sanitizer_clean_single_payloads(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(SINGLE); i++) {
		check(SINGLE[i]);
	}
}

/* The judge must be able to say no. */
static void
test_safe_html_fault_finds_faults(void **state)
{
	static const char *const BAD[] = { "<script></script>",
		"<p onclick=\"x\">", "<p class=x>", "<p\nclass=\"x\">", "a>b",
		"a\"b", "&copy;", "<!--x-->", "<P>",
		"<a href=\"javascript:x\">", "<a href=\" java\tscript:x\">",
		"<img src=\"mailto:a\">", "<p id=\"a\"></p><p id=\"a\"></p>",
		"<p id=\"page-x\">", "<svg></svg>", "<x-y></x-y>",
		"<p style=\"x\">", "<h1></h1>", "<img srcset=\"data:x\">",
		"\x01" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(BAD); i++) {
		g_autofree char *fault = safe_html_fault(BAD[i]);

		if (fault == NULL) {
			fail_msg("no fault found in %s", BAD[i]);
		}
	}
	assert_null(safe_html_fault("<p class=\"x\">a &amp; b</p>\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe_html_fault_finds_faults),
		cmocka_unit_test(test_sanitizer_clean_single_payloads),
		cmocka_unit_test(test_sanitizer_clean_script_addresses),
		cmocka_unit_test(test_sanitizer_clean_event_handlers),
		cmocka_unit_test(test_sanitizer_clean_texts_read_twice),
		cmocka_unit_test(test_document_render_markdown_links),
	};

	return cmocka_run_group_tests_name("sanitizer_xss", tests, NULL, NULL);
}
