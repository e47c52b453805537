/*
 * language.h - tags of languages, as BCP 47 (RFC 5646) writes them.
 */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include <stdbool.h>

/*
 * Whether `text` has the form of a tag: "en", "pt-BR", "zh-Hant". Whether there
 * is such a language is not asked.
 */
bool language_is_tag(const char *text);

/*
 * Whether text in the language `tag` runs from right to left: by its script
 * subtag ("az-Arab"), else by the script it is usually written in ("ar"). False
 * for what is no tag.
 */
bool language_is_right_to_left(const char *tag);

#endif
