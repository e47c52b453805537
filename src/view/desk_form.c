/*
 * desk_form.c - forms: every field of the desk looks and behaves alike.
 *
 * What must hold: what was typed comes back, but for passwords; a problem
 * stands beside its field and is tied to it for who cannot see that.
 */
#include "config.h"

#include <string.h>

#include "base/password_rules.h"
#include "base/text.h"
#include "template/template_engine.h"
#include "view/desk_view.h"

#include "desk_parts.h"
#include "site_parts.h"

#define DEFAULT_ROWS 4

static const char *
type_of(enum desk_field_kind kind)
{
	switch (kind) {
	case DESK_FIELD_EMAIL:
		return "email";
	case DESK_FIELD_URL:
		return "url";
	case DESK_FIELD_NUMBER:
		return "number";
	case DESK_FIELD_TIME:
		return "datetime-local";
	case DESK_FIELD_PASSWORD:
		return "password";
	default:
		return "text";
	}
}

struct desk_field
desk_password_field(const char *name, const char *label, const char *problem)
{
	return (struct desk_field){
		.kind = DESK_FIELD_PASSWORD,
		.name = name,
		.label = label,
		.hint = "At least " G_STRINGIFY(
		    PASSWORD_MIN_CHARACTERS) " characters; three or four words "
					     "are easy to "
					     "remember.",
		.problem = problem,
		.autocomplete = "new-password",
		.max_length = PASSWORD_MAX_SIZE,
		.is_required = true,
	};
}

static void
fill_choices(struct template_dict *dict, const struct desk_field *field)
{
	for (size_t i = 0; i < field->choice_count; i++) {
		const struct desk_choice *choice = &field->choices[i];
		struct template_dict *option =
		    template_dict_add(dict, "CHOICES");

		template_dict_set(option, "CHOICE_VALUE", choice->value);
		template_dict_set(option, "CHOICE_LABEL", choice->label);
		if (g_strcmp0(choice->value, field->value) == 0)
			template_dict_show(option, "CHOSEN_MARKS");
	}
}

/* The element itself. */
static void
fill_control(struct template_dict *dict, const struct desk_field *field)
{
	if (field->kind == DESK_FIELD_TEXT) {
		template_dict_show(dict, "AREAS");
		template_dict_set_integer(dict, "ROWS",
		    field->rows != 0 ? field->rows : DEFAULT_ROWS);
	} else if (field->kind == DESK_FIELD_CHOICE) {
		template_dict_show(dict, "SELECTS");
		fill_choices(dict, field);
	} else {
		template_dict_show(dict, "INPUTS");
		template_dict_set(dict, "TYPE", type_of(field->kind));
	}
	if (field->kind == DESK_FIELD_CODE)
		part_show(dict, "MODES", "MODE", "numeric");
}

static void
fill_shown(struct template_dict *dict, const struct desk_field *field)
{
	template_dict_show(dict, "SHOWN_FIELDS");
	fill_control(dict, field);
	if (field->is_required)
		template_dict_show(dict, "REQUIRED_MARKS");
	else if (field->kind != DESK_FIELD_CHOICE)
		template_dict_show(dict, "OPTIONAL_MARKS");
	if (field->is_first)
		template_dict_show(dict, "FIRST_MARKS");
	if (field->max_length != 0) {
		template_dict_show(dict, "MAX_LENGTHS");
		template_dict_set_integer(
		    dict, "MAX_LENGTH", field->max_length);
	}
	part_show(dict, "AUTOCOMPLETES", "AUTOCOMPLETE", field->autocomplete);
	part_show(dict, "LISTS", "LIST", field->list);
}

static void
fill_field(struct template_dict *dict, const struct desk_field *field)
{
	template_dict_set(dict, "NAME", field->name);
	template_dict_set(
	    dict, "FIELD_ID", field->id != NULL ? field->id : field->name);
	template_dict_set(dict, "LABEL",
	    field->label != NULL ? field->label : desk_label(field->name));
	if (field->kind != DESK_FIELD_PASSWORD)
		template_dict_set(dict, "VALUE", field->value);
	if (field->kind == DESK_FIELD_HIDDEN) {
		template_dict_show(dict, "HIDDEN_FIELDS");
		return;
	}
	part_show(dict, "HINTS", "HINT", field->hint);
	part_show(dict, "FIELD_FACES", "FIELD_FACE_URL", field->face_url);
	desk_show_problem(dict, "PROBLEMS", "PROBLEM", field->problem);
	if (text_is_given(field->problem))
		template_dict_show(dict, "INVALID_MARKS");
	if (text_is_given(field->hint) || text_is_given(field->problem))
		template_dict_show(dict, "DESCRIBED_MARKS");
	if (text_is_given(field->hint) && text_is_given(field->problem))
		template_dict_show(dict, "BOTH_MARKS");
	if (field->kind != DESK_FIELD_SWITCH) {
		fill_shown(dict, field);
		return;
	}
	template_dict_show(dict, "SWITCH_FIELDS");
	if (g_strcmp0(field->value, "true") == 0)
		template_dict_show(dict, "CHECKED_MARKS");
}

void
desk_fill_fields(
    struct template_dict *dict, const struct desk_field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fill_field(
		    template_dict_include(dict, "FIELDS", "desk/field.html"),
		    &fields[i]);
}

enum status
desk_view_form(
    const struct desk_view *view, const struct desk_form *form, GString *out)
{
	struct desk_page page;

	desk_page_init(&page, view, form->title, "desk/form.html");
	part_show(page.main, "LEADS", "LEAD", form->lead);
	desk_show_problem(
	    page.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", form->problem);
	part_show(page.main, "NOTES", "NOTE", form->note);
	desk_set_url(page.main, "ACTION_URL", view, form->action);
	template_dict_set(page.main, "BUTTON", form->button);
	if (form->link_path != NULL) {
		template_dict_show(page.main, "FORM_LINKS");
		desk_set_url(page.main, "FORM_LINK_URL", view, form->link_path);
		template_dict_set(page.main, "FORM_LINK_TEXT", form->link_text);
	}
	desk_fill_fields(page.main, form->fields, form->field_count);
	return desk_page_finish(&page, out);
}
