/*
 * answer.h - what the answers of the two programs have in common. Private to
 * the layer.
 */
#ifndef HANDLER_ANSWER_H
#define HANDLER_ANSWER_H

#include <stdint.h>

#include "base/status.h"
#include "model/site.h"

struct exchange;
struct request;
struct response;
struct static_files;

/*
 * Open the database of `site` unless it is open: by the first request that
 * finds it closed, and where that fails, again by the next one. STATUS_BUSY,
 * and the reason is in the log.
 */
MUST_CHECK enum status answer_open_database(
    struct site *site, enum database_mode mode, int64_t now);

/* Answer with the one of `files` that stands at the path that was asked for.
 * STATUS_NOT_FOUND. */
MUST_CHECK enum status answer_static_file(
    struct exchange *exchange, const struct static_files *files);

/*
 * Log as `event` what our own fault caused, under a number that a visitor can
 * quote. The caller frees what to tell the visitor.
 */
char *answer_log_failure(
    const struct request *request, const char *event, int http_status);

/* Say without a template that there is no page, where that of an error could
 * not be made. */
void answer_without_page(struct response *response);

#endif
