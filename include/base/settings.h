/*
 * settings.h - byline.conf: what a server needs to know, and no author does.
 *
 * A key file (GKeyFile) in the site directory. Every key is known, has a type
 * and a default; an unknown or wrong one refuses to start with the line it
 * stands in. byline.conf(5) describes each. What an author changes is in
 * model/setting.h.
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct settings {
	/* [site] */
	char *base_url;  /* "https://example.org/blog", no slash at the end */
	char *origin;    /* derived: "https://example.org" */
	char *base_path; /* derived: "/blog", or "" */
	bool is_https;   /* derived */
	/* [fastcgi] */
	int64_t workers;         /* 0..64; --workers overrides */
	char *listen;            /* as --listen, or NULL */
	char *socket_group;      /* group of a unix socket, or NULL: our own */
	int64_t request_seconds; /* deadline of one request, 1..300 */
	/* [desk] */
	int64_t desk_workers; /* 0..64; --workers overrides */
	char *desk_listen;    /* as --listen, or NULL */
	/* [proxy] */
	/* Addresses whose X-Forwarded-* count, and ranges of them in CIDR
	 * notation. */
	char **trusted_proxies;
	/* [content] */
	/* Hosts whose iframes stay in articles while the blog's settings name
	 * none (struct blog); "*.example.org" is every host below that. */
	char **iframe_hosts;
	/* [security] */
	char *security_contact; /* for security.txt, or NULL */
};

/* So many iframe_hosts at most. */
#define SETTINGS_MAX_IFRAME_HOSTS 32

/*
 * Read `path`. A file that is missing gives the defaults with
 * base_url "http://127.0.0.1:8080". On failure `error` says "FILE:LINE: what is
 * wrong and what is allowed" (STATUS_INVALID, STATUS_TOO_LARGE over 64 KB), or
 * why the file cannot be opened (STATUS_FAILED). The caller releases
 * `out_settings`.
 */
MUST_CHECK enum status settings_load(
    const char *path, struct settings *out_settings, GError **error);

/* Free what `settings` holds. */
void settings_release(struct settings *settings);

/*
 * `text` as an entry of iframe_hosts: a host name or IPv4 address without a
 * port, or "*.example.org", in lower case; NULL when it is none. It stands as
 * it is in a Content-Security-Policy. The caller frees it.
 */
char *settings_iframe_host(const char *text);

/*
 * Write a commented byline.conf with `base_url` to `path`, which must not exist
 * (STATUS_CONFLICT), readable for its owner alone. STATUS_INVALID when
 * `base_url` is not an http or https address as byline.conf(5) has it.
 */
MUST_CHECK enum status settings_create(
    const char *path, const char *base_url, GError **error);

#endif
