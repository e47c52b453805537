/*
 * clean.c - text on its way into the database: valid, in NFC, of bounded
 * length.
 */
#include "config.h"

#include "clean.h"

#include <glib.h>
#include <string.h>

#include "base/text.h"

enum status
clean_line(const char *text, size_t max_characters, char **out_line)
{
	g_autofree char *line = NULL;

	if (text == NULL)
		text = "";
	if (!text_is_valid_utf8(text, strlen(text), NULL))
		return STATUS_INVALID;
	line = text_normalize_line(text);
	if ((size_t)g_utf8_strlen(line, -1) > max_characters)
		return STATUS_TOO_LARGE;
	*out_line = g_steal_pointer(&line);
	return STATUS_OK;
}

enum status
clean_text(const char *text, size_t max_characters, char **out_text)
{
	g_autofree char *normal = NULL;

	if (text == NULL)
		text = "";
	if (!text_is_valid_utf8(text, strlen(text), NULL))
		return STATUS_INVALID;
	normal = text_normalize(text);
	g_strstrip(normal);
	if ((size_t)g_utf8_strlen(normal, -1) > max_characters)
		return STATUS_TOO_LARGE;
	*out_text = g_steal_pointer(&normal);
	return STATUS_OK;
}

enum status
clean_field(const char *field, const char *text, size_t max_characters,
    char **out_line, GError **error)
{
	switch (clean_line(text, max_characters, out_line)) {
	case STATUS_OK:
		return STATUS_OK;
	case STATUS_TOO_LARGE:
		return status_fail(error, STATUS_INVALID,
		    "the %s is longer than %zu characters", field,
		    max_characters);
	default:
		return status_fail(error, STATUS_INVALID,
		    "the %s is not valid UTF-8 text", field);
	}
}

bool
clean_is_web_address(const char *text)
{
	const char *rest;

	if (g_ascii_strncasecmp(text, "https://", 8) == 0)
		rest = text + 8;
	else if (g_ascii_strncasecmp(text, "http://", 7) == 0)
		rest = text + 7;
	else
		return false;
	if (!g_ascii_isalnum(*rest) && *rest != '[' && (guchar)*rest < 0x80)
		return false;
	for (; *rest != '\0'; rest++)
		if ((guchar)*rest <= ' ' || *rest == 0x7f ||
		    strchr("\"<>\\^`{|}", *rest) != NULL)
			return false;
	return true;
}
