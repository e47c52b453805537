/*
 * password_rules.c - whether a password may be one: its size, and how soon it
 * is guessed.
 *
 * What must stay true: a password is judged as it was received, every byte of
 * it, and what is made of it here is overwritten.
 */
#include "config.h"

#include "base/password_rules.h"

#include <stdbool.h>
#include <string.h>

#include "base/token.h"
#include "password_guess.h"

/* What is written in one word as well as in several costs this much more in
 * several, for each of the first separators: "i love you". */
#define SEPARATORS     " -_.,'"
#define COST_SEPARATOR 16
#define MAX_SEPARATORS 3

/* A shorter part of a name stands in many a word. */
#define MIN_OWN_CHARACTERS 3

/* What has to stand for a NUL in a string. */
#define SYMBOL_FOR_NUL 0x2400

#define ADVICE "three or four words that do not belong together are better"

static void
wipe(char *text)
{
	if (text != NULL)
		token_wipe(text, strlen(text));
	g_free(text);
}

/* `next`, in the place of `text`, which it was made of. */
static char *
replace(char *text, char *next)
{
	wipe(text);
	return next;
}

/* `size` bytes as valid UTF-8 without NUL, and how many characters they are:
 * what is no UTF-8 is read as Latin-1. */
static char *
read_characters(const char *bytes, size_t size, size_t *out_count)
{
	GString *text = g_string_sized_new(3 * size + 1);
	const char *const end = bytes + size;

	*out_count = 0;
	while (bytes < end) {
		gunichar character =
		    g_utf8_get_char_validated(bytes, end - bytes);

		if (*bytes == '\0')
			character = SYMBOL_FOR_NUL;
		else if (character >= (gunichar)-2)
			character = (unsigned char)*bytes;
		else
			bytes += g_unichar_to_utf8(character, NULL) - 1;
		bytes++;
		g_string_append_unichar(text, character);
		(*out_count)++;
	}
	return g_string_free(text, FALSE);
}

/* Without marks: "e" for what was "é". */
static char *
without_marks(const char *text)
{
	GString *plain = g_string_sized_new(strlen(text) + 1);

	for (; *text != '\0'; text = g_utf8_next_char(text))
		if (!g_unichar_ismark(g_utf8_get_char(text)))
			g_string_append_len(
			    plain, text, g_utf8_next_char(text) - text);
	return g_string_free(plain, FALSE);
}

/* `text`, which is freed, in lower case and plain letters. */
static char *
fold(char *text)
{
	text = replace(text, g_utf8_casefold(text, -1));
	text = replace(text, g_utf8_normalize(text, -1, G_NORMALIZE_ALL));
	return replace(text, without_marks(text));
}

static char *
without_separators(const char *text)
{
	GString *joined = g_string_sized_new(strlen(text) + 1);

	for (; *text != '\0'; text++)
		if (strchr(SEPARATORS, *text) == NULL)
			g_string_append_c(joined, *text);
	return g_string_free(joined, FALSE);
}

/* Take `word`, which is from the owner, if it is long enough. */
static void
add_own_word(GPtrArray *own, char *word)
{
	if (g_utf8_strlen(word, -1) >= MIN_OWN_CHARACTERS)
		g_ptr_array_add(own, word);
	else
		g_free(word);
}

/* Take a text of the owner: all of it without separators, and each of its
 * words. */
static void
add_own_text(GPtrArray *own, const char *text)
{
	g_autofree char *folded = NULL;
	const char *at;
	size_t count;

	if (text == NULL)
		return;
	folded = fold(read_characters(text, strlen(text), &count));
	add_own_word(own, without_separators(folded));
	at = folded;
	while (*at != '\0') {
		const char *start = at;

		while (g_unichar_isalnum(g_utf8_get_char(at)))
			at = g_utf8_next_char(at);
		add_own_word(own, g_strndup(start, (size_t)(at - start)));
		if (*at != '\0')
			at = g_utf8_next_char(at);
	}
}

