/*
 * feed_samples.h - a blog and articles made by hand, for tests of feeds.
 */
#ifndef TESTS_VIEW_FEED_SAMPLES_H
#define TESTS_VIEW_FEED_SAMPLES_H

#include <glib.h>
#include <stdint.h>

#include "base/settings.h"
#include "model/article.h"
#include "model/setting.h"
#include "view/site_view.h"

/* A literal for a member that owns its string elsewhere: here nobody frees it.
 */
#define LITERAL(text) ((char *)(text))

struct feed_sample {
	struct settings settings;
	struct blog blog;
	struct site_view view;
	GPtrArray *articles; /* struct article *, freed with it */
};

/* The blog "Byline" at https://example.org/blog, without articles. */
void feed_sample_init(struct feed_sample *sample);
void feed_sample_release(struct feed_sample *sample);

/* Add an article with nothing but what is given. Borrowed. */
struct article *feed_sample_add(struct feed_sample *sample, int64_t id,
    const char *path, const char *title, const char *body_html);

void feed_sample_add_tag(
    struct article *article, const char *slug, const char *name);
void feed_sample_add_author(
    struct article *article, const char *handle, const char *name);

#endif
