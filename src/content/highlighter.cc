/*
 * highlighter.cc - colours for code: our rules and our output around
 * source-highlight's machine of states.
 *
 * source-highlight reads the definitions, keeps the states and decides which
 * rule wins. Two things of it are replaced, because they cost too much:
 *
 * - Its rules search the rest of the line again for every token. Ours remember
 *   where they matched: that is still true as long as the match lies ahead, so
 *   a line is searched about once by each rule. For the same reason a rule here
 *   sees the whole line, and "^", "\<" and lookbehind mean what they say.
 * - Its lists of words become one large regular expression. Ours are a table.
 *
 * What must stay true: the text that goes out is copied from the text that came
 * in; the library only says where colours begin and end, and a line on which
 * its lengths do not add up is left plain. No exception leaves this file.
 */
#include "config.h"

#include "content/highlighter.h"

#include <string.h>

/* The base layer is C and says nothing of C++. */
extern "C" {
#include "base/data_file.h"
#include "base/logger.h"
}
#include "content/code_language.h"

namespace {

/* Characters of a language's name that we do not know. */
constexpr glong MAX_NAME_LENGTH = 30;

void
append_escaped(GString *out, const char *text, size_t size)
{
	size_t begin = 0;

	for (size_t i = 0; i < size; i++) {
		const char *entity = text[i] == '&'   ? "&amp;"
				     : text[i] == '<' ? "&lt;"
				     : text[i] == '>' ? "&gt;"
				     : text[i] == '"' ? "&quot;"
						      : NULL;

		if (entity != NULL) {
			g_string_append_len(
			    out, text + begin, static_cast<gssize>(i - begin));
			g_string_append(out, entity);
			begin = i + 1;
		}
	}
	g_string_append_len(
	    out, text + begin, static_cast<gssize>(size - begin));
}

} /* namespace */

#ifdef WITH_SOURCE_HIGHLIGHT

