/*
 * import_article.h - what the front matter and the name of a file make of an
 * article.
 *
 * Private to the tool layer.
 */
#ifndef IMPORT_ARTICLE_H
#define IMPORT_ARTICLE_H

#include <stdbool.h>
#include <stdint.h>

struct import_article;
struct import_plan;

/*
 * Fill `article`, whose bytes and front matter are there, but for slug and
 * path. False, with a notice, when it cannot be imported.
 */
bool import_article_fill(
    struct import_plan *plan, struct import_article *article, int64_t now);

/*
 * Whether `article` is one that Jekyll would publish: it has YAML, and it lies
 * in _posts or _drafts, or Jekyll's configuration lies at the top of the
 * imported folder, or no other generator's does and its name has a date. Hugo
 * knows YAML as well.
 */
bool import_is_jekyll(
    const struct import_plan *plan, const struct import_article *article);

/*
 * What a source is called: "a" for "posts/2026-05-30-a.md" and for
 * "posts/2026-05-30-a/index.md". The caller frees it.
 */
char *import_article_name(const char *source);

#endif
