/*
 * renderer_child.c - documents rendered where it does no harm.
 *
 * It must stay true that nothing is opened after the sandbox is entered, and
 * that each document may use only so much processor time. The parent looks at
 * that more precisely; the limit set here holds even when nobody looks.
 */
#include "config.h"

#include "renderer_child.h"

#include <sys/resource.h>

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sandbox.h"
#include "content/document.h"
#include "content/front_matter.h"
#include "content/highlighter.h"
#include "content/renderer.h"
#include "renderer_message.h"

/* Memory that is kept for the next document instead of given back. */
#define KEPT_MEMORY (8 * 1024 * 1024)

/* Where our end of the socket is, so that all above it can be closed. */
#define OUR_DESCRIPTOR 3

static bool
read_all(int descriptor, char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t count = read(descriptor, bytes, size);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		bytes += count;
		size -= (size_t)count;
	}
	return true;
}

static void
send_reply(int descriptor, enum status status, const GString *body)
{
	struct message_head head = {
		.status = (uint32_t)status,
		.size = (uint32_t)body->len,
	};

	if (!file_write(descriptor, &head, sizeof(head)) ||
	    !file_write(descriptor, body->str, body->len))
		_exit(0);
}

/* Processor time is limited in whole seconds from the start of the process. */
static void
limit_time(void)
{
	struct timespec used = { 0 };
	struct rlimit limit;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	if (getrlimit(RLIMIT_CPU, &limit) == 0) {
		limit.rlim_cur = MIN(limit.rlim_max,
		    (rlim_t)used.tv_sec + RENDERER_MAX_SECONDS + 1);
		(void)setrlimit(RLIMIT_CPU, &limit);
	}
}

static enum status
answer_document(const struct document_options *options, const char *source,
    const char *markdown, size_t size, GString **out_body, GError **error)
{
	struct document document;
	enum status status =
	    document_render(options, source, markdown, size, &document, error);

	if (status != STATUS_OK)
		return status;
	*out_body = message_new_document(&document);
	document_release(&document);
	return STATUS_OK;
}

static enum status
answer_front_matter(
    const char *bytes, size_t size, GString **out_body, GError **error)
{
	struct front_matter front_matter;
	enum status status =
	    front_matter_parse(bytes, size, &front_matter, error);

	if (status != STATUS_OK)
		return status;
	*out_body = message_new_front_matter(&front_matter);
	front_matter_release(&front_matter);
	return STATUS_OK;
}

static void
answer(int descriptor, const struct document_options *options,
    const char *request, size_t request_size)
{
	enum message_kind kind;
	const char *source, *markdown;
	size_t size;
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) body = NULL;
	enum status status;

	if (!message_read_request(
		request, request_size, &kind, &source, &markdown, &size))
		_exit(1);
	limit_time();
	if (kind == MESSAGE_FRONT_MATTER)
		status = answer_front_matter(markdown, size, &body, &error);
	else
		status = answer_document(
		    options, source, markdown, size, &body, &error);
	if (status != STATUS_OK)
		body = g_string_new(error->message);
	send_reply(descriptor, status, body);
}

static void
answer_all(int descriptor, const struct document_options *options)
{
	struct message_head head;

	while (read_all(descriptor, (char *)&head, sizeof(head))) {
		g_autofree char *request = g_malloc((gsize)head.size + 1);

		if (!read_all(descriptor, request, head.size))
			return;
		answer(descriptor, options, request, head.size);
	}
}

/* What the parent had is not ours: its handlers, its mask, its files. */
static void
leave_parent(int descriptor)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	int nothing;

	for (int number = 1; number < NSIG; number++)
		(void)sigaction(number, &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (descriptor != OUR_DESCRIPTOR &&
	    dup2(descriptor, OUR_DESCRIPTOR) < 0)
		_exit(1);
	(void)close_range(OUR_DESCRIPTOR + 1, ~0U, 0);
	nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	(void)dup2(nothing, STDIN_FILENO);
	(void)dup2(nothing, STDOUT_FILENO);
	(void)close(nothing);
}

void
renderer_child_run(int descriptor, const struct document_options *options)
{
	struct document_options with_colours = { 0 };
	g_autoptr(GString) nothing = g_string_new(NULL);

	leave_parent(descriptor);
	(void)mallopt(M_TRIM_THRESHOLD, KEPT_MEMORY);
	(void)mallopt(M_MMAP_THRESHOLD, KEPT_MEMORY);
	if (options != NULL)
		with_colours = *options;
	if (options != NULL && with_colours.highlighter == NULL) {
		with_colours.highlighter = highlighter_new();
		if (with_colours.highlighter != NULL)
			highlighter_preload(with_colours.highlighter);
	}
	/* Without it documents still render, and the log says so. */
	(void)!sandbox_enter(SANDBOX_RENDER);
	send_reply(OUR_DESCRIPTOR, STATUS_OK, nothing);
	answer_all(OUR_DESCRIPTOR, &with_colours);
	_exit(0);
}
