-- Made by db/make-schema from db/migrations: change those, not this.

CREATE TABLE setting (
	key TEXT PRIMARY KEY, -- "site_name", "per_page", ...
	value TEXT NOT NULL,
	CHECK (length(key) BETWEEN 1 AND 64)
) STRICT, WITHOUT ROWID;

CREATE TABLE blog (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	generation INTEGER NOT NULL, -- goes up by one or more with each change
	changed_at INTEGER NOT NULL, -- when that was
	article_count INTEGER NOT NULL DEFAULT 0 -- published articles, kept by triggers
) STRICT;

CREATE TABLE author (
	id INTEGER PRIMARY KEY,
	handle TEXT NOT NULL UNIQUE, -- the slug in /authors/{handle}
	name TEXT NOT NULL, -- as shown
	email TEXT UNIQUE COLLATE NOCASE, -- NULL: an imported name that cannot sign in
	role TEXT NOT NULL DEFAULT 'author'
		CHECK (role IN ('owner', 'editor', 'author')),
	password_hash TEXT, -- argon2id; NULL: cannot sign in
	job_title TEXT NOT NULL DEFAULT '', -- "Backend engineer", shown beside the name
	biography TEXT NOT NULL DEFAULT '', -- one paragraph of plain text
	picture_path TEXT, -- "/media/..." without the base path; NULL: initials
	website TEXT NOT NULL DEFAULT '', -- an http or https address, or empty
	article_count INTEGER NOT NULL DEFAULT 0, -- published articles, kept by triggers
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
, disabled_at INTEGER, signed_in_at INTEGER, time_zone TEXT NOT NULL DEFAULT '', code_secret TEXT, code_step INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX author_owner ON author (id) WHERE role = 'owner';

CREATE INDEX author_by_name ON author (name COLLATE NOCASE)
	WHERE article_count > 0;

CREATE TABLE category (
	id INTEGER PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	description TEXT NOT NULL DEFAULT '', -- one paragraph of plain text
	article_count INTEGER NOT NULL DEFAULT 0 -- published articles, kept by triggers
) STRICT;

CREATE INDEX category_by_name ON category (name COLLATE NOCASE)
	WHERE article_count > 0;

CREATE TABLE tag (
	id INTEGER PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	description TEXT NOT NULL DEFAULT '',
	article_count INTEGER NOT NULL DEFAULT 0 -- published articles, kept by triggers
) STRICT;

CREATE INDEX tag_by_name ON tag (name COLLATE NOCASE)
	WHERE article_count > 0;

CREATE TABLE article (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL DEFAULT 'article' CHECK (kind IN ('article', 'page')),
	status TEXT NOT NULL DEFAULT 'draft'
		CHECK (status IN ('draft', 'scheduled', 'published')),
	published_at INTEGER, -- when it is or was public first; set unless a draft
	trashed_at INTEGER, -- in the trash since; NULL: not
	-- When it stands in listings; NULL when it does not stand there at all.
	listed_at INTEGER GENERATED ALWAYS AS (
		CASE WHEN kind = 'article' AND status = 'published'
			AND trashed_at IS NULL THEN published_at END) VIRTUAL,
	year INTEGER, -- of published_at in the blog's time zone; set where that is
	updated_at INTEGER NOT NULL, -- last change of what a reader sees
	created_at INTEGER NOT NULL,
	version INTEGER NOT NULL DEFAULT 1, -- goes up by one with each save
	slug TEXT NOT NULL UNIQUE,
	path TEXT NOT NULL UNIQUE, -- its address without the base path
	title TEXT NOT NULL,
	category_id INTEGER REFERENCES category (id) ON DELETE SET NULL,
	minutes INTEGER NOT NULL DEFAULT 1, -- reading time
	word_count INTEGER NOT NULL DEFAULT 0,
	language TEXT NOT NULL DEFAULT '', -- BCP 47; empty: the blog's
	excerpt TEXT NOT NULL DEFAULT '', -- plain text, for cards and descriptions
	summary TEXT NOT NULL DEFAULT '', -- what the author typed as excerpt, or empty
	cover_path TEXT, -- "/media/..." without the base path, or an address
	cover_alt TEXT NOT NULL DEFAULT '',
	cover_width INTEGER NOT NULL DEFAULT 0, -- pixels; 0: not known
	cover_height INTEGER NOT NULL DEFAULT 0,
	canonical_url TEXT NOT NULL DEFAULT '', -- where it appeared first, or empty
	import_source TEXT UNIQUE, -- "markdown:posts/a.md"; NULL: written here
	import_hash TEXT, -- of what was imported, to see whether it changed
	contents_html TEXT NOT NULL DEFAULT '', -- the contents list; empty: too short
	body_html TEXT NOT NULL DEFAULT '', -- derived from body, safe to show
	body TEXT NOT NULL DEFAULT '', creation_key TEXT, creation_hash TEXT, description TEXT NOT NULL DEFAULT '', direction TEXT NOT NULL DEFAULT ''
	CHECK (direction IN ('', 'ltr', 'rtl')), series_id INTEGER REFERENCES series (id)
	ON DELETE SET NULL, series_number INTEGER NOT NULL DEFAULT 100000
	CHECK (series_number BETWEEN 1 AND 100000), pinned_at INTEGER, -- Markdown as typed
	CHECK (status = 'draft' OR published_at IS NOT NULL),
	CHECK ((published_at IS NULL) = (year IS NULL)),
	CHECK (substr(path, 1, 1) = '/')
) STRICT;

CREATE INDEX article_listed ON article (listed_at DESC, id DESC)
	WHERE listed_at IS NOT NULL;

CREATE INDEX article_listed_category ON article
	(category_id, listed_at DESC, id DESC) WHERE listed_at IS NOT NULL;

CREATE INDEX article_listed_year ON article (year, listed_at DESC, id DESC)
	WHERE listed_at IS NOT NULL;

CREATE INDEX article_public ON article
	(published_at DESC, id DESC, path, updated_at)
	WHERE status = 'published' AND trashed_at IS NULL;

CREATE INDEX article_scheduled ON article (published_at)
	WHERE status = 'scheduled' AND trashed_at IS NULL;

CREATE INDEX article_pages ON article (title COLLATE NOCASE, published_at, path)
	WHERE kind = 'page' AND status = 'published' AND trashed_at IS NULL;

CREATE INDEX article_by_category ON article (category_id);

CREATE TABLE article_tag (
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	position INTEGER NOT NULL, -- from 1
	tag_id INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
	listed_at INTEGER,
	PRIMARY KEY (article_id, position),
	UNIQUE (tag_id, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_tag_listed ON article_tag
	(tag_id, listed_at DESC, article_id DESC) WHERE listed_at IS NOT NULL;

CREATE TABLE article_author (
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	position INTEGER NOT NULL, -- from 1
	author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
	listed_at INTEGER,
	PRIMARY KEY (article_id, position),
	UNIQUE (author_id, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_author_listed ON article_author
	(author_id, listed_at DESC, article_id DESC) WHERE listed_at IS NOT NULL;

CREATE TABLE listing_bucket (
	scope INTEGER NOT NULL, -- enum article_scope: all, tag, category, author, year
	key INTEGER NOT NULL, -- its id or the year; 0: all, no category
	bucket INTEGER NOT NULL, -- listed_at >> 22
	article_count INTEGER NOT NULL,
	PRIMARY KEY (scope, key, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE archive_year (
	year INTEGER PRIMARY KEY,
	article_count INTEGER NOT NULL
) STRICT;

CREATE TABLE revision (
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	version INTEGER NOT NULL, -- the article's version that this save made
	title TEXT NOT NULL,
	summary TEXT NOT NULL,
	body TEXT NOT NULL,
	author_id INTEGER REFERENCES author (id) ON DELETE SET NULL, -- who saved
	created_at INTEGER NOT NULL, slug TEXT, description TEXT, language TEXT, direction TEXT, canonical_url TEXT, cover_path TEXT, cover_alt TEXT, category TEXT, tags TEXT, series TEXT, series_number TEXT, authors TEXT,
	PRIMARY KEY (article_id, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX revision_author ON revision (author_id);

CREATE TABLE media (
	id INTEGER PRIMARY KEY,
	path TEXT NOT NULL UNIQUE, -- "{hash}-{name}.{ext}" below media/
	original_name TEXT NOT NULL, -- as uploaded or found
	content_type TEXT NOT NULL, -- "image/png"
	size INTEGER NOT NULL, -- bytes
	width INTEGER NOT NULL DEFAULT 0, -- pixels; 0: not an image
	height INTEGER NOT NULL DEFAULT 0,
	alt TEXT NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL
, uploaded_by INTEGER REFERENCES author (id)
	ON DELETE SET NULL) STRICT;

CREATE TABLE redirect (
	path TEXT PRIMARY KEY, -- without the base path, without a slash at the end
	article_id INTEGER REFERENCES article (id) ON DELETE CASCADE,
	target TEXT, -- a path without the base path, or an http or https address
	created_at INTEGER NOT NULL,
	CHECK ((article_id IS NULL) <> (target IS NULL)),
	CHECK (substr(path, 1, 1) = '/')
) STRICT, WITHOUT ROWID;

CREATE INDEX redirect_article ON redirect (article_id);

CREATE TABLE article_reference (
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	reference TEXT NOT NULL, -- as written in the body
	target TEXT NOT NULL, -- a path without the base path; empty: nothing is there
	PRIMARY KEY (article_id, reference)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE article_search USING fts5 (
	title, excerpt, tags, body,
	tokenize = 'unicode61 remove_diacritics 2',
	prefix = '2 3'
);

CREATE TABLE search_removal (
	article_id INTEGER PRIMARY KEY -- not to be found, whatever the index holds
) STRICT;

CREATE TRIGGER article_tag_insert AFTER INSERT ON article_tag BEGIN
	UPDATE article_tag
	SET listed_at = (SELECT listed_at FROM article WHERE id = NEW.article_id)
	WHERE article_id = NEW.article_id AND position = NEW.position;
END;

CREATE TRIGGER article_author_insert AFTER INSERT ON article_author BEGIN
	UPDATE article_author
	SET listed_at = (SELECT listed_at FROM article WHERE id = NEW.article_id)
	WHERE article_id = NEW.article_id AND position = NEW.position;
END;

CREATE TRIGGER article_listed_update
AFTER UPDATE OF kind, status, published_at, trashed_at ON article
WHEN OLD.listed_at IS NOT NEW.listed_at BEGIN
	UPDATE article_tag SET listed_at = NEW.listed_at WHERE article_id = NEW.id;
	UPDATE article_author SET listed_at = NEW.listed_at
	WHERE article_id = NEW.id;
END;

CREATE TRIGGER article_tag_listed AFTER UPDATE OF listed_at ON article_tag
WHEN NEW.listed_at IS NOT NULL AND OLD.listed_at IS NOT NEW.listed_at BEGIN
	UPDATE tag SET article_count = article_count + 1 WHERE id = NEW.tag_id;
	INSERT INTO listing_bucket (scope, key, bucket, article_count)
	VALUES (1, NEW.tag_id, NEW.listed_at >> 22, 1)
	ON CONFLICT DO UPDATE SET article_count = article_count + 1;
END;

CREATE TRIGGER article_tag_unlisted AFTER UPDATE OF listed_at ON article_tag
WHEN OLD.listed_at IS NOT NULL AND OLD.listed_at IS NOT NEW.listed_at BEGIN
	UPDATE tag SET article_count = article_count - 1 WHERE id = OLD.tag_id;
	UPDATE listing_bucket SET article_count = article_count - 1
	WHERE scope = 1 AND key = OLD.tag_id AND bucket = OLD.listed_at >> 22;
END;

CREATE TRIGGER article_tag_delete AFTER DELETE ON article_tag
WHEN OLD.listed_at IS NOT NULL BEGIN
	UPDATE tag SET article_count = article_count - 1 WHERE id = OLD.tag_id;
	UPDATE listing_bucket SET article_count = article_count - 1
	WHERE scope = 1 AND key = OLD.tag_id AND bucket = OLD.listed_at >> 22;
END;

CREATE TRIGGER article_author_listed AFTER UPDATE OF listed_at ON article_author
WHEN NEW.listed_at IS NOT NULL AND OLD.listed_at IS NOT NEW.listed_at BEGIN
	UPDATE author SET article_count = article_count + 1 WHERE id = NEW.author_id;
	INSERT INTO listing_bucket (scope, key, bucket, article_count)
	VALUES (3, NEW.author_id, NEW.listed_at >> 22, 1)
	ON CONFLICT DO UPDATE SET article_count = article_count + 1;
END;

CREATE TRIGGER article_author_unlisted AFTER UPDATE OF listed_at ON article_author
WHEN OLD.listed_at IS NOT NULL AND OLD.listed_at IS NOT NEW.listed_at BEGIN
	UPDATE author SET article_count = article_count - 1 WHERE id = OLD.author_id;
	UPDATE listing_bucket SET article_count = article_count - 1
	WHERE scope = 3 AND key = OLD.author_id AND bucket = OLD.listed_at >> 22;
END;

CREATE TRIGGER article_author_delete AFTER DELETE ON article_author
WHEN OLD.listed_at IS NOT NULL BEGIN
	UPDATE author SET article_count = article_count - 1 WHERE id = OLD.author_id;
	UPDATE listing_bucket SET article_count = article_count - 1
	WHERE scope = 3 AND key = OLD.author_id AND bucket = OLD.listed_at >> 22;
END;

CREATE TRIGGER article_count_insert AFTER INSERT ON article
WHEN NEW.listed_at IS NOT NULL BEGIN
	UPDATE blog SET article_count = article_count + 1;
	UPDATE category SET article_count = article_count + 1
	WHERE id = NEW.category_id;
	INSERT INTO archive_year (year, article_count) VALUES (NEW.year, 1)
	ON CONFLICT DO UPDATE SET article_count = article_count + 1;
	INSERT INTO listing_bucket (scope, key, bucket, article_count)
	VALUES (0, 0, NEW.listed_at >> 22, 1),
		(2, coalesce(NEW.category_id, 0), NEW.listed_at >> 22, 1),
		(4, NEW.year, NEW.listed_at >> 22, 1)
	ON CONFLICT DO UPDATE SET article_count = article_count + 1;
END;

CREATE TRIGGER article_count_delete AFTER DELETE ON article
WHEN OLD.listed_at IS NOT NULL BEGIN
	UPDATE blog SET article_count = article_count - 1;
	UPDATE category SET article_count = article_count - 1
	WHERE id = OLD.category_id;
	UPDATE archive_year SET article_count = article_count - 1
	WHERE year = OLD.year;
	UPDATE listing_bucket SET article_count = article_count - 1
	WHERE (scope, key) IN (VALUES (0, 0), (2, coalesce(OLD.category_id, 0)),
			(4, OLD.year))
		AND bucket = OLD.listed_at >> 22;
END;

CREATE TRIGGER article_count_listed
AFTER UPDATE OF kind, status, published_at, trashed_at, category_id, year
ON article
WHEN NEW.listed_at IS NOT NULL
	AND (OLD.listed_at IS NOT NEW.listed_at OR OLD.year IS NOT NEW.year
		OR OLD.category_id IS NOT NEW.category_id) BEGIN
	UPDATE blog SET article_count = article_count + 1;
	UPDATE category SET article_count = article_count + 1
	WHERE id = NEW.category_id;
	INSERT INTO archive_year (year, article_count) VALUES (NEW.year, 1)
	ON CONFLICT DO UPDATE SET article_count = article_count + 1;
	INSERT INTO listing_bucket (scope, key, bucket, article_count)
	VALUES (0, 0, NEW.listed_at >> 22, 1),
		(2, coalesce(NEW.category_id, 0), NEW.listed_at >> 22, 1),
		(4, NEW.year, NEW.listed_at >> 22, 1)
	ON CONFLICT DO UPDATE SET article_count = article_count + 1;
END;

CREATE TRIGGER article_count_unlisted
AFTER UPDATE OF kind, status, published_at, trashed_at, category_id, year
ON article
WHEN OLD.listed_at IS NOT NULL
	AND (OLD.listed_at IS NOT NEW.listed_at OR OLD.year IS NOT NEW.year
		OR OLD.category_id IS NOT NEW.category_id) BEGIN
	UPDATE blog SET article_count = article_count - 1;
	UPDATE category SET article_count = article_count - 1
	WHERE id = OLD.category_id;
	UPDATE archive_year SET article_count = article_count - 1
	WHERE year = OLD.year;
	UPDATE listing_bucket SET article_count = article_count - 1
	WHERE (scope, key) IN (VALUES (0, 0), (2, coalesce(OLD.category_id, 0)),
			(4, OLD.year))
		AND bucket = OLD.listed_at >> 22;
END;

CREATE TRIGGER archive_year_empty AFTER UPDATE OF article_count ON archive_year
WHEN NEW.article_count = 0 BEGIN
	DELETE FROM archive_year WHERE year = NEW.year;
END;

CREATE TRIGGER listing_bucket_empty AFTER UPDATE OF article_count ON listing_bucket
WHEN NEW.article_count = 0 BEGIN
	DELETE FROM listing_bucket
	WHERE scope = NEW.scope AND key = NEW.key AND bucket = NEW.bucket;
END;

CREATE TRIGGER article_search_update AFTER UPDATE OF status, trashed_at ON article
WHEN (OLD.status = 'published' AND OLD.trashed_at IS NULL)
	AND (NEW.status <> 'published' OR NEW.trashed_at IS NOT NULL) BEGIN
	INSERT INTO search_removal (article_id) VALUES (NEW.id)
	ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER article_search_delete AFTER DELETE ON article BEGIN
	INSERT INTO search_removal (article_id) VALUES (OLD.id)
	ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER article_generation_insert AFTER INSERT ON article
WHEN NEW.status = 'published' BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER article_generation_update AFTER UPDATE ON article
WHEN NEW.status = 'published' OR OLD.status = 'published' BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER article_generation_delete AFTER DELETE ON article
WHEN OLD.status = 'published' BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER tag_generation_update AFTER UPDATE ON tag BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER category_generation_update AFTER UPDATE ON category BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER author_generation_insert AFTER INSERT ON author BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER author_generation_update
AFTER UPDATE OF handle, name, job_title, biography, picture_path, website,
	article_count, role ON author BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER setting_generation_insert AFTER INSERT ON setting BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER setting_generation_update AFTER UPDATE ON setting BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER setting_generation_delete AFTER DELETE ON setting BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER redirect_generation_insert AFTER INSERT ON redirect BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER redirect_generation_update AFTER UPDATE ON redirect BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE TRIGGER redirect_generation_delete AFTER DELETE ON redirect BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

CREATE INDEX author_account ON author (id) WHERE password_hash IS NOT NULL;

CREATE TABLE recovery_code (
	author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
	code_hash TEXT NOT NULL,
	PRIMARY KEY (author_id, code_hash)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE known_browser (
	token_hash TEXT PRIMARY KEY,
	author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
	used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX known_browser_author ON known_browser (author_id, used_at DESC);

CREATE TABLE sign_in_failure (
	scope TEXT NOT NULL CHECK (scope IN ('account', 'network', 'browser', 'all')),
	key TEXT NOT NULL, -- a hash of the address of mail or network; empty: 'all'
	failure_count INTEGER NOT NULL,
	failed_at INTEGER NOT NULL, -- the last time
	wait_until INTEGER NOT NULL, -- nothing is tried before
	PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_failure_age ON sign_in_failure (failed_at);

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

CREATE UNIQUE INDEX article_creation_key ON article (creation_key)
	WHERE creation_key IS NOT NULL;

CREATE TABLE autosave (
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	editor_key TEXT NOT NULL, -- of the page that the editor is in
	author_id INTEGER NOT NULL REFERENCES author (id) ON DELETE CASCADE,
	version INTEGER NOT NULL, -- of the article that it began from
	fields TEXT NOT NULL, -- the form, as application/x-www-form-urlencoded
	saved_at INTEGER NOT NULL,
	PRIMARY KEY (article_id, author_id, editor_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX autosave_newest ON autosave
	(article_id, author_id, saved_at DESC, editor_key);

CREATE INDEX autosave_author ON autosave (author_id);

CREATE INDEX autosave_age ON autosave (saved_at);

CREATE TABLE preview_link (
	token_hash TEXT PRIMARY KEY,
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	created_by INTEGER REFERENCES author (id) ON DELETE SET NULL,
	created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX preview_link_article ON preview_link (article_id, created_at DESC);

CREATE INDEX preview_link_author ON preview_link (created_by);

CREATE INDEX article_edited ON article (updated_at DESC, id DESC, title, slug)
	WHERE trashed_at IS NULL;

CREATE INDEX article_drafts ON article (updated_at DESC, id DESC, title, slug)
	WHERE status = 'draft' AND trashed_at IS NULL;

CREATE INDEX article_published ON article (published_at DESC, id DESC, title, slug)
	WHERE status = 'published' AND trashed_at IS NULL;

CREATE INDEX article_trash ON article (trashed_at DESC, id DESC, title, slug)
	WHERE trashed_at IS NOT NULL;

CREATE INDEX tag_name ON tag (name COLLATE NOCASE);

CREATE INDEX category_name ON category (name COLLATE NOCASE);

CREATE INDEX redirect_target ON redirect (target) WHERE target IS NOT NULL;

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

CREATE INDEX media_author ON media (uploaded_by);

CREATE TABLE media_variant (
	media_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
	path TEXT NOT NULL UNIQUE, -- below media/, as that of media
	content_type TEXT NOT NULL, -- "image/webp"
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	size INTEGER NOT NULL, -- bytes
	PRIMARY KEY (media_id, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX media_variant_width ON media_variant (media_id, width);

CREATE TABLE media_use (
	media_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	PRIMARY KEY (media_id, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX media_use_article ON media_use (article_id);

CREATE INDEX media_newest ON media (created_at DESC, id DESC);

CREATE TABLE series (
	id INTEGER PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE, -- by which two spellings of one name are one
	name TEXT NOT NULL
) STRICT;

CREATE INDEX series_name ON series (name COLLATE NOCASE);

CREATE INDEX article_card ON article (id, path, title, excerpt, language,
	published_at, updated_at, minutes, cover_path, cover_alt, cover_width,
	cover_height, category_id, kind, direction, description, series_id,
	series_number);

CREATE INDEX article_series ON article
	(series_id, series_number, listed_at, id, path, title)
	WHERE series_id IS NOT NULL;

CREATE INDEX article_pinned ON article (pinned_at DESC, id DESC, listed_at)
	WHERE pinned_at IS NOT NULL AND listed_at IS NOT NULL;

CREATE INDEX author_name ON author (name COLLATE NOCASE);

CREATE TRIGGER series_left AFTER UPDATE OF series_id ON article
WHEN OLD.series_id IS NOT NULL AND OLD.series_id IS NOT NEW.series_id BEGIN
	DELETE FROM series
	WHERE id = OLD.series_id
		AND NOT EXISTS (SELECT 1 FROM article WHERE series_id = OLD.series_id);
END;

CREATE TRIGGER series_deleted AFTER DELETE ON article
WHEN OLD.series_id IS NOT NULL BEGIN
	DELETE FROM series
	WHERE id = OLD.series_id
		AND NOT EXISTS (SELECT 1 FROM article WHERE series_id = OLD.series_id);
END;

CREATE TRIGGER series_generation_update AFTER UPDATE ON series BEGIN
	UPDATE blog SET generation = generation + 1, changed_at = unixepoch();
END;

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

CREATE INDEX file_upload_unfinished ON file_upload (author_id, begun_at DESC, id DESC, size, file)
	WHERE media_id IS NULL;

CREATE INDEX file_upload_age ON file_upload (begun_at);

CREATE INDEX file_upload_media ON file_upload (media_id);

CREATE TABLE page_view (
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	day INTEGER NOT NULL, -- in the blog's time zone, counted from 1970-01-01
	count INTEGER NOT NULL,
	PRIMARY KEY (article_id, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX page_view_day ON page_view (day);

CREATE TABLE page_view_sum (
	day INTEGER NOT NULL,
	author_id INTEGER NOT NULL, -- 0: of all
	count INTEGER NOT NULL,
	PRIMARY KEY (day, author_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE page_view_window (
	article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
	count INTEGER NOT NULL
) STRICT;

CREATE INDEX page_view_most ON page_view_window (count, article_id);

CREATE TABLE page_view_span (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	first_day INTEGER NOT NULL,
	last_day INTEGER NOT NULL -- before the first: there is none yet
) STRICT;

CREATE TRIGGER page_view_insert AFTER INSERT ON page_view BEGIN
	INSERT INTO page_view_sum (day, author_id, count)
	VALUES (NEW.day, 0, NEW.count)
	ON CONFLICT DO UPDATE SET count = count + excluded.count;
	INSERT INTO page_view_sum (day, author_id, count)
	SELECT NEW.day, author_id, NEW.count
	FROM article_author WHERE article_id = NEW.article_id
	ON CONFLICT DO UPDATE SET count = count + excluded.count;
	INSERT INTO page_view_window (article_id, count)
	SELECT NEW.article_id, NEW.count
	FROM page_view_span WHERE NEW.day BETWEEN first_day AND last_day
	ON CONFLICT DO UPDATE SET count = count + excluded.count;
END;

CREATE TRIGGER page_view_update AFTER UPDATE OF count ON page_view BEGIN
	UPDATE page_view_sum SET count = count + NEW.count - OLD.count
	WHERE day = NEW.day AND author_id = 0;
	UPDATE page_view_sum SET count = count + NEW.count - OLD.count
	WHERE day = NEW.day AND author_id IN (SELECT author_id
		FROM article_author WHERE article_id = NEW.article_id);
	UPDATE page_view_window SET count = count + NEW.count - OLD.count
	WHERE article_id = NEW.article_id AND EXISTS (SELECT 1
		FROM page_view_span WHERE NEW.day BETWEEN first_day AND last_day);
END;

CREATE TRIGGER page_view_delete AFTER DELETE ON page_view BEGIN
	UPDATE page_view_sum SET count = count - OLD.count
	WHERE day = OLD.day AND author_id = 0;
	UPDATE page_view_sum SET count = count - OLD.count
	WHERE day = OLD.day AND author_id IN (SELECT author_id
		FROM article_author WHERE article_id = OLD.article_id);
	UPDATE page_view_window SET count = count - OLD.count
	WHERE article_id = OLD.article_id AND EXISTS (SELECT 1
		FROM page_view_span WHERE OLD.day BETWEEN first_day AND last_day);
END;

CREATE TRIGGER page_view_author_insert AFTER INSERT ON article_author BEGIN
	INSERT INTO page_view_sum (day, author_id, count)
	SELECT day, NEW.author_id, count
	FROM page_view WHERE article_id = NEW.article_id
	ON CONFLICT DO UPDATE SET count = count + excluded.count;
END;

CREATE TRIGGER page_view_author_delete AFTER DELETE ON article_author BEGIN
	UPDATE page_view_sum SET count = page_view_sum.count - v.count
	FROM page_view v
	WHERE v.article_id = OLD.article_id
	AND page_view_sum.day = v.day AND page_view_sum.author_id = OLD.author_id;
END;

CREATE TABLE redirect_hit (
	path TEXT PRIMARY KEY REFERENCES redirect (path) ON DELETE CASCADE,
	count INTEGER NOT NULL,
	last_day INTEGER NOT NULL -- counted as above
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	taken INTEGER NOT NULL,
	taken_at INTEGER NOT NULL -- when last; 0: never
) STRICT;

CREATE INDEX author_picture ON author (picture_path)
	WHERE picture_path IS NOT NULL;

CREATE INDEX media_variant_size ON media_variant (media_id, size);

CREATE TRIGGER media_picture_delete AFTER DELETE ON media BEGIN
	UPDATE author SET picture_path = NULL
	WHERE picture_path = '/media/' || OLD.path;
END;

CREATE VIRTUAL TABLE draft_search USING fts5 (
	title, excerpt, tags, body,
	tokenize = 'unicode61 remove_diacritics 2'
);
