/*
 * null_fcgi.c - the do-nothing FastCGI program: what any program on libfcgi is
 * measured against.
 *
 *   null_fcgi usual|one PROCESSES SOCKET BODY
 *
 * Answers every request with the file BODY: "usual" as most programs do, by
 * FCGX_PutStr into the request's own stream; "one" with records of its own in
 * one writev and without the closing handshake. As plain CGI it prints
 * $NULL_BODY.
 */
#include "config.h"

#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#define MAX_RECORD 65528 /* bytes; a multiple of 8 needs no padding */

static const char HEAD[] = "Content-Type: text/html; charset=utf-8\r\n\r\n";

static GString *
load_answer(const char *path)
{
	GString *answer = g_string_new(HEAD);
	g_autofree char *body = NULL;
	gsize size;

	if (!g_file_get_contents(path, &body, &size, NULL)) {
		perror(path);
		exit(1);
	}
	return g_string_append_len(answer, body, (gssize)size);
}

static void
answer_usual(FCGX_Request *request, const GString *answer)
{
	FCGX_PutStr(answer->str, (int)answer->len, request->out);
	FCGX_Finish_r(request);
}

/* One FCGI_STDOUT record for each MAX_RECORD bytes, and the end, in one array.
 */
static GByteArray *
make_records(const GString *answer)
{
	GByteArray *records = g_byte_array_new();

	for (size_t at = 0; at < answer->len; at += MAX_RECORD) {
		size_t size = MIN(answer->len - at, MAX_RECORD);
		size_t padding = (8 - size % 8) % 8;
		const guint8 head[8] = { 1, 6, 0, 1, (guint8)(size >> 8),
			(guint8)size, (guint8)padding, 0 };

		g_byte_array_append(records, head, sizeof(head));
		g_byte_array_append(
		    records, (const guint8 *)answer->str + at, (guint)size);
		g_byte_array_append(
		    records, (const guint8[8]){ 0 }, (guint)padding);
	}
	g_byte_array_append(records,
	    (const guint8[]){ 1, 6, 0, 1, 0, 0, 0, 0, 1, 3, 0, 1, 0, 8, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0 },
	    24);
	return records;
}

static void
answer_one(FCGX_Request *request, const GByteArray *records)
{
	char unread[1024];
	const guint8 *at = records->data;
	size_t left = records->len;

	/* Unread input at close() would reset the connection. */
	while (FCGX_GetStr(unread, sizeof(unread), request->in) > 0)
		;
	while (left > 0) {
		ssize_t count = write(request->ipcFd, at, left);

		if (count <= 0)
			break;
		at += count;
		left -= (size_t)count;
	}
	FCGX_Detach(request);
	FCGX_Free(request, 1);
}

static void
serve(int listen_fd, const GString *answer, const GByteArray *records)
{
	FCGX_Request request;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	FCGX_InitRequest(&request, listen_fd, 0);
	while (FCGX_Accept_r(&request) >= 0) {
		if (records == NULL)
			answer_usual(&request, answer);
		else
			answer_one(&request, records);
	}
	exit(0);
}

int
main(int argc, char **argv)
{
	GString *answer;
	GByteArray *records = NULL;
	int listen_fd;

	if (argc == 1 && getenv("NULL_BODY") != NULL) {
		answer = load_answer(getenv("NULL_BODY"));
		return fwrite(answer->str, 1, answer->len, stdout) !=
		       answer->len;
	}
	if (argc != 5)
		return 2;
	answer = load_answer(argv[4]);
	if (strcmp(argv[1], "one") == 0)
		records = make_records(answer);
	FCGX_Init();
	listen_fd = FCGX_OpenSocket(argv[3], 1024);
	if (listen_fd < 0)
		return 1;
	for (long left = strtol(argv[2], NULL, 10); left > 0; left--)
		if (fork() == 0)
			serve(listen_fd, answer, records);
	while (wait(NULL) > 0)
		;
	return 0;
}
