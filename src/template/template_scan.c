/*
 * template_scan.c - see template/template_scan.h.
 *
 * Must stay true: what this lets through, ctemplate escapes for where it
 * stands, whichever sections are shown.
 */
#include "config.h"

#include "template/template_scan.h"

#include <stdbool.h>
#include <string.h>

#include "template/html_state.h"

enum {
	MAX_DEPTH = 32
};

enum marker_kind {
	MARKER_VARIABLE,
	MARKER_SECTION,
	MARKER_END,
	MARKER_INCLUDE,
	MARKER_COMMENT,
	MARKER_PRAGMA
};

/* A marker as it is written: {{#NAME}}, {{NAME:modifier}}. */
struct marker {
	enum marker_kind kind;
	const char *name;
	size_t name_size;
	const char *modifiers; /* from the first ":" on */
	size_t modifiers_size;
	const char *next; /* after its "}}" */
};

/* A section that is open. */
struct section {
	const char *name;
	size_t size;
	uint32_t line;
	struct html_state html;
};

struct scanner {
	const char *at;
	const char *end;
	const char *counted; /* lines are counted up to here */
	uint32_t line;
	bool is_html;
	bool is_after_section; /* inside a tag, nothing written since */
	struct html_state html;
	struct section sections[MAX_DEPTH];
	size_t depth;
	struct template_scan *out;
};

static const char *const PRAGMAS[] = { "{{%AUTOESCAPE context=\"HTML\"}}",
	"{{%AUTOESCAPE context=\"XML\"}}", "{{%AUTOESCAPE context=\"JSON\"}}",
	"{{%AUTOESCAPE context=\"CSS\"}}" };

static const char *const MODIFIERS[] = { "none", "h", "html_escape", "u",
	"url_query_escape", "p", "pre_escape", NULL };

/* Attributes that ctemplate takes for plain ones. */
static const char *const FORBIDDEN_ATTRIBUTES[] = { "attributename", "by",
	"formaction", "from", "srcdoc", "to", "values", "xlink:href", NULL };

/* Say what is wrong at `where`; returns STATUS_INVALID. */
static enum status G_GNUC_PRINTF(3, 4)
    fault(struct scanner *scanner, const char *where, const char *format, ...)
{
	va_list arguments;

	for (; scanner->counted < where; scanner->counted++)
		if (*scanner->counted == '\n')
			scanner->line++;
	va_start(arguments, format);
	scanner->out->line = scanner->line;
	scanner->out->message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return STATUS_INVALID;
}

static uint32_t
line_at(struct scanner *scanner, const char *where)
{
	while (scanner->counted < where)
		if (*scanner->counted++ == '\n')
			scanner->line++;
	return scanner->line;
}

/* ---- reading one marker ---- */

static const char *
find(const char *bytes, const char *end, const char *two)
{
	const char *at = bytes;

	while ((at = memchr(at, two[0], (size_t)(end - at)))) {
		if (at + 1 < end && at[1] == two[1])
			return at;
		at++;
	}
	return NULL;
}

static bool
is_name(const char *name, size_t size, bool is_section)
{
	static const char SEPARATOR[] = "_separator";
	size_t rest = sizeof(SEPARATOR) - 1;

	if (is_section && size > rest &&
	    memcmp(name + size - rest, SEPARATOR, rest) == 0)
		size -= rest;
	if (size == 0 || size > 64)
		return false;
	for (size_t i = 0; i < size; i++)
		if (!g_ascii_isupper(name[i]) && !g_ascii_isdigit(name[i]) &&
		    name[i] != '_')
			return false;
	return true;
}

static enum marker_kind
kind_of(char first)
{
	switch (first) {
	case '#':
		return MARKER_SECTION;
	case '/':
		return MARKER_END;
	case '>':
		return MARKER_INCLUDE;
	case '!':
		return MARKER_COMMENT;
	case '%':
		return MARKER_PRAGMA;
	default:
		return MARKER_VARIABLE;
	}
}

