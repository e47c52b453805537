/*
 * setting.h - what an author sets about the blog, and its defaults.
 */
#ifndef MODEL_SETTING_H
#define MODEL_SETTING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/status.h"

struct database;
struct settings;

/* A link of the navigation. */
struct blog_link {
	char *name;
	char *address; /* a path without the base path, or an http(s) address */
};

/* All settings of the blog, typed, with defaults where nothing is stored. */
struct blog {
	char *site_name; /* "Byline": whose site it is, beside the navigation */
	char *section;   /* "Writing": the small line over the title */
	char *title;     /* "Blog" */
	char *tagline;   /* "Thoughts on ..." */
	char *description;     /* for search engines; "" takes the tagline */
	char *language;        /* BCP 47, "en" */
	bool is_right_to_left; /* derived from the language */
	char *time_zone;       /* "Europe/Berlin" */
	GTimeZone *zone;       /* derived */
	enum date_style date_style;
	int64_t per_page;  /* 1..100, 10 */
	int64_t feed_size; /* 1..100, 20 */
	char *permalink;   /* "/articles/{slug}" */
	/* struct blog_link *; stored as lines "Name = /address". Where nothing
	 * is stored, setting_load() leaves it empty, and model/site.h fills in
	 * the front page, archive, tags, all standing pages and search. */
	GPtrArray *navigation;
	char *subscribe_title;    /* "Stay in the loop" */
	char *subscribe_text;     /* the promise */
	bool is_subscribing_open; /* whether the form is shown */
	bool is_counting_views;   /* model/visit.h */
	char *robots; /* the text of robots.txt; "" for the default */
	char *footer; /* one line of plain text; "" for none */
	/* Hosts whose iframes stay in articles, at most
	 * SETTINGS_MAX_IFRAME_HOSTS, NULL-terminated; stored as lines. Where
	 * nothing is stored, which is not the same as none, setting_load()
	 * leaves it NULL, and model/site.h fills in those of byline.conf. */
	char **iframe_hosts;
	char *theme_notes; /* what the owner notes of the theme; not public */
};

/* Read all settings. The caller releases them. */
MUST_CHECK enum status setting_load(
    struct database *database, struct blog *out_blog);

/* Free what `blog` holds. */
void setting_release(struct blog *blog);

/*
 * Store `key`. STATUS_NOT_FOUND: no such key; STATUS_INVALID: not allowed for
 * it, with the reason in `error`. Where permalink_depends_on() `key`,
 * permalink_apply() follows.
 */
MUST_CHECK enum status setting_store(struct database *database, const char *key,
    const char *value, GError **error);

/* Whether `value` may be stored for `key`, with why not in `error`, for who
 * stands before the field: "it is a number from 1 to 100". */
MUST_CHECK enum status setting_check(
    const char *key, const char *value, GError **error);

/*
 * Visit every key with its value, the default where nothing is stored (that of
 * iframe_hosts is in `server`), in the order of the table.
 */
MUST_CHECK enum status setting_each(struct database *database,
    const struct settings *server,
    void (*visit)(const char *key, const char *value, void *data), void *data);

/*
 * The generation of what readers see and when it last changed.
 */
MUST_CHECK enum status setting_generation(struct database *database,
    int64_t *out_generation, int64_t *out_changed_at);

#endif
