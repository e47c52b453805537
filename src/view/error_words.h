/*
 * error_words.h - what is said of an HTTP status when something went wrong.
 */
#ifndef VIEW_ERROR_WORDS_H
#define VIEW_ERROR_WORDS_H

#include <stddef.h>

struct error_words {
	int http_status;
	const char *title;
	const char *advice;
};

/*
 * The row of `table` for `http_status`. Where there is none, the first one is
 * for every other 4xx, the last one for all else. Borrowed from the table.
 */
const struct error_words *error_words_find(
    const struct error_words *table, size_t count, int http_status);

#endif
