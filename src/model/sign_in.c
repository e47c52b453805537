/*
 * sign_in.c - from what somebody typed to a session. See sign_in.h.
 *
 * What must hold: a try is counted before anything is compared; exactly one
 * password hash is computed for each that is compared; nothing is locked in the
 * database meanwhile. A hash takes some 256 MB and most of a second, so there
 * is one at a time in all processes of a site: who does not get the turn within
 * a second is told to come back.
 */
#include "config.h"

#include "model/sign_in.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/logger.h"
#include "base/one_time_code.h"
#include "base/recovery_code.h"
#include "base/text.h"
#include "base/token.h"
#include "model/account.h"
#include "model/session.h"
#include "model/site.h"
#include "model/throttle.h"
#include "store/database.h"

/* How long one waits for the turn to hash, and how often one looks. Who has
 * signed in here before looks so often that strangers, however many, seldom
 * get in between. */
#define TURN_TRIES              50
#define TURN_MICROSECONDS       20000
#define TURN_TRIES_KNOWN        5000
#define TURN_MICROSECONDS_KNOWN 1000

#define BROWSERS_MOST 20 /* known ones of an account */

static const char SQL_BROWSER_IS_KNOWN[] =
    "SELECT 1"
    " FROM known_browser"
    " WHERE token_hash = :hash AND author_id = :author_id";

static const char SQL_USE_BROWSER[] =
    "INSERT INTO known_browser (token_hash, author_id, used_at)"
    " VALUES (:hash, :author_id, :now)"
    " ON CONFLICT (token_hash) DO UPDATE"
    " SET author_id = excluded.author_id, used_at = excluded.used_at";

static const char SQL_SWEEP_BROWSERS[] =
    "DELETE FROM known_browser"
    " WHERE author_id = :author_id AND token_hash NOT IN (SELECT token_hash"
    " FROM known_browser"
    " WHERE author_id = :author_id"
    " ORDER BY used_at DESC"
    " LIMIT :most)";

static const char SQL_FORGET_BROWSERS[] =
    "DELETE FROM known_browser"
    " WHERE author_id = :author_id AND token_hash <> :kept";

void
sign_in_result_release(struct sign_in_result *result)
{
	g_free(result->token);
	g_free(result->browser_token);
	*result = (struct sign_in_result){ 0 };
}

/* A try under way. */
struct
try {
	struct site *site;
	const struct sign_in_attempt *attempt;
	int64_t now;
	char *email;            /* in the form it is looked for in */
	struct account account; /* author_id 0: there is none */
	/* What alone a try is counted for; NULL: a stranger may have made it.
	 */
	const char *known_as;
	int64_t wait_until;
};

/* ---- one hash at a time ---- */

