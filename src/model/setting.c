/*
 * setting.c - the settings of the blog: a table of their names, kinds, limits
 * and defaults, and nothing about them anywhere else.
 *
 * What must hold: struct blog is always whole and valid. A stored value that
 * this program would not store (somebody else wrote it) gives the default and a
 * line in the log.
 */
#include "config.h"

#include "model/setting.h"

#include <stddef.h>
#include <string.h>

#include "article_private.h"
#include "base/language.h"
#include "base/logger.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "clean.h"
#include "store/database.h"

static const char SQL_LOAD[] = "SELECT key, value"
			       " FROM setting";

static const char SQL_FIND[] = "SELECT value"
			       " FROM setting"
			       " WHERE key = :key";

static const char SQL_STORE[] = "INSERT INTO setting (key, value)"
				" VALUES (:key, :value)"
				" ON CONFLICT (key) DO UPDATE"
				" SET value = excluded.value"
				" WHERE value IS NOT excluded.value";

static const char SQL_GENERATION[] = "SELECT generation, changed_at"
				     " FROM blog"
				     " WHERE id = 1";

enum setting_kind {
	SETTING_LINE,       /* char *, one line */
	SETTING_TEXT,       /* char *, several lines */
	SETTING_LANGUAGE,   /* char *, BCP 47 */
	SETTING_ZONE,       /* char *, a name of the tz database */
	SETTING_PERMALINK,  /* char *, a pattern */
	SETTING_NAVIGATION, /* GPtrArray of struct blog_link */
	SETTING_HOSTS,      /* char **, NULL-terminated */
	SETTING_NUMBER,     /* int64_t, 1..limit */
	SETTING_SWITCH,     /* bool, "true" or "false" */
	SETTING_DATE_STYLE  /* enum date_style */
};

struct setting {
	const char *key;
	enum setting_kind kind;
	size_t offset;         /* in struct blog */
	size_t limit;          /* characters, or the highest number */
	bool is_required;      /* may not be empty */
	const char *otherwise; /* the default; NULL: byline.conf has it */
};

#define FIELD(name) offsetof(struct blog, name)

static const struct setting settings[] = {
	{ "site_name", SETTING_LINE, FIELD(site_name), 80, true, "Byline" },
	{ "section", SETTING_LINE, FIELD(section), 80, false, "Writing" },
	{ "title", SETTING_LINE, FIELD(title), 120, true, "Blog" },
	{ "tagline", SETTING_LINE, FIELD(tagline), 300, false, "" },
	{ "description", SETTING_LINE, FIELD(description), 500, false, "" },
	{ "language", SETTING_LANGUAGE, FIELD(language), 35, true, "en" },
	{ "time_zone", SETTING_ZONE, FIELD(time_zone), 64, true, "UTC" },
	{ "date_style", SETTING_DATE_STYLE, FIELD(date_style), 20, true,
	    "long" },
	{ "per_page", SETTING_NUMBER, FIELD(per_page), 100, true, "10" },
	{ "feed_size", SETTING_NUMBER, FIELD(feed_size), 100, true, "20" },
	{ "permalink", SETTING_PERMALINK, FIELD(permalink), 200, true,
	    "/articles/{slug}" },
	{ "navigation", SETTING_NAVIGATION, FIELD(navigation), 4000, false,
	    "" },
	{ "subscribe_title", SETTING_LINE, FIELD(subscribe_title), 80, true,
	    "Stay in the loop" },
	{ "subscribe_text", SETTING_LINE, FIELD(subscribe_text), 300, false,
	    "New articles by e-mail, when there are any. No spam, and one "
	    "click to leave." },
	{ "subscribing_open", SETTING_SWITCH, FIELD(is_subscribing_open), 5,
	    true, "false" },
	{ "count_views", SETTING_SWITCH, FIELD(is_counting_views), 5, true,
	    "true" },
	{ "robots", SETTING_TEXT, FIELD(robots), 8000, false, "" },
	{ "footer", SETTING_LINE, FIELD(footer), 300, false, "" },
	{ "iframe_hosts", SETTING_HOSTS, FIELD(iframe_hosts), 9000, false,
	    NULL },
	{ "theme_notes", SETTING_TEXT, FIELD(theme_notes), 8000, false, "" },
};

