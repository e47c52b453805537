/*
 * desk_view.h - the pages that an author sees at the desk.
 *
 * Each function appends one whole HTML page to `out`, or leaves it as it was
 * and returns STATUS_FAILED (logged). A page is the template desk/layout.html
 * around a template of its own. Addresses are without the base path, those of
 * the desk begin with "/desk". The interface speaks English, whatever the blog
 * speaks.
 */
#ifndef VIEW_DESK_VIEW_H
#define VIEW_DESK_VIEW_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct blog;
struct session;
struct settings;
struct static_files;
struct template_dict;
struct template_engine;

/* What every page needs. All borrowed; may be copied. */
struct desk_view {
	struct template_engine *engine;          /* of templates/desk */
	const struct static_files *static_files; /* of the desk */
	const struct settings *settings;
	const struct blog *blog;
	const struct session *session; /* id 0: nobody is signed in */
	/* In which times are shown and typed; NULL: that of the blog. */
	GTimeZone *zone;
	const char *form_token; /* for each form */
	const char *path;       /* of the page, for the navigation */
	/* What was done just now, for a person; NULL: nothing. */
	const char *notice;
	int64_t now;
};

/* The zone in which `view` shows times. Borrowed from it. */
GTimeZone *desk_zone(const struct desk_view *view);

/* A page being filled: markers go into `main`. */
struct desk_page {
	const struct desk_view *view;
	struct template_dict *root;
	struct template_dict *main;
};

/* Begin a page called `title`, whose own template is `file`. The caller ends it
 * with desk_page_finish(). */
void desk_page_init(struct desk_page *page, const struct desk_view *view,
    const char *title, const char *file);

/* Append the page to `out` and free what `page` holds, whatever comes of it. */
MUST_CHECK enum status desk_page_finish(struct desk_page *page, GString *out);

/* ---- forms ---- */

enum desk_field_kind {
	DESK_FIELD_LINE,     /* <input type=text> */
	DESK_FIELD_EMAIL,    /* type=email */
	DESK_FIELD_URL,      /* type=url */
	DESK_FIELD_NUMBER,   /* type=number */
	DESK_FIELD_TIME,     /* type=datetime-local, "2026-05-30T14:00" */
	DESK_FIELD_PASSWORD, /* type=password; what was typed does not come back
			      */
	DESK_FIELD_CODE,     /* a one-time code: digits first */
	DESK_FIELD_TEXT,     /* <textarea> */
	DESK_FIELD_CHOICE,   /* <select> of `choices` */
	DESK_FIELD_SWITCH,   /* a checkbox, whose value is "true" */
	DESK_FIELD_HIDDEN
};

struct desk_choice {
	const char *value;
	const char *label;
};

/* One field of a form, with what was typed and what is wrong with it. */
struct desk_field {
	enum desk_field_kind kind;
	const char *name;
	/* What its id ends in, where a page has another of that name; NULL:
	 * `name`. */
	const char *id;
	const char *label;        /* NULL: desk_label(name) */
	const char *value;        /* NULL is "" */
	const char *hint;         /* or NULL */
	const char *problem;      /* what is wrong with `value`, or NULL */
	const char *autocomplete; /* of HTML, or NULL */
	const char *list; /* the id of a datalist that completes it, or NULL */
	unsigned max_length; /* characters; 0: no limit */
	unsigned rows;       /* of a textarea; 0: 4 */
	/* The address of a face that is shown beside it, with the base path; or
	 * NULL. */
	const char *face_url;
	bool is_required;
	bool is_first; /* the cursor stands here */
	const struct desk_choice *choices;
	size_t choice_count;
};

/* What a field is called where nothing closer is said: "Email address" of
 * "email"; `name` itself of one that nobody has ever called anything. Static,
 * or `name`. */
const char *desk_label(const char *name);

/* A field for a password that is chosen, with what one is to be like; `label`
 * and `problem` may be NULL. All are borrowed. */
struct desk_field desk_password_field(
    const char *name, const char *label, const char *problem);

/* A form that is a page. */
struct desk_form {
	const char *title;
	const char *lead;    /* what it is for, or NULL */
	const char *problem; /* what is wrong with all of it, or NULL */
	const char *action;  /* a path */
	const char *button;
	const struct desk_field *fields;
	size_t field_count;
	/* A link under the form, or NULL. */
	const char *link_path, *link_text;
	const char *note; /* small, under all; or NULL */
};

MUST_CHECK enum status desk_view_form(
    const struct desk_view *view, const struct desk_form *form, GString *out);

/* Include the fields at marker FIELDS of `dict`, for a form that is only a part
 * of its page. */
void desk_fill_fields(
    struct template_dict *dict, const struct desk_field *fields, size_t count);

/* ---- errors ---- */

/* What an HTTP status means, "Busy just now", and what to do then. Static. */
const char *desk_error_title(int http_status);
const char *desk_error_advice(int http_status);

/*
 * An error page: what it means and what to do. `reason` may be NULL. What was
 * sent with the request and is lost otherwise stands in it, in `typed` (name
 * and value in turn, NULL-terminated; NULL: nothing), with a button that sends
 * it to `path` again; but for what nobody types, which is in the form and not
 * to be seen.
 */
MUST_CHECK enum status desk_view_error(const struct desk_view *view,
    int http_status, const char *reason, const char *const *typed,
    GString *out);

#endif
