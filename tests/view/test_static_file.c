/*
 * test_static_file.c - style sheets and the like: names by content, the
 * theme's before ours, and what is put where the web server finds it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/token.h"
#include "view/static_file.h"

#define STYLE  "body{color:#111}\n"
#define SCRIPT "f();\n"
static const struct data_file BUILTIN[] = {
	{ "style.css", STYLE, sizeof(STYLE) - 1 },
	{ "copy.js", SCRIPT, sizeof(SCRIPT) - 1 },
};

struct folders {
	char *root;
	char *theme;
	char *theme_static;
	char *public_static;
};

static int
set_up(void **state)
{
	struct folders *folders = g_new0(struct folders, 1);

	folders->root = g_dir_make_tmp("byline-static-XXXXXX", NULL);
	folders->theme = g_build_filename(folders->root, "theme", NULL);
	folders->theme_static =
	    g_build_filename(folders->theme, "static", NULL);
	folders->public_static =
	    g_build_filename(folders->root, "public", "static", NULL);
	*state = folders;
	return g_mkdir_with_parents(folders->theme_static, 0700);
}

static void
remove_tree(const char *path)
{
	g_autoptr(GDir) folder = NULL;
	const char *name;

	if (g_file_test(path, G_FILE_TEST_IS_SYMLINK) ||
	    (folder = g_dir_open(path, 0, NULL)) == NULL) {
		g_unlink(path);
		return;
	}
	while ((name = g_dir_read_name(folder))) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	g_rmdir(path);
}

static int
tear_down(void **state)
{
	struct folders *folders = *state;

	remove_tree(folders->root);
	g_free(folders->root);
	g_free(folders->theme);
	g_free(folders->theme_static);
	g_free(folders->public_static);
	g_free(folders);
	return 0;
}

static void
write_file(const char *directory, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
}

static char *
path_of(const char *text, const char *stem, const char *extension)
{
	g_autofree char *hash = token_content_hash(text, strlen(text), 8);

	return g_strdup_printf("/static/%s-%s%s", stem, hash, extension);
}

static void
test_static_files_by_name_builtin(void **state)
{
	struct static_files *files = static_files_new(BUILTIN, 2, NULL);
	const struct static_file *file =
	    static_files_by_name(files, "style.css");
	g_autofree char *path = path_of(STYLE, "style", ".css");

	(void)state;
	assert_non_null(file);
	assert_string_equal(file->name, "style.css");
	assert_string_equal(file->path, path);
	assert_string_equal(file->content_type, "text/css; charset=utf-8");
	assert_int_equal(file->size, strlen(STYLE));
	assert_memory_equal(file->bytes, STYLE, file->size);
	assert_ptr_equal(static_files_by_path(files, path), file);
	assert_null(static_files_by_name(files, "other.css"));
	static_files_free(files);
}

static void
test_static_files_new_below_prefix(void **state)
{
	struct static_files *files =
	    static_files_new_below("/desk/static/", BUILTIN, 2);
	const struct static_file *file = static_files_by_name(files, "copy.js");
	g_autofree char *elsewhere = path_of(SCRIPT, "copy", ".js");
	g_autofree char *path = g_strconcat("/desk", elsewhere, NULL);

	(void)state;
	assert_non_null(file);
	assert_string_equal(file->path, path);
	assert_ptr_equal(static_files_by_path(files, path), file);
	assert_null(static_files_by_path(files, elsewhere));
	assert_null(static_files_by_path(files, "/desk/static/copy.js"));
	assert_null(static_files_by_path(files, "/desk/static/"));
	static_files_free(files);
}

static void
test_static_files_by_path_wrong(void **state)
{
	static const char *const PATHS[] = { "", "/", "/static/",
		"/static/style.css", "/static/style-00000000.css",
		"/static/-00000000.css", "/static/../style.css",
		"/static/style", "/static/.css", "/media/style.css",
		"/static/style-0000000.css", "/static/x/style.css" };
	struct static_files *files = static_files_new(BUILTIN, 2, NULL);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(PATHS); i++)
		assert_null(static_files_by_path(files, PATHS[i]));
	static_files_free(files);
}

static void
test_static_files_new_theme(void **state)
{
	const struct folders *folders = *state;
	struct static_files *files;
	const struct static_file *style;
	const struct static_file *font;

	write_file(folders->theme_static, "style.css", "b{}");
	write_file(folders->theme_static, "My_font.v2.woff2", "font");
	files = static_files_new(BUILTIN, 2, folders->theme);
	style = static_files_by_name(files, "style.css");
	font = static_files_by_name(files, "My_font.v2.woff2");

	assert_memory_equal(style->bytes, "b{}", 3);
	assert_int_equal(style->size, 3);
	assert_string_equal(font->content_type, "font/woff2");
	assert_true(g_str_has_prefix(font->path, "/static/My_font.v2-"));
	assert_ptr_equal(static_files_by_path(files, font->path), font);
	assert_non_null(static_files_by_name(files, "copy.js"));
	static_files_free(files);
}

static void
test_static_files_new_skips(void **state)
{
	static const char *const NAMES[] = { ".hidden.css", "a b.css",
		"\xc3\xbc.css", "a%2f.css", "<x>.css" };
	const struct folders *folders = *state;
	g_autofree char *folder =
	    g_build_filename(folders->theme_static, "sub.css", NULL);
	g_autofree char *pipe =
	    g_build_filename(folders->theme_static, "pipe.css", NULL);
	g_autofree char *large =
	    g_build_filename(folders->theme_static, "large.css", NULL);
	g_autofree char *link =
	    g_build_filename(folders->theme_static, "link.css", NULL);
	struct static_files *files;

	assert_int_equal(symlink("/etc/passwd", link), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
		write_file(folders->theme_static, NAMES[i], "x");
	write_file(folders->theme_static, "large.css", "x");
	assert_int_equal(truncate(large, 10 * 1024 * 1024 + 1), 0);
	assert_int_equal(g_mkdir(folder, 0700), 0);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	files = static_files_new(BUILTIN, 2, folders->theme);

	for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
		assert_null(static_files_by_name(files, NAMES[i]));
	assert_null(static_files_by_name(files, "sub.css"));
	assert_null(static_files_by_name(files, "pipe.css"));
	assert_null(static_files_by_name(files, "large.css"));
	assert_null(static_files_by_name(files, "link.css"));
	static_files_free(files);
}

/* A theme's file that vanished before it was read: the built-in one serves. */
static void
test_static_files_by_name_vanished(void **state)
{
	const struct folders *folders = *state;
	g_autofree char *path =
	    g_build_filename(folders->theme_static, "style.css", NULL);
	struct static_files *files;

	write_file(folders->theme_static, "style.css", "b{}");
	write_file(folders->theme_static, "own.css", "b{}");
	files = static_files_new(BUILTIN, 2, folders->theme);
	remove_tree(folders->theme_static);

	assert_memory_equal(
	    static_files_by_name(files, "style.css")->bytes, STYLE, 5);
	assert_null(static_files_by_name(files, "own.css"));
	static_files_free(files);
}

