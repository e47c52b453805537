/*
 * image_result.c - see image_result.h. What is written here is read here, and
 * what is read is checked as if anybody had written it.
 */
#include "config.h"

#include "content/image_result.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* Longer words than these are cut. */
#define MAX_WORDS 200

/* The highest or widest that a format has room for. */
#define MAX_SIDE 65535

static const struct ending {
	const char *name;
	const char *content_type;
} ENDINGS[] = {
	{ ".jpg", "image/jpeg" },
	{ ".png", "image/png" },
	{ ".gif", "image/gif" },
	{ ".webp", "image/webp" },
};

/* What a failure can be; their names as in a line. */
static const enum status FAILURES[] = { STATUS_INVALID, STATUS_TOO_LARGE,
	STATUS_BUSY, STATUS_FAILED };

const char *const *
image_result_names(void)
{
	static const char *const NAMES[] = { "full.jpg", "full.png", "full.gif",
		"full.webp", "480.jpg", "480.png", "480.gif", "480.webp",
		"960.jpg", "960.png", "960.gif", "960.webp", "1440.jpg",
		"1440.png", "1440.gif", "1440.webp", NULL };

	return NAMES;
}

/* ---- writing ---- */

void
image_result_append_file(GString *out, const struct image_file *file)
{
	g_string_append_printf(out, "file %s %s %u %u %" G_GUINT64_FORMAT "\n",
	    file->name, file->content_type, file->width, file->height,
	    file->size);
}

void
image_result_append_end(GString *out)
{
	g_string_append(out, "end\n");
}

static char *
name_of_failure(enum status status)
{
	return g_strdelimit(g_strdup(status_name(status)), " ", '-');
}

void
image_result_append_failure(GString *out, enum status status, const char *words)
{
	g_autofree char *name = name_of_failure(status);
	g_autofree char *valid = g_utf8_make_valid(words, -1);

	g_string_append_printf(out, "failed %s ", name);
	for (const char *at = valid; *at != '\0' && at - valid < MAX_WORDS;
	     at = g_utf8_next_char(at))
		g_string_append_unichar(out,
		    g_unichar_isprint(g_utf8_get_char(at)) ? g_utf8_get_char(at)
							   : ' ');
	g_string_append_c(out, '\n');
}

/* ---- reading ---- */

static enum status
fail(GError **error)
{
	return status_fail(error, STATUS_FAILED,
	    "could not be processed: byline-image said what is not "
	    "understood");
}

static const char *
find_content_type(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ENDINGS); i++) {
		if (g_str_has_suffix(name, ENDINGS[i].name))
			return ENDINGS[i].content_type;
	}
	return NULL;
}

static bool
parse_number(const char *word, uint64_t max, uint64_t *out_number)
{
	int64_t number;

	if (text_parse_integer(word, (int64_t)max, &number) != STATUS_OK ||
	    number == 0)
		return false;
	*out_number = (uint64_t)number;
	return true;
}

static bool
is_name(const char *word)
{
	return g_strv_contains(image_result_names(), word);
}

/* "full" comes first, and each once. */
static bool
is_next(const struct image_result *result, const char *name)
{
	if (result->file_count == 0)
		return g_str_has_prefix(name, "full.");
	for (size_t i = 0; i < result->file_count; i++) {
		if (strcmp(result->files[i].name, name) == 0)
			return false;
	}
	return result->file_count < IMAGE_MAX_FILES;
}

/* "480.jpg" is 480 wide, and narrower than the first. */
static bool
has_its_width(const struct image_result *result, const struct image_file *file)
{
	guint64 width = g_ascii_strtoull(file->name, NULL, 10);

	if (width == 0)
		return result->file_count == 0 ||
		       (file->width == result->files[0].width &&
			   file->height == result->files[0].height);
	return file->width == width && width < result->files[0].width;
}

static bool
parse_file(char **words, struct image_result *result)
{
	struct image_file *file = &result->files[result->file_count];
	uint64_t width, height;

	if (g_strv_length(words) != 6 || !is_name(words[1]) ||
	    !is_next(result, words[1]) ||
	    !parse_number(words[3], MAX_SIDE, &width) ||
	    !parse_number(words[4], MAX_SIDE, &height) ||
	    width * height > IMAGE_MAX_PIXELS)
		return false;
	*file = (struct image_file){
		.content_type = find_content_type(words[1]),
		.width = (uint32_t)width,
		.height = (uint32_t)height,
	};
	(void)g_strlcpy(file->name, words[1], sizeof(file->name));
	if (strcmp(words[2], file->content_type) != 0 ||
	    !parse_number(words[5], IMAGE_MAX_FILE, &file->size) ||
	    !has_its_width(result, file))
		return false;
	result->file_count++;
	return true;
}

static bool
are_words(const char *text)
{
	size_t size = strlen(text);

	if (size == 0 || size > MAX_WORDS + 4 ||
	    !text_is_valid_utf8(text, size, NULL))
		return false;
	for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
		if (!g_unichar_isprint(g_utf8_get_char(at)))
			return false;
	}
	return true;
}

/* "failed STATUS WORDS", which is the only line. */
static enum status
parse_failure(char **lines, GError **error)
{
	g_auto(GStrv) words = g_strsplit(lines[0], " ", 3);

	if (g_strv_length(words) != 3 || !are_words(words[2]) ||
	    g_strv_length(lines) != 2 || *lines[1] != '\0')
		return fail(error);
	for (size_t i = 0; i < G_N_ELEMENTS(FAILURES); i++) {
		g_autofree char *name = name_of_failure(FAILURES[i]);

		if (strcmp(words[1], name) == 0)
			return status_fail(error, FAILURES[i], "%s", words[2]);
	}
	return fail(error);
}

static bool
parse_files(char **lines, struct image_result *result)
{
	size_t i = 0;

	for (; g_str_has_prefix(lines[i], "file "); i++) {
		g_auto(GStrv) words = g_strsplit(lines[i], " ", 7);

		if (result->file_count == IMAGE_MAX_FILES ||
		    !parse_file(words, result))
			return false;
		if (lines[i + 1] == NULL)
			return false;
	}
	return i > 0 && strcmp(lines[i], "end") == 0 && lines[i + 1] != NULL &&
	       *lines[i + 1] == '\0' && lines[i + 2] == NULL;
}

enum status
image_result_parse(const char *text, size_t size,
    struct image_result *out_result, GError **error)
{
	struct image_result result = { 0 };
	g_autofree char *copy = NULL;
	g_auto(GStrv) lines = NULL;

	if (size == 0 || size > IMAGE_RESULT_MAX_SIZE ||
	    memchr(text, '\0', size) != NULL)
		return fail(error);
	copy = g_strndup(text, size);
	lines = g_strsplit(copy, "\n", -1);
	if (g_str_has_prefix(lines[0], "failed "))
		return parse_failure(lines, error);
	if (!parse_files(lines, &result))
		return fail(error);
	*out_result = result;
	return STATUS_OK;
}
