-- A revision keeps what was typed in every field, and not the text alone. NULL: it
-- was saved before that was kept, and nothing is known of it. What may be renamed,
-- merged or deleted is kept by what it was called then.
ALTER TABLE revision ADD COLUMN slug TEXT;
ALTER TABLE revision ADD COLUMN description TEXT;
ALTER TABLE revision ADD COLUMN language TEXT;
ALTER TABLE revision ADD COLUMN direction TEXT;
ALTER TABLE revision ADD COLUMN canonical_url TEXT;
ALTER TABLE revision ADD COLUMN cover_path TEXT; -- empty: none
ALTER TABLE revision ADD COLUMN cover_alt TEXT;
ALTER TABLE revision ADD COLUMN category TEXT; -- its name; empty: none
ALTER TABLE revision ADD COLUMN tags TEXT; -- names, in order: "one, two"
ALTER TABLE revision ADD COLUMN series TEXT; -- its name; empty: none
ALTER TABLE revision ADD COLUMN series_number TEXT; -- empty: by its time
ALTER TABLE revision ADD COLUMN authors TEXT; -- what they were called, in order

-- What is stored now is known: it is the newest revision of its article.
UPDATE revision
SET slug = a.slug, description = a.description, language = a.language,
	direction = a.direction, canonical_url = a.canonical_url,
	cover_path = coalesce(a.cover_path, ''), cover_alt = a.cover_alt,
	category = coalesce((SELECT name FROM category WHERE id = a.category_id), ''),
	tags = coalesce((SELECT group_concat(name, ', ') FROM (SELECT t.name
		FROM article_tag j JOIN tag t ON t.id = j.tag_id
		WHERE j.article_id = a.id ORDER BY j.position)), ''),
	series = coalesce((SELECT name FROM series WHERE id = a.series_id), ''),
	series_number = coalesce(nullif(a.series_number, 100000), ''),
	authors = coalesce((SELECT group_concat(name, ', ') FROM (SELECT
		iif(instr(u.name, ',') > 0
			OR EXISTS (SELECT 1 FROM author o
				WHERE o.name = u.name COLLATE NOCASE AND o.id <> u.id)
			OR EXISTS (SELECT 1 FROM author o
				WHERE o.handle = u.name AND o.id <> u.id),
			u.handle, u.name) AS name
		FROM article_author w JOIN author u ON u.id = w.author_id
		WHERE w.article_id = a.id ORDER BY w.position)), '')
FROM article a
WHERE a.id = revision.article_id AND a.version = revision.version;

PRAGMA user_version = 10;
