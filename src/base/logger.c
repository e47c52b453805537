/*
 * logger.c - puts an event together as one line and writes it at once.
 *
 * What must stay true: one event is one line and one write(2) of at most
 * PIPE_BUF bytes, so that the lines of several workers never mix in a pipe; no
 * value can end the line or look like another pair; and nothing that befalls
 * standard error - full, closed, its reader gone or stuck - reaches the caller.
 */
#include "config.h"

#include "base/logger.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/text.h"

/* How long a log reader that has fallen behind may hold up a request. */
#define MAX_WAIT_MILLISECONDS 100

static const char *
level_name(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_INFO:
		return "info";
	case LOG_LEVEL_WARNING:
		return "warning";
	case LOG_LEVEL_ERROR:
		return "error";
	}
	return "error";
}

/* A value that could be taken for more than one stands in quotes, and a quote
 * inside it is escaped. */
static void
append_value(GString *line, const char *value)
{
	if (value == NULL) {
		g_string_append_c(line, '-');
		return;
	}
	if (*value != '\0' && strpbrk(value, " \"=") == NULL) {
		text_append_log(line, value);
		return;
	}
	g_string_append_c(line, '"');
	for (;;) {
		size_t size = strcspn(value, "\"");
		g_autofree char *part = g_strndup(value, size);

		text_append_log(line, part);
		if (value[size] == '\0')
			break;
		g_string_append(line, "\\x22");
		value += size + 1;
	}
	g_string_append_c(line, '"');
}

/* Cut to what a pipe takes in one piece, at the border of a character. */
static void
end_line(GString *line)
{
	static const char CUT[] = "...\n";
	size_t size = PIPE_BUF - strlen(CUT);

	if (line->len < PIPE_BUF) {
		g_string_append_c(line, '\n');
		return;
	}
	while (((unsigned char)line->str[size] & 0xC0) == 0x80)
		size--;
	g_string_truncate(line, size);
	g_string_append(line, CUT);
}

/*
 * A reader that went away would end us by SIGPIPE, whose default not every
 * program has changed: hold it back, and take it out of what is pending.
 */
static void
write_line(const GString *line)
{
	const struct timespec now = { 0 };
	struct pollfd output = { .fd = STDERR_FILENO, .events = POLLOUT };
	sigset_t pipe_signal, pending, before;
	bool was_pending;

	if (poll(&output, 1, MAX_WAIT_MILLISECONDS) != 1)
		return;
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&pending);
	was_pending = sigismember(&pending, SIGPIPE) == 1;
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	if (write(STDERR_FILENO, line->str, line->len) < 0 && !was_pending)
		sigtimedwait(&pipe_signal, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void
log_event(enum log_level level, const char *event, ...)
{
	g_autoptr(GString) line = g_string_sized_new(256);
	g_autofree char *time = date_format_rfc3339(date_now(), NULL);
	const char *key;
	va_list pairs;

	g_string_append_printf(
	    line, "%s %s %s", time, level_name(level), event);
	va_start(pairs, event);
	while ((key = va_arg(pairs, const char *)) != NULL) {
		g_string_append_c(line, ' ');
		g_string_append(line, key);
		g_string_append_c(line, '=');
		append_value(line, va_arg(pairs, const char *));
	}
	va_end(pairs);
	end_line(line);
	write_line(line);
}
