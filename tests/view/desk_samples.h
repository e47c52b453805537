/*
 * desk_samples.h - the pages of a made-up desk, for tests.
 *
 * Every kind of page, full and nearly empty, without a database: the same bytes
 * on every run.
 */
#ifndef TESTS_VIEW_DESK_SAMPLES_H
#define TESTS_VIEW_DESK_SAMPLES_H

#include <glib.h>
#include <stddef.h>

#include "base/settings.h"
#include "base/status.h"
#include "model/session.h"
#include "model/setting.h"
#include "view/desk_view.h"

/* 2026-05-30 10:00:00 UTC */
#define DESK_SAMPLE_NOW ((int64_t)1780135200)

/* A desk to show pages of: below /blog, Ada is signed in. */
struct desk_sample {
	struct settings settings;
	struct blog blog;
	struct session session;
	struct desk_view view;
};

void desk_sample_init(struct desk_sample *sample);
void desk_sample_release(struct desk_sample *sample);

/* One page: its name ("sign-in", "list-empty") and how it is made. */
struct desk_sample_page {
	const char *name;
	enum status (*show)(struct desk_sample *sample, GString *out);
	bool is_golden; /* it stands in tests/golden/desk */
};

extern const struct desk_sample_page desk_sample_pages[];
extern const size_t desk_sample_pages_count;

/* Those of accounts, media and settings: in desk_samples_more.c. */
extern const struct desk_sample_page desk_sample_more_pages[];
extern const size_t desk_sample_more_pages_count;

/* All of both: page `i`, or NULL beyond the last one. */
const struct desk_sample_page *desk_sample_at(size_t i);

/* `page`, made at a desk of its own; it must be made. The caller frees it. */
GString *desk_sample_make(const struct desk_sample_page *page);

#endif