/* The marker that opens at `open`; false when it does not end. */
static bool
read_marker(const char *open, const char *end, struct marker *out_marker)
{
	const char *text = open + 2;
	const char *close = find(text, end, "}}");

	if (close == NULL)
		return false;
	*out_marker =
	    (struct marker){ .kind = kind_of(*text), .next = close + 2 };
	if (out_marker->kind != MARKER_COMMENT &&
	    memchr(text, '\n', (size_t)(close - text)) != NULL)
		return false;
	if (out_marker->kind != MARKER_VARIABLE)
		text++;
	out_marker->name = text;
	out_marker->name_size = (size_t)(close - text);
	out_marker->modifiers = close;
	if (out_marker->kind == MARKER_COMMENT ||
	    out_marker->kind == MARKER_PRAGMA)
		return true;
	out_marker->modifiers = memchr(text, ':', out_marker->name_size);
	if (out_marker->modifiers == NULL)
		out_marker->modifiers = close;
	out_marker->name_size = (size_t)(out_marker->modifiers - text);
	out_marker->modifiers_size = (size_t)(close - out_marker->modifiers);
	return true;
}

/* ---- what may stand where ---- */

static enum status
check_name(
    struct scanner *scanner, const char *open, const struct marker *marker)
{
	bool is_section =
	    marker->kind == MARKER_SECTION || marker->kind == MARKER_END;
	int size = (int)MIN(marker->name_size, 80);

	if (*marker->name == '=' && marker->kind == MARKER_VARIABLE)
		return fault(
		    scanner, open, "changing the delimiters is not supported");
	if (!is_name(marker->name, marker->name_size, is_section))
		return fault(scanner, open,
		    "\"%.*s\" is not a name: a marker's name is made of "
		    "capitals, digits and \"_\"",
		    size, marker->name);
	if (marker->name_size >= 3 && memcmp(marker->name, "BI_", 3) == 0)
		return fault(scanner, open,
		    "names that begin with BI_ belong to ctemplate");
	return STATUS_OK;
}

/* Whether a value that keeps its line ends (":p") is safe here. */
static bool
is_in_text(const struct scanner *scanner)
{
	enum html_place place = html_state_place(&scanner->html);

	return scanner->is_html &&
	       (place == HTML_PLACE_TEXT || place == HTML_PLACE_TITLE);
}

/* Check the modifiers of a variable; whether ":none" is one. */
static enum status
check_modifiers(struct scanner *scanner, const char *open,
    const struct marker *marker, bool *out_is_raw)
{
	g_autofree char *text =
	    g_strndup(marker->modifiers, marker->modifiers_size);
	g_auto(GStrv) names = g_strsplit(text, ":", -1);
	bool is_raw = false;

	if (marker->kind != MARKER_VARIABLE && *text)
		return fault(scanner, open,
		    "only a marker with a value takes a modifier, such as "
		    "\"%s\"",
		    text);
	for (size_t i = 1; names[0] != NULL && names[i] != NULL; i++) {
		if (!g_strv_contains(MODIFIERS, names[i]))
			return fault(scanner, open, "unknown modifier \":%s\"",
			    names[i]);
		is_raw = is_raw || strcmp(names[i], "none") == 0;
		if (names[i][0] == 'p' && !is_in_text(scanner))
			return fault(scanner, open,
			    "\":%s\" is allowed only in text", names[i]);
	}
	if (is_raw &&
	    (marker->name_size < 6 ||
		memcmp(marker->name + marker->name_size - 5, "_HTML", 5) != 0))
		return fault(scanner, open,
		    "\":none\" is allowed only on markers whose name ends in "
		    "_HTML");
	*out_is_raw = is_raw;
	return STATUS_OK;
}

/* Whether the address that is being written begins with a scheme which runs
 * what follows. */
static bool
is_script_address(const struct html_state *html)
{
	const char *address = html->word;

	while (*address && (unsigned char)*address <= ' ')
		address++;
	return g_str_has_prefix(address, "javascript:") ||
	       g_str_has_prefix(address, "vbscript:") ||
	       g_str_has_prefix(address, "data:");
}

/* A variable in the value of an attribute. */
static enum status
check_value(struct scanner *scanner, const char *open, bool is_raw)
{
	const struct html_state *html = &scanner->html;

	if (g_strv_contains(FORBIDDEN_ATTRIBUTES, html->attribute))
		return fault(scanner, open,
		    "the attribute \"%s\" must not hold a marker: it would not "
		    "be escaped rightly",
		    html->attribute);
	if (is_raw)
		return fault(
		    scanner, open, "\":none\" must not stand in an attribute");
	if (!html_state_is_address(html))
		return STATUS_OK;
	if (html->has_value_text && !html->has_value_black)
		return fault(scanner, open,
		    "white space before the marker in \"%s\": the address "
		    "would not be checked",
		    html->attribute);
	if (is_script_address(html))
		return fault(scanner, open,
		    "a marker in an address that is a script or data");
	return STATUS_OK;
}