static const char *const date_style_names[] = {
	[DATE_STYLE_LONG] = "long",
	[DATE_STYLE_DAY_FIRST] = "day-first",
	[DATE_STYLE_ISO] = "iso",
};

/* ---- links of the navigation ---- */

static void
free_link(void *data)
{
	struct blog_link *link = data;

	g_free(link->name);
	g_free(link->address);
	g_free(link);
}

static bool
is_link_address(const char *text)
{
	if (*text != '/')
		return clean_is_web_address(text);
	if (text[1] == '/')
		return false;
	for (; *text != '\0'; text++)
		if ((guchar)*text <= ' ' || *text == 0x7f || *text == '\\')
			return false;
	return true;
}

/* One line, "Name = /address"; NULL when it is not one. */
static struct blog_link *
parse_link(const char *line)
{
	const char *equals = strchr(line, '=');
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;
	struct blog_link *link;

	if (equals == NULL)
		return NULL;
	name = g_strndup(line, (gsize)(equals - line));
	address = g_strdup(equals + 1);
	g_strstrip(name);
	g_strstrip(address);
	if (*name == '\0' || g_utf8_strlen(name, -1) > 80 ||
	    !is_link_address(address))
		return NULL;
	link = g_new0(struct blog_link, 1);
	link->name = g_steal_pointer(&name);
	link->address = g_steal_pointer(&address);
	return link;
}

/* `out_wrong` is the line that cannot be read, counted from 1. */
static enum status
parse_navigation(const char *text, GPtrArray **out_links, guint *out_wrong)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func(free_link);

	for (guint i = 0; lines[i] != NULL; i++) {
		struct blog_link *link;

		if (*g_strstrip(lines[i]) == '\0')
			continue;
		link = parse_link(lines[i]);
		if (link == NULL) {
			*out_wrong = i + 1;
			return STATUS_INVALID;
		}
		g_ptr_array_add(links, link);
	}
	*out_links = g_steal_pointer(&links);
	return STATUS_OK;
}

/* ---- hosts ---- */

/* Add what is on line `number` to `hosts`, once, or the number to `wrong`. */
static void
parse_host(const char *line, guint number, GPtrArray *hosts, GString *wrong)
{
	char *host = settings_iframe_host(line);

	if (host == NULL)
		g_string_append_printf(
		    wrong, wrong->len > 0 ? ", %u" : "%u", number);
	else if (g_ptr_array_find_with_equal_func(
		     hosts, host, g_str_equal, NULL))
		g_free(host);
	else
		g_ptr_array_add(hosts, host);
}

/* The hosts in `text`, one a line. NULL, with why in `out_problem`, when they
 * may not be stored; the caller frees either. */
static char **
parse_hosts(const char *text, char **out_problem)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) wrong = g_string_new(NULL);

	for (guint i = 0; lines[i] != NULL; i++)
		if (*g_strstrip(lines[i]) != '\0')
			parse_host(lines[i], i + 1, hosts, wrong);
	if (wrong->len > 0)
		*out_problem = g_strdup_printf(
		    "%s %s: not the name of a host, like www.example.org or "
		    "*.example.org (an international one as xn--...)",
		    strchr(wrong->str, ',') != NULL ? "lines" : "line",
		    wrong->str);
	else if (hosts->len > SETTINGS_MAX_IFRAME_HOSTS)
		*out_problem = g_strdup_printf("there are %u hosts, %d at most",
		    hosts->len, SETTINGS_MAX_IFRAME_HOSTS);
	if (wrong->len > 0 || hosts->len > SETTINGS_MAX_IFRAME_HOSTS)
		return NULL;
	g_ptr_array_add(hosts, NULL);
	return (char **)g_ptr_array_steal(hosts, NULL);
}

