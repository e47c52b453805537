/*
 * html_element.c - one function for each element that needs more than a list.
 *
 * It must stay true that whatever loads or plays does so only when a reader
 * comes to it, and that everything has a name a screen reader can say.
 */
#include "config.h"

#include "html_element.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "address.h"
#include "cleaning.h"
#include "code_block.h"
#include "footnote.h"
#include "heading.h"
#include "html_attribute.h"
#include "html_policy.h"
#include "html_tree.h"
#include "html_writer.h"

/* What a frame gets whose author gave it no size. */
#define FRAME_WIDTH  560
#define FRAME_HEIGHT 315

typedef void element_writer(
    struct cleaning *cleaning, const struct html_node *node);

static bool
has_attribute(const struct html_node *node, const char *name)
{
	return html_node_attribute(node, name) != NULL;
}

/* Links to elsewhere must not hand this page to the one they open. */
static void
write_relation(struct cleaning *cleaning, const struct html_node *node)
{
	static const char KEPT[] = "author license me nofollow noreferrer "
				   "sponsored ugc";
	const char *given = html_node_attribute(node, "rel");
	const char *address = html_node_attribute(node, "href");
	g_autofree char *normal = address_normalize(address);
	g_autoptr(GString) words = g_string_new(NULL);

	if (address_kind_of(normal) == ADDRESS_EXTERNAL)
		g_string_append(words, "noopener");
	while (given != NULL && *(given += strspn(given, " \t\n")) != '\0') {
		size_t size = strcspn(given, " \t\n");

		if (html_policy_has_word(KEPT, given, size) &&
		    !html_policy_has_word(words->str, given, size)) {
			g_string_append(words, words->len > 0 ? " " : "");
			g_string_append_len(words, given, (gssize)size);
		}
		given += size;
	}
	if (words->len > 0)
		html_append_attribute(cleaning->out, "rel", words->str);
}

static void
write_inside_link(struct cleaning *cleaning, const struct html_node *node)
{
	cleaning->link_depth += 1;
	cleaning_write_children(cleaning, node, "a");
	cleaning->link_depth -= 1;
	html_append_end(cleaning->out, "a");
}

/* The number of a note is a mark of ours and no word of the text. */
static void
write_note_link(struct cleaning *cleaning, const struct html_node *node)
{
	bool leads = footnote_is_reference(node)
			 ? footnotes_append_reference(
			       &cleaning->footnotes, cleaning->out, node)
			 : footnotes_append_back_reference(
			       &cleaning->footnotes, cleaning->out);

	cleaning->prose.mute_depth += 1;
	if (leads)
		write_inside_link(cleaning, node);
	cleaning->prose.mute_depth -= 1;
}

static void
write_link(struct cleaning *cleaning, const struct html_node *node)
{
	GString *out = cleaning->out;
	gsize start = out->len;

	if (cleaning->link_depth > 0) {
		cleaning_write_children(cleaning, node, cleaning->parent);
		return;
	}
	if (footnote_is_reference(node) || footnote_is_back_reference(node)) {
		write_note_link(cleaning, node);
		return;
	}
	g_string_append(out, "<a");
	html_write_attributes(cleaning, node, NULL);
	if (strstr(out->str + start, " href=\"") != NULL) {
		write_relation(cleaning, node);
	} else if (out->len == start + strlen("<a")) {
		g_string_truncate(out, start);
		cleaning_write_children(cleaning, node, cleaning->parent);
		return;
	}
	g_string_append_c(out, '>');
	write_inside_link(cleaning, node);
}

