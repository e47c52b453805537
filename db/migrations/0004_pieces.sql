-- Texts that come in pieces, because a web server takes no larger body (mod_fcgid
-- by default: 128 KB). Kept for a day at most, a few for each author.
CREATE TABLE text_upload (
	id INTEGER PRIMARY KEY,
	author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
	key TEXT NOT NULL, -- by which the author's browser knows it
	touched_at INTEGER NOT NULL,
	bytes BLOB NOT NULL, -- what has come until now, from the beginning
	UNIQUE (author_id, key)
) STRICT;
CREATE INDEX text_upload_author ON text_upload (author_id, touched_at DESC, id DESC);
CREATE INDEX text_upload_age ON text_upload (touched_at);

PRAGMA user_version = 4;
