/*
 * test_user_agent.c - browsers are told apart by what they claim to be, and
 * nothing of what a header holds is repeated.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "http/user_agent.h"

#define MOZILLA "Mozilla/5.0 "
#define WEBKIT  " AppleWebKit/537.36 (KHTML, like Gecko) "
#define WINDOWS MOZILLA "(Windows NT 10.0; Win64; x64)"
#define MAC     MOZILLA "(Macintosh; Intel Mac OS X 10_15_7)"
#define LINUX   MOZILLA "(X11; Linux x86_64)"
#define ANDROID MOZILLA "(Linux; Android 10; K)"
#define IPHONE  MOZILLA "(iPhone; CPU iPhone OS 17_4 like Mac OS X)"
#define CHROME  WEBKIT "Chrome/124.0.0.0 Safari/537.36"

static void
test_user_agent_name_browsers(void **state)
{
	static const struct {
		const char *header;
		const char *name;
	} cases[] = {
		{ MOZILLA "(X11; Linux x86_64; rv:125.0) Gecko/20100101 "
			  "Firefox/125.0",
		    "Firefox on Linux" },
		{ MOZILLA "(X11; FreeBSD amd64; rv:125.0) Gecko/20100101 "
			  "Firefox/125.0",
		    "Firefox on BSD" },
		{ MOZILLA "(Android 14; Mobile; rv:125.0) Gecko/125.0 "
			  "Firefox/125.0",
		    "Firefox on Android" },
		{ IPHONE WEBKIT "FxiOS/125.0 Mobile/15E148 Safari/605.1.15",
		    "Firefox on iPhone" },
		{ WINDOWS CHROME, "Chrome on Windows" },
		{ ANDROID WEBKIT "Chrome/124.0.0.0 Mobile Safari/537.36",
		    "Chrome on Android" },
		{ IPHONE WEBKIT "CriOS/124.0 Mobile/15E148 Safari/604.1",
		    "Chrome on iPhone" },
		{ MOZILLA "(X11; CrOS x86_64 14541.0.0)" CHROME,
		    "Chrome on ChromeOS" },
		{ WINDOWS CHROME " Edg/124.0.0.0", "Edge on Windows" },
		{ ANDROID CHROME " EdgA/124.0.0.0", "Edge on Android" },
		{ LINUX CHROME " OPR/110.0.0.0", "Opera on Linux" },
		{ ANDROID WEBKIT "SamsungBrowser/25.0 Chrome/121.0.0.0 "
				 "Mobile Safari/537.36",
		    "Samsung Internet on Android" },
		{ MAC WEBKIT "Version/17.4 Safari/605.1.15",
		    "Safari on macOS" },
		{ MOZILLA "(iPad; CPU OS 17_4 like Mac OS X)" WEBKIT
			  "Version/17.4 Mobile/15E148 Safari/604.1",
		    "Safari on iPad" },
		{ "curl/8.7.1", "curl on another system" },
		{ "python-requests/2.31.0", "Python on another system" },
		{ "Python-urllib/3.11", "Python on another system" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_string_equal(
		    user_agent_name(cases[i].header), cases[i].name);
}

static void
test_user_agent_name_nothing_known(void **state)
{
	static const char *const headers[] = { NULL, "", " ",
		"<script>alert(1)</script>", "\xff\xfe",
		"firefox on linux, surely" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
		assert_string_equal(
		    user_agent_name(headers[i]), "A browser on another system");
}

/* Names are kept for good: what strangers send must not make more of them. */
static void
test_user_agent_name_same_string(void **state)
{
	const char *first = user_agent_name(LINUX CHROME " one");
	const char *second = user_agent_name(LINUX CHROME " two");

	(void)state;

	assert_string_equal(first, "Chrome on Linux");
	assert_ptr_equal(first, second);
}

static void
test_user_agent_is_robot_browsers_are_none(void **state)
{
	static const char *const headers[] = { LINUX CHROME, WINDOWS CHROME,
		MAC WEBKIT "Version/17.4 Safari/605.1.15",
		IPHONE WEBKIT "CriOS/124.0 Mobile/15E148 Safari/604.1",
		ANDROID CHROME " EdgA/124.0.0.0",
		MOZILLA "(X11; Linux x86_64; rv:125.0) Gecko/20100101 "
			"Firefox/125.0",
		/* Telephones whose names are like those of robots. */
		MOZILLA "(Linux; Android 9; CUBOT X19)" CHROME,
		MOZILLA "(Linux; Android 10; CUBOT_NOTE_7)" CHROME,
		MOZILLA "(Linux; U; Android 5.1; en; Cubot Build/A)" CHROME,
		MOZILLA "(Linux; Android 8.1.0; TECNO Phantom 8)" CHROME,
		"Lynx/2.9.0 libwww", "w3m/0.5.3+git20230121",
		"Links (2.29; Linux 6.1 x86_64; GNU C 12.2; text)" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
		assert_false(user_agent_is_robot(headers[i]));
}

static void
test_user_agent_is_robot_that_says_so(void **state)
{
	static const char *const headers[] = { NULL, "", "curl/8.7.1",
		"Wget/1.21.4", "python-requests/2.31.0", "Go-http-client/2.0",
		"Mozilla/5.0 (compatible; Googlebot/2.1; "
		"+http://www.google.com/bot.html)",
		"Mozilla/5.0 (compatible; Yahoo! Slurp)",
		"Mozilla/5.0 (compatible; Baiduspider/2.0)",
		"facebookexternalhit/1.1", "WhatsApp/2.23.20.0",
		"Slackbot-LinkExpanding 1.0", "ia_archiver", "bingbot/2.0",
		"Robot", "my-robot", "Bot", "A Bot of mine",
		ANDROID CHROME " (compatible; AdsBot-Google-Mobile)",
		MOZILLA "(Linux; Android 9; CUBOT X19)" CHROME
			" (compatible; Googlebot/2.1)",
		MOZILLA "(Linux; Android 9; Focubot)" CHROME, "Cubot/1.0",
		LINUX WEBKIT "PhantomJS/2.1.1 Safari/538.1",
		LINUX WEBKIT "HeadlessChrome/124.0.0.0 Safari/537.36",
		"Mozilla/5.0 (compatible; Something; +https://example.org)" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
		assert_true(user_agent_is_robot(headers[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_user_agent_name_browsers),
		cmocka_unit_test(test_user_agent_name_nothing_known),
		cmocka_unit_test(test_user_agent_name_same_string),
		cmocka_unit_test(test_user_agent_is_robot_browsers_are_none),
		cmocka_unit_test(test_user_agent_is_robot_that_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
