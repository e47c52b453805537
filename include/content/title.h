/*
 * title.h - the heading in a text that is its title.
 *
 * Where front matter has no title, "# Title" at the beginning of the text is
 * one. The page shows the title itself, so that the heading would be seen
 * twice; but what an author typed is stored as it is. So it is left out when
 * the text is rendered.
 */
#ifndef CONTENT_TITLE_H
#define CONTENT_TITLE_H

/*
 * The text of the first "# Title" of some Markdown, outside of fenced code and
 * without "#" at its end. NULL when there is none. The caller frees it.
 */
char *title_find(const char *markdown);

/*
 * `markdown` as it is rendered below `title`: where it begins with "# Title"
 * and that says the same, this line is empty; the numbers of the others stay.
 * The caller frees it.
 */
char *title_hide(const char *markdown, const char *title);

#endif
