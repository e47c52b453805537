/*
 * author_edit.c - what is said of an author is changed by them, or by an owner.
 *
 * What must hold: nobody takes back, without knowing, what another one has just
 * changed; no address that readers had leads nowhere afterwards; a picture is
 * one of the library.
 */
#include "config.h"

#include "model/author_edit.h"

#include <string.h>

#include "author_private.h"
#include "base/text.h"
#include "base/token.h"
#include "clean.h"
#include "model/author.h"
#include "model/media.h"
#include "model/redirect.h"
#include "store/database.h"

#define MARK_DIGITS 16

void
author_problems_release(struct author_problems *problems)
{
	g_free(problems->name);
	g_free(problems->handle);
	g_free(problems->job_title);
	g_free(problems->biography);
	g_free(problems->website);
	g_free(problems->picture_path);
	g_free(problems->all);
}

struct author_wish
author_edit_complete(
    const struct author_wish *wish, const struct author *author)
{
	struct author_wish whole = *wish;

	if (whole.name == NULL)
		whole.name = author->name;
	if (whole.handle == NULL)
		whole.handle = author->handle;
	if (whole.job_title == NULL)
		whole.job_title = author->job_title;
	if (whole.biography == NULL)
		whole.biography = author->biography;
	if (whole.website == NULL)
		whole.website = author->website;
	if (whole.picture_path == NULL)
		whole.picture_path =
		    author->picture_path != NULL ? author->picture_path : "";
	return whole;
}

char *
author_edit_mark(const struct author *author)
{
	const struct author_wish stored =
	    author_edit_complete(&(struct author_wish){ 0 }, author);
	const char *const fields[] = { stored.name, stored.handle,
		stored.job_title, stored.biography, stored.website,
		stored.picture_path };
	g_autoptr(GString) all = g_string_new(NULL);

	/* With the NUL at its end each stays apart from the next. */
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		g_string_append_len(
		    all, fields[i], (gssize)strlen(fields[i]) + 1);
	return token_content_hash(all->str, all->len, MARK_DIGITS);
}

/* ---- what somebody else changed meanwhile ---- */

/* Whether `wish` was made before somebody else made `author` what it is, and
 * would change that. Then each field says so that would. */
static bool
look_for_change(const struct author *author, const struct author_wish *wish,
    struct author_problems *problems)
{
	const struct author_wish stored =
	    author_edit_complete(&(struct author_wish){ 0 }, author);
	const struct {
		const char *typed, *stored;
		char **problem;
	} fields[] = {
		{ wish->name, stored.name, &problems->name },
		{ wish->handle, stored.handle, &problems->handle },
		{ wish->job_title, stored.job_title, &problems->job_title },
		{ wish->biography, stored.biography, &problems->biography },
		{ wish->website, stored.website, &problems->website },
		{ wish->picture_path, stored.picture_path,
		    &problems->picture_path },
	};
	g_autofree char *mark = author_edit_mark(author);

