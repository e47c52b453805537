/*
 * feed_view.c - see view/feed_view.h.
 *
 * Feeds are written directly, without templates: twenty whole articles are
 * about a megabyte, which text_append_xml() copies in runs. Must stay true:
 * no character that XML forbids gets out, and the id of an article never
 * changes.
 */
#include "config.h"

#include "view/feed_view.h"

#include <string.h>

#include "base/date.h"
#include "base/settings.h"
#include "base/text.h"
#include "model/setting.h"

#include "feed_parts.h"

/* A tag URI (RFC 4151) needs a date. That of an article may be corrected, and
 * its id must not follow. */
#define TAG_YEAR "2026"

#define SECURITY_DAYS 300

static const struct {
	const char *content_type;
	const char *file_name;
} FORMATS[] = {
	[FEED_FORMAT_ATOM] = { "application/atom+xml; charset=utf-8",
	    "feed.xml" },
	[FEED_FORMAT_RSS] = { "application/rss+xml; charset=utf-8", "rss.xml" },
	[FEED_FORMAT_JSON] = { "application/feed+json; charset=utf-8",
	    "feed.json" },
};

const char *
feed_view_content_type(enum feed_format format)
{
	return FORMATS[format].content_type;
}

const char *
feed_view_file_name(enum feed_format format)
{
	return FORMATS[format].file_name;
}

/* ---- addresses and ids ---- */

/* Percent-encode what RFC 3986 does not let stand. In a path of ours "%", "?"
 * and "#" are characters like others; a whole address is encoded already. */
static void
append_encoded(GString *out, const char *text, bool is_whole)
{
	const char *plain =
	    is_whole ? "-._~/!$&'()*+,;=:@?#[]%" : "-._~/!$&'()*+,;=:@";

	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (g_ascii_isalnum(byte) || strchr(plain, byte) != NULL)
			g_string_append_c(out, (char)byte);
		else
			g_string_append_printf(out, "%%%02X", byte);
	}
}

char *
feed_url(const struct site_view *view, const char *path)
{
	bool is_whole = g_str_has_prefix(path, "https://") ||
			g_str_has_prefix(path, "http://");
	GString *url = g_string_new(is_whole ? NULL : view->settings->base_url);

	append_encoded(url, path, is_whole);
	return g_string_free(url, FALSE);
}

char *
feed_author_url(const struct site_view *view, const char *handle)
{
	g_autofree char *path = g_strconcat("/authors/", handle, NULL);

	return feed_url(view, path);
}

/* The authority of a tag URI: the host without a port. */
static void
append_host(GString *out, const struct settings *settings)
{
	const char *host = strstr(settings->origin, "://");

	for (host = host != NULL ? host + 3 : settings->origin; *host; host++) {
		if (*host == ':' && strchr(host, ']') == NULL)
			return;
		if (g_ascii_isalnum(*host) || *host == '.' || *host == '-')
			g_string_append_c(out, g_ascii_tolower(*host));
		else
			g_string_append_c(out, '-');
	}
}

/* Ends before the part that names the thing. */
static GString *
new_tag(const struct site_view *view)
{
	GString *tag = g_string_new("tag:");

	append_host(tag, view->settings);
	g_string_append(tag, "," TAG_YEAR ":");
	if (text_is_given(view->settings->base_path))
		g_string_append_printf(
		    tag, "%s/", view->settings->base_path + 1);
	return tag;
}

char *
feed_article_id(const struct site_view *view, int64_t id)
{
	GString *tag = new_tag(view);

	g_string_append_printf(tag, "article-%" G_GINT64_FORMAT, id);
	return g_string_free(tag, FALSE);
}

/* ---- the head ---- */

static const char *
first_given(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is_given(texts[i]))
			return texts[i];
	return "";
}

const char *
feed_owner(const struct site_view *view)
{
	const char *names[] = { view->blog->site_name, view->blog->title,
		view->settings->base_url };

	return first_given(names, G_N_ELEMENTS(names));
}

/* "SQLite · Byline" */
static char *
make_title(const struct site_view *view, const struct feed_page *page)
{
	const char *titles[] = { page->title, view->blog->title,
		feed_owner(view) };
	const char *title = first_given(titles, G_N_ELEMENTS(titles));
	const char *owner = feed_owner(view);

	if (strcmp(title, owner) == 0)
		return g_strdup(title);
	return g_strdup_printf("%s \xc2\xb7 %s", title, owner);
}

int64_t
feed_updated_at(const struct article *article)
{
	return MAX(article->summary.updated_at, article->summary.published_at);
}

static int64_t
last_update(const struct feed_page *page)
{
	int64_t last = 0;

	for (guint i = 0; i < page->articles->len; i++)
		last = MAX(last, feed_updated_at(page->articles->pdata[i]));
	return page->articles->len > 0 ? last : page->changed_at;
}

static char *
make_description(const struct site_view *view, const struct feed_page *page)
{
	const char *texts[] = { page->description,
		page->title != NULL ? NULL : view->blog->description,
		page->title != NULL ? NULL : view->blog->tagline, page->title,
		feed_owner(view) };

	return g_strdup(first_given(texts, G_N_ELEMENTS(texts)));
}

