/*
 * recovery_code.c - codes that a person reads from paper and types.
 *
 * What must stay true: every code that is shown is read back, whatever case and
 * grouping it comes in.
 */
#include "config.h"

#include "base/recovery_code.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "base/token.h"

/* Without 0 1 5 b g i l o s u z: what is left is not taken for another, by
 * hand or in print. */
static const char ALPHABET[] = "2346789acdefhjkmnpqrtvwxy";

#define GROUP_SIZE 4

static char *
new_code(void)
{
	GString *code = g_string_sized_new(RECOVERY_CODE_LENGTH + 1);

	for (size_t i = 0; i < RECOVERY_CODE_CHARACTERS; i++) {
		if (i > 0 && i % GROUP_SIZE == 0)
			g_string_append_c(code, '-');
		g_string_append_c(
		    code, ALPHABET[token_random_below(sizeof(ALPHABET) - 1)]);
	}
	return g_string_free(code, FALSE);
}

char **
recovery_code_new_set(void)
{
	char **codes = g_new0(char *, RECOVERY_CODE_COUNT + 1);

	for (size_t count = 0; count < RECOVERY_CODE_COUNT;) {
		g_autofree char *code = new_code();

		if (!g_strv_contains((const char *const *)codes, code))
			codes[count++] = g_steal_pointer(&code);
	}
	return codes;
}

/* What people, and the programs that they type into, set between groups. */
static bool
is_separator(gunichar character)
{
	return g_unichar_isspace(character) ||
	       g_unichar_type(character) == G_UNICODE_DASH_PUNCTUATION ||
	       character == 0x2212 || character == 0x00AD;
}

char *
recovery_code_normalize(const char *typed)
{
	char code[RECOVERY_CODE_CHARACTERS + 1] = { 0 };
	size_t count = 0;

	if (!g_utf8_validate(typed, -1, NULL))
		return NULL;
	for (; *typed != '\0'; typed = g_utf8_next_char(typed)) {
		char lower = g_ascii_tolower(*typed);

		if (is_separator(g_utf8_get_char(typed)))
			continue;
		if (strchr(ALPHABET, lower) == NULL ||
		    count == RECOVERY_CODE_CHARACTERS)
			return NULL;
		code[count++] = lower;
	}
	return count == RECOVERY_CODE_CHARACTERS ? g_strdup(code) : NULL;
}