/* ---- checks ---- */

static bool
is_zone(const char *text)
{
	g_autoptr(GTimeZone) zone = time_zone_new(text);

	return zone != NULL;
}

/* Why `pattern` is no permalink; NULL when it is one. */
static const char *
permalink_problem(const char *pattern)
{
	static const char *const markers[] = { "{slug}", "{year}", "{month}",
		"{day}", "{category}", "{id}" };

	if (*pattern != '/' || g_str_has_suffix(pattern, "/") ||
	    strstr(pattern, "//") != NULL)
		return "it begins with one slash and ends without";
	for (const char *at = pattern; *at != '\0';) {
		size_t size = 0;

		for (size_t i = 0; i < G_N_ELEMENTS(markers); i++)
			if (g_str_has_prefix(at, markers[i]))
				size = strlen(markers[i]);
		if (size == 0 &&
		    (g_ascii_isalnum(*at) || strchr("-_/", *at) != NULL))
			size = 1;
		if (size == 0)
			return "it is made of letters, digits, -, _, / and "
			       "{slug} {year} {month} {day} {category} {id}";
		at += size;
	}
	if (strstr(pattern, "{slug}") == NULL &&
	    strstr(pattern, "{id}") == NULL)
		return "it holds {slug} or {id}, or two articles would share "
		       "an address";
	if (article_path_is_reserved(pattern))
		return "it begins with an address that Byline answers itself";
	return NULL;
}

static enum status
parse_date_style(const char *text, enum date_style *out_style)
{
	for (size_t i = 0; i < G_N_ELEMENTS(date_style_names); i++) {
		if (strcmp(text, date_style_names[i]) == 0) {
			*out_style = (enum date_style)i;
			return STATUS_OK;
		}
	}
	return STATUS_INVALID;
}

/* What is wrong with `text` as a list of hosts; NULL: nothing. The caller frees
 * it. */
static char *
hosts_problem(const char *text)
{
	char *problem = NULL;
	g_auto(GStrv) hosts = parse_hosts(text, &problem);

	return problem;
}