	if (wish->shown == NULL || strcmp(wish->shown, mark) == 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (strcmp(fields[i].typed, fields[i].stored) != 0) {
			problems->is_stale = true;
			*fields[i].problem = g_strdup_printf(
			    "what is stored is \xe2\x80\x9c%s\xe2\x80\x9d",
			    fields[i].stored);
		}
	if (problems->is_stale)
		problems->all = g_strdup(
		    "somebody has changed this since the page was shown, so "
		    "nothing was saved: save again to have it as it stands "
		    "here");
	return problems->is_stale;
}

/* ---- what was typed ---- */

static void
clean_handle(const char *text, char **out_handle, char **out_problem)
{
	g_autofree char *line = NULL;
	enum status status =
	    clean_line(text, 2 * AUTHOR_EDIT_HANDLE_SIZE, &line);

	if (status == STATUS_OK)
		*out_handle = text_slug(line, 2 * AUTHOR_EDIT_HANDLE_SIZE);
	if (status == STATUS_INVALID)
		*out_problem = g_strdup("it is not UTF-8");
	else if (status != STATUS_OK ||
		 strlen(*out_handle) > AUTHOR_EDIT_HANDLE_SIZE)
		*out_problem = g_strdup("it is longer than 60 bytes");
	else if (**out_handle == '\0')
		*out_problem = g_strdup("it needs a letter or a digit");
}

/* The handle as typed, which nobody else has. */
static enum status
check_handle(struct database *database, const struct author *author,
    const char *text, char **out_handle, char **out_problem)
{
	struct author *holder;
	enum status status;

	if (strcmp(text, author->handle) == 0) {
		*out_handle = g_strdup(text);
		return STATUS_OK;
	}
	clean_handle(text, out_handle, out_problem);
	if (*out_problem != NULL)
		return STATUS_OK;
	status = author_find(database, *out_handle, &holder);
	if (status != STATUS_OK)
		return status == STATUS_NOT_FOUND ? STATUS_OK : status;
	if (holder->id != author->id)
		*out_problem = g_strdup_printf("%s has it", holder->name);
	author_free(holder);
	return STATUS_OK;
}

/* The picture as typed: one of the library, "" for none. What stands there
 * already may be another's, of an import. */
static enum status
check_picture(struct database *database, const struct author *author,
    const char *text, char **out_path, char **out_problem)
{
	g_autofree char *line = NULL;
	g_autoptr(GError) error = NULL;
	enum status status =
	    author_clean_field(AUTHOR_FIELD_PICTURE_PATH, text, &line, &error);

	if (status != STATUS_OK) {
		*out_problem = g_strdup(error->message);
		return STATUS_OK;
	}
	if (*line == '\0' || g_strcmp0(line, author->picture_path) == 0) {
		*out_path = g_steal_pointer(&line);
		return STATUS_OK;
	}
	status = media_find_image(database, line, out_path);
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_problem = g_strdup("no image of the library has that address; one "
				"is like /media/0123-me.jpg");
	return STATUS_OK;
}

static void
check_line(enum author_field field, const char *text, char **out_problem)
{
	g_autofree char *line = NULL;
	g_autoptr(GError) error = NULL;

	if (author_clean_field(field, text, &line, &error) != STATUS_OK)
		*out_problem = g_strdup(error->message);
}

static bool
is_wrong(const struct author_problems *problems)
{
	return problems->name != NULL || problems->handle != NULL ||
	       problems->job_title != NULL || problems->biography != NULL ||
	       problems->website != NULL || problems->picture_path != NULL;
}

/* ---- changing it ---- */

/* Store what is right; the page of the author may move. */
static enum status
apply(struct database *database, const struct author *author,
    const struct author_draft *draft, int64_t now,
    struct author_problems *problems)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *from = g_strconcat("/authors/", author->handle, NULL);
	g_autofree char *to = g_strconcat("/authors/", draft->handle, NULL);
	enum status status =
	    author_update(database, author->handle, draft, now, &error);

	if (status == STATUS_INVALID || status == STATUS_CONFLICT) {
		problems->all = g_strdup(error->message);
		return STATUS_INVALID;
	}
	if (status != STATUS_OK || strcmp(from, to) == 0)
		return status;
	return redirect_move_list(
	    database, from, to, author->article_count > 0, now);
}

static enum status
update(struct database *database, const struct author *author,
    const struct author_wish *wish, int64_t now,
    struct author_problems *problems)
{
	g_autofree char *handle = NULL;
	g_autofree char *picture_path = NULL;
	enum status status = check_handle(
	    database, author, wish->handle, &handle, &problems->handle);

	if (status == STATUS_OK)
		status = check_picture(database, author, wish->picture_path,
		    &picture_path, &problems->picture_path);
	if (status != STATUS_OK)
		return status;
	check_line(AUTHOR_FIELD_NAME, wish->name, &problems->name);
	check_line(
	    AUTHOR_FIELD_JOB_TITLE, wish->job_title, &problems->job_title);
	check_line(
	    AUTHOR_FIELD_BIOGRAPHY, wish->biography, &problems->biography);
	check_line(AUTHOR_FIELD_WEBSITE, wish->website, &problems->website);
	if (is_wrong(problems))
		return STATUS_INVALID;
	return apply(database, author,
	    &(struct author_draft){ .name = wish->name,
		.handle = handle,
		.job_title = wish->job_title,
		.biography = wish->biography,
		.website = wish->website,
		.picture_path = picture_path },
	    now, problems);
}

enum status
author_edit_update(struct database *database, int64_t id,
    const struct author_wish *wish, int64_t now,
    struct author_problems *problems)
{
	struct author *author;
	struct author_wish whole;
	enum status status = author_find_id(database, id, &author);

	g_assert(database_in_transaction(database));
	if (status != STATUS_OK)
		return status;
	whole = author_edit_complete(wish, author);
	status = look_for_change(author, &whole, problems)
		     ? STATUS_CONFLICT
		     : update(database, author, &whole, now, problems);
	author_free(author);
	return status;
}
