/*
 * template_engine.cc - see template/template_engine.h.
 *
 * The dictionary is our own: ctemplate asks for values through an interface,
 * and behind it stands one arena a page instead of interned names, locks and
 * maps. Must stay true: ctemplate never opens a file (what is not in the cache
 * is not asked for), no exception but std::bad_alloc leaves a function (nothing
 * above catches it: it aborts, as everywhere), and a name that ends in _HTML
 * has only trusted values.
 */
#include "config.h"

#include "template/template_engine.h"

#include <cstddef>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary_interface.h>
#include <ctemplate/template_emitter.h>
#include <ctemplate/template_enums.h>

#include "template/template_scan.h"
#include "template/template_theme.h"
extern "C" {
#include "base/logger.h"
}

using ctemplate::TemplateDictionaryInterface;
using ctemplate::TemplateString;

namespace {

/* Memory that is given back all at once. */
class arena {
      public:
	arena() = default;
	arena(const arena &) = delete;
	arena &operator=(const arena &) = delete;
	~arena()
	{
		for (char *block : blocks)
			g_free(block);
	}

	void *take(size_t size)
	{
		size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
		if (size > static_cast<size_t>(limit - next))
			grow(size);
		char *taken = next;
		next += size;
		return taken;
	}

	char *copy(const char *bytes, size_t size)
	{
		char *to = static_cast<char *>(take(size + 1));
		memcpy(to, bytes, size);
		to[size] = '\0';
		return to;
	}

      private:
	static constexpr size_t ALIGNMENT = alignof(max_align_t);
	static constexpr size_t BLOCK_SIZE = 16 * 1024;

	void grow(size_t size)
	{
		size_t block_size = MAX(size, BLOCK_SIZE);
		next = static_cast<char *>(g_malloc(block_size));
		limit = next + block_size;
		blocks.push_back(next);
	}

	char *next = nullptr;
	char *limit = nullptr;
	std::vector<char *> blocks;
};

/* A name, compared by its hash first. */
struct name {
	uint32_t hash;
	uint32_t size;
	const char *text;

	bool operator==(const name &other) const
	{
		return hash == other.hash && size == other.size &&
		       memcmp(text, other.text, size) == 0;
	}
};

/* The first and the last eight bytes tell nearly all names apart. */
name
make_name(const char *text, size_t size)
{
	uint64_t first = 0;
	uint64_t last = 0;

	memcpy(&first, text, size < sizeof(first) ? size : sizeof(first));
	if (size > sizeof(last))
		memcpy(&last, text + size - sizeof(last), sizeof(last));
	uint64_t mixed =
	    (first ^ (last << 7) ^ (last >> 57)) * UINT64_C(0x9e3779b97f4a7c15);
	return { static_cast<uint32_t>((mixed ^ size) >> 32) ^
		     static_cast<uint32_t>(size),
		static_cast<uint32_t>(size), text };
}

/* A growing array in an arena; `ITEM` needs no destructor. */
template <typename ITEM> class list {
      public:
	void add(arena &memory, const ITEM &item)
	{
		if (count == capacity) {
			uint32_t larger = capacity == 0 ? 4 : capacity * 2;
			auto *moved = static_cast<ITEM *>(
			    memory.take(larger * sizeof(ITEM)));
			if (count > 0)
				memcpy(static_cast<void *>(moved), items,
				    count * sizeof(ITEM));
			items = moved;
			capacity = larger;
		}
		items[count++] = item;
	}
	ITEM *begin() const
	{
		return items;
	}
	ITEM *end() const
	{
		return items + count;
	}
	uint32_t size() const
	{
		return count;
	}
	ITEM &operator[](uint32_t index) const
	{
		return items[index];
	}

      private:
	ITEM *items = nullptr;
	uint32_t count = 0;
	uint32_t capacity = 0;
};

struct variable {
	name called;
	const char *value;
	size_t size;
};

/* A section that is shown, with its repetitions if it has any. */
struct section {
	name called;
	list<template_dict *> dicts;
};

/* An include marker that is filled. */
struct include {
	name called;
	list<template_dict *> dicts;
	list<const char *> files;
};

template <typename ITEM>
ITEM *
find(const list<ITEM> &items, const name &wanted)
{
	for (ITEM &item : items)
		if (item.called == wanted)
			return &item;
	return nullptr;
}

bool
ends_in_html(const char *text, size_t size)
{
	return size > 5 && memcmp(text + size - 5, "_HTML", 5) == 0;
}

} // namespace

/* All of a tree stands in the arena of its root and is never destroyed one by
 * one: members must not own anything. */
struct template_dict final : public TemplateDictionaryInterface {
	template_dict(arena *memory_, template_dict *parent_, bool is_include_)
	    : memory(memory_), parent(parent_),
	      root(parent_ ? parent_->root : this), is_include(is_include_)
	{
	}

