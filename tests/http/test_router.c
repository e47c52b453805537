/*
 * test_router.c - from an address to its row, in one canonical spelling.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "http/request.h"
#include "http/router.h"

static enum status
answer_nothing(struct exchange *exchange)
{
	(void)exchange;
	return STATUS_OK;
}

static const struct route ROUTES[] = {
	{ HTTP_METHOD_GET, 0, "/", answer_nothing },
	{ HTTP_METHOD_GET, 0, "/tags", answer_nothing },
	{ HTTP_METHOD_GET, 0, "/tags/{slug}", answer_nothing },
	{ HTTP_METHOD_GET, 0, "/tags/{slug}/page/{number}", answer_nothing },
	{ HTTP_METHOD_GET, 0, "/subscribe", answer_nothing },
	{ HTTP_METHOD_POST, 0, "/subscribe", answer_nothing },
	{ HTTP_METHOD_POST, 0, "/subscribe/confirm", answer_nothing },
	{ HTTP_METHOD_GET, 0, "/{a}/{b}/{c}/{d}", answer_nothing },
	{ HTTP_METHOD_GET, 0, "/{slug}", answer_nothing },
};

struct outcome {
	enum route_match match;
	const struct route *route;
	const char *allow;
	struct exchange exchange;
};

static struct outcome
find(const char *path, unsigned method)
{
	struct outcome outcome = { .match = ROUTE_NOT_FOUND };

	outcome.match = router_find(ROUTES, G_N_ELEMENTS(ROUTES), path, method,
	    &outcome.exchange, &outcome.route, &outcome.allow);
	return outcome;
}

static void
test_router_find_pattern(void **state)
{
	static const struct {
		const char *path;
		const char *pattern;
		const char *first;
		const char *second;
	} cases[] = {
		{ "/", "/", "", "" },
		{ "/tags", "/tags", "", "" },
		{ "/tags/sqlite", "/tags/{slug}", "sqlite", "" },
		{ "/tags/\xc3\xa4 b", "/tags/{slug}", "\xc3\xa4 b", "" },
		{ "/tags/x/page/2", "/tags/{slug}/page/{number}", "x", "2" },
		{ "/about", "/{slug}", "about", "" },
		{ "/{slug}", "/{slug}", "{slug}", "" },
		{ "/Tags", "/{slug}", "Tags", "" },
		{ "/a/b/c/d", "/{a}/{b}/{c}/{d}", "a", "b" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct outcome outcome = find(cases[i].path, HTTP_METHOD_GET);

		assert_int_equal(outcome.match, ROUTE_FOUND);
		assert_string_equal(outcome.route->pattern, cases[i].pattern);
		assert_string_equal(outcome.exchange.values[0], cases[i].first);
		assert_string_equal(
		    outcome.exchange.values[1], cases[i].second);
		exchange_release(&outcome.exchange);
	}
}

static void
test_router_find_nothing(void **state)
{
	static const char *const paths[] = {
		"/tags/x/page",
		"/tags/x/page/2/3",
		"/a/b",
		"//",
		"/tags//",
		"/a/b/c/d/e",
		"",
		"tags",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		struct outcome outcome = find(paths[i], HTTP_METHOD_GET);

		assert_int_equal(outcome.match, ROUTE_NOT_FOUND);
		exchange_release(&outcome.exchange);
	}
}

/* A slash at the end changes nothing but that it is known. */
static void
test_router_find_trailing_slash(void **state)
{
	static const struct {
		const char *path;
		const char *pattern;
		bool has_slash;
	} cases[] = {
		{ "/", "/", false },
		{ "/tags", "/tags", false },
		{ "/tags/", "/tags", true },
		{ "/tags/x/", "/tags/{slug}", true },
		{ "/about/", "/{slug}", true },
		{ "/tags/x/page/2/", "/tags/{slug}/page/{number}", true },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct request request = { .path = (char *)cases[i].path };
		struct outcome outcome = find(cases[i].path, HTTP_METHOD_GET);

		outcome.exchange.request = &request;
		assert_int_equal(outcome.match, ROUTE_FOUND);
		assert_string_equal(outcome.route->pattern, cases[i].pattern);
		assert_int_equal(
		    exchange_has_slash(&outcome.exchange), cases[i].has_slash);
		exchange_release(&outcome.exchange);
	}
}

static void
test_router_find_method(void **state)
{
	struct outcome get = find("/subscribe", HTTP_METHOD_GET);
	struct outcome head = find("/subscribe", HTTP_METHOD_HEAD);
	struct outcome post = find("/subscribe", HTTP_METHOD_POST);

	(void)state;

	assert_ptr_equal(get.route, &ROUTES[4]);
	assert_ptr_equal(head.route, &ROUTES[4]);
	assert_ptr_equal(post.route, &ROUTES[5]);

	exchange_release(&get.exchange);
	exchange_release(&head.exchange);
	exchange_release(&post.exchange);
}

static void
test_router_find_wrong_method(void **state)
{
	static const struct {
		const char *path;
		unsigned method;
		const char *allow;
	} cases[] = {
		{ "/tags", HTTP_METHOD_POST, "GET, HEAD" },
		{ "/tags", HTTP_METHOD_OTHER, "GET, HEAD" },
		{ "/tags/", HTTP_METHOD_POST, "GET, HEAD" },
		{ "/tags/x/", HTTP_METHOD_OTHER, "GET, HEAD" },
		{ "/subscribe", HTTP_METHOD_OTHER, "GET, HEAD, POST" },
		{ "/subscribe/confirm", HTTP_METHOD_GET, "POST" },
		{ "/subscribe/confirm", HTTP_METHOD_HEAD, "POST" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct outcome outcome = find(cases[i].path, cases[i].method);

		assert_int_equal(outcome.match, ROUTE_WRONG_METHOD);
		assert_string_equal(outcome.allow, cases[i].allow);
		exchange_release(&outcome.exchange);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_router_find_pattern),
		cmocka_unit_test(test_router_find_nothing),
		cmocka_unit_test(test_router_find_trailing_slash),
		cmocka_unit_test(test_router_find_method),
		cmocka_unit_test(test_router_find_wrong_method),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
