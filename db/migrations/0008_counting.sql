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
CREATE INDEX page_view_day ON page_view (day);

-- What the desk shows of these, kept by triggers: nothing adds up the views of all
-- articles on all days. First the views of a day, of all and by author.
CREATE TABLE page_view_sum (
	day INTEGER NOT NULL,
	author_id INTEGER NOT NULL, -- 0: of all
	count INTEGER NOT NULL,
	PRIMARY KEY (day, author_id)
) STRICT, WITHOUT ROWID;

-- Then the views of an article on all of the days of page_view_span, which the
-- program moves on.
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
INSERT INTO page_view_span (id, first_day, last_day) VALUES (1, 0, -1);

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
