/*
 * template_engine.h - the one face of ctemplate.
 *
 * Every template opens with {{%AUTOESCAPE context="..."}}; one that does not,
 * or that puts ":none" on a marker whose name does not end in _HTML, does not
 * load. Values are data: whatever they hold, they are escaped for where they
 * stand.
 */
#ifndef TEMPLATE_TEMPLATE_ENGINE_H
#define TEMPLATE_TEMPLATE_ENGINE_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/data_file.h"
#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct template_engine;
struct template_dict;

/* What is wrong with a template of the theme. */
struct template_problem {
	char *file;    /* path of the override */
	uint32_t line; /* 0: of the whole file */
	/* The built-in one serves. FALSE: the override serves, but asks for a
	 * marker that nothing fills. */
	gboolean is_fatal;
	char *message;
};

/*
 * Make an engine over `count` built-in templates. Those in `theme_directory`
 * (NULL: none) with the same name take their place: "DIR/site/article.html",
 * a regular file of at most 1 MiB. Templates are parsed when first used, unless
 * template_engine_load() is called; a theme that changes needs a new engine.
 * `builtin` must outlive the engine.
 */
struct template_engine *template_engine_new(
    const struct data_file *builtin, size_t count, const char *theme_directory);
void template_engine_free(struct template_engine *engine);

/*
 * Load and check every template now (template_scan.h says what is refused). An
 * override that is broken or cannot be read is named and its built-in one
 * serves; one that asks for a marker which no built-in template has is named
 * too, and serves. They are in `out_problems` (GArray of struct
 * template_problem, freed by the caller), or in the log where that is NULL.
 * STATUS_FAILED when a built-in one is broken.
 *
 * Without this, overrides are checked as strictly on first use, but no marker
 * is named that nothing fills; of a built-in template, only its first line is
 * checked.
 */
MUST_CHECK enum status template_engine_load(
    struct template_engine *engine, GArray **out_problems);

/*
 * A dictionary. Values are copied; the names of markers, sections and includes
 * are not: they are string literals. What a template asks for and its own
 * dictionary does not have comes from the one that it was made from, and so on
 * up; what none has is "", a section hidden. The caller frees it;
 * sub-dictionaries belong to their parent.
 */
struct template_dict *template_dict_new(void);
void template_dict_free(struct template_dict *dict);

/* Set marker `name`, which must not end in _HTML (it aborts). NULL is "". */
void template_dict_set(
    struct template_dict *dict, const char *name, const char *value);
void template_dict_set_integer(
    struct template_dict *dict, const char *name, int64_t value);

/*
 * Set a marker that ends in _HTML, whose value is written as it is: only what
 * content/sanitizer.h or text_append_json() made. The value is borrowed until
 * the dictionary is freed. Another name is our mistake: it aborts.
 */
void template_dict_set_trusted_html(struct template_dict *dict,
    const char *name, const char *value, size_t size);

/* Show the section called `name` once. */
void template_dict_show(struct template_dict *dict, const char *name);

/* Show it once more with markers of its own; those not set there come from
 * `dict`. */
struct template_dict *template_dict_add(
    struct template_dict *dict, const char *name);

/* Fill the include marker {{>NAME}} with template `file`, once more each time.
 * Its markers are those of the returned dictionary, then of `dict`. */
struct template_dict *template_dict_include(
    struct template_dict *dict, const char *name, const char *file);

/* Set or show in the outermost dictionary: seen by the whole page, but for
 * where it is set nearer by. */
void template_dict_set_everywhere(
    struct template_dict *dict, const char *name, const char *value);
void template_dict_show_everywhere(
    struct template_dict *dict, const char *name);

/*
 * Append template `file` expanded with `dict` to `out`. STATUS_FAILED, logged,
 * and `out` as it was, when a template or an include of it is missing or
 * broken.
 */
MUST_CHECK enum status template_expand(struct template_engine *engine,
    const char *file, struct template_dict *dict, GString *out);

#ifdef __cplusplus
}
#endif

#endif
