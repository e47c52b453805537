/*
 * desk_samples_more.c - the pages of a made-up desk about accounts, media and
 * settings. See desk_samples.h.
 */
#include "config.h"

#include "desk_samples.h"

#include "model/author.h"
#include "model/media.h"
#include "model/one_time_link.h"
#include "model/redirect.h"
#include "model/term_edit.h"
#include "view/desk_account_view.h"
#include "view/desk_media_view.h"
#include "view/desk_settings_view.h"

#define DAY ((int64_t)86400)

#define TYPED "Typed \"words\" & <b>marks</b>"

static const struct desk_field one_field[] = {
	{ .kind = DESK_FIELD_LINE,
	    .name = "name",
	    .label = "Name",
	    .value = TYPED,
	    .problem = "it is taken" },
};

static const struct desk_field other_field[] = {
	{ .kind = DESK_FIELD_PASSWORD,
	    .name = "password",
	    .label = "Password",
	    .value = "never shown" },
	{ .kind = DESK_FIELD_PASSWORD,
	    .name = "password",
	    .id = "email-password",
	    .label = "Your password",
	    .value = "never shown" },
};

/* ---- accounts ---- */

static enum status
show_account_with(struct desk_sample *sample, bool has_codes, GString *out)
{
	static char network[] = "192.0.2.0/24", browser[] = "Firefox on Linux";
	struct session own = { .id = 7,
		.network = network,
		.browser = browser,
		.seen_at = DESK_SAMPLE_NOW };
	struct session other = own;
	g_autoptr(GPtrArray) sessions = g_ptr_array_new();
	g_autoptr(GPtrArray) zones = g_ptr_array_new();
	g_autoptr(GPtrArray) images = g_ptr_array_new();
	const struct desk_account_page page = {
		.zones = zones,
		.profile = { .action = "/desk/account",
		    .shown = "mark",
		    .fields = one_field,
		    .field_count = 1,
		    .images = images },
		.email_fields = other_field + 1,
		.email_field_count = 1,
		.password_fields = other_field,
		.password_field_count = 1,
		.has_codes = has_codes,
		.recovery_code_count = 9,
		.sessions = sessions,
		.problem = has_codes ? "it could not be stored" : NULL,
	};

	other.id = 8;
	g_ptr_array_add(zones, (char[]){ TYPED });
	g_ptr_array_add(sessions, &own);
	g_ptr_array_add(sessions, &other);
	sample->view.path = "/desk/account";
	return desk_view_account(&sample->view, &page, out);
}

static enum status
show_account(struct desk_sample *sample, GString *out)
{
	return show_account_with(sample, false, out);
}

static enum status
show_account_with_codes(struct desk_sample *sample, GString *out)
{
	return show_account_with(sample, true, out);
}

static enum status
show_codes(struct desk_sample *sample, GString *out)
{
	const struct desk_codes_page page = {
		.secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
		.qr_path = "M4 4h7v1h-7z",
		.qr_size = 37,
		.fields = one_field,
		.field_count = 1,
		.problem = "that code does not match",
	};

	sample->view.path = "/desk/account/codes";
	return desk_view_codes(&sample->view, &page, out);
}

static enum status
show_recovery_codes(struct desk_sample *sample, GString *out)
{
	char *codes[] = { (char[]){ "k7qm-2xvd-9rtw" },
		(char[]){ "2xvd-9rtw-k7qm" }, NULL };

	return desk_view_recovery_codes(&sample->view, codes, out);
}

