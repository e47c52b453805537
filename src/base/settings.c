/*
 * settings.c - reads and writes byline.conf.
 *
 * One table says what keys there are, of what type, with what default, what
 * they allow and what the file says of them; reading, refusing and writing all
 * follow it. What must stay true: a program starts with a configuration that
 * is right in every line, or not at all; and each refusal names the line, which
 * GKeyFile does not know, so it is looked for in the text.
 */
#include "config.h"

#include "base/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "settings_check.h"

#define MAX_FILE_SIZE ((size_t)64 * 1024)

enum setting_type {
	SETTING_TEXT,    /* char *; an empty one is NULL */
	SETTING_INTEGER, /* int64_t, between min and max */
	SETTING_LIST     /* char **, NULL-terminated, never NULL */
};

static const struct known_key {
	const char *group;
	const char *name;
	enum setting_type type;
	size_t offset; /* in struct settings */
	const char *initial;
	int64_t min, max;            /* of a list: max entries, or 0: any */
	bool (*check)(char **value); /* of a text, or each entry of a list */
	const char *allowed;         /* "NAME must be ..." */
	const char *comment;         /* for a new file */
} KNOWN_KEYS[] = {
	{ "site", "base_url", SETTING_TEXT, offsetof(struct settings, base_url),
	    "http://127.0.0.1:8080", 0, 0, check_base_url,
	    "an address like https://example.org or https://example.org/blog:"
	    " http or https, a host (an international one as xn--...), perhaps"
	    " a port, and a path without a slash at its end",
	    "# The address that readers know, without a slash at its end. All\n"
	    "# links in feeds and mails begin with it.\n" },
	{ "fastcgi", "workers", SETTING_INTEGER,
	    offsetof(struct settings, workers), "4", 0, 64, NULL,
	    "a whole number from 0 to 64",
	    "# How many processes answer requests; 0: one, that nobody restarts"
	    ".\n" },
	{ "fastcgi", "listen", SETTING_TEXT, offsetof(struct settings, listen),
	    "", 0, 0, check_listen,
	    "unix:/PATH, unix:/PATH,MODE (octal), 127.0.0.1:PORT or [::1]:PORT",
	    "# Where to listen, unless the command line or systemd says so:\n"
	    "# unix:/run/byline/byline.sock,0660 or 127.0.0.1:9000\n" },
	{ "fastcgi", "socket_group", SETTING_TEXT,
	    offsetof(struct settings, socket_group), "", 0, 0, check_group,
	    "the name of a group",
	    "# The group of a unix socket: the web server's, so that it may\n"
	    "# connect. Empty: this program's own.\n" },
	{ "fastcgi", "request_seconds", SETTING_INTEGER,
	    offsetof(struct settings, request_seconds), "30", 1, 300, NULL,
	    "a whole number of seconds from 1 to 300",
	    "# After so many seconds a request is given up.\n" },
	{ "desk", "workers", SETTING_INTEGER,
	    offsetof(struct settings, desk_workers), "2", 0, 64, NULL,
	    "a whole number from 0 to 64",
	    "# The same for desk.fcgi, where authors write.\n" },
	{ "desk", "listen", SETTING_TEXT,
	    offsetof(struct settings, desk_listen), "", 0, 0, check_listen,
	    "unix:/PATH, unix:/PATH,MODE (octal), 127.0.0.1:PORT or [::1]:PORT",
	    "# Its own socket: unix:/run/byline/desk.sock,0660\n" },
	{ "proxy", "trusted_proxies", SETTING_LIST,
	    offsetof(struct settings, trusted_proxies), "", 0, 0,
	    check_ip_range,
	    "IP addresses, or ranges of them, with semicolons between them, "
	    "like 10.0.0.1;192.0.2.0/24;fd00::/8",
	    "# Addresses of proxies before the web server, whose headers\n"
	    "# X-Forwarded-For and -Proto are believed: "
	    "10.0.0.1;192.0.2.0/24\n" },
	{ "content", "iframe_hosts", SETTING_LIST,
	    offsetof(struct settings, iframe_hosts),
	    "www.youtube-nocookie.com;www.youtube.com;player.vimeo.com", 0,
	    SETTINGS_MAX_IFRAME_HOSTS, check_host_pattern,
	    "at most 32 names of hosts with semicolons between them, like"
	    " www.example.org;*.video.example.org",
	    "# Hosts whose frames (videos, mostly) may stand in articles, until"
	    " an\n"
	    "# owner sets them at the desk; *.example.org is every host below\n"
	    "# example.org.\n" },
	{ "security", "security_contact", SETTING_TEXT,
	    offsetof(struct settings, security_contact), "", 0, 0,
	    check_contact,
	    "an address that begins with mailto:, https:// or tel:",
	    "# Who should hear of a weakness, for /.well-known/security.txt:\n"
	    "# mailto:security@example.org. Empty: no such page.\n" },
};

