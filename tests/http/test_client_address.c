/*
 * test_client_address.c - ranges of proxies, to the bit.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "http/client_address.h"

static void
test_client_address_ranges(void **state)
{
	static const struct {
		const char *proxy;
		const char *peer;
		bool is_trusted;
	} cases[] = {
		{ "10.0.0.1", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.2", false },
		{ "10.0.0.0/8", "10.255.255.255", true },
		{ "10.0.0.0/8", "11.0.0.0", false },
		{ "10.0.0.0/9", "10.127.0.0", true },
		{ "10.0.0.0/9", "10.128.0.0", false },
		{ "10.0.0.0/31", "10.0.0.1", true },
		{ "10.0.0.0/31", "10.0.0.2", false },
		{ "10.0.0.0/32", "10.0.0.0", true },
		{ "10.0.0.0/32", "10.0.0.1", false },
		{ "0.0.0.0/0", "203.0.113.9", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "203.0.113.9", false },
		{ "::/0", "2001:db8::1", true },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "2001:db8::1/128", "2001:db8::1", true },
		{ "2001:db8::1/128", "2001:db8::2", false },
		{ "::1", "::1", true },
		{ "10.0.0.0/33", "10.0.0.0", false },
		{ "10.0.0.0/", "10.0.0.0", false },
		{ "10.0.0.0/-1", "10.0.0.0", false },
		{ "10.0.0.0/8x", "10.0.0.0", false },
		{ "nonsense", "10.0.0.0", false },
		{ "", "10.0.0.0", false },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *const proxies[] = { cases[i].proxy, NULL };
		g_autofree char *address =
		    client_address(cases[i].peer, "198.51.100.7", proxies);

		assert_string_equal(address,
		    cases[i].is_trusted ? "198.51.100.7" : cases[i].peer);
	}
}

static void
test_client_address_without_proxies(void **state)
{
	static const char *const none[] = { NULL };
	g_autofree char *first = client_address("10.0.0.1", "1.2.3.4", NULL);
	g_autofree char *second = client_address("10.0.0.1", "1.2.3.4", none);
	g_autofree char *third = client_address("10.0.0.1", NULL, NULL);

	(void)state;

	assert_string_equal(first, "10.0.0.1");
	assert_string_equal(second, "10.0.0.1");
	assert_string_equal(third, "10.0.0.1");
}

static void
test_client_address_truncate_networks(void **state)
{
	static const struct {
		const char *address;
		const char *network; /* NULL: none */
	} cases[] = {
		{ "203.0.113.77", "203.0.113.0/24" },
		{ "::ffff:203.0.113.77", "203.0.113.0/24" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1::/48" },
		{ "::1", "::/48" },
		{ "", NULL },
		{ "203.0.113.77/24", NULL },
		{ "nobody", NULL },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *network =
		    client_address_truncate(cases[i].address);

		if (cases[i].network == NULL)
			assert_null(network);
		else
			assert_string_equal(network, cases[i].network);
	}
}

static void
test_client_address_scope_of_one_customer(void **state)
{
	static const struct {
		const char *address;
		const char *scope;
	} cases[] = {
		{ "203.0.113.77", "203.0.113.77" },
		{ "::ffff:203.0.113.77", "203.0.113.77" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64" },
		{ "2001:DB8:1:2::", "2001:db8:1:2::/64" },
		{ "2001:db8:1:3::1", "2001:db8:1:3::/64" },
		{ "::1", "::/64" },
		{ "", "" },
		{ "203.0.113.77/24", "" },
		{ "2001:db8::1%eth0", "" },
		{ "nobody", "" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *scope = client_address_scope(cases[i].address);

		assert_string_equal(scope, cases[i].scope);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_address_ranges),
		cmocka_unit_test(test_client_address_without_proxies),
		cmocka_unit_test(test_client_address_truncate_networks),
		cmocka_unit_test(test_client_address_scope_of_one_customer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
