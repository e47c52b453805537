/*
 * import_liquid.c - Jekyll's Liquid in the texts of articles, as far as
 * articles use it, made into Markdown.
 *
 * Only where the file is Jekyll's: elsewhere braces are text, also in the code
 * that articles show. Loops and variables of the site have no meaning here:
 * they stay as they are, and a notice names the first of each article.
 */
#include "config.h"

#include <string.h>

#include "import_article.h"
#include "import_plan.h"

/* A tag or an output found in a text. */
struct liquid_piece {
	const char *end; /* after its closing brace */
	char *words;     /* what is between the braces, without spaces around */
	bool is_output;  /* {{ }}, not {% %} */
};

/* What ends something. */
enum mark {
	MARK_TAG_END,
	MARK_OUTPUT_END,
	MARK_COMMENT_END,
	MARK_COUNT
};

static const char *const marks[MARK_COUNT] = { "%}", "}}", "endcomment" };

/* Where the replacing has got to. */
struct liquid {
	struct import_plan *plan;
	struct import_article *article;
	GString *out;
	const char *at;
	bool is_raw; /* between raw and endraw nothing is replaced */
	bool is_noticed;
	bool is_missing[MARK_COUNT]; /* from `at` to the end of the text */
};

/* The first `mark` from `from` on, which is not before `at`; or NULL. A text
 * full of beginnings without an end is searched through once, not once for
 * each. */
static const char *
find_mark(struct liquid *liquid, enum mark mark, const char *from)
{
	const char *found =
	    liquid->is_missing[mark] ? NULL : strstr(from, marks[mark]);

	if (found == NULL)
		liquid->is_missing[mark] = true;
	return found;
}

/* The piece that begins at `at`; false when it is none. The caller frees words.
 */
static bool
read_piece(
    struct liquid *liquid, const char *at, struct liquid_piece *out_piece)
{
	const char *begin = at + 2;
	const char *end;

	if (at[0] != '{' || (at[1] != '%' && at[1] != '{'))
		return false;
	end = find_mark(
	    liquid, at[1] == '%' ? MARK_TAG_END : MARK_OUTPUT_END, begin);
	if (end == NULL)
		return false;
	out_piece->end = end + 2;
	out_piece->is_output = at[1] == '{';
	/* A hyphen only says what happens to the white space around. */
	begin += *begin == '-';
	end -= end > begin && end[-1] == '-';
	out_piece->words = g_strstrip(g_strndup(begin, (size_t)(end - begin)));
	return true;
}

static uint32_t
line_in_file(const struct liquid *liquid)
{
	uint32_t line = liquid->article->front_matter.body_line;

	for (const char *c = liquid->article->body; c < liquid->at; c++)
		line += *c == '\n';
	return line;
}

/* The source whose name, without folder and ending, is `name`. */
static const char *
find_post(const struct liquid *liquid, const char *name)
{
	for (guint i = 0; i < liquid->plan->articles->len; i++) {
		const struct import_article *article =
		    g_ptr_array_index(liquid->plan->articles, i);
		g_autofree char *base = g_path_get_basename(article->source);
		char *dot = strrchr(base, '.');

		if (dot != NULL)
			*dot = '\0';
		if (strcmp(base, name) == 0)
			return article->source;
	}
	return NULL;
}

/* {% highlight ruby linenos %} begins what a fence begins. */
static void
begin_fence(struct liquid *liquid, const char *language)
{
	g_string_append_printf(
	    liquid->out, "```%.*s", (int)strcspn(language, " "), language);
	if (*liquid->at != '\n')
		g_string_append_c(liquid->out, '\n');
}

/* Append what `words` of a tag stand for; false when that is nothing of ours.
 */
static bool
replace_tag(struct liquid *liquid, const char *words)
{
	g_auto(GStrv) parts = g_strsplit_set(words, " \t\r\n", 2);
	const char *name = parts[0] == NULL ? "" : parts[0];
	const char *rest = name[0] == '\0' || parts[1] == NULL ? "" : parts[1];

	if (strcmp(name, "raw") == 0) {
		liquid->is_raw = true;
	} else if (strcmp(name, "endraw") == 0) {
		liquid->is_raw = false;
	} else if (strcmp(name, "highlight") == 0) {
		begin_fence(liquid, rest);
	} else if (strcmp(name, "endhighlight") == 0) {
		g_string_append(liquid->out, "```");
	} else if (strcmp(name, "comment") == 0) {
		const char *end =
		    find_mark(liquid, MARK_COMMENT_END, liquid->at);

		if (end != NULL)
			end = find_mark(liquid, MARK_TAG_END, end);
		if (end == NULL)
			return false;
		liquid->at = end + strlen(marks[MARK_TAG_END]);
	} else if (strcmp(name, "post_url") == 0) {
		const char *source = find_post(liquid, rest);

		if (source == NULL)
			return false;
		g_string_append_printf(liquid->out, "@/%s", source);
	} else if (strcmp(name, "link") == 0) {
		g_autofree char *base = g_path_get_basename(rest);
		char *dot = strrchr(base, '.');
		const char *source;

		if (dot != NULL)
			*dot = '\0';
		source = find_post(liquid, base);
		if (source == NULL)
			return false;
		g_string_append_printf(liquid->out, "@/%s", source);
	} else {
		return false;
	}
	return true;
}

/* {{ site.baseurl }} is nothing, {{ "/a" | relative_url }} is "/a". */
static bool
replace_output(struct liquid *liquid, const char *words)
{
	char quote = words[0];
	const char *end;

	if (strcmp(words, "site.baseurl") == 0 ||
	    strcmp(words, "site.url") == 0)
		return true;
	if (quote != '"' && quote != '\'')
		return false;
	end = strchr(words + 1, quote);
	if (end == NULL)
		return false;
	if (end[1] != '\0' && strstr(end, "relative_url") == NULL &&
	    strstr(end, "absolute_url") == NULL)
		return false;
	g_string_append_len(liquid->out, words + 1, end - words - 1);
	return true;
}

static bool
replace_piece(struct liquid *liquid, const struct liquid_piece *piece)
{
	if (liquid->is_raw && strcmp(piece->words, "endraw") != 0)
		return false;
	return piece->is_output ? replace_output(liquid, piece->words)
				: replace_tag(liquid, piece->words);
}

static void
step(struct liquid *liquid)
{
	struct liquid_piece piece;
	const char *begin = liquid->at;

	if (!read_piece(liquid, begin, &piece)) {
		g_string_append_c(liquid->out, *liquid->at++);
		return;
	}
	liquid->at = piece.end;
	if (!replace_piece(liquid, &piece)) {
		if (!liquid->is_raw && !liquid->is_noticed) {
			import_plan_notice(liquid->plan, false,
			    liquid->article->source, line_in_file(liquid),
			    "\"%s\" is Jekyll's, and stays as it is",
			    piece.words);
			liquid->is_noticed = true;
		}
		g_string_append_len(liquid->out, begin, piece.end - begin);
	}
	g_free(piece.words);
}

void
import_replace_liquid(struct import_plan *plan, struct import_article *article)
{
	struct liquid liquid = { .plan = plan, .article = article };

	if (!import_is_jekyll(plan, article) ||
	    (strstr(article->body, "{%") == NULL &&
		strstr(article->body, "{{") == NULL))
		return;
	liquid.out = g_string_sized_new(strlen(article->body));
	liquid.at = article->body;
	while (*liquid.at != '\0')
		step(&liquid);
	g_free(article->body);
	article->body = g_string_free(liquid.out, FALSE);
}
