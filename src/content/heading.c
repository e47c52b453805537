/*
 * heading.c - outline, anchors, contents list.
 *
 * It must stay true that an anchor depends on nothing but the document, so that
 * links to it last, and that no two elements share an id.
 */
#include "config.h"

#include "heading.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "footnote.h"
#include "html_policy.h"
#include "html_tree.h"
#include "html_writer.h"

#define MAX_ANCHOR_SIZE 80
#define LAST_LEVEL      6
#define LISTED_LEVEL    4
#define LISTED_MINIMUM  3

struct outline {
	GPtrArray *headings; /* struct heading */
	GHashTable *by_node; /* the same, borrowed */
	GHashTable *ids;     /* a set: every id in the document */
	GHashTable *repeats; /* how often an anchor was wished for */
	GHashTable *keys;    /* from loose_key() to the id of a heading */
	const struct footnotes *footnotes;
};

/* Levels the author used around the present heading, outermost first. */
struct level_stack {
	unsigned levels[LAST_LEVEL];
	size_t depth;
};

static bool
is_heading(const struct html_node *node)
{
	return node->rule->tag >= HTML_TAG_H1 && node->rule->tag <= HTML_TAG_H6;
}

/* Letters and digits alone, in lower case: what all makers of anchors keep. */
static char *
loose_key(const char *text)
{
	g_autofree char *lower = g_utf8_strdown(text, -1);
	GString *key = g_string_new(NULL);

	for (const char *c = lower; *c != '\0'; c++)
		if (g_ascii_isalnum(*c) || (unsigned char)*c >= 0x80)
			g_string_append_c(key, *c);
	return g_string_free(key, FALSE);
}

static void
collect_ids(struct outline *outline, const struct html_node *root)
{
	const struct html_node *node = root;

	while ((node = html_node_following(node, root, false)) != NULL) {
		const char *id;

		if (node->type != HTML_NODE_ELEMENT || is_heading(node))
			continue;
		id = html_node_attribute(node, "id");
		if (id == NULL && node->rule->tag == HTML_TAG_A)
			id = html_node_attribute(node, "name");
		if (id != NULL && html_policy_allows_id(id))
			(void)g_hash_table_add(outline->ids, g_strdup(id));
	}
}

static unsigned
push_level(struct level_stack *stack, unsigned level)
{
	while (stack->depth > 0 && stack->levels[stack->depth - 1] >= level)
		stack->depth -= 1;
	stack->levels[stack->depth++] = level;
	return (unsigned)MIN(stack->depth + 1, LAST_LEVEL);
}

/* The words of a heading, as text and as the HTML of a link to it. */
static void
append_words(const struct html_node *parent, GString *text, GString *html)
{
	for (const struct html_node *node = parent->first_child; node != NULL;
	     node = node->next) {
		const char *words = node->text;

		if (node->type == HTML_NODE_ELEMENT) {
			bool is_code = node->rule->tag == HTML_TAG_CODE;

			if (node->rule->action == HTML_DROP ||
			    footnote_is_reference(node))
				continue;
			g_string_append(html, is_code ? "<code>" : "");
			append_words(node, text, html);
			g_string_append(html, is_code ? "</code>" : "");
			words = node->rule->tag == HTML_TAG_IMG
				    ? html_node_attribute(node, "alt")
				    : NULL;
		}
		if (words != NULL && node->type != HTML_NODE_COMMENT) {
			g_string_append(text, words);
			html_append_text(html, words, strlen(words));
		}
	}
}

static struct html_node *
last_child(const struct html_node *node)
{
	struct html_node *child = node->first_child;

	while (child != NULL && child->next != NULL)
		child = child->next;
	return child;
}