static enum status
show_authors(struct desk_sample *sample, GString *out)
{
	static char handle[] = "grace", name[] = TYPED, email[] = "g@b.org";
	static char hash[] = "hash";
	struct author authors[] = {
		{ .id = 1,
		    .handle = handle,
		    .name = name,
		    .email = email,
		    .role = AUTHOR_ROLE_OWNER,
		    .has_password = true,
		    .article_count = 3 },
		{ .id = 3,
		    .handle = handle,
		    .name = name,
		    .role = AUTHOR_ROLE_EDITOR,
		    .has_password = true },
		{ .id = 4,
		    .handle = handle,
		    .name = name,
		    .role = AUTHOR_ROLE_EDITOR,
		    .has_password = true,
		    .is_disabled = true },
		{ .id = 2,
		    .handle = handle,
		    .name = name,
		    .role = AUTHOR_ROLE_AUTHOR },
	};
	struct one_time_link invitation = { .name = name,
		.email = email,
		.role = AUTHOR_ROLE_EDITOR,
		.expires_at = DESK_SAMPLE_NOW + DAY,
		.token_hash = hash };
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	g_autoptr(GPtrArray) invitations = g_ptr_array_new();
	const struct desk_authors_page page = {
		.authors = all,
		.invitations = invitations,
		.fields = one_field,
		.field_count = 1,
		.link = "https://example.org/blog/desk/invitation?token=x",
		.problem = "it could not be stored",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(authors); i++)
		g_ptr_array_add(all, &authors[i]);
	g_ptr_array_add(invitations, &invitation);
	sample->view.path = "/desk/authors";
	return desk_view_authors(&sample->view, &page, out);
}

static enum status
show_author_with(struct desk_sample *sample, bool has_account, GString *out)
{
	static char handle[] = "grace", name[] = TYPED, email[] = "g@b.org";
	static char path[] = "0123-a.png";
	const struct author author = { .id = 2,
		.handle = handle,
		.name = name,
		.email = has_account ? email : NULL,
		.role = AUTHOR_ROLE_EDITOR,
		.article_count = has_account ? 1 : 0,
		.has_password = has_account };
	struct media image = { .path = path, .original_name = name };
	const struct desk_field picture = { .kind = DESK_FIELD_LINE,
		.name = "picture_path",
		.value = TYPED,
		.list = "pictures",
		.face_url = has_account ? "/blog/media/0123-a.png" : NULL };
	g_autoptr(GPtrArray) images = g_ptr_array_new();
	const struct desk_author_page page = {
		.author = &author,
		.profile = { .action = "/desk/authors/2/profile",
		    .shown = "mark",
		    .fields = &picture,
		    .field_count = 1,
		    .images = images },
		.fields = one_field,
		.field_count = 1,
		.problem = has_account ? NULL : "it could not be stored",
	};

	g_ptr_array_add(images, &image);
	sample->view.path = "/desk/authors/2";
	return desk_view_author(&sample->view, &page, out);
}

static enum status
show_author(struct desk_sample *sample, GString *out)
{
	return show_author_with(sample, true, out);
}

static enum status
show_author_without_account(struct desk_sample *sample, GString *out)
{
	return show_author_with(sample, false, out);
}

/* ---- media ---- */

static struct media
make_media(bool is_image)
{
	static char image[] = "0123-a.png", file[] = "0123-a.bin";
	static char name[] = TYPED, png[] = "image/png";
	static char bytes[] = "application/octet-stream", alt[] = TYPED,
		    none[] = "";

	return (struct media){
		.id = is_image ? 1 : 2,
		.path = is_image ? image : file,
		.original_name = name,
		.content_type = is_image ? png : bytes,
		.size = 123456,
		.width = is_image ? 640 : 0,
		.height = is_image ? 480 : 0,
		.alt = is_image ? alt : none,
		.created_at = DESK_SAMPLE_NOW,
		.use_count = is_image ? 2 : 0,
	};
}

static enum status
show_media(struct desk_sample *sample, GString *out)
{
	struct media image = make_media(true);
	struct media file = make_media(false);
	g_autoptr(GPtrArray) media = g_ptr_array_new();
	const struct desk_media_page page = {
		.media = media,
		.text = TYPED,
		.found_count = 99,
		.page = 2,
		.page_count = 3,
		.alt = TYPED,
		.problem = "that is too large",
	};

	g_ptr_array_add(media, &image);
	g_ptr_array_add(media, &file);
	sample->view.path = "/desk/media";
	return desk_view_media(&sample->view, &page, out);
}

static enum status
show_empty_media(struct desk_sample *sample, GString *out)
{
	g_autoptr(GPtrArray) media = g_ptr_array_new();
	const struct desk_media_page page = {
		.media = media,
		.text = "",
		.page = 1,
		.page_count = 1,
		.alt = "",
	};

	sample->view.path = "/desk/media";
	return desk_view_media(&sample->view, &page, out);
}