static void
write_heading(struct cleaning *cleaning, const struct html_node *node)
{
	const struct heading *heading =
	    outline_heading(cleaning->outline, node);
	char name[] = "h2";
	GString *out = cleaning->out;

	if (heading == NULL) {
		cleaning_write_children(cleaning, node, cleaning->parent);
		return;
	}
	name[1] = (char)('0' + heading->level);
	prose_begin_heading(&cleaning->prose);
	g_string_append_printf(out, "<%s", name);
	html_append_attribute(out, "id", heading->id);
	(void)g_hash_table_add(cleaning->written_ids, g_strdup(heading->id));
	html_write_class(cleaning, node, NULL);
	g_string_append_c(out, '>');
	cleaning->prose.aside_depth += 1;
	cleaning_write_children(cleaning, node, name);
	cleaning->prose.aside_depth -= 1;
	if (cleaning->link_depth == 0 && cleaning->summary_depth == 0) {
		g_string_append(out, " <a class=\"anchor\" href=\"#");
		html_append_text(out, heading->id, strlen(heading->id));
		g_string_append(
		    out, "\" aria-label=\"Link to this section\">#</a>");
	}
	html_append_end(out, name);
}

/*
 * cmark-gfm puts the mark of a task before the paragraph of a loose list, where
 * it would stand on a line of its own: it goes into the paragraph.
 */
static void
append_check_box(GString *out, const struct html_node *node)
{
	bool is_done = has_attribute(node, "checked");

	g_string_append(out, "<input type=\"checkbox\" disabled=\"\"");
	if (is_done)
		html_append_attribute(out, "checked", "");
	html_append_attribute(out, "aria-label", is_done ? "done" : "to do");
	g_string_append_c(out, '>');
}

static bool
is_paragraph(const struct html_node *node)
{
	return node != NULL && node->type == HTML_NODE_ELEMENT &&
	       node->rule->tag == HTML_TAG_P;
}

/* The next sibling that is more than white space. */
static const struct html_node *
next_content(const struct html_node *node)
{
	do {
		node = node->next;
	} while (node != NULL && node->type != HTML_NODE_ELEMENT &&
		 (node->type == HTML_NODE_COMMENT ||
		     node->text[strspn(node->text, " \t\r\n")] == '\0'));
	return node;
}

/* The one form field that stays. */
static void
write_check_box(struct cleaning *cleaning, const struct html_node *node)
{
	const char *type = html_node_attribute(node, "type");
	bool is_in_item = strcmp(cleaning->parent, "li") == 0;

	if (type == NULL || g_ascii_strcasecmp(type, "checkbox") != 0 ||
	    (!is_in_item && strcmp(cleaning->parent, "p") != 0))
		return;
	if (is_in_item && is_paragraph(next_content(node)))
		cleaning->check_box = node;
	else
		append_check_box(cleaning->out, node);
}

static bool
is_blank(const char *html)
{
	return html[strspn(html, " \t\r\n")] == '\0';
}

/*
 * Whether something is written inside `node` that would end a paragraph when it
 * is read again: it stood in an element that is not written.
 */
static bool
holds_block(const struct html_node *node)
{
	const struct html_node *inner = node;
	bool skip = false;

	while ((inner = html_node_following(inner, node, skip)) != NULL) {
		const struct html_rule *rule = inner->rule;

		skip = false;
		if (inner->type != HTML_NODE_ELEMENT)
			continue;
		skip = rule->action == HTML_DROP;
		if (rule->is_block && strcmp(rule->name, "br") != 0 &&
		    (rule->action == HTML_KEEP || rule->action == HTML_REWRITE))
			return true;
	}
	return false;
}

/* A paragraph of which nothing is left is none. */
static void
write_paragraph(struct cleaning *cleaning, const struct html_node *node)
{
	const char *name = holds_block(node) ? "div" : "p";
	GString *out = cleaning->out;
	gsize start = out->len, content;

	g_string_append_printf(out, "<%s", name);
	html_write_attributes(cleaning, node, NULL);
	g_string_append_c(out, '>');
	content = out->len;
	if (cleaning->check_box != NULL) {
		append_check_box(out, cleaning->check_box);
		g_string_append_c(out, ' ');
		cleaning->check_box = NULL;
	}
	cleaning->prose.paragraph_depth += 1;
	cleaning_write_children(cleaning, node, name);
	cleaning->prose.paragraph_depth -= 1;
	if (is_blank(out->str + content))
		g_string_truncate(out, start);
	else
		html_append_end(out, name);
}

