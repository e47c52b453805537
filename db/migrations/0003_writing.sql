-- What the desk writes with: drafts beside what is saved, links to look at what is
-- not public, and quick lists of everything.

-- One form makes one article, however often it is sent: its key, and a hash of all
-- that it said, by which it is told from one that says something else.
ALTER TABLE article ADD COLUMN creation_key TEXT;
ALTER TABLE article ADD COLUMN creation_hash TEXT;
CREATE UNIQUE INDEX article_creation_key ON article (creation_key)
	WHERE creation_key IS NOT NULL;

-- What was typed and not saved yet, one row for each editor that is open: two
-- tabs do not write over each other, nor do two who sign in at one. Never public.
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

-- Links by which anybody can look at an article that is not public.
CREATE TABLE preview_link (
	token_hash TEXT PRIMARY KEY,
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	created_by INTEGER REFERENCES author (id) ON DELETE SET NULL,
	created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX preview_link_article ON preview_link (article_id, created_at DESC);
CREATE INDEX preview_link_author ON preview_link (created_by);

-- The lists of the desk, each in its order, with what is looked for in them: 10,000
-- titles are read through without touching the rows, which are large.
CREATE INDEX article_edited ON article (updated_at DESC, id DESC, title, slug)
	WHERE trashed_at IS NULL;
CREATE INDEX article_drafts ON article (updated_at DESC, id DESC, title, slug)
	WHERE status = 'draft' AND trashed_at IS NULL;
CREATE INDEX article_published ON article (published_at DESC, id DESC, title, slug)
	WHERE status = 'published' AND trashed_at IS NULL;
CREATE INDEX article_trash ON article (trashed_at DESC, id DESC, title, slug)
	WHERE trashed_at IS NOT NULL;

-- Every tag and category by name, used or not: what is typed as a name finds the one
-- that has it, whatever its slug.
CREATE INDEX tag_name ON tag (name COLLATE NOCASE);
CREATE INDEX category_name ON category (name COLLATE NOCASE);

-- What leads to an address, so that it can follow when that moves.
CREATE INDEX redirect_target ON redirect (target) WHERE target IS NOT NULL;

PRAGMA user_version = 3;