/* A variable, by where it stands in HTML. */
static enum status
check_variable(struct scanner *scanner, const char *open, bool is_raw)
{
	switch (html_state_place(&scanner->html)) {
	case HTML_PLACE_TAG:
	case HTML_PLACE_UNQUOTED_VALUE:
		return fault(scanner, open,
		    "inside a tag a marker must stand in a value in quotes: "
		    "name=\"{{NAME}}\"");
	case HTML_PLACE_VALUE:
		return check_value(scanner, open, is_raw);
	case HTML_PLACE_COMMENT:
	case HTML_PLACE_SCRIPT:
	case HTML_PLACE_STYLE:
		if (is_raw)
			return fault(scanner, open,
			    "\":none\" must not stand in a comment, a script "
			    "or a style sheet");
		return STATUS_OK;
	case HTML_PLACE_JSON:
		if (!is_raw)
			return fault(scanner, open,
			    "a script of type JSON takes only whole values "
			    "made as JSON: {{NAME_HTML:none}}");
		return STATUS_OK;
	default:
		return STATUS_OK;
	}
}

static enum status
check_section_place(struct scanner *scanner, const char *open)
{
	const char *attribute = scanner->html.attribute;

	switch (html_state_place(&scanner->html)) {
	case HTML_PLACE_UNQUOTED_VALUE:
		return fault(
		    scanner, open, "a section in a value without quotes");
	case HTML_PLACE_SCRIPT:
	case HTML_PLACE_STYLE:
		return fault(scanner, open,
		    "a section inside a script or a style sheet: put it "
		    "around the whole of it");
	case HTML_PLACE_VALUE:
		if (strcmp(attribute, "style") != 0 &&
		    !g_str_has_prefix(attribute, "on"))
			return STATUS_OK;
		return fault(scanner, open,
		    "a section inside the attribute \"%s\"", attribute);
	default:
		return STATUS_OK;
	}
}

/* ---- going through ---- */

static void
note(struct scanner *scanner, const char *open, const struct marker *marker)
{
	const char *sign = marker->kind == MARKER_SECTION   ? "#"
			   : marker->kind == MARKER_INCLUDE ? ">"
							    : "";
	char *name;

	if (scanner->out->markers == NULL)
		return;
	name = g_strdup_printf(
	    "%s%.*s", sign, (int)marker->name_size, marker->name);
	if (g_hash_table_contains(scanner->out->markers, name))
		g_free(name);
	else
		g_hash_table_insert(scanner->out->markers, name,
		    GUINT_TO_POINTER(line_at(scanner, open)));
}

static enum status
open_section(
    struct scanner *scanner, const char *open, const struct marker *marker)
{
	enum status status = STATUS_OK;

	if (scanner->depth == MAX_DEPTH)
		return fault(
		    scanner, open, "sections nested deeper than %d", MAX_DEPTH);
	if (scanner->is_html)
		status = check_section_place(scanner, open);
	if (status != STATUS_OK)
		return status;
	scanner->sections[scanner->depth++] = (struct section){
		.name = marker->name,
		.size = marker->name_size,
		.line = line_at(scanner, open),
		.html = scanner->html,
	};
	return STATUS_OK;
}

static enum status
close_section(
    struct scanner *scanner, const char *open, const struct marker *marker)
{
	const struct section *section;
	int size = (int)marker->name_size;

	if (scanner->depth == 0)
		return fault(scanner, open,
		    "{{/%.*s}} closes a section that is not open", size,
		    marker->name);
	section = &scanner->sections[--scanner->depth];
	if (section->size != marker->name_size ||
	    memcmp(section->name, marker->name, section->size) != 0)
		return fault(scanner, open,
		    "{{/%.*s}} stands inside {{#%.*s}} of line %u, which is "
		    "not closed",
		    size, marker->name, (int)section->size, section->name,
		    section->line);
	if (scanner->is_html &&
	    !html_state_matches(&section->html, &scanner->html))
		return fault(scanner, open,
		    "{{#%.*s}} of line %u ends in another place of the HTML "
		    "than it begins: put it around whole elements, attributes "
		    "or values",
		    size, section->name, section->line);
	scanner->is_after_section =
	    scanner->is_html &&
	    html_state_place(&scanner->html) == HTML_PLACE_TAG;
	return STATUS_OK;
}

