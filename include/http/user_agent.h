/*
 * user_agent.h - what browser somebody uses, in words.
 */
#ifndef HTTP_USER_AGENT_H
#define HTTP_USER_AGENT_H

#include <stdbool.h>

/*
 * A name for a person to recognise a browser of their own by: "Firefox on
 * Linux". `user_agent` is the header (RFC 9110 section 10.1.5) or NULL. The
 * result is one of a few strings; static: whatever the header holds, nothing of
 * it is repeated.
 */
const char *user_agent_name(const char *user_agent);

/*
 * Whether a program asks rather than a person, as far as it says so: a robot
 * that gathers pages, a command line, a library, a browser without a window.
 * NULL and "" are one. Who pretends to be a browser is taken for one.
 */
bool user_agent_is_robot(const char *user_agent);

#endif
