/*
 * document.h - from what an author typed to safe HTML and all that is derived.
 *
 * Markdown -> HTML (markdown.h) -> parsed, filtered, enriched, written
 * (sanitizer.h) with coloured code (highlighter.h). document_render() does it
 * in this process and is for the renderer's child and for tests; everybody else
 * calls renderer.h, which bounds it.
 */
#ifndef CONTENT_DOCUMENT_H
#define CONTENT_DOCUMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct highlighter;

/* What an address written in a document turned out to be. */
struct link_target {
	char *url;              /* what to write instead; freed with g_free */
	uint32_t width, height; /* pixels of an image; 0: not known */
	/* Other sizes of an image, as the attribute srcset lists them, in its
	 * own format and in WebP; NULL: there are none. Freed with g_free. */
	char *srcset, *webp_srcset;
	const char *problem; /* borrowed from the resolver's data, or NULL */
};

enum link_kind {
	LINK_KIND_PAGE,
	LINK_KIND_IMAGE
};

/*
 * How addresses without a scheme are resolved: relative ones ("b.md#part",
 * "images/a.png", never "#part") and those of this site ("/images/a.png"; left
 * alone, they get the base path). `resolve` gets the address with percent
 * escapes in it (and entities decoded) and the document's source name; it
 * returns true and fills `out_target`, whose address is then written as it is
 * (so it holds the base path where one belongs), or false to leave the address
 * alone; then `problem` may say what the author is told of it ("file not
 * found"). It runs in the renderer's child: it may read memory that existed
 * when the renderer was made, and nothing else.
 */
struct link_resolver {
	bool (*resolve)(const void *data, const char *source,
	    const char *reference, enum link_kind kind,
	    struct link_target *out_target);
	const void *data;
};

struct document_options {
	const char
	    *base_path; /* "/blog" or ""; put before own path-absolute links */
	const char *const *iframe_hosts;      /* NULL-terminated; may be NULL */
	const struct link_resolver *resolver; /* may be NULL */
	struct highlighter *highlighter;      /* may be NULL: no colours */
};

/* Something the author should know; `line` is 0 when it is not known. */
struct document_warning {
	uint32_t line; /* in the Markdown, from 1 */
	char *message;
};

/* An address in the document that the resolver was asked for. */
struct document_reference {
	char *reference; /* as written */
	char *url; /* what was written instead; "" where it found nothing */
};

struct document {
	char *html;          /* safe */
	char *contents_html; /* nested <ol> of links to headings; "" under three
			      */
	char *text;          /* plain text, for searching */
	char *excerpt;       /* plain text, at most 200 characters */
	uint32_t word_count;
	uint32_t minutes;
	GArray *references; /* struct document_reference */
	GArray *warnings;   /* struct document_warning */
};

/*
 * Render `size` bytes of Markdown. `source` names the document for the resolver
 * (may be NULL). STATUS_INVALID: not UTF-8 (the message has the line);
 * STATUS_TOO_LARGE: over the bounds of renderer.h but for time. The caller
 * releases `out_document`.
 */
MUST_CHECK enum status document_render(const struct document_options *options,
    const char *source, const char *markdown, size_t size,
    struct document *out_document, GError **error);

void document_release(struct document *document);

#endif
