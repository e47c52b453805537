/*
 * html_writer.c - escaping, and nothing else.
 *
 * It must keep true that no byte of an author's text leaves here with a meaning
 * in HTML.
 */
#include "config.h"

#include "html_writer.h"

#include <stdbool.h>
#include <string.h>

/*
 * How many bytes at `text` are one character that HTML forbids: C0 but tab and
 * line feed, DEL, C1 (C2 80..9F), U+FDD0..U+FDEF, U+FFFE and U+FFFF.
 */
static size_t
forbidden_size(const unsigned char *text, size_t size)
{
	if (text[0] < 0x20 || text[0] == 0x7f)
		return text[0] == '\t' || text[0] == '\n' ? 0 : 1;
	if (text[0] == 0xc2 && size > 1)
		return text[1] < 0xa0 ? 2 : 0;
	if (text[0] == 0xef && size > 2) {
		bool is_last = text[1] == 0xbf && text[2] >= 0xbe;
		bool is_inner =
		    text[1] == 0xb7 && text[2] >= 0x90 && text[2] <= 0xaf;

		return is_last || is_inner ? 3 : 0;
	}
	return 0;
}

void
html_remove_forbidden(GString *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < text->len;) {
		size_t forbidden = forbidden_size(
		    (const unsigned char *)text->str + i, text->len - i);

		if (forbidden == 0)
			text->str[kept++] = text->str[i++];
		i += forbidden;
	}
	g_string_truncate(text, kept);
}

static const char *
escape_of(unsigned char byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

/* Whether a byte may need more than being copied. */
static bool
is_special(unsigned char byte)
{
	return byte < 0x20 || byte == '&' || byte == '<' || byte == '>' ||
	       byte == '"' || byte == 0x7f || byte == 0xc2 || byte == 0xef;
}

void
html_append_text(GString *out, const char *text, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t start = 0;

	for (size_t i = 0; i < size; i++) {
		const char *escape;
		size_t forbidden;

		if (!is_special(bytes[i]))
			continue;
		escape = escape_of(bytes[i]);
		forbidden = forbidden_size(bytes + i, size - i);
		if (escape == NULL && forbidden == 0)
			continue;
		g_string_append_len(out, text + start, (gssize)(i - start));
		if (escape != NULL) {
			g_string_append(out, escape);
			forbidden = 1;
		}
		i += forbidden - 1;
		start = i + 1;
	}
	g_string_append_len(out, text + start, (gssize)(size - start));
}

void
html_append_attribute(GString *out, const char *name, const char *value)
{
	g_string_append_c(out, ' ');
	g_string_append(out, name);
	g_string_append(out, "=\"");
	html_append_text(out, value, strlen(value));
	g_string_append_c(out, '"');
}

void
html_append_number(GString *out, const char *name, uint64_t number)
{
	g_string_append_printf(
	    out, " %s=\"%" G_GUINT64_FORMAT "\"", name, number);
}

void
html_append_end(GString *out, const char *name)
{
	g_string_append(out, "</");
	g_string_append(out, name);
	g_string_append_c(out, '>');
}
