-- Pictures of authors: whose is a file of the library, and in which of its sizes
-- readers get it.
CREATE INDEX author_picture ON author (picture_path)
	WHERE picture_path IS NOT NULL;
CREATE INDEX media_variant_size ON media_variant (media_id, size);

-- Who had a file as a picture that is deleted has none any more.
CREATE TRIGGER media_picture_delete AFTER DELETE ON media BEGIN
	UPDATE author SET picture_path = NULL
	WHERE picture_path = '/media/' || OLD.path;
END;

PRAGMA user_version = 9;