/* The turn to hash: a descriptor that close(2) gives back, or -1. */
static int
take_turn(const struct site *site, bool is_known)
{
	int fd = open(site->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int tries = is_known ? TURN_TRIES_KNOWN : TURN_TRIES;

	for (int i = 0; fd >= 0 && i < tries; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return fd;
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		g_usleep(
		    is_known ? TURN_MICROSECONDS_KNOWN : TURN_MICROSECONDS);
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

enum status
sign_in_hash_password(
    const struct site *site, const char *password, char **out_hash)
{
	int turn = take_turn(site, true);
	enum status status;

	if (turn < 0)
		return STATUS_BUSY;
	status = token_hash_password(password, strlen(password), out_hash);
	close(turn);
	return status;
}

/* STATUS_OK when `password` is the account's, STATUS_FORBIDDEN when it is not,
 * in the same time for an account that is not there; STATUS_BUSY. */
static enum status
compare_password(const struct site *site, const struct account *account,
    const char *password, bool is_known)
{
	int turn = take_turn(site, is_known);
	enum status status;

	if (turn < 0)
		return STATUS_BUSY;
	status = account->author_id != 0
		     ? token_verify_password(
			   account->password_hash, password, strlen(password))
		     : token_verify_nobody(password, strlen(password));
	close(turn);
	return status == STATUS_OK && account->is_disabled ? STATUS_FORBIDDEN
							   : status;
}

/* ---- counting ---- */

static enum status
look_up_browser(struct try *try)
{
	const char *token = try->attempt->browser_token;
	g_autofree char *hash = NULL;
	struct statement *statement;
	enum status status;

	if (token == NULL || try->account.author_id == 0)
		return STATUS_OK;
	hash = token_hash(token);
	statement =
	    database_statement(try->site->database, SQL_BROWSER_IS_KNOWN);
	statement_bind_text(statement, ":hash", hash);
	statement_bind_integer(statement, ":author_id", try->account.author_id);
	status = statement_step(statement);
	statement_reset(statement);
	if (status == STATUS_OK)
		try->known_as = token;
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static struct throttle_try
make_throttle_try(const struct try *try)
{
	return (struct throttle_try){
		.account = try->email,
		.network = try->attempt->address,
		.browser = try->known_as,
	};
}

static const char *
handle_of(const struct try *try)
{
	return try->account.handle != NULL ? try->account.handle : "-";
}

static void
note(const struct try *try, const char *event)
{
	log_warning(event, "account", handle_of(try), "client",
	    try->attempt->network, "browser", try->attempt->browser);
}

/* Count the try; `is_last` says that the next one has to wait. */
static enum status
count(struct try *try, bool *out_is_last)
{
	const struct throttle_try attempt = make_throttle_try(try);

	return throttle_begin(try->site->database, &attempt, try->now,
	    &try->wait_until, out_is_last);
}

/* Find the account and count the try, in one transaction. */
static enum status
begin(struct try *try)
{
	struct database *database = try->site->database;
	bool is_last = false;
	enum status status = site_begin_write(try->site, try->now);

	if (status != STATUS_OK)
		return status;
	status = account_find(database, try->email, &try->account);
	if (status == STATUS_NOT_FOUND)
		status = STATUS_OK;
	if (status == STATUS_OK)
		status = look_up_browser(try);
	if (status == STATUS_OK)
		status = count(try, &is_last);
	status = site_end_write(try->site, status);
	if (status == STATUS_OK && is_last)
		note(try, "sign_in.throttled");
	return status;
}

/* Nothing was compared. Strangers' tries count all the same: else they could
 * wait for the turn, in every worker, as often as they like. */
static void
take_back(const struct try *try)
{
	const struct throttle_try attempt = make_throttle_try(try);

	if (try->known_as != NULL &&
	    site_begin_write(try->site, try->now) == STATUS_OK)
		(void)!site_end_write(try->site,
		    throttle_take_back(try->site->database, &attempt));
}

/* Compare the password of a try that was counted. */
static enum status
compare(const struct try *try, const char *password)
{
	enum status status = compare_password(
	    try->site, &try->account, password, try->known_as != NULL);

	if (status == STATUS_BUSY)
		take_back(try);
	return status;
}

/* ---- codes ---- */

static enum status
use_recovery_code(const struct try *try)
{
	g_autofree char *code = recovery_code_normalize(try->attempt->code);
	g_autofree char *hash = code != NULL ? token_hash(code) : NULL;
	enum status status;

	if (hash == NULL)
		return STATUS_FORBIDDEN;
	status = account_use_recovery_code(
	    try->site->database, try->account.author_id, hash);
	if (status == STATUS_OK)
		note(try, "sign_in.recovery_code");
	return status == STATUS_NOT_FOUND ? STATUS_FORBIDDEN : status;
}

/* Use the code up, where the account asks for one. */
static enum status
use_code(const struct try *try)
{
	const struct account *account = &try->account;
	int64_t step;
	enum status status;

	if (account->code_secret == NULL)
		return STATUS_OK;
	if (one_time_code_check(account->code_secret, try->attempt->code,
		try->now, &step) != STATUS_OK)
		return use_recovery_code(try);
	status =
	    account_use_code(try->site->database, account->author_id, step);
	return status == STATUS_CONFLICT ? STATUS_FORBIDDEN : status;
}

/* ---- letting in ---- */

static enum status
remember_browser(const struct try *try, char **out_token)
{
	struct database *database = try->site->database;
	g_autofree char *token =
	    try->known_as != NULL ? g_strdup(try->known_as) : token_new();
	g_autofree char *hash = token_hash(token);
	struct statement *statement =
	    database_statement(database, SQL_USE_BROWSER);
	enum status status;

	statement_bind_text(statement, ":hash", hash);
	statement_bind_integer(statement, ":author_id", try->account.author_id);
	statement_bind_integer(statement, ":now", try->now);
	status = statement_run(statement);
	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_SWEEP_BROWSERS);
	statement_bind_integer(statement, ":author_id", try->account.author_id);
	statement_bind_integer(statement, ":most", BROWSERS_MOST);
	status = statement_run(statement);
	if (status == STATUS_OK && try->known_as == NULL)
		*out_token = g_steal_pointer(&token);
	return status;
}

enum status
sign_in_know_browser(struct site *site, int64_t author_id,
    const char *browser_token, int64_t now, char **out_token)
{
	const struct sign_in_attempt attempt = { .browser_token =
						     browser_token };
	struct try try = { .site = site,
		.attempt = &attempt,
		.now = now,
		.account = { .author_id = author_id } };
	char *token = NULL;
	enum status status = look_up_browser(&try);

	if (status == STATUS_OK)
		status = remember_browser(&try, &token);
	if (status == STATUS_OK)
		*out_token = token;
	return status;
}

enum status
sign_in_forget_browsers(
    struct site *site, int64_t author_id, const char *kept_token)
{
	g_autofree char *kept =
	    kept_token != NULL ? token_hash(kept_token) : g_strdup("");
	struct statement *statement =
	    database_statement(site->database, SQL_FORGET_BROWSERS);

	statement_bind_integer(statement, ":author_id", author_id);
	statement_bind_text(statement, ":kept", kept);
	return statement_run(statement);
}

/* The account as it is now: it may have been changed while we compared. */
static enum status
read_again(struct try *try)
{
	g_autofree char *hash = g_steal_pointer(&try->account.password_hash);
	int64_t id = try->account.author_id;
	enum status status;

	account_release(&try->account);
	status = account_read(try->site->database, id, &try->account);
	if (status == STATUS_OK &&
	    (try->account.is_disabled ||
		g_strcmp0(hash, try->account.password_hash) != 0))
		status = STATUS_FORBIDDEN;
	return status == STATUS_NOT_FOUND ? STATUS_FORBIDDEN : status;
}

static enum status
store_session(const struct try *try, struct sign_in_result *result)
{
	struct database *database = try->site->database;
	enum status status = remember_browser(try, &result->browser_token);

	if (status == STATUS_OK)
		status = account_note_sign_in(
		    database, try->account.author_id, try->now);
	if (status == STATUS_OK)
		status = session_begin(database, try->account.author_id,
		    try->attempt->network, try->attempt->browser, try->now,
		    &result->token);
	return status;
}

static enum status
let_in(struct try *try, struct sign_in_result *out_result)
{
	const struct throttle_try attempt = make_throttle_try(try);
	struct sign_in_result result = { 0 };
	enum status status = site_begin_write(try->site, try->now);

	if (status != STATUS_OK)
		return status;
	status = read_again(try);
	if (status == STATUS_OK)
		status = use_code(try);
	if (status == STATUS_OK)
		status = throttle_forgive(try->site->database, &attempt);
	if (status == STATUS_OK)
		status = store_session(try, &result);
	status = site_end_write(try->site, status);
	if (status == STATUS_OK) {
		*out_result = result;
		return STATUS_OK;
	}
	sign_in_result_release(&result);
	return status;
}

enum status
sign_in_begin(struct site *site, int64_t author_id,
    const struct sign_in_attempt *attempt, int64_t now,
    struct sign_in_result *out_result)
{
	struct sign_in_result result = { 0 };
	struct try try = { .site = site,
		.attempt = attempt,
		.now = now,
		.account = { .author_id = author_id } };
	enum status status = look_up_browser(&try);

	if (status == STATUS_OK)
		status = store_session(&try, &result);
	if (status == STATUS_OK) {
		*out_result = result;
		return STATUS_OK;
	}
	sign_in_result_release(&result);
	return status;
}

/* What the password was hashed with is out of date: hash it anew, unless
 * another was set meanwhile. */
static void
renew_hash(struct try *try)
{
	g_autofree char *hash = NULL;
	enum status status;

	if (!token_password_needs_rehash(try->account.password_hash) ||
	    sign_in_hash_password(try->site, try->attempt->password, &hash) !=
		STATUS_OK ||
	    site_begin_write(try->site, try->now) != STATUS_OK)
		return;
	status = read_again(try);
	if (status == STATUS_OK)
		status = account_set_password(try->site->database,
		    try->account.author_id, hash, try->now);
	status = site_end_write(try->site, status);
	if (status != STATUS_OK && status != STATUS_FORBIDDEN)
		log_warning("sign_in.hash_is_old", "account", handle_of(try));
}

/* The address in the form it is stored in, or as it was typed: that finds
 * nobody. */
static char *
clean_email(const char *typed)
{
	g_autofree char *line = g_utf8_validate(typed, -1, NULL)
				    ? text_normalize_line(typed)
				    : g_strdup("");
	char *email = author_normalize_email(line);

	return email != NULL ? email : g_steal_pointer(&line);
}

enum status
sign_in(struct site *site, const struct sign_in_attempt *attempt, int64_t now,
    struct sign_in_result *out_result)
{
	g_autofree char *email = clean_email(attempt->email);
	/* A stranger's capitals are no other account to guess at. */
	g_autofree char *folded = g_ascii_strdown(email, -1);
	struct try try = {
		.site = site, .attempt = attempt, .now = now, .email = folded
	};
	enum status status = begin(&try);

	if (status == STATUS_OK)
		status = compare(&try, attempt->password);
	if (status == STATUS_OK)
		status = let_in(&try, out_result);
	if (status == STATUS_OK) {
		log_info("sign_in.ok", "account", handle_of(&try), "client",
		    attempt->network, "browser", attempt->browser);
		renew_hash(&try);
	} else if (status == STATUS_FORBIDDEN) {
		note(&try, "sign_in.failed");
	} else if (status == STATUS_TOO_LARGE) {
		out_result->wait_until = try.wait_until;
	}
	account_release(&try.account);
	return status;
}

enum status
sign_in_confirm(struct site *site, int64_t author_id, const char *password,
    const struct sign_in_attempt *attempt, int64_t now, char **out_hash,
    int64_t *out_wait_until)
{
	g_autofree char *key =
	    g_strdup_printf("author %" G_GINT64_FORMAT, author_id);
	struct try try = { .site = site,
		.attempt = attempt,
		.now = now,
		.email = key,
		/* Strangers who guess do not keep waiting who is signed in. */
		.known_as = key };
	enum status status = site_begin_write(site, now);
	struct throttle_try counted;

	if (status != STATUS_OK)
		return status;
	status = account_read(site->database, author_id, &try.account);
	if (status == STATUS_OK)
		status = count(&try, NULL);
	status = site_end_write(site, status);
	if (status == STATUS_OK)
		status = compare(&try, password);
	if (status == STATUS_TOO_LARGE)
		*out_wait_until = try.wait_until;
	if (status == STATUS_FORBIDDEN)
		note(&try, "sign_in.failed");
	counted = make_throttle_try(&try);
	if (status == STATUS_OK)
		status = site_begin_write(site, now);
	if (status == STATUS_OK)
		status = site_end_write(
		    site, throttle_forgive(site->database, &counted));
	if (status == STATUS_OK)
		*out_hash = g_steal_pointer(&try.account.password_hash);
	account_release(&try.account);
	return status;
}
