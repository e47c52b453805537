/*
 * html_policy.c - the allow list, as tables.
 *
 * It must stay true that nothing here can run a script, load from where the
 * address check did not look, or give a reader a form to fill in. No element
 * whose content HTML parsers read as raw text may ever be kept: that is what
 * makes the written form parse back into the same tree.
 */
#include "config.h"

#include "html_policy.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static const struct html_attribute_rule GLOBAL_ATTRIBUTES[] = {
	{ "class", HTML_VALUE_CLASS, NULL },
	{ "dir", HTML_VALUE_CHOICE, "ltr rtl auto" },
	{ "id", HTML_VALUE_ID, NULL },
	{ "lang", HTML_VALUE_LANGUAGE, NULL },
	{ "title", HTML_VALUE_TEXT, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule QUOTE[] = {
	{ "cite", HTML_VALUE_LINK, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule CHANGE[] = {
	{ "cite", HTML_VALUE_LINK, NULL },
	{ "datetime", HTML_VALUE_TEXT, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule TIME[] = {
	{ "datetime", HTML_VALUE_TEXT, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule LINK[] = {
	{ "aria-label", HTML_VALUE_TEXT, NULL },
	{ "href", HTML_VALUE_LINK, NULL },
	{ "hreflang", HTML_VALUE_LANGUAGE, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule DETAILS[] = {
	{ "open", HTML_VALUE_BOOLEAN, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule ORDERED_LIST[] = {
	{ "reversed", HTML_VALUE_BOOLEAN, NULL },
	{ "start", HTML_VALUE_INTEGER, NULL },
	{ "type", HTML_VALUE_CHOICE, "1 a A i I" },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule LIST_ITEM[] = {
	{ "value", HTML_VALUE_INTEGER, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule COLUMN[] = {
	{ "span", HTML_VALUE_INTEGER, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule CELL[] = {
	{ "abbr", HTML_VALUE_TEXT, NULL },
	{ "colspan", HTML_VALUE_INTEGER, NULL },
	{ "headers", HTML_VALUE_IDS, NULL },
	{ "rowspan", HTML_VALUE_INTEGER, NULL },
	{ "scope", HTML_VALUE_CHOICE, "row col rowgroup colgroup" },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule IMAGE[] = {
	{ "sizes", HTML_VALUE_TEXT, NULL },
	{ "srcset", HTML_VALUE_SRCSET, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule SOURCE[] = {
	{ "height", HTML_VALUE_INTEGER, NULL },
	{ "media", HTML_VALUE_TEXT, NULL },
	{ "sizes", HTML_VALUE_TEXT, NULL },
	{ "src", HTML_VALUE_MEDIA, NULL },
	{ "srcset", HTML_VALUE_SRCSET, NULL },
	{ "type", HTML_VALUE_TEXT, NULL },
	{ "width", HTML_VALUE_INTEGER, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule TRACK[] = {
	{ "default", HTML_VALUE_BOOLEAN, NULL },
	{ "kind", HTML_VALUE_CHOICE,
	    "subtitles captions descriptions chapters metadata" },
	{ "label", HTML_VALUE_TEXT, NULL },
	{ "src", HTML_VALUE_MEDIA, NULL },
	{ "srclang", HTML_VALUE_LANGUAGE, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule PLAYER[] = {
	{ "aria-label", HTML_VALUE_TEXT, NULL },
	{ "height", HTML_VALUE_INTEGER, NULL },
	{ "loop", HTML_VALUE_BOOLEAN, NULL },
	{ "muted", HTML_VALUE_BOOLEAN, NULL },
	{ "playsinline", HTML_VALUE_BOOLEAN, NULL },
	{ "poster", HTML_VALUE_MEDIA, NULL },
	{ "src", HTML_VALUE_MEDIA, NULL },
	{ "width", HTML_VALUE_INTEGER, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule SOUND[] = {
	{ "aria-label", HTML_VALUE_TEXT, NULL },
	{ "loop", HTML_VALUE_BOOLEAN, NULL },
	{ "muted", HTML_VALUE_BOOLEAN, NULL },
	{ "src", HTML_VALUE_MEDIA, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule GAUGE[] = {
	{ "aria-label", HTML_VALUE_TEXT, NULL },
	{ "high", HTML_VALUE_NUMBER, NULL },
	{ "low", HTML_VALUE_NUMBER, NULL },
	{ "max", HTML_VALUE_NUMBER, NULL },
	{ "min", HTML_VALUE_NUMBER, NULL },
	{ "optimum", HTML_VALUE_NUMBER, NULL },
	{ "value", HTML_VALUE_NUMBER, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule PROGRESS[] = {
	{ "aria-label", HTML_VALUE_TEXT, NULL },
	{ "max", HTML_VALUE_NUMBER, NULL },
	{ "value", HTML_VALUE_NUMBER, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

static const struct html_attribute_rule DATA[] = {
	{ "value", HTML_VALUE_TEXT, NULL },
	{ NULL, HTML_VALUE_TEXT, NULL },
};

/* Text-level, as written; block; void; dropped; unwrapped. */
#define INLINE(name, written, attributes)                                      \
	{                                                                      \
		name, HTML_KEEP, HTML_TAG_OTHER, written, false, false, NULL,  \
		    attributes                                                 \
	}
#define BLOCK(name, written, attributes)                                       \
	{                                                                      \
		name, HTML_KEEP, HTML_TAG_OTHER, written, false, true, NULL,   \
		    attributes                                                 \
	}
#define CHILD(name, tag, parents, attributes)                                  \
	{                                                                      \
		name, HTML_KEEP, tag, name, false, true, parents, attributes   \
	}
#define VOID(name, is_block)                                                   \
	{                                                                      \
		name, HTML_KEEP, HTML_TAG_OTHER, name, true, is_block, NULL,   \
		    NULL                                                       \
	}
#define REWRITE(name, tag, is_block, attributes)                               \
	{                                                                      \
		name, HTML_REWRITE, tag, name, false, is_block, NULL,          \
		    attributes                                                 \
	}
#define DROP(name)                                                             \
	{                                                                      \
		name, HTML_DROP, HTML_TAG_OTHER, NULL, false, false, NULL,     \
		    NULL                                                       \
	}
#define UNWRAP(name, is_block)                                                 \
	{                                                                      \
		name, HTML_UNWRAP, HTML_TAG_OTHER, NULL, false, is_block,      \
		    NULL, NULL                                                 \
	}

/* In the order of strcmp(), since it is searched by halves. */
static const struct html_rule RULES[] = {
	REWRITE("a", HTML_TAG_A, false, LINK),
	INLINE("abbr", "abbr", NULL),
	INLINE("acronym", "abbr", NULL),
	BLOCK("address", "address", NULL),
	DROP("applet"),
	DROP("area"),
	BLOCK("article", "article", NULL),
	BLOCK("aside", "aside", NULL),
	REWRITE("audio", HTML_TAG_AUDIO, false, SOUND),
	INLINE("b", "b", NULL),
	DROP("base"),
	DROP("basefont"),
	INLINE("bdi", "bdi", NULL),
	INLINE("bdo", "bdo", NULL),
	DROP("bgsound"),
	BLOCK("blockquote", "blockquote", QUOTE),
	VOID("br", true),
	UNWRAP("button", false),
	UNWRAP("canvas", false),
	CHILD("caption", HTML_TAG_CAPTION, "table", NULL),
	{ "center", HTML_KEEP, HTML_TAG_CENTER, "div", false, true, NULL,
	    NULL },
	INLINE("cite", "cite", NULL),
	{ "code", HTML_KEEP, HTML_TAG_CODE, "code", false, false, NULL, NULL },
	{ "col", HTML_KEEP, HTML_TAG_OTHER, "col", true, false, "colgroup",
	    COLUMN },
	CHILD("colgroup", HTML_TAG_OTHER, "table", COLUMN),
	INLINE("data", "data", DATA),
	DROP("datalist"),
	CHILD("dd", HTML_TAG_OTHER, "dl div", NULL),
	INLINE("del", "del", CHANGE),
	CHILD("details", HTML_TAG_DETAILS, NULL, DETAILS),
	INLINE("dfn", "dfn", NULL),
	UNWRAP("dialog", true),
	BLOCK("dir", "ul", NULL),
	BLOCK("div", "div", NULL),
	BLOCK("dl", "dl", NULL),
	CHILD("dt", HTML_TAG_OTHER, "dl div", NULL),
	INLINE("em", "em", NULL),
	DROP("embed"),
	UNWRAP("fieldset", true),
	CHILD("figcaption", HTML_TAG_OTHER, "figure", NULL),
	BLOCK("figure", "figure", NULL),
	BLOCK("footer", "div", NULL),
	UNWRAP("form", true),
	DROP("frame"),
	DROP("frameset"),
	REWRITE("h1", HTML_TAG_H1, true, NULL),
	REWRITE("h2", HTML_TAG_H2, true, NULL),
	REWRITE("h3", HTML_TAG_H3, true, NULL),
	REWRITE("h4", HTML_TAG_H4, true, NULL),
	REWRITE("h5", HTML_TAG_H5, true, NULL),
	REWRITE("h6", HTML_TAG_H6, true, NULL),
	DROP("head"),
	BLOCK("header", "div", NULL),
	UNWRAP("hgroup", true),
	VOID("hr", true),
	INLINE("i", "i", NULL),
	REWRITE("iframe", HTML_TAG_IFRAME, false, NULL),
	REWRITE("img", HTML_TAG_IMG, false, IMAGE),
	REWRITE("input", HTML_TAG_INPUT, false, NULL),
	INLINE("ins", "ins", CHANGE),
	DROP("isindex"),
	INLINE("kbd", "kbd", NULL),
	DROP("keygen"),
	UNWRAP("label", false),
	UNWRAP("legend", true),
	CHILD("li", HTML_TAG_LI, "ol ul", LIST_ITEM),
	DROP("link"),
	REWRITE("listing", HTML_TAG_PRE, true, NULL),
	UNWRAP("main", true),
	INLINE("mark", "mark", NULL),
	DROP("math"),
	BLOCK("menu", "ul", NULL),
	DROP("menuitem"),
	DROP("meta"),
	REWRITE("meter", HTML_TAG_METER, false, GAUGE),
	BLOCK("nav", "div", NULL),
	DROP("noembed"),
	DROP("noframes"),
	/* Readers get no script, so what stands in for it is what they get. */
	UNWRAP("noscript", true),
	UNWRAP("object", true),
	BLOCK("ol", "ol", ORDERED_LIST),
	DROP("optgroup"),
	DROP("option"),
	REWRITE("p", HTML_TAG_P, true, NULL),
	DROP("param"),
	INLINE("picture", "picture", NULL),
	REWRITE("plaintext", HTML_TAG_PRE, true, NULL),
	DROP("portal"),
	REWRITE("pre", HTML_TAG_PRE, true, NULL),
	REWRITE("progress", HTML_TAG_PROGRESS, false, PROGRESS),
	INLINE("q", "q", QUOTE),
	{ "rp", HTML_KEEP, HTML_TAG_OTHER, "rp", false, false, "ruby", NULL },
	{ "rt", HTML_KEEP, HTML_TAG_OTHER, "rt", false, false, "ruby", NULL },
	INLINE("ruby", "ruby", NULL),
	INLINE("s", "s", NULL),
	INLINE("samp", "samp", NULL),
	DROP("script"),
	REWRITE("section", HTML_TAG_SECTION, true, NULL),
	DROP("select"),
	UNWRAP("slot", false),
	INLINE("small", "small", NULL),
	{ "source", HTML_KEEP, HTML_TAG_SOURCE, "source", true, false,
	    "picture video audio", SOURCE },
	INLINE("span", "span", NULL),
	INLINE("strike", "s", NULL),
	INLINE("strong", "strong", NULL),
	DROP("style"),
	INLINE("sub", "sub", NULL),
	CHILD("summary", HTML_TAG_SUMMARY, "details", NULL),
	{ "sup", HTML_KEEP, HTML_TAG_SUP, "sup", false, false, NULL, NULL },
	DROP("svg"),
	REWRITE("table", HTML_TAG_TABLE, true, NULL),
	CHILD("tbody", HTML_TAG_OTHER, "table", NULL),
	REWRITE("td", HTML_TAG_TD, true, CELL),
	DROP("template"),
	DROP("textarea"),
	CHILD("tfoot", HTML_TAG_OTHER, "table", NULL),
	REWRITE("th", HTML_TAG_TH, true, CELL),
	CHILD("thead", HTML_TAG_OTHER, "table", NULL),
	INLINE("time", "time", TIME),
	DROP("title"),
	CHILD("tr", HTML_TAG_OTHER, "tbody thead tfoot table", NULL),
	{ "track", HTML_KEEP, HTML_TAG_TRACK, "track", true, false,
	    "video audio", TRACK },
	{ "tt", HTML_KEEP, HTML_TAG_CODE, "code", false, false, NULL, NULL },
	INLINE("u", "u", NULL),
	BLOCK("ul", "ul", NULL),
	INLINE("var", "var", NULL),
	REWRITE("video", HTML_TAG_VIDEO, false, PLAYER),
	VOID("wbr", false),
	REWRITE("xmp", HTML_TAG_PRE, true, NULL),
};

static const struct html_rule UNKNOWN = UNWRAP("", false);
static const struct html_rule FOREIGN = DROP("");

static const char CLASSES[] =
    "align-center align-left align-right caution footnote-backref "
    "footnote-ref footnotes important note tip warning";

static int
compare_rule(const void *name, const void *rule)
{
	return strcmp(name, ((const struct html_rule *)rule)->name);
}

const struct html_rule *
html_rule_find(const char *name)
{
	const struct html_rule *rule = bsearch(
	    name, RULES, G_N_ELEMENTS(RULES), sizeof(*RULES), compare_rule);

	return rule == NULL ? &UNKNOWN : rule;
}

const struct html_rule *
html_rule_foreign(void)
{
	return &FOREIGN;
}

static const struct html_attribute_rule *
find_attribute(const struct html_attribute_rule *rules, const char *name)
{
	for (; rules->name != NULL; rules++)
		if (strcmp(rules->name, name) == 0)
			return rules;
	return NULL;
}

const struct html_attribute_rule *
html_rule_attribute(const struct html_rule *rule, const char *name)
{
	const struct html_attribute_rule *found = NULL;

	if (rule->attributes != NULL)
		found = find_attribute(rule->attributes, name);
	return found == NULL ? find_attribute(GLOBAL_ATTRIBUTES, name) : found;
}

bool
html_policy_has_word(const char *words, const char *word, size_t size)
{
	while (words != NULL && *words != '\0') {
		size_t length = strcspn(words, " ");

		if (length == size && memcmp(words, word, size) == 0)
			return true;
		words += length;
		words += strspn(words, " ");
	}
	return false;
}

bool
html_policy_allows_class(const char *name, size_t size)
{
	static const char PREFIX[] = "language-";
	size_t prefix = strlen(PREFIX);

	if (size <= prefix || size > prefix + 30 ||
	    memcmp(name, PREFIX, prefix) != 0)
		return html_policy_has_word(CLASSES, name, size);
	for (size_t i = prefix; i < size; i++)
		if (!g_ascii_isalnum(name[i]) &&
		    memchr("+#.-_", name[i], 5) == NULL)
			return false;
	return true;
}

bool
html_policy_allows_id(const char *id)
{
	size_t size = 0;

	if (!g_ascii_isalpha(*id) ||
	    g_ascii_strncasecmp(id, "page-", strlen("page-")) == 0)
		return false;
	for (; size <= 200 && id[size] != '\0'; size++)
		if (!g_ascii_isalnum(id[size]) &&
		    strchr("_.:-", id[size]) == NULL)
			return false;
	return size <= 200;
}
