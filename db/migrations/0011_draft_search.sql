-- Full text of what is not public, for the desk alone: drafts, and what is in the
-- trash. The row id is the article's. body is Markdown, as it is written: so all
-- of a row is in the article's own, and is made of it here for those there are.
-- The models keep it, as they keep article_search, whose articles are not in here.
CREATE VIRTUAL TABLE draft_search USING fts5 (
	title, excerpt, tags, body,
	tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO draft_search (rowid, title, excerpt, tags, body)
SELECT a.id, a.title, a.excerpt, (SELECT coalesce(group_concat(name, ' '), '')
	FROM (SELECT t.name
		FROM article_tag j
		JOIN tag t ON t.id = j.tag_id
		WHERE j.article_id = a.id
		ORDER BY j.position)), a.body
FROM article a
WHERE a.status = 'draft' OR a.trashed_at IS NOT NULL;

PRAGMA user_version = 11;
