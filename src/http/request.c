/*
 * request.c - see request.h. It must keep true that whatever leaves here is
 * decoded once, valid UTF-8 and within its limit, and that a path has one
 * spelling: what a route is decided on is what the client asked for.
 */
#include "config.h"

#include "http/request.h"

#include <string.h>

#include "base/date.h"
#include "base/logger.h"
#include "base/text.h"
#include "base/token.h"
#include "header.h"
#include "http/client_address.h"
#include "http/form.h"

/* The variables we know, in the order of `variable_names`. */
enum variable {
	VARIABLE_REQUEST_METHOD,
	VARIABLE_REQUEST_URI,
	VARIABLE_QUERY_STRING,
	VARIABLE_PATH_INFO,
	VARIABLE_SCRIPT_NAME,
	VARIABLE_CONTENT_LENGTH,
	VARIABLE_CONTENT_TYPE,
	VARIABLE_REMOTE_ADDR,
	VARIABLE_HTTPS,
	VARIABLE_REQUEST_SCHEME,
	VARIABLE_IF_NONE_MATCH,
	VARIABLE_IF_MODIFIED_SINCE,
	VARIABLE_FORWARDED_FOR,
	VARIABLE_FORWARDED_PROTO,
	VARIABLE_TRANSFER_ENCODING,
	VARIABLE_COOKIE,
	VARIABLE_HOST,
	VARIABLE_ORIGIN,
	VARIABLE_FETCH_SITE,
	VARIABLE_FETCH_DEST,
	VARIABLE_SEC_PURPOSE,
	VARIABLE_PURPOSE,
	VARIABLE_USER_AGENT,
	VARIABLE_FORM_TOKEN,
	VARIABLE_COUNT
};

#define NAME(text)                                                             \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}

static const struct {
	const char *name;
	size_t size;
} variable_names[VARIABLE_COUNT] = {
	[VARIABLE_REQUEST_METHOD] = NAME("REQUEST_METHOD"),
	[VARIABLE_REQUEST_URI] = NAME("REQUEST_URI"),
	[VARIABLE_QUERY_STRING] = NAME("QUERY_STRING"),
	[VARIABLE_PATH_INFO] = NAME("PATH_INFO"),
	[VARIABLE_SCRIPT_NAME] = NAME("SCRIPT_NAME"),
	[VARIABLE_CONTENT_LENGTH] = NAME("CONTENT_LENGTH"),
	[VARIABLE_CONTENT_TYPE] = NAME("CONTENT_TYPE"),
	[VARIABLE_REMOTE_ADDR] = NAME("REMOTE_ADDR"),
	[VARIABLE_HTTPS] = NAME("HTTPS"),
	[VARIABLE_REQUEST_SCHEME] = NAME("REQUEST_SCHEME"),
	[VARIABLE_IF_NONE_MATCH] = NAME("HTTP_IF_NONE_MATCH"),
	[VARIABLE_IF_MODIFIED_SINCE] = NAME("HTTP_IF_MODIFIED_SINCE"),
	[VARIABLE_FORWARDED_FOR] = NAME("HTTP_X_FORWARDED_FOR"),
	[VARIABLE_FORWARDED_PROTO] = NAME("HTTP_X_FORWARDED_PROTO"),
	[VARIABLE_TRANSFER_ENCODING] = NAME("HTTP_TRANSFER_ENCODING"),
	[VARIABLE_COOKIE] = NAME("HTTP_COOKIE"),
	[VARIABLE_HOST] = NAME("HTTP_HOST"),
	[VARIABLE_ORIGIN] = NAME("HTTP_ORIGIN"),
	[VARIABLE_FETCH_SITE] = NAME("HTTP_SEC_FETCH_SITE"),
	[VARIABLE_FETCH_DEST] = NAME("HTTP_SEC_FETCH_DEST"),
	[VARIABLE_SEC_PURPOSE] = NAME("HTTP_SEC_PURPOSE"),
	[VARIABLE_PURPOSE] = NAME("HTTP_PURPOSE"),
	[VARIABLE_USER_AGENT] = NAME("HTTP_USER_AGENT"),
	[VARIABLE_FORM_TOKEN] = NAME("HTTP_X_FORM_TOKEN"),
};

/* What stands in the variables; NULL: not given. */
struct variables {
	const char *values[VARIABLE_COUNT];
	size_t header_size;
	bool has_two_lengths; /* CONTENT_LENGTH twice, and they differ */
};

