/*
 * null_cgi.c - a C program that prints a page: what plain CGI costs at least.
 *
 * Prints $NULL_BODY, with nothing but the C library.
 */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int
main(void)
{
	static const char head[] =
	    "Content-Type: text/html; charset=utf-8\r\n\r\n";
	static char body[1 << 20];
	const char *path = getenv("NULL_BODY");
	int fd = path == NULL ? -1 : open(path, O_RDONLY);
	ssize_t size = fd < 0 ? -1 : read(fd, body, sizeof(body));

	if (size < 0)
		return 1;
	return write(STDOUT_FILENO, head, sizeof(head) - 1) < 0 ||
	       write(STDOUT_FILENO, body, (size_t)size) != size;
}