/* Whether `value`, cleaned, may be stored for `setting`. */
static enum status
check_value(const struct setting *setting, const char *value, GError **error)
{
	const char *problem = NULL;
	g_autofree char *words = NULL;
	int64_t number;
	enum date_style style;
	g_autoptr(GPtrArray) links = NULL;
	guint wrong = 0;

	if (setting->is_required && *value == '\0')
		problem = "it may not be empty";
	else if (setting->kind == SETTING_LANGUAGE && !language_is_tag(value))
		problem = "it is a language tag like en, de or pt-BR";
	else if (setting->kind == SETTING_ZONE && !is_zone(value))
		problem = "it is a name of the tz database, like Europe/Berlin "
			  "or UTC";
	else if (setting->kind == SETTING_PERMALINK)
		problem = permalink_problem(value);
	else if (setting->kind == SETTING_SWITCH &&
		 strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
		problem = "it is true or false";
	else if (setting->kind == SETTING_DATE_STYLE &&
		 parse_date_style(value, &style) != STATUS_OK)
		problem = "it is long, day-first or iso";
	else if (setting->kind == SETTING_NUMBER &&
		 (text_parse_integer(value, (int64_t)setting->limit, &number) !=
			 STATUS_OK ||
		     number < 1))
		problem = words = g_strdup_printf(
		    "it is a number from 1 to %zu", setting->limit);
	else if (setting->kind == SETTING_NAVIGATION &&
		 parse_navigation(value, &links, &wrong) != STATUS_OK)
		problem = words = g_strdup_printf(
		    "line %u is not like \"Name = /address\"", wrong);
	else if (setting->kind == SETTING_HOSTS)
		problem = words = hosts_problem(value);
	return problem != NULL
		   ? status_fail(error, STATUS_INVALID, "%s", problem)
		   : STATUS_OK;
}

/* ---- reading ---- */

static const struct setting *
find_setting(const char *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
		if (strcmp(settings[i].key, key) == 0)
			return &settings[i];
	return NULL;
}

static void *
field_of(struct blog *blog, const struct setting *setting)
{
	return (char *)blog + setting->offset;
}

/* Put `value`, which check_value() allows, into its field. */
static void
set_field(struct blog *blog, const struct setting *setting, const char *value)
{
	void *field = field_of(blog, setting);
	enum status status = STATUS_OK;
	guint wrong;
	GPtrArray *links;
	char *problem;

	switch (setting->kind) {
	case SETTING_NUMBER:
		status = text_parse_integer(value, INT64_MAX, field);
		break;
	case SETTING_SWITCH:
		*(bool *)field = strcmp(value, "true") == 0;
		break;
	case SETTING_DATE_STYLE:
		status = parse_date_style(value, field);
		break;
	case SETTING_NAVIGATION:
		status = parse_navigation(value, &links, &wrong);
		if (*(GPtrArray **)field != NULL)
			g_ptr_array_unref(*(GPtrArray **)field);
		*(GPtrArray **)field = links;
		break;
	case SETTING_HOSTS:
		g_strfreev(*(char ***)field);
		*(char ***)field = parse_hosts(value, &problem);
		break;
	default:
		g_free(*(char **)field);
		*(char **)field = g_strdup(value);
	}
	g_assert(status == STATUS_OK);
}

static void
set_stored(struct blog *blog, const char *key, const char *value)
{
	const struct setting *setting = find_setting(key);
	g_autoptr(GError) error = NULL;

	/* A newer Byline may have stored what this one does not know. */
	if (setting == NULL)
		return;
	if (check_value(setting, value, &error) == STATUS_OK)
		set_field(blog, setting, value);
	else
		log_warning("setting.ignored", "key", key, "value", value,
		    "reason", error->message);
}

enum status
setting_load(struct database *database, struct blog *out_blog)
{
	struct blog blog = { 0 };
	struct statement *statement;
	enum status status;

	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
		if (settings[i].otherwise != NULL)
			set_field(&blog, &settings[i], settings[i].otherwise);
	statement = database_statement(database, SQL_LOAD);
	while ((status = statement_step(statement)) == STATUS_OK)
		set_stored(&blog, statement_text(statement, 0),
		    statement_text(statement, 1));
	if (status != STATUS_NOT_FOUND) {
		setting_release(&blog);
		return status;
	}
	blog.zone = time_zone_new(blog.time_zone);
	if (blog.zone == NULL)
		blog.zone = g_time_zone_new_utc();
	blog.is_right_to_left = language_is_right_to_left(blog.language);
	*out_blog = blog;
	return STATUS_OK;
}

void
setting_release(struct blog *blog)
{
	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
		void *field = field_of(blog, &settings[i]);

		switch (settings[i].kind) {
		case SETTING_NUMBER:
		case SETTING_SWITCH:
		case SETTING_DATE_STYLE:
			break;
		case SETTING_NAVIGATION:
			if (*(GPtrArray **)field != NULL)
				g_ptr_array_unref(*(GPtrArray **)field);
			break;
		case SETTING_HOSTS:
			g_strfreev(*(char ***)field);
			break;
		default:
			g_free(*(char **)field);
		}
	}
	if (blog->zone != NULL)
		g_time_zone_unref(blog->zone);
	*blog = (struct blog){ 0 };
}

/* ---- writing ---- */

/* `text`, which is right, as it is stored: each host once, one a line. The
 * caller frees it. */
