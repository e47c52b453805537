/*
 * term_private.h - what tags, categories, series and authors have in common: a
 * name that people read and a slug that stands in addresses.
 */
#ifndef MODEL_TERM_PRIVATE_H
#define MODEL_TERM_PRIVATE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "model/term_edit.h"

struct database;
struct statement;
struct term;

enum {
	TERM_NAME_CHARACTERS = 100, /* a longer name is refused */
	TERM_SLUG_SIZE = 100,
	TERM_SLUG_TRIES = 1000 /* slug-2 ... slug-1000 */
};

/*
 * The slug of `name`, a normalised line: text_slug(), or the code points of a
 * name that has no letter or digit, "u-1f980-2764". NULL when `name` is empty.
 * The caller frees it.
 */
char *term_slug(const char *name);

/*
 * Whether two names of one slug mean the same: equal in NFKC without regard to
 * case, white space, hyphens and other marks that only separate. "Web dev" and
 * "web-dev" do, "C", "C++" and "C#" do not.
 */
bool term_is_same(const char *left, const char *right);

/* `slug` for `number` 1, else "slug-2" and so on. The caller frees it. */
char *term_numbered_slug(const char *slug, int number);

/* The statements of a table of terms. */
struct term_table {
	const char *named_sql;  /* :name, whatever its case; gives id */
	const char *find_sql;   /* :slug; gives id, name */
	const char *insert_sql; /* :slug, :name */
	/* Of what readers have addresses of, the columns of struct term in
	 * order: of the one with :slug, and of all that are used. */
	const char *read_sql, *list_used_sql;
};

/* The row of a table of terms that `statement` stands on, the columns as in
 * read_sql: a struct term *. The caller frees it. */
void *term_from_row(struct statement *statement);

/* All such rows: struct term *. The caller unrefs the list. */
MUST_CHECK enum status term_list_rows(
    struct statement *statement, GPtrArray **out_terms);

/* The id of the term called `name` in `table`, made if there is none: what
 * tag_ensure() promises. */
MUST_CHECK enum status term_ensure(struct database *database,
    const struct term_table *table, const char *name, int64_t *out_id);

/* The same of one that is there. STATUS_NOT_FOUND, also for what can be no
 * name. */
MUST_CHECK enum status term_find(struct database *database,
    const struct term_table *table, const char *name, int64_t *out_id);

/* The term of `table` with this slug. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status term_read(struct database *database,
    const struct term_table *table, const char *slug, struct term **out_term);

/* Those of `table` that are used: struct term *. The caller unrefs the list. */
MUST_CHECK enum status term_list_used(struct database *database,
    const struct term_table *table, GPtrArray **out_terms);

/*
 * The first term other than `except_id` (0: any) that `name`, a normalised
 * line, means: of the same slug, but for numbers, and the same meaning
 * (term_is_same()). STATUS_NOT_FOUND. `out_name` (may be NULL) is the caller's.
 */
MUST_CHECK enum status term_find_same(struct database *database,
    enum term_kind kind, const char *name, int64_t except_id, int64_t *out_id,
    char **out_name);

#endif
