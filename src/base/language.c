/*
 * language.c - tags of languages.
 */
#include "config.h"

#include "base/language.h"

#include <glib.h>
#include <string.h>

static const char *const right_to_left_languages[] = { "ar", "arc", "ckb", "dv",
	"fa", "he", "iw", "ji", "ks", "nqo", "ps", "sd", "syr", "ug", "ur",
	"yi" };
static const char *const right_to_left_scripts[] = { "adlm", "arab", "hebr",
	"mand", "nkoo", "rohg", "samr", "syrc", "thaa" };

bool
language_is_tag(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "-", -1);

	for (size_t i = 0; parts[i] != NULL; i++) {
		size_t size = strlen(parts[i]);

		if (size < (i == 0 ? 2 : 1) || size > 8)
			return false;
		for (const char *at = parts[i]; *at != '\0'; at++)
			if (!(i == 0 ? g_ascii_isalpha(*at)
				     : g_ascii_isalnum(*at)))
				return false;
	}
	return parts[0] != NULL;
}

static bool
is_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (g_ascii_strcasecmp(word, words[i]) == 0)
			return true;
	return false;
}

/* The only subtag of four letters is that of the script (section 2.2.3). */
static bool
is_script(const char *part)
{
	return strlen(part) == 4 && g_ascii_isalpha(part[0]);
}

bool
language_is_right_to_left(const char *tag)
{
	g_auto(GStrv) parts = g_strsplit(tag, "-", -1);

	if (parts[0] == NULL)
		return false;
	for (size_t i = 1; parts[i] != NULL; i++)
		if (is_script(parts[i]))
			return is_among(parts[i], right_to_left_scripts,
			    G_N_ELEMENTS(right_to_left_scripts));
	return is_among(parts[0], right_to_left_languages,
	    G_N_ELEMENTS(right_to_left_languages));
}
