/*
 * prose.c - text, excerpt and counts of a document.
 *
 * It must stay true that a word counts once, however many elements it is cut
 * into: words are counted in whole stretches between blocks of code.
 */
#include "config.h"

#include "prose.h"

#include <string.h>

/* Characters of the excerpt, without the ellipsis that may follow. */
#define EXCERPT_CHARACTERS 199

/* Bytes that are enough for it in any script, white space included. */
#define EXCERPT_BYTES 1600

void
prose_init(struct prose *prose)
{
	*prose = (struct prose){
		.text = g_string_new(NULL),
		.excerpt = g_string_new(NULL),
		.loose = g_string_new(NULL),
	};
}

void
prose_release(struct prose *prose)
{
	(void)g_string_free(prose->text, TRUE);
	(void)g_string_free(prose->excerpt, TRUE);
	(void)g_string_free(prose->loose, TRUE);
}

static void
append_space(GString *out, char space)
{
	if (out->len == 0)
		return;
	if (!g_ascii_isspace(out->str[out->len - 1]))
		g_string_append_c(out, space);
	else if (space == '\n')
		out->str[out->len - 1] = space;
}

static void
append_collapsed(GString *out, const char *text)
{
	static const char SPACE[] = " \t\n\r\f";

	while (*text != '\0') {
		size_t space = strspn(text, SPACE);
		size_t word = strcspn(text + space, SPACE);

		if (space > 0)
			append_space(out, ' ');
		g_string_append_len(out, text + space, (gssize)word);
		text += space + word;
	}
}

void
prose_add(struct prose *prose, const char *text)
{
	GString *excerpt =
	    prose->paragraph_depth > 0 ? prose->excerpt : prose->loose;

	if (prose->mute_depth > 0)
		return;
	append_collapsed(prose->text, text);
	if (prose->is_excerpt_ended || prose->aside_depth > 0 ||
	    excerpt->len > EXCERPT_BYTES)
		return;
	append_collapsed(excerpt, text);
}

void
prose_break(struct prose *prose)
{
	append_space(prose->text, '\n');
	append_space(prose->excerpt, ' ');
	append_space(prose->loose, ' ');
}

static void
count_prose(struct prose *prose)
{
	text_count_words(
	    &prose->count, prose->text->str + prose->counted, false);
	prose->counted = prose->text->len;
}

void
prose_add_code(struct prose *prose, const char *code)
{
	prose_break(prose);
	count_prose(prose);
	text_count_words(&prose->count, code, true);
	g_string_append(prose->text, code);
	prose_break(prose);
	prose->counted = prose->text->len;
}

void
prose_end_excerpt(struct prose *prose)
{
	prose->is_excerpt_ended = true;
}

void
prose_begin_heading(struct prose *prose)
{
	if (prose->excerpt->len > 0)
		prose_end_excerpt(prose);
}

char *
prose_finish_excerpt(struct prose *prose)
{
	GString *source =
	    prose->excerpt->len > 0 ? prose->excerpt : prose->loose;
	g_autofree char *line = text_normalize_line(source->str);

	return text_truncate(line, EXCERPT_CHARACTERS);
}

char *
prose_finish_text(struct prose *prose)
{
	g_autofree char *text = NULL;

	count_prose(prose);
	text = text_normalize(prose->text->str);
	return g_steal_pointer(&text);
}
