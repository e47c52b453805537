/*
 * test_template_markers.c - templates, views and byline-template(7) must speak
 * of the same markers.
 *
 * The functions that fill dictionaries are wrapped (ld --wrap), and all sample
 * pages are made, of the site and of the desk: what was set for which template
 * is then compared with what the templates ask for, both ways.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "desk_samples.h"
#include "sample_pages.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"

/* ---- what the views set ---- */

/* The template around the page that is being made. */
static const char *root_template;

/* Filled while pages are made: the file of each dictionary, "FILE NAME" for
 * each name that was set, "FILE INCLUDED" for each include. The linker calls
 * the functions below, so that nothing can be handed to them. */
static GHashTable *files;
static GHashTable *names;
static GHashTable *includes;

struct template_dict *__real_template_dict_new(void);
struct template_dict *__wrap_template_dict_new(void);
void __real_template_dict_set(
    struct template_dict *dict, const char *name, const char *value);
void __wrap_template_dict_set(
    struct template_dict *dict, const char *name, const char *value);
void __real_template_dict_set_integer(
    struct template_dict *dict, const char *name, int64_t value);
void __wrap_template_dict_set_integer(
    struct template_dict *dict, const char *name, int64_t value);
void __real_template_dict_set_trusted_html(struct template_dict *dict,
    const char *name, const char *value, size_t size);
void __wrap_template_dict_set_trusted_html(struct template_dict *dict,
    const char *name, const char *value, size_t size);
void __real_template_dict_show(struct template_dict *dict, const char *name);
void __wrap_template_dict_show(struct template_dict *dict, const char *name);
struct template_dict *__real_template_dict_add(
    struct template_dict *dict, const char *name);
struct template_dict *__wrap_template_dict_add(
    struct template_dict *dict, const char *name);
struct template_dict *__real_template_dict_include(
    struct template_dict *dict, const char *name, const char *file);
struct template_dict *__wrap_template_dict_include(
    struct template_dict *dict, const char *name, const char *file);

static void
record(GHashTable *table, const struct template_dict *dict, const char *name)
{
	const char *file = g_hash_table_lookup(files, dict);

	assert_non_null(file);
	g_hash_table_add(table, g_strconcat(file, " ", name, NULL));
}

struct template_dict *
__wrap_template_dict_new(void)
{
	struct template_dict *dict = __real_template_dict_new();

	g_hash_table_insert(files, dict, (void *)root_template);
	return dict;
}

void
__wrap_template_dict_set(
    struct template_dict *dict, const char *name, const char *value)
{
	record(names, dict, name);
	__real_template_dict_set(dict, name, value);
}

void
__wrap_template_dict_set_integer(
    struct template_dict *dict, const char *name, int64_t value)
{
	record(names, dict, name);
	__real_template_dict_set_integer(dict, name, value);
}

void
__wrap_template_dict_set_trusted_html(struct template_dict *dict,
    const char *name, const char *value, size_t size)
{
	record(names, dict, name);
	__real_template_dict_set_trusted_html(dict, name, value, size);
}

void
__wrap_template_dict_show(struct template_dict *dict, const char *name)
{
	record(names, dict, name);
	__real_template_dict_show(dict, name);
}

struct template_dict *
__wrap_template_dict_add(struct template_dict *dict, const char *name)
{
	struct template_dict *child = __real_template_dict_add(dict, name);

	record(names, dict, name);
	g_hash_table_insert(files, child, g_hash_table_lookup(files, dict));
	return child;
}

struct template_dict *
__wrap_template_dict_include(
    struct template_dict *dict, const char *name, const char *file)
{
	struct template_dict *child =
	    __real_template_dict_include(dict, name, file);

	record(names, dict, name);
	record(includes, dict, file);
	g_hash_table_insert(files, child, (void *)g_intern_string(file));
	return child;
}

