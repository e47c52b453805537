/*
 * response.c - see response.h. It must keep true that no value, whoever it came
 * from, ends its own header line, and that the headers which protect a reader
 * stand on every answer, whatever its status.
 */
#include "config.h"

#include "http/response.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/logger.h"
#include "header.h"
#include "http/request.h"

/* Storage above this is given back after the answer that needed it. */
#define KEPT_SIZE (512 << 10)

/*
 * The policy of public pages, but for the hosts of frames in its middle.
 * Pictures and films may come from any host: imported articles show those of
 * others.
 */
#define POLICY_BEGIN                                                           \
	"default-src 'none'; img-src 'self' https:; "                          \
	"media-src 'self' https:; style-src 'self'; script-src 'self'; "       \
	"font-src 'self'; frame-src"
#define POLICY_NO_FRAMES " 'none'"
#define POLICY_END                                                             \
	"; connect-src 'self'; manifest-src 'self'; form-action 'self'; "      \
	"base-uri 'none'; frame-ancestors 'none'; "                            \
	"require-trusted-types-for 'script'"

static const char CONTENT_SECURITY_POLICY[] =
    POLICY_BEGIN POLICY_NO_FRAMES POLICY_END;

static const char SECURITY_HEADERS[] =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: strict-origin-when-cross-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), microphone=(), geolocation=(), "
    "payment=(), usb=(), interest-cohort=(), browsing-topics=()\r\n";

static const char TRANSPORT_SECURITY[] =
    "Strict-Transport-Security: max-age=31536000\r\n";

char *
response_make_policy(const char *const *frame_hosts)
{
	GString *policy = g_string_new(POLICY_BEGIN);

	if (frame_hosts == NULL || frame_hosts[0] == NULL)
		g_string_append(policy, POLICY_NO_FRAMES);
	for (; frame_hosts != NULL && *frame_hosts != NULL; frame_hosts++) {
		g_string_append_printf(policy, " https://%s", *frame_hosts);
		/* An article may say it either way; "*.example.org" does. */
		if (!g_str_has_prefix(*frame_hosts, "www.") &&
		    !g_str_has_prefix(*frame_hosts, "*."))
			g_string_append_printf(
			    policy, " https://www.%s", *frame_hosts);
	}
	g_string_append(policy, POLICY_END);
	return g_string_free(policy, FALSE);
}

void
response_init(struct response *response)
{
	*response = (struct response){
		.status = 200,
		.content_type = "text/html; charset=utf-8",
		.body = g_string_new(NULL),
		.headers = g_string_new(NULL),
	};
}

static void
close_file(struct response *response)
{
	if (response->has_file)
		close(response->file);
	response->has_file = false;
}

void
response_release(struct response *response)
{
	close_file(response);
	g_string_free(response->body, TRUE);
	g_string_free(response->headers, TRUE);
	g_free(response->etag);
}

void
response_clear(struct response *response)
{
	GString *body = response->body;
	GString *headers = response->headers;

	close_file(response);
	g_free(response->etag);
	if (body->allocated_len > KEPT_SIZE) {
		g_string_free(body, TRUE);
		body = g_string_new(NULL);
	}
	g_string_truncate(body, 0);
	g_string_truncate(headers, 0);
	*response = (struct response){
		.status = 200,
		.content_type = "text/html; charset=utf-8",
		.body = body,
		.headers = headers,
	};
}

/* Whether `text` may stand in a header: no control character but a tab. */
static bool
is_header_value(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0';
	     p++) {
		if ((*p < 0x20 && *p != '\t') || *p == 0x7f)
			return false;
	}
	return true;
}

static void
append_header(GString *out, const char *name, const char *value)
{
	g_string_append(out, name);
	g_string_append_len(out, ": ", 2);
	g_string_append(out, value);
	g_string_append_len(out, "\r\n", 2);
}

void
response_add_header(
    struct response *response, const char *name, const char *value)
{
	if (header_is_token(name) && is_header_value(value))
		append_header(response->headers, name, value);
	else
		log_error("header.refused", "name", name);
}

/* `location` with what an address cannot hold percent-encoded. */
static char *
encode_location(const char *location)
{
	GString *out = g_string_new(NULL);

	for (const unsigned char *p = (const unsigned char *)location;
	     *p != '\0'; p++) {
		if (*p <= 0x20 || *p >= 0x7f ||
		    strchr("\"<>\\^`{|}", *p) != NULL)
			g_string_append_printf(out, "%%%02X", *p);
		else
			g_string_append_c(out, (char)*p);
	}
	return g_string_free(out, FALSE);
}

void
response_redirect(struct response *response, int status, const char *location)
{
	/* CR and LF would be an attempt to write headers of one's own: encoded
	 * they lead nowhere, and split nothing. */
	g_autofree char *encoded = encode_location(location);

	response->status = status;
	response->content_type = "text/plain; charset=utf-8";
	append_header(response->headers, "Location", encoded);
	g_string_assign(response->body, encoded);
	g_string_append_c(response->body, '\n');
}

