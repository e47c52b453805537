/*
 * html_writer.h - HTML written in the one form that sanitizer.h promises.
 *
 * What is given here as text is escaped; names are ours and never an author's.
 */
#ifndef CONTENT_HTML_WRITER_H
#define CONTENT_HTML_WRITER_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Append `text` escaped: "&", "<", ">" and "\""; control characters (but tab
 * and line feed) and noncharacters, which HTML forbids, are left out.
 */
void html_append_text(GString *out, const char *text, size_t size);

/* Take out of `text` what html_append_text() would leave out. */
void html_remove_forbidden(GString *text);

/* Append ` name="value"`, the value escaped. */
void html_append_attribute(GString *out, const char *name, const char *value);

/* The same with a number. */
void html_append_number(GString *out, const char *name, uint64_t number);

/* Append `</name>`. */
void html_append_end(GString *out, const char *name);

#endif
