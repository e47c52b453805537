/*
 * author_private.h - what the files that read and change authors share.
 */
#ifndef MODEL_AUTHOR_PRIVATE_H
#define MODEL_AUTHOR_PRIVATE_H

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

/* The column with what author `u` is called: what finds them again, and nobody
 * else. See model/author_choice.h. */
#define AUTHOR_CALLED                                                          \
	" iif(instr(u.name, ',') > 0"                                          \
	" OR EXISTS (SELECT 1 FROM author o"                                   \
	" WHERE o.name = u.name COLLATE NOCASE AND o.id <> u.id)"              \
	" OR EXISTS (SELECT 1 FROM author o"                                   \
	" WHERE o.handle = u.name AND o.id <> u.id), u.handle, u.name)"

#endif
