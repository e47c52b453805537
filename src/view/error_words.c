/*
 * error_words.c - see error_words.h. Every status has words.
 */
#include "config.h"

#include "error_words.h"

const struct error_words *
error_words_find(const struct error_words *table, size_t count, int http_status)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].http_status == http_status)
			return &table[i];
	return http_status >= 400 && http_status < 500 ? &table[0]
						       : &table[count - 1];
}
