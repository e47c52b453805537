/*
 * peers.h - who may connect to a unix socket.
 *
 * Whoever can write to a FastCGI socket may claim to be anybody, and rights of
 * files alone are easily too wide: so every peer is looked at, whether the
 * socket is our own or was handed to us (requirement 2 of
 * tests/REQUIREMENTS.md).
 */
#ifndef HTTP_PEERS_H
#define HTTP_PEERS_H

#include <sys/types.h>

#include <stdbool.h>

struct peers {
	bool is_anybody; /* no unix socket: the kernel tells nothing of peers */
	uid_t users[3];  /* beside root */
	gid_t group;     /* (gid_t)-1: none */
};

/*
 * Who may connect to the socket `listen_fd`: root, our own user, who made it
 * listen (mod_fcgid with suEXEC starts us as somebody else), and, as the file
 * of the socket says now, its owner and the members of its group. Where that
 * file cannot be looked at, or has none, nobody else. Its mode has no say: 0666
 * does not make the whole machine welcome.
 */
void peers_init(struct peers *peers, int listen_fd);

/* Whether the peer of the connection `fd`, as it was when it connected
 * (SO_PEERCRED, SO_PEERGROUPS), is among them. */
bool peers_include(const struct peers *peers, int fd);

#endif
