/*
 * fuzz_liquid.c - any text as an article of Jekyll: what is made of its Liquid
 * is text, and not much more of it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../../src/tool/import_plan.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check_text(const char *text)
{
	if (!text_is_valid_utf8(text, strlen(text), NULL))
		abort();
}

static void
free_notice(void *data)
{
	struct import_notice *notice = data;

	check_text(notice->message);
	g_free(notice->file);
	g_free(notice->message);
	g_free(notice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char source[] = "_posts/2026-05-30-a.md";
	struct import_article other = { .source = source };
	struct import_article article = { .source = source,
		.front_matter.format = FRONT_MATTER_YAML,
		.front_matter.body_line = 1,
		.body = g_strndup((const char *)bytes, size) };
	g_autoptr(GPtrArray) articles = g_ptr_array_new();
	g_autoptr(GPtrArray) notices =
	    g_ptr_array_new_with_free_func(free_notice);
	struct import_plan plan = { .articles = articles, .notices = notices };

	/* The importer refuses other files. */
	if (text_is_valid_utf8(article.body, strlen(article.body), NULL)) {
		g_ptr_array_add(articles, &other);
		import_replace_liquid(&plan, &article);
		check_text(article.body);
		if (strlen(article.body) > 8 * size || notices->len > 1)
			abort();
	}
	g_free(article.body);
	return 0;
}
