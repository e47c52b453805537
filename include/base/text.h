/*
 * text.h - what GLib lacks for text that comes from and goes to people.
 *
 * All text is UTF-8. "Append" functions add to a GString and never fail.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Whether `size` bytes are UTF-8 as RFC 3629 defines it (no overlong forms, no
 * surrogates, nothing over U+10FFFF) without NUL. On false, `out_offset` (may
 * be NULL) is where the first wrong byte stands.
 */
bool text_is_valid_utf8(const char *bytes, size_t size, size_t *out_offset);

/*
 * `text` in Unicode Normalization Form C with control characters (but for tab
 * and line feed) removed and CR LF or CR made LF: the form in which names,
 * titles and excerpts are stored. `text` must be valid. The caller frees it.
 */
char *text_normalize(const char *text);

/*
 * As text_normalize(), and every run of white space becomes one space, none at
 * either end: for anything that is one line. What turns the direction of the
 * text after it (U+202A to U+202E, U+2066 to U+2069) is removed: a line stands
 * among others, which it would turn too. The caller frees it.
 */
char *text_normalize_line(const char *text);

/* Whether anything of `text`, valid UTF-8, can be seen: false for nothing but
 * white space, characters without a width, and fillers. */
bool text_is_visible(const char *text);

/*
 * What is left of a path, by slashes or backslashes, that somebody gave for the
 * name of a file: one line in NFC, "" where that names none. Bytes that are not
 * UTF-8 are replaced. The caller frees it.
 */
char *text_clean_file_name(const char *given);

/*
 * A slug: lower-case letters and digits of any script joined by single hyphens,
 * Latin letters without their marks ("Über Größe" gives "uber-grosse"), at most
 * `max_size` bytes, cut at a hyphen where there is one. Dots between digits
 * become hyphens; an apostrophe parts no word ("Don't" gives "dont"). Empty if
 * `text` has no letter or digit. The slug of a slug is itself. The caller frees
 * it.
 */
char *text_slug(const char *text, size_t max_size);

/* Whether there is any text: neither NULL nor empty. */
bool text_is_given(const char *text);

/* Whether `slug` could come from text_slug(): not empty, at most 200 bytes. */
bool text_is_slug(const char *slug);

/* Whether `key` can be what a browser calls a form or an upload that it has
 * begun: 1 to 64 characters of A-Z, a-z, 0-9, "-" and "_", as token_new() makes
 * them. */
bool text_is_key(const char *key);

/*
 * Parse all of `text` as a decimal integer without sign, space or leading zeros
 * (but "0" itself). STATUS_INVALID when it is not one, STATUS_TOO_LARGE when it
 * exceeds `max`.
 */
MUST_CHECK enum status text_parse_integer(
    const char *text, int64_t max, int64_t *out_value);

/*
 * The first at most `max_characters` of `text`, cut between words (in Chinese
 * and Japanese: between characters) and ended with an ellipsis, which is not
 * counted, where something was cut. The caller frees it.
 */
char *text_truncate(const char *text, size_t max_characters);

/*
 * Append `text` for XML 1.0 character data or a quoted attribute value: the
 * five characters and carriage return escaped, whatever XML 1.0 forbids
 * (section 2.2) or is not UTF-8 replaced by U+FFFD. In an attribute a parser
 * reads tabs and line feeds as spaces (section 3.3.3).
 */
void text_append_xml(GString *out, const char *text);

/*
 * Append `text` as a JSON string (RFC 8259 section 7) with its quotes. The
 * characters "<", ">" and "&", U+2028 and U+2029 are written as \uXXXX, so that
 * the result may also stand inside an HTML script element. What is not UTF-8
 * becomes U+FFFD.
 */
void text_append_json(GString *out, const char *text);

/* Append the member `"name":"value"` of an object, after a comma where another
 * stands before it. `name` is one of ours. */
void text_append_json_member(GString *out, const char *name, const char *value);

/*
 * Append `text` percent-encoded for one path segment (RFC 3986 section 3.3):
 * everything but unreserved characters, and "/" too.
 */
void text_append_path_segment(GString *out, const char *text);

/*
 * Append `html`, in the exact form content/sanitizer.h writes, with every
 * path-absolute address in href, src, srcset and poster made absolute by
 * putting `origin` ("https://example.org", no slash at the end) before it. For
 * feeds and mail.
 */
void text_append_absolute_html(
    GString *out, const char *html, const char *origin);

/*
 * Append `text` so that it is one line of a log: control bytes, DEL, C1
 * controls, U+2028, U+2029, what turns the order, invalid UTF-8 and backslash
 * as \xNN or \uNNNN.
 */
void text_append_log(GString *out, const char *text);

/* What was counted in a text, for text_minutes(). */
struct text_count {
	uint32_t words; /* separated by white space, with a letter or digit */
	uint32_t ideographs; /* Chinese and Japanese characters outside code */
	uint32_t code_words; /* words inside code blocks */
};

/* Add what `text` holds to `count`; `is_code` says where it stands. */
void text_count_words(struct text_count *count, const char *text, bool is_code);

/*
 * Reading time in minutes, at least 1: words at 230 a minute, ideographs at
 * 500, code words at 115; rounded to the nearest minute.
 */
uint32_t text_minutes(const struct text_count *count);

#endif
