/*
 * visit.c - readers are counted. See visit.h, and base/tally.h for why each
 * line counts exactly once.
 */
#include "config.h"

#include "model/visit.h"

#include <sys/stat.h>

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/logger.h"
#include "base/tally.h"
#include "base/text.h"
#include "model/page_view.h"
#include "model/redirect.h"
#include "model/setting.h"
#include "model/site.h"

static const char TALLY_NAME[] = "tally";

/* No zone is off by less than that; and nobody learns from it who it was. */
#define STEP_SECONDS 900

#define DUE_SECONDS 3600
#define DUE_SIZE    (TALLY_MAX_SIZE / 4)

static const char SQL_READ[] = "SELECT taken, taken_at"
			       " FROM tally"
			       " WHERE id = 1";

static const char SQL_STORE[] = "UPDATE tally"
				" SET taken = :taken, taken_at = :now"
				" WHERE id = 1";

/* ---- noting ---- */

static int64_t
rough(int64_t time)
{
	return time - time % STEP_SECONDS;
}

static void
note(struct site *site, const char *line)
{
	g_autofree char *path = site_path(site, TALLY_NAME);
	g_autoptr(GError) error = NULL;
	bool is_failing = tally_append(path, line, &error) != STATUS_OK;

	if (is_failing && !site->is_tally_failing)
		log_warning(
		    "visit.uncounted", "file", path, "reason", error->message);
	else if (!is_failing && site->is_tally_failing)
		log_info("visit.counted", "file", path);
	site->is_tally_failing = is_failing;
}

void
visit_note_view(struct site *site, int64_t article_id, int64_t now)
{
	g_autofree char *line = g_strdup_printf(
	    "v %" PRId64 " %" PRId64 "\n", article_id, rough(now));

	note(site, line);
}

void
visit_note_redirect(struct site *site, const char *path, int64_t now)
{
	g_autofree char *line =
	    g_strdup_printf("r %" PRId64 " %s\n", rough(now), path);

	note(site, line);
}

enum status
visit_check(const struct site *site)
{
	g_autofree char *path = site_path(site, TALLY_NAME);
	struct stat about;

	if (lstat(path, &about) != 0)
		return access(site->directory, W_OK) == 0 ? STATUS_OK
							  : STATUS_FORBIDDEN;
	if (!S_ISREG(about.st_mode) || access(path, W_OK) != 0)
		return STATUS_FORBIDDEN;
	return about.st_size < TALLY_MAX_SIZE ? STATUS_OK : STATUS_TOO_LARGE;
}

/* ---- what the lines say ---- */

/* Views of an article on a day; hits of an address, `path`, and the day of the
 * last. */
struct sum {
	char *path; /* NULL: views */
	int64_t article_id;
	int64_t day;
	int64_t count;
};

struct sums {
	GHashTable *by_name; /* of struct sum *, by what makes each one */
	GTimeZone *zone;
	int64_t now;
};

static void
free_sum(void *data)
{
	struct sum *sum = data;

	g_free(sum->path);
	g_free(sum);
}

/* The sum that `like` is of, by `name`, which becomes its own. */
static void
add_to_sum(struct sums *sums, char *name, const struct sum *like)
{
	struct sum *sum = g_hash_table_lookup(sums->by_name, name);

	if (sum == NULL) {
		sum = g_new0(struct sum, 1);
		*sum = *like;
		sum->path = g_strdup(like->path);
		g_hash_table_insert(sums->by_name, name, sum);
	} else {
		g_free(name);
	}
	sum->count++;
	sum->day = MAX(sum->day, like->day);
}

/* Whether `text` is a time at which somebody could have come: one of much later
 * is of a clock that was wrong. `out_day` is its day. */
static bool
read_day(const struct sums *sums, const char *text, int64_t *out_day)
{
	int64_t time;

	if (text_parse_integer(text, INT64_MAX, &time) != STATUS_OK ||
	    time > sums->now + DAY_SECONDS ||
	    time <= sums->now - PAGE_VIEW_KEPT * DAY_SECONDS)
		return false;
	*out_day = page_view_day(time, sums->zone);
	return true;
}

