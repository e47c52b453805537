/*
 * password_rules.h - what a password must be: long enough, and none of the
 * first that are guessed.
 *
 * No rule asks for capitals, digits or signs (NIST SP 800-63B section 5.1.1.2):
 * they make passwords that are hard to remember and no harder to guess.
 * What counts is how many guesses come before it.
 */
#ifndef BASE_PASSWORD_RULES_H
#define BASE_PASSWORD_RULES_H

#include <stddef.h>

#include "base/status.h"

/* At least so many characters (Unicode code points), at most so many bytes.
 * base/token.h keeps to the same numbers. */
#define PASSWORD_MIN_CHARACTERS 8
#define PASSWORD_MAX_SIZE       1024

/* Whose password it is to be: each may be NULL. A guesser knows them. */
struct password_owner {
	const char *name;
	const char *email;
	const char *site_name; /* model/setting.h has these two */
	const char *blog_title;
};

/*
 * Whether the `size` bytes of `password` may be the password of `owner` (NULL:
 * of nobody in particular). They are taken as they were received: nothing is
 * trimmed, a NUL and what is no UTF-8 count as one character a byte.
 *
 * STATUS_INVALID, with words for that person, when they are too few or too
 * many, or when the password would be among the first that are guessed: when it
 * is little more than a common word or name, or two, in any case, backwards or
 * in leet, with some digits or signs around; keys in a row, a run of letters or
 * digits, or something repeated; a date; or a name, address or title of
 * `owner`.
 *
 * A password that was made by chance passes, and so do three or four words that
 * do not belong together. The time this takes depends on the password.
 */
MUST_CHECK enum status password_rules_check(const char *password, size_t size,
    const struct password_owner *owner, GError **error);

#endif