static int
make_all_pages(void **state)
{
	(void)state;
	files = g_hash_table_new(NULL, NULL);
	names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	includes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	root_template = "site/layout.html";
	for (size_t i = 0; i < sample_pages_count; i++) {
		g_string_free(sample_page_make(sample_pages[i].name), TRUE);
		g_hash_table_remove_all(files);
	}
	root_template = "desk/layout.html";
	for (size_t i = 0; desk_sample_at(i) != NULL; i++) {
		g_string_free(desk_sample_make(desk_sample_at(i)), TRUE);
		g_hash_table_remove_all(files);
	}
	return 0;
}

static int
forget_all_pages(void **state)
{
	(void)state;
	g_hash_table_unref(files);
	g_hash_table_unref(names);
	g_hash_table_unref(includes);
	return 0;
}

/* ---- what the templates ask for ---- */

/* Template `i` of those that views fill, of the site and then of the desk; NULL
 * beyond the last one. */
static const struct data_file *
template_at(size_t i)
{
	for (size_t k = 0; k < template_files_count; k++) {
		if (!g_str_has_prefix(template_files[k].name, "site/"))
			continue;
		if (i-- == 0)
			return &template_files[k];
	}
	return i < desk_template_files_count ? &desk_template_files[i] : NULL;
}

static const struct data_file *
find_template(const char *name)
{
	const struct data_file *file;

	for (size_t i = 0; (file = template_at(i)) != NULL; i++)
		if (strcmp(file->name, name) == 0)
			return file;
	return NULL;
}

/* The names in `file`, as a set: "TITLE", and with `has_kinds` "#CARDS",
 * ">MAIN". The caller unrefs it. */
static GHashTable *
scan_markers(const struct data_file *file, bool has_kinds)
{
	GHashTable *found =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GRegex) marker = g_regex_new(
	    "\\{\\{([#>]?)([A-Z][A-Z0-9_]*)(?::[a-z_]+)*\\}\\}", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;

	g_regex_match(marker, file->bytes, 0, &match);
	for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
		g_autofree char *kind = g_match_info_fetch(match, 1);
		g_autofree char *name = g_match_info_fetch(match, 2);

		g_hash_table_add(
		    found, g_strconcat(has_kinds ? kind : "", name, NULL));
	}
	return found;
}

/* Whether the view sets `name` for `file` or for a template around it. */
static bool
is_set(const char *file, const char *name, int depth)
{
	g_autofree char *set = g_strconcat(file, " ", name, NULL);
	g_autofree char *ending = g_strconcat(" ", file, NULL);
	GHashTableIter iterator;
	void *key;

	if (g_hash_table_contains(names, set))
		return true;
	g_hash_table_iter_init(&iterator, includes);
	while (depth > 0 && g_hash_table_iter_next(&iterator, &key, NULL)) {
		g_autofree char *outer = NULL;

		if (!g_str_has_suffix(key, ending))
			continue;
		outer = g_strndup(key, strcspn(key, " "));
		if (is_set(outer, name, depth - 1))
			return true;
	}
	return false;
}

/* Whether `file`, or a template inside it, asks for `name`. */
static bool
is_asked_for(const char *file, const char *name, int depth)
{
	const struct data_file *template = find_template(file);
	g_autofree char *beginning = g_strconcat(file, " ", NULL);
	g_autoptr(GHashTable) found = NULL;
	GHashTableIter iterator;
	void *key;

	assert_non_null(template);
	found = scan_markers(template, false);
	if (g_hash_table_contains(found, name))
		return true;
	g_hash_table_iter_init(&iterator, includes);
	while (depth > 0 && g_hash_table_iter_next(&iterator, &key, NULL))
		if (g_str_has_prefix(key, beginning) &&
		    is_asked_for(
			(char *)key + strlen(beginning), name, depth - 1))
			return true;
	return false;
}

