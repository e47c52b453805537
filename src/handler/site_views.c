/*
 * site_views.c - readers are counted, by an image of a few bytes that each page
 * of an article shows.
 *
 * The page itself is often not asked of us: a web server sends it as a file,
 * and a browser keeps it. The image is asked for each time somebody looks at
 * it; most robots load no images. It is answered in the same way whether there
 * is such an article or not, and whether it is counted or not; also where the
 * database cannot be read.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "handler/site_routes.h"
#include "http/request.h"
#include "http/response.h"
#include "http/user_agent.h"
#include "model/site.h"
#include "model/visit.h"

#include "site_handler.h"

/* The smallest GIF there is: one pixel, which one sees through. */
static const unsigned char IMAGE[] = { 'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0,
	0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21, 0xf9, 4, 1, 0, 0, 0, 0,
	0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b };

/* The article of "12.gif". STATUS_NOT_FOUND: that is no such name. */
static enum status
read_id(const char *name, int64_t *out_id)
{
	g_autofree char *number = NULL;

	if (!g_str_has_suffix(name, ".gif"))
		return STATUS_NOT_FOUND;
	number = g_strndup(name, strlen(name) - strlen(".gif"));
	return text_parse_integer(number, INT64_MAX, out_id) == STATUS_OK &&
		       *out_id > 0
		   ? STATUS_OK
		   : STATUS_NOT_FOUND;
}

/* Whether a person asks, who is there to see it; as far as one is told. */
static bool
is_person(const struct request *request)
{
	return request->method == HTTP_METHOD_GET && request->purpose == NULL &&
	       !user_agent_is_robot(request->user_agent);
}

/* Whether it is one of our pages that shows the image. */
static bool
is_from_page(const struct request *request)
{
	const char *site = request->fetch_site;
	const char *destination = request->fetch_dest;

	return (site == NULL || strcmp(site, "cross-site") != 0) &&
	       (destination == NULL || strcmp(destination, "image") == 0);
}

/* Whether the owner wants it: a page that a browser has kept asks for the image
 * still. Where that cannot be read, who folds knows. */
static bool
is_counting(const struct exchange *exchange)
{
	bool is_counting;

	if (kept_page_find_counting(exchange, &is_counting))
		return is_counting;
	if (!site_read_settings(exchange))
		return true;
	kept_page_keep_counting(exchange);
	return site_application_of(exchange)->site->blog.is_counting_views;
}

enum status
show_view_image(struct exchange *exchange)
{
	const struct request *request = exchange->request;
	struct response *response = exchange->response;
	int64_t id;
	enum status status = read_id(exchange->values[0], &id);

	if (status != STATUS_OK)
		return status;
	if (is_person(request) && is_from_page(request) &&
	    is_counting(exchange))
		visit_note_view(
		    site_application_of(exchange)->site, id, request->now);
	response->content_type = "image/gif";
	response->cache = CACHE_NEVER;
	g_string_append_len(response->body, (const char *)IMAGE, sizeof(IMAGE));
	return STATUS_OK;
}

void
site_note_redirect(const struct exchange *exchange)
{
	struct site *site = site_application_of(exchange)->site;

	if (site->blog.is_counting_views && is_person(exchange->request))
		visit_note_redirect(
		    site, exchange->path, exchange->request->now);
}
