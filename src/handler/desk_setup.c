/*
 * desk_setup.c - the first page that anybody sees of a new blog: its title, and
 * who owns it.
 *
 * What must hold: it works for who has the code that the shell printed and for
 * nobody else, and once: two who send it at the same time make one owner. Who
 * comes later is sent to sign in, whatever they typed.
 */
#include "config.h"

#include <string.h>

#include "base/logger.h"
#include "base/password_rules.h"
#include "base/text.h"
#include "http/request.h"
#include "http/response.h"
#include "model/account.h"
#include "model/author.h"
#include "model/one_time_link.h"
#include "model/setting.h"
#include "model/sign_in.h"
#include "model/site.h"

#include "desk_handler.h"

/* What was typed, and what is wrong with it. */
struct setup {
	const char *title, *name, *email, *password, *code;
	GError *title_problem, *name_problem, *email_problem;
	GError *password_problem;
	const char *problem; /* with all of it */
	bool is_over;        /* somebody can sign in: it has been set up */
};

static void
setup_release(struct setup *setup)
{
	g_clear_error(&setup->title_problem);
	g_clear_error(&setup->name_problem);
	g_clear_error(&setup->email_problem);
	g_clear_error(&setup->password_problem);
}

static const char *
words_of(const GError *error)
{
	return error != NULL ? error->message : NULL;
}

static enum status
show_form(struct exchange *exchange, const struct setup *setup)
{
	const struct desk_view view = desk_view_of(exchange);
	const struct desk_field fields[] = {
		{ .kind = DESK_FIELD_LINE,
		    .name = "title",
		    .label = "Title of the blog",
		    .value = setup->title,
		    .problem = words_of(setup->title_problem),
		    .max_length = 80,
		    .is_required = true,
		    .is_first = true },
		{ .kind = DESK_FIELD_LINE,
		    .name = "name",
		    .label = "Your name",
		    .value = setup->name,
		    .hint = "As readers will see it.",
		    .problem = words_of(setup->name_problem),
		    .autocomplete = "name",
		    .max_length = 100,
		    .is_required = true },
		{ .kind = DESK_FIELD_EMAIL,
		    .name = "email",
		    .value = setup->email,
		    .hint = "To sign in with. It is not shown to readers.",
		    .problem = words_of(setup->email_problem),
		    .autocomplete = "username",
		    .max_length = 254,
		    .is_required = true },
		desk_password_field(
		    "password", NULL, words_of(setup->password_problem)),
		{ .kind = DESK_FIELD_HIDDEN,
		    .name = "code",
		    .value = setup->code },
	};
	const struct desk_form form = {
		.title = "Set up your blog",
		.lead = "Four answers, and you can write. All of them can be "
			"changed later.",
		.problem = setup->problem,
		.action = "/desk/setup",
		.button = "Start writing",
		.fields = fields,
		.field_count = G_N_ELEMENTS(fields),
	};

	return desk_view_form(&view, &form, exchange->response->body);
}

/* Who comes without the code is told where it is. */
static enum status
refuse_code(struct exchange *exchange)
{
	return desk_fail(exchange, STATUS_FORBIDDEN,
	    "This blog has no owner yet. The link to this page that byline "
	    "init and desk.fcgi print has a code in it, and is good for a "
	    "week: byline author setup prints a new one.");
}

/* Whether it can be set up by the code that was sent, whose hash is given: not
 * once somebody can sign in (`is_over`). In a transaction. */
static enum status
find_code(struct exchange *exchange, struct setup *setup, char **out_hash)
{
	struct database *database = desk_database_of(exchange);
	struct one_time_link link;
	enum status status = account_is_there(database, &setup->is_over);

	if (status == STATUS_OK && setup->is_over)
		return STATUS_FORBIDDEN;
	if (status == STATUS_OK)
		status = one_time_link_find(database, LINK_PURPOSE_SETUP,
		    setup->code, exchange->request->now, &link);
	if (status == STATUS_NOT_FOUND)
		return refuse_code(exchange);
	if (status != STATUS_OK)
		return status;
	*out_hash = g_steal_pointer(&link.token_hash);
	one_time_link_release(&link);
	return STATUS_OK;
}

static enum status
go_to_sign_in(struct exchange *exchange)
{
	desk_go_to(exchange, "/desk/session", NULL);
	return STATUS_OK;
}

enum status
show_setup(struct exchange *exchange)
{
	const struct blog *blog = &desk_site_of(exchange)->blog;
	/* What the blog is called by default is no title of anybody's. */
	struct setup setup = {
		.title = strcmp(blog->title, "Blog") == 0 ? "" : blog->title,
		.code = desk_query(exchange, "code"),
	};
	g_autofree char *hash = NULL;
	enum status status = find_code(exchange, &setup, &hash);

	if (setup.is_over)
		return go_to_sign_in(exchange);
	return status == STATUS_OK ? show_form(exchange, &setup) : status;
}

/* ---- storing ---- */

/*
 * The author with this address, or (of an imported blog) this name, who cannot
 * sign in yet: they are the same. NULL: there is none.
 */
static struct author *
find_former(GPtrArray *authors, const char *name, const char *email)
{
	for (guint i = 0; i < authors->len; i++) {
		struct author *author = g_ptr_array_index(authors, i);

		if (author->email != NULL
			? g_ascii_strcasecmp(author->email, email) == 0
			: strcmp(author->name, name) == 0)
			return author;
	}
	return NULL;
}

