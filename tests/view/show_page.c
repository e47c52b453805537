/*
 * show_page.c - write every sample page to a folder, to be looked at:
 *
 *   show_page DIRECTORY
 *
 * The static files stand in DIRECTORY/static, so that any file server will do.
 * With --time PAGE COUNT it makes one page again and again and prints the
 * microseconds that one takes.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sample_pages.h"
#include "view/static_file.h"

static int
write_pages(const char *directory)
{
	g_autofree char *static_directory =
	    g_build_filename(directory, "static", NULL);
	g_autoptr(GError) error = NULL;
	struct sample_blog sample;
	enum status status;

	g_mkdir_with_parents(static_directory, 0755);
	sample_blog_init(&sample);
	status =
	    static_files_publish(sample.static_files, static_directory, &error);
	sample_blog_release(&sample);
	for (size_t i = 0; status == STATUS_OK && i < sample_pages_count; i++) {
		const char *name = sample_pages[i].name;
		g_autofree char *file = g_strconcat(name, ".html", NULL);
		g_autofree char *path = g_build_filename(directory, file, NULL);
		GString *page = sample_page_make(name);

		if (!g_file_set_contents(
			path, page->str, (gssize)page->len, &error))
			status = STATUS_FAILED;
		g_string_free(page, TRUE);
	}
	if (status != STATUS_OK)
		fprintf(stderr, "%s\n", error->message);
	return status == STATUS_OK ? 0 : 1;
}

static const struct sample_page *
find_page(const char *name)
{
	for (size_t i = 0; i < sample_pages_count; i++)
		if (strcmp(sample_pages[i].name, name) == 0)
			return &sample_pages[i];
	return NULL;
}

static int
time_page(const char *name, const char *count_text)
{
	const struct sample_page *page = find_page(name);
	struct sample_blog sample;
	int64_t count, begin;
	GString *out;

	if (page == NULL ||
	    text_parse_integer(count_text, 10000000, &count) != STATUS_OK ||
	    count == 0)
		return 2;
	out = g_string_sized_new(65536);
	sample_blog_init(&sample);
	if (page->show(&sample, out) != STATUS_OK)
		return 1;
	begin = g_get_monotonic_time();
	for (int64_t i = 0; i < count; i++) {
		g_string_truncate(out, 0);
		if (page->show(&sample, out) != STATUS_OK)
			return 1;
	}
	printf("%.2f us, %zu bytes\n",
	    (double)(g_get_monotonic_time() - begin) / (double)count, out->len);
	sample_blog_release(&sample);
	g_string_free(out, TRUE);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "--time") == 0)
		return time_page(argv[2], argv[3]);
	if (argc == 2)
		return write_pages(argv[1]);
	fprintf(stderr, "usage: show_page DIRECTORY | --time PAGE COUNT\n");
	return 2;
}
