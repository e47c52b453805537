/*
 * text.c - text that people typed: made valid, plain, short, counted.
 *
 * What must stay true: what text_normalize() gives is stable under itself, and
 * so is what text_slug() gives (text_slug.c); nothing depends on the locale.
 * Writing text for a machine to read is in text_escape.c.
 */
#include "config.h"

#include "base/text.h"

#include <string.h>

#include "character.h"

bool
text_is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

bool
text_is_valid_utf8(const char *bytes, size_t size, size_t *out_offset)
{
	const char *end = bytes;

	if (size == 0 || g_utf8_validate_len(bytes, size, &end))
		return true;
	if (out_offset != NULL)
		*out_offset = (size_t)(end - bytes);
	return false;
}

/* Printable ASCII and line feeds alone are their own normal form. */
static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if ((byte < 0x20 && byte != '\n' && byte != '\t') ||
		    byte >= 0x7F)
			return false;
	}
	return true;
}

/* `text` without control characters, its line ends as LF. */
static GString *
without_controls(const char *text, bool is_line)
{
	GString *clean = g_string_sized_new(strlen(text) + 1);

	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar character = g_utf8_get_char(text);

		if (character == '\r') {
			if (text[1] != '\n')
				g_string_append_c(clean, '\n');
		} else if (is_line && character_turns(character)) {
			continue;
		} else if (character == '\n' || character == '\t' ||
			   !g_unichar_iscntrl(character)) {
			g_string_append_unichar(clean, character);
		}
	}
	return clean;
}

/* NULL from GLib means invalid UTF-8, which our callers have ruled out: then
 * nothing is safer than something. */
static char *
compose(const char *text)
{
	char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);

	return composed != NULL ? composed : g_strdup("");
}

static char *
normalize(const char *text, bool is_line)
{
	g_autoptr(GString) clean = NULL;

	if (is_plain(text))
		return g_strdup(text);
	if (!g_utf8_validate(text, -1, NULL))
		return g_strdup("");
	/* Controls go first: one could keep a letter from its accent. */
	clean = without_controls(text, is_line);
	return compose(clean->str);
}

char *
text_normalize(const char *text)
{
	return normalize(text, false);
}

char *
text_normalize_line(const char *text)
{
	g_autofree char *normal = normalize(text, true);
	GString *line = g_string_sized_new(strlen(normal) + 1);
	bool is_space_due = false;

	for (const char *at = normal; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar character = g_utf8_get_char(at);

		if (g_unichar_isspace(character)) {
			is_space_due = line->len > 0;
			continue;
		}
		if (is_space_due)
			g_string_append_c(line, ' ');
		is_space_due = false;
		g_string_append_unichar(line, character);
	}
	return g_string_free(line, FALSE);
}

/* Marks need a character before them, and fillers are blank letters. */
static bool
is_seen(gunichar character)
{
	switch (g_unichar_type(character)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_NON_SPACING_MARK:
	case G_UNICODE_ENCLOSING_MARK:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
	case G_UNICODE_SPACE_SEPARATOR:
		return false;
	default:
		return character != 0x115F && character != 0x1160 &&
		       character != 0x2800 && character != 0x3164 &&
		       character != 0xFFA0;
	}
}

bool
text_is_visible(const char *text)
{
	for (; *text != '\0'; text = g_utf8_next_char(text))
		if (is_seen(g_utf8_get_char(text)))
			return true;
	return false;
}

char *
text_clean_file_name(const char *given)
{
	g_autofree char *valid = g_utf8_make_valid(given, -1);
	const char *name = valid;
	char *clean;

	for (const char *p = valid; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	clean = text_normalize_line(name);
	if (strcmp(clean, ".") == 0 || strcmp(clean, "..") == 0)
		clean[0] = '\0';
	return clean;
}

bool
text_is_key(const char *key)
{
	size_t size =
	    strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			"0123456789-_");

	return size > 0 && size <= 64 && key[size] == '\0';
}

enum status
text_parse_integer(const char *text, int64_t max, int64_t *out_value)
{
	size_t size = strspn(text, "0123456789");
	int64_t value = 0;

	if (size == 0 || text[size] != '\0' || (text[0] == '0' && size > 1))
		return STATUS_INVALID;
	for (; *text != '\0'; text++) {
		int digit = *text - '0';

		if (value > (INT64_MAX - digit) / 10)
			return STATUS_TOO_LARGE;
		value = value * 10 + digit;
	}
	if (value > max)
		return STATUS_TOO_LARGE;
	*out_value = value;
	return STATUS_OK;
}

/* Whether a line may break between the two: at white space, and around the
 * characters of scripts that use none. */
static bool
may_break(gunichar before, gunichar after)
{
	if (g_unichar_isspace(after) || g_unichar_isspace(before))
		return true;
	if (character_extends(after) || before == 0x200D)
		return false;
	return (g_unichar_iswide(before) && g_unichar_isalpha(before)) ||
	       (g_unichar_iswide(after) && g_unichar_isalpha(after));
}

/* Where to cut between the start and `limit`: the last place between words, or
 * else between two characters as they are seen. */
static const char *
find_cut(const char *text, const char *limit)
{
	const char *cut = limit;

	while (cut > text) {
		const char *before = g_utf8_prev_char(cut);

		if (may_break(g_utf8_get_char(before), g_utf8_get_char(cut)))
			break;
		cut = before;
	}
	if (cut == text) {
		cut = limit;
		while (cut > text && character_extends(g_utf8_get_char(cut)))
			cut = g_utf8_prev_char(cut);
	}
	while (cut > text &&
	       g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(cut))))
		cut = g_utf8_prev_char(cut);
	return cut;
}

char *
text_truncate(const char *text, size_t max_characters)
{
	const char *limit = text;
	const char *cut;

	for (size_t i = 0; i < max_characters && *limit != '\0'; i++)
		limit = g_utf8_next_char(limit);
	if (*limit == '\0')
		return g_strdup(text);
	cut = find_cut(text, limit);
	return g_strdup_printf("%.*s…", (int)(cut - text), text);
}

static void
count_code_words(struct text_count *count, const char *text)
{
	bool is_in_word = false;

	for (; *text != '\0'; text++) {
		bool is_space = g_ascii_isspace(*text);

		if (!is_space && !is_in_word)
			count->code_words++;
		is_in_word = !is_space;
	}
}

void
text_count_words(struct text_count *count, const char *text, bool is_code)
{
	bool is_in_word = false;

	if (is_code) {
		count_code_words(count, text);
		return;
	}
	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		gunichar character = g_utf8_get_char(text);

		if (character_is_ideograph(character)) {
			count->ideographs++;
			is_in_word = false;
		} else if (g_unichar_isspace(character)) {
			is_in_word = false;
		} else if (!is_in_word && g_unichar_isalnum(character)) {
			count->words++;
			is_in_word = true;
		}
	}
}

uint32_t
text_minutes(const struct text_count *count)
{
	/* In parts of a minute of which a word takes 50, an ideograph 23 and a
	 * word of code 100. */
	const uint64_t minute = 11500;
	uint64_t parts = (uint64_t)count->words * 50 +
			 (uint64_t)count->ideographs * 23 +
			 (uint64_t)count->code_words * 100;

	return (uint32_t)MAX((parts + minute / 2) / minute, 1);
}
