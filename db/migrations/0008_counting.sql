-- How often what was written is read, and old addresses are still used: counted
-- without cookies, and without anything about who reads. Neither makes the
-- generation of the blog go up.

-- Views of articles and pages.
CREATE TABLE page_view (
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	day INTEGER NOT NULL, -- in the blog's time zone, counted from 1970-01-01
	count INTEGER NOT NULL,
	PRIMARY KEY (article_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_view_day ON page_view (day, article_id, count);

-- How often a redirect was followed, and on which day last.
CREATE TABLE redirect_hit (
	path TEXT PRIMARY KEY REFERENCES redirect (path) ON DELETE CASCADE,
	count INTEGER NOT NULL,
	last_day INTEGER NOT NULL -- counted as above
) STRICT, WITHOUT ROWID;

-- How often what the programs noted in the file "tally" was taken from there and
-- counted here: see base/tally.h.
CREATE TABLE tally (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	taken INTEGER NOT NULL,
	taken_at INTEGER NOT NULL -- when last; 0: never
) STRICT;
INSERT INTO tally (id, taken, taken_at) VALUES (1, 0, 0);

PRAGMA user_version = 8;