/* The bytes once read are those that are served, whatever the file is now. */
static void
test_static_files_by_name_changed(void **state)
{
	const struct folders *folders = *state;
	struct static_files *files;
	const struct static_file *file;

	write_file(folders->theme_static, "style.css", "b{}");
	files = static_files_new(BUILTIN, 2, folders->theme);
	file = static_files_by_name(files, "style.css");
	write_file(folders->theme_static, "style.css", "i{}");

	assert_memory_equal(
	    static_files_by_name(files, "style.css")->bytes, "b{}", 3);
	assert_ptr_equal(static_files_by_name(files, "style.css"), file);
	static_files_free(files);
}

static void
test_static_files_content_types(void **state)
{
	static const char *const SAMPLES[][2] = {
		{ "a.css", "text/css; charset=utf-8" },
		{ "a.js", "text/javascript; charset=utf-8" },
		{ "a.svg", "image/svg+xml" },
		{ "a.png", "image/png" },
		{ "a.ico", "image/vnd.microsoft.icon" },
		{ "a.webp", "image/webp" },
		{ "a.woff2", "font/woff2" },
		{ "a.txt", "text/plain; charset=utf-8" },
		{ "a.xml", "application/xml; charset=utf-8" },
		{ "a.json", "application/json" },
		{ "a.webmanifest", "application/manifest+json" },
		{ "a.html", "application/octet-stream" },
		{ "a", "application/octet-stream" },
		{ "css", "application/octet-stream" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
		const struct data_file builtin = { SAMPLES[i][0], "x", 1 };
		struct static_files *files =
		    static_files_new(&builtin, 1, NULL);
		const struct static_file *file =
		    static_files_by_name(files, SAMPLES[i][0]);

		assert_string_equal(file->content_type, SAMPLES[i][1]);
		assert_ptr_equal(static_files_by_path(files, file->path), file);
		static_files_free(files);
	}
}

/* ---- publishing ---- */

static char *
published(const struct folders *folders, const char *path)
{
	return g_build_filename(
	    folders->public_static, strrchr(path, '/') + 1, NULL);
}

static guint
count_files(const char *directory)
{
	g_autoptr(GDir) folder = g_dir_open(directory, 0, NULL);
	guint count = 0;

	while (folder != NULL && g_dir_read_name(folder) != NULL)
		count++;
	return count;
}

static void
test_static_files_publish_writes(void **state)
{
	const struct folders *folders = *state;
	struct static_files *files = static_files_new(BUILTIN, 2, NULL);
	g_autofree char *path = path_of(STYLE, "style", ".css");
	g_autofree char *file = published(folders, path);
	g_autofree char *text = NULL;
	struct stat about;
	mode_t mask = umask(077);

	assert_int_equal(
	    static_files_publish(files, folders->public_static, NULL),
	    STATUS_OK);
	umask(mask);

	assert_int_equal(count_files(folders->public_static), 2);
	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	assert_string_equal(text, STYLE);
	assert_int_equal(stat(file, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0644);
	assert_int_equal(stat(folders->public_static, &about), 0);
	assert_int_equal(about.st_mode & 0755, 0755);
	static_files_free(files);
}

static void
test_static_files_publish_again(void **state)
{
	const struct folders *folders = *state;
	struct static_files *files = static_files_new(BUILTIN, 2, NULL);
	g_autofree char *path = path_of(STYLE, "style", ".css");
	g_autofree char *file = published(folders, path);
	struct stat before;
	struct stat after;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    static_files_publish(files, folders->public_static, NULL),
		    STATUS_OK);
		assert_int_equal(stat(file, i == 0 ? &before : &after), 0);
	}

	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(count_files(folders->public_static), 2);
	static_files_free(files);
}