static enum status
show_file_with(struct desk_sample *sample, bool is_image, GString *out)
{
	static char title[] = TYPED;
	const struct media media = make_media(is_image);
	struct media_use use = { .id = 12, .title = title };
	struct media_use face = { .id = 2, .title = title, .is_face = true };
	g_autoptr(GPtrArray) uses = g_ptr_array_new();
	const struct desk_file_page page = {
		.media = &media,
		.uses = uses,
		.alt = TYPED,
		.alt_problem = is_image ? "it is too long" : NULL,
	};

	if (is_image)
		g_ptr_array_add(uses, &use);
	if (is_image)
		g_ptr_array_add(uses, &face);
	sample->view.path = "/desk/media/1";
	return desk_view_file(&sample->view, &page, out);
}

static enum status
show_image(struct desk_sample *sample, GString *out)
{
	return show_file_with(sample, true, out);
}

static enum status
show_file(struct desk_sample *sample, GString *out)
{
	return show_file_with(sample, false, out);
}

/* ---- settings ---- */

static enum status
show_settings(struct desk_sample *sample, GString *out)
{
	const struct desk_settings_page page = {
		.path = "/desk/settings/blog",
		.lead = "What it is called.",
		.fields = one_field,
		.field_count = 1,
		.second_action = "preset",
		.second_label = "Fill it in",
		.problem = "it could not be stored",
	};

	sample->view.path = page.path;
	return desk_view_settings(&sample->view, &page, out);
}

static struct term
make_term(int64_t id, int64_t count)
{
	static char slug[] = "typed-words", name[] = TYPED;
	static char description[] = TYPED;

	return (struct term){
		.id = id,
		.slug = slug,
		.name = name,
		.description = description,
		.use_count = count,
		.article_count = count / 2,
	};
}

static enum status
show_terms(struct desk_sample *sample, GString *out)
{
	struct term used = make_term(1, 5);
	struct term unused = make_term(2, 0);
	g_autoptr(GPtrArray) terms = g_ptr_array_new();
	const struct desk_terms_page page = {
		.kind = TERM_KIND_TAG,
		.terms = terms,
		.text = TYPED,
		.found_count = 99,
		.page = 2,
		.page_count = 3,
	};

	g_ptr_array_add(terms, &used);
	g_ptr_array_add(terms, &unused);
	sample->view.path = "/desk/settings/tags";
	return desk_view_terms(&sample->view, &page, out);
}

static enum status
show_no_terms(struct desk_sample *sample, GString *out)
{
	g_autoptr(GPtrArray) terms = g_ptr_array_new();
	const struct desk_terms_page page = {
		.kind = TERM_KIND_CATEGORY,
		.terms = terms,
		.text = "",
		.page = 1,
		.page_count = 1,
	};

	return desk_view_terms(&sample->view, &page, out);
}

static enum status
show_series_list(struct desk_sample *sample, GString *out)
{
	struct term series = make_term(1, 5);
	g_autoptr(GPtrArray) terms = g_ptr_array_new();
	const struct desk_terms_page page = {
		.kind = TERM_KIND_SERIES,
		.terms = terms,
		.text = "",
		.page = 1,
		.page_count = 1,
	};

	g_ptr_array_add(terms, &series);
	sample->view.path = "/desk/settings/series";
	return desk_view_terms(&sample->view, &page, out);
}

static enum status
show_series(struct desk_sample *sample, GString *out)
{
	struct term term = make_term(1, 5);
	const struct desk_term_page page = {
		.kind = TERM_KIND_SERIES,
		.term = &term,
		.shown_name = TYPED,
		.fields = one_field,
		.field_count = 1,
	};

	return desk_view_term(&sample->view, &page, out);
}

static enum status
show_term_with(struct desk_sample *sample, int64_t count, GString *out)
{
	struct term term = make_term(1, count);
	struct term other = make_term(2, 3);
	g_autoptr(GPtrArray) terms = g_ptr_array_new();
	const struct desk_term_page page = {
		.kind = TERM_KIND_TAG,
		.term = &term,
		.shown_name = TYPED,
		.shown_slug = TYPED,
		.shown_description = TYPED,
		.fields = one_field,
		.field_count = 1,
		.into = other_field,
		.terms = terms,
		.problem = count > 0 ? "it is used" : NULL,
	};

	g_ptr_array_add(terms, &term);
	g_ptr_array_add(terms, &other);
	return desk_view_term(&sample->view, &page, out);
}