static enum status
take_marker(
    struct scanner *scanner, const char *open, const struct marker *marker)
{
	bool is_raw = false;
	enum status status;

	if (marker->kind == MARKER_COMMENT)
		return STATUS_OK;
	if (marker->kind == MARKER_PRAGMA)
		return fault(scanner, open,
		    "only the first line may have a {{%%...}} marker");
	status = check_name(scanner, open, marker);
	if (status == STATUS_OK)
		status = check_modifiers(scanner, open, marker, &is_raw);
	if (status != STATUS_OK)
		return status;
	if (marker->kind == MARKER_END)
		return close_section(scanner, open, marker);
	note(scanner, open, marker);
	if (marker->kind == MARKER_SECTION)
		return open_section(scanner, open, marker);
	if (!scanner->is_html)
		return STATUS_OK;
	if (marker->kind == MARKER_VARIABLE)
		return check_variable(scanner, open, is_raw);
	if (html_state_place(&scanner->html) != HTML_PLACE_TEXT)
		return fault(scanner, open,
		    "another template can be included only in text, not in a "
		    "tag, a comment, a script or a style sheet");
	return STATUS_OK;
}

/* Literal text. After a section in a tag it must not go on with a name or a
 * "=", whose meaning would then depend on the section. */
static enum status
take_text(struct scanner *scanner, const char *text, size_t size)
{
	size_t space = 0;
	size_t done;

	if (!scanner->is_html || size == 0)
		return STATUS_OK;
	while (space < size && g_ascii_isspace(text[space]))
		space++;
	if (scanner->is_after_section && space < size) {
		char next = text[space];

		scanner->is_after_section = false;
		if (next == '=' || (space == 0 && next != '>' && next != '/'))
			return fault(scanner, text,
			    "a section inside a tag must end before a space or "
			    "the end of the tag");
	}
	done = html_state_feed(&scanner->html, text, size);
	if (scanner->html.has_raw_tag)
		return fault(scanner, text + done - 1,
		    "a tag inside a title, a text area, a script or a style "
		    "sheet; a \"<\" that is none needs a space after it");
	return STATUS_OK;
}

/* The size of the first marker, which must be the pragma; 0 when it is not. */
static size_t
pragma_size(const char *bytes, size_t size, bool *out_is_html)
{
	for (size_t i = 0; i < G_N_ELEMENTS(PRAGMAS); i++) {
		size_t length = strlen(PRAGMAS[i]);

		if (size < length || memcmp(bytes, PRAGMAS[i], length) != 0)
			continue;
		*out_is_html = i == 0;
		return length;
	}
	return 0;
}

gboolean
template_scan_has_pragma(const char *bytes, size_t size)
{
	bool is_html;

	return pragma_size(bytes, size, &is_html) > 0;
}

static enum status
take_pragma(struct scanner *scanner)
{
	size_t size = pragma_size(scanner->at,
	    (size_t)(scanner->end - scanner->at), &scanner->is_html);

	if (size == 0)
		return fault(scanner, scanner->at,
		    "the first line must be {{%%AUTOESCAPE context=\"HTML\"}} "
		    "(or XML, JSON, CSS), or nothing would be escaped");
	scanner->at += size;
	return STATUS_OK;
}

static enum status
take_end(struct scanner *scanner)
{
	if (scanner->depth > 0) {
		const struct section *section =
		    &scanner->sections[scanner->depth - 1];

		scanner->counted = scanner->end;
		scanner->line = section->line;
		return fault(scanner, scanner->end, "{{#%.*s}} is not closed",
		    (int)section->size, section->name);
	}
	if (scanner->is_html &&
	    html_state_place(&scanner->html) != HTML_PLACE_TEXT)
		return fault(scanner, scanner->end,
		    "the file ends inside a tag, a comment, a script or a "
		    "style sheet");
	return STATUS_OK;
}

