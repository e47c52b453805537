/*
 * desk_label.c - what the fields of forms are called, wherever one is shown: in
 * its own form, and on the page of an error that gives back what was typed.
 */
#include "config.h"

#include <string.h>

#include "view/desk_view.h"

static const struct {
	const char *name;
	const char *label;
} LABELS[] = {
	{ "alt", "What it shows" },
	{ "authors", "Authors" },
	{ "biography", "About you" },
	{ "body", "Text" },
	{ "canonical_url", "Appeared first at" },
	{ "category", "Category" },
	{ "code", "Code" },
	{ "count_views", "Views" },
	{ "cover_alt", "What the cover shows" },
	{ "cover_path", "Cover image" },
	{ "date_style", "Dates" },
	{ "description", "Description" },
	{ "direction", "Text runs" },
	{ "email", "Email address" },
	{ "excerpt", "Excerpt" },
	{ "feed_size", "Articles in a feed" },
	{ "file", "A file from this machine" },
	{ "footer", "Footer" },
	{ "from", "From" },
	{ "handle", "In the address of the page" },
	{ "iframe_hosts", "Hosts whose frames may stand in articles" },
	{ "into", "Into which one" },
	{ "job_title", "What you do" },
	{ "kind", "Kind" },
	{ "language", "Language" },
	{ "lines", "One a line, the old and the new address" },
	{ "name", "Name" },
	{ "navigation", "Links" },
	{ "new_password", "The new one" },
	{ "password", "Password" },
	{ "per_page", "Articles on a page" },
	{ "permalink", "Address of an article" },
	{ "picture_path", "Picture" },
	{ "pinned", "On the front page" },
	{ "published_at", "Date and time" },
	{ "robots", "robots.txt" },
	{ "role", "As" },
	{ "section", "Section" },
	{ "series", "Series" },
	{ "series_number", "Number of the part" },
	{ "site_name", "Name of the site" },
	{ "slug", "Address" },
	{ "subscribe_text", "Promise" },
	{ "subscribe_title", "Heading" },
	{ "tagline", "Tagline" },
	{ "tags", "Tags" },
	{ "theme_notes", "Notes" },
	{ "time_zone", "Time zone" },
	{ "title", "Title" },
	{ "to", "To" },
	{ "website", "Your own page" },
};

const char *
desk_label(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(LABELS); i++)
		if (strcmp(LABELS[i].name, name) == 0)
			return LABELS[i].label;
	return name;
}
