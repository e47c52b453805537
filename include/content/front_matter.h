/*
 * front_matter.h - what stands before the text: YAML between "---", TOML
 * between "+++", or one JSON object.
 *
 * The whole of each language, by a real parser (libfyaml, cpptoml), in this
 * process: for the renderer's child and for tests. Everybody else calls
 * renderer_parse_front_matter(), which bounds it. Keys of Jekyll, Hugo and Zola
 * become the same members.
 */
#ifndef CONTENT_FRONT_MATTER_H
#define CONTENT_FRONT_MATTER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "content/document.h"

enum front_matter_format {
	FRONT_MATTER_NONE,
	FRONT_MATTER_YAML,
	FRONT_MATTER_TOML,
	FRONT_MATTER_JSON
};

struct front_matter {
	enum front_matter_format format;
	char *title; /* NULL where absent, like all strings here */
	char *slug;
	char *path;    /* path, permalink or url */
	char *date;    /* as written; date_parse() reads it */
	char *updated; /* updated, lastmod, last_modified_at */
	bool is_draft; /* draft = true, published: false */
	char *summary; /* summary, excerpt; else description */
	/* description, where there is a summary as well; else
	 * meta_description */
	char *description;
	char
	    *cover; /* cover, image, featured_image; also of extra and params */
	char *cover_alt;
	char *language;      /* lang, language, locale */
	char *direction;     /* dir, direction */
	char *series;        /* series; also of taxonomies, extra and params */
	char *series_number; /* series_order, series_part, series_number */
	char *pinned;        /* pinned, pin, sticky: as written */
	char *canonical_url;
	char *layout;      /* layout, template, type */
	char **aliases;    /* aliases, redirect_from; never NULL */
	char **tags;       /* tags, tag, taxonomies.tags; else keywords */
	char **categories; /* category, categories, taxonomies.categories */
	char **authors; /* author, authors: names; also of extra and params */
	/* references: "a.png -> /media/b.png", what a reference in the text
	 * leads to, as Byline exports it */
	char **references;
	size_t body_offset; /* where the text begins, in bytes */
	uint32_t body_line; /* and its line, from 1 */
	GArray *warnings; /* struct document_warning: a key of the wrong type */
	GHashTable *lines; /* for front_matter_line() */
};

/*
 * Parse the front matter of `size` bytes of valid UTF-8. A file without any is
 * STATUS_OK with format none and body_offset 0 (after a byte order mark).
 *
 * A text where a list belongs is split at commas if its key is a plural, and in
 * YAML, where it has no comma, at white space; a list where a text belongs
 * gives its first text. What is neither is left out with a warning, and so is
 * the first of a YAML key given twice. Keys are taken without regard to case.
 *
 * STATUS_INVALID: it does not parse, or is never closed; a text that begins
 * with a thematic break must therefore write it as "***". STATUS_TOO_LARGE:
 * more than 64 KiB, or its aliases stand for too much. The message begins with
 * the line in the file: "3: ...". The caller releases `out_front_matter`.
 */
MUST_CHECK enum status front_matter_parse(const char *bytes, size_t size,
    struct front_matter *out_front_matter, GError **error);

void front_matter_release(struct front_matter *front_matter);

/*
 * The line of the file, from 1, of the key that `member` (the address of one,
 * &front_matter->date) has its value from; 1 where no key gave it one.
 */
uint32_t front_matter_line(
    const struct front_matter *front_matter, const void *member);

#endif
