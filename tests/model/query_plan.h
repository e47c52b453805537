/*
 * query_plan.h - how SQLite answers what the models ask it.
 */
#ifndef TESTS_MODEL_QUERY_PLAN_H
#define TESTS_MODEL_QUERY_PLAN_H

#include <glib.h>
#include <stdint.h>

struct database;

/*
 * Add to `problems` each step of the plan for `sql` that sorts, or that walks
 * over a table without being one of those that may (the table in query_plan.c).
 */
void query_plan_check(
    struct database *database, const char *sql, GString *problems);

/* The texts of all statements prepared until now: const char *. */
GPtrArray *query_plan_statements(struct database *database);

/* Check all that were prepared since `before` was made, and fail with what is
 * wrong with them. Returns how many there were. */
guint query_plan_check_new(struct database *database, GPtrArray *before);

/* Steps of SQLite's virtual machine in all statements since the last call. */
int64_t query_plan_count_steps(struct database *database);

#endif
