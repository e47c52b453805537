/*
 * feed_samples.c - see feed_samples.h.
 */
#include "config.h"

#include "feed_samples.h"

void
feed_sample_init(struct feed_sample *sample)
{
	*sample = (struct feed_sample){
		.settings = { .base_url = LITERAL("https://example.org/blog"),
		    .origin = LITERAL("https://example.org"),
		    .base_path = LITERAL("/blog"),
		    .security_contact = LITERAL("security@example.org") },
		.blog = { .site_name = LITERAL("Byline"),
		    .title = LITERAL("Notes & Queries"),
		    .tagline = LITERAL("On <small> programs"),
		    .description = LITERAL(""),
		    .language = LITERAL("en"),
		    .zone = g_time_zone_new_offset(7200),
		    .robots = LITERAL("") },
	};
	sample->view = (struct site_view){ .settings = &sample->settings,
		.blog = &sample->blog,
		.now = 1780142400 };
	sample->articles = g_ptr_array_new();
}

static void
clear_term(gpointer data)
{
	struct article_term *term = data;

	g_free(term->slug);
	g_free(term->name);
}

static void
clear_author(gpointer data)
{
	struct article_author *author = data;

	g_free(author->handle);
	g_free(author->name);
}

static void
free_article(struct article *article)
{
	g_free(article->summary.path);
	g_free(article->summary.title);
	g_array_unref(article->summary.tags);
	g_array_unref(article->authors);
	g_free(article->body_html);
	g_free(article);
}

void
feed_sample_release(struct feed_sample *sample)
{
	for (guint i = 0; i < sample->articles->len; i++)
		free_article(sample->articles->pdata[i]);
	g_ptr_array_unref(sample->articles);
	g_time_zone_unref(sample->blog.zone);
}

struct article *
feed_sample_add(struct feed_sample *sample, int64_t id, const char *path,
    const char *title, const char *body_html)
{
	struct article *article = g_new0(struct article, 1);

	article->summary.id = id;
	article->summary.path = g_strdup(path);
	article->summary.title = g_strdup(title);
	article->summary.excerpt = LITERAL("");
	article->summary.language = LITERAL("");
	article->summary.published_at = 1780000000 - id * 86400;
	article->summary.updated_at = article->summary.published_at;
	article->summary.tags =
	    g_array_new(FALSE, TRUE, sizeof(struct article_term));
	g_array_set_clear_func(article->summary.tags, clear_term);
	article->authors =
	    g_array_new(FALSE, TRUE, sizeof(struct article_author));
	g_array_set_clear_func(article->authors, clear_author);
	article->body_html = g_strdup(body_html);
	g_ptr_array_add(sample->articles, article);
	return article;
}

void
feed_sample_add_tag(struct article *article, const char *slug, const char *name)
{
	struct article_term term = {
		.id = 1, .slug = g_strdup(slug), .name = g_strdup(name)
	};

	g_array_append_val(article->summary.tags, term);
}

void
feed_sample_add_author(
    struct article *article, const char *handle, const char *name)
{
	struct article_author author = {
		.id = 1, .handle = g_strdup(handle), .name = g_strdup(name)
	};

	g_array_append_val(article->authors, author);
}
