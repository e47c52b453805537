/*
 * html_attribute.c - one function for each kind of value an attribute may have.
 *
 * It must stay true that no value is written that its function did not read to
 * the end, and no address that sanitizer_allows_address() would refuse.
 */
#include "config.h"

#include "html_attribute.h"

#include <glib.h>
#include <string.h>

#include "address.h"
#include "base/text.h"
#include "cleaning.h"
#include "content/sanitizer.h"
#include "footnote.h"
#include "heading.h"
#include "html_policy.h"
#include "html_tree.h"
#include "html_writer.h"

#define MAX_INTEGER 65534
#define MAX_PIXELS  20000

static const char SPACE[] = " \t\n\r\f";

uint32_t
html_pixels(const char *value)
{
	g_autofree char *digits = NULL;
	int64_t pixels;
	size_t size;

	if (value == NULL)
		return 0;
	value += strspn(value, SPACE);
	size = strspn(value, "0123456789");
	digits = g_strndup(value, size);
	value += size;
	value += g_str_has_prefix(value, "px") ? 2 : 0;
	if (value[strspn(value, SPACE)] != '\0' ||
	    text_parse_integer(digits, MAX_PIXELS, &pixels) != STATUS_OK)
		return 0;
	return (uint32_t)pixels;
}

static void
remember_reference(
    struct cleaning *cleaning, const char *address, const char *url)
{
	struct document_reference reference;

	if (g_hash_table_contains(cleaning->resolved, address))
		return;
	reference.reference = g_strdup(address);
	reference.url = g_strdup(url);
	g_array_append_val(cleaning->references, reference);
	(void)g_hash_table_add(cleaning->resolved, reference.reference);
}

static bool
resolve_by_caller(struct cleaning *cleaning, const char *address,
    enum link_kind kind, struct link_target *out_target)
{
	const struct link_resolver *resolver = cleaning->options->resolver;
	struct link_target target = { 0 };

	if (resolver == NULL)
		return false;
	if (!resolver->resolve(
		resolver->data, cleaning->source, address, kind, &target)) {
		out_target->problem = target.problem;
		remember_reference(cleaning, address, "");
		return false;
	}
	if (target.url == NULL ||
	    !sanitizer_allows_address(target.url, kind == LINK_KIND_IMAGE)) {
		g_free(target.url);
		return false;
	}
	remember_reference(cleaning, address, target.url);
	*out_target = target;
	return true;
}

static char *
resolve_fragment(struct cleaning *cleaning, const struct html_node *node,
    const char *address)
{
	const char *id = outline_find_id(cleaning->outline, address + 1);

	if (id != NULL)
		return g_strconcat("#", id, NULL);
	if (address[1] != '\0' && g_ascii_strcasecmp(address, "#top") != 0) {
		cleaning_warn(cleaning, node->line,
		    "nothing in the text has the anchor %s", address);
	}
	return g_strdup(address);
}

static char *
under_base(const struct cleaning *cleaning, const char *address)
{
	const char *base = cleaning->options->base_path;

	return g_strconcat(base == NULL ? "" : base, address, NULL);
}

/* An address without a scheme, other than a fragment. */
static void
resolve_own(struct cleaning *cleaning, const struct html_node *node,
    const char *address, enum link_kind kind, struct link_target *out_target)
{
	bool is_path = address_kind_of(address) == ADDRESS_PATH;
	bool is_image = kind == LINK_KIND_IMAGE;

	if (resolve_by_caller(cleaning, address, kind, out_target))
		return;
	if (out_target->problem == NULL && is_image && !is_path)
		out_target->problem = "file not found";
	if (out_target->problem != NULL)
		cleaning_warn(cleaning, node->line, "%s: %s",
		    out_target->problem, address);
	out_target->url =
	    is_path ? under_base(cleaning, address) : g_strdup(address);
}

bool
html_resolve_address(struct cleaning *cleaning, const struct html_node *node,
    const char *address, enum link_kind kind, struct link_target *out_target)
{
	g_autofree char *normal = address_normalize(address);
	enum address_kind found = address_kind_of(normal);
	bool is_image = kind == LINK_KIND_IMAGE;

	*out_target = (struct link_target){ 0 };
	if (found == ADDRESS_FORBIDDEN ||
	    (is_image &&
		(found == ADDRESS_MAIL || found == ADDRESS_FRAGMENT))) {
		cleaning_warn(cleaning, node->line,
		    "address left out, since only http, https and mailto may "
		    "stand in a text: %s",
		    normal);
		return false;
	}
	if (*normal == '\0')
		return false;
	if (found == ADDRESS_FRAGMENT)
		out_target->url = resolve_fragment(cleaning, node, normal);
	else if (found == ADDRESS_PATH || found == ADDRESS_RELATIVE)
		resolve_own(cleaning, node, normal, kind, out_target);
	else
		out_target->url = g_steal_pointer(&normal);
	return true;
}