static void
read_variable(struct variables *variables, const char *variable)
{
	const char *equals = strchr(variable, '=');
	size_t size;

	if (equals == NULL)
		return;
	size = (size_t)(equals - variable);
	if (size > 5 && memcmp(variable, "HTTP_", 5) == 0)
		variables->header_size += strlen(variable);
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		const char **value = &variables->values[i];

		if (variable_names[i].size != size ||
		    memcmp(variable_names[i].name, variable, size) != 0)
			continue;
		if (i == VARIABLE_CONTENT_LENGTH && *value != NULL &&
		    strcmp(*value, equals + 1) != 0)
			variables->has_two_lengths = true;
		if (*value == NULL)
			*value = equals + 1;
		return;
	}
}

static void
read_variables(struct variables *variables, const char *const *strings)
{
	*variables = (struct variables){ .header_size = 0 };
	for (; *strings != NULL; strings++)
		read_variable(variables, *strings);
}

/* The variable, or "" where it is not given. */
static const char *
value_of(const struct variables *variables, enum variable variable)
{
	const char *value = variables->values[variable];

	return value != NULL ? value : "";
}

size_t
request_max_body(const struct request_options *options)
{
	return options->max_body > 0 ? options->max_body : REQUEST_MAX_BODY;
}

static enum status
parse_length(const struct variables *variables, size_t max, size_t *out_size)
{
	const char *text = value_of(variables, VARIABLE_CONTENT_LENGTH);
	size_t size = 0;

	if (variables->has_two_lengths)
		return STATUS_INVALID;
	if (text[strspn(text, "0123456789")] != '\0')
		return STATUS_INVALID;
	for (; *text != '\0'; text++) {
		size = size * 10 + (size_t)(*text - '0');
		if (size > max)
			return STATUS_TOO_LARGE;
	}
	*out_size = size;
	return STATUS_OK;
}

enum status
request_body_size(const struct request_options *options,
    const char *const *variables, size_t *out_size)
{
	struct variables known;

	read_variables(&known, variables);
	return parse_length(&known, request_max_body(options), out_size);
}

/* What is wrong with a request; `http_status` is 0 while nothing is. */
struct verdict {
	int http_status;
	const char *reason;
};

static const struct verdict GOOD = { 0, NULL };

static struct verdict
refuse(int http_status, const char *reason)
{
	return (struct verdict){ http_status, reason };
}

static struct verdict
check_sizes(
    const struct variables *variables, size_t max_body, size_t body_size)
{
	size_t length = 0;

	if (variables->header_size > REQUEST_MAX_HEADERS)
		return refuse(431, "the headers are too large");
	if (strlen(value_of(variables, VARIABLE_REQUEST_URI)) >
		REQUEST_MAX_TARGET ||
	    strlen(value_of(variables, VARIABLE_PATH_INFO)) +
		    strlen(value_of(variables, VARIABLE_QUERY_STRING)) >
		REQUEST_MAX_TARGET)
		return refuse(414, "the address is too long");
	switch (parse_length(variables, max_body, &length)) {
	case STATUS_OK:
		break;
	case STATUS_TOO_LARGE:
		return refuse(413, "the body is too large");
	default:
		return refuse(400, "the length of the body is not a number");
	}
	if (length != body_size)
		return refuse(400, "the body is not as long as was said");
	if (length == 0 &&
	    *value_of(variables, VARIABLE_TRANSFER_ENCODING) != '\0' &&
	    *value_of(variables, VARIABLE_CONTENT_LENGTH) == '\0')
		return refuse(501, "a body without a length");
	return GOOD;
}

static struct verdict
parse_method(const struct variables *variables, struct request *request)
{
	const char *name = value_of(variables, VARIABLE_REQUEST_METHOD);

	if (*name == '\0')
		return refuse(400, "there is no method");
	if (strlen(name) > 32 || !header_is_token(name))
		return refuse(400, "the method is not a word");
	g_free(request->method_name);
	request->method_name = g_strdup(name);
	if (strcmp(name, "GET") == 0)
		request->method = HTTP_METHOD_GET;
	else if (strcmp(name, "HEAD") == 0)
		request->method = HTTP_METHOD_HEAD;
	else if (strcmp(name, "POST") == 0)
		request->method = HTTP_METHOD_POST;
	return GOOD;
}

/* Where the path of a request target begins: behind scheme and host if it has
 * them (RFC 9112 section 3.2.2). */
static const char *
skip_origin(const char *target)
{
	const char *authority = NULL;
	const char *path;

	if (g_ascii_strncasecmp(target, "http://", 7) == 0)
		authority = target + 7;
	else if (g_ascii_strncasecmp(target, "https://", 8) == 0)
		authority = target + 8;
	if (authority == NULL)
		return target;
	path = authority + strcspn(authority, "/?");
	return *path == '/' ? path : "/";
}

