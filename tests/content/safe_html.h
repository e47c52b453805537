/*
 * safe_html.h - whether HTML is what sanitizer.h promises: told by lists and a
 * reader of their own, so that a fault in the sanitizer's is not repeated here.
 */
#ifndef TESTS_SAFE_HTML_H
#define TESTS_SAFE_HTML_H

/*
 * NULL, or words for the first thing in `html` that may not be there: another
 * form than promised, an element, attribute or scheme that is not listed, an id
 * twice. The caller frees it with g_free().
 */
char *safe_html_fault(const char *html);

#endif
