/*
 * desk_profile.c - the form for what an author is to readers. See
 * desk_profile.h.
 */
#include "config.h"

#include "desk_profile.h"

#include <string.h>

#include "base/settings.h"
#include "http/form.h"
#include "http/request.h"
#include "model/author.h"
#include "model/media.h"
#include "model/site.h"

#include "desk_handler.h"

void
desk_profile_read(
    const struct exchange *exchange, struct desk_profile_typed *typed)
{
	const struct form *fields = exchange->request->fields;

	typed->wish = (struct author_wish){
		.name = form_value(fields, "name"),
		.handle = form_value(fields, "handle"),
		.job_title = form_value(fields, "job_title"),
		.biography = form_value(fields, "biography"),
		.picture_path = form_value(fields, "picture_path"),
		.website = form_value(fields, "website"),
		.shown = form_value(fields, "shown"),
	};
}

static void
fill_fields(struct desk_profile *profile, const struct author_wish *wish,
    const struct author_problems *problems, bool is_own)
{
	const struct desk_field fields[DESK_PROFILE_FIELDS] = {
		{ .kind = DESK_FIELD_LINE,
		    .name = "name",
		    .value = wish->name,
		    .problem = problems->name,
		    .autocomplete = is_own ? "name" : "off",
		    .max_length = AUTHOR_EDIT_NAME_CHARACTERS,
		    .is_required = true },
		{ .kind = DESK_FIELD_LINE,
		    .name = "handle",
		    .value = wish->handle,
		    .hint = "/authors/ and this is where the page is. The old "
			    "address leads to the new one.",
		    .problem = problems->handle,
		    .autocomplete = "off",
		    .max_length = AUTHOR_EDIT_HANDLE_SIZE,
		    .is_required = true },
		{ .kind = DESK_FIELD_LINE,
		    .name = "job_title",
		    .label = is_own ? "What you do" : "What they do",
		    .value = wish->job_title,
		    .hint = "Beside the name: Backend engineer.",
		    .problem = problems->job_title,
		    .max_length = 200 },
		{ .kind = DESK_FIELD_TEXT,
		    .name = "biography",
		    .label = is_own ? "About you" : "About them",
		    .value = wish->biography,
		    .hint = "One paragraph.",
		    .problem = problems->biography,
		    .max_length = 1000 },
		{ .kind = DESK_FIELD_LINE,
		    .name = "picture_path",
		    .value = wish->picture_path,
		    .hint = "The address of an image in Media, like "
			    "/media/0123-me.jpg. Empty: initials.",
		    .problem = problems->picture_path,
		    .autocomplete = "off",
		    .list = "pictures",
		    .face_url = profile->face_url,
		    .max_length = 200 },
		{ .kind = DESK_FIELD_URL,
		    .name = "website",
		    .label = is_own ? "Your own page" : "Their own page",
		    .value = wish->website,
		    .problem = problems->website,
		    .autocomplete = is_own ? "url" : "off",
		    .max_length = 200 },
	};

	memcpy(profile->fields, fields, sizeof(fields));
}

enum status
desk_profile_init(struct desk_profile *profile, const struct exchange *exchange,
    int64_t id, const struct desk_profile_typed *typed, bool is_own)
{
	struct database *database = desk_database_of(exchange);
	const struct author *author;
	struct author_wish wish;
	enum status status = author_find_id(database, id, &profile->author);

	if (status == STATUS_OK)
		status = media_list_images(
		    database, MEDIA_OFFERED, &profile->images);
	if (status != STATUS_OK)
		return status;
	author = profile->author;
	profile->mark = author_edit_mark(author);
	if (author->face_path != NULL)
		profile->face_url =
		    g_strconcat(desk_site_of(exchange)->settings.base_path,
			author->face_path, NULL);
	wish = author_edit_complete(&typed->wish, author);
	fill_fields(profile, &wish, &typed->problems, is_own);
	return STATUS_OK;
}

void
desk_profile_release(struct desk_profile *profile)
{
	author_free(profile->author);
	g_clear_pointer(&profile->images, g_ptr_array_unref);
	g_free(profile->mark);
	g_free(profile->face_url);
}
