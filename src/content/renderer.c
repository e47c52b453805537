/*
 * renderer.c - a child process that renders, and what becomes of it.
 *
 * It must stay true that the caller gets an answer in bounded time whatever the
 * document does to the child, that nothing is read beyond the bounds, and that
 * after a failure no process is left and the next document finds a new one.
 */
#include "config.h"

#include "content/renderer.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/logger.h"
#include "renderer_child.h"
#include "renderer_message.h"

/* How often the child's processor time is looked at while waiting. */
#define LOOK_MILLISECONDS 50

/* A child that waits for the machine and not for itself may take so long. */
#define MAX_WALL_SECONDS 20

/* Who died for want of memory had used at least this much of it: what grows
 * doubles at most. */
#define MUCH_MEMORY (RENDERER_MAX_MEMORY / 2)

#define NANOSECONDS INT64_C(1000000000)

struct renderer {
	const struct document_options *options;
	pid_t child; /* 0: none */
	int descriptor;
	bool is_under_way;
	enum message_kind kind; /* of what is under way */
	size_t size;            /* of the document under way */
	int64_t wall_start;     /* nanoseconds, monotonic */
	int64_t used_start;     /* nanoseconds of the child's processor time */
};

/* How waiting for the child ended. */
enum outcome {
	OUTCOME_READY,
	OUTCOME_OUT_OF_TIME, /* of the processor */
	OUTCOME_STUCK,       /* by the clock on the wall */
	OUTCOME_ENDED,       /* the child is gone */
	OUTCOME_MALFORMED    /* it sent what it should not */
};

struct renderer *
renderer_new(const struct document_options *options)
{
	struct renderer *renderer = g_new0(struct renderer, 1);

	renderer->options = options;
	renderer->descriptor = -1;
	return renderer;
}

