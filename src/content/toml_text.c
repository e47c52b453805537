/*
 * toml_text.c - puts TOML into a form that cpptoml 0.1.1 reads without fault.
 *
 * That library predates TOML 1.0 and has errors of its own: it loses the line
 * end after the first line of a multi-line string, refuses a quote before the
 * three that close one, arrays of mixed types and lower-case "t" and "z" in
 * dates, recurses without bound over brackets and dotted keys, and does not say
 * where a key stood. So the text is read here word by word, without looking at
 * what the words mean, and written out again. One statement becomes one line,
 * and which line it came from is kept. Every string becomes a basic string on
 * that line. In arrays, every number, date and truth becomes a string, since
 * all that is asked of an array is its texts; entries that are not of the first
 * one's sort are left out, and the key is noted. A number with an exponent
 * becomes a string too. Nesting deeper than MAX_DEPTH is refused.
 *
 * What must stay true: whatever is valid TOML 1.0 is written as valid TOML of
 * the same meaning, but for the arrays.
 */
#include "config.h"

#include "toml_text.h"

#include <stdbool.h>
#include <string.h>

/* Of brackets, and of the parts of one key. */
#define MAX_DEPTH 32

struct scanner {
	const char *at;
	const char *end;
	uint32_t line;
	GString *out;
	GString *key;   /* of the statement under work, with its table */
	GString *table; /* of the last header, with a dot at its end, or "" */
	struct toml_text *result;
	GError **error;
};

static bool scan_value(struct scanner *scanner, unsigned depth, bool in_array);

static bool
fail(struct scanner *scanner, const char *reason)
{
	status_fail(
	    scanner->error, STATUS_INVALID, "%u: %s", scanner->line, reason);
	return false;
}

static bool
has(const struct scanner *scanner, const char *prefix)
{
	size_t size = strlen(prefix);

	return (size_t)(scanner->end - scanner->at) >= size &&
	       memcmp(scanner->at, prefix, size) == 0;
}

static bool
is_at(const struct scanner *scanner, char c)
{
	return scanner->at < scanner->end && *scanner->at == c;
}

static bool
is_at_line_end(const struct scanner *scanner)
{
	return is_at(scanner, '\n') || has(scanner, "\r\n");
}

static void
skip_blanks(struct scanner *scanner)
{
	while (is_at(scanner, ' ') || is_at(scanner, '\t'))
		scanner->at++;
}

static void
skip_comment(struct scanner *scanner)
{
	if (is_at(scanner, '#'))
		while (scanner->at < scanner->end && !is_at_line_end(scanner))
			scanner->at++;
}

/* Returns whether there was a line end. */
static bool
skip_line_end(struct scanner *scanner)
{
	if (!is_at_line_end(scanner))
		return false;
	scanner->at += is_at(scanner, '\r') ? 2 : 1;
	scanner->line++;
	return true;
}

/* White space, line ends and comments, as they may stand within an array. */
static void
skip_space(struct scanner *scanner)
{
	do {
		skip_blanks(scanner);
		skip_comment(scanner);
	} while (skip_line_end(scanner));
}

/* Append one character of a string to a basic string. */
static void
append_character(GString *out, char c)
{
	switch (c) {
	case '"':
	case '\\':
		g_string_append_c(out, '\\');
		g_string_append_c(out, c);
		break;
	case '\n':
		g_string_append(out, "\\n");
		break;
	default:
		g_string_append_c(out, c);
	}
}

/* After a backslash at the end of a line: to the next text, if it is one. */
static bool
skip_folded_line(struct scanner *scanner)
{
	const char *at = scanner->at + 1;

	at += strspn(at, " \t");
	if (*at != '\n' && !(*at == '\r' && at[1] == '\n'))
		return false;
	scanner->at = at;
	do {
		skip_blanks(scanner);
	} while (skip_line_end(scanner));
	return true;
}

/*
 * One character or escape of a string in `quote`; escapes are left as they are,
 * for the parser to check.
 */
