/*
 * fuzz_sanitizer.c - any text as HTML: what comes out is safe, and stays so
 * when it is cleaned again.
 */
#include "config.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "content/sanitizer.h"
#include "safe_html.h"

#define MAX_OUTPUT ((size_t)4 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(const struct document_options *options, const char *html, int rounds)
{
	struct document document;

	if (sanitizer_clean(options, NULL, html, strlen(html), MAX_OUTPUT,
		&document, NULL) != STATUS_OK)
		return;
	if (safe_html_fault(document.html) != NULL)
		abort();
	if (rounds > 1)
		check(options, document.html, rounds - 1);
	document_release(&document);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const HOSTS[] = { "youtube.com", NULL };
	const struct document_options options = { .base_path = "",
		.iframe_hosts = HOSTS };
	g_autofree char *html =
	    g_utf8_make_valid((const char *)bytes, (gssize)size);

	check(&options, html, 2);
	return 0;
}
