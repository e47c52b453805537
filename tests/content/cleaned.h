/*
 * cleaned.h - what tests of the sanitizer share: HTML goes in, and that is what
 * comes out.
 */
#ifndef TESTS_CONTENT_CLEANED_H
#define TESTS_CONTENT_CLEANED_H

#include <stddef.h>
#include <stdint.h>

#include "content/document.h"

#define NO_LIMIT ((size_t)64 << 20)

/* A blog at /base that lets two hosts into its frames and finds no reference.
 */
extern const struct document_options OPTIONS;

/* What becomes of `html`. The caller releases it. */
struct document clean_with(
    const struct document_options *options, const char *html);

void assert_cleaned_with(const struct document_options *options,
    const char *html, const char *expected);
void assert_cleaned(const char *html, const char *expected);

/* The warning at `index` is about `line` and says `words`. */
void assert_warned(const struct document *document, unsigned index,
    uint32_t line, const char *words);

#endif