/*
 * Decode the percent escapes of `size` bytes once. NULL: an escape is broken,
 * or hides a slash. The caller frees it; NUL ends up inside, and `*out_size`
 * counts it.
 */
static char *
decode_path(const char *bytes, size_t size, size_t *out_size)
{
	g_autofree char *path = g_malloc(size + 1);
	size_t used = 0;

	for (size_t i = 0; i < size; i++) {
		int high, low;

		if (bytes[i] != '%') {
			path[used++] = bytes[i];
			continue;
		}
		if (size - i < 3)
			return NULL;
		high = g_ascii_xdigit_value(bytes[i + 1]);
		low = g_ascii_xdigit_value(bytes[i + 2]);
		if (high < 0 || low < 0 || (high << 4 | low) == '/')
			return NULL;
		path[used++] = (char)(high << 4 | low);
		i += 2;
	}
	path[used] = '\0';
	*out_size = used;
	return g_steal_pointer(&path);
}

/* Whether a segment of a path is one that names something: not empty (but at
 * the end), not "." or "..". */
static bool
is_named_segment(const char *segment, size_t size, bool is_last)
{
	if (size == 0)
		return is_last;
	return segment[0] != '.' ||
	       (size != 1 && !(size == 2 && segment[1] == '.'));
}

/* Whether a decoded path may be routed. */
static bool
is_clean_path(const char *path, size_t size)
{
	if (size == 0 || path[0] != '/' ||
	    !text_is_valid_utf8(path, size, NULL))
		return false;
	for (const char *p = path; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar character = g_utf8_get_char(p);

		if (character == '\\' || character < 0x20 ||
		    (character >= 0x7f && character <= 0x9f) ||
		    character == 0x2028 || character == 0x2029)
			return false;
	}
	for (const char *p = path; *p == '/';) {
		size_t segment = strcspn(++p, "/");

		if (!is_named_segment(p, segment, p[segment] == '\0'))
			return false;
		p += segment;
	}
	return true;
}

/* `path` less `prefix`, if it is `prefix` or below it; else NULL. */
static const char *
strip_prefix(const char *path, const char *prefix)
{
	size_t size = strlen(prefix);

	if (strncmp(path, prefix, size) != 0 ||
	    (path[size] != '/' && path[size] != '\0'))
		return NULL;
	return path[size] == '/' ? path + size : "/";
}

/*
 * The path of REQUEST_URI where the program was asked for by its own name
 * ("/cgi-bin/byline.cgi/tags"): less SCRIPT_NAME, if PATH_INFO is the rest.
 */
static const char *
strip_script(const struct variables *variables, const char *path)
{
	const char *script = value_of(variables, VARIABLE_SCRIPT_NAME);
	const char *info = value_of(variables, VARIABLE_PATH_INFO);
	const char *rest = NULL;

	if (*script != '\0' && *info != '\0')
		rest = strip_prefix(path, script);
	return rest != NULL && strcmp(rest, info) == 0 ? rest : NULL;
}

/* The path below the base; decoded and clean, or NULL. The caller frees it. */
static char *
find_path(const struct variables *variables, const char *target,
    const char *base_path)
{
	const char *info = value_of(variables, VARIABLE_PATH_INFO);
	const char *raw = skip_origin(target);
	g_autofree char *path = NULL;
	const char *rest;
	size_t size;

	if (*target == '\0') {
		if (!is_clean_path(info, strlen(info)))
			return NULL;
		return g_strdup(info);
	}
	path = decode_path(raw, strcspn(raw, "?"), &size);
	if (path == NULL || !is_clean_path(path, size))
		return NULL;
	rest = *base_path == '\0' ? strip_script(variables, path) : NULL;
	if (rest == NULL)
		rest = strip_prefix(path, base_path);
	if (rest == NULL)
		rest = strip_script(variables, path);
	if (rest == NULL)
		rest = *info != '\0' ? info : path;
	if (!is_clean_path(rest, strlen(rest)))
		return NULL;
	return g_strdup(rest);
}

static struct verdict
parse_fields(const char *bytes, size_t size, struct form **out_form)
{
	switch (form_parse(bytes, size, out_form)) {
	case STATUS_OK:
		return GOOD;
	case STATUS_TOO_LARGE:
		return refuse(400, "too many parameters");
	default:
		return refuse(400,
		    "a field has a NUL or bytes in it that are no UTF-8 text");
	}
}

