/*
 * paging.h - how many pages a list has.
 */
#ifndef BASE_PAGING_H
#define BASE_PAGING_H

#include <stdint.h>

/* The pages that `count` things need, `per_page` (over 0) on each: at least
 * one, which says that there is nothing. */
int64_t paging_count(int64_t count, int64_t per_page);

#endif