static bool
scan_character(struct scanner *scanner, char quote, bool is_long)
{
	char c = *scanner->at;

	if (c == '\\' && quote == '"') {
		if (is_long && skip_folded_line(scanner))
			return true;
		if (scanner->end - scanner->at < 2)
			return fail(scanner, "a string is not closed");
		g_string_append_len(scanner->out, scanner->at, 2);
		scanner->at += 2;
		return true;
	}
	if (is_at_line_end(scanner)) {
		if (!is_long)
			return fail(scanner, "a string is not closed");
		skip_line_end(scanner);
		append_character(scanner->out, '\n');
		return true;
	}
	if (((unsigned char)c < 0x20 && c != '\t') || c == 0x7f)
		return fail(scanner, "a control character in a string");
	append_character(scanner->out, c);
	scanner->at++;
	return true;
}

static bool
scan_long_string(struct scanner *scanner, char quote)
{
	const char close[] = { quote, quote, quote, '\0' };

	scanner->at += 3;
	skip_line_end(scanner);
	while (scanner->at < scanner->end) {
		if (!has(scanner, close)) {
			if (!scan_character(scanner, quote, true))
				return false;
			continue;
		}
		scanner->at += 3;
		/* Up to two more quotes belong to the text (section String). */
		for (int i = 0; i < 2 && is_at(scanner, quote); i++) {
			append_character(scanner->out, quote);
			scanner->at++;
		}
		return true;
	}
	return fail(scanner, "a string is not closed");
}

static bool
scan_short_string(struct scanner *scanner, char quote)
{
	scanner->at++;
	while (scanner->at < scanner->end) {
		if (is_at(scanner, quote)) {
			scanner->at++;
			return true;
		}
		if (!scan_character(scanner, quote, false))
			return false;
	}
	return fail(scanner, "a string is not closed");
}

/* A string in any of the four forms, written as a basic one. */
static bool
scan_string(struct scanner *scanner, bool may_be_long)
{
	char quote = *scanner->at;
	bool is_long =
	    may_be_long && (has(scanner, "\"\"\"") || has(scanner, "'''"));
	bool is_read;

	g_string_append_c(scanner->out, '"');
	is_read = is_long ? scan_long_string(scanner, quote)
			  : scan_short_string(scanner, quote);
	g_string_append_c(scanner->out, '"');
	return is_read;
}

/* One part of a key; appended to the output, and as text to `path`. */
static bool
scan_key_part(struct scanner *scanner, GString *path)
{
	gsize begin = scanner->out->len;
	const char *word = scanner->at;

	if (is_at(scanner, '"') || is_at(scanner, '\'')) {
		if (!scan_string(scanner, false))
			return false;
		g_string_append_len(path, scanner->out->str + begin + 1,
		    (gssize)(scanner->out->len - begin - 2));
		return true;
	}
	while (scanner->at < scanner->end &&
	       (g_ascii_isalnum(*scanner->at) || *scanner->at == '_' ||
		   *scanner->at == '-'))
		scanner->at++;
	if (scanner->at == word)
		return fail(scanner, "a key was expected");
	g_string_append_len(scanner->out, word, scanner->at - word);
	g_string_append_len(path, word, scanner->at - word);
	return true;
}

/* A key of one or more parts. */
static bool
scan_key(struct scanner *scanner, GString *path)
{
	for (unsigned parts = 1;; parts++) {
		skip_blanks(scanner);
		if (!scan_key_part(scanner, path))
			return false;
		skip_blanks(scanner);
		if (!is_at(scanner, '.'))
			return true;
		if (parts == MAX_DEPTH)
			return fail(scanner, "a key of too many parts");
		scanner->at++;
		g_string_append_c(scanner->out, '.');
		g_string_append_c(path, '.');
	}
}

static bool
scan_pair(struct scanner *scanner, GString *path, unsigned depth)
{
	if (!scan_key(scanner, path))
		return false;
	if (!is_at(scanner, '='))
		return fail(scanner, "\"=\" was expected after the key");
	scanner->at++;
	g_string_append(scanner->out, " = ");
	skip_blanks(scanner);
	return scan_value(scanner, depth, false);
}

