/*
 * desk_account.c - the pages about accounts: one's own, and those of all.
 */
#include "config.h"

#include "model/author.h"
#include "model/media.h"
#include "model/one_time_link.h"
#include "model/session.h"
#include "template/template_engine.h"
#include "view/desk_account_view.h"
#include "view/desk_view.h"
#include "view/layout.h"

#include "desk_parts.h"
#include "site_parts.h"

static const char *const ROLE_NAMES[] = {
	[AUTHOR_ROLE_OWNER] = "Owner",
	[AUTHOR_ROLE_EDITOR] = "Editor",
	[AUTHOR_ROLE_AUTHOR] = "Author",
};

/* Include fields at another marker than FIELDS. */
static void
fill_fields_at(struct template_dict *dict, const char *marker,
    const struct desk_field *fields, size_t count)
{
	struct template_dict *part =
	    template_dict_include(dict, marker, "desk/fields.html");

	desk_fill_fields(part, fields, count);
}

static void
fill_profile(struct template_dict *dict, const struct desk_view *view,
    const struct desk_profile_form *form)
{
	struct template_dict *part =
	    template_dict_include(dict, "PROFILE", "desk/profile.html");

	desk_set_url(part, "ACTION_URL", view, form->action);
	template_dict_set(part, "SHOWN", form->shown);
	desk_fill_fields(part, form->fields, form->field_count);
	for (guint i = 0; i < form->images->len; i++) {
		const struct media *media = g_ptr_array_index(form->images, i);
		struct template_dict *image = template_dict_add(part, "IMAGES");
		g_autofree char *path =
		    g_strconcat("/media/", media->path, NULL);

		template_dict_set(image, "IMAGE_PATH", path);
		template_dict_set(image, "IMAGE_NAME", media->original_name);
	}
}

static void
fill_session(struct template_dict *dict, const struct desk_view *view,
    const struct session *session)
{
	template_dict_set(dict, "BROWSER", session->browser);
	template_dict_set(dict, "NETWORK", session->network);
	desk_set_time(dict, "SEEN", "SEEN_MACHINE", view, session->seen_at);
	if (session->id == view->session->id) {
		template_dict_show(dict, "OWN_MARKS");
		return;
	}
	template_dict_show(dict, "OTHER_PARTS");
	template_dict_set_integer(dict, "SESSION_ID", session->id);
}

enum status
desk_view_account(const struct desk_view *view,
    const struct desk_account_page *page, GString *out)
{
	g_autofree char *count = layout_count(
	    page->recovery_code_count, "recovery code", "recovery codes");
	struct desk_page frame;

	desk_page_init(&frame, view, "Your account", "desk/account.html");
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	fill_profile(frame.main, view, &page->profile);
	fill_fields_at(frame.main, "EMAIL_FIELDS", page->email_fields,
	    page->email_field_count);
	fill_fields_at(frame.main, "PASSWORD_FIELDS", page->password_fields,
	    page->password_field_count);
	for (guint i = 0; i < page->zones->len; i++)
		template_dict_set(template_dict_add(frame.main, "ZONES"),
		    "ZONE", g_ptr_array_index(page->zones, i));
	template_dict_show(
	    frame.main, page->has_codes ? "CODES_ON_PARTS" : "CODES_OFF_PARTS");
	template_dict_set(frame.main, "RECOVERY_COUNT", count);
	for (guint i = 0; i < page->sessions->len; i++)
		fill_session(template_dict_add(frame.main, "SESSIONS"), view,
		    g_ptr_array_index(page->sessions, i));
	return desk_page_finish(&frame, out);
}

enum status
desk_view_codes(const struct desk_view *view,
    const struct desk_codes_page *page, GString *out)
{
	struct desk_page frame;

	desk_page_init(&frame, view, "Turn codes on", "desk/codes.html");
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	template_dict_set(frame.main, "SECRET", page->secret);
	template_dict_set(frame.main, "QR_PATH", page->qr_path);
	template_dict_set_integer(frame.main, "QR_SIZE", page->qr_size);
	desk_fill_fields(frame.main, page->fields, page->field_count);
	return desk_page_finish(&frame, out);
}

enum status
desk_view_recovery_codes(
    const struct desk_view *view, char **codes, GString *out)
{
	struct desk_page frame;

	desk_page_init(&frame, view, "Recovery codes", "desk/recovery.html");
	for (size_t i = 0; codes[i] != NULL; i++)
		template_dict_set(
		    template_dict_add(frame.main, "CODES"), "CODE", codes[i]);
	return desk_page_finish(&frame, out);
}