/* Add one line, "v ID TIME" or "r TIME PATH"; one that is neither is what a
 * full disk has left. */
static void
add_line(struct sums *sums, const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, " ", 3);
	struct sum sum = { 0 };

	if (g_strv_length(parts) != 3)
		return;
	if (strcmp(parts[0], "v") == 0 &&
	    text_parse_integer(parts[1], INT64_MAX, &sum.article_id) ==
		STATUS_OK &&
	    read_day(sums, parts[2], &sum.day)) {
		add_to_sum(sums,
		    g_strdup_printf(
			"v %" PRId64 " %" PRId64, sum.article_id, sum.day),
		    &sum);
	} else if (strcmp(parts[0], "r") == 0 &&
		   read_day(sums, parts[1], &sum.day) && parts[2][0] == '/' &&
		   text_is_valid_utf8(parts[2], strlen(parts[2]), NULL)) {
		sum.path = parts[2];
		add_to_sum(sums, g_strconcat("r ", parts[2], NULL), &sum);
	}
}

static void
add_lines(struct sums *sums, GString *lines)
{
	char *at = lines->str;
	char *end;

	/* What has no end was not written whole. A byte that is NUL ends the
	 * text of its line, which then is none of ours. */
	while ((end = memchr(at, '\n',
		    (size_t)(lines->str + lines->len - at))) != NULL) {
		*end = '\0';
		if (strlen(at) == (size_t)(end - at))
			add_line(sums, at);
		at = end + 1;
	}
}

static enum status
store_sums(struct database *database, GHashTable *sums)
{
	GHashTableIter iterator;
	void *value;
	enum status status = STATUS_OK;

	g_hash_table_iter_init(&iterator, sums);
	while (status == STATUS_OK &&
	       g_hash_table_iter_next(&iterator, NULL, &value)) {
		const struct sum *sum = value;

		status = sum->path != NULL
			     ? redirect_add_hits(
				   database, sum->path, sum->count, sum->day)
			     : page_view_add(database, sum->article_id,
				   sum->day, sum->count);
	}
	return status;
}

/* The sums of `lines`, by name. The caller unrefs it. */
static GHashTable *
sum_lines(const struct site *site, GString *lines, int64_t now)
{
	struct sums sums = {
		.by_name = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, free_sum),
		.zone = site->blog.zone,
		.now = now,
	};

	add_lines(&sums, lines);
	return sums.by_name;
}

/* ---- folding ---- */

static enum status
read_taken(struct database *database, int64_t *out_taken, int64_t *out_taken_at)
{
	struct statement *statement = database_statement(database, SQL_READ);
	enum status status = statement_step(statement);

	if (status != STATUS_OK)
		return status;
	*out_taken = statement_integer(statement, 0);
	*out_taken_at = statement_integer(statement, 1);
	statement_reset(statement);
	return STATUS_OK;
}

static enum status
store_taken(struct database *database, int64_t taken, int64_t now)
{
	struct statement *statement = database_statement(database, SQL_STORE);

	statement_bind_integer(statement, ":taken", taken);
	statement_bind_integer(statement, ":now", now);
	return statement_run(statement);
}

/* Take the lines away as `out_number`, while nobody else can: in a write
 * transaction, in which nothing is written. STATUS_NOT_FOUND: there are none.
 */
static enum status
take(struct site *site, const char *path, int64_t now, int64_t *out_number)
{
	g_autoptr(GError) error = NULL;
	int64_t taken, taken_at;
	enum status status = site_try_write(site, now);

	if (status != STATUS_OK)
		return status;
	status = read_taken(site->database, &taken, &taken_at);
	if (status == STATUS_OK) {
		/* Who counted those was killed before it could: they are
		 * counted. */
		tally_drop(path, taken);
		status = tally_take(path, taken + 1, &error);
	}
	if (status == STATUS_OK)
		*out_number = taken + 1;
	if (error != NULL)
		log_warning(
		    "visit.unfolded", "file", path, "reason", error->message);
	return site_end_write(site, status);
}

