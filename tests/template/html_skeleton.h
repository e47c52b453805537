/*
 * html_skeleton.h - what a browser makes of a page, but for its texts and
 * values: whatever a value may hold must not change it.
 */
#ifndef TESTS_TEMPLATE_HTML_SKELETON_H
#define TESTS_TEMPLATE_HTML_SKELETON_H

#include <stdbool.h>

/* "<p title><b></></>"; comments are "<!>". The caller frees it. */
char *html_skeleton(const char *html);

/* Whether an address of a link, a form or a frame runs a script that has
 * `word` in it. */
bool html_runs_script(const char *html, const char *word);

#endif
