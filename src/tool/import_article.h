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
 * What a source is called: "a" for "posts/2026-05-30-a.md" and for
 * "posts/2026-05-30-a/index.md". The caller frees it.
 */
char *import_article_name(const char *source);

#endif