void
feed_head_init(struct feed_head *head, const struct site_view *view,
    enum feed_format format, const struct feed_page *page)
{
	const char *folder = strcmp(page->path, "/") == 0 ? "" : page->path;
	g_autofree char *path =
	    g_strconcat(folder, "/", feed_view_file_name(format), NULL);
	GString *id = new_tag(view);

	g_string_append(id, "feed");
	append_encoded(id, folder, false);
	*head = (struct feed_head){
		.title = make_title(view, page),
		.description = make_description(view, page),
		.home_url = feed_url(view, page->path),
		.self_url = feed_url(view, path),
		.id = g_string_free(id, FALSE),
		.updated_at = last_update(page),
	};
}

void
feed_head_release(struct feed_head *head)
{
	g_free(head->title);
	g_free(head->description);
	g_free(head->home_url);
	g_free(head->self_url);
	g_free(head->id);
}

/* ---- pieces of XML ---- */

void
feed_append_element(GString *out, const char *name, const char *text)
{
	g_string_append_printf(out, "<%s>", name);
	text_append_xml(out, text);
	g_string_append_printf(out, "</%s>\n", name);
}

void
feed_append_attribute(GString *out, const char *name, const char *value)
{
	g_string_append_printf(out, " %s=\"", name);
	text_append_xml(out, value);
	g_string_append_c(out, '"');
}

void
feed_append_content(
    GString *out, const struct site_view *view, const struct article *article)
{
	g_autoptr(GString) html =
	    g_string_sized_new(strlen(article->body_html) + 4096);

	text_append_absolute_html(
	    html, article->body_html, view->settings->origin);
	text_append_xml(out, html->str);
}

void
feed_append_cover(
    GString *out, const struct site_view *view, const struct article *article)
{
	const struct article_summary *summary = &article->summary;
	g_autofree char *url = NULL;

	if (!text_is_given(summary->cover_path))
		return;
	url = feed_url(view, summary->cover_path);
	g_string_append(out, "<media:content medium=\"image\"");
	feed_append_attribute(out, "url", url);
	if (summary->cover_width > 0 && summary->cover_height > 0)
		g_string_append_printf(out, " width=\"%u\" height=\"%u\"",
		    summary->cover_width, summary->cover_height);
	g_string_append(out, ">");
	if (text_is_given(summary->cover_alt))
		feed_append_element(
		    out, "media:description", summary->cover_alt);
	g_string_append(out, "</media:content>\n");
}

enum status
feed_view_feed(const struct site_view *view, enum feed_format format,
    const struct feed_page *page, GString *out)
{
	struct feed_head head;

	feed_head_init(&head, view, format, page);
	switch (format) {
	case FEED_FORMAT_ATOM:
		feed_append_atom(out, view, &head, page);
		break;
	case FEED_FORMAT_RSS:
		feed_append_rss(out, view, &head, page);
		break;
	case FEED_FORMAT_JSON:
		feed_append_json(out, view, &head, page);
		break;
	}
	feed_head_release(&head);
	return STATUS_OK;
}

/* ---- robots.txt and security.txt ---- */

void
feed_view_robots(const struct site_view *view, GString *out)
{
	const char *base = view->settings->base_path;
	const char *own = view->blog->robots;
	g_autofree char *sitemap = NULL;

	if (text_is_given(own)) {
		g_string_append(out, own);
		if (!g_str_has_suffix(own, "\n"))
			g_string_append_c(out, '\n');
		return;
	}
	sitemap = feed_url(view, "/sitemap.xml");
	g_string_append_printf(out,
	    "User-agent: *\nDisallow: %s/desk\nDisallow: %s/search?\n"
	    "Disallow: %s/views/\n\nSitemap: %s\n",
	    base, base, base, sitemap);
}

/* The URI of a contact (RFC 9116, section 2.5.3); NULL when it is not one
 * word. The caller frees it. */
static char *
contact_uri(const char *contact)
{
	if (!text_is_given(contact))
		return NULL;
	for (const char *at = contact; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f)
			return NULL;
	if (strchr(contact, ':') == NULL && strchr(contact, '@') != NULL)
		return g_strconcat("mailto:", contact, NULL);
	return g_strdup(contact);
}

enum status
feed_view_security(const struct site_view *view, GString *out)
{
	g_autofree char *contact =
	    contact_uri(view->settings->security_contact);
	g_autofree char *canonical =
	    feed_url(view, "/.well-known/security.txt");
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autofree char *expires = NULL;

	if (contact == NULL)
		return STATUS_NOT_FOUND;
	/* by whole days: the file is the same all day long */
	expires = date_format_rfc3339(
	    (view->now / DAY_SECONDS + SECURITY_DAYS) * DAY_SECONDS, utc);
	g_string_append_printf(out,
	    "Contact: %s\nExpires: %s\nPreferred-Languages: %s\n"
	    "Canonical: %s\n",
	    contact, expires, view->blog->language, canonical);
	return STATUS_OK;
}