static enum status
take_all(struct scanner *scanner)
{
	enum status status = take_pragma(scanner);

	while (status == STATUS_OK) {
		const char *open = find(scanner->at, scanner->end, "{{");
		const char *stop = open != NULL ? open : scanner->end;
		struct marker marker;

		status = take_text(
		    scanner, scanner->at, (size_t)(stop - scanner->at));
		if (status != STATUS_OK)
			break;
		if (open == NULL)
			return take_end(scanner);
		if (!read_marker(open, scanner->end, &marker))
			return fault(scanner, open,
			    "\"{{\" without \"}}\" in the same line");
		status = take_marker(scanner, open, &marker);
		scanner->at = marker.next;
	}
	return status;
}

enum status
template_scan_check(const char *bytes, size_t size, gboolean wants_markers,
    struct template_scan *out_scan)
{
	struct scanner scanner = { .at = bytes,
		.end = bytes + size,
		.counted = bytes,
		.line = 1,
		.out = out_scan };
	const char *wrong;

	*out_scan = (struct template_scan){ 0 };
	if (wants_markers)
		out_scan->markers = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, NULL);
	html_state_init(&scanner.html);
	if (!g_utf8_validate_len(bytes, size, &wrong))
		return fault(&scanner, wrong, "not UTF-8");
	return take_all(&scanner);
}

void
template_scan_release(struct template_scan *scan)
{
	g_clear_pointer(&scan->markers, g_hash_table_unref);
	g_clear_pointer(&scan->message, g_free);
}

/* ---- the text as ctemplate gets it ---- */

/* Whether `size` bytes of literal text are white space. */
static bool
is_blank(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!g_ascii_isspace(text[i]))
			return false;
	return true;
}

/* The end of the line at `line`, or of the marker that goes on over it; whether
 * it holds nothing but markers without a value. */
static const char *
line_end(const char *line, const char *end, bool *out_is_markers)
{
	const char *feed = memchr(line, '\n', (size_t)(end - line));
	const char *stop = feed != NULL ? feed : end;
	const char *at = line;
	const char *open;
	bool is_markers = true;
	struct marker marker;

	while ((open = find(at, stop, "{{"))) {
		if (!read_marker(open, end, &marker)) {
			is_markers = false;
			break;
		}
		is_markers = is_markers && marker.kind != MARKER_VARIABLE &&
			     is_blank(at, (size_t)(open - at));
		at = marker.next;
		if (at <= stop)
			continue;
		feed = memchr(at, '\n', (size_t)(end - at));
		stop = feed != NULL ? feed : end;
	}
	*out_is_markers =
	    is_markers && at > line && is_blank(at, (size_t)(stop - at));
	return stop;
}

GString *
template_scan_strip(const char *bytes, size_t size)
{
	GString *text = g_string_sized_new(size + 1);
	const char *end = bytes + size;

	for (const char *at = bytes; at < end;) {
		bool is_markers;
		const char *stop = line_end(at, end, &is_markers);
		const char *next = stop < end ? stop + 1 : end;

		while (at < stop && g_ascii_isspace(*at))
			at++;
		while (stop > at && g_ascii_isspace(stop[-1]))
			stop--;
		g_string_append_len(text, at, stop - at);
		if (stop > at && !is_markers && next[-1] == '\n')
			g_string_append_c(text, '\n');
		at = next;
	}
	return text;
}

GString *
template_scan_prefix(const char *bytes, size_t size, uint32_t line)
{
	const char *end = bytes + size;
	const char *at = bytes;
	GString *text;
	g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func(g_free);

	for (uint32_t i = 0; i < line && at < end; i++) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));

		at = feed != NULL ? feed + 1 : end;
	}
	text = g_string_new_len(bytes, at - bytes);
	for (const char *next = bytes; (next = find(next, at, "{{"));) {
		struct marker marker;

		if (!read_marker(next, at, &marker)) {
			g_string_truncate(text, (gsize)(next - bytes));
			break;
		}
		if (marker.kind == MARKER_SECTION)
			g_ptr_array_add(
			    open, g_strndup(marker.name, marker.name_size));
		else if (marker.kind == MARKER_END && open->len > 0)
			g_ptr_array_remove_index(open, open->len - 1);
		next = marker.next;
	}
	for (guint i = open->len; i > 0; i--)
		g_string_append_printf(
		    text, "{{/%s}}", (const char *)open->pdata[i - 1]);
	return text;
}
