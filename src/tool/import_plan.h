/*
 * import_plan.h - what an import is going to do, worked out before anything is
 * rendered or written: which files are articles, where each will stand, which
 * addresses led to it, which files they may show.
 *
 * Private to the tool layer. Paths of sources are relative to the imported
 * folder, with "/" between their parts.
 */
#ifndef IMPORT_PLAN_H
#define IMPORT_PLAN_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "content/document.h"
#include "content/front_matter.h"
#include "model/article.h"

struct renderer;
struct site;

enum {
	IMPORT_ASSET_SIZE_MOST = 20 << 20 /* bytes */
};

/* Something to tell the person who imports. */
struct import_notice {
	char *file;    /* relative to the imported folder */
	uint32_t line; /* from 1; 0: not known */
	bool is_error; /* the file was not imported, or not wholly */
	char *message;
};

enum import_action {
	IMPORT_ADD,
	IMPORT_CHANGE,
	IMPORT_KEEP, /* imported before, and all of it is the same since */
};

struct import_article {
	char *source; /* "posts/a.md" */
	char *bytes;  /* the whole file */
	size_t size;
	struct front_matter front_matter;
	char *body; /* Markdown; what is stored */
	enum import_action action;
	bool is_written; /* added or changed, by now */
	enum article_kind kind;
	enum article_status status;
	int64_t id, version;       /* of what was imported before */
	int64_t former_updated_at; /* 0: it was never public */
	bool is_due;               /* it was scheduled, and may appear by now */
	char *former_hash;         /* NULL: not imported before */
	GArray *references;   /* struct document_reference, of what is kept:
			       * what it refers to, without the base path */
	int64_t new_id;       /* of what was not imported before */
	int64_t published_at; /* 0: none */
	int64_t updated_at;   /* 0: none */
	char *title;
	char *slug;
	char *path;            /* where it will stand, without the base path;
				* known before any article is rendered */
	char *old_path;        /* where it stood; NULL: not known */
	GPtrArray *aliases;    /* paths that shall lead here: char * */
	char *category;        /* or NULL */
	GPtrArray *tags;       /* char *, NULL-terminated */
	int64_t series_number; /* 0: none */
	bool is_pinned;
	int64_t pinned_at; /* 0: not known */
	char *hash;
};

/* A file that an article may show or offer. */
struct import_asset {
	char *source;     /* "posts/a/graph.png" */
	char *media_path; /* its name below media/ */
	const char *content_type;
	uint64_t size;
	uint32_t width, height;
};

struct import_plan {
	char *directory;
	const struct site *site;
	struct renderer *parser; /* of front matter, while files are read */
	int64_t now;
	int64_t next_id;     /* of the next article that is new */
	bool is_jekyll_site; /* _config.yml lies at the top */
	bool is_other_site;  /* the configuration of another generator does */
	GPtrArray *articles; /* struct import_article *, by source */
	GPtrArray *notices;  /* struct import_notice * */
	int64_t
	    section_count; /* pages of sections, which Byline makes itself */
	GHashTable *articles_by_source;   /* borrowed from `articles` */
	GHashTable *articles_by_address;  /* old address -> borrowed article */
	GHashTable *assets_by_source;     /* owns struct import_asset */
	GHashTable *assets_by_address;    /* old address -> borrowed asset */
	GHashTable *assets_by_media_path; /* borrowed asset */
	GHashTable *left_out; /* source -> why it did not come along: static */
	GPtrArray *gone;      /* imported before from a file that is not there:
			       * sources, char * */
	GPtrArray *skipped;   /* folders of a generator: sources, char * */
	int64_t markdown_count; /* files that could be articles */
	GHashTable *slugs;      /* slug -> source of what has it, or "" */
};

/*
 * Look through `directory` and plan its import into `site`, whose database is
 * in a transaction, and where the categories of articles are made if they are
 * new, since addresses may hold them. What is wrong with single files is in the
 * notices; only a folder that cannot be read fails. The caller frees it.
 */
MUST_CHECK enum status import_plan_new(const char *directory,
    const struct site *site, int64_t now, struct import_plan **out_plan,
    GError **error);

void import_plan_free(struct import_plan *plan);

/* Add a notice. */
void import_plan_notice(struct import_plan *plan, bool is_error,
    const char *file, uint32_t line, const char *format, ...)
    G_GNUC_PRINTF(5, 6);

/* Note that the folder `source` is a generator's own and was left out. */
void import_plan_skip(struct import_plan *plan, const char *source);

/* Put the notices in order of files and lines. */
void import_plan_sort_notices(struct import_plan *plan);

/* Resolve what articles refer to: a struct link_resolver with the plan as data.
 */
bool import_resolve(const void *data, const char *source, const char *reference,
    enum link_kind kind, struct link_target *out_target);

/*
 * `path` relative to the folder `base` ("posts/a"), without "." and "..". NULL
 * when it leads out of the imported folder. The caller frees it.
 */
char *import_join(const char *base, const char *path);

/* The folder of a source: "posts/a" of "posts/a/index.md", "" at the top. */
char *import_folder(const char *source);

/*
 * Replace Jekyll's Liquid in the body of `article` by Markdown; what Byline has
 * nothing for stays as it is and is noticed.
 */
void import_replace_liquid(
    struct import_plan *plan, struct import_article *article);

#endif
