/*
 * desk_files.c - the style sheet and the script of the desk. It sends them
 * itself: no web server needs to know of them.
 */
#include "config.h"

#include "answer.h"
#include "desk_handler.h"

enum status
show_desk_file(struct exchange *exchange)
{
	return answer_static_file(
	    exchange, desk_visit_of(exchange)->application->static_files);
}
