/*
 * fuzz_front_matter.c - any bytes as a file with front matter.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "content/front_matter.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(bool is_right)
{
	if (!is_right)
		abort();
}

static void
check_text(const char *text)
{
	check(text == NULL || g_utf8_validate(text, -1, NULL));
}

static void
check_list(char **list)
{
	check(list != NULL);
	for (size_t i = 0; list[i] != NULL; i++) {
		check(*list[i] != '\0');
		check_text(list[i]);
	}
}

static void
check_front_matter(const struct front_matter *front_matter, size_t size)
{
	check(front_matter->body_offset <= size);
	check(front_matter->body_line >= 1);
	check(front_matter_line(front_matter, &front_matter->date) >= 1);
	check_text(front_matter->title);
	check_text(front_matter->path);
	check_text(front_matter->cover);
	check_list(front_matter->aliases);
	check_list(front_matter->tags);
	check_list(front_matter->categories);
	check_list(front_matter->authors);
	for (guint i = 0; i < front_matter->warnings->len; i++) {
		check_text(g_array_index(
		    front_matter->warnings, struct document_warning, i)
			       .message);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	g_autofree char *copy = g_malloc(size);
	struct front_matter front_matter;
	g_autoptr(GError) error = NULL;

	if (size > 0)
		memcpy(copy, bytes, size);
	if (front_matter_parse(copy, size, &front_matter, &error) !=
	    STATUS_OK) {
		check(error != NULL && g_ascii_isdigit(*error->message));
		return 0;
	}
	check_front_matter(&front_matter, size);
	front_matter_release(&front_matter);
	return 0;
}