static void
write_section(struct cleaning *cleaning, const struct html_node *node)
{
	if (!footnote_is_section(node) ||
	    cleaning->footnotes.references->len == 0) {
		cleaning_write_kept(cleaning, node);
		return;
	}
	g_string_append(cleaning->out,
	    "<section class=\"footnotes\" role=\"doc-endnotes\" "
	    "aria-label=\"Footnotes\">");
	cleaning->prose.aside_depth += 1;
	cleaning->footnotes.section_depth += 1;
	cleaning_write_children(cleaning, node, "section");
	cleaning->footnotes.section_depth -= 1;
	cleaning->prose.aside_depth -= 1;
	html_append_end(cleaning->out, "section");
}

static bool
has_words(const struct html_node *node)
{
	const struct html_node *inner = node;

	while ((inner = html_node_following(inner, node, false)) != NULL) {
		if (inner->type == HTML_NODE_TEXT &&
		    inner->text[strspn(inner->text, " \t\r\n")] != '\0')
			return true;
		if (inner->type == HTML_NODE_ELEMENT &&
		    inner->rule->tag == HTML_TAG_IMG)
			return true;
	}
	return false;
}

static const struct html_node *
find_child(const struct html_node *node, enum html_tag tag)
{
	const struct html_node *child = node->first_child;

	while (child != NULL &&
	       (child->type != HTML_NODE_ELEMENT || child->rule->tag != tag))
		child = child->next;
	return child;
}

/* A wide table scrolls in itself, by keyboard too, and then needs a name. */
static void
write_table(struct cleaning *cleaning, const struct html_node *node)
{
	const struct html_node *caption = find_child(node, HTML_TAG_CAPTION);
	g_autoptr(GString) label = g_string_new(NULL);
	const struct html_node *inner = caption;

	while (caption != NULL &&
	       (inner = html_node_following(inner, caption, false)) != NULL)
		if (inner->type == HTML_NODE_TEXT)
			g_string_append(label, inner->text);
	g_strstrip(label->str);
	g_string_append(cleaning->out,
	    "<div class=\"table\" tabindex=\"0\" role=\"group\"");
	html_append_attribute(cleaning->out, "aria-label",
	    *label->str == '\0' ? "Table" : label->str);
	g_string_append_c(cleaning->out, '>');
	cleaning->prose.aside_depth += 1;
	cleaning_write_kept(cleaning, node);
	cleaning->prose.aside_depth -= 1;
	g_string_append(cleaning->out, "</div>");
}

/* A header cell that says nothing is none. */
static void
write_cell(struct cleaning *cleaning, const struct html_node *node)
{
	bool is_header = node->rule->tag == HTML_TAG_TH && has_words(node);
	const char *name = is_header ? "th" : "td";
	bool is_column = node->parent != NULL && node->parent->parent != NULL &&
			 strcmp(node->parent->parent->rule->name, "thead") == 0;

	if (strcmp(cleaning->parent, "tr") != 0) {
		cleaning_write_children(cleaning, node, cleaning->parent);
		return;
	}
	g_string_append_printf(cleaning->out, "<%s", name);
	html_write_attributes(cleaning, node, NULL);
	if (is_header && is_column && !has_attribute(node, "scope"))
		html_append_attribute(cleaning->out, "scope", "col");
	g_string_append_c(cleaning->out, '>');
	cleaning_write_children(cleaning, node, name);
	html_append_end(cleaning->out, name);
}

/* The size the author gave, completed by the real one in proportion. */
static void
write_image_size(struct cleaning *cleaning, const struct html_node *node,
    const struct link_target *target)
{
	uint32_t width = html_pixels(html_node_attribute(node, "width"));
	uint32_t height = html_pixels(html_node_attribute(node, "height"));

	if (target->width > 0 && target->height > 0) {
		if (width == 0 && height == 0) {
			width = target->width;
			height = target->height;
		} else if (height == 0) {
			height = (uint32_t)((uint64_t)width * target->height /
					    target->width);
		} else if (width == 0) {
			width = (uint32_t)((uint64_t)height * target->width /
					   target->height);
		}
	}
	if (width > 0)
		html_append_number(cleaning->out, "width", width);
	if (height > 0)
		html_append_number(cleaning->out, "height", height);
}

