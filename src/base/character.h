/*
 * character.h - what Unicode characters are, where GLib does not say.
 */
#ifndef BASE_CHARACTER_H
#define BASE_CHARACTER_H

#include <glib.h>
#include <stdbool.h>

/* Whether it is drawn upon the character before it, or joins it. */
bool character_extends(gunichar character);

/*
 * Whether it is one of those of which each is read as about half a word: Han,
 * kana, bopomofo and their marks. Hangul stands in words with spaces.
 */
bool character_is_ideograph(gunichar character);

/*
 * Whether it turns the order in which what follows is shown: embeddings,
 * overrides and isolates (UAX #9, section 2). "exe.gpj" after one of them is
 * read as "jpg.exe".
 */
bool character_turns(gunichar character);

#endif
