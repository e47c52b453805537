/*
 * sandbox.h - what a process gives up once it has started.
 *
 * Limits by setrlimit(2), no new privileges by prctl(2), and a list of allowed
 * system calls by seccomp(2) through libseccomp: anything else gets EPERM. What
 * a process can write to counts as its memory (RLIMIT_DATA), not what it maps
 * of programs and files. Entering takes 0.2 to 0.4 ms.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/status.h"

enum sandbox_profile {
	/* A worker of byline.fcgi: files (no rename, no new folders), its
	 * socket, no new sockets, no exec, no new process; at most 512 MB and
	 * 1,024 descriptors. */
	SANDBOX_PUBLIC,
	/* A plain CGI program: the same, and rename, by which a page is kept.
	 */
	SANDBOX_CGI,
	/* A worker of desk.fcgi: the same, folders of its own, and children
	 * that it forks, may end, and talks to by pairs of sockets (each enters
	 * a profile of its own, and may lower its limits for that); at most
	 * 1,024 MB, since hashing a password takes 256. No exec. */
	SANDBOX_DESK,
	/* The child that renders Markdown: at most 256 MB and the two pipes it
	 * has; it opens no file (what it needs is loaded before). It may lower
	 * its own limits further. */
	SANDBOX_RENDER,
	/* The program that decodes an image: the descriptors it has and no
	 * file more, 5 s of processor time (then SIGXCPU), 256 MB of memory,
	 * 64 MB a file. It may start threads, which libvips cannot do without;
	 * those that are there already are confined with it. */
	SANDBOX_IMAGE
};

/*
 * Enter `profile`, for this process and for good. STATUS_FAILED, logged, when
 * the kernel refuses: the caller then goes on or ends, as it sees fit. In a
 * build with sanitizers the limits of memory and the system call list are left
 * out, since the sanitizers need more.
 */
MUST_CHECK enum status sandbox_enter(enum sandbox_profile profile);

#endif
