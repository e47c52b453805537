/*
 * desk_questions.h - what test_query_plan_desk.c asks for, where it is not of
 * an article.
 */
#ifndef DESK_QUESTIONS_H
#define DESK_QUESTIONS_H

#include "fixture.h"

/* What is asked for, of an article in the middle of `count`. */
struct question {
	struct fixture *fixture;
	struct database *database;
	int64_t id;
	int64_t author_id;
};

/* ---- who ---- */

void ask_account(const struct question *question);
void ask_session(const struct question *question);
void ask_throttle(const struct question *question);
void ask_one_time_link(const struct question *question);

#endif