static bool
scan_inline_table(struct scanner *scanner, unsigned depth)
{
	scanner->at++;
	g_string_append_c(scanner->out, '{');
	skip_space(scanner);
	while (!is_at(scanner, '}')) {
		g_autoptr(GString) path = g_string_new(NULL);

		if (!scan_pair(scanner, path, depth + 1))
			return false;
		skip_space(scanner);
		if (is_at(scanner, ',')) {
			scanner->at++;
			skip_space(scanner);
			if (!is_at(scanner, '}'))
				g_string_append(scanner->out, ", ");
		} else if (!is_at(scanner, '}')) {
			return fail(scanner, "\"}\" was expected");
		}
	}
	scanner->at++;
	g_string_append_c(scanner->out, '}');
	return true;
}

/* What may stand together in an array that cpptoml reads. */
static char
entry_sort(const struct scanner *scanner)
{
	return is_at(scanner, '[') || is_at(scanner, '{') ? *scanner->at : '"';
}

static bool
scan_array(struct scanner *scanner, unsigned depth)
{
	char sort = '\0';

	scanner->at++;
	g_string_append_c(scanner->out, '[');
	skip_space(scanner);
	while (!is_at(scanner, ']')) {
		gsize before = scanner->out->len;
		char next = entry_sort(scanner);

		if (sort != '\0')
			g_string_append(scanner->out, ", ");
		if (!scan_value(scanner, depth + 1, true))
			return false;
		if (sort != '\0' && next != sort) {
			g_string_truncate(scanner->out, before);
			g_hash_table_add(scanner->result->mixed,
			    g_strdup(scanner->key->str));
		} else {
			sort = next;
		}
		skip_space(scanner);
		if (is_at(scanner, ',')) {
			scanner->at++;
			skip_space(scanner);
		} else if (!is_at(scanner, ']')) {
			return fail(scanner, "\"]\" was expected");
		}
	}
	scanner->at++;
	g_string_append_c(scanner->out, ']');
	return true;
}

/* Whether `word` can be a number, date or truth. */
static bool
is_bare_value(const char *word, size_t size)
{
	static const char *const WORDS[] = { "true", "false", "inf", "nan",
		"+inf", "-inf", "+nan", "-nan" };

	for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
		if (size == strlen(WORDS[i]) &&
		    memcmp(word, WORDS[i], size) == 0)
			return true;
	if (size > 1 && (*word == '+' || *word == '-')) {
		word++;
		size--;
	}
	if (size == 0 || !g_ascii_isdigit(*word))
		return false;
	for (size_t i = 0; i < size; i++)
		if (!g_ascii_isalnum(word[i]) && word[i] != '\0' &&
		    strchr("+-.:_ ", word[i]) == NULL)
			return false;
	return true;
}

/* The size of a word; a date and a time with a space between are one. */
static size_t
word_size(const struct scanner *scanner)
{
	const char *at = scanner->at;

	for (; at < scanner->end && strchr(",]}# \t\r\n", *at) == NULL; at++) {
	}
	if (at - scanner->at == (gssize)strlen("1979-05-27") &&
	    scanner->at[4] == '-' && scanner->end - at > 2 && *at == ' ' &&
	    g_ascii_isdigit(at[1])) {
		for (at++;
		     at < scanner->end && strchr(",]}# \t\r\n", *at) == NULL;
		     at++) {
		}
	}
	return (size_t)(at - scanner->at);
}

/* cpptoml reads no exponent of "06" and none after "0". */
static bool
has_exponent(const char *word, size_t size)
{
	return !(size > 1 && word[1] == 'x') &&
	       (memchr(word, 'e', size) != NULL ||
		   memchr(word, 'E', size) != NULL) &&
	       *word != 't' && *word != 'f';
}

static bool
scan_word(struct scanner *scanner, bool in_array)
{
	size_t size = word_size(scanner);
	bool is_date = size > 10 && scanner->at[4] == '-';
	bool is_quoted = in_array || has_exponent(scanner->at, size);

	if (!is_bare_value(scanner->at, size)) {
		return fail(scanner, size == 0
					 ? "a value was expected"
					 : "not a value (a text needs quotes)");
	}
	if (is_quoted)
		g_string_append_c(scanner->out, '"');
	for (size_t i = 0; i < size; i++) {
		char c = scanner->at[i];

		g_string_append_c(
		    scanner->out, is_date ? g_ascii_toupper(c) : c);
	}
	if (is_quoted)
		g_string_append_c(scanner->out, '"');
	scanner->at += size;
	return true;
}

