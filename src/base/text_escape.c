/*
 * text_escape.c - text written for machines: XML, JSON, addresses, logs.
 *
 * Feeds are built from about a megabyte of HTML each, so each function looks
 * for the next byte that must change and copies what lies before it in one
 * piece. What must stay true: whatever bytes come in, what goes out is
 * well-formed; a byte that is no UTF-8 becomes U+FFFD or is shown as a number.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "character.h"

/* Which bytes end a run of bytes that are copied as they are. Those from 0x80
 * on are looked at by character. */
#define SPECIAL_XML  1
#define SPECIAL_JSON 2
#define SPECIAL_LOG  4
#define CONTROL      (SPECIAL_XML | SPECIAL_JSON | SPECIAL_LOG)

static const unsigned char SPECIAL[128] = {
	[0x00] = CONTROL,
	[0x01] = CONTROL,
	[0x02] = CONTROL,
	[0x03] = CONTROL,
	[0x04] = CONTROL,
	[0x05] = CONTROL,
	[0x06] = CONTROL,
	[0x07] = CONTROL,
	[0x08] = CONTROL,
	['\t'] = SPECIAL_JSON | SPECIAL_LOG,
	['\n'] = SPECIAL_JSON | SPECIAL_LOG,
	[0x0B] = CONTROL,
	[0x0C] = CONTROL,
	['\r'] = CONTROL,
	[0x0E] = CONTROL,
	[0x0F] = CONTROL,
	[0x10] = CONTROL,
	[0x11] = CONTROL,
	[0x12] = CONTROL,
	[0x13] = CONTROL,
	[0x14] = CONTROL,
	[0x15] = CONTROL,
	[0x16] = CONTROL,
	[0x17] = CONTROL,
	[0x18] = CONTROL,
	[0x19] = CONTROL,
	[0x1A] = CONTROL,
	[0x1B] = CONTROL,
	[0x1C] = CONTROL,
	[0x1D] = CONTROL,
	[0x1E] = CONTROL,
	[0x1F] = CONTROL,
	['"'] = SPECIAL_XML | SPECIAL_JSON,
	['&'] = SPECIAL_XML | SPECIAL_JSON,
	['\''] = SPECIAL_XML,
	['<'] = SPECIAL_XML | SPECIAL_JSON,
	['>'] = SPECIAL_XML | SPECIAL_JSON,
	['\\'] = SPECIAL_JSON | SPECIAL_LOG,
	[0x7F] = SPECIAL_LOG,
};

static const char HEX[] = "0123456789abcdef";
/* RFC 3986 section 2.1 asks for these in addresses. */
static const char UPPER_HEX[] = "0123456789ABCDEF";

static bool
is_continuation(unsigned char byte)
{
	return (byte & 0xC0) == 0x80;
}

/* The bytes of the character at `at`, which is not ASCII, if it is valid; 0 if
 * not. The NUL at the end of the text is no continuation byte. */
static size_t
character_size(const unsigned char *at)
{
	if (at[0] < 0xC2 || at[0] > 0xF4 || !is_continuation(at[1]))
		return 0;
	if (at[0] < 0xE0)
		return 2;
	if (!is_continuation(at[2]))
		return 0;
	if (at[0] < 0xF0) {
		if ((at[0] == 0xE0 && at[1] < 0xA0) ||
		    (at[0] == 0xED && at[1] > 0x9F))
			return 0;
		return 3;
	}
	if (!is_continuation(at[3]) || (at[0] == 0xF0 && at[1] < 0x90) ||
	    (at[0] == 0xF4 && at[1] > 0x8F))
		return 0;
	return 4;
}

/* U+FFFE or U+FFFF, which XML forbids. */
static bool
is_forbidden_in_xml(const unsigned char *at)
{
	return at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE;
}

/* U+2028 or U+2029, which end a line in old JavaScript and in some viewers. */
static bool
is_line_separator(const unsigned char *at)
{
	return at[0] == 0xE2 && at[1] == 0x80 &&
	       (at[2] == 0xA8 || at[2] == 0xA9);
}

/* U+0080..U+009F, which terminals obey, and what turns the order of the rest.
 */
static bool
is_obeyed(const unsigned char *at)
{
	return (at[0] == 0xC2 && at[1] < 0xA0) ||
	       character_turns(g_utf8_get_char((const char *)at));
}

/*
 * The end of the run from `at` on that needs no change for `purpose`. The most
 * of any text is ASCII, and one look into the table settles each byte of it.
 */
static const unsigned char *
skip_run(const unsigned char *at, unsigned char purpose)
{
	size_t size;

	for (;;) {
		while (*at < 0x80 && (SPECIAL[*at] & purpose) == 0)
			at++;
		if (*at < 0x80)
			return at;
		size = character_size(at);
		if (size == 0 ||
		    (purpose == SPECIAL_XML && is_forbidden_in_xml(at)) ||
		    (purpose != SPECIAL_XML && is_line_separator(at)) ||
		    (purpose == SPECIAL_LOG && is_obeyed(at)))
			return at;
		at += size;
	}
}

