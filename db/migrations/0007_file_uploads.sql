-- Files that come in pieces, because a web server takes no larger body. What has come
-- of one stands in uploads/ of the site until all has; kept for a day at most, a few
-- for each author.
CREATE TABLE file_upload (
	id INTEGER PRIMARY KEY,
	author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
	key TEXT NOT NULL, -- by which the author's browser knows it
	begun_at INTEGER NOT NULL,
	name TEXT NOT NULL, -- as the author's machine calls it
	size INTEGER NOT NULL, -- bytes it will have
	file TEXT NOT NULL, -- below uploads/, of random characters
	-- What became of it: an answer that was lost can be given again.
	media_id INTEGER REFERENCES media (id) ON DELETE CASCADE,
	UNIQUE (author_id, key)
) STRICT;
-- Those that have not come whole: of one author, and how large all are.
CREATE INDEX file_upload_unfinished ON file_upload (author_id, begun_at DESC, id DESC, size, file)
	WHERE media_id IS NULL;
CREATE INDEX file_upload_age ON file_upload (begun_at);
CREATE INDEX file_upload_media ON file_upload (media_id);

PRAGMA user_version = 7;
