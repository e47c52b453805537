/*
 * sample_blog.c - the made-up blog whose pages are compared: what it is called,
 * where it stands, what its links and texts are.
 */
#include "config.h"

#include "sample_pages.h"

#include <string.h>

#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/static_file.h"

static void
add_link(struct blog *blog, const char *name, const char *address)
{
	struct blog_link *link = g_new0(struct blog_link, 1);

	link->name = g_strdup(name);
	link->address = g_strdup(address);
	g_ptr_array_add(blog->navigation, link);
}

static void
free_link(void *data)
{
	struct blog_link *link = data;

	g_free(link->name);
	g_free(link->address);
	g_free(link);
}

static void
fill_blog(struct blog *blog)
{
	blog->site_name = g_strdup("Ada Quell");
	blog->section = g_strdup("Writing");
	blog->title = g_strdup("Blog");
	blog->tagline = g_strdup("Thoughts on backend engineering, and on "
				 "what is left when the parts that break are "
				 "taken out.");
	blog->description = g_strdup("");
	blog->language = g_strdup("en");
	blog->time_zone = g_strdup("UTC");
	blog->zone = g_time_zone_new_utc();
	blog->date_style = DATE_STYLE_LONG;
	blog->per_page = 10;
	blog->feed_size = 20;
	blog->permalink = g_strdup("/articles/{slug}");
	blog->subscribe_title = g_strdup("Stay in the loop");
	blog->subscribe_text =
	    g_strdup("New articles delivered to your inbox. No spam, "
		     "unsubscribe at any time.");
	blog->is_subscribing_open = true;
	blog->robots = g_strdup("");
	blog->footer = g_strdup("© 2026 Ada Quell");
	blog->navigation = g_ptr_array_new_with_free_func(free_link);
	add_link(blog, "Blog", "/");
	add_link(blog, "Archive", "/archive");
	add_link(blog, "Tags", "/tags");
	add_link(blog, "Search", "/search");
	add_link(blog, "About", "/about");
}

static void
release_blog(struct blog *blog)
{
	g_free(blog->site_name);
	g_free(blog->section);
	g_free(blog->title);
	g_free(blog->tagline);
	g_free(blog->description);
	g_free(blog->language);
	g_free(blog->time_zone);
	g_time_zone_unref(blog->zone);
	g_free(blog->permalink);
	g_ptr_array_unref(blog->navigation);
	g_free(blog->subscribe_title);
	g_free(blog->subscribe_text);
	g_free(blog->robots);
	g_free(blog->footer);
}

void
sample_blog_init(struct sample_blog *sample)
{
	memset(sample, 0, sizeof(*sample));
	sample->engine =
	    template_engine_new(template_files, template_files_count, NULL);
	sample->static_files = static_files_new(
	    builtin_static_files, builtin_static_files_count, NULL);
	sample->settings.base_url = g_strdup("https://example.org");
	sample->settings.origin = g_strdup("https://example.org");
	sample->settings.base_path = g_strdup("");
	fill_blog(&sample->blog);
	sample->view = (struct site_view){
		.engine = sample->engine,
		.static_files = sample->static_files,
		.settings = &sample->settings,
		.blog = &sample->blog,
		.now = SAMPLE_NOW,
		.is_counting = true,
	};
}

void
sample_blog_release(struct sample_blog *sample)
{
	template_engine_free(sample->engine);
	static_files_free(sample->static_files);
	g_free(sample->settings.base_url);
	g_free(sample->settings.origin);
	g_free(sample->settings.base_path);
	release_blog(&sample->blog);
}
