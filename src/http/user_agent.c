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

/*
 * Words, in small letters, that no browser has in its name and programs do.
 * Most robots call themselves one, or give an address where they are explained.
 */
static const char *const ROBOTS[] = {
	"archiv",
	"bot",
	"crawl",
	"curl",
	"facebookexternalhit",
	"fetch",
	"go-http-client",
	"headless",
	"http://",
	"https://",
	"java/",
	"libwww-perl",
	"lighthouse",
	"mediapartners",
	"monitor",
	"node",
	"okhttp",
	"phantomjs",
	"preview",
	"python",
	"scrapy",
	"slurp",
	"spider",
	"wget",
	"whatsapp",
};

/*
 * In small letters as well: makers of telephones whose name has one of these
 * words in it. Chrome on Android says whose telephone it runs on.
 */
static const char *const MAKERS[] = {
	"cubot",
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

/* Take the makers of telephones out of `text`, which is in small letters: where
 * such a name begins a word, in a browser on Android. */
static void
hide_makers(char *text)
{
	if (strstr(text, "android") == NULL)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(MAKERS); i++) {
		size_t size = strlen(MAKERS[i]);
		char *at = text;

		while ((at = strstr(at, MAKERS[i])) != NULL) {
			if (at == text || !g_ascii_isalpha(at[-1]))
				memset(at, ' ', size);
			at += size;
		}
	}
}

bool
user_agent_is_robot(const char *user_agent)
{
	g_autofree char *text = NULL;

	if (user_agent == NULL || *user_agent == '\0')
		return true;
	text = g_ascii_strdown(user_agent, -1);
	hide_makers(text);
	for (size_t i = 0; i < G_N_ELEMENTS(ROBOTS); i++)
		if (strstr(text, ROBOTS[i]) != NULL)
			return true;
	return false;
}
