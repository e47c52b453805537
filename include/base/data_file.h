/*
 * data_file.h - files that belong to the program: templates, style sheets,
 * migrations are inside it; language definitions stand beside it.
 */
#ifndef BASE_DATA_FILE_H
#define BASE_DATA_FILE_H

#include <stddef.h>

/* A file that the build put into the program (build-aux/embed.awk). */
struct data_file {
	const char *name;  /* path below its folder: "site/listing.html" */
	const char *bytes; /* ended by a NUL that `size` does not count */
	size_t size;
};

/*
 * The folder of language definitions and other files that libraries must open
 * themselves: $BYLINE_DATADIR, else share/byline one or two folders above the
 * program's own (bin/, libexec/byline/) if it exists there, else the one chosen
 * by configure. The caller frees it.
 */
char *data_file_directory(void);

#endif