static void
write_address(struct cleaning *cleaning, const struct html_node *node,
    const struct html_attribute *attribute, enum link_kind kind)
{
	struct link_target target;

	if (html_resolve_address(
		cleaning, node, attribute->value, kind, &target)) {
		html_append_attribute(
		    cleaning->out, attribute->name, target.url);
		g_free(target.url);
	}
}

/* "2x", "1.5x" or "640w". */
static bool
is_descriptor(const char *text, size_t size)
{
	size_t digits = strspn(text, "0123456789.");

	return size >= 2 && size <= 10 && digits == size - 1 &&
	       (text[digits] == 'x' || text[digits] == 'w');
}

/* Read "ADDRESS [DESCRIPTOR]" at `*cursor` (HTML, section 4.8.4.2.2). */
static void
append_candidate(struct cleaning *cleaning, const struct html_node *node,
    const char **cursor, GString *out)
{
	size_t address_size = strcspn(*cursor, SPACE);
	const char *rest = *cursor + address_size;
	g_autofree char *address = NULL;
	struct link_target target;
	size_t descriptor_size = 0;

	if (address_size > 0 && rest[-1] == ',') {
		address_size -= 1;
	} else {
		rest += strspn(rest, SPACE);
		descriptor_size = strcspn(rest, " \t\n\r\f,");
	}
	address = g_strndup(*cursor, address_size);
	*cursor = rest + descriptor_size;
	if ((descriptor_size > 0 && !is_descriptor(rest, descriptor_size)) ||
	    strchr(address, ',') != NULL ||
	    !html_resolve_address(
		cleaning, node, address, LINK_KIND_IMAGE, &target))
		return;
	g_string_append(out, out->len > 0 ? ", " : "");
	g_string_append(out, target.url);
	g_free(target.url);
	if (descriptor_size > 0) {
		g_string_append_c(out, ' ');
		g_string_append_len(out, rest, (gssize)descriptor_size);
	}
}

static void
write_srcset(struct cleaning *cleaning, const struct html_node *node,
    const struct html_attribute *attribute)
{
	g_autoptr(GString) set = g_string_new(NULL);
	const char *cursor = attribute->value;

	for (;;) {
		cursor += strspn(cursor, " \t\n\r\f,");
		if (*cursor == '\0')
			break;
		append_candidate(cleaning, node, &cursor, set);
	}
	if (set->len > 0)
		html_append_attribute(cleaning->out, attribute->name, set->str);
}

static void
append_word(GString *words, const char *word, size_t size)
{
	if (words->len > 0)
		g_string_append_c(words, ' ');
	g_string_append_len(words, word, (gssize)size);
}

/* "align", or "text-align" of a style: what tables had before classes. */
static const char *
alignment_of(const struct html_node *node)
{
	static const char *const CLASSES[] = { "align-left", "align-center",
		"align-right" };
	const char *value = html_node_attribute(node, "align");
	const char *style = html_node_attribute(node, "style");

	if (value == NULL && style != NULL) {
		value = strstr(style, "text-align");
		value = value == NULL ? NULL : value + strlen("text-align");
		value = value == NULL ? NULL : value + strspn(value, " :");
	}
	if (value == NULL)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(CLASSES); i++) {
		const char *side = CLASSES[i] + strlen("align-");

		if (g_ascii_strncasecmp(value, side, strlen(side)) == 0)
			return CLASSES[i];
	}
	return NULL;
}

void
html_write_class(
    struct cleaning *cleaning, const struct html_node *node, const char *more)
{
	g_autoptr(GString) classes = g_string_new(more);
	const char *name = html_node_attribute(node, "class");
	const char *alignment = alignment_of(node);

	while (name != NULL && *(name += strspn(name, SPACE)) != '\0') {
		size_t size = strcspn(name, SPACE);

		if (html_policy_allows_class(name, size) &&
		    !html_policy_has_word(classes->str, name, size))
			append_word(classes, name, size);
		name += size;
	}
	if (node->rule->tag == HTML_TAG_CENTER)
		alignment = "align-center";
	if (alignment != NULL &&
	    !html_policy_has_word(classes->str, alignment, strlen(alignment)))
		append_word(classes, alignment, strlen(alignment));
	if (classes->len > 0)
		html_append_attribute(cleaning->out, "class", classes->str);
}

static bool
claim_id(struct cleaning *cleaning, const char *id)
{
	return html_policy_allows_id(id) &&
	       !footnotes_reserve(&cleaning->footnotes, id) &&
	       g_hash_table_add(cleaning->written_ids, g_strdup(id));
}