/* ---- all authors ---- */

/* Who can sign in can be kept from it, but by nobody themselves. */
static void
fill_access(struct template_dict *dict, const struct desk_view *view,
    const struct author *author)
{
	if (author->is_disabled)
		template_dict_show(dict, "OFF_PARTS");
	else if (author->has_password && author->id != view->session->author_id)
		template_dict_show(dict, "ON_PARTS");
	else if (author->has_password)
		template_dict_show(dict, "OWN_PARTS");
	else
		template_dict_show(dict, "NO_ACCOUNT_PARTS");
}

static void
fill_account(struct template_dict *dict, const struct desk_view *view,
    const struct author *author)
{
	fill_access(dict, view, author);
	template_dict_set_integer(dict, "AUTHOR_ID", author->id);
	template_dict_set(dict, "NAME", author->name);
	template_dict_set(
	    dict, "EMAIL", author->email != NULL ? author->email : "–");
	template_dict_set_integer(dict, "ARTICLE_COUNT", author->article_count);
	for (size_t i = 0; i < G_N_ELEMENTS(ROLE_NAMES); i++) {
		struct template_dict *role = template_dict_add(dict, "ROLES");

		template_dict_set(
		    role, "ROLE", author_role_name((enum author_role)i));
		template_dict_set(role, "ROLE_NAME", ROLE_NAMES[i]);
		if (author->role == (enum author_role)i)
			template_dict_show(role, "CHOSEN_MARKS");
	}
}

static void
fill_invitation(struct template_dict *dict, const struct desk_view *view,
    const struct one_time_link *link)
{
	template_dict_set(dict, "NAME", link->name);
	template_dict_set(dict, "EMAIL", link->email);
	template_dict_set(dict, "ROLE_NAME", author_role_name(link->role));
	template_dict_set(dict, "INVITATION", link->token_hash);
	desk_set_time(dict, "EXPIRES", NULL, view, link->expires_at);
}

enum status
desk_view_authors(const struct desk_view *view,
    const struct desk_authors_page *page, GString *out)
{
	struct desk_page frame;

	desk_page_init(&frame, view, "Authors", "desk/authors.html");
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	part_show(frame.main, "NEW_LINKS", "NEW_LINK", page->link);
	for (guint i = 0; i < page->authors->len; i++)
		fill_account(template_dict_add(frame.main, "ROWS"), view,
		    g_ptr_array_index(page->authors, i));
	if (page->invitations->len > 0)
		template_dict_show(frame.main, "INVITATION_PARTS");
	for (guint i = 0; i < page->invitations->len; i++)
		fill_invitation(template_dict_add(frame.main, "INVITATIONS"),
		    view, g_ptr_array_index(page->invitations, i));
	desk_fill_fields(frame.main, page->fields, page->field_count);
	return desk_page_finish(&frame, out);
}

/* ---- one of them ---- */

static void
fill_account_state(
    struct template_dict *dict, const struct desk_author_page *page)
{
	const struct author *author = page->author;
	g_autofree char *note = NULL;

	if (!author->has_password && !author->is_disabled) {
		dict = template_dict_add(dict, "INVITATION_FORMS");
		template_dict_set(dict, "NAME", author->name);
		template_dict_set_integer(dict, "AUTHOR_ID", author->id);
		desk_fill_fields(dict, page->fields, page->field_count);
		return;
	}
	note = author->is_disabled
		   ? g_strdup("It is switched off, in the list of all authors.")
		   : g_strdup_printf("Signs in as %s.",
			 author->email != NULL ? author->email : "nobody");
	part_show(dict, "ACCOUNT_NOTES", "ACCOUNT_NOTE", note);
}

enum status
desk_view_author(const struct desk_view *view,
    const struct desk_author_page *page, GString *out)
{
	const struct author *author = page->author;
	g_autofree char *path = g_strconcat("/authors/", author->handle, NULL);
	g_autofree char *count = layout_count(
	    author->article_count, "published article", "published articles");
	struct desk_page frame;

	desk_page_init(&frame, view, author->name, "desk/author.html");
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	template_dict_set(frame.main, "ROLE_NAME", ROLE_NAMES[author->role]);
	template_dict_set(frame.main, "ARTICLE_COUNT", count);
	if (author->article_count > 0) {
		template_dict_show(frame.main, "PAGE_LINKS");
		desk_set_url(frame.main, "PAGE_URL", view, path);
	}
	fill_profile(frame.main, view, &page->profile);
	fill_account_state(frame.main, page);
	return desk_page_finish(&frame, out);
}
