/*
 * fuzz_search.c - any text as what a visitor searches for: it is never a syntax
 * error of the full-text index.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/search.h"
#include "store/database.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const int64_t NOW = 1780142400;

/* Made once, since that is slower than all that is tried on it. */
static struct database *
the_database(void)
{
	static struct database *database;

	if (database == NULL && database_open(":memory:", DATABASE_CREATE,
				    &database, NULL) != STATUS_OK)
		abort();
	return database;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	g_autofree char *typed = g_strndup((const char *)bytes, size);
	g_autofree char *query = NULL;
	struct search_result result;

	/* A form holds no other. */
	if (!text_is_valid_utf8(typed, strlen(typed), NULL))
		return 0;
	query = search_make_query(typed);
	if (query != NULL &&
	    (*query == '\0' || !text_is_valid_utf8(query, strlen(query), NULL)))
		abort();
	if (search_articles(the_database(), typed, 1, 10, NOW, &result) !=
	    STATUS_OK)
		abort();
	search_result_release(&result);
	return 0;
}