/* A file being read. Translations ("key[de]") are kept, or GKeyFile would drop
 * them without a word. */
struct source {
	const char *path;
	char *text;
	GKeyFile *keys;
};

/* The text of a line without the space before it, and its group if it begins
 * one. */
static char *
group_of_line(const char *line)
{
	const char *end;

	if (line[0] != '[')
		return NULL;
	end = strchr(line, ']');
	return end != NULL ? g_strndup(line + 1, (gsize)(end - line - 1))
			   : NULL;
}

static bool
is_line_of_key(const char *line, const char *name)
{
	size_t size = strlen(name);

	if (strncmp(line, name, size) != 0)
		return false;
	line += size;
	while (*line == ' ' || *line == '\t')
		line++;
	return *line == '=';
}

/*
 * The line in which `name` (NULL: the group itself) of `group` stands, the
 * `occurrence`th from 0 on; 0 when there is none.
 */
static int
find_line(const char *text, const char *group, const char *name, int occurrence)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	bool is_in_group = false;

	for (int i = 0; lines[i] != NULL; i++) {
		const char *line = g_strchug(lines[i]);
		g_autofree char *begun = group_of_line(line);

		if (begun != NULL)
			is_in_group = strcmp(begun, group) == 0;
		if (!is_in_group ||
		    (name == NULL ? begun == NULL
				  : !is_line_of_key(line, name)))
			continue;
		if (occurrence-- == 0)
			return i + 1;
	}
	return 0;
}

/* "FILE:LINE: ..." */
static enum status
refuse(const struct source *source, const char *group, const char *name,
    GError **error, const char *reason)
{
	int line = find_line(source->text, group, name, 0);

	return status_fail(error, STATUS_INVALID, "%s:%d: %s", source->path,
	    MAX(line, 1), reason);
}

static int
line_of_offset(const char *text, size_t offset)
{
	int line = 1;

	for (size_t i = 0; i < offset; i++) {
		if (text[i] == '\n')
			line++;
	}
	return line;
}

/*
 * GKeyFile says what is wrong but not where: it is the first line with which
 * the text before it can no longer be read.
 */
static enum status
refuse_syntax(const struct source *source, const GError *reason, GError **error)
{
	const char *end = source->text;
	int line = 0;

	while (*end != '\0') {
		g_autoptr(GKeyFile) keys = g_key_file_new();

		end += strcspn(end, "\n");
		line++;
		if (!g_key_file_load_from_data(keys, source->text,
			(gsize)(end - source->text),
			G_KEY_FILE_KEEP_TRANSLATIONS, NULL))
			break;
		if (*end == '\n')
			end++;
	}
	return status_fail(error, STATUS_INVALID, "%s:%d: %s", source->path,
	    MAX(line, 1), reason->message);
}

static enum status
read_text(struct source *source, GError **error)
{
	g_autoptr(GError) reason = NULL;
	size_t size, offset;

	if (!g_file_get_contents(source->path, &source->text, &size, &reason)) {
		if (g_error_matches(reason, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
			source->text = g_strdup("");
			return STATUS_OK;
		}
		return status_fail(error, STATUS_FAILED, "%s", reason->message);
	}
	if (size > MAX_FILE_SIZE)
		return status_fail(error, STATUS_TOO_LARGE,
		    "%s:1: the file is larger than 64 KB", source->path);
	if (!text_is_valid_utf8(source->text, size, &offset))
		return status_fail(error, STATUS_INVALID,
		    "%s:%d: the line is not UTF-8", source->path,
		    line_of_offset(source->text, offset));
	return STATUS_OK;
}

static const struct known_key *
find_known(const char *group, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(KNOWN_KEYS); i++) {
		if (strcmp(KNOWN_KEYS[i].group, group) == 0 &&
		    (name == NULL || strcmp(KNOWN_KEYS[i].name, name) == 0))
			return &KNOWN_KEYS[i];
	}
	return NULL;
}

