/*
 * sample_pages.h - a made-up blog, for tests and for looking at its pages.
 *
 * Every kind of page, full and nearly empty, left to right and right to left,
 * without a database: the same bytes on every run.
 */
#ifndef TESTS_VIEW_SAMPLE_PAGES_H
#define TESTS_VIEW_SAMPLE_PAGES_H

#include <glib.h>
#include <stddef.h>

#include "base/settings.h"
#include "base/status.h"
#include "model/setting.h"
#include "view/site_view.h"

struct template_engine;
struct static_files;

/* 2026-05-30 10:00:00 UTC */
#define SAMPLE_NOW ((int64_t)1780135200)

/* A blog to show pages of. */
struct sample_blog {
	struct template_engine *engine;
	struct static_files *static_files;
	struct settings settings;
	struct blog blog;
	struct site_view view;
};

/* Begin with the blog of most samples: English, subscribing open. */
void sample_blog_init(struct sample_blog *sample);
void sample_blog_release(struct sample_blog *sample);

/* One page: its name ("article", "tag", "search-none") and how it is made. */
struct sample_page {
	const char *name;
	enum status (*show)(struct sample_blog *sample, GString *out);
};

extern const struct sample_page sample_pages[];
extern const size_t sample_pages_count;

/* The page called `name`, made in a blog of its own; it must be made. The
 * caller frees it. */
GString *sample_page_make(const char *name);

#endif
