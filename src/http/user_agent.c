/*
 * user_agent.c - what browser somebody uses, in words. See user_agent.h.
 *
 * Every browser claims to be several others, for the sake of old pages: the
 * first row whose word occurs is the one.
 */
#include "config.h"

#include "http/user_agent.h"

#include <glib.h>
#include <string.h>

static const char *const BROWSERS[][2] = {
	{ "Edg", "Edge" },
	{ "OPR/", "Opera" },
	{ "SamsungBrowser", "Samsung Internet" },
	{ "Firefox/", "Firefox" },
	{ "FxiOS/", "Firefox" },
	{ "Chrome/", "Chrome" },
	{ "Chromium/", "Chrome" },
	{ "CriOS/", "Chrome" },
	{ "Safari/", "Safari" },
	{ "curl/", "curl" },
	{ "ython", "Python" },
	{ "", "A browser" },
};

static const char *const SYSTEMS[][2] = {
	{ "iPhone", "iPhone" },
	{ "iPad", "iPad" },
	{ "Android", "Android" },
	{ "Windows", "Windows" },
	{ "Mac OS X", "macOS" },
	{ "CrOS", "ChromeOS" },
	{ "BSD", "BSD" },
	{ "Linux", "Linux" },
	{ "", "another system" },
};

static size_t
find(const char *text, const char *const table[][2], size_t count)
{
	for (size_t i = 0; i + 1 < count; i++)
		if (strstr(text, table[i][0]) != NULL)
			return i;
	return count - 1;
}

const char *
user_agent_name(const char *user_agent)
{
	const char *text = user_agent != NULL ? user_agent : "";
	size_t browser = find(text, BROWSERS, G_N_ELEMENTS(BROWSERS));
	size_t system = find(text, SYSTEMS, G_N_ELEMENTS(SYSTEMS));
	g_autofree char *name =
	    g_strconcat(BROWSERS[browser][1], " on ", SYSTEMS[system][1], NULL);

	/* There are about a hundred of them. */
	return g_intern_string(name);
}
