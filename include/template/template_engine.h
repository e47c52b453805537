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
 * (NULL: none) with the same name take their place: "DIR/site/article.html".
 * Templates are parsed when first used, unless template_engine_load() is
 * called. `builtin` must outlive the engine.
 */
struct template_engine *template_engine_new(
    const struct data_file *builtin, size_t count, const char *theme_directory);
void template_engine_free(struct template_engine *engine);

/*
 * Load and check every template now. An override that is broken is named in
 * `out_problems` (GArray of struct template_problem, freed by the caller; NULL
 * if not wanted) and its built-in one serves. STATUS_FAILED when a built-in one
 * is broken.
 */
MUST_CHECK enum status template_engine_load(
    struct template_engine *engine, GArray **out_problems);

/* A dictionary, its values copied. The caller frees it; sub-dictionaries belong
 * to their parent. */
struct template_dict *template_dict_new(void);
void template_dict_free(struct template_dict *dict);

/* Set marker `name`. NULL is "". */
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

/* Fill the include marker {{>NAME}} with template `file`. Its markers are those
 * of the returned dictionary, then of `dict`. */
struct template_dict *template_dict_include(
    struct template_dict *dict, const char *name, const char *file);

/* As template_dict_set(), seen by every included template too. */
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
