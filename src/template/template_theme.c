/*
 * template_theme.c - see template/template_theme.h.
 */
#include "config.h"

#include "template/template_theme.h"

#include "base/file.h"
#include "base/logger.h"
#include "template/template_engine.h"
#include "template/template_scan.h"

/* A template larger than this is a mistake. */
enum {
	MAX_SIZE = 1024 * 1024
};

/* ---- problems ---- */

static void
clear_problem(gpointer data)
{
	struct template_problem *problem = data;

	g_free(problem->file);
	g_free(problem->message);
}

GArray *
template_problems_new(void)
{
	GArray *problems =
	    g_array_new(FALSE, FALSE, sizeof(struct template_problem));

	g_array_set_clear_func(problems, clear_problem);
	return problems;
}

void
template_problems_add(GArray *problems, const char *file, uint32_t line,
    gboolean is_fatal, const char *message)
{
	struct template_problem problem = {
		.file = g_strdup(file),
		.line = line,
		.is_fatal = is_fatal,
		.message = g_strdup(message),
	};

	g_array_append_val(problems, problem);
}

GArray *
template_problems_copy(const GArray *problems)
{
	GArray *copies = template_problems_new();

	for (guint i = 0; i < problems->len; i++) {
		const struct template_problem *problem =
		    &g_array_index(problems, struct template_problem, i);

		template_problems_add(copies, problem->file, problem->line,
		    problem->is_fatal, problem->message);
	}
	return copies;
}

void
template_problems_log(const GArray *problems, guint first)
{
	for (guint i = first; i < problems->len; i++) {
		const struct template_problem *problem =
		    &g_array_index(problems, struct template_problem, i);
		g_autofree char *line = g_strdup_printf("%u", problem->line);

		log_warning(problem->is_fatal ? "template.refused"
					      : "template.unfilled",
		    "file", problem->file, "line", line, "reason",
		    problem->message);
	}
}

/* ---- reading ---- */

enum status
template_theme_read(const char *path, GString **out_text, GError **error)
{
	GString *text = g_string_new(NULL);
	enum status status =
	    file_read(path, FILE_LINKS_FOLLOW, MAX_SIZE, text, error);

	if (status == STATUS_OK)
		*out_text = text;
	else
		g_string_free(text, TRUE);
	return status;
}

/* ---- names ---- */

GHashTable *
template_theme_known(const struct data_file *builtin, size_t count)
{
	GHashTable *known =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (size_t i = 0; i < count; i++) {
		struct template_scan scan;
		GHashTableIter iterator;
		gpointer name;
		/* one that is broken is reported when it is loaded */
		enum status status G_GNUC_UNUSED = template_scan_check(
		    builtin[i].bytes, builtin[i].size, TRUE, &scan);

		g_hash_table_iter_init(&iterator, scan.markers);
		while (g_hash_table_iter_next(&iterator, &name, NULL))
			g_hash_table_add(known, g_strdup(name));
		template_scan_release(&scan);
	}
	return known;
}

static gint
compare_problems(gconstpointer first, gconstpointer second)
{
	const struct template_problem *a = first;
	const struct template_problem *b = second;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return g_strcmp0(a->message, b->message);
}

void
template_theme_check_names(
    const char *file, const GString *text, GHashTable *known, GArray *problems)
{
	g_autoptr(GArray) unknown = template_problems_new();
	struct template_scan scan;
	GHashTableIter iterator;
	gpointer name;
	gpointer line;
	enum status status G_GNUC_UNUSED =
	    template_scan_check(text->str, text->len, TRUE, &scan);

	g_hash_table_iter_init(&iterator, scan.markers);
	while (g_hash_table_iter_next(&iterator, &name, &line)) {
		g_autofree char *message = g_strdup_printf(
		    "nothing fills {{%s}}: no built-in template has it",
		    (const char *)name);

		/* separators need no filling */
		if (!g_hash_table_contains(known, name) &&
		    !g_str_has_suffix(name, "_separator"))
			template_problems_add(unknown, file,
			    GPOINTER_TO_UINT(line), FALSE, message);
	}
	template_scan_release(&scan);
	g_array_sort(unknown, compare_problems);
	for (guint i = 0; i < unknown->len; i++) {
		const struct template_problem *problem =
		    &g_array_index(unknown, struct template_problem, i);

		template_problems_add(problems, problem->file, problem->line,
		    FALSE, problem->message);
	}
}
