/*
 * text_slug.c - from a title to the part of an address that names it.
 *
 * Latin letters lose their marks, so that an address can be typed on any
 * keyboard; other scripts keep theirs, where dropping a mark would make another
 * word. What must stay true: a slug is its own slug, whatever it was made from
 * - text_is_slug() relies on it, and so does every stored address.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"

#define MAX_SLUG_SIZE 200

/* Latin letters that are not a letter of a-z with marks. */
static const struct latin_letter {
	gunichar letter; /* lower case */
	const char *plain;
} LATIN_LETTERS[] = {
	{ 0x00DF, "ss" }, /* ß */
	{ 0x00E6, "ae" }, /* æ */
	{ 0x00F0, "d" },  /* ð */
	{ 0x00F8, "o" },  /* ø */
	{ 0x00FE, "th" }, /* þ */
	{ 0x0111, "d" },  /* đ */
	{ 0x0127, "h" },  /* ħ */
	{ 0x0131, "i" },  /* ı */
	{ 0x0138, "k" },  /* ĸ */
	{ 0x0142, "l" },  /* ł */
	{ 0x014B, "ng" }, /* ŋ */
	{ 0x0153, "oe" }, /* œ */
	{ 0x0167, "t" },  /* ŧ */
	{ 0x0180, "b" },  /* ƀ */
	{ 0x0188, "c" },  /* ƈ */
	{ 0x0192, "f" },  /* ƒ */
	{ 0x0199, "k" },  /* ƙ */
	{ 0x019A, "l" },  /* ƚ */
	{ 0x01A5, "p" },  /* ƥ */
	{ 0x01AD, "t" },  /* ƭ */
	{ 0x01B4, "y" },  /* ƴ */
	{ 0x01B6, "z" },  /* ƶ */
	{ 0x01DD, "e" },  /* ǝ */
	{ 0x01E5, "g" },  /* ǥ */
	{ 0x0221, "d" },  /* ȡ */
	{ 0x0237, "j" },  /* ȷ */
	{ 0x023C, "c" },  /* ȼ */
	{ 0x0247, "e" },  /* ɇ */
	{ 0x0249, "j" },  /* ɉ */
	{ 0x024D, "r" },  /* ɍ */
	{ 0x024F, "y" },  /* ɏ */
	{ 0x0253, "b" },  /* ɓ */
	{ 0x0254, "o" },  /* ɔ */
	{ 0x0256, "d" },  /* ɖ */
	{ 0x0257, "d" },  /* ɗ */
	{ 0x0259, "e" },  /* ə */
	{ 0x025B, "e" },  /* ɛ */
	{ 0x0260, "g" },  /* ɠ */
	{ 0x0268, "i" },  /* ɨ */
	{ 0x0269, "i" },  /* ɩ */
	{ 0x0272, "n" },  /* ɲ */
	{ 0x0275, "o" },  /* ɵ */
	{ 0x0288, "t" },  /* ʈ */
	{ 0x0289, "u" },  /* ʉ */
	{ 0x028B, "v" },  /* ʋ */
	{ 0x2C65, "a" },  /* ⱥ */
	{ 0x2C66, "t" },  /* ⱦ */
};

/* A slug under construction. */
struct slug {
	GString *text;
	bool is_hyphen_due;
	bool keeps_marks; /* the last letter was of another script */
};

static void
begin_letter(struct slug *slug)
{
	if (slug->is_hyphen_due && slug->text->len > 0)
		g_string_append_c(slug->text, '-');
	slug->is_hyphen_due = false;
}

static const char *
find_plain(gunichar letter)
{
	for (size_t i = 0; i < G_N_ELEMENTS(LATIN_LETTERS); i++) {
		if (LATIN_LETTERS[i].letter == letter)
			return LATIN_LETTERS[i].plain;
	}
	return NULL;
}

/* A Latin letter as letters of a-z; one that has none stays itself. */
static void
append_latin(struct slug *slug, gunichar letter)
{
	gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	gunichar base, lower;
	const char *plain;

	g_unichar_fully_decompose(letter, FALSE, parts, G_N_ELEMENTS(parts));
	base = parts[0];
	lower = g_unichar_tolower(base);
	plain = find_plain(lower);
	begin_letter(slug);
	if (plain != NULL)
		g_string_append(slug->text, plain);
	else
		g_string_append_unichar(slug->text, lower);
	slug->keeps_marks = false;
}