static int64_t
nanoseconds_of(clockid_t clock)
{
	struct timespec time;

	if (clock_gettime(clock, &time) != 0)
		return 0;
	return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

static int64_t
processor_time(pid_t child)
{
	clockid_t clock;

	return clock_getcpuclockid(child, &clock) == 0 ? nanoseconds_of(clock)
						       : 0;
}

/* What a child came to. */
struct ending {
	int signal; /* 0: it ended by itself */
	size_t peak_memory;
};

/* End the child, if there is one. */
static struct ending
end_child(struct renderer *renderer)
{
	struct rusage usage = { 0 };
	int result = 0;

	if (renderer->child == 0)
		return (struct ending){ 0 };
	(void)kill(renderer->child, SIGKILL);
	while (
	    wait4(renderer->child, &result, 0, &usage) < 0 && errno == EINTR) {
	}
	(void)close(renderer->descriptor);
	renderer->child = 0;
	renderer->descriptor = -1;
	return (struct ending){
		.signal = WIFSIGNALED(result) ? WTERMSIG(result) : 0,
		.peak_memory = (size_t)usage.ru_maxrss * 1024,
	};
}

void
renderer_free(struct renderer *renderer)
{
	if (renderer == NULL)
		return;
	(void)end_child(renderer);
	g_free(renderer);
}

/* Wait for `events`, but no longer than the document may take. */
static enum outcome
wait_for_child(struct renderer *renderer, short events)
{
	struct pollfd entry = { .fd = renderer->descriptor, .events = events };

	while (poll(&entry, 1, LOOK_MILLISECONDS) <= 0) {
		int64_t used =
		    processor_time(renderer->child) - renderer->used_start;
		int64_t passed =
		    nanoseconds_of(CLOCK_MONOTONIC) - renderer->wall_start;

		if (used >= RENDERER_MAX_SECONDS * NANOSECONDS)
			return OUTCOME_OUT_OF_TIME;
		if (passed >= MAX_WALL_SECONDS * NANOSECONDS)
			return OUTCOME_STUCK;
	}
	return OUTCOME_READY;
}

static enum outcome
receive(struct renderer *renderer, char *bytes, size_t size)
{
	while (size > 0) {
		enum outcome outcome = wait_for_child(renderer, POLLIN);
		ssize_t count;

		if (outcome != OUTCOME_READY)
			return outcome;
		count = recv(renderer->descriptor, bytes, size, MSG_DONTWAIT);
		if (count == 0 ||
		    (count < 0 && errno != EAGAIN && errno != EINTR))
			return OUTCOME_ENDED;
		if (count > 0) {
			bytes += count;
			size -= (size_t)count;
		}
	}
	return OUTCOME_READY;
}

static enum outcome
transmit(struct renderer *renderer, const char *bytes, size_t size)
{
	while (size > 0) {
		enum outcome outcome = wait_for_child(renderer, POLLOUT);
		ssize_t count;

		if (outcome != OUTCOME_READY)
			return outcome;
		count = send(renderer->descriptor, bytes, size,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (count < 0 && errno != EAGAIN && errno != EINTR)
			return OUTCOME_ENDED;
		if (count > 0) {
			bytes += count;
			size -= (size_t)count;
		}
	}
	return OUTCOME_READY;
}

static void
start_clocks(struct renderer *renderer)
{
	renderer->wall_start = nanoseconds_of(CLOCK_MONOTONIC);
	renderer->used_start = processor_time(renderer->child);
}

static enum status
start_child(struct renderer *renderer, GError **error)
{
	struct message_head head;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		return status_fail(error, STATUS_BUSY,
		    "cannot start the renderer just now: %s",
		    g_strerror(errno));
	}
	renderer->child = fork();
	if (renderer->child == 0)
		renderer_child_run(pair[1], renderer->options);
	(void)close(pair[1]);
	if (renderer->child < 0) {
		renderer->child = 0;
		(void)close(pair[0]);
		return status_fail(error, STATUS_BUSY,
		    "cannot start the renderer just now: %s",
		    g_strerror(errno));
	}
	renderer->descriptor = pair[0];
	start_clocks(renderer);
	if (receive(renderer, (char *)&head, sizeof(head)) != OUTCOME_READY ||
	    head.size != 0) {
		(void)end_child(renderer);
		return status_fail(
		    error, STATUS_BUSY, "the renderer did not start");
	}
	return STATUS_OK;
}

/* A child that ended between two documents is nobody's fault. */
static enum status
ensure_child(struct renderer *renderer, GError **error)
{
	siginfo_t info = { 0 };

	if (renderer->child != 0 &&
	    waitid(P_PID, (id_t)renderer->child, &info,
		WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid == 0)
		return STATUS_OK;
	(void)end_child(renderer);
	return start_child(renderer, error);
}

static enum status
fail_slow(enum message_kind kind, GError **error)
{
	if (kind == MESSAGE_FRONT_MATTER)
		return status_fail(error, STATUS_TOO_LARGE,
		    "the front matter takes longer than %d s to read: make it "
		    "simpler",
		    RENDERER_MAX_SECONDS);
	return status_fail(error, STATUS_TOO_LARGE,
	    "takes longer than %d s to render: split the text, and look for a "
	    "very wide table, very deep quotes or lists, or thousands of "
	    "brackets that are not closed",
	    RENDERER_MAX_SECONDS);
}

static enum status
fail_large(enum message_kind kind, GError **error)
{
	if (kind == MESSAGE_FRONT_MATTER)
		return status_fail(error, STATUS_TOO_LARGE,
		    "the front matter needs more than %zu MB of memory to "
		    "read: make it simpler",
		    RENDERER_MAX_MEMORY >> 20);
	return status_fail(error, STATUS_TOO_LARGE,
	    "needs more than %zu MB of memory to render: split the text, and "
	    "look for a very wide table or a link definition used thousands "
	    "of times",
	    RENDERER_MAX_MEMORY >> 20);
}

/* The author cannot mend it, and whoever can needs to know. */
static enum status
fail_broken(enum message_kind kind, const struct ending *ending, GError **error)
{
	g_autofree char *number = g_strdup_printf("%d", ending->signal);
	g_autofree char *peak =
	    g_strdup_printf("%zu MB", ending->peak_memory >> 20);

	log_error("renderer.broken", "signal", number, "memory", peak);
	if (kind == MESSAGE_FRONT_MATTER)
		return status_fail(error, STATUS_FAILED,
		    "the front matter could not be read: the reader stopped "
		    "(signal %d); please report the text",
		    ending->signal);
	return status_fail(error, STATUS_FAILED,
	    "could not be rendered: the renderer stopped (signal %d); please "
	    "report the text",
	    ending->signal);
}

static enum status
fail_ended(enum message_kind kind, const struct ending *ending, GError **error)
{
	switch (ending->signal) {
	case SIGXCPU:
		return fail_slow(kind, error);
	case SIGABRT:
	case SIGTRAP:
		/* Libraries end so without memory, and by assertions. */
		if (ending->peak_memory < MUCH_MEMORY)
			break;
		return fail_large(kind, error);
	case SIGINT:
	case SIGKILL:
	case SIGTERM:
		return status_fail(error, STATUS_BUSY,
		    "the renderer was stopped from outside: try again");
	default:
		break;
	}
	return fail_broken(kind, ending, error);
}

/* Say why, and leave nothing behind. */
static enum status
fail(struct renderer *renderer, enum outcome outcome, GError **error)
{
	struct ending ending = end_child(renderer);

	switch (outcome) {
	case OUTCOME_OUT_OF_TIME:
		return fail_slow(renderer->kind, error);
	case OUTCOME_STUCK:
		return status_fail(error, STATUS_BUSY,
		    "was not rendered within %d s, since the machine is busy: "
		    "try again",
		    MAX_WALL_SECONDS);
	default:
		break;
	}
	if (outcome == OUTCOME_MALFORMED) {
		log_error("renderer.malformed", "source", "child");
		return status_fail(error, STATUS_FAILED,
		    "could not be rendered: the renderer sent what cannot be "
		    "read");
	}
	return fail_ended(renderer->kind, &ending, error);
}

static enum outcome
send_request(
    struct renderer *renderer, const char *source, const char *markdown)
{
	g_autoptr(GString) body = message_new_request(
	    renderer->kind, source, markdown, renderer->size);
	struct message_head head = {
		.status = STATUS_OK,
		.size = (uint32_t)body->len,
	};
	enum outcome outcome;

	outcome = transmit(renderer, (const char *)&head, sizeof(head));
	if (outcome == OUTCOME_READY)
		outcome = transmit(renderer, body->str, body->len);
	return outcome;
}

/* Send what is to be rendered or parsed. */
static enum status
begin(struct renderer *renderer, enum message_kind kind, const char *source,
    const char *text, size_t size, GError **error)
{
	enum status status;
	enum outcome outcome;

	assert(!renderer->is_under_way);
	status = ensure_child(renderer, error);
	if (status != STATUS_OK)
		return status;
	renderer->kind = kind;
	renderer->size = size;
	start_clocks(renderer);
	outcome = send_request(renderer, source, text);
	if (outcome != OUTCOME_READY)
		return fail(renderer, outcome, error);
	renderer->is_under_way = true;
	return STATUS_OK;
}

enum status
renderer_begin(struct renderer *renderer, const char *source,
    const char *markdown, size_t size, GError **error)
{
	assert(renderer->options != NULL);
	if (size > RENDERER_MAX_INPUT) {
		return status_fail(error, STATUS_TOO_LARGE,
		    "is larger than %zu KB: split it into parts",
		    RENDERER_MAX_INPUT / 1024);
	}
	return begin(renderer, MESSAGE_DOCUMENT, source, markdown, size, error);
}

static size_t
max_reply(const struct renderer *renderer)
{
	return renderer->kind == MESSAGE_FRONT_MATTER
		   ? MESSAGE_MAX_FRONT_MATTER
		   : message_max_reply(renderer->size);
}

static enum outcome
receive_reply(struct renderer *renderer, enum status *out_status,
    char **out_body, size_t *out_size)
{
	struct message_head head;
	enum outcome outcome;
	char *body;

	outcome = receive(renderer, (char *)&head, sizeof(head));
	if (outcome != OUTCOME_READY)
		return outcome;
	if (head.size > max_reply(renderer) || head.status > STATUS_FAILED)
		return OUTCOME_MALFORMED;
	body = g_malloc((gsize)head.size + 1);
	body[head.size] = '\0';
	outcome = receive(renderer, body, head.size);
	if (outcome != OUTCOME_READY) {
		g_free(body);
		return outcome;
	}
	*out_status = head.status;
	*out_body = body;
	*out_size = head.size;
	return OUTCOME_READY;
}

/* Take the body of the reply to what was begun, if that went well. */
static enum status
finish(struct renderer *renderer, char **out_body, size_t *out_size,
    GError **error)
{
	g_autofree char *body = NULL;
	enum status status;
	enum outcome outcome;

	assert(renderer->is_under_way);
	renderer->is_under_way = false;
	outcome = receive_reply(renderer, &status, &body, out_size);
	if (outcome != OUTCOME_READY)
		return fail(renderer, outcome, error);
	if (status != STATUS_OK)
		return status_fail(error, status, "%s", body);
	*out_body = g_steal_pointer(&body);
	return STATUS_OK;
}

enum status
renderer_finish(
    struct renderer *renderer, struct document *out_document, GError **error)
{
	g_autofree char *body = NULL;
	size_t size;
	enum status status = finish(renderer, &body, &size, error);

	if (status != STATUS_OK)
		return status;
	if (!message_read_document(body, size, out_document))
		return fail(renderer, OUTCOME_MALFORMED, error);
	if (strlen(out_document->html) > RENDERER_MAX_OUTPUT(renderer->size)) {
		document_release(out_document);
		return fail(renderer, OUTCOME_MALFORMED, error);
	}
	return STATUS_OK;
}

enum status
renderer_render(struct renderer *renderer, const char *source,
    const char *markdown, size_t size, struct document *out_document,
    GError **error)
{
	enum status status =
	    renderer_begin(renderer, source, markdown, size, error);

	if (status != STATUS_OK)
		return status;
	return renderer_finish(renderer, out_document, error);
}

enum status
renderer_parse_front_matter(struct renderer *renderer, const char *bytes,
    size_t size, struct front_matter *out_front_matter, GError **error)
{
	g_autofree char *body = NULL;
	size_t body_size;
	enum status status;

	if (size > RENDERER_MAX_FILE) {
		return status_fail(error, STATUS_TOO_LARGE,
		    "is larger than %zu KB: split it into parts",
		    RENDERER_MAX_FILE / 1024);
	}
	status =
	    begin(renderer, MESSAGE_FRONT_MATTER, NULL, bytes, size, error);
	if (status == STATUS_OK)
		status = finish(renderer, &body, &body_size, error);
	if (status != STATUS_OK)
		return status;
	if (!message_read_front_matter(body, body_size, size, out_front_matter))
		return fail(renderer, OUTCOME_MALFORMED, error);
	return STATUS_OK;
}
