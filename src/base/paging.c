/*
 * paging.c - see paging.h.
 */
#include "config.h"

#include "base/paging.h"

int64_t
paging_count(int64_t count, int64_t per_page)
{
	return count > 0 ? (count - 1) / per_page + 1 : 1;
}
