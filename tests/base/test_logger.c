/*
 * test_logger.c - one event, one line, one write, whatever comes.
 */
#include "config.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/logger.h"

/* Standard error turned into a pipe in which every write is a packet. */
struct capture {
	int saved;
	int read_end;
};

static struct capture
begin_capture(int flags)
{
	struct capture capture = { .saved = dup(STDERR_FILENO) };
	int ends[2];

	assert_int_equal(pipe2(ends, flags | O_CLOEXEC), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	close(ends[1]);
	capture.read_end = ends[0];
	return capture;
}

static void
end_capture(struct capture *capture)
{
	dup2(capture->saved, STDERR_FILENO);
	close(capture->saved);
	if (capture->read_end >= 0)
		close(capture->read_end);
}

/* One packet, ended by a NUL; empty when there is none. */
static void
read_packet(struct capture *capture, char *packet, size_t size)
{
	ssize_t count;

	fcntl(capture->read_end, F_SETFL, O_NONBLOCK | O_DIRECT);
	count = read(capture->read_end, packet, size - 1);
	packet[count > 0 ? count : 0] = '\0';
}

static void
test_event_is_one_line_in_one_write(void **state)
{
	struct capture capture = begin_capture(O_DIRECT);
	char line[PIPE_BUF + 1], second[PIPE_BUF + 1];
	(void)state;

	log_warning("import.skipped", "file", "posts/a.md", "reason",
	    "no title", "empty", "", "missing", NULL);
	read_packet(&capture, line, sizeof(line));
	read_packet(&capture, second, sizeof(second));
	end_capture(&capture);

	assert_int_equal(line[4], '-');
	assert_int_equal(line[19], 'Z');
	assert_string_equal(line + 20,
	    " warning import.skipped file=posts/a.md reason=\"no title\" "
	    "empty=\"\" missing=-\n");
	assert_string_equal(second, "");
}

static void
test_levels_have_their_words(void **state)
{
	struct capture capture = begin_capture(O_DIRECT);
	char lines[3][PIPE_BUF + 1];
	(void)state;

	log_info("a");
	log_warning("b");
	log_error("c");
	for (size_t i = 0; i < 3; i++)
		read_packet(&capture, lines[i], sizeof(lines[i]));
	end_capture(&capture);

	assert_string_equal(lines[0] + 20, " info a\n");
	assert_string_equal(lines[1] + 20, " warning b\n");
	assert_string_equal(lines[2] + 20, " error c\n");
}

static void
test_no_value_forges_a_line_or_pair(void **state)
{
	static const char *const CASES[][2] = {
		{ "a\n2026-01-01T00:00:00Z info forged",
		    "\"a\\x0a2026-01-01T00:00:00Z info forged\"" },
		{ "a\r\x1b[2J", "a\\x0d\\x1b[2J" },
		{ "a b=c", "\"a b=c\"" },
		{ "a=b", "\"a=b\"" },
		{ "a\" b=\"c", "\"a\\x22 b=\\x22c\"" },
		{ "\"", "\"\\x22\"" },
		{ "\u2028\xff", "\\u2028\\xff" },
		{ "a\\", "a\\x5c" },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		struct capture capture = begin_capture(O_DIRECT);
		g_autofree char *expected =
		    g_strdup_printf(" info e v=%s end=1\n", CASES[i][1]);
		char line[PIPE_BUF + 1];

		log_info("e", "v", CASES[i][0], "end", "1");
		read_packet(&capture, line, sizeof(line));
		end_capture(&capture);

		assert_string_equal(line + 20, expected);
	}
}

static void
test_long_line_is_cut_whole(void **state)
{
	struct capture capture = begin_capture(O_DIRECT);
	g_autoptr(GString) value = g_string_new(NULL);
	char line[2 * PIPE_BUF], second[PIPE_BUF];
	(void)state;
	while (value->len < 3 * PIPE_BUF)
		g_string_append(value, "日");

	log_info("event", "value", value->str);
	read_packet(&capture, line, sizeof(line));
	read_packet(&capture, second, sizeof(second));
	end_capture(&capture);

	assert_true(strlen(line) <= PIPE_BUF);
	assert_true(strlen(line) > PIPE_BUF - 8);
	assert_true(g_str_has_suffix(line, "日...\n"));
	assert_true(g_utf8_validate(line, -1, NULL));
	assert_string_equal(second, "");
}

/* Around the limit: every length gives exactly one line. */
static void
test_lengths_around_the_limit(void **state)
{
	(void)state;

	for (size_t size = PIPE_BUF - 60; size < PIPE_BUF + 5; size++) {
		struct capture capture = begin_capture(O_DIRECT);
		g_autofree char *value = g_strnfill(size, 'x');
		char line[2 * PIPE_BUF];

		log_info("e", "v", value);
		read_packet(&capture, line, sizeof(line));
		end_capture(&capture);

		assert_true(strlen(line) <= PIPE_BUF);
		assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	}
}

/* What a program in trouble would do, in a process of its own. */
static int
status_of_child(void (*work)(void))
{
	pid_t child = fork();
	int how = -1;

	if (child == 0) {
		work();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	return how;
}

static void
log_to_full_device(void)
{
	int fd = open("/dev/full", O_WRONLY);

	if (dup2(fd, STDERR_FILENO) < 0)
		_exit(1);
	log_error("a");
}

static void
log_to_nothing(void)
{
	close(STDERR_FILENO);
	log_error("a");
}

static void
log_to_closed_pipe(void)
{
	int ends[2];
	sigset_t pending;

	signal(SIGPIPE, SIG_DFL);
	if (pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0)
		_exit(1);
	close(ends[0]);
	close(ends[1]);
	log_error("a");
	log_error("b");
	sigpending(&pending);
	if (sigismember(&pending, SIGPIPE))
		_exit(2);
	/* Other pipes still tell. */
	if (pipe(ends) != 0)
		_exit(3);
	close(ends[0]);
	if (write(ends[1], "x", 1) < 0)
		_exit(4);
}

static void
test_trouble_with_standard_error_is_ignored(void **state)
{
	int how;
	(void)state;

	assert_int_equal(status_of_child(log_to_full_device), 0);
	assert_int_equal(status_of_child(log_to_nothing), 0);
	how = status_of_child(log_to_closed_pipe);
	assert_true(WIFSIGNALED(how));
	assert_int_equal(WTERMSIG(how), SIGPIPE);
}

/* A reader that never reads costs a moment and the line, not the request. */
static void
test_stuck_reader_does_not_block(void **state)
{
	struct capture capture = begin_capture(0);
	char bytes[4096] = { 0 };
	int64_t before, after;
	(void)state;
	fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
	while (write(STDERR_FILENO, bytes, sizeof(bytes)) > 0)
		continue;
	fcntl(STDERR_FILENO, F_SETFL, 0);

	before = g_get_monotonic_time();
	log_info("lost");
	after = g_get_monotonic_time();
	end_capture(&capture);

	assert_true(after - before < 5 * G_USEC_PER_SEC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_event_is_one_line_in_one_write),
		cmocka_unit_test(test_levels_have_their_words),
		cmocka_unit_test(test_no_value_forges_a_line_or_pair),
		cmocka_unit_test(test_long_line_is_cut_whole),
		cmocka_unit_test(test_lengths_around_the_limit),
		cmocka_unit_test(test_trouble_with_standard_error_is_ignored),
		cmocka_unit_test(test_stuck_reader_does_not_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