#include <boost/regex.hpp>
#include <srchilite/formatter.h>
#include <srchilite/formattermanager.h>
#include <srchilite/highlightbuilderexception.h>
#include <srchilite/highlightrule.h>
#include <srchilite/highlighttoken.h>
#include <srchilite/langdefmanager.h>
#include <srchilite/matchingparameters.h>
#include <srchilite/parserexception.h>
#include <srchilite/regexpreprocessor.h>
#include <srchilite/regexrulefactory.h>
#include <srchilite/settings.h>
#include <srchilite/sourcehighlighter.h>

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace {

/* A longer line is left plain: no regular expression is linear for sure. */
constexpr size_t MAX_LINE_SIZE = 4096;

/* The same for a language of the library's, whose expressions are slower. */
constexpr size_t MAX_FOREIGN_LINE_SIZE = 1024;

/* A longer block is left plain. */
constexpr size_t MAX_BLOCK_SIZE = 512 * 1024;

/*
 * How often rules are tried at one place: a definition whose rules match
 * nothing and lead to each other would go on for ever.
 */
constexpr unsigned MAX_TRIES_IN_PLACE = 4096;

/*
 * Markup that a block may weigh: so that a table of numbers does not grow past
 * the bound of a whole document (RENDERER_MAX_OUTPUT).
 */
constexpr size_t
max_output(size_t size)
{
	return 6 * size + 2048;
}

constexpr size_t NOWHERE = SIZE_MAX;

/* The line under work, which every rule of a highlighter looks at. */
struct line_text {
	std::string text;
	uint64_t serial = 0;   /* no two lines have the same */
	size_t last_place = 0; /* where a rule was last tried ... */
	unsigned tries = 0;    /* ... and how often there */

	void note_try(size_t place)
	{
		if (place != last_place) {
			last_place = place;
			tries = 0;
		}
		if (++tries > MAX_TRIES_IN_PLACE)
			throw std::runtime_error("no advance");
	}
};

/* A piece of the line and its class; index 0 of CLASSES is none. */
struct run {
	size_t size;
	uint8_t class_index;
};

/* A rule that searches each part of a line once. */
class line_rule : public srchilite::HighlightRule {
      public:
	using srchilite::HighlightRule::tryToMatch;

	line_rule(line_text &line) : line_(line)
	{
	}

	bool tryToMatch(std::string::const_iterator start,
	    std::string::const_iterator, srchilite::HighlightToken &token,
	    const srchilite::MatchingParameters &) override
	{
		size_t from = static_cast<size_t>(start - line_.text.cbegin());

		line_.note_try(from);
		if (serial_ != line_.serial ||
		    (begin_ != NOWHERE && begin_ < from)) {
			serial_ = line_.serial;
			begin_ = search(from);
		}
		if (begin_ == NOWHERE)
			return false;
		token.prefix.assign(line_.text, from, begin_ - from);
		token.prefixOnlySpaces =
		    token.prefix.find_first_not_of(" \t") == std::string::npos;
		fill(token);
		return true;
	}

      protected:
	/* Find the first match at or after `from`: its place or NOWHERE. */
	virtual size_t search(size_t from) = 0;

	/* Tell the matched pieces of the last search. */
	virtual void fill(srchilite::HighlightToken &token) const = 0;

	line_text &line_;

      private:
	uint64_t serial_ = 0;
	size_t begin_ = NOWHERE;
};

class regex_rule : public line_rule {
      public:
	regex_rule(line_text &line, const std::string &expression)
	    : line_rule(line), expression_(expression)
	{
	}

	const std::string toString() const override
	{
		return expression_.str();
	}

	/* The end of a raw string or here-document repeats its beginning. */
	void replaceReferences(const srchilite::ReplacementList &list) override
	{
		srchilite::ReplacementList nine(list);

		nine.resize(9);
		expression_.assign(
		    srchilite::RegexPreProcessor::replace_references(
			expression_.str(), nine));
	}

	srchilite::HighlightRule *clone() override
	{
		return new regex_rule(*this);
	}

      protected:
	size_t search(size_t from) override
	{
		const char *begin = line_.text.data();
		const char *end = begin + line_.text.size();

		if (!boost::regex_search(begin + from, end, match_, expression_,
			boost::match_default, begin))
			return NOWHERE;
		return static_cast<size_t>(match_[0].first - begin);
	}

	void fill(srchilite::HighlightToken &token) const override
	{
		const srchilite::ElemList &elements = getElemList();

		if (getHasSubexpressions())
			for (size_t i = 1; i < match_.size(); i++)
				token.matchedSubExps.push_back(match_[i]);
		if (elements.size() == 1) {
			token.addMatched(elements[0], match_[0]);
			return;
		}
		for (size_t i = 1; i < match_.size(); i++)
			if (i <= elements.size() && match_[i].matched)
				token.addMatched(elements[i - 1], match_[i]);
	}

      private:
	boost::regex expression_;
	boost::cmatch match_;
};

/* Whole words out of a list. */
class word_rule : public line_rule {
      public:
	word_rule(line_text &line, const std::string &words, bool keeps_case)
	    : line_rule(line),
	      words_(std::make_shared<std::unordered_set<std::string>>()),
	      keeps_case_(keeps_case)
	{
		size_t begin = 0;

		while (begin <= words.size()) {
			size_t end =
			    std::min(words.find('|', begin), words.size());

			words_->insert(fold(words, begin, end));
			begin = end + 1;
		}
	}

	const std::string toString() const override
	{
		return "(list of words)";
	}

	void replaceReferences(const srchilite::ReplacementList &) override
	{
	}

	srchilite::HighlightRule *clone() override
	{
		return new word_rule(*this);
	}

	static bool is_word(char c)
	{
		return g_ascii_isalnum(c) || c == '_';
	}

      protected:
	size_t search(size_t from) override
	{
		const std::string &text = line_.text;

		while (from < text.size()) {
			size_t end = from;

			while (end < text.size() && is_word(text[end]))
				end++;
			if (end > from &&
			    (from == 0 || !is_word(text[from - 1])) &&
			    words_->count(fold(text, from, end)) > 0) {
				size_ = end - from;
				place_ = from;
				return from;
			}
			from = end + (end == from);
		}
		return NOWHERE;
	}

	void fill(srchilite::HighlightToken &token) const override
	{
		token.addMatched(
		    getElemList()[0], line_.text.substr(place_, size_));
	}

      private:
	std::string fold(
	    const std::string &text, size_t begin, size_t end) const
	{
		std::string word(text, begin, end - begin);

		for (size_t i = 0; !keeps_case_ && i < word.size(); i++)
			word[i] = g_ascii_tolower(word[i]);
		return word;
	}

	std::shared_ptr<std::unordered_set<std::string>> words_;
	bool keeps_case_;
	size_t place_ = 0;
	size_t size_ = 0;
};

/* What the library asks for rules when it builds a language. */
class rule_factory : public srchilite::RegexRuleFactory {
      public:
	rule_factory(line_text &line) : line_(line)
	{
	}

	srchilite::HighlightRule *createSimpleRule(
	    const std::string &name, const std::string &expression) override
	{
		return named(name, new regex_rule(line_, expression));
	}

	srchilite::HighlightRule *createWordListRule(const std::string &name,
	    const srchilite::WordList &list, bool keeps_case) override
	{
		std::string words = join(list);

		for (char c : words) {
			if (c != '|' && !word_rule::is_word(c)) {
				return createListRule(name,
				    { "\\<(?:" + words + ")\\>" }, keeps_case);
			}
		}
		return named(name, new word_rule(line_, words, keeps_case));
	}

	srchilite::HighlightRule *createListRule(const std::string &name,
	    const srchilite::WordList &list, bool keeps_case) override
	{
		std::string expression = "(?:" + join(list) + ")";

		if (!keeps_case) {
			expression =
			    srchilite::RegexPreProcessor::make_nonsensitive(
				expression);
		}
		return named(name, new regex_rule(line_, expression));
	}

	srchilite::HighlightRule *createCompoundRule(
	    const srchilite::ElemNameList &names,
	    const std::string &expression) override
	{
		srchilite::HighlightRule *rule =
		    new regex_rule(line_, expression);

		for (const std::string &name : names)
			rule->addElem(name);
		return rule;
	}

      private:
	static srchilite::HighlightRule *named(
	    const std::string &name, srchilite::HighlightRule *rule)
	{
		rule->addElem(name);
		return rule;
	}

	static std::string join(const srchilite::WordList &list)
	{
		std::string joined;

		for (const std::string &item : list)
			joined += (joined.empty() ? "" : "|") + item;
		return joined;
	}

	line_text &line_;
};

/* The classes of the style sheet, and the elements of definitions they show. */
struct class_row {
	const char *name;
	const char *elements; /* between single spaces */
};

const class_row CLASSES[] = {
	{ "", "normal symbol cbracket" },
	{ "hl-keyword", "keyword" },
	{ "hl-type", "type usertype classname" },
	{ "hl-string", "string regexp" },
	{ "hl-number", "number" },
	{ "hl-comment", "comment todo url" },
	{ "hl-function", "function predef_func" },
	{ "hl-preprocessor", "preproc annotation" },
	{ "hl-variable", "variable predef_var" },
	{ "hl-constant", "constant specialchar" },
	{ "hl-symbol", "label atom" },
	{ "hl-tag", "tag selector" },
	{ "hl-attribute", "attribute" },
	{ "hl-property", "property key" },
	{ "hl-inserted", "newfile" },
	{ "hl-deleted", "oldfile" },
	{ "hl-heading", "heading section difflines" },
	{ "hl-prompt", "prompt" },
};

/* Notes how long each piece is; the text itself we have. */
class run_formatter : public srchilite::Formatter {
      public:
	run_formatter(std::vector<run> &runs, size_t class_index)
	    : runs_(runs), class_index_(static_cast<uint8_t>(class_index))
	{
	}

	void format(const std::string &text,
	    const srchilite::FormatterParams *) override
	{
		if (!runs_.empty() && runs_.back().class_index == class_index_)
			runs_.back().size += text.size();
		else
			runs_.push_back({ text.size(), class_index_ });
	}

      private:
	std::vector<run> &runs_;
	uint8_t class_index_;
};

} /* namespace */