/* The id of "Words {#id}", which loses it; NULL if there is none. */
static char *
take_written_id(const struct html_node *heading)
{
	const struct html_node *last = last_child(heading);
	g_autofree char *id = NULL;
	char *open, *end;

	if (last == NULL || last->type != HTML_NODE_TEXT)
		return NULL;
	open = strrchr(last->text, '{');
	end = open == NULL ? NULL : strchr(open, '}');
	if (end == NULL || open[1] != '#' || end[1 + strspn(end + 1, " \n")])
		return NULL;
	id = g_strndup(open + 2, (gsize)(end - open - 2));
	if (!html_policy_allows_id(id))
		return NULL;
	*open = '\0';
	g_strchomp(last->text);
	return g_steal_pointer(&id);
}

static bool
is_free(const struct outline *outline, const char *id)
{
	return !g_hash_table_contains(outline->ids, id) &&
	       !footnotes_reserve(outline->footnotes, id);
}

/*
 * `wish`, or with a number after it the first that nothing else has. No number
 * makes an id free that is reserved: `wish` must not be.
 */
static char *
claim_id(struct outline *outline, const char *wish)
{
	unsigned count =
	    GPOINTER_TO_UINT(g_hash_table_lookup(outline->repeats, wish));
	char *id = g_strdup(wish);

	while (!g_hash_table_add(outline->ids, g_strdup(id))) {
		count = MAX(count, 1) + 1;
		g_free(id);
		id = g_strdup_printf("%s-%u", wish, count);
	}
	(void)g_hash_table_insert(
	    outline->repeats, g_strdup(wish), GUINT_TO_POINTER(count));
	return id;
}

/*
 * Whether a slug, or the slug with a number after it, could be an id of the
 * page's own ("page-...") or of a footnote ("fn-1", "fnref-1").
 */
static bool
is_reserved(const char *slug)
{
	static const char *const NOTES[] = { "fn", "fnref" };

	if (g_str_has_prefix(slug, "page"))
		return slug[4] == '\0' || slug[4] == '-';
	for (size_t i = 0; i < G_N_ELEMENTS(NOTES); i++) {
		const char *rest = slug + strlen(NOTES[i]);

		if (g_str_has_prefix(slug, NOTES[i]) &&
		    (*rest == '\0' ||
			(*rest == '-' && g_ascii_isdigit(rest[1]))))
			return true;
	}
	return false;
}

static char *
anchor_of(struct outline *outline, const struct html_node *node,
    const char *written_id, const char *words)
{
	const char *given = html_node_attribute(node, "id");
	g_autofree char *slug = text_slug(words, MAX_ANCHOR_SIZE);

	if (given == NULL || !html_policy_allows_id(given))
		given = written_id;
	if (given != NULL && is_free(outline, given))
		return claim_id(outline, given);
	if (*slug == '\0')
		return claim_id(outline, "section");
	if (is_reserved(slug)) {
		g_autofree char *whole = g_strconcat("section-", slug, NULL);

		return claim_id(outline, whole);
	}
	return claim_id(outline, slug);
}

static bool
is_quoted(const struct html_node *node)
{
	for (; node != NULL; node = node->parent)
		if (strcmp(node->rule->name, "blockquote") == 0)
			return true;
	return false;
}

/* The first heading with a key keeps it. */
static void
add_key(struct outline *outline, const char *words, const char *id)
{
	char *key = loose_key(words);

	if (g_hash_table_contains(outline->keys, key))
		g_free(key);
	else
		(void)g_hash_table_insert(outline->keys, key, g_strdup(id));
}

static void
add_heading(struct outline *outline, const struct html_node *node,
    struct level_stack *stack)
{
	g_autofree char *written_id = take_written_id(node);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) label = g_string_new(NULL);
	g_autofree char *words = NULL;
	struct heading *heading;

	append_words(node, text, label);
	words = text_normalize_line(text->str);
	if (*words == '\0')
		return;
	heading = g_new0(struct heading, 1);
	heading->node = node;
	heading->level =
	    push_level(stack, (unsigned)(node->rule->tag - HTML_TAG_H1) + 1);
	heading->id = anchor_of(outline, node, written_id, words);
	heading->label_html = g_strdup(g_strstrip(label->str));
	heading->is_listed = heading->level <= LISTED_LEVEL && !is_quoted(node);
	g_ptr_array_add(outline->headings, heading);
	(void)g_hash_table_insert(outline->by_node, (void *)node, heading);
	add_key(outline, heading->id, heading->id);
	add_key(outline, words, heading->id);
}