static struct verdict
parse_target(const struct variables *variables,
    const struct request_options *options, struct request *request)
{
	const char *target = value_of(variables, VARIABLE_REQUEST_URI);
	const char *query = value_of(variables, VARIABLE_QUERY_STRING);
	struct form *form;
	struct verdict verdict;

	request->path = find_path(variables, target,
	    options->base_path != NULL ? options->base_path : "");
	if (request->path == NULL)
		return refuse(400, "the address is not well-formed");
	if (*target != '\0') {
		const char *mark = strchr(target, '?');

		query = mark != NULL ? mark + 1 : "";
	}
	verdict = parse_fields(query, strlen(query), &form);
	if (verdict.http_status == 0) {
		form_free(request->query);
		request->query = form;
		g_free(request->raw_query);
		request->raw_query = g_strdup(query);
	}
	return verdict;
}

/* Whether `content_type` is this media type, whatever its parameters. */
static bool
is_media_type(const char *content_type, const char *type)
{
	size_t size = strlen(type);

	return g_ascii_strncasecmp(content_type, type, size) == 0 &&
	       (content_type[size] == '\0' || content_type[size] == ';' ||
		   content_type[size] == ' ');
}

/* A form with files, which come with a name each and bytes of any kind. */
static struct verdict
parse_multipart(const struct request_options *options, const char *content_type,
    const void *body, size_t size, struct form **out_form)
{
	switch (options->parse_multipart(content_type, body, size, out_form)) {
	case STATUS_OK:
		return GOOD;
	case STATUS_TOO_LARGE:
		return refuse(413, "the form is too large");
	default:
		return refuse(400, "the form is not well-formed");
	}
}

static struct verdict
parse_form(const struct variables *variables,
    const struct request_options *options, const void *body, size_t size,
    struct form **out_form)
{
	const char *type = value_of(variables, VARIABLE_CONTENT_TYPE);

	if (is_media_type(type, "application/x-www-form-urlencoded")) {
		if (size > REQUEST_MAX_BODY)
			return refuse(413, "the form is too large");
		return parse_fields(body, size, out_form);
	}
	if (options->parse_multipart != NULL &&
	    is_media_type(type, "multipart/form-data"))
		return parse_multipart(options, type, body, size, out_form);
	return GOOD;
}

static struct verdict
parse_body(const struct variables *variables,
    const struct request_options *options, const void *body, size_t size,
    struct request *request)
{
	struct verdict verdict = GOOD;

	if (request->method == HTTP_METHOD_POST)
		verdict = parse_form(
		    variables, options, body, size, &request->fields);
	if (verdict.http_status == 0 && size > 0) {
		request->body = body;
		request->body_size = size;
	}
	return verdict;
}

/* A header as valid UTF-8; NULL where it is not given. */
static char *
copy_header(const struct variables *variables, enum variable variable)
{
	const char *value = variables->values[variable];

	return value != NULL ? g_utf8_make_valid(value, -1) : NULL;
}

/* Whether the client's own connection is encrypted. */
static bool
find_is_https(const struct variables *variables, bool is_from_proxy)
{
	const char *https = value_of(variables, VARIABLE_HTTPS);
	const char *forwarded = value_of(variables, VARIABLE_FORWARDED_PROTO);

	if (is_from_proxy && g_ascii_strcasecmp(forwarded, "https") == 0)
		return true;
	if (is_from_proxy && g_ascii_strcasecmp(forwarded, "http") == 0)
		return false;
	return g_ascii_strcasecmp(https, "on") == 0 ||
	       strcmp(https, "1") == 0 ||
	       strcmp(value_of(variables, VARIABLE_REQUEST_SCHEME), "https") ==
		   0;
}

/* What cannot be wrong: who asks, and headers that are believed or not. */
static void
parse_headers(const struct variables *variables,
    const struct request_options *options, struct request *request)
{
	const char *since = variables->values[VARIABLE_IF_MODIFIED_SINCE];
	const char *peer = value_of(variables, VARIABLE_REMOTE_ADDR);

	request->remote_address =
	    client_address(peer, variables->values[VARIABLE_FORWARDED_FOR],
		options->trusted_proxies);
	request->is_https = find_is_https(
	    variables, client_address_is_proxy(peer, options->trusted_proxies));
	request->if_none_match = copy_header(variables, VARIABLE_IF_NONE_MATCH);
	request->content_type = copy_header(variables, VARIABLE_CONTENT_TYPE);
	request->cookies = copy_header(variables, VARIABLE_COOKIE);
	request->host = copy_header(variables, VARIABLE_HOST);
	request->origin = copy_header(variables, VARIABLE_ORIGIN);
	request->fetch_site = copy_header(variables, VARIABLE_FETCH_SITE);
	request->fetch_dest = copy_header(variables, VARIABLE_FETCH_DEST);
	request->purpose = copy_header(variables, VARIABLE_SEC_PURPOSE);
	if (request->purpose == NULL)
		request->purpose = copy_header(variables, VARIABLE_PURPOSE);
	request->user_agent = copy_header(variables, VARIABLE_USER_AGENT);
	request->form_token = copy_header(variables, VARIABLE_FORM_TOKEN);
	if (since == NULL ||
	    date_parse_http(since, &request->if_modified_since) != STATUS_OK)
		request->if_modified_since = -1;
}