struct highlighter {
	line_text line;
	std::vector<run> runs;
	rule_factory factory;
	srchilite::LangDefManager languages;
	srchilite::FormatterManager formatters;
	std::map<const struct code_language *, srchilite::HighlightStatePtr>
	    states;
	size_t max_line_size = MAX_LINE_SIZE;
	std::string own_folder;
	std::string library_folder;

	highlighter()
	    : factory(line), languages(&factory),
	      formatters(srchilite::FormatterPtr(new run_formatter(runs, 0)))
	{
	}
};

namespace {

void
add_formatters(struct highlighter *highlighter)
{
	for (size_t i = 0; i < G_N_ELEMENTS(CLASSES); i++) {
		g_auto(GStrv) elements =
		    g_strsplit(CLASSES[i].elements, " ", -1);
		srchilite::FormatterPtr formatter(
		    new run_formatter(highlighter->runs, i));

		for (size_t j = 0; elements[j] != NULL; j++) {
			highlighter->formatters.addFormatter(
			    elements[j], formatter);
		}
	}
}

void
log_definition(const struct code_language *language, const std::string &message,
    unsigned line)
{
	log_warning("highlighter.definition", "file", language->definition,
	    "line", std::to_string(line).c_str(), "reason", message.c_str());
}

/* An empty pointer when the definition cannot be had. */
srchilite::HighlightStatePtr
read_definition(
    struct highlighter *highlighter, const struct code_language *language)
{
	const std::string &folder = language->is_own
					? highlighter->own_folder
					: highlighter->library_folder;
	std::string file = folder + "/" + language->definition;

