/*
 * html_state.h - where in HTML the next character of a template stands.
 *
 * A small tokenizer after the HTML standard, section 13.2.5, that follows
 * literal text only: enough to know whether a marker stands in text, in a
 * quoted value and of which attribute, in a script, or somewhere it must not.
 */
#ifndef TEMPLATE_HTML_STATE_H
#define TEMPLATE_HTML_STATE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum html_place {
	HTML_PLACE_TEXT,
	HTML_PLACE_TAG, /* in a tag, outside a value; or a declaration */
	HTML_PLACE_VALUE,
	HTML_PLACE_UNQUOTED_VALUE,
	HTML_PLACE_COMMENT,
	HTML_PLACE_TITLE, /* or textarea: text without elements */
	HTML_PLACE_SCRIPT,
	HTML_PLACE_JSON, /* a script that is data */
	HTML_PLACE_STYLE
};

enum {
	HTML_WORD_SIZE = 32
};

/* Names in small letters, cut to HTML_WORD_SIZE - 1 bytes. */
struct html_state {
	int step;
	bool is_end_tag;
	bool is_json;
	bool has_value_text;  /* the value has characters other than markers */
	bool has_value_black; /* one of them is neither space nor control */
	bool has_bang;        /* in a comment, "--!" was just read */
	/* "<b" in a title, script or style sheet: inside <svg> and <math> that
	 * is a tag after all */
	bool has_raw_tag;
	size_t dash_count;
	size_t word_size;
	char quote;
	char element[HTML_WORD_SIZE];
	char attribute[HTML_WORD_SIZE];
	char word[HTML_WORD_SIZE];
};

/* The beginning of a document. */
void html_state_init(struct html_state *state);

/* Follow `size` bytes of literal text, or less where it stops: has_raw_tag then
 * says why. Returns how many. */
size_t html_state_feed(
    struct html_state *state, const char *bytes, size_t size);

enum html_place html_state_place(const struct html_state *state);

/*
 * Whether what stands between `first` and `second` can be left out or repeated
 * without anything after it changing its meaning.
 */
bool html_state_matches(
    const struct html_state *first, const struct html_state *second);

/* Whether the attribute of the present value takes an address. */
bool html_state_is_address(const struct html_state *state);

#ifdef __cplusplus
}
#endif

#endif
