/*
 * code_language.h - the languages of code that we know, by all their names.
 */
#ifndef CONTENT_CODE_LANGUAGE_H
#define CONTENT_CODE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct code_language {
	const char *name;       /* as readers see it; "" for plain text */
	const char *definition; /* "rust.lang"; NULL: known by name only */
	bool is_own;            /* the definition is ours, not the library's */
	const char *aliases;    /* lower case, between single spaces */
};

/*
 * The language that an info string means, or NULL. The string is what stands
 * after a fence, in any of the forms that Jekyll, Hugo, Zola, pandoc and
 * rustdoc take: "rust", "Rust,ignore", "rust ignore", "{.rust}", "js {1,3}",
 * "language-js", "diff-rust" (which is a diff); NULL is like "". Static.
 */
const struct code_language *code_language_find(const char *info);

/* All of them, one after the other: NULL after the last. Static. */
const struct code_language *code_language_at(size_t index);

/*
 * The first word of an info string, without what the forms above put around it;
 * it may be empty. The caller frees it.
 */
char *code_language_word(const char *info);

#ifdef __cplusplus
}
#endif

#endif