static void
test_each_marker_of_a_template_is_set_by_its_view(void **state)
{
	const struct data_file *file;
	guint missing = 0;
	int desk_count = 0;

	(void)state;

	for (size_t i = 0; (file = template_at(i)) != NULL; i++) {
		g_autoptr(GHashTable) found = scan_markers(file, false);
		GHashTableIter iterator;
		void *name;

		assert_true(g_hash_table_size(found) > 0);
		desk_count += g_str_has_prefix(file->name, "desk/");
		g_hash_table_iter_init(&iterator, found);
		while (g_hash_table_iter_next(&iterator, &name, NULL)) {
			if (is_set(file->name, name, 2))
				continue;
			print_error("%s asks for %s, which nothing sets\n",
			    file->name, (char *)name);
			missing++;
		}
	}
	assert_int_equal(missing, 0);
	assert_int_equal(desk_count, desk_template_files_count);
}

static void
test_each_name_a_view_sets_is_asked_for(void **state)
{
	GHashTableIter iterator;
	guint missing = 0;
	void *key;

	(void)state;
	assert_true(g_hash_table_size(names) > 300);

	g_hash_table_iter_init(&iterator, names);
	while (g_hash_table_iter_next(&iterator, &key, NULL)) {
		g_auto(GStrv) parts = g_strsplit(key, " ", 2);

		if (is_asked_for(parts[0], parts[1], 2))
			continue;
		print_error("%s is given %s, which it never asks for\n",
		    parts[0], parts[1]);
		missing++;
	}
	assert_int_equal(missing, 0);
}

/* ---- what the manual says ---- */

/* The part of the manual about `file`: from its heading to the next one. */
static char *
manual_part(const char *manual, const char *file)
{
	g_autofree char *heading = g_strconcat("\n.Ss ", file, "\n", NULL);
	const char *begin = strstr(manual, heading);
	const char *end;

	if (begin == NULL)
		return NULL;
	begin += strlen(heading) - 1;
	end = strstr(begin, "\n.S");
	return end == NULL ? g_strdup(begin)
			   : g_strndup(begin, (gsize)(end - begin + 1));
}

/* The names that `part` explains: lines ".It Ic NAME". */
static GHashTable *
scan_manual(const char *part)
{
	GHashTable *found =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(GStrv) lines = g_strsplit(part, "\n", -1);

	for (char **line = lines; *line != NULL; line++)
		if (g_str_has_prefix(*line, ".It Ic "))
			g_hash_table_add(
			    found, g_strdup(*line + strlen(".It Ic ")));
	return found;
}

static guint
count_missing(GHashTable *wanted, GHashTable *found, const char *file,
    const char *complaint)
{
	GHashTableIter iterator;
	guint missing = 0;
	void *name;

	g_hash_table_iter_init(&iterator, wanted);
	while (g_hash_table_iter_next(&iterator, &name, NULL)) {
		if (g_hash_table_contains(found, name))
			continue;
		print_error("%s: %s %s\n", file, (char *)name, complaint);
		missing++;
	}
	return missing;
}

static void
test_the_manual_lists_each_template_and_marker(void **state)
{
	g_autofree char *path =
	    g_build_filename(MANUAL_DIRECTORY, "byline-template.7", NULL);
	g_autofree char *manual = NULL;
	guint missing = 0;

	(void)state;
	assert_true(g_file_get_contents(path, &manual, NULL, NULL));

	for (size_t i = 0; i < template_files_count; i++) {
		const struct data_file *file = &template_files[i];
		g_autofree char *part = manual_part(manual, file->name);
		g_autoptr(GHashTable) asked = scan_markers(file, true);
		g_autoptr(GHashTable) told = NULL;

		if (part == NULL) {
			print_error("%s is not in the manual\n", file->name);
			missing++;
			continue;
		}
		told = scan_manual(part);
		missing += count_missing(
		    asked, told, file->name, "is not in the manual");
		missing += count_missing(
		    told, asked, file->name, "is in the manual alone");
	}
	assert_int_equal(missing, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_each_marker_of_a_template_is_set_by_its_view),
		cmocka_unit_test(test_each_name_a_view_sets_is_asked_for),
		cmocka_unit_test(
		    test_the_manual_lists_each_template_and_marker),
	};

	return cmocka_run_group_tests(tests, make_all_pages, forget_all_pages);
}