	arena *memory;
	template_dict *parent; /* where what is not found here comes from */
	template_dict *root;
	bool is_include;
	list<variable> variables;
	list<section> sections;
	list<include> includes;
	list<const char *> files; /* root: every file that is included */

	void set(const char *text, const char *value, size_t size)
	{
		name called = make_name(text, strlen(text));
		variable *old = ::find(variables, called);

		if (old)
			*old = { called, value, size };
		else
			variables.add(*memory, { called, value, size });
	}

	section *show(const char *text)
	{
		name called = make_name(text, strlen(text));
		section *shown = ::find(sections, called);

		if (shown)
			return shown;
		sections.add(*memory, { called, {} });
		return sections.end() - 1;
	}

	template_dict *make_child(bool child_is_include)
	{
		void *place = memory->take(sizeof(template_dict));
		return new (place)
		    template_dict(memory, this, child_is_include);
	}

	const section *find_section(const TemplateString &text) const
	{
		name wanted = make_name(text.data(), text.size());

		for (const template_dict *dict = this; dict;
		     dict = dict->parent) {
			const section *found = ::find(dict->sections, wanted);
			if (found)
				return found;
		}
		return nullptr;
	}

	/* Not beyond the template: or a file could include itself. */
	const include *find_include(const TemplateString &text) const
	{
		name wanted = make_name(text.data(), text.size());

		for (const template_dict *dict = this; dict;
		     dict = dict->is_include ? nullptr : dict->parent) {
			const include *found = ::find(dict->includes, wanted);
			if (found)
				return found;
		}
		return nullptr;
	}

	/* What ctemplate asks. */
	TemplateString GetValue(const TemplateString &text) const override
	{
		name wanted = make_name(text.data(), text.size());

		for (const template_dict *dict = this; dict;
		     dict = dict->parent) {
			const variable *found = ::find(dict->variables, wanted);
			if (found)
				return TemplateString(
				    found->value, found->size);
		}
		return TemplateString("", 0);
	}

	bool IsHiddenSection(const TemplateString &text) const override
	{
		return !find_section(text);
	}

	bool IsUnhiddenSection(const TemplateString &text) const override
	{
		return find_section(text);
	}

	bool IsHiddenTemplate(const TemplateString &text) const override
	{
		return !find_include(text);
	}

	const char *GetIncludeTemplateName(
	    const TemplateString &text, int index) const override
	{
		const include *found = find_include(text);

		return found ? found->files[static_cast<uint32_t>(index)] : "";
	}

	class children final : public Iterator {
	      public:
		explicit children(const list<template_dict *> *dicts)
		    : next(dicts ? dicts->begin() : nullptr),
		      end(dicts ? dicts->end() : nullptr)
		{
		}
		bool HasNext() const override
		{
			return next != end;
		}
		const TemplateDictionaryInterface &Next() override
		{
			return **next++;
		}

	      private:
		template_dict *const *next;
		template_dict *const *end;
	};

	Iterator *CreateTemplateIterator(
	    const TemplateString &text) const override
	{
		const include *found = find_include(text);
		return new children(found ? &found->dicts : nullptr);
	}

	Iterator *CreateSectionIterator(
	    const TemplateString &text) const override
	{
		const section *found = find_section(text);
		return new children(found ? &found->dicts : nullptr);
	}

	void DumpToString(std::string *, int) const override
	{
	}
};

namespace {

/* Straight into the caller's string. */
class string_emitter final : public ctemplate::ExpandEmitter {
      public:
	explicit string_emitter(GString *to) : out(to)
	{
	}
	void Emit(char c) override
	{
		g_string_append_c(out, c);
	}
	void Emit(const std::string &text) override
	{
		append(text.data(), text.size());
	}
	void Emit(const char *text) override
	{
		append(text, strlen(text));
	}
	void Emit(const char *text, size_t size) override
	{
		append(text, size);
	}

      private:
	void append(const char *text, size_t size)
	{
		if (out->len + size >= out->allocated_len) {
			g_string_append_len(
			    out, text, static_cast<gssize>(size));
			return;
		}
		memcpy(out->str + out->len, text, size);
		out->len += size;
		out->str[out->len] = '\0';
	}

	GString *out;
};

/* ctemplate says what is wrong on std::cerr: keep it from there. */
class captured_errors {
      public:
	captured_errors() : saved(std::cerr.rdbuf(kept.rdbuf()))
	{
	}
	captured_errors(const captured_errors &) = delete;
	captured_errors &operator=(const captured_errors &) = delete;
	~captured_errors()
	{
		std::cerr.rdbuf(saved);
	}

