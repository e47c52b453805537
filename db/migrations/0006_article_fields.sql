-- What an article says of itself beyond its text: for search engines, how its script
-- runs, which series it is a part of, and whether it is pinned.

-- A named series of articles. One that no article is in is not kept.
CREATE TABLE series (
	id INTEGER PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE, -- by which two spellings of one name are one
	name TEXT NOT NULL
) STRICT;
CREATE INDEX series_name ON series (name COLLATE NOCASE);

ALTER TABLE article ADD COLUMN description TEXT NOT NULL DEFAULT ''; -- empty: the excerpt
ALTER TABLE article ADD COLUMN direction TEXT NOT NULL DEFAULT ''
	CHECK (direction IN ('', 'ltr', 'rtl')); -- empty: that of the language
ALTER TABLE article ADD COLUMN series_id INTEGER REFERENCES series (id)
	ON DELETE SET NULL;
-- Where it stands in its series; those that have no number, which is 100000, follow
-- in the order in which they were published.
ALTER TABLE article ADD COLUMN series_number INTEGER NOT NULL DEFAULT 100000
	CHECK (series_number BETWEEN 1 AND 100000);
ALTER TABLE article ADD COLUMN pinned_at INTEGER; -- NULL: it is not pinned

-- The columns that came last stand behind the text in a row: reading them there
-- would read it as well. So all of a card, and these, are read from this index.
DROP INDEX article_card;
CREATE INDEX article_card ON article (id, path, title, excerpt, language,
	published_at, updated_at, minutes, cover_path, cover_alt, cover_width,
	cover_height, category_id, kind, direction, description, series_id,
	series_number);

-- The parts of a series, in order.
CREATE INDEX article_series ON article
	(series_id, series_number, listed_at, id, path, title)
	WHERE series_id IS NOT NULL;
-- The pinned ones that readers see, the one pinned last first.
CREATE INDEX article_pinned ON article (pinned_at DESC, id DESC, listed_at)
	WHERE pinned_at IS NOT NULL AND listed_at IS NOT NULL;

-- Who is meant by a name that somebody types.
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

PRAGMA user_version = 6;
