/*
 * cleaned.c - see cleaned.h.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "cleaned.h"
#include "content/sanitizer.h"

static const char *const HOSTS[] = { "youtube.com", "*.example.org", NULL };

const struct document_options OPTIONS = {
	.base_path = "/base",
	.iframe_hosts = HOSTS,
};

struct document
clean_with(const struct document_options *options, const char *html)
{
	struct document document;

	assert_int_equal(sanitizer_clean(options, "post", html, strlen(html),
			     NO_LIMIT, &document, NULL),
	    STATUS_OK);
	return document;
}

void
assert_cleaned_with(const struct document_options *options, const char *html,
    const char *expected)
{
	struct document document = clean_with(options, html);

	assert_string_equal(document.html, expected);
	document_release(&document);
}

void
assert_cleaned(const char *html, const char *expected)
{
	assert_cleaned_with(&OPTIONS, html, expected);
}

void
assert_warned(const struct document *document, unsigned index, uint32_t line,
    const char *words)
{
	const struct document_warning *warning;

	assert_true(document->warnings->len > index);
	warning =
	    &g_array_index(document->warnings, struct document_warning, index);
	assert_non_null(strstr(warning->message, words));
	assert_int_equal(warning->line, line);
}
