/*
 * author_private.h - what the files that read and change authors share.
 */
#ifndef MODEL_AUTHOR_PRIVATE_H
#define MODEL_AUTHOR_PRIVATE_H

#include <glib.h>

#include "base/status.h"

/*
 * The column with the address of an author's picture in the smallest of its
 * files that is still sharp beside a name, where a dot of CSS is three of the
 * screen; the picture itself where no other fits, NULL where there is none. It
 * stands where the column picture_path of an author is in reach.
 */
#define AUTHOR_FACE                                                            \
	" coalesce((SELECT '/media/' || v.path"                                \
	" FROM media m"                                                        \
	" JOIN media_variant v INDEXED BY media_variant_size"                  \
	" ON v.media_id = m.id"                                                \
	" WHERE m.path = substr(picture_path, 8)"                              \
	" AND v.width >= 144 AND v.height >= 144"                              \
	" ORDER BY v.size"                                                     \
	" LIMIT 1), picture_path)"

enum {
	AUTHOR_HANDLE_SIZE = 60 /* bytes */
};

/* What an author says of themself. */
enum author_field {
	AUTHOR_FIELD_NAME,
	AUTHOR_FIELD_JOB_TITLE,
	AUTHOR_FIELD_BIOGRAPHY,
	AUTHOR_FIELD_PICTURE_PATH,
	AUTHOR_FIELD_WEBSITE
};

/* `text` as it is stored: STATUS_INVALID or STATUS_TOO_LARGE, with words for
 * who typed it. The caller frees `out_line`. */
MUST_CHECK enum status author_clean_field(
    enum author_field field, const char *text, char **out_line, GError **error);

#endif
