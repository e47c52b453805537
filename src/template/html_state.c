/*
 * html_state.c - see template/html_state.h.
 *
 * Must stay true: whoever doubts gets the stricter answer. A state that this
 * tokenizer and a browser see differently makes a template be refused, never
 * accepted.
 */
#include "config.h"

#include "template/html_state.h"

#include <glib.h>
#include <string.h>

enum {
	STEP_TEXT,
	STEP_TAG_OPEN,
	STEP_TAG_NAME,
	STEP_IN_TAG,
	STEP_ATTRIBUTE_NAME,
	STEP_AFTER_NAME,
	STEP_BEFORE_VALUE,
	STEP_QUOTED_VALUE,
	STEP_UNQUOTED_VALUE,
	STEP_MARKUP_OPEN, /* after "<!" */
	STEP_COMMENT,
	STEP_DECLARATION,
	STEP_RAW,     /* in a script, a title … */
	STEP_RAW_OPEN /* there, after "<" */
};

/* Those ctemplate takes for addresses, which it checks for their scheme. */
static const char *const ADDRESS_ATTRIBUTES[] = { "action", "archive",
	"background", "cite", "classid", "codebase", "data", "dynsrc", "href",
	"longdesc", "lowsrc", "src", "usemap", NULL };

/* Elements whose content is not markup. */
static const char *const RAW_ELEMENTS[] = { "iframe", "noembed", "noframes",
	"script", "style", "textarea", "title", "xmp", NULL };

