/*
 * listener.h - the socket a FastCGI program listens on.
 */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include <glib.h>
#include <stdbool.h>

#include "base/status.h"

struct listener {
	int fd;
	bool is_own; /* made by us, not inherited */
	char *path;  /* of our unix socket, or NULL */
	char *asked; /* what our own was made of; NULL: it was handed to us */
	int lock_fd; /* -1: none */
};

/*
 * The socket that was handed to us: by systemd (LISTEN_PID and LISTEN_FDS,
 * sd_listen_fds(3)), by our own former self (BYLINE_LISTEN_FD), or as file
 * descriptor 0 by spawn-fcgi and mod_fcgid. STATUS_NOT_FOUND when there is
 * none: then this is plain CGI, or --listen is needed. The variables
 * are taken out of the environment. One that our former self had made
 * (BYLINE_LISTEN_ASKED) is our own, with its lock (BYLINE_LISTEN_LOCK).
 */
MUST_CHECK enum status listener_inherit(struct listener *out_listener);

/*
 * Make one: "unix:PATH[,MODE]" (octal; 0660) or "127.0.0.1:PORT" or
 * "[::1]:PORT". A unix socket is bound under another name and renamed into
 * place, so that a program before us loses no connection; a lock file
 * ("PATH.lock") refuses a second instance (STATUS_CONFLICT, with its process
 * id). `group` (NULL: our own) owns it, a name in /etc/group or a number.
 * STATUS_INVALID: another form, or an address that is not loopback.
 */
MUST_CHECK enum status listener_open(const char *address, const char *group,
    struct listener *out_listener, GError **error);

/*
 * Whether `listener` is what listener_open() would make of `address` (NULL:
 * none) and `group`; true of one that was handed to us, which they do not
 * concern.
 */
bool listener_is_as_asked(
    const struct listener *listener, const char *address, const char *group);

/*
 * Where the file of the unix socket `fd` lies: where it was bound, or, if it is
 * one that listener_open() made, where that renamed it to. NULL: it is no unix
 * socket, or has no file. The caller frees it.
 */
char *listener_find_path(int fd);

/* Close, and remove our unix socket if it is still ours. */
void listener_release(struct listener *listener);

#endif
