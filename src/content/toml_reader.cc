/*
 * toml_reader.cc - walks the tree that cpptoml makes of TOML.
 *
 * toml_text.h prepares what the library reads; its exceptions end here, as does
 * everything else of C++.
 */
#include "config.h"

#include "content/toml_reader.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>

/* Tables in the order of their keys, so that the same file reads the same. */
#define CPPTOML_USE_MAP
#include <cpptoml.h>

#include "content/front_matter_field.h"
#include "toml_text.h"

namespace {

struct walk {
	GHashTable *fields;
	const struct toml_text *text;
};

/* The line of a key, or of the table it stands in. */
uint32_t
line_of(const struct walk &walk, const std::string &key, uint32_t table_line)
{
	gpointer line;

	return g_hash_table_lookup_extended(
		   walk.text->keys, key.c_str(), NULL, &line)
		   ? GPOINTER_TO_UINT(line)
		   : table_line;
}

char *
text_of(const std::string &text)
{
	return front_matter_field_text(text.data(), text.size());
}

std::string
format_zone(const cpptoml::zone_offset &zone)
{
	int minutes = zone.hour_offset * 60 + zone.minute_offset;
	char text[32];

	if (minutes == 0)
		return "Z";
	std::snprintf(text, sizeof(text), "%c%02d:%02d",
	    minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
	    std::abs(minutes) % 60);
	return text;
}

template <class T>
std::string
print(const T &value)
{
	std::ostringstream out;

	out << value;
	return out.str();
}

/* A value that is no array or table, as text. */
std::string
format_value(const cpptoml::base &value)
{
	if (auto text = value.as<std::string>())
		return text->get();
	if (auto truth = value.as<bool>())
		return truth->get() ? "true" : "false";
	if (auto number = value.as<int64_t>())
		return std::to_string(number->get());
	if (auto number = value.as<double>())
		return print(number->get());
	if (auto time = value.as<cpptoml::offset_datetime>()) {
		const cpptoml::offset_datetime &when = time->get();

		return print<cpptoml::local_datetime>(when) + format_zone(when);
	}
	if (auto time = value.as<cpptoml::local_datetime>())
		return print(time->get());
	if (auto date = value.as<cpptoml::local_date>())
		return print(date->get());
	if (auto time = value.as<cpptoml::local_time>())
		return print(time->get());
	return "";
}

void
add_array(const struct walk &walk, const cpptoml::array &array,
    const char *table, const std::string &key, uint32_t line)
{
	struct front_matter_field *field = front_matter_fields_add(
	    walk.fields, table, key.c_str(), FRONT_MATTER_LIST, line);

	for (const auto &entry : array.get()) {
		if (entry->is_value()) {
			g_ptr_array_add(
			    field->items, text_of(format_value(*entry)));
		} else {
			field->is_partial = true;
		}
	}
	if (g_hash_table_contains(walk.text->mixed, field->key))
		field->is_partial = true;
}

/* Tables in a list stand for their names: authors with addresses and so on. */
void
add_table_array(const struct walk &walk, const cpptoml::table_array &array,
    const char *table, const std::string &key, uint32_t line)
{
	struct front_matter_field *field = front_matter_fields_add(
	    walk.fields, table, key.c_str(), FRONT_MATTER_LIST, line);

	for (const auto &entry : array.get()) {
		auto name = entry->get_as<std::string>("name");

		if (name)
			g_ptr_array_add(field->items, text_of(*name));
		else
			field->is_partial = true;
	}
}

void add_table(const struct walk &walk, const cpptoml::table &members,
    const char *table, uint32_t table_line, unsigned depth);

void
add_member(const struct walk &walk, cpptoml::base &value, const char *table,
    const std::string &key, uint32_t table_line, unsigned depth)
{
	std::string whole = table == NULL ? key : table + ("." + key);
	uint32_t line = line_of(walk, whole, table_line);
	struct front_matter_field *field;

	if (value.is_array()) {
		add_array(walk, *value.as_array(), table, key, line);
	} else if (value.is_table_array()) {
		add_table_array(
		    walk, *value.as_table_array(), table, key, line);
	} else if (value.is_table()) {
		front_matter_fields_add(
		    walk.fields, table, key.c_str(), FRONT_MATTER_TABLE, line);
		if (depth < FRONT_MATTER_FIELD_MAX_DEPTH) {
			add_table(walk, *value.as_table(), whole.c_str(), line,
			    depth + 1);
		}
	} else {
		field = front_matter_fields_add(
		    walk.fields, table, key.c_str(), FRONT_MATTER_TEXT, line);
		field->text = text_of(format_value(value));
	}
}

void
add_table(const struct walk &walk, const cpptoml::table &members,
    const char *table, uint32_t table_line, unsigned depth)
{
	for (const auto &member : members) {
		add_member(walk, *member.second, table, member.first,
		    table_line, depth);
	}
}

/*
 * The library's message, which ends with the line of what it read, with the
 * line of the file.
 */
enum status
fail(const struct toml_text &text, const std::string &message, GError **error)
{
	static const char MARK[] = " at line ";
	size_t mark = message.rfind(MARK);
	uint32_t line =
	    text.lines->len == 0 ? 1 : g_array_index(text.lines, uint32_t, 0);
	unsigned long number;

	if (mark != std::string::npos) {
		number = std::strtoul(
		    message.c_str() + mark + sizeof(MARK) - 1, NULL, 10);
		if (number >= 1 && number <= text.lines->len)
			line = g_array_index(text.lines, uint32_t, number - 1);
	}
	return status_fail(error, STATUS_INVALID, "%u: %s", line,
	    message.substr(0, mark).c_str());
}

enum status
read_text(const struct toml_text &text, uint32_t first_line, GHashTable *fields,
    GError **error)
{
	try {
		std::istringstream stream(
		    std::string(text.text->str, text.text->len));
		cpptoml::parser parser(stream);
		struct walk walk = { fields, &text };

		add_table(walk, *parser.parse(), NULL, first_line, 1);
		return STATUS_OK;
	} catch (const std::exception &exception) {
		return fail(text, exception.what(), error);
	}
}

} /* namespace */

enum status
toml_reader_read(const char *bytes, size_t size, uint32_t first_line,
    GHashTable *fields, GError **error)
{
	struct toml_text text;
	enum status status =
	    toml_text_rewrite(bytes, size, first_line, &text, error);

	if (status == STATUS_OK) {
		status = read_text(text, first_line, fields, error);
		toml_text_release(&text);
	}
	return status;
}