	/* Said once, when it was found out. */
	if (folder.empty())
		return srchilite::HighlightStatePtr();
	try {
		/* The library would go on to look where the process stands. */
		if (!g_file_test(file.c_str(), G_FILE_TEST_IS_REGULAR))
			throw std::runtime_error("no such file in " + folder);
		return highlighter->languages.getHighlightState(
		    folder, language->definition);
	} catch (const srchilite::ParserException &error) {
		log_definition(language, error.message, error.line);
	} catch (const srchilite::HighlightBuilderException &error) {
		log_definition(language, error.message, error.line);
	} catch (const std::exception &error) {
		log_definition(language, error.what(), 0);
	}
	return srchilite::HighlightStatePtr();
}

/* The first state of a language; what cannot be had is tried and logged once.
 */
srchilite::HighlightStatePtr
load_language(
    struct highlighter *highlighter, const struct code_language *language)
{
	auto found = highlighter->states.find(language);
	srchilite::HighlightStatePtr state;

	if (found != highlighter->states.end())
		return found->second;
	if (language->definition != NULL)
		state = read_definition(highlighter, language);
	highlighter->states[language] = state;
	return state;
}

/*
 * Append a line with its runs. The library counts bytes: a run that ends within
 * a character is made to end after it.
 */
void
append_runs(
    GString *out, const char *line, size_t size, const std::vector<run> &runs)
{
	size_t begin = 0;
	size_t end = 0;

	for (const run &piece : runs) {
		size_t stop;

		end += piece.size;
		stop = std::min(end, size);
		while (stop < size && (line[stop] & 0xc0) == 0x80)
			stop++;
		if (stop <= begin)
			continue;
		if (piece.class_index > 0) {
			g_string_append(out, "<span class=\"");
			g_string_append(out, CLASSES[piece.class_index].name);
			g_string_append(out, "\">");
		}
		append_escaped(out, line + begin, stop - begin);
		if (piece.class_index > 0)
			g_string_append(out, "</span>");
		begin = stop;
	}
	append_escaped(out, line + begin, size - begin);
}

void
append_line(struct highlighter *highlighter,
    srchilite::SourceHighlighter &machine, GString *out, const char *line,
    size_t size)
{
	size_t total = 0;

	highlighter->runs.clear();
	if (size <= highlighter->max_line_size) {
		highlighter->line.text.assign(line, size);
		highlighter->line.serial++;
		highlighter->line.last_place = NOWHERE;
		machine.highlightParagraph(highlighter->line.text);
	}
	for (const run &piece : highlighter->runs)
		total += piece.size;
	if (total != size)
		highlighter->runs.clear();
	append_runs(out, line, size, highlighter->runs);
}

/* Returns false, with part of the code appended, when it must be plain. */
bool
append_lines(struct highlighter *highlighter,
    const srchilite::HighlightStatePtr &state, GString *out, const char *code,
    size_t size)
{
	srchilite::SourceHighlighter machine(state);
	size_t limit = out->len + max_output(size);

	machine.setFormatterManager(&highlighter->formatters);
	for (size_t begin = 0; begin < size;) {
		const char *feed = static_cast<const char *>(
		    memchr(code + begin, '\n', size - begin));
		size_t end =
		    feed == NULL ? size : static_cast<size_t>(feed - code);
		size_t text_end = end;

		if (text_end > begin && code[text_end - 1] == '\r')
			text_end--;
		append_line(
		    highlighter, machine, out, code + begin, text_end - begin);
		end = std::min(end + 1, size);
		g_string_append_len(
		    out, code + text_end, static_cast<gssize>(end - text_end));
		begin = end;
		if (out->len > limit)
			return false;
	}
	return true;
}

bool
append_coloured(struct highlighter *highlighter, GString *out, const char *info,
    const char *code, size_t size)
{
	const struct code_language *language = code_language_find(info);
	gsize length = out->len;

	try {
		srchilite::HighlightStatePtr state;

		if (language == NULL || size > MAX_BLOCK_SIZE)
			return false;
		highlighter->max_line_size =
		    language->is_own ? MAX_LINE_SIZE : MAX_FOREIGN_LINE_SIZE;
		state = load_language(highlighter, language);
		if (state && append_lines(highlighter, state, out, code, size))
			return true;
	} catch (const std::exception &error) {
		log_info("highlighter.plain", "language", language->name,
		    "reason", error.what());
	}
	g_string_truncate(out, length);
	return false;
}

/* `folder`, or "" with a word in the log when it is not there. */
std::string
folder_of_definitions(const std::string &folder)
{
	if (g_file_test(folder.c_str(), G_FILE_TEST_IS_DIR))
		return folder;
	log_warning("highlighter.folder", "file", folder.c_str(), "reason",
	    "not there: code in many languages stays plain");
	return "";
}

} /* namespace */