/* Apostrophes and invisible characters inside a word do not part it. */
static bool
is_transparent(gunichar character)
{
	return character == '\'' || character == 0x2019 ||
	       character == 0x02BC || character == 0x00B7 ||
	       (g_unichar_type(character) == G_UNICODE_FORMAT &&
		   character != 0x200B && character != 0x200C);
}

static void
append_character(struct slug *slug, gunichar character)
{
	if (is_transparent(character))
		return;
	if (g_unichar_ismark(character)) {
		if (slug->keeps_marks && !slug->is_hyphen_due)
			g_string_append_unichar(slug->text, character);
	} else if (g_unichar_isalpha(character) &&
		   g_unichar_get_script(character) == G_UNICODE_SCRIPT_LATIN) {
		append_latin(slug, character);
	} else if (g_unichar_isalpha(character) ||
		   g_unichar_isdigit(character)) {
		begin_letter(slug);
		g_string_append_unichar(
		    slug->text, g_unichar_tolower(character));
		slug->keeps_marks = g_unichar_isalpha(character);
	} else {
		slug->is_hyphen_due = true;
		slug->keeps_marks = false;
	}
}

/* At most `max_size` bytes: at a hyphen, or else between two characters. */
static void
cut(GString *slug, size_t max_size)
{
	size_t size = max_size;

	if (slug->len <= max_size)
		return;
	while (size > 0 && slug->str[size] != '-')
		size--;
	if (size == 0) {
		size = max_size;
		while (
		    size > 0 && ((unsigned char)slug->str[size] & 0xC0) == 0x80)
			size--;
	}
	g_string_truncate(slug, size);
}

/* Capital sigma, the one letter whose small form depends on its place: another
 * one at the end of a word. */
static gunichar
lower_sigma(const struct slug *slug, const char *after)
{
	bool is_after_letter = slug->text->len > 0 && !slug->is_hyphen_due;

	while (g_unichar_ismark(g_utf8_get_char(after)))
		after = g_utf8_next_char(after);
	return is_after_letter && !g_unichar_isalpha(g_utf8_get_char(after))
		   ? 0x03C2
		   : 0x03C3;
}

/* One pass over `text`, which is brought to NFKC: full-width and ligature forms
 * become plain letters, and accents stand with their letter. */
static char *
make_slug(const char *text)
{
	g_autofree char *composed =
	    g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
	g_autoptr(GString) bytes = g_string_new(NULL);
	struct slug slug = { .text = bytes };
	char *normal;

	if (composed == NULL)
		return g_strdup("");
	for (const char *at = composed; *at != '\0';
	     at = g_utf8_next_char(at)) {
		gunichar character = g_utf8_get_char(at);

		if (character == 0x03A3)
			character = lower_sigma(&slug, g_utf8_next_char(at));
		append_character(&slug, character);
	}
	normal = g_utf8_normalize(bytes->str, -1, G_NORMALIZE_NFC);
	return normal != NULL ? normal : g_strdup("");
}

/* Whether `text` is a slug of ASCII, as nearly all are. */
static bool
is_ascii_slug(const char *text)
{
	char before = '-';

	for (; *text != '\0'; text++) {
		if (!g_ascii_islower(*text) && !g_ascii_isdigit(*text) &&
		    (*text != '-' || before == '-'))
			return false;
		before = *text;
	}
	return before != '-';
}

char *
text_slug(const char *text, size_t max_size)
{
	g_autofree char *slug = NULL;
	GString *result;

	slug = is_ascii_slug(text) ? g_strdup(text) : make_slug(text);
	result = g_string_new(slug);
	cut(result, max_size);
	return g_string_free(result, FALSE);
}

bool
text_is_slug(const char *slug)
{
	g_autofree char *again = NULL;

	if (*slug == '\0' || strlen(slug) > MAX_SLUG_SIZE)
		return false;
	if (is_ascii_slug(slug))
		return true;
	again = make_slug(slug);
	return strcmp(again, slug) == 0;
}
