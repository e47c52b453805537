/*
 * document.c - Markdown in, a safe document out: the order of the steps and
 * the bounds between them.
 */
#include "config.h"

#include "content/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "content/markdown.h"
#include "content/renderer.h"
#include "content/sanitizer.h"
#include "document_lists.h"

static void
release_warning(void *data)
{
	struct document_warning *warning = data;

	g_free(warning->message);
}

static void
release_reference(void *data)
{
	struct document_reference *reference = data;

	g_free(reference->reference);
	g_free(reference->url);
}

GArray *
document_new_warnings(void)
{
	GArray *warnings =
	    g_array_new(FALSE, FALSE, sizeof(struct document_warning));

	g_array_set_clear_func(warnings, release_warning);
	return warnings;
}

GArray *
document_new_references(void)
{
	GArray *references =
	    g_array_new(FALSE, FALSE, sizeof(struct document_reference));

	g_array_set_clear_func(references, release_reference);
	return references;
}

static uint32_t
line_at(const char *text, size_t offset)
{
	uint32_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n' ? 1 : 0;
	return line;
}

enum status
document_render(const struct document_options *options, const char *source,
    const char *markdown, size_t size, struct document *out_document,
    GError **error)
{
	size_t max_output = RENDERER_MAX_OUTPUT(size), offset, html_size;
	char *html;
	enum status status;

	if (size > RENDERER_MAX_INPUT) {
		return status_fail(error, STATUS_TOO_LARGE,
		    "is larger than %zu KB: split it into parts",
		    RENDERER_MAX_INPUT / 1024);
	}
	if (!text_is_valid_utf8(markdown, size, &offset)) {
		return status_fail(error, STATUS_INVALID,
		    "line %u: is not UTF-8 text: save the file as UTF-8",
		    line_at(markdown, offset));
	}
	status = markdown_to_html(
	    markdown, size, max_output, &html, &html_size, error);
	if (status != STATUS_OK)
		return status;
	status = sanitizer_clean(
	    options, source, html, html_size, max_output, out_document, error);
	free(html);
	return status;
}

void
document_release(struct document *document)
{
	g_free(document->html);
	g_free(document->contents_html);
	g_free(document->text);
	g_free(document->excerpt);
	g_clear_pointer(&document->references, g_array_unref);
	g_clear_pointer(&document->warnings, g_array_unref);
	*document = (struct document){ 0 };
}
