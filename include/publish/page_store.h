/*
 * page_store.h - pages as files, so that they need not be made twice.
 *
 * A page is kept under its address, together with a stamp: a text that differs
 * whenever what pages are made of does (the contents of the database, the
 * configuration, the theme, the program). It is found again only under the very
 * same stamp; so nobody has to remove what has become old, and no page is ever
 * older than its stamp says. A file that is damaged, or was half written when
 * the power went, is not found.
 *
 * There are a fixed number of places, each for one page: one that is kept takes
 * the place of another. All files can be deleted at any time, and any number of
 * processes may use them at once.
 */
#ifndef PUBLISH_PAGE_STORE_H
#define PUBLISH_PAGE_STORE_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

/* So many pages are kept at most, of so many bytes each. */
#define PAGE_STORE_PLACES        512
#define PAGE_STORE_MAX_BODY_SIZE ((size_t)1 << 20)

struct page_store;

struct stored_page {
	const char *content_type; /* static */
	char *etag;               /* without quotes */
	int64_t last_modified;
	char *policy; /* the Content-Security-Policy */
	GString *body;
};

/*
 * The pages in `directory`, which is made (0700) if its parent is there, as
 * long as `stamp` is true. Where it cannot be made or written, nothing is kept.
 * The caller frees it.
 */
struct page_store *page_store_new(const char *directory, const char *stamp);
void page_store_free(struct page_store *store);

/*
 * The page at `path` ("/articles/x", as it was kept). STATUS_NOT_FOUND when
 * there is none of this stamp. The caller releases it.
 */
MUST_CHECK enum status page_store_find(const struct page_store *store,
    const char *path, struct stored_page *out_page);
void stored_page_release(struct stored_page *page);

/* Keep `page` as what is at `path`, in the place of an older one. A full disk
 * only means that it is not kept. */
void page_store_keep(const struct page_store *store, const char *path,
    const struct stored_page *page);

#endif