struct highlighter *
highlighter_new(void)
{
	try {
		auto highlighter = std::make_unique<struct highlighter>();
		g_autofree char *folder = data_file_directory();

		highlighter->own_folder =
		    folder_of_definitions(std::string(folder) + "/languages");
		highlighter->library_folder = folder_of_definitions(
		    srchilite::Settings::getDefaultDataDir());
		add_formatters(highlighter.get());
		return highlighter.release();
	} catch (const std::exception &error) {
		log_warning("highlighter.failed", "reason", error.what());
		return NULL;
	}
}

void
highlighter_free(struct highlighter *highlighter)
{
	delete highlighter;
}

void
highlighter_preload(struct highlighter *highlighter)
{
	const struct code_language *language;

	if (highlighter == NULL)
		return;
	try {
		for (size_t i = 0; (language = code_language_at(i)) != NULL;
		     i++)
			if (language->definition != NULL)
				load_language(highlighter, language);
	} catch (const std::exception &error) {
		log_warning("highlighter.failed", "reason", error.what());
	}
}

#else /* WITH_SOURCE_HIGHLIGHT */

struct highlighter *
highlighter_new(void)
{
	return NULL;
}

void
highlighter_free(struct highlighter *)
{
}

void
highlighter_preload(struct highlighter *)
{
}

namespace {

bool
append_coloured(
    struct highlighter *, GString *, const char *, const char *, size_t)
{
	return false;
}

} /* namespace */

#endif /* WITH_SOURCE_HIGHLIGHT */

void
highlighter_append_html(struct highlighter *highlighter, GString *out,
    const char *info, const char *code, size_t size)
{
	if (highlighter == NULL ||
	    !append_coloured(highlighter, out, info, code, size))
		append_escaped(out, code, size);
}

char *
highlighter_language_name(const char *info)
{
	const struct code_language *language = code_language_find(info);
	g_autofree char *word = NULL;
	GString *name = NULL;

	if (language != NULL) {
		return *language->name == '\0' ? NULL
					       : g_strdup(language->name);
	}
	word = code_language_word(info);
	name = g_string_new(NULL);
	for (const char *at = word; *at != '\0'; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char_validated(at, -1);

		if (c >= (gunichar)-2 ||
		    g_utf8_strlen(name->str, -1) >= MAX_NAME_LENGTH)
			break;
		if (g_unichar_isalnum(c) ||
		    (c < 0x80 && strchr("+#.-", (int)c)))
			g_string_append_unichar(name, c);
	}
	return g_string_free(name, name->len == 0);
}
