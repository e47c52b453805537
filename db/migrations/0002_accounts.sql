-- Who may sign in at the desk, and who is: accounts, sessions, links that work
-- once, and how often somebody guessed.
--
-- A token (of a cookie, of a link) is stored as token_hash() of it, so that nobody
-- who reads this file is signed in by it.

ALTER TABLE author ADD COLUMN disabled_at INTEGER; -- may not sign in since; NULL: may
ALTER TABLE author ADD COLUMN signed_in_at INTEGER; -- when last; NULL: never
ALTER TABLE author ADD COLUMN time_zone TEXT NOT NULL DEFAULT ''; -- empty: the blog's
ALTER TABLE author ADD COLUMN code_secret TEXT; -- of one-time codes, base32; NULL: none
ALTER TABLE author ADD COLUMN code_step INTEGER NOT NULL DEFAULT 0; -- of the last code used
CREATE INDEX author_account ON author (id) WHERE password_hash IS NOT NULL;

-- Codes that stand in for a one-time code, each for one time.
CREATE TABLE recovery_code (
	author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
	code_hash TEXT NOT NULL,
	PRIMARY KEY (author_id, code_hash)
) STRICT, WITHOUT ROWID;

-- Who is signed in, and in which browser.
CREATE TABLE session (
	id INTEGER PRIMARY KEY,
	token_hash TEXT NOT NULL UNIQUE,
	author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
	created_at INTEGER NOT NULL,
	seen_at INTEGER NOT NULL, -- give or take a minute
	network TEXT NOT NULL, -- "192.0.2.0/24", for its owner to recognise
	browser TEXT NOT NULL -- "Firefox on Linux"
) STRICT;
CREATE INDEX session_author ON session (author_id, seen_at DESC);

-- Browsers in which somebody has signed in before: wrong passwords from elsewhere
-- do not keep them out.
CREATE TABLE known_browser (
	token_hash TEXT PRIMARY KEY,
	author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
	used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_browser_author ON known_browser (author_id, used_at DESC);

-- How often somebody tried to sign in and failed, counted for what was tried and
-- for whence.
CREATE TABLE sign_in_failure (
	scope TEXT NOT NULL CHECK (scope IN ('account', 'network', 'browser', 'all')),
	key TEXT NOT NULL, -- a hash of the address of mail or network; empty: 'all'
	failure_count INTEGER NOT NULL,
	failed_at INTEGER NOT NULL, -- the last time
	wait_until INTEGER NOT NULL, -- nothing is tried before
	PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failure_age ON sign_in_failure (failed_at);

-- Links that let somebody in once: the first author, an invited one, one who lost
-- the password.
CREATE TABLE one_time_link (
	token_hash TEXT PRIMARY KEY,
	purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'invitation', 'reset')),
	author_id INTEGER REFERENCES author (id) ON DELETE CASCADE, -- of a reset
	name TEXT NOT NULL DEFAULT '', -- of who is invited, as are the next two
	email TEXT NOT NULL DEFAULT '',
	role TEXT NOT NULL DEFAULT 'author'
		CHECK (role IN ('owner', 'editor', 'author')),
	invited_by INTEGER REFERENCES author (id) ON DELETE CASCADE,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_link_purpose ON one_time_link (purpose, created_at DESC);
CREATE INDEX one_time_link_expiry ON one_time_link (expires_at);
CREATE INDEX one_time_link_author ON one_time_link (author_id);
CREATE INDEX one_time_link_inviter ON one_time_link (invited_by);

PRAGMA user_version = 2;
