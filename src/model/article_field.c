/*
 * article_field.c - what the parts of an article may be that a person types.
 *
 * One table for whoever saves and whoever asks beforehand.
 */
#include "config.h"

#include <string.h>

#include "article_private.h"
#include "base/language.h"
#include "base/text.h"
#include "clean.h"
#include "term_private.h"

enum {
	TITLE_CHARACTERS = 500,
	EXCERPT_CHARACTERS = 5000,
	LANGUAGE_CHARACTERS = 35,
	LINE_CHARACTERS = 2000,
	DESCRIPTION_CHARACTERS = 1000
};

static bool
is_direction(const char *line)
{
	return strcmp(line, "ltr") == 0 || strcmp(line, "rtl") == 0;
}

/* Ours, or one of the web: what begins with two slashes, or with a slash and a
 * backslash, leads to another host, and the rest is nothing that could follow
 * the address of the blog, as in feeds. */
static bool
is_cover(const char *line)
{
	if (line[0] == '/')
		return line[1] != '/' && line[1] != '\\';
	return clean_is_web_address(line);
}

/* Whether `line`, which is not empty, is what the field takes. */
typedef bool line_test(const char *line);

static const struct {
	const char *name;
	size_t limit; /* characters */
	line_test *is_right;
	const char *problem; /* where it is not */
} fields[] = {
	[ARTICLE_FIELD_TITLE] = { "title", TITLE_CHARACTERS, text_is_visible,
	    "a title has something to see in it" },
	[ARTICLE_FIELD_SUMMARY] = { "summary", EXCERPT_CHARACTERS, NULL, NULL },
	[ARTICLE_FIELD_EXCERPT] = { "excerpt", EXCERPT_CHARACTERS, NULL, NULL },
	[ARTICLE_FIELD_DESCRIPTION] = { "description", DESCRIPTION_CHARACTERS,
	    NULL, NULL },
	[ARTICLE_FIELD_DIRECTION] = { "direction", LANGUAGE_CHARACTERS,
	    is_direction, "a direction is ltr or rtl" },
	[ARTICLE_FIELD_SERIES] = { "name of the series", TERM_NAME_CHARACTERS,
	    NULL, NULL },
	[ARTICLE_FIELD_LANGUAGE] = { "language", LANGUAGE_CHARACTERS,
	    language_is_tag, "a language is a tag like en, de or pt-BR" },
	[ARTICLE_FIELD_CANONICAL_URL] = { "canonical address", LINE_CHARACTERS,
	    clean_is_web_address,
	    "where it appeared first must be an http or https address" },
	[ARTICLE_FIELD_COVER_PATH] = { "cover image", LINE_CHARACTERS, is_cover,
	    "the address of a cover image is like /media/a.png or "
	    "https://example.org/a.png" },
	[ARTICLE_FIELD_COVER_ALT] = { "text for the cover image",
	    LINE_CHARACTERS, NULL, NULL },
	[ARTICLE_FIELD_CATEGORY] = { "name of the category",
	    TERM_NAME_CHARACTERS, NULL, NULL },
	[ARTICLE_FIELD_TAG] = { "name of a tag", TERM_NAME_CHARACTERS, NULL,
	    NULL },
};

enum status
article_clean_field(
    enum article_field field, const char *text, char **out_line, GError **error)
{
	g_autofree char *line = NULL;
	enum status status = clean_field(
	    fields[field].name, text, fields[field].limit, &line, error);

	if (status != STATUS_OK)
		return status;
	if (*line != '\0' && fields[field].is_right != NULL &&
	    !fields[field].is_right(line))
		return status_fail(
		    error, STATUS_INVALID, "%s", fields[field].problem);
	*out_line = g_steal_pointer(&line);
	return STATUS_OK;
}

enum status
article_check_field(enum article_field field, const char *text, GError **error)
{
	g_autofree char *line = NULL;

	return article_clean_field(field, text, &line, error);
}
