/*
 * like.h - part of a text, as LIKE looks for it.
 */
#ifndef MODEL_LIKE_H
#define MODEL_LIKE_H

/*
 * A pattern for "LIKE :text ESCAPE '\'" that finds what has `text` in it, of
 * which the first 90 bytes count. NULL when `text` is NULL or "": anything. The
 * caller frees it.
 */
char *like_pattern(const char *text);

#endif