static enum status
store_owner(struct exchange *exchange, const struct setup *setup,
    const char *hash, int64_t *out_id, GError **error)
{
	struct database *database = desk_database_of(exchange);
	int64_t now = exchange->request->now;
	const struct author_draft draft = {
		.name = setup->name,
		.email = setup->email,
		.role = AUTHOR_ROLE_OWNER,
		.password_hash = hash,
	};
	g_autoptr(GPtrArray) authors = NULL;
	const struct author *former;
	enum status status = author_list(database, &authors);

	if (status != STATUS_OK)
		return status;
	former = find_former(authors, setup->name, setup->email);
	if (former == NULL)
		return author_add(database, &draft, now, out_id, error);
	*out_id = former->id;
	status = author_update(database, former->handle, &draft, now, error);
	if (status == STATUS_OK)
		status = author_set_role(
		    database, former->id, AUTHOR_ROLE_OWNER, now);
	if (status == STATUS_OK)
		status = account_set_password(database, former->id, hash, now);
	return status;
}

static enum status
store_title(struct database *database, const char *title, GError **error)
{
	enum status status = setting_store(database, "site_name", title, error);

	return status == STATUS_OK
		   ? setting_store(database, "title", title, error)
		   : status;
}

/* All of it, and the owner's first session, in the caller's transaction. */
static enum status
store(struct exchange *exchange, struct setup *setup, const char *hash,
    struct sign_in_result *result)
{
	struct database *database = desk_database_of(exchange);
	g_autofree char *link_hash = NULL;
	int64_t id;
	enum status status = find_code(exchange, setup, &link_hash);

	if (status == STATUS_OK)
		status = store_owner(
		    exchange, setup, hash, &id, &setup->email_problem);
	if (status == STATUS_OK)
		status =
		    store_title(database, setup->title, &setup->title_problem);
	if (status == STATUS_OK)
		status = one_time_link_end_all(database, LINK_PURPOSE_SETUP);
	if (status == STATUS_OK)
		status = desk_let_in(exchange, id, result);
	return status;
}

static bool
check(struct setup *setup)
{
	const struct password_owner owner = { .name = setup->name,
		.email = setup->email,
		.blog_title = setup->title };
	g_autofree char *email = author_normalize_email(setup->email);
	g_autofree char *title = text_normalize_line(setup->title);
	g_autofree char *name = NULL;

	if (*title == '\0')
		(void)!status_fail(&setup->title_problem, STATUS_INVALID,
		    "Please give it a title; it can be changed later.");
	(void)!author_clean_field(
	    AUTHOR_FIELD_NAME, setup->name, &name, &setup->name_problem);
	if (email == NULL)
		(void)!status_fail(&setup->email_problem, STATUS_INVALID,
		    "That is no address like ada@example.org.");
	(void)!password_rules_check(setup->password, strlen(setup->password),
	    &owner, &setup->password_problem);
	return setup->title_problem == NULL && setup->name_problem == NULL &&
	       setup->email_problem == NULL && setup->password_problem == NULL;
}

/* Whether the code is right, before anything else and outside of the
 * transaction that uses it: a hash takes most of a second, and is not for
 * strangers to cause. */
static enum status
look_for_code(struct exchange *exchange, struct setup *setup)
{
	struct site *site = desk_site_of(exchange);
	g_autofree char *hash = NULL;
	enum status status = site_begin_read(site, exchange->request->now);

	if (status != STATUS_OK)
		return status;
	status = find_code(exchange, setup, &hash);
	site_end_read(site);
	return status;
}

static enum status
store_and_let_in(struct exchange *exchange, struct setup *setup)
{
	struct site *site = desk_site_of(exchange);
	int64_t now = exchange->request->now;
	struct sign_in_result result = { 0 };
	g_autofree char *hash = NULL;
	enum status status =
	    sign_in_hash_password(site, setup->password, &hash);

	if (status != STATUS_OK)
		return status;
	status = site_begin_write(site, now);
	if (status != STATUS_OK)
		return status;
	status = site_end_write(site, store(exchange, setup, hash, &result));
	if (status != STATUS_OK) {
		sign_in_result_release(&result);
		return status;
	}
	log_info("desk.set_up", "title", setup->title);
	desk_go_in(exchange, &result, "/desk", "set-up");
	return STATUS_OK;
}

enum status
set_up(struct exchange *exchange)
{
	struct setup setup = {
		.title = desk_field(exchange, "title"),
		.name = desk_field(exchange, "name"),
		.email = desk_field(exchange, "email"),
		.password = desk_field(exchange, "password"),
		.code = desk_field(exchange, "code"),
	};
	enum status status = look_for_code(exchange, &setup);

	if (status == STATUS_OK)
		status = check(&setup) ? store_and_let_in(exchange, &setup)
				       : STATUS_INVALID;
	if (setup.is_over) {
		status = go_to_sign_in(exchange);
	} else if (status == STATUS_INVALID || status == STATUS_CONFLICT) {
		exchange->response->status = 422;
		status = show_form(exchange, &setup);
	}
	setup_release(&setup);
	return status;
}
