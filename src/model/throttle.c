/*
 * throttle.c - how often a wrong password may be tried. See throttle.h.
 *
 * What must hold: no wait is for good, also when a clock goes back; what was
 * typed is not stored, only a hash of it.
 */
#include "config.h"

#include "model/throttle.h"

#include <glib.h>

#include "base/date.h"
#include "base/token.h"
#include "store/database.h"

static const char SQL_READ[] = "SELECT failure_count, failed_at, wait_until"
			       " FROM sign_in_failure"
			       " WHERE scope = :scope AND key = :key";

static const char SQL_WRITE[] =
    "INSERT INTO sign_in_failure (scope, key, failure_count, failed_at,"
    " wait_until)"
    " VALUES (:scope, :key, :count, :now, :wait_until)"
    " ON CONFLICT (scope, key) DO UPDATE"
    " SET failure_count = excluded.failure_count,"
    " failed_at = excluded.failed_at, wait_until = excluded.wait_until";

static const char SQL_FORGET[] = "DELETE FROM sign_in_failure"
				 " WHERE scope = :scope AND key = :key";

static const char SQL_TAKE_BACK[] =
    "UPDATE sign_in_failure"
    " SET failure_count = failure_count - 1, wait_until = 0"
    " WHERE scope = :scope AND key = :key AND failure_count > 0";

static const char SQL_SWEEP[] = "DELETE FROM sign_in_failure"
				" WHERE failed_at < :oldest"
				" OR failed_at > :latest";

static const struct rule {
	const char *scope;
	int64_t free_count; /* tries before the first wait */
	int64_t first_wait; /* seconds after the last of these; then twice
			       that */
	int64_t longest_wait;
	int64_t memory; /* seconds after which all is forgotten */
	/* A right password makes up for all that was wrong before; else for
	 * itself alone. */
	bool is_forgiving;
} ACCOUNT = { "account", 5, 30, THROTTLE_LONGEST_WAIT, DAY_SECONDS, true },
  BROWSER = { "browser", 5, 15, 300, DAY_SECONDS, true },
  NETWORK = { "network", 20, 30, THROTTLE_LONGEST_WAIT, DAY_SECONDS, false },
  ALL = { "all", 60, 10, 60, 60, false };

struct count {
	const struct rule *rule;
	char *key;
	int64_t count;
	int64_t wait_until;
};

enum {
	MOST_COUNTS = 3
};

/* What a try counts for. Returns how many; release_counts() frees them. */
static size_t
list_counts(
    const struct throttle_try *attempt, struct count counts[MOST_COUNTS])
{
	if (attempt->browser != NULL) {
		counts[0] = (struct count){ &BROWSER,
			token_hash(attempt->browser), 0, 0 };
		return 1;
	}
	counts[0] =
	    (struct count){ &ACCOUNT, token_hash(attempt->account), 0, 0 };
	counts[1] =
	    (struct count){ &NETWORK, token_hash(attempt->network), 0, 0 };
	counts[2] = (struct count){ &ALL, g_strdup(""), 0, 0 };
	return MOST_COUNTS;
}

static void
release_counts(struct count counts[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		g_free(counts[i].key);
}

static void
bind_count(struct statement *statement, const struct count *count)
{
	statement_bind_text(statement, ":scope", count->rule->scope);
	statement_bind_text(statement, ":key", count->key);
}

static enum status
read_count(struct database *database, struct count *count, int64_t now)
{
	const struct rule *rule = count->rule;
	struct statement *statement = database_statement(database, SQL_READ);
	enum status status;
	int64_t failed_at;

	bind_count(statement, count);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status == STATUS_NOT_FOUND ? STATUS_OK : status;
	count->count = statement_integer(statement, 0);
	failed_at = statement_integer(statement, 1);
	count->wait_until = statement_integer(statement, 2);
	statement_reset(statement);
	/* A wait that no rule gives: the clock has gone back. */
	if (count->wait_until > now + rule->longest_wait)
		count->wait_until = 0;
	if (failed_at < now - rule->memory)
		count->count = 0;
	return STATUS_OK;
}

static int64_t
next_wait(const struct rule *rule, int64_t count)
{
	int64_t wait = rule->first_wait;

	if (count < rule->free_count)
		return 0;
	for (int64_t i = rule->free_count;
	     i < count && wait < rule->longest_wait; i++)
		wait *= 2;
	return MIN(wait, rule->longest_wait);
}

static enum status
write_count(struct database *database, struct count *count, int64_t now)
{
	struct statement *statement = database_statement(database, SQL_WRITE);
	int64_t wait = next_wait(count->rule, ++count->count);

	count->wait_until = wait > 0 ? now + wait : 0;
	bind_count(statement, count);
	statement_bind_integer(statement, ":count", count->count);
	statement_bind_integer(statement, ":now", now);
	statement_bind_integer(statement, ":wait_until", count->wait_until);
	return statement_run(statement);
}

static enum status
sweep(struct database *database, int64_t now)
{
	struct statement *statement = database_statement(database, SQL_SWEEP);

	statement_bind_integer(statement, ":oldest", now - DAY_SECONDS);
	statement_bind_integer(statement, ":latest", now + DAY_SECONDS);
	return statement_run(statement);
}

/* Until when one of `counts` says to wait, 0: not at all. */
static int64_t
latest_wait(const struct count counts[], size_t count, int64_t now)
{
	int64_t latest = 0;

	for (size_t i = 0; i < count; i++)
		if (counts[i].wait_until > now)
			latest = MAX(latest, counts[i].wait_until);
	return latest;
}

enum status
throttle_begin(struct database *database, const struct throttle_try *attempt,
    int64_t now, int64_t *out_wait_until, bool *out_is_last)
{
	struct count counts[MOST_COUNTS];
	size_t count = list_counts(attempt, counts);
	enum status status = sweep(database, now);
	int64_t wait_until;

	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = read_count(database, &counts[i], now);
	wait_until = latest_wait(counts, count, now);
	if (status == STATUS_OK && wait_until != 0) {
		*out_wait_until = wait_until;
		status = STATUS_TOO_LARGE;
	}
	for (size_t i = 0; i < count && status == STATUS_OK; i++)
		status = write_count(database, &counts[i], now);
	if (out_is_last != NULL)
		*out_is_last = latest_wait(counts, count, now) != 0;
	release_counts(counts, count);
	return status;
}

/* Take the try out of all it counted for; `is_right`: and forgive what was
 * wrong before. */
static enum status
take_out(struct database *database, const struct throttle_try *attempt,
    bool is_right)
{
	struct count counts[MOST_COUNTS];
	size_t count = list_counts(attempt, counts);
	enum status status = STATUS_OK;

	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		struct statement *statement = database_statement(database,
		    is_right && counts[i].rule->is_forgiving ? SQL_FORGET
							     : SQL_TAKE_BACK);

		bind_count(statement, &counts[i]);
		status = statement_run(statement);
	}
	release_counts(counts, count);
	return status;
}

enum status
throttle_forgive(struct database *database, const struct throttle_try *attempt)
{
	return take_out(database, attempt, true);
}

enum status
throttle_take_back(
    struct database *database, const struct throttle_try *attempt)
{
	return take_out(database, attempt, false);
}