/* How wide an image stands in a page: a column of text, or the whole screen. */
#define IMAGE_SIZES "(min-width: 42rem) 40rem, 100vw"

static void
write_srcset(struct cleaning *cleaning, const char *srcset)
{
	if (srcset == NULL)
		return;
	html_append_attribute(cleaning->out, "srcset", srcset);
	html_append_attribute(cleaning->out, "sizes", IMAGE_SIZES);
}

/* Offer the image in WebP first, unless the author offers something there. */
static bool
begin_picture(struct cleaning *cleaning, const struct html_node *node,
    const struct link_target *target)
{
	const struct html_node *parent = node->parent;

	if (target->webp_srcset == NULL ||
	    (parent != NULL && parent->rule != NULL &&
		g_strcmp0(parent->rule->name, "picture") == 0))
		return false;
	g_string_append(cleaning->out, "<picture><source");
	html_append_attribute(cleaning->out, "type", "image/webp");
	write_srcset(cleaning, target->webp_srcset);
	g_string_append_c(cleaning->out, '>');
	return true;
}

static void
write_image(struct cleaning *cleaning, const struct html_node *node)
{
	const char *source = html_node_attribute(node, "src");
	const char *words = html_node_attribute(node, "alt");
	struct link_target target = { 0 };
	bool is_picture;

	if (source == NULL || !html_resolve_address(cleaning, node, source,
				  LINK_KIND_IMAGE, &target)) {
		if (words != NULL)
			html_append_text(cleaning->out, words, strlen(words));
		return;
	}
	if (words == NULL || *words == '\0') {
		cleaning_warn(cleaning, node->line,
		    "image without a description: %s", source);
	}
	is_picture = begin_picture(cleaning, node, &target);
	g_string_append(cleaning->out, "<img");
	html_append_attribute(cleaning->out, "src", target.url);
	write_srcset(cleaning, target.srcset);
	html_append_attribute(cleaning->out, "alt", words == NULL ? "" : words);
	write_image_size(cleaning, node, &target);
	html_write_attributes(cleaning, node, NULL);
	g_string_append(cleaning->out, " loading=\"lazy\" decoding=\"async\">");
	if (is_picture)
		g_string_append(cleaning->out, "</picture>");
	g_free(target.url);
	g_free(target.srcset);
	g_free(target.webp_srcset);
}

static void
write_player(struct cleaning *cleaning, const struct html_node *node)
{
	const char *name = node->rule->written;

	g_string_append_printf(
	    cleaning->out, "<%s controls=\"\" preload=\"metadata\"", name);
	html_write_attributes(cleaning, node, NULL);
	g_string_append_c(cleaning->out, '>');
	cleaning_write_children(cleaning, node, name);
	html_append_end(cleaning->out, name);
}

static void
write_allowed_frame(struct cleaning *cleaning, const struct html_node *node,
    const char *address)
{
	const char *title = html_node_attribute(node, "title");
	uint32_t width = html_pixels(html_node_attribute(node, "width"));
	uint32_t height = html_pixels(html_node_attribute(node, "height"));
	g_autofree char *host = g_strndup(address + strlen("https://"),
	    strcspn(address + strlen("https://"), "/?#"));
	g_autofree char *fallback =
	    g_strdup_printf("Embedded content from %s", host);
	GString *out = cleaning->out;

	g_string_append(out, "<iframe");
	html_append_attribute(out, "src", address);
	html_append_attribute(
	    out, "title", title == NULL || *title == '\0' ? fallback : title);
	html_append_number(out, "width", width > 0 ? width : FRAME_WIDTH);
	html_append_number(out, "height", height > 0 ? height : FRAME_HEIGHT);
	html_write_id(cleaning, node);
	g_string_append(out,
	    " loading=\"lazy\" sandbox=\"allow-scripts allow-same-origin "
	    "allow-popups allow-presentation\" "
	    "referrerpolicy=\"strict-origin-when-cross-origin\"");
	if (has_attribute(node, "allowfullscreen"))
		html_append_attribute(out, "allowfullscreen", "");
	g_string_append(out, "></iframe>");
}