/* Count what was taken as `number`, inside a write transaction, unless somebody
 * who took the same has done so. */
static enum status
count(struct site *site, GHashTable *sums, int64_t number, int64_t now)
{
	struct database *database = site->database;
	int64_t taken, taken_at;
	enum status status = read_taken(database, &taken, &taken_at);

	if (status != STATUS_OK || taken >= number)
		return status;
	/* An older database was restored: there, they are taken again. */
	if (taken != number - 1)
		return STATUS_BUSY;
	if (site->blog.is_counting_views)
		status = store_sums(database, sums);
	if (status == STATUS_OK)
		status = page_view_turn(
		    database, page_view_day(now, site->blog.zone));
	return status == STATUS_OK ? store_taken(database, number, now)
				   : status;
}

static enum status
count_taken(struct site *site, const char *path, GHashTable *sums,
    int64_t number, int64_t now)
{
	enum status status = site_try_write(site, now);

	if (status != STATUS_OK)
		return status;
	/* Nobody was waited for. What was noted has its limit of size, so that
	 * it ends by itself; a limit of time would let it never be done where
	 * the machine is slow. */
	database_set_deadline(site->database, 0);
	status = site_end_write(site, count(site, sums, number, now));
	if (status == STATUS_OK)
		tally_drop(path, number);
	return status;
}

/* Reading and summing up may take a while, and waits for writers: nobody is
 * kept from the database for it. */
static enum status
fold_once(struct site *site, const char *path, int64_t now)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autoptr(GHashTable) sums = NULL;
	g_autoptr(GError) error = NULL;
	int64_t number = 0;
	enum status status = take(site, path, now, &number);

	if (status == STATUS_OK)
		status = tally_read(path, number, lines, &error);
	/* Nothing is there, or somebody else has counted it meanwhile. */
	if (status == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (error != NULL)
		log_warning(
		    "visit.unfolded", "file", path, "reason", error->message);
	if (status != STATUS_OK)
		return status;
	sums = sum_lines(site, lines, now);
	return count_taken(site, path, sums, number, now);
}

/* What was noted; and before that, what somebody took who was killed. */
static enum status
fold(struct site *site, const char *path, int64_t taken, int64_t now)
{
	bool is_left = tally_is_left(path, taken + 1);
	enum status status = fold_once(site, path, now);

	return status == STATUS_OK && is_left ? fold_once(site, path, now)
					      : status;
}

/* A new day has begun, and nothing was noted in it yet. */
static enum status
turn(struct site *site, int64_t now)
{
	bool is_turned;
	enum status status = page_view_is_turned(
	    site->database, page_view_day(now, site->blog.zone), &is_turned);

	if (status != STATUS_OK || is_turned || !site->blog.is_counting_views)
		return status;
	status = site_try_write(site, now);
	if (status != STATUS_OK)
		return status;
	database_set_deadline(site->database, 0);
	return site_end_write(site, page_view_turn(site->database,
					page_view_day(now, site->blog.zone)));
}

enum status
visit_fold(struct site *site, int64_t now)
{
	g_autofree char *path = site_path(site, TALLY_NAME);
	int64_t taken, taken_at;
	enum status status = read_taken(site->database, &taken, &taken_at);

	if (status == STATUS_OK && tally_is_waiting(path, taken + 1))
		status = fold(site, path, taken, now);
	return status == STATUS_OK ? turn(site, now) : status;
}

enum status
visit_fold_due(struct site *site, int64_t now)
{
	g_autofree char *path = site_path(site, TALLY_NAME);
	int64_t taken, taken_at;
	enum status status = read_taken(site->database, &taken, &taken_at);
	bool is_due = status == STATUS_OK &&
		      (taken_at > now || taken_at + DUE_SECONDS <= now ||
			  tally_size(path) >= DUE_SIZE);

	if (!is_due || !tally_is_waiting(path, taken + 1))
		return status;
	return fold(site, path, taken, now);
}
