/*
 * fuzz_redirect.c - any bytes as an old address: what comes out is a path that
 * leads nowhere but to this site.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/redirect.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check(bool is_right)
{
	if (!is_right)
		abort();
}

static void
check_segments(const char *path)
{
	g_auto(GStrv) segments = g_strsplit(path + 1, "/", -1);

	for (size_t i = 0; segments[i] != NULL; i++) {
		check(*segments[i] != '\0');
		check(strcmp(segments[i], ".") != 0);
		check(strcmp(segments[i], "..") != 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	g_autofree char *text = g_strndup((const char *)bytes, size);
	g_autofree char *path = redirect_normalize_path(text);

	if (path == NULL)
		return 0;
	check(path[0] == '/' && path[1] != '\0');
	check(strlen(path) <= 1024);
	check(text_is_valid_utf8(path, strlen(path), NULL));
	for (const char *at = path; *at != '\0'; at++)
		check(!g_ascii_iscntrl(*at));
	check_segments(path);
	return 0;
}
