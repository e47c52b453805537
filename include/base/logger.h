/*
 * logger.h - one event, one line, on standard error.
 *
 * "2026-05-30T12:00:00Z warning import.skipped file=posts/a.md reason=..."
 * Values are escaped by text_append_log(), so that no value can forge a line;
 * one with a space, a quote or an equals sign stands in double quotes. A line
 * has at most 4096 bytes (PIPE_BUF) and is written at once, so that those of
 * several processes never mix; a longer one is cut and ends in "...". Standard
 * error that is full or closed is ignored: logging never fails a request.
 */
#ifndef BASE_LOGGER_H
#define BASE_LOGGER_H

#include <glib.h>

enum log_level {
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_ERROR
};

/*
 * Write one line: `event` is a static dotted name ("request.refused"), then
 * pairs of a static key and a value (NULL shows as "-"), ended by NULL.
 */
void log_event(
    enum log_level level, const char *event, ...) G_GNUC_NULL_TERMINATED;

#define log_info(...)    log_event(LOG_LEVEL_INFO, __VA_ARGS__, NULL)
#define log_warning(...) log_event(LOG_LEVEL_WARNING, __VA_ARGS__, NULL)
#define log_error(...)   log_event(LOG_LEVEL_ERROR, __VA_ARGS__, NULL)

#endif
