/*
 * desk_notice.c - what is said once something was done.
 *
 * After a form was sent, the browser goes to a page (POST, redirect, GET),
 * whose address names one of these: nobody can make the desk say anything else.
 */
#include "config.h"

#include <string.h>

#include "desk_handler.h"

static const struct {
	const char *said;
	const char *words;
} NOTICES[] = {
	{ "signed-out", "You are signed out." },
	{ "set-up", "Your blog is set up. Welcome." },
	{ "welcome", "Welcome. Here you write." },
	{ "password-changed", "The password is changed." },
	{ "email-changed", "The email address is changed. You sign in with it "
			   "from now on." },
	{ "codes-off", "Signing in asks for no code any more." },
	{ "session-ended", "That browser is signed out." },
	{ "sessions-ended", "You are signed out everywhere else." },
	{ "invitation-ended", "The invitation is taken back." },
	{ "account-closed",
	    "Switched off. Whoever had that account is signed out." },
	{ "account-opened", "Switched on. They sign in as before." },
	{ "saved", "Saved." },
	{ "saved-and-moved", "Saved. Articles have moved; their old addresses "
			     "lead to them." },
	{ "saved-for-frames",
	    "Saved. Readers' browsers keep to it from now on; each article "
	    "takes "
	    "it when it is saved next, or all of them by byline rebuild." },
	{ "uploaded", "Uploaded." },
	{ "known", "It was here already. What it shows is what was said of it "
		   "first." },
	{ "published", "Published. Readers see it now." },
	{ "scheduled", "Scheduled. It will be published by itself." },
	{ "scheduled-first",
	    "Scheduled. The clocks are put back then and show that time twice: "
	    "it will be published by itself the first time." },
	{ "unpublished", "Taken back. It is a draft again." },
	{ "sharing-ended", "That link shows nothing any more." },
	{ "trashed", "Moved to the trash, where it stays for 30 days." },
	{ "untrashed", "Taken out of the trash." },
	{ "restored", "Restored. What was stored before is a revision too." },
	{ "merged", "Merged. What led to the former leads here." },
	{ "merged-and-moved", "Merged. Articles have moved; their old "
			      "addresses lead to them." },
	{ "deleted", "Deleted." },
	{ "redirect-added", "Added. That address leads on now." },
	{ "redirect-removed", "Removed. That address leads nowhere now." },
	{ "redirects-added", "Added. Those addresses lead on now." },
	{ "redirects-known",
	    "Nothing is new: all of them lead there already." },
	{ "discarded", "The draft was thrown away." },
};

const char *
desk_notice(const char *said)
{
	for (size_t i = 0; i < G_N_ELEMENTS(NOTICES); i++)
		if (strcmp(NOTICES[i].said, said) == 0)
			return NOTICES[i].words;
	return NULL;
}