void
html_state_init(struct html_state *state)
{
	*state = (struct html_state){ .step = STEP_TEXT };
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/* Add a character to the name or value that is being read. */
static void
add(struct html_state *state, char c)
{
	if (state->word_size < HTML_WORD_SIZE - 1) {
		state->word[state->word_size++] = g_ascii_tolower(c);
		state->word[state->word_size] = '\0';
	}
}

static void
start_word(struct html_state *state, int step)
{
	state->step = step;
	state->word_size = 0;
	state->word[0] = '\0';
	state->has_value_text = false;
	state->has_value_black = false;
}

static void
end_value(struct html_state *state)
{
	if (strcmp(state->element, "script") == 0 &&
	    strcmp(state->attribute, "type") == 0)
		state->is_json =
		    strcmp(state->word, "application/ld+json") == 0 ||
		    strcmp(state->word, "application/json") == 0;
	state->attribute[0] = '\0';
	state->step = STEP_IN_TAG;
}

static void
end_tag(struct html_state *state)
{
	bool is_raw =
	    !state->is_end_tag && g_strv_contains(RAW_ELEMENTS, state->element);

	state->attribute[0] = '\0';
	state->step = is_raw ? STEP_RAW : STEP_TEXT;
}

/* The name of an attribute ended with `c`. */
static void
end_attribute_name(struct html_state *state, char c)
{
	g_strlcpy(state->attribute, state->word, HTML_WORD_SIZE);
	if (c == '>')
		end_tag(state);
	else if (c == '=')
		state->step = STEP_BEFORE_VALUE;
	else
		state->step = c == '/' ? STEP_IN_TAG : STEP_AFTER_NAME;
}

static void
feed_tag_open(struct html_state *state, char c)
{
	if (g_ascii_isalpha(c)) {
		start_word(state, STEP_TAG_NAME);
		state->is_json = false;
		add(state, c);
	} else if (c == '/' && !state->is_end_tag) {
		state->is_end_tag = true;
	} else if (c == '!' && !state->is_end_tag) {
		state->dash_count = 0;
		state->step = STEP_MARKUP_OPEN;
	} else if (c == '?' || state->is_end_tag) {
		state->step = c == '>' ? STEP_TEXT : STEP_DECLARATION;
	} else if (c != '<') {
		state->step = STEP_TEXT;
	}
}

static void
feed_tag_name(struct html_state *state, char c)
{
	if (!is_space(c) && c != '/' && c != '>') {
		add(state, c);
		return;
	}
	g_strlcpy(state->element, state->word, HTML_WORD_SIZE);
	state->step = STEP_IN_TAG;
	if (c == '>')
		end_tag(state);
}

static void
feed_attribute_name(struct html_state *state, char c)
{
	if (is_space(c) || c == '/' || c == '>' || c == '=')
		end_attribute_name(state, c);
	else
		add(state, c);
}

/* Between attributes, and between a name and its "=". */
static void
feed_in_tag(struct html_state *state, char c)
{
	if (is_space(c))
		return;
	if (c == '>') {
		end_tag(state);
	} else if (c == '=' && state->step == STEP_AFTER_NAME) {
		state->step = STEP_BEFORE_VALUE;
	} else if (c == '/') {
		state->step = STEP_IN_TAG;
	} else {
		start_word(state, STEP_ATTRIBUTE_NAME);
		add(state, c);
	}
}

static void
feed_before_value(struct html_state *state, char c)
{
	if (is_space(c))
		return;
	if (c == '>') {
		end_tag(state);
		return;
	}
	if (c == '"' || c == '\'') {
		start_word(state, STEP_QUOTED_VALUE);
		state->quote = c;
		return;
	}
	start_word(state, STEP_UNQUOTED_VALUE);
	add(state, c);
}

static void
feed_value(struct html_state *state, char c)
{
	if (state->step == STEP_QUOTED_VALUE && c == state->quote) {
		end_value(state);
	} else if (state->step == STEP_UNQUOTED_VALUE && is_space(c)) {
		end_value(state);
	} else if (state->step == STEP_UNQUOTED_VALUE && c == '>') {
		end_value(state);
		end_tag(state);
	} else {
		state->has_value_text = true;
		if ((unsigned char)c > ' ')
			state->has_value_black = true;
		add(state, c);
	}
}

static void
feed_comment(struct html_state *state, char c)
{
	if (c == '>' && state->dash_count >= 2)
		state->step = STEP_TEXT;
	else if (c == '-')
		state->dash_count = state->has_bang ? 1 : state->dash_count + 1;
	else if (c != '!' || state->has_bang || state->dash_count < 2)
		state->dash_count = 0;
	state->has_bang = c == '!' && state->dash_count >= 2;
}

static void
feed_markup_open(struct html_state *state, char c)
{
	if (c != '-') {
		state->step = c == '>' ? STEP_TEXT : STEP_DECLARATION;
		return;
	}
	/* "<!-->" is a whole comment: its two dashes count for the end too */
	if (++state->dash_count == 2)
		state->step = STEP_COMMENT;
}

static void
feed_plain(struct html_state *state, char c)
{
	if (c != '<')
		return;
	state->is_end_tag = false;
	start_word(
	    state, state->step == STEP_TEXT ? STEP_TAG_OPEN : STEP_RAW_OPEN);
}

/* "</title" ends a title; anything else there is text. */
static void
feed_raw_open(struct html_state *state, char c)
{
	size_t size = strlen(state->element);

	if (!state->is_end_tag && (g_ascii_isalpha(c) || c == '!'))
		state->has_raw_tag = true;
	if (c == '/' && !state->is_end_tag) {
		state->is_end_tag = true;
	} else if (state->is_end_tag && g_ascii_isalpha(c)) {
		add(state, c);
	} else if (state->is_end_tag && state->word_size == size &&
		   memcmp(state->word, state->element, size) == 0 &&
		   (is_space(c) || c == '/' || c == '>')) {
		state->step = STEP_IN_TAG;
		if (c == '>')
			end_tag(state);
	} else {
		state->step = STEP_RAW;
		state->is_end_tag = false;
		feed_plain(state, c);
	}
}

static void
feed_character(struct html_state *state, char c)
{
	switch (state->step) {
	case STEP_TEXT:
	case STEP_RAW:
		feed_plain(state, c);
		break;
	case STEP_TAG_OPEN:
		feed_tag_open(state, c);
		break;
	case STEP_TAG_NAME:
		feed_tag_name(state, c);
		break;
	case STEP_ATTRIBUTE_NAME:
		feed_attribute_name(state, c);
		break;
	case STEP_IN_TAG:
	case STEP_AFTER_NAME:
		feed_in_tag(state, c);
		break;
	case STEP_BEFORE_VALUE:
		feed_before_value(state, c);
		break;
	case STEP_QUOTED_VALUE:
	case STEP_UNQUOTED_VALUE:
		feed_value(state, c);
		break;
	case STEP_MARKUP_OPEN:
		feed_markup_open(state, c);
		break;
	case STEP_COMMENT:
		feed_comment(state, c);
		break;
	case STEP_DECLARATION:
		if (c == '>')
			state->step = STEP_TEXT;
		break;
	case STEP_RAW_OPEN:
		feed_raw_open(state, c);
		break;
	default:
		g_assert_not_reached();
	}
}

size_t
html_state_feed(struct html_state *state, const char *bytes, size_t size)
{
	const char *at = bytes;
	const char *end = bytes + size;

	while (at < end && !state->has_raw_tag) {
		if (state->step == STEP_TEXT || state->step == STEP_RAW) {
			at = memchr(at, '<', (size_t)(end - at));
			if (at == NULL)
				return size;
		}
		feed_character(state, *at++);
	}
	return (size_t)(at - bytes);
}

static enum html_place
raw_place(const struct html_state *state)
{
	if (strcmp(state->element, "script") == 0)
		return state->is_json ? HTML_PLACE_JSON : HTML_PLACE_SCRIPT;
	if (strcmp(state->element, "style") == 0)
		return HTML_PLACE_STYLE;
	return HTML_PLACE_TITLE;
}

enum html_place
html_state_place(const struct html_state *state)
{
	switch (state->step) {
	case STEP_TEXT:
		return HTML_PLACE_TEXT;
	case STEP_QUOTED_VALUE:
		return HTML_PLACE_VALUE;
	case STEP_UNQUOTED_VALUE:
		return HTML_PLACE_UNQUOTED_VALUE;
	case STEP_COMMENT:
		return HTML_PLACE_COMMENT;
	case STEP_RAW:
		return raw_place(state);
	default:
		/* "<", "</" and "<!" before a marker too: what begins there
		 * would be for the value to say */
		return HTML_PLACE_TAG;
	}
}

bool
html_state_is_address(const struct html_state *state)
{
	return g_strv_contains(ADDRESS_ATTRIBUTES, state->attribute);
}

/* The element whose tag this is, its name perhaps just being read. */
static const char *
element_of(const struct html_state *state)
{
	return state->step == STEP_TAG_NAME ? state->word : state->element;
}

bool
html_state_matches(
    const struct html_state *first, const struct html_state *second)
{
	enum html_place place = html_state_place(first);

	if (place != html_state_place(second))
		return false;
	if (place == HTML_PLACE_TEXT || place == HTML_PLACE_COMMENT)
		return true;
	/* whose value comes next would not be known */
	if (first->step == STEP_BEFORE_VALUE ||
	    second->step == STEP_BEFORE_VALUE)
		return false;
	if (strcmp(element_of(first), element_of(second)) != 0 ||
	    first->is_end_tag != second->is_end_tag ||
	    first->is_json != second->is_json)
		return false;
	if (place != HTML_PLACE_VALUE)
		return true;
	if (first->quote != second->quote ||
	    strcmp(first->attribute, second->attribute) != 0)
		return false;
	/* whether an address begins after it would not be known */
	return !html_state_is_address(first) ||
	       (first->has_value_text == second->has_value_text &&
		   first->has_value_black == second->has_value_black);
}