void
html_write_id(struct cleaning *cleaning, const struct html_node *node)
{
	const char *id = html_node_attribute(node, "id");
	g_autofree char *note = NULL;

	if (id == NULL && node->rule->tag == HTML_TAG_A)
		id = html_node_attribute(node, "name");
	if (id == NULL)
		return;
	if (node->rule->tag == HTML_TAG_LI)
		note = footnotes_begin_note(&cleaning->footnotes, id);
	if (note != NULL) {
		if (g_hash_table_add(cleaning->written_ids, g_strdup(note)))
			html_append_attribute(cleaning->out, "id", note);
	} else if (claim_id(cleaning, id)) {
		html_append_attribute(cleaning->out, "id", id);
	}
}

static void
write_ids(GString *out, const struct html_attribute *attribute)
{
	g_autoptr(GString) ids = g_string_new(NULL);
	g_auto(GStrv) words = g_strsplit_set(attribute->value, SPACE, 100);

	for (char **word = words; *word != NULL; word++)
		if (html_policy_allows_id(*word))
			append_word(ids, *word, strlen(*word));
	if (ids->len > 0)
		html_append_attribute(out, attribute->name, ids->str);
}

static void
write_language(GString *out, const struct html_attribute *attribute)
{
	size_t size = strspn(attribute->value,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	if (size > 0 && size <= 35 && attribute->value[size] == '\0')
		html_append_attribute(out, attribute->name, attribute->value);
}

/* An optional "-", digits, and for a number also a fraction. */
static void
write_number(
    GString *out, const struct html_attribute *attribute, bool is_integer)
{
	const char *value = attribute->value + strspn(attribute->value, SPACE);
	const char *digits = value + (*value == '-' ? 1 : 0);
	size_t whole = strspn(digits, "0123456789");
	size_t fraction = 0;
	g_autofree char *number = NULL;

	if (!is_integer && digits[whole] == '.')
		fraction = 1 + strspn(digits + whole + 1, "0123456789");
	if (whole == 0 || whole + fraction > 15 || fraction == 1 ||
	    digits[whole + fraction +
		   strspn(digits + whole + fraction, SPACE)] != '\0')
		return;
	number = g_strndup(value, (gsize)(digits - value) + whole + fraction);
	if (is_integer && ABS(g_ascii_strtoll(number, NULL, 10)) > MAX_INTEGER)
		return;
	html_append_attribute(out, attribute->name, number);
}

static void
write_choice(GString *out, const struct html_attribute *attribute,
    const struct html_attribute_rule *rule)
{
	g_autofree char *lower = g_ascii_strdown(attribute->value, -1);
	const char *value = attribute->value;

	if (!html_policy_has_word(rule->choices, value, strlen(value)))
		value = lower;
	if (html_policy_has_word(rule->choices, value, strlen(value)))
		html_append_attribute(out, attribute->name, value);
}

static void
write_attribute(struct cleaning *cleaning, const struct html_node *node,
    const struct html_attribute *attribute,
    const struct html_attribute_rule *rule)
{
	switch (rule->value) {
	case HTML_VALUE_ID:
	case HTML_VALUE_CLASS:
		return; /* html_write_attributes() */
	case HTML_VALUE_TEXT:
		html_append_attribute(
		    cleaning->out, attribute->name, attribute->value);
		return;
	case HTML_VALUE_IDS:
		write_ids(cleaning->out, attribute);
		return;
	case HTML_VALUE_LANGUAGE:
		write_language(cleaning->out, attribute);
		return;
	case HTML_VALUE_LINK:
		write_address(cleaning, node, attribute, LINK_KIND_PAGE);
		return;
	case HTML_VALUE_MEDIA:
		write_address(cleaning, node, attribute, LINK_KIND_IMAGE);
		return;
	case HTML_VALUE_SRCSET:
		write_srcset(cleaning, node, attribute);
		return;
	case HTML_VALUE_INTEGER:
	case HTML_VALUE_NUMBER:
		write_number(cleaning->out, attribute,
		    rule->value == HTML_VALUE_INTEGER);
		return;
	case HTML_VALUE_CHOICE:
		write_choice(cleaning->out, attribute, rule);
		return;
	case HTML_VALUE_BOOLEAN:
		html_append_attribute(cleaning->out, attribute->name, "");
		return;
	}
}

void
html_write_attributes(struct cleaning *cleaning, const struct html_node *node,
    const char *more_class)
{
	html_write_id(cleaning, node);
	html_write_class(cleaning, node, more_class);
	for (size_t i = 0; i < node->attribute_count; i++) {
		const struct html_attribute *attribute = &node->attributes[i];
		const struct html_attribute_rule *rule =
		    html_rule_attribute(node->rule, attribute->name);

		if (rule != NULL)
			write_attribute(cleaning, node, attribute, rule);
	}
}
