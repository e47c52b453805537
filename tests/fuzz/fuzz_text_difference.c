/*
 * fuzz_text_difference.c - any two texts: the runs give back both, and where
 * the texts are UTF-8 each run is. Input: the two, parted by a byte 0xFF.
 */
#include "config.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/text_difference.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct texts {
	const char *old_text, *new_text;
	size_t old_size, new_size;
};

static bool
is_utf8(const char *text, size_t size)
{
	return text_is_valid_utf8(text, size, NULL);
}

static void
check_run(const struct texts *texts, const struct text_run *run, size_t old_at,
    size_t new_at, bool is_text)
{
	bool is_added = run->kind == TEXT_RUN_ADDED;
	const char *bytes =
	    (is_added ? texts->new_text : texts->old_text) + run->offset;

	if (run->size == 0 || run->offset != (is_added ? new_at : old_at))
		abort();
	if (run->size >
	    (is_added ? texts->new_size - new_at : texts->old_size - old_at))
		abort();
	if (run->kind == TEXT_RUN_SAME &&
	    (run->size > texts->new_size - new_at ||
		memcmp(bytes, texts->new_text + new_at, run->size) != 0))
		abort();
	if (is_text && !is_utf8(bytes, run->size))
		abort();
}

static void
check_runs(const struct texts *texts, const GArray *runs)
{
	bool is_text = is_utf8(texts->old_text, texts->old_size) &&
		       is_utf8(texts->new_text, texts->new_size);
	size_t old_at = 0, new_at = 0;

	for (guint i = 0; i < runs->len; i++) {
		const struct text_run *run =
		    &g_array_index(runs, struct text_run, i);

		check_run(texts, run, old_at, new_at, is_text);
		if (run->kind != TEXT_RUN_ADDED)
			old_at += run->size;
		if (run->kind != TEXT_RUN_REMOVED)
			new_at += run->size;
	}
	if (old_at != texts->old_size || new_at != texts->new_size)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const uint8_t *mark = size > 0 ? memchr(bytes, 0xFF, size) : NULL;
	size_t old_size = mark != NULL ? (size_t)(mark - bytes) : size;
	size_t new_size = mark != NULL ? size - old_size - 1 : 0;
	/* Copies, so that a byte too far is seen. */
	g_autofree char *old_text = g_malloc(MAX(old_size, 1));
	g_autofree char *new_text = g_malloc(MAX(new_size, 1));
	struct texts texts = { old_text, new_text, old_size, new_size };
	g_autoptr(GArray) runs = NULL;
	g_autoptr(GArray) folded = NULL;

	if (old_size > 0)
		memcpy(old_text, bytes, old_size);
	if (new_size > 0)
		memcpy(new_text, mark + 1, new_size);
	runs = text_difference(old_text, old_size, new_text, new_size);
	check_runs(&texts, runs);
	folded = text_difference_fold(runs, old_text, new_text, size % 4);
	check_runs(&texts, folded);
	return 0;
}
