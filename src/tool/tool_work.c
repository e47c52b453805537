/*
 * tool_work.c - `byline work`: what falls due while nobody looks.
 *
 * It publishes what was scheduled. A request of a reader would do the same;
 * this one comes at the second, also on a blog that nobody reads at night. It
 * empties the trash of what has been there for long, removes uploads that were
 * never finished, takes away what uploads left that were killed, and counts who
 * was here.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "base/date.h"
#include "base/logger.h"
#include "base/memory.h"
#include "model/article_edit.h"
#include "model/file_upload.h"
#include "model/site.h"
#include "model/upkeep.h"
#include "model/visit.h"
#include "tool/tool.h"

/* The longest sleep, in seconds: what is scheduled meanwhile is seen then. */
#define LONGEST_SLEEP 20

/* How often the house is swept, in seconds. */
#define SWEEP_INTERVAL 3600

static volatile sig_atomic_t is_over;

static void
end(int number)
{
	(void)number;
	is_over = 1;
}

/* Do what is due; `out_next_at` says when the next is, 0: nothing waits. */
static enum status
work(struct site *site, int64_t *out_next_at)
{
	int64_t now = date_now();
	int64_t count = 0;
	int64_t removed;
	enum status status = site_begin_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = article_publish_due(site->database, now, &count, out_next_at);
	if (status == STATUS_OK)
		status = article_empty_trash(site->database, now, &removed);
	status = site_end_write(site, status);
	if (status == STATUS_OK)
		status = file_upload_sweep(site, now);
	if (status == STATUS_OK && count > 0) {
		g_autofree char *number =
		    g_strdup_printf("%" G_GINT64_FORMAT, count);

		log_info("publish.due", "articles", number);
	}
	return status;
}

/* Whether anything is due: most times nothing is, and nothing is written. */
static enum status
look(struct site *site, int64_t *out_next_at)
{
	enum status status = site_begin_read(site, date_now());

	if (status != STATUS_OK)
		return status;
	*out_next_at = site->scheduled_at;
	site_end_read(site);
	return status;
}

/* Count who was here since, and say that this runs. */
static enum status
keep_up(struct site *site)
{
	int64_t now = date_now();
	enum status status;

	upkeep_note_work(site, now);
	status = visit_fold_due(site, now);
	/* Somebody writes just now: the next time is soon enough. */
	return status == STATUS_BUSY ? STATUS_OK : status;
}

static void
sleep_until(int64_t next_at, const sigset_t *signals)
{
	int64_t seconds = LONGEST_SLEEP;
	struct timespec span = { 0 };

	if (next_at != 0)
		seconds = CLAMP(next_at - date_now(), 1, LONGEST_SLEEP);
	span.tv_sec = (time_t)seconds;
	/* Signals come here and nowhere else: nothing is cut off by one. */
	(void)ppoll(NULL, 0, &span, signals);
}

static void
take_signals(sigset_t *out_former)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	struct sigaction action = { .sa_handler = end };
	sigset_t blocked;

	sigemptyset(&blocked);
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		sigaddset(&blocked, numbers[i]);
		(void)sigaction(numbers[i], &action, NULL);
	}
	(void)sigprocmask(SIG_BLOCK, &blocked, out_former);
}

static void
go_on(struct site *site)
{
	int64_t swept_at = 0;
	sigset_t signals;

	take_signals(&signals);
	while (!is_over) {
		bool is_sweep_due = date_now() >= swept_at + SWEEP_INTERVAL;
		int64_t next_at = 0;
		enum status status =
		    is_sweep_due ? work(site, &next_at) : look(site, &next_at);

		if (is_sweep_due && status == STATUS_OK)
			swept_at = date_now();
		if (status == STATUS_OK)
			status = keep_up(site);
		if (status != STATUS_OK)
			log_warning(
			    "work.failed", "reason", status_name(status));
		memory_give_back();
		sleep_until(next_at, &signals);
	}
}

int
tool_work(const struct tool *tool, const char *directory, int argc, char **argv)
{
	gboolean is_once = FALSE;
	const GOptionEntry entries[] = {
		{ "once", 0, 0, G_OPTION_ARG_NONE, &is_once,
		    "Do what is due now, and end: for cron", NULL },
		{ 0 },
	};
	struct site *site;
	int64_t next_at;
	enum status status = STATUS_OK;
	int exit_code;

	if (!tool_parse(tool, entries, 0, &argc, &argv, &exit_code))
		return exit_code;
	site = tool_open_site(directory);
	if (site == NULL)
		return TOOL_FAILED;
	if (is_once)
		status = work(site, &next_at);
	else
		go_on(site);
	if (is_once && status == STATUS_OK)
		status = keep_up(site);
	site_free(site);
	if (status != STATUS_OK)
		return tool_fail(
		    "the database cannot be written: %s", status_name(status));
	return TOOL_DONE;
}
