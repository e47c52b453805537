/*
 * tar_header.h - the block before each file of an archive, as tar_writer.c
 * writes it and tar_reader.c expects it: field by field (POSIX.1-2001, pax(1),
 * "ustar Interchange Format").
 */
#ifndef BASE_TAR_HEADER_H
#define BASE_TAR_HEADER_H

#include <stdint.h>

#define TAR_BLOCK_SIZE 512
#define TAR_NAME_SIZE  100
/* What eleven octal digits hold. */
#define TAR_LARGEST ((int64_t)0777 << 24 | 077777777)

/* Types of a header, and the name of an extended one. */
#define TAR_FILE          '0'
#define TAR_EXTENDED      'x'
#define TAR_EXTENDED_NAME "PaxHeaders/file"

struct tar_header {
	char name[TAR_NAME_SIZE];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char time[12];
	char checksum[8];
	char type;
	char link_name[100];
	char magic[6];
	char version[2];
	char user[32];
	char group[32];
	char major[8];
	char minor[8];
	char prefix[155];
	char padding[12];
};

/*
 * Make a header. `name` is cut where there is no room for it, and has "_" for
 * each byte that is not ASCII; a `size` over TAR_LARGEST is 0: an extended
 * header says both.
 */
void tar_header_fill(struct tar_header *out_header, char type, const char *name,
    int64_t size, int64_t time);

#endif