/* Left over from a loss of power: right in name, wrong in content. */
static void
test_static_files_publish_mends(void **state)
{
	const struct folders *folders = *state;
	struct static_files *files = static_files_new(BUILTIN, 2, NULL);
	g_autofree char *path = path_of(STYLE, "style", ".css");
	g_autofree char *file = published(folders, path);
	g_autofree char *text = NULL;

	assert_int_equal(g_mkdir_with_parents(folders->public_static, 0755), 0);
	write_file(folders->public_static, strrchr(path, '/') + 1, "body");
	write_file(folders->public_static, "style-old00000.css", "kept");
	assert_int_equal(
	    static_files_publish(files, folders->public_static, NULL),
	    STATUS_OK);

	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	assert_string_equal(text, STYLE);
	assert_int_equal(count_files(folders->public_static), 3);
	static_files_free(files);
}

static void
test_static_files_publish_fails(void **state)
{
	const struct folders *folders = *state;
	struct static_files *files = static_files_new(BUILTIN, 2, NULL);
	g_autofree char *path = path_of(STYLE, "style", ".css");
	g_autofree char *file = published(folders, path);
	g_autofree char *below =
	    g_build_filename(folders->theme_static, "a.css", "b", NULL);
	g_autoptr(GError) no_file = NULL;
	g_autoptr(GError) no_folder = NULL;

	write_file(folders->theme_static, "a.css", "no folder");
	assert_int_equal(
	    static_files_publish(files, below, &no_folder), STATUS_FAILED);
	assert_non_null(strstr(no_folder->message, below));
	/* nothing can be renamed over a folder that is not empty */
	assert_int_equal(g_mkdir_with_parents(file, 0755), 0);
	write_file(file, "x", "x");
	assert_int_equal(
	    static_files_publish(files, folders->public_static, &no_file),
	    STATUS_FAILED);
	assert_non_null(strstr(no_file->message, file));
	assert_int_equal(count_files(folders->public_static), 1);
	static_files_free(files);
}

#define FOLDER_TEST(function)                                                  \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(test_static_files_by_name_builtin),
		cmocka_unit_test(test_static_files_new_below_prefix),
		cmocka_unit_test(test_static_files_by_path_wrong),
		FOLDER_TEST(test_static_files_new_theme),
		FOLDER_TEST(test_static_files_new_skips),
		FOLDER_TEST(test_static_files_by_name_vanished),
		FOLDER_TEST(test_static_files_by_name_changed),
		cmocka_unit_test(test_static_files_content_types),
		FOLDER_TEST(test_static_files_publish_writes),
		FOLDER_TEST(test_static_files_publish_again),
		FOLDER_TEST(test_static_files_publish_mends),
		FOLDER_TEST(test_static_files_publish_fails),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
