/*
 * peers.c - see peers.h. It must keep true that what cannot be found out lets
 * nobody in.
 */
#include "config.h"

#include "http/peers.h"

#include <glib.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/listener.h"

static bool
is_unix(int fd)
{
	int domain = 0;
	socklen_t size = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 ||
	       domain == AF_UNIX;
}

/* Of a connection who connected; of a listening socket who called listen(). */
static bool
find_credentials(int fd, struct ucred *out_credentials)
{
	socklen_t size = sizeof(*out_credentials);

	return getsockopt(
		   fd, SOL_SOCKET, SO_PEERCRED, out_credentials, &size) == 0;
}

void
peers_init(struct peers *peers, int listen_fd)
{
	uid_t own = geteuid();
	struct ucred maker;
	struct stat file;
	g_autofree char *path = NULL;

	*peers = (struct peers){
		.is_anybody = !is_unix(listen_fd),
		.users = { own, own, own },
		.group = (gid_t)-1,
	};
	if (peers->is_anybody)
		return;
	if (find_credentials(listen_fd, &maker))
		peers->users[1] = maker.uid;
	path = listener_find_path(listen_fd);
	if (path != NULL && lstat(path, &file) == 0 && S_ISSOCK(file.st_mode)) {
		peers->users[2] = file.st_uid;
		peers->group = file.st_gid;
	}
}

/* Whether one of the supplementary groups of the peer is `group`. */
static bool
has_group(int fd, gid_t group)
{
	gid_t groups[NGROUPS_MAX];
	socklen_t size = sizeof(groups);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0)
		return false;
	for (size_t i = 0; i < size / sizeof(groups[0]); i++) {
		if (groups[i] == group)
			return true;
	}
	return false;
}

bool
peers_include(const struct peers *peers, int fd)
{
	struct ucred peer;

	if (peers->is_anybody)
		return true;
	if (!find_credentials(fd, &peer))
		return false;
	if (peer.uid == 0)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(peers->users); i++) {
		if (peer.uid == peers->users[i])
			return true;
	}
	return peers->group != (gid_t)-1 &&
	       (peer.gid == peers->group || has_group(fd, peers->group));
}