/* The keys of a group, for the person who mistyped one. */
static char *
list_names(const char *group)
{
	GString *names = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(KNOWN_KEYS); i++) {
		if (strcmp(KNOWN_KEYS[i].group, group) != 0)
			continue;
		if (names->len > 0)
			g_string_append(names, ", ");
		g_string_append(names, KNOWN_KEYS[i].name);
	}
	return g_string_free(names, FALSE);
}

static enum status
check_names_in(const struct source *source, const char *group, GError **error)
{
	g_auto(GStrv) names =
	    g_key_file_get_keys(source->keys, group, NULL, NULL);

	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		g_autofree char *known = NULL;
		g_autofree char *reason = NULL;
		int again;

		if (find_known(group, names[i]) == NULL) {
			known = list_names(group);
			reason = g_strdup_printf("[%s] has no key \"%s\"; it "
						 "has: %s",
			    group, names[i], known);
			return refuse(source, group, names[i], error, reason);
		}
		again = find_line(source->text, group, names[i], 1);
		if (again != 0)
			return status_fail(error, STATUS_INVALID,
			    "%s:%d: \"%s\" stands twice in [%s]", source->path,
			    again, names[i], group);
	}
	return STATUS_OK;
}

static enum status
check_names(const struct source *source, GError **error)
{
	g_auto(GStrv) groups = g_key_file_get_groups(source->keys, NULL);

	for (size_t i = 0; groups[i] != NULL; i++) {
		g_autofree char *reason = NULL;
		enum status status;

		if (find_known(groups[i], NULL) == NULL) {
			reason = g_strdup_printf(
			    "there is no group [%s]; there are: site, fastcgi,"
			    " desk, proxy, content, security",
			    groups[i]);
			return refuse(source, groups[i], NULL, error, reason);
		}
		status = check_names_in(source, groups[i], error);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* GKeyFile is asked for the list only for what it knows of escapes: "\;". */
static char **
read_list(const struct source *source, const struct known_key *key)
{
	char **entries;

	if (!g_key_file_has_key(source->keys, key->group, key->name, NULL)) {
		entries = g_strsplit(key->initial, ";", -1);
	} else {
		entries = g_key_file_get_string_list(
		    source->keys, key->group, key->name, NULL, NULL);
	}
	return entries;
}

static char *
read_value(const struct source *source, const struct known_key *key)
{
	if (!g_key_file_has_key(source->keys, key->group, key->name, NULL))
		return g_strdup(key->initial);
	return g_key_file_get_string(source->keys, key->group, key->name, NULL);
}

static bool
set_text(const struct source *source, const struct known_key *key, char **out)
{
	g_autofree char *value = read_value(source, key);

	if (value == NULL)
		return false;
	g_strstrip(value);
	/* What has a default cannot be empty. */
	if (*value == '\0')
		return *key->initial == '\0';
	if (!key->check(&value))
		return false;
	*out = g_steal_pointer(&value);
	return true;
}

static bool
set_integer(
    const struct source *source, const struct known_key *key, int64_t *out)
{
	g_autofree char *value = read_value(source, key);
	int64_t number;

	if (value == NULL ||
	    text_parse_integer(g_strstrip(value), key->max, &number) !=
		STATUS_OK ||
	    number < key->min)
		return false;
	*out = number;
	return true;
}

static bool
set_list(const struct source *source, const struct known_key *key, char ***out)
{
	g_auto(GStrv) entries = read_list(source, key);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

	if (entries == NULL)
		return false;
	for (size_t i = 0; entries[i] != NULL; i++) {
		char *entry = g_strdup(g_strstrip(entries[i]));

		/* The last entry may have its semicolon too. */
		if (*entry == '\0') {
			g_free(entry);
			continue;
		}
		if ((key->max > 0 && list->len >= key->max) ||
		    !key->check(&entry)) {
			g_free(entry);
			return false;
		}
		g_ptr_array_add(list, entry);
	}
	g_ptr_array_add(list, NULL);
	*out = (char **)g_ptr_array_steal(list, NULL);
	return true;
}

static bool
set_key(const struct source *source, const struct known_key *key,
    struct settings *settings)
{
	void *member = (char *)settings + key->offset;

	switch (key->type) {
	case SETTING_TEXT:
		return set_text(source, key, member);
	case SETTING_INTEGER:
		return set_integer(source, key, member);
	case SETTING_LIST:
		return set_list(source, key, member);
	}
	return false;
}

static enum status
set_all(const struct source *source, struct settings *settings, GError **error)
{
	struct base_url url = { 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(KNOWN_KEYS); i++) {
		const struct known_key *key = &KNOWN_KEYS[i];
		g_autofree char *reason = NULL;

		if (set_key(source, key, settings))
			continue;
		reason =
		    g_strdup_printf("%s must be %s", key->name, key->allowed);
		return refuse(source, key->group, key->name, error, reason);
	}
	if (!base_url_parse(settings->base_url, &url))
		return STATUS_FAILED;
	settings->origin = url.origin;
	settings->base_path = url.path;
	settings->is_https = url.is_https;
	return STATUS_OK;
}

enum status
settings_load(const char *path, struct settings *out_settings, GError **error)
{
	g_autoptr(GKeyFile) keys = g_key_file_new();
	g_autoptr(GError) reason = NULL;
	struct source source = { .path = path, .keys = keys };
	struct settings settings = { 0 };
	enum status status = read_text(&source, error);

	if (status == STATUS_OK &&
	    !g_key_file_load_from_data(keys, source.text, strlen(source.text),
		G_KEY_FILE_KEEP_TRANSLATIONS, &reason))
		status = refuse_syntax(&source, reason, error);
	if (status == STATUS_OK)
		status = check_names(&source, error);
	if (status == STATUS_OK)
		status = set_all(&source, &settings, error);
	if (status == STATUS_OK)
		*out_settings = settings;
	else
		settings_release(&settings);
	g_free(source.text);
	return status;
}

void
settings_release(struct settings *settings)
{
	g_free(settings->base_url);
	g_free(settings->origin);
	g_free(settings->base_path);
	g_free(settings->listen);
	g_free(settings->socket_group);
	g_free(settings->desk_listen);
	g_strfreev(settings->trusted_proxies);
	g_strfreev(settings->iframe_hosts);
	g_free(settings->security_contact);
	*settings = (struct settings){ 0 };
}

char *
settings_iframe_host(const char *text)
{
	char *host = g_strdup(text);

	if (!check_host_pattern(&host))
		g_clear_pointer(&host, g_free);
	return host;
}

/* Every key with its comment, each group once. */
static char *
compose_file(const char *base_url)
{
	GString *text = g_string_new(
	    "# byline.conf - what a server needs to know; see byline.conf(5).\n"
	    "# A key that is left out has the value shown here.\n");
	const char *group = "";

	for (size_t i = 0; i < G_N_ELEMENTS(KNOWN_KEYS); i++) {
		const struct known_key *key = &KNOWN_KEYS[i];
		bool is_base_url =
		    key->offset == offsetof(struct settings, base_url);

		if (strcmp(group, key->group) != 0)
			g_string_append_printf(text, "\n[%s]\n", key->group);
		group = key->group;
		g_string_append_printf(text, "%s%s=%s\n", key->comment,
		    key->name, is_base_url ? base_url : key->initial);
	}
	return g_string_free(text, FALSE);
}

enum status
settings_create(const char *path, const char *base_url, GError **error)
{
	g_autofree char *address = g_strdup(base_url);
	g_autofree char *text = NULL;
	bool is_written;
	int fd, cause;

	if (!check_base_url(&address))
		return status_fail(error, STATUS_INVALID,
		    "\"%s\" cannot be the blog's address; it must be %s",
		    base_url, KNOWN_KEYS[0].allowed);
	text = compose_file(address);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return status_fail(
		    error, STATUS_CONFLICT, "%s is there already", path);
	if (fd < 0)
		return status_fail(error, STATUS_FAILED, "cannot make %s: %s",
		    path, g_strerror(errno));
	is_written = file_write(fd, text, strlen(text)) && fsync(fd) == 0;
	cause = errno;
	close(fd);
	if (is_written)
		return STATUS_OK;
	unlink(path);
	return status_fail(error, STATUS_FAILED, "cannot write %s: %s", path,
	    g_strerror(cause));
}
