/*
 * html_policy.h - which elements, attributes and values authors may use.
 *
 * Tables and lookups, no decisions elsewhere: what is not on a list here is
 * not written. Names are in lower case, as the parser gives them.
 */
#ifndef CONTENT_HTML_POLICY_H
#define CONTENT_HTML_POLICY_H

#include <stdbool.h>
#include <stddef.h>

enum html_action {
	HTML_DROP,   /* neither the tags nor what is between them */
	HTML_UNWRAP, /* what is between the tags stays */
	HTML_KEEP,   /* tags and listed attributes stay */
	HTML_REWRITE /* html_element.c has a function for it */
};

/* Elements that the code treats apart; all others are HTML_TAG_OTHER. */
enum html_tag {
	HTML_TAG_OTHER,
	HTML_TAG_A,
	HTML_TAG_AUDIO,
	HTML_TAG_CAPTION,
	HTML_TAG_CENTER,
	HTML_TAG_CODE,
	HTML_TAG_DETAILS,
	HTML_TAG_H1,
	HTML_TAG_H2,
	HTML_TAG_H3,
	HTML_TAG_H4,
	HTML_TAG_H5,
	HTML_TAG_H6,
	HTML_TAG_IFRAME,
	HTML_TAG_IMG,
	HTML_TAG_INPUT,
	HTML_TAG_LI,
	HTML_TAG_METER,
	HTML_TAG_P,
	HTML_TAG_PRE,
	HTML_TAG_PROGRESS,
	HTML_TAG_SECTION,
	HTML_TAG_SOURCE,
	HTML_TAG_SUMMARY,
	HTML_TAG_SUP,
	HTML_TAG_TABLE,
	HTML_TAG_TD,
	HTML_TAG_TH,
	HTML_TAG_TRACK,
	HTML_TAG_VIDEO
};

/* How a value is read, checked and written. */
enum html_value {
	HTML_VALUE_TEXT,
	HTML_VALUE_ID,
	HTML_VALUE_IDS,
	HTML_VALUE_CLASS,
	HTML_VALUE_LANGUAGE,
	HTML_VALUE_LINK,   /* an address one goes to */
	HTML_VALUE_MEDIA,  /* an address that is loaded: image, video, sound */
	HTML_VALUE_SRCSET, /* several of those */
	HTML_VALUE_INTEGER,
	HTML_VALUE_NUMBER,
	HTML_VALUE_CHOICE, /* one of the words in `choices` */
	HTML_VALUE_BOOLEAN
};

struct html_attribute_rule {
	const char *name; /* NULL ends a list */
	enum html_value value;
	const char *choices; /* separated by single spaces */
};

struct html_rule {
	const char *name;
	enum html_action action;
	enum html_tag tag;
	const char *written; /* the name that is written */
	bool is_void;        /* it has no end tag and no content */
	bool is_block;       /* words do not join across its edges */
	const char *parents; /* it may only stand in these; NULL: anywhere */
	const struct html_attribute_rule *attributes; /* may be NULL */
};

/* The rule of an element; of one that is not listed: unwrap it. */
const struct html_rule *html_rule_find(const char *name);

/* The rule of everything in SVG and MathML: drop it. */
const struct html_rule *html_rule_foreign(void);

/* The rule of an attribute on such an element, or NULL: drop it. */
const struct html_attribute_rule *html_rule_attribute(
    const struct html_rule *rule, const char *name);

/* Whether `word` is one of the `words`, which single spaces separate. */
bool html_policy_has_word(const char *words, const char *word, size_t size);

/* Whether a class may stay: language-NAME, or one on the list. */
bool html_policy_allows_class(const char *name, size_t size);

/*
 * Whether an author may give this id: a letter, then letters, digits, "_", ".",
 * ":" and "-", at most 200 bytes; not beginning with "page-", which is the
 * page's own.
 */
bool html_policy_allows_id(const char *id);

#endif
