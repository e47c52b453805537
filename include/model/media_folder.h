/*
 * media_folder.h - who may change what is in media/, and what becomes of that
 * when somebody is killed meanwhile.
 */
#ifndef MODEL_MEDIA_FOLDER_H
#define MODEL_MEDIA_FOLDER_H

#include <stdint.h>

#include "base/status.h"

struct site;

/*
 * The turn to change what is in media/, which whoever adds or deletes files
 * there takes first, before any transaction: `out_media` is that folder, and
 * close(2) gives it back. STATUS_BUSY, logged: others have it for too long.
 */
MUST_CHECK enum status media_folder_take_turn(
    const struct site *site, int *out_media);

/*
 * Remove what those left who were killed an hour ago or longer while they
 * uploaded a file or deleted one: their folders in uploads/, and of their files
 * in media/ those that no row names. Each upload and deletion does so, too.
 * Outside of a transaction.
 */
void media_folder_sweep(struct site *site, int64_t now);

#endif