static char *
usual_hosts(const char *text)
{
	char *problem;
	g_auto(GStrv) hosts = parse_hosts(text, &problem);

	return g_strjoinv("\n", hosts);
}

/* `value` as it is stored for `setting`, if it may be. The caller frees it. */
static enum status
clean_value(const struct setting *setting, const char *value, char **out_clean,
    GError **error)
{
	bool has_lines = setting->kind == SETTING_TEXT ||
			 setting->kind == SETTING_NAVIGATION ||
			 setting->kind == SETTING_HOSTS;
	/* A number's limit is not one of its length. */
	size_t limit = setting->kind == SETTING_NUMBER ? 20 : setting->limit;
	g_autofree char *clean = NULL;
	enum status status = has_lines ? clean_text(value, limit, &clean)
				       : clean_line(value, limit, &clean);

	if (status == STATUS_TOO_LARGE)
		return status_fail(error, STATUS_INVALID,
		    "it is longer than %zu characters", limit);
	if (status != STATUS_OK)
		return status_fail(
		    error, STATUS_INVALID, "it is not valid UTF-8 text");
	status = check_value(setting, clean, error);
	if (status != STATUS_OK)
		return status;
	*out_clean = setting->kind == SETTING_HOSTS ? usual_hosts(clean)
						    : g_steal_pointer(&clean);
	return STATUS_OK;
}

enum status
setting_check(const char *key, const char *value, GError **error)
{
	const struct setting *setting = find_setting(key);
	g_autofree char *clean = NULL;

	if (setting == NULL)
		return status_fail(
		    error, STATUS_NOT_FOUND, "there is no setting %s", key);
	return clean_value(setting, value, &clean, error);
}

enum status
setting_store(struct database *database, const char *key, const char *value,
    GError **error)
{
	const struct setting *setting = find_setting(key);
	g_autofree char *clean = NULL;
	g_autoptr(GError) problem = NULL;
	struct statement *statement;
	enum status status;

	if (setting == NULL)
		return status_fail(
		    error, STATUS_NOT_FOUND, "there is no setting %s", key);
	status = clean_value(setting, value, &clean, &problem);
	if (status != STATUS_OK)
		return status_fail(error, status, "%s cannot be \"%s\": %s",
		    key, value, problem->message);
	statement = database_statement(database, SQL_STORE);
	statement_bind_text(statement, ":key", key);
	statement_bind_text(statement, ":value", clean);
	status = statement_run(statement);
	if (status != STATUS_OK)
		return status_fail(error, status, "%s could not be stored: %s",
		    key, status_name(status));
	return STATUS_OK;
}

/* The value of `setting` where none is stored. The caller frees it. */
static char *
default_of(const struct setting *setting, const struct settings *server)
{
	return setting->otherwise != NULL
		   ? g_strdup(setting->otherwise)
		   : g_strjoinv("\n", server->iframe_hosts);
}

enum status
setting_each(struct database *database, const struct settings *server,
    void (*visit)(const char *key, const char *value, void *data), void *data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
		struct statement *statement =
		    database_statement(database, SQL_FIND);
		g_autofree char *value = NULL;
		enum status status;

		statement_bind_text(statement, ":key", settings[i].key);
		status = statement_step(statement);
		if (status != STATUS_OK && status != STATUS_NOT_FOUND)
			return status;
		value = status == STATUS_OK ? statement_dup_text(statement, 0)
					    : default_of(&settings[i], server);
		statement_reset(statement);
		visit(settings[i].key, value, data);
	}
	return STATUS_OK;
}

enum status
setting_generation(
    struct database *database, int64_t *out_generation, int64_t *out_changed_at)
{
	struct statement *statement =
	    database_statement(database, SQL_GENERATION);
	enum status status = statement_step(statement);

	if (status != STATUS_OK)
		return status;
	*out_generation = statement_integer(statement, 0);
	*out_changed_at = statement_integer(statement, 1);
	statement_reset(statement);
	return STATUS_OK;
}
