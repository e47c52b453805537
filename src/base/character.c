/*
 * character.c - see character.h.
 */
#include "config.h"

#include "character.h"

bool
character_extends(gunichar character)
{
	return g_unichar_ismark(character) || character == 0x200D ||
	       (character >= 0x1F3FB && character <= 0x1F3FF);
}

bool
character_is_ideograph(gunichar character)
{
	static const struct {
		gunichar first, last;
	} RANGES[] = { { 0x3005, 0x3007 }, { 0x3021, 0x3029 },
		{ 0x3031, 0x3035 }, { 0x3038, 0x303C }, { 0x3041, 0x3096 },
		{ 0x3099, 0x30FF }, { 0x3105, 0x312F }, { 0x31A0, 0x31BF },
		{ 0x31F0, 0x31FF }, { 0x3400, 0x4DBF }, { 0x4E00, 0x9FFF },
		{ 0xF900, 0xFAFF }, { 0xFF66, 0xFF9F }, { 0x1B000, 0x1B16F },
		{ 0x20000, 0x3FFFD } };

	if (character < 0x3005)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(RANGES); i++) {
		if (character >= RANGES[i].first && character <= RANGES[i].last)
			return true;
	}
	return false;
}

bool
character_turns(gunichar character)
{
	return (character >= 0x202A && character <= 0x202E) ||
	       (character >= 0x2066 && character <= 0x2069);
}
