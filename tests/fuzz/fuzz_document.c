/*
 * fuzz_document.c - any bytes as Markdown: no memory error, and what comes out
 * is safe. Time is not looked at here: renderer.h bounds it.
 */
#include "config.h"

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "content/document.h"
#include "content/renderer.h"
#include "safe_html.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const HOSTS[] = { "youtube.com", NULL };
	const struct document_options options = { .base_path = "/blog",
		.iframe_hosts = HOSTS };
	g_autofree char *markdown = g_memdup2(bytes, size);
	g_autoptr(GError) error = NULL;
	struct document document;

	if (document_render(
		&options, NULL, markdown, size, &document, &error) != STATUS_OK)
		return 0;
	if (safe_html_fault(document.html) != NULL ||
	    safe_html_fault(document.contents_html) != NULL ||
	    strlen(document.html) > RENDERER_MAX_OUTPUT(size) ||
	    g_utf8_strlen(document.excerpt, -1) > 200)
		abort();
	document_release(&document);
	return 0;
}
