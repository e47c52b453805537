/*
 * fuzz_highlighter.c - any bytes as code: the first byte chooses the language.
 * Without its markup the output must be the input.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "content/code_language.h"
#include "content/highlighter.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(bool is_right)
{
	if (!is_right)
		abort();
}

/* The size of the tag or entity at `html`, or 0; `out_c` is what it means. */
static size_t
markup_size(const char *html, size_t size, char *out_c)
{
	static const struct {
		const char *markup;
		char c;
	} TABLE[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
		{ "&quot;", '"' }, { "</span>", '\0' },
		{ "<span class=\"hl-", '\0' } };

	for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++) {
		size_t length = strlen(TABLE[i].markup);
		const char *end = html + length;

		if (size < length || memcmp(html, TABLE[i].markup, length))
			continue;
		*out_c = TABLE[i].c;
		if (TABLE[i].markup[1] == 's') {
			end = memchr(html, '>', size);
			check(end != NULL);
			end++;
		}
		return (size_t)(end - html);
	}
	return 0;
}

static void
check_same_text(const GString *html, const char *code, size_t size)
{
	size_t read = 0;

	for (size_t i = 0; i < html->len;) {
		char c = html->str[i];
		size_t length = markup_size(html->str + i, html->len - i, &c);

		check(length > 0 || strchr("<>&\"", c) == NULL || c == '\0');
		if (length == 0 || c != '\0') {
			check(read < size && code[read] == c);
			read++;
		}
		i += length == 0 ? 1 : length;
	}
	check(read == size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct highlighter *highlighter;
	g_autoptr(GString) html = g_string_new(NULL);
	g_autofree char *code = NULL;
	g_autofree char *info = NULL;
	const struct code_language *language;

	if (highlighter == NULL)
		highlighter = highlighter_new();
	if (size == 0)
		return 0;
	language = code_language_at(bytes[0]);
	if (language == NULL)
		return 0;
	info = code_language_word(language->aliases);
	code = g_malloc(size);
	memcpy(code, bytes + 1, size - 1);
	highlighter_append_html(highlighter, html, info, code, size - 1);
	check_same_text(html, code, size - 1);
	return 0;
}
