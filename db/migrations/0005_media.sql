-- What authors upload: who did, and the sizes that an image is kept in.

ALTER TABLE media ADD COLUMN uploaded_by INTEGER REFERENCES author (id)
	ON DELETE SET NULL;
CREATE INDEX media_author ON media (uploaded_by);

-- The same image smaller, or in another format, for srcset.
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

-- Which articles show or offer which file, kept at each save.
CREATE TABLE media_use (
	media_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	PRIMARY KEY (media_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_use_article ON media_use (article_id);

-- The library, the newest first.
CREATE INDEX media_newest ON media (created_at DESC, id DESC);

PRAGMA user_version = 5;
