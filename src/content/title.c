/*
 * title.c - the heading in a text that is its title.
 *
 * cmark is not asked: a text may be anything before it is in the renderer's
 * child. Headings and fences are looked for line by line, by CommonMark 4.2 and
 * 4.5 as far as titles need it.
 */
#include "config.h"

#include "content/title.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

/* A fence of code that was begun and has not ended. */
struct fence {
	char mark; /* '`' or '~'; '\0': none */
	size_t size;
};

static const char *
next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

/* Whether the line belongs to fenced code; keeps `fence` up to date. */
static bool
is_fenced(struct fence *fence, const char *line)
{
	bool was_open = fence->mark != '\0';
	const char *begin = line + strspn(line, " \t");
	char mark = *begin;
	const char *rest;
	size_t size = 0;

	if (mark != '`' && mark != '~')
		return was_open;
	while (begin[size] == mark)
		size++;
	rest = begin + size;
	if (!was_open) {
		/* "```a```" is code within a line. */
		if (size >= 3 &&
		    (mark == '~' || rest[strcspn(rest, "`\n")] != '`'))
			*fence = (struct fence){ mark, size };
		return fence->mark != '\0';
	}
	rest += strspn(rest, " \t\r");
	if (mark == fence->mark && size >= fence->size &&
	    (*rest == '\n' || *rest == '\0'))
		*fence = (struct fence){ 0 };
	return true;
}

/* The text of the heading that `line` is, or NULL. */
static char *
heading_text(const char *line)
{
	g_autofree char *text = NULL;
	size_t size;

	if (line[0] != '#' || (line[1] != ' ' && line[1] != '\t'))
		return NULL;
	text = g_strstrip(g_strndup(line + 2, strcspn(line + 2, "\n")));
	size = strlen(text);
	while (size > 0 && text[size - 1] == '#')
		size--;
	if (size == 0 || text[size - 1] == ' ' || text[size - 1] == '\t')
		text[size] = '\0';
	g_strchomp(text);
	return *text == '\0' ? NULL : g_steal_pointer(&text);
}

char *
title_find(const char *markdown)
{
	struct fence fence = { 0 };

	for (const char *line = markdown; *line != '\0';
	     line = next_line(line)) {
		char *text =
		    is_fenced(&fence, line) ? NULL : heading_text(line);

		if (text != NULL)
			return text;
	}
	return NULL;
}

char *
title_hide(const char *markdown, const char *title)
{
	const char *line = markdown;
	g_autofree char *text = NULL;
	g_autofree char *said = NULL;
	g_autofree char *wanted = NULL;

	while (line[strspn(line, " \t\r")] == '\n')
		line = next_line(line);
	text = heading_text(line);
	if (text == NULL)
		return g_strdup(markdown);
	said = text_normalize_line(text);
	wanted = text_normalize_line(title);
	if (strcmp(said, wanted) != 0)
		return g_strdup(markdown);
	return g_strdup_printf("%.*s%s", (int)(line - markdown), markdown,
	    line + strcspn(line, "\n"));
}