/* What the keys of `text`, on an English keyboard, write on a Russian one: who
 * thinks in Russian has typed "ghbdtn" for a greeting. */
static char *
on_russian_keyboard(const char *text)
{
	static const char ENGLISH[] = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
	static const char RUSSIAN[] = "ицукенгшщзхъфывапролджэячсмитьбюе";
	GString *typed = g_string_sized_new(2 * strlen(text) + 1);

	for (; *text != '\0'; text++) {
		const char *key = strchr(ENGLISH, *text);

		if (key == NULL)
			g_string_append_c(typed, *text);
		else /* each of these letters has two bytes */
			g_string_append_len(
			    typed, RUSSIAN + 2 * (key - ENGLISH), 2);
	}
	return g_string_free(typed, FALSE);
}

/* The cheaper of `guess` and that of `text`, read forwards, backwards or as
 * Russian, at an additional cost. */
static struct guess
cheaper_guess(struct guess guess, const struct password_words *words,
    const GPtrArray *own, const char *text, unsigned additional)
{
	char *reversed = g_utf8_strreverse(text, -1);
	char *russian = on_russian_keyboard(text);
	const char *const ways[] = { text, reversed, russian };

	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		struct guess other = password_guess(words, own, ways[i]);

		other.cost += additional;
		if (other.cost < guess.cost)
			guess = other;
	}
	wipe(reversed);
	wipe(russian);
	return guess;
}

/* What a guesser of the password of `owner` begins with. */
static GPtrArray *
own_words(const struct password_owner *owner)
{
	GPtrArray *own = g_ptr_array_new_with_free_func(g_free);

	if (owner != NULL) {
		add_own_text(own, owner->name);
		add_own_text(own, owner->email);
		add_own_text(own, owner->site_name);
		add_own_text(own, owner->blog_title);
	}
	return own;
}

static struct guess
judge(const char *folded, const struct password_owner *owner)
{
	g_autoptr(GPtrArray) own = own_words(owner);
	struct guess guess = { .cost = GUESS_ENOUGH };
	struct password_words words;
	char *joined = without_separators(folded);
	size_t separator_count = strlen(folded) - strlen(joined);

	password_words_init(&words);
	guess = cheaper_guess(guess, &words, own, folded, 0);
	if (separator_count > 0 && joined[0] != '\0')
		guess = cheaper_guess(guess, &words, own, joined,
		    (unsigned)MIN(separator_count, MAX_SEPARATORS) *
			COST_SEPARATOR);
	password_words_release(&words);
	wipe(joined);
	return guess;
}

/* What a password is little more than. */
static const char *
describe(unsigned kinds)
{
	if ((kinds & GUESS_OWN) != 0)
		return "your name, your address or the title of the blog";
	if ((kinds & GUESS_WORD) != 0)
		return "a common word, name or phrase";
	if ((kinds & GUESS_NUMBER) != 0)
		return "a date";
	if ((kinds & GUESS_ROW) != 0)
		return "keys in a row or a repetition";
	return "a few short words";
}

enum status
password_rules_check(const char *password, size_t size,
    const struct password_owner *owner, GError **error)
{
	struct guess guess = { 0 };
	size_t count;
	char *text;

	if (size > PASSWORD_MAX_SIZE)
		return status_fail(error, STATUS_INVALID,
		    "is longer than %d bytes", PASSWORD_MAX_SIZE);
	text = fold(read_characters(password, size, &count));
	if (count >= PASSWORD_MIN_CHARACTERS)
		guess = judge(text, owner);
	wipe(text);
	if (count < PASSWORD_MIN_CHARACTERS)
		return status_fail(error, STATUS_INVALID,
		    "has fewer than %d characters: " ADVICE,
		    PASSWORD_MIN_CHARACTERS);
	if (guess.cost < GUESS_ENOUGH)
		return status_fail(error, STATUS_INVALID,
		    "is one of the first that are guessed, since it is little "
		    "more than %s: " ADVICE,
		    describe(guess.kinds));
	return STATUS_OK;
}