static enum status
show_term(struct desk_sample *sample, GString *out)
{
	return show_term_with(sample, 5, out);
}

static enum status
show_unused_term(struct desk_sample *sample, GString *out)
{
	return show_term_with(sample, 0, out);
}

static enum status
show_merge(struct desk_sample *sample, GString *out)
{
	const struct term term = make_term(1, 5);
	const struct term into = make_term(2, 3);
	const struct desk_merge_page page = {
		.kind = TERM_KIND_TAG,
		.term = &term,
		.into = &into,
		.problem = "it has changed",
	};

	return desk_view_merge(&sample->view, &page, out);
}

static enum status
show_redirects(struct desk_sample *sample, GString *out)
{
	static char path[] = "/old", title[] = TYPED, target[] = "/new";
	static char reason[] = "that is no path";
	struct redirect to_article = { .path = path,
		.article_id = 12,
		.article_title = title,
		.target = target,
		.created_at = DESK_SAMPLE_NOW };
	struct redirect to_target = { .path = path,
		.target = target,
		.hit_count = 12,
		.last_hit_day = DESK_SAMPLE_NOW / DAY };
	struct redirect_problem problem = { .line = 3, .reason = reason };
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	g_autoptr(GPtrArray) problems = g_ptr_array_new();
	const struct desk_redirects_page page = {
		.rows = rows,
		.text = TYPED,
		.found_count = 99,
		.page = 2,
		.page_count = 3,
		.fields = one_field,
		.field_count = 1,
		.lines = other_field,
		.line_problems = problems,
	};

	g_ptr_array_add(rows, &to_article);
	g_ptr_array_add(rows, &to_target);
	g_ptr_array_add(problems, &problem);
	return desk_view_redirects(&sample->view, &page, out);
}

static enum status
show_no_redirects(struct desk_sample *sample, GString *out)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	const struct desk_redirects_page page = {
		.rows = rows,
		.text = "",
		.page = 1,
		.page_count = 1,
		.fields = one_field,
		.field_count = 1,
		.lines = other_field,
	};

	return desk_view_redirects(&sample->view, &page, out);
}

static enum status
show_theme(struct desk_sample *sample, GString *out)
{
	g_autoptr(GPtrArray) findings = g_ptr_array_new();
	const struct desk_settings_page page = {
		.path = "/desk/settings/theme",
		.fields = one_field,
		.field_count = 1,
		.findings = findings,
	};

	g_ptr_array_add(findings, (char[]){ TYPED });
	return desk_view_settings(&sample->view, &page, out);
}

static enum status
show_export(struct desk_sample *sample, GString *out)
{
	const struct desk_export_page page = {
		.file_count = 12,
		.file_size = 3456789,
		.problem = "there is no place for it",
	};

	return desk_view_export(&sample->view, &page, out);
}

const struct desk_sample_page desk_sample_more_pages[] = {
	{ "account", show_account, false },
	{ "account-codes", show_account_with_codes, false },
	{ "codes", show_codes, false },
	{ "recovery-codes", show_recovery_codes, false },
	{ "authors", show_authors, false },
	{ "author", show_author, false },
	{ "author-no-account", show_author_without_account, false },
	{ "media", show_media, false },
	{ "media-empty", show_empty_media, false },
	{ "image", show_image, false },
	{ "file", show_file, false },
	{ "settings", show_settings, false },
	{ "theme", show_theme, false },
	{ "export", show_export, false },
	{ "terms", show_terms, false },
	{ "terms-empty", show_no_terms, false },
	{ "term", show_term, false },
	{ "term-unused", show_unused_term, false },
	{ "series-list", show_series_list, false },
	{ "series", show_series, false },
	{ "merge", show_merge, false },
	{ "redirects", show_redirects, false },
	{ "redirects-empty", show_no_redirects, false },
};
const size_t desk_sample_more_pages_count =
    G_N_ELEMENTS(desk_sample_more_pages);