static void
free_heading(void *data)
{
	struct heading *heading = data;

	g_free(heading->id);
	g_free(heading->label_html);
	g_free(heading);
}

struct outline *
outline_new(struct html_node *root, const struct footnotes *footnotes)
{
	struct outline *outline = g_new0(struct outline, 1);
	struct level_stack stack = { .depth = 0 };
	const struct html_node *node = root;
	bool skip = false;

	outline->footnotes = footnotes;
	outline->headings = g_ptr_array_new_with_free_func(free_heading);
	outline->by_node = g_hash_table_new(NULL, NULL);
	outline->repeats =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	outline->ids =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	outline->keys =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	collect_ids(outline, root);
	while ((node = html_node_following(node, root, skip)) != NULL) {
		skip = node->type == HTML_NODE_ELEMENT &&
		       node->rule->action == HTML_DROP;
		if (node->type == HTML_NODE_ELEMENT && is_heading(node))
			add_heading(outline, node, &stack);
	}
	return outline;
}

void
outline_free(struct outline *outline)
{
	if (outline == NULL)
		return;
	g_ptr_array_free(outline->headings, TRUE);
	g_hash_table_destroy(outline->by_node);
	g_hash_table_destroy(outline->repeats);
	g_hash_table_destroy(outline->ids);
	g_hash_table_destroy(outline->keys);
	g_free(outline);
}

const struct heading *
outline_heading(const struct outline *outline, const struct html_node *node)
{
	return g_hash_table_lookup(outline->by_node, node);
}

const char *
outline_find_id(const struct outline *outline, const char *fragment)
{
	g_autofree char *decoded = g_uri_unescape_string(fragment, NULL);
	g_autofree char *key = NULL;

	if (g_hash_table_contains(outline->ids, fragment))
		return fragment;
	if (decoded != NULL && !g_utf8_validate(decoded, -1, NULL))
		g_clear_pointer(&decoded, g_free);
	key = loose_key(decoded == NULL ? fragment : decoded);
	return g_hash_table_lookup(outline->keys, key);
}

/* Open and close lists until `level` is reached. */
static void
append_entry(
    GString *out, struct level_stack *stack, const struct heading *heading)
{
	bool is_deeper = stack->depth == 0 ||
			 stack->levels[stack->depth - 1] < heading->level;

	if (is_deeper) {
		g_string_append(out, "<ol>");
		stack->levels[stack->depth++] = heading->level;
	} else {
		g_string_append(out, "</li>");
	}
	while (stack->depth > 1 &&
	       stack->levels[stack->depth - 2] >= heading->level) {
		g_string_append(out, "</ol></li>");
		stack->depth -= 1;
	}
	stack->levels[stack->depth - 1] = heading->level;
	g_string_append(out, "<li><a href=\"#");
	html_append_text(out, heading->id, strlen(heading->id));
	g_string_append(out, "\">");
	g_string_append(out, heading->label_html);
	html_append_end(out, "a");
}

char *
outline_contents(const struct outline *outline)
{
	GString *out = g_string_new(NULL);
	struct level_stack stack = { .depth = 0 };
	unsigned count = 0;

	for (guint i = 0; i < outline->headings->len; i++) {
		const struct heading *heading =
		    g_ptr_array_index(outline->headings, i);

		if (heading->is_listed) {
			append_entry(out, &stack, heading);
			count += 1;
		}
	}
	for (; stack.depth > 0; stack.depth--)
		g_string_append(out, "</li></ol>");
	if (count < LISTED_MINIMUM)
		g_string_truncate(out, 0);
	return g_string_free(out, FALSE);
}