	/* Its words on one line, without its own "ERROR: " marks. */
	std::string words() const
	{
		std::string text = kept.str();

		for (const char *mark : { "ERROR: ", "WARNING: ", "Template : ",
			 "Auto-Escape: ", "\nIn: __{{MAIN}}__" })
			for (size_t at;
			     (at = text.find(mark)) != std::string::npos;)
				text.erase(at, strlen(mark));
		for (char &c : text)
			if (c == '\n')
				c = ' ';
		while (!text.empty() && text.back() == ' ')
			text.pop_back();
		return text.empty() ? "ctemplate refuses it" : text;
	}

      private:
	std::ostringstream kept;
	std::streambuf *saved;
};

enum class slot_state {
	UNREAD,
	READY,
	BROKEN
};

} // namespace

struct template_engine {
	const struct data_file *builtin;
	size_t count;
	std::string theme; /* "": none */
	std::vector<slot_state> slots;
	GArray *problems; /* struct template_problem */
	ctemplate::TemplateCache cache;
};

namespace {

bool
parse(ctemplate::TemplateCache &cache, const char *key, const char *bytes,
    size_t size)
{
	GString *text = template_scan_strip(bytes, size);
	bool is_good = cache.StringToTemplateCache(
	    key, TemplateString(text->str, text->len), ctemplate::DO_NOT_STRIP);

	g_string_free(text, TRUE);
	return is_good;
}

/* The first line with which ctemplate refuses the template; it names none. */
uint32_t
find_line(const char *bytes, size_t size)
{
	captured_errors unheard;
	uint32_t good = 0;
	uint32_t bad = 1;

	for (const char *at = bytes; at < bytes + size; at++)
		bad += *at == '\n';
	while (bad - good > 1) {
		uint32_t middle = good + (bad - good) / 2;
		ctemplate::TemplateCache scratch;
		GString *text = template_scan_prefix(bytes, size, middle);

		if (parse(scratch, "prefix", text->str, text->len))
			good = middle;
		else
			bad = middle;
		g_string_free(text, TRUE);
	}
	return bad;
}

/* Put one text into the cache under the name of `index`. On false what is wrong
 * is added to the problems. */
bool
load_text(template_engine *engine, size_t index, const char *file,
    const char *bytes, size_t size)
{
	captured_errors errors;

	if (parse(engine->cache, engine->builtin[index].name, bytes, size))
		return true;
	template_problems_add(engine->problems, file, find_line(bytes, size),
	    TRUE, errors.words().c_str());
	return false;
}

bool
check_text(
    template_engine *engine, const char *file, const char *bytes, size_t size)
{
	struct template_scan scan;
	bool is_good =
	    template_scan_check(bytes, size, FALSE, &scan) == STATUS_OK;

	if (!is_good)
		template_problems_add(
		    engine->problems, file, scan.line, TRUE, scan.message);
	template_scan_release(&scan);
	return is_good;
}

/* Load the theme's template instead of the built-in one, if there is one and
 * it is good. `known` may be NULL. */
bool
load_override(template_engine *engine, size_t index, GHashTable *known)
{
	if (engine->theme.empty())
		return false;
	std::string path = engine->theme + "/" + engine->builtin[index].name;
	const char *file = path.c_str();
	GString *text = nullptr;
	GError *error = nullptr;
	enum status status = template_theme_read(file, &text, &error);

	if (status != STATUS_OK) {
		if (status != STATUS_NOT_FOUND)
			template_problems_add(
			    engine->problems, file, 0, TRUE, error->message);
		g_error_free(error);
		return false;
	}
	bool is_good = check_text(engine, file, text->str, text->len) &&
		       load_text(engine, index, file, text->str, text->len);
	if (is_good && known)
		template_theme_check_names(file, text, known, engine->problems);
	g_string_free(text, TRUE);
	return is_good;
}

/* The built-in one. Its text is as it was when the tests passed: unless all is
 * checked, only the line without which nothing is escaped. */
bool
load_builtin(template_engine *engine, size_t index, bool is_checked)
{
	const struct data_file *file = &engine->builtin[index];
	bool is_good =
	    is_checked ? check_text(engine, file->name, file->bytes, file->size)
		       : template_scan_has_pragma(file->bytes, file->size);

	return is_good &&
	       load_text(engine, index, file->name, file->bytes, file->size);
}

/* Bring template `index` into the cache; `known` is given when all are
 * checked. */
bool
load_slot(template_engine *engine, size_t index, GHashTable *known)
{
	slot_state &state = engine->slots[index];

	if (state == slot_state::UNREAD)
		state = load_override(engine, index, known) ||
				load_builtin(engine, index, known)
			    ? slot_state::READY
			    : slot_state::BROKEN;
	return state == slot_state::READY;
}

/* The same by name, on first use: what is wrong goes to the log. */
bool
load_file(template_engine *engine, const char *file)
{
	guint known = engine->problems->len;
	bool is_good = false;

	for (size_t i = 0; i < engine->count; i++)
		if (strcmp(engine->builtin[i].name, file) == 0)
			is_good = load_slot(engine, i, nullptr);
	template_problems_log(engine->problems, known);
	return is_good;
}

} // namespace