static bool
scan_value(struct scanner *scanner, unsigned depth, bool in_array)
{
	if (depth > MAX_DEPTH)
		return fail(scanner, "nested too deeply");
	if (is_at(scanner, '"') || is_at(scanner, '\''))
		return scan_string(scanner, true);
	if (is_at(scanner, '['))
		return scan_array(scanner, depth);
	if (is_at(scanner, '{'))
		return scan_inline_table(scanner, depth);
	return scan_word(scanner, in_array);
}

static void
note_key(struct scanner *scanner, const char *key, uint32_t line)
{
	if (!g_hash_table_contains(scanner->result->keys, key)) {
		g_hash_table_insert(scanner->result->keys, g_strdup(key),
		    GUINT_TO_POINTER(line));
	}
}

/* "[table]" or "[[table]]" */
static bool
scan_header(struct scanner *scanner)
{
	bool is_array = has(scanner, "[[");
	const char *close = is_array ? "]]" : "]";

	scanner->at += strlen(close);
	g_string_append(scanner->out, is_array ? "[[" : "[");
	g_string_truncate(scanner->table, 0);
	if (!scan_key(scanner, scanner->table))
		return false;
	if (!has(scanner, close))
		return fail(scanner, "\"]\" was expected after the table");
	scanner->at += strlen(close);
	g_string_append(scanner->out, close);
	note_key(scanner, scanner->table->str, scanner->line);
	g_string_append_c(scanner->table, '.');
	return true;
}

static bool
scan_statement(struct scanner *scanner)
{
	uint32_t line = scanner->line;

	if (is_at(scanner, '['))
		return scan_header(scanner);
	g_string_assign(scanner->key, scanner->table->str);
	if (!scan_pair(scanner, scanner->key, 1))
		return false;
	note_key(scanner, scanner->key->str, line);
	return true;
}

static bool
scan_statements(struct scanner *scanner)
{
	for (;;) {
		uint32_t line;

		skip_space(scanner);
		if (scanner->at >= scanner->end)
			return true;
		line = scanner->line;
		if (!scan_statement(scanner))
			return false;
		g_string_append_c(scanner->out, '\n');
		g_array_append_val(scanner->result->lines, line);
		skip_blanks(scanner);
		skip_comment(scanner);
		if (scanner->at < scanner->end && !is_at_line_end(scanner)) {
			return fail(
			    scanner, "the end of the line was expected");
		}
	}
}

void
toml_text_release(struct toml_text *text)
{
	if (text->text != NULL)
		g_string_free(text->text, TRUE);
	g_clear_pointer(&text->lines, g_array_unref);
	g_clear_pointer(&text->keys, g_hash_table_unref);
	g_clear_pointer(&text->mixed, g_hash_table_unref);
	text->text = NULL;
}

enum status
toml_text_rewrite(const char *bytes, size_t size, uint32_t first_line,
    struct toml_text *out_text, GError **error)
{
	/* A copy ends with a NUL, at which every look ahead stops. */
	g_autofree char *copy = g_strndup(bytes, size);
	g_autoptr(GString) key = g_string_new(NULL);
	g_autoptr(GString) table = g_string_new(NULL);
	struct toml_text result = {
		.text = g_string_sized_new(size + 64),
		.lines = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
		.keys = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, NULL),
		.mixed = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, NULL),
	};
	struct scanner scanner = {
		.at = copy,
		.end = copy + strlen(copy),
		.line = first_line,
		.out = result.text,
		.key = key,
		.table = table,
		.result = &result,
		.error = error,
	};

	if (strlen(copy) != size) {
		fail(&scanner, "a NUL byte");
		toml_text_release(&result);
		return STATUS_INVALID;
	}
	if (!scan_statements(&scanner)) {
		toml_text_release(&result);
		return STATUS_INVALID;
	}
	*out_text = result;
	return STATUS_OK;
}