static const char *
xml_escape(unsigned char byte)
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
	case '\'':
		return "&#39;";
	case '\r':
		/* A parser makes a line feed of a bare one. */
		return "&#13;";
	default:
		return "\uFFFD";
	}
}

void
text_append_xml(GString *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	for (;;) {
		const unsigned char *end = skip_run(at, SPECIAL_XML);

		g_string_append_len(out, (const char *)at, end - at);
		if (*end == '\0')
			return;
		g_string_append(out, xml_escape(*end));
		at = end + MAX(*end < 0x80 ? 1 : character_size(end), 1);
	}
}

static void
append_json_escape(GString *out, unsigned char byte)
{
	static const char SHORT[128] = { ['"'] = '"',
		['\\'] = '\\',
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't' };
	char escape[6] = { '\\', 'u', '0', '0', HEX[byte >> 4],
		HEX[byte & 15] };

	if (SHORT[byte] == '\0') {
		g_string_append_len(out, escape, sizeof(escape));
		return;
	}
	escape[1] = SHORT[byte];
	g_string_append_len(out, escape, 2);
}

void
text_append_json(GString *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	g_string_append_c(out, '"');
	for (;;) {
		const unsigned char *end = skip_run(at, SPECIAL_JSON);

		g_string_append_len(out, (const char *)at, end - at);
		at = end;
		if (*at == '\0')
			break;
		if (*at < 0x80) {
			append_json_escape(out, *at);
			at++;
		} else if (character_size(at) == 0) {
			g_string_append(out, "\uFFFD");
			at++;
		} else {
			g_string_append(
			    out, at[2] == 0xA8 ? "\\u2028" : "\\u2029");
			at += 3;
		}
	}
	g_string_append_c(out, '"');
}

void
text_append_json_member(GString *out, const char *name, const char *value)
{
	if (out->str[out->len - 1] != '{')
		g_string_append_c(out, ',');
	g_string_append_c(out, '"');
	g_string_append(out, name);
	g_string_append(out, "\":");
	text_append_json(out, value);
}

void
text_append_log(GString *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	for (;;) {
		const unsigned char *end = skip_run(at, SPECIAL_LOG);

		g_string_append_len(out, (const char *)at, end - at);
		at = end;
		if (*at == '\0')
			return;
		if (*at < 0x80 || character_size(at) == 0) {
			g_string_append_printf(out, "\\x%02x", *at);
			at++;
		} else {
			g_string_append_printf(
			    out, "\\u%04x", g_utf8_get_char((const char *)at));
			at += character_size(at);
		}
	}
}

void
text_append_path_segment(GString *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (g_ascii_isalnum(byte) || byte == '-' || byte == '.' ||
		    byte == '_' || byte == '~') {
			g_string_append_c(out, (char)byte);
		} else {
			g_string_append_c(out, '%');
			g_string_append_c(out, UPPER_HEX[byte >> 4]);
			g_string_append_c(out, UPPER_HEX[byte & 15]);
		}
	}
}

/* Whether what ends at `equals` is the name of the attribute. */
static bool
is_attribute(const char *html, const char *equals, const char *name)
{
	size_t size = strlen(name);

	return (size_t)(equals - html) > size &&
	       equals[-1 - (gssize)size] == ' ' &&
	       memcmp(equals - size, name, size) == 0;
}

static bool
is_path_absolute(const char *address, const char *end)
{
	return address < end && address[0] == '/' &&
	       (address + 1 == end || address[1] != '/');
}

/* The candidates of a srcset: "/a.webp 1x, /b.webp 2x". A comma inside an
 * address is no end of it; one before white space is. */
static void
append_candidates(
    GString *out, const char *at, const char *end, const char *origin)
{
	while (at < end) {
		const char *next = at;

		while (next < end && strchr(" \t\n\r\f,", *next) != NULL)
			next++;
		g_string_append_len(out, at, next - at);
		if (is_path_absolute(next, end))
			g_string_append(out, origin);
		at = next;
		while (next < end &&
		       !(*next == ',' &&
			   (next + 1 == end || g_ascii_isspace(next[1]))))
			next++;
		g_string_append_len(out, at, next - at);
		at = next;
	}
}

/*
 * In the form that sanitizer.h describes a bare quote never stands in text, so
 * that quotes come in pairs around the values of attributes and nothing else
 * needs to be understood.
 */
void
text_append_absolute_html(GString *out, const char *html, const char *origin)
{
	const char *end = html + strlen(html);
	const char *copied = html;
	const char *at = html;

	while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
		const char *value = at + 1;
		const char *close = memchr(value, '"', (size_t)(end - value));
		const char *equals = at - 1;

		if (close == NULL)
			break;
		at = close + 1;
		if (equals <= html || *equals != '=')
			continue;
		if (is_attribute(html, equals, "srcset")) {
			g_string_append_len(out, copied, value - copied);
			append_candidates(out, value, close, origin);
			copied = close;
		} else if (is_path_absolute(value, close) &&
			   (is_attribute(html, equals, "href") ||
			       is_attribute(html, equals, "src") ||
			       is_attribute(html, equals, "poster"))) {
			g_string_append_len(out, copied, value - copied);
			g_string_append(out, origin);
			copied = value;
		}
	}
	g_string_append_len(out, copied, end - copied);
}