/* Skip white space and commas between the members of a list. */
static const char *
skip_separators(const char *at)
{
	return at + strspn(at, " \t,");
}

/* Whether the entity tag at `at` (`size` bytes, without quotes) is `etag`, or
 * `etag` as Apache marks it when it compresses. */
static bool
is_same_etag(const char *at, size_t size, const char *etag)
{
	static const char *const marks[] = { "", "-gzip", "-br" };
	size_t etag_size = strlen(etag);

	if (size < etag_size || memcmp(at, etag, etag_size) != 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		if (size - etag_size == strlen(marks[i]) &&
		    memcmp(at + etag_size, marks[i], strlen(marks[i])) == 0)
			return true;
	}
	return false;
}

/* Whether If-None-Match (RFC 9110 section 13.1.2) names `etag`. */
static bool
names_etag(const char *list, const char *etag)
{
	const char *at = skip_separators(list);

	if (at[0] == '*')
		return true;
	while (*at != '\0') {
		const char *end;

		if (at[0] == 'W' && at[1] == '/')
			at += 2;
		if (*at != '"')
			return false;
		end = strchr(++at, '"');
		if (end == NULL)
			return false;
		if (is_same_etag(at, (size_t)(end - at), etag))
			return true;
		at = skip_separators(end + 1);
	}
	return false;
}

bool
response_is_not_modified(struct response *response,
    const struct request *request, const char *etag, int64_t last_modified)
{
	/* Within one second a text may change twice and carry one date. */
	bool is_settled = request->now - last_modified >= 2;
	bool is_same;

	g_free(response->etag);
	response->etag = g_strdup_printf("\"%s\"", etag);
	response->last_modified = is_settled ? last_modified : 0;
	if ((request->method & (HTTP_METHOD_GET | HTTP_METHOD_HEAD)) == 0)
		return false;
	if (request->if_none_match != NULL)
		is_same = names_etag(request->if_none_match, etag);
	else
		is_same = is_settled && request->if_modified_since >= 0 &&
			  last_modified <= request->if_modified_since;
	if (is_same)
		response->status = 304;
	return is_same;
}

bool
response_has_body(
    const struct response *response, const struct request *request)
{
	return request->method != HTTP_METHOD_HEAD && response->status != 204 &&
	       response->status != 304;
}

static const char *
reason_phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{ 200, "OK" },
		{ 304, "Not Modified" },
		{ 404, "Not Found" },
		{ 301, "Moved Permanently" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 415, "Unsupported Media Type" },
		{ 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 507, "Insufficient Storage" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(phrases); i++) {
		if (phrases[i].status == status)
			return phrases[i].phrase;
	}
	return "Unknown";
}

static void
append_number(GString *out, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	g_string_append_len(out, digits + at, (gssize)(sizeof(digits) - at));
}

/* What a cache may do with the answer. */
static void
append_caching(const struct response *response, GString *out)
{
	static const char *const policies[] = {
		[CACHE_NEVER] = "no-store",
		[CACHE_REVALIDATE] = "public, no-cache",
		[CACHE_FOREVER] = "public, max-age=31536000, immutable",
	};

	append_header(out, "Cache-Control", policies[response->cache]);
	if (response->etag != NULL && is_header_value(response->etag))
		append_header(out, "ETag", response->etag);
	if (response->last_modified > 0) {
		g_autofree char *date =
		    date_format_http(response->last_modified);

		append_header(out, "Last-Modified", date);
	}
}

void
response_append_head(const struct response *response,
    const struct request *request, GString *out)
{
	const char *policy = response->content_security_policy != NULL
				 ? response->content_security_policy
				 : CONTENT_SECURITY_POLICY;

	g_string_append(out, "Status: ");
	append_number(out, (uint64_t)response->status);
	g_string_append_c(out, ' ');
	g_string_append(out, reason_phrase(response->status));
	g_string_append(out, "\r\n");
	if (response->status != 204 && response->status != 304) {
		append_header(out, "Content-Type", response->content_type);
		g_string_append(out, "Content-Length: ");
		append_number(out, response->has_file
				       ? (uint64_t)response->file_size
				       : response->body->len);
		g_string_append(out, "\r\n");
	}
	append_caching(response, out);
	append_header(out, "Content-Security-Policy", policy);
	g_string_append_len(
	    out, SECURITY_HEADERS, (gssize)sizeof(SECURITY_HEADERS) - 1);
	if (request->is_https)
		g_string_append(out, TRANSPORT_SECURITY);
	g_string_append_len(
	    out, response->headers->str, (gssize)response->headers->len);
	g_string_append(out, "\r\n");
}
