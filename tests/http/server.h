/*
 * server.h - for tests: fcgi_responder as a running program, and a client that
 * asks it as a web server does.
 */
#ifndef TESTS_HTTP_SERVER_H
#define TESTS_HTTP_SERVER_H

#include <sys/types.h>

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct server {
	char *folder;
	char *socket; /* path */
	char *log;    /* path of its standard error */
	pid_t pid;
};

/* The program beside this one. The caller frees it. */
char *server_program(void);

/* Start it with `options` (NULL-terminated) on a socket in a new folder, and
 * wait until it answers. */
void server_start(struct server *server, const char *const *options);

/* Start it again on the same socket, after it has ended. */
void server_restart(struct server *server, const char *const *options);

/* End it by SIGTERM; its exit code, or -1 for a signal. */
int server_stop(struct server *server);

/* Wait for it to end; as server_stop(). */
int server_wait(struct server *server);

/* Remove the folder. */
void server_release(struct server *server);

/* What it has logged. The caller frees it. */
char *server_read_log(const struct server *server);

/* Its children, as numbers. */
GArray *server_children(const struct server *server);

/* Wait until `count` children are there, at most `milliseconds`; how long it
 * took, or -1. */
int64_t server_wait_for_children(
    const struct server *server, size_t count, int64_t milliseconds);

/* A connection, or -1 with errno. */
int client_connect(const char *path);

/* A connection by TCP to 127.0.0.1. */
int client_connect_tcp(unsigned port);

/* The records of a request with id 1: the usual variables, and `variables`
 * ("NAME=value", NULL-terminated, may be NULL). */
GByteArray *client_request(const char *method, const char *target,
    const char *const *variables, const void *body, size_t body_size);

/* Write all of it. */
void client_send(int fd, const void *bytes, size_t size);

/*
 * Read until END_REQUEST: STDOUT as text. NULL when the connection ends before,
 * or after 20 s. The caller frees it.
 */
char *client_read(int fd);

/* Ask for `target` by GET on a connection of its own. NULL as client_read(), or
 * when nobody listens. */
char *client_get(const char *path, const char *target);

/* For cmocka: `state` becomes a struct server *, which is ended afterwards. */
int server_set_up(void **state);
int server_tear_down(void **state);

/* Fail unless `answer` begins with `status` and has `text`. */
void assert_answer(const char *answer, const char *status, const char *text);

#endif