/* A frame of a host nobody listed becomes a link to what it would show. */
static void
write_frame_link(struct cleaning *cleaning, const struct html_node *node,
    const char *address)
{
	const char *title = html_node_attribute(node, "title");
	bool is_link = cleaning->link_depth == 0;
	const char *words = title == NULL || *title == '\0' ? address : title;

	cleaning_warn(cleaning, node->line,
	    "frame became a link, since its host is not in the setting "
	    "iframe_hosts: %s",
	    address);
	if (is_link) {
		g_string_append(cleaning->out, "<a");
		html_append_attribute(cleaning->out, "href", address);
		html_append_attribute(cleaning->out, "rel", "noopener");
		g_string_append_c(cleaning->out, '>');
	}
	html_append_text(cleaning->out, words, strlen(words));
	if (is_link)
		html_append_end(cleaning->out, "a");
}

static void
write_frame(struct cleaning *cleaning, const struct html_node *node)
{
	const char *source = html_node_attribute(node, "src");
	g_autofree char *address =
	    address_normalize(source == NULL ? "" : source);

	if (address_kind_of(address) != ADDRESS_EXTERNAL)
		return;
	if (g_str_has_prefix(address, "//")) {
		char *complete = g_strconcat("https:", address, NULL);

		g_free(address);
		address = complete;
	}
	if (address_is_on_host(address, cleaning->options->iframe_hosts) &&
	    cleaning->link_depth == 0)
		write_allowed_frame(cleaning, node, address);
	else
		write_frame_link(cleaning, node, address);
}

static void
write_gauge(struct cleaning *cleaning, const struct html_node *node)
{
	const char *value = html_node_attribute(node, "value");
	const char *max = html_node_attribute(node, "max");
	const char *name = node->rule->written;

	g_string_append_printf(cleaning->out, "<%s", name);
	html_write_attributes(cleaning, node, NULL);
	if (!has_attribute(node, "aria-label")) {
		g_autofree char *label =
		    value == NULL ? g_strdup("Progress")
				  : g_strdup_printf("%s of %s", value,
					max == NULL ? "1" : max);

		html_append_attribute(cleaning->out, "aria-label", label);
	}
	g_string_append_c(cleaning->out, '>');
	cleaning_write_children(cleaning, node, name);
	html_append_end(cleaning->out, name);
}

static element_writer *
writer_of(enum html_tag tag)
{
	switch (tag) {
	case HTML_TAG_A:
		return write_link;
	case HTML_TAG_H1:
	case HTML_TAG_H2:
	case HTML_TAG_H3:
	case HTML_TAG_H4:
	case HTML_TAG_H5:
	case HTML_TAG_H6:
		return write_heading;
	case HTML_TAG_P:
		return write_paragraph;
	case HTML_TAG_SECTION:
		return write_section;
	case HTML_TAG_TABLE:
		return write_table;
	case HTML_TAG_TD:
	case HTML_TAG_TH:
		return write_cell;
	case HTML_TAG_IMG:
		return write_image;
	case HTML_TAG_AUDIO:
	case HTML_TAG_VIDEO:
		return write_player;
	case HTML_TAG_IFRAME:
		return write_frame;
	case HTML_TAG_INPUT:
		return write_check_box;
	case HTML_TAG_METER:
	case HTML_TAG_PROGRESS:
		return write_gauge;
	case HTML_TAG_PRE:
		return code_block_write;
	default:
		return cleaning_write_kept;
	}
}

void
html_write_rewritten(struct cleaning *cleaning, const struct html_node *node)
{
	writer_of(node->rule->tag)(cleaning, node);
}