/* How many bytes at `text` may be of one token. */
static size_t
token_size(const char *text)
{
	size_t size = 0;

	while (g_ascii_isalnum(text[size]) || text[size] == '-' ||
	       text[size] == '_')
		size++;
	return size;
}

/* Whether these bytes look like a token of token_new(). A slug may be as long,
 * but has no capitals. */
static bool
is_like_token(const char *text, size_t size)
{
	if (size < TOKEN_LENGTH)
		return false;
	for (size_t i = 0; i < size; i++)
		if (g_ascii_isupper(text[i]))
			return true;
	return false;
}

/* The target for the log, also of a request that is refused: without what lets
 * in who reads it. */
static char *
copy_target(const struct variables *variables)
{
	const char *target = value_of(variables, VARIABLE_REQUEST_URI);
	g_autoptr(GString) shown = g_string_new(NULL);
	size_t end;

	if (*target == '\0')
		target = value_of(variables, VARIABLE_PATH_INFO);
	end = MIN(strcspn(target, "?"), REQUEST_MAX_TARGET);
	for (size_t at = 0; at < end;) {
		size_t size = MAX(token_size(target + at), 1);

		if (is_like_token(target + at, size))
			g_string_append(shown, "...");
		else
			g_string_append_len(
			    shown, target + at, (gssize)MIN(size, end - at));
		at += size;
	}
	return g_utf8_make_valid(shown->str, (gssize)shown->len);
}

static void
request_init(
    struct request *request, const struct variables *variables, int64_t now)
{
	struct form *empty = NULL;

	/* No bytes are no field: this cannot fail. */
	if (form_parse("", 0, &empty) != STATUS_OK)
		g_assert_not_reached();
	*request = (struct request){
		.method = HTTP_METHOD_OTHER,
		.method_name = g_strdup("-"),
		.target = copy_target(variables),
		.raw_query = g_strdup(""),
		.query = empty,
		.if_modified_since = -1,
		.now = now,
	};
}

enum status
request_parse(const struct request_options *options,
    const char *const *variables, const void *body, size_t body_size,
    int64_t now, struct request *out_request, int *out_http_status,
    const char **out_reason)
{
	struct variables known;
	struct verdict verdict;

	read_variables(&known, variables);
	request_init(out_request, &known, now);
	/* First: the log says of a refused request, too, where it came from. */
	parse_headers(&known, options, out_request);
	verdict = parse_method(&known, out_request);
	if (verdict.http_status == 0)
		verdict =
		    check_sizes(&known, request_max_body(options), body_size);
	if (verdict.http_status == 0)
		verdict = parse_target(&known, options, out_request);
	if (verdict.http_status == 0)
		verdict =
		    parse_body(&known, options, body, body_size, out_request);
	/* A path is there for whoever shows it, also when it was refused. */
	if (out_request->path == NULL)
		out_request->path = g_strdup("/");
	if (verdict.http_status == 0)
		return STATUS_OK;
	*out_http_status = verdict.http_status;
	*out_reason = verdict.reason;
	return STATUS_INVALID;
}

void
request_release(struct request *request)
{
	g_free(request->method_name);
	g_free(request->target);
	g_free(request->raw_query);
	g_free(request->path);
	form_free(request->query);
	form_free(request->fields);
	g_free(request->remote_address);
	g_free(request->if_none_match);
	g_free(request->content_type);
	g_free(request->cookies);
	g_free(request->host);
	g_free(request->origin);
	g_free(request->fetch_site);
	g_free(request->fetch_dest);
	g_free(request->purpose);
	g_free(request->user_agent);
	g_free(request->form_token);
}

void
request_log_refused(const struct request *request, const char *reason)
{
	g_autofree char *client =
	    client_address_truncate(request->remote_address);

	log_warning("request.refused", "reason", reason, "client", client,
	    "target", request->target);
}