struct template_engine *
template_engine_new(
    const struct data_file *builtin, size_t count, const char *theme_directory)
{
	auto *engine = new template_engine();

	engine->builtin = builtin;
	engine->count = count;
	engine->theme = theme_directory ? theme_directory : "";
	engine->slots.assign(count, slot_state::UNREAD);
	engine->problems = template_problems_new();
	return engine;
}

void
template_engine_free(struct template_engine *engine)
{
	if (!engine)
		return;
	g_array_unref(engine->problems);
	delete engine;
}

enum status
template_engine_load(struct template_engine *engine, GArray **out_problems)
{
	GHashTable *known =
	    template_theme_known(engine->builtin, engine->count);
	enum status status = STATUS_OK;

	for (size_t i = 0; i < engine->count; i++)
		if (!load_slot(engine, i, known))
			status = STATUS_FAILED;
	g_hash_table_unref(known);
	if (out_problems)
		*out_problems = template_problems_copy(engine->problems);
	else
		template_problems_log(engine->problems, 0);
	return status;
}

struct template_dict *
template_dict_new(void)
{
	arena *memory = new arena();
	void *place = memory->take(sizeof(template_dict));

	return new (place) template_dict(memory, nullptr, false);
}

void
template_dict_free(struct template_dict *dict)
{
	if (dict)
		delete dict->memory;
}

void
template_dict_set(
    struct template_dict *dict, const char *name, const char *value)
{
	size_t size = value ? strlen(value) : 0;

	if (ends_in_html(name, strlen(name)))
		g_error("%s takes trusted HTML only", name);
	dict->set(name, dict->memory->copy(value ? value : "", size), size);
}

void
template_dict_set_integer(
    struct template_dict *dict, const char *name, int64_t value)
{
	char text[24];

	g_snprintf(text, sizeof(text), "%" G_GINT64_FORMAT, value);
	template_dict_set(dict, name, text);
}

void
template_dict_set_trusted_html(struct template_dict *dict, const char *name,
    const char *value, size_t size)
{
	if (!ends_in_html(name, strlen(name)))
		g_error("%s does not end in _HTML", name);
	dict->set(name, value ? value : "", value ? size : 0);
}

void
template_dict_show(struct template_dict *dict, const char *name)
{
	dict->show(name);
}

struct template_dict *
template_dict_add(struct template_dict *dict, const char *name)
{
	struct template_dict *child = dict->make_child(false);

	dict->show(name)->dicts.add(*dict->memory, child);
	return child;
}

struct template_dict *
template_dict_include(
    struct template_dict *dict, const char *name, const char *file)
{
	struct template_dict *child = dict->make_child(true);
	struct name called = make_name(name, strlen(name));
	include *filled = find(dict->includes, called);

	if (!filled) {
		dict->includes.add(*dict->memory, { called, {}, {} });
		filled = dict->includes.end() - 1;
	}
	file = dict->memory->copy(file, strlen(file));
	filled->dicts.add(*dict->memory, child);
	filled->files.add(*dict->memory, file);
	dict->root->files.add(*dict->memory, file);
	return child;
}

void
template_dict_set_everywhere(
    struct template_dict *dict, const char *name, const char *value)
{
	template_dict_set(dict->root, name, value);
}

void
template_dict_show_everywhere(struct template_dict *dict, const char *name)
{
	template_dict_show(dict->root, name);
}

/* Whether all that an expansion may ask for is in the cache: ctemplate would
 * look for the rest among files. */
static bool
load_files(struct template_engine *engine, const char *file,
    const struct template_dict *dict)
{
	if (!load_file(engine, file)) {
		log_error("template.missing", "file", file);
		return false;
	}
	for (const char *included : dict->root->files)
		if (!load_file(engine, included)) {
			log_error("template.missing", "file", included,
			    "included", file);
			return false;
		}
	return true;
}

static bool
expand(struct template_engine *engine, const char *file,
    const struct template_dict *dict, GString *out)
{
	string_emitter emitter(out);

	if (engine->cache.ExpandWithData(
		file, ctemplate::DO_NOT_STRIP, dict, nullptr, &emitter))
		return true;
	log_error("template.failed", "file", file);
	return false;
}

enum status
template_expand(struct template_engine *engine, const char *file,
    struct template_dict *dict, GString *out)
{
	size_t before = out->len;

	try {
		if (load_files(engine, file, dict) &&
		    expand(engine, file, dict, out))
			return STATUS_OK;
	} catch (const std::exception &error) {
		log_error(
		    "template.failed", "file", file, "reason", error.what());
	}
	g_string_truncate(out, before);
	return STATUS_FAILED;
}
