/*
 * template_scan.h - look through the text of a template before ctemplate does.
 *
 * ctemplate accepts templates that could inject, and names no line when it
 * refuses one. This finds both: mistakes of writing with their line, and every
 * place where escaping would not hold.
 */
#ifndef TEMPLATE_TEMPLATE_SCAN_H
#define TEMPLATE_TEMPLATE_SCAN_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a template uses, and what is wrong with it. */
struct template_scan {
	/* Name to line of first use: "TITLE", "#TAGS", ">CONTENT". */
	GHashTable *markers;
	uint32_t line; /* where it is wrong */
	char *message; /* NULL when nothing is */
};

/*
 * Check `size` bytes of a template. STATUS_INVALID with the first thing that is
 * wrong in `line` and `message`; the first line must be
 * {{%AUTOESCAPE context="HTML"}}, or XML, JSON, CSS. `markers` is filled as far
 * as it came, and NULL unless `wants_markers`. The caller releases `out_scan`
 * in any case.
 *
 * Refused as mistakes: text that is not UTF-8; "{{" without "}}" in the same
 * line (comments may run over lines); a name that is not of capitals, digits
 * and "_" (a section may also end in "_separator", ctemplate's way to put
 * something between repetitions); an unknown modifier; a section not closed, or
 * closed while another is open; changed delimiters; the library's BI_ names.
 *
 * Refused because escaping would not hold (HTML): a marker in a tag outside a
 * quoted value, after white space in an address, in formaction, xlink:href,
 * srcdoc, or in what animates an attribute; ":none" on a name that does not end
 * in _HTML, or in a tag, a comment, a style sheet, a script that is not JSON; a
 * marker without ":none" in such JSON; an include anywhere but in text; a
 * section that ends in another state of HTML than it began, that decides how an
 * address begins or an attribute is called, or that stands in a script, a style
 * sheet or an attribute of such; a file that ends inside a tag, a comment, a
 * script; a tag inside a title, a text area, a script or a style sheet.
 */
MUST_CHECK enum status template_scan_check(const char *bytes, size_t size,
    gboolean wants_markers, struct template_scan *out_scan);

/* Whether the text begins with the pragma: without it nothing is escaped. */
gboolean template_scan_has_pragma(const char *bytes, size_t size);

void template_scan_release(struct template_scan *scan);

/*
 * The text as ctemplate gets it: white space at both ends of a line gone, and
 * lines of which nothing but section, include, comment and pragma markers is
 * left gone with their line feeds. Other line feeds stay, so that words in two
 * lines stay two words.
 */
GString *template_scan_strip(const char *bytes, size_t size);

/*
 * The first lines of a template, up to and with `line`, with every section that
 * is open there closed: something that can be parsed alone, for finding the
 * line another parser stumbles over.
 */
GString *template_scan_prefix(const char *bytes, size_t size, uint32_t line);

#ifdef __cplusplus
}
#endif

#endif
