/*
 * recovery_code.h - codes on paper, for who has lost the app that makes
 * one_time_code.h's.
 *
 * "k7qm-2xvd-9rtw": twelve of 25 characters of which none looks like another
 * (of 0 and o, 1, i and l, 2 and z, 5 and s, 6, 8 and b, 9 and g, u and v at
 * most one digit or letter is there), 55 random bits. Each works once.
 */
#ifndef BASE_RECOVERY_CODE_H
#define BASE_RECOVERY_CODE_H

/* How many are made at a time. */
#define RECOVERY_CODE_COUNT 10

/* Characters that count, and those that are shown with the hyphens. */
#define RECOVERY_CODE_CHARACTERS 12
#define RECOVERY_CODE_LENGTH     14

/*
 * Ten new codes, all different, as they are shown, once; NULL ends them. The
 * caller frees them with g_strfreev().
 */
char **recovery_code_new_set(void);

/*
 * The one spelling of a code: its twelve characters in lower case, whatever
 * case, white space and hyphens (of any kind) it was typed with. What is stored
 * is token_hash() of this, and so is what is looked for. NULL: `typed`, which
 * may be any bytes, is no code, so that there is nothing to look for. The
 * caller frees it.
 */
char *recovery_code_normalize(const char *typed);

#endif
