/*
 * test_setting.c - settings are whole and valid, whatever is stored.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/settings.h"
#include "fixture.h"

static void
load(struct fixture *fixture)
{
	setting_release(&fixture->blog);
	assert_int_equal(
	    setting_load(fixture->database, &fixture->blog), STATUS_OK);
}

static void
store(struct fixture *fixture, const char *key, const char *value)
{
	g_autoptr(GError) error = NULL;

	if (setting_store(fixture->database, key, value, &error) != STATUS_OK)
		fail_msg("%s", error->message);
}

static void
test_load_defaults(void **state)
{
	struct fixture *fixture = *state;
	const struct blog *blog = &fixture->blog;

	assert_string_equal(blog->site_name, "Byline");
	assert_string_equal(blog->section, "Writing");
	assert_string_equal(blog->title, "Blog");
	assert_string_equal(blog->language, "en");
	assert_false(blog->is_right_to_left);
	assert_string_equal(blog->time_zone, "UTC");
	assert_non_null(blog->zone);
	assert_int_equal(blog->date_style, DATE_STYLE_LONG);
	assert_int_equal(blog->per_page, 10);
	assert_int_equal(blog->feed_size, 20);
	assert_string_equal(blog->permalink, "/articles/{slug}");
	assert_int_equal(blog->navigation->len, 0);
	assert_string_equal(blog->subscribe_title, "Stay in the loop");
	assert_string_equal(blog->robots, "");
	assert_string_equal(blog->footer, "");
}

static void
test_store_and_load(void **state)
{
	struct fixture *fixture = *state;
	const struct blog *blog;
	const struct blog_link *link;

	store(fixture, "title", "  Notes \n on  caf\x65\xcc\x81s ");
	store(fixture, "language", "he-IL");
	store(fixture, "time_zone", "Europe/Berlin");
	store(fixture, "date_style", "day-first");
	store(fixture, "per_page", "100");
	store(fixture, "permalink", "/{year}/{month}/{slug}");
	store(fixture, "robots", "User-agent: *\r\nDisallow: /x\n\n");
	store(fixture, "subscribing_open", "true");
	store(fixture, "navigation",
	    "Start = /\n\n  Code=https://example.org/code \n");

	load(fixture);

	blog = &fixture->blog;
	assert_string_equal(blog->title, "Notes on caf\xc3\xa9s");
	assert_true(blog->is_right_to_left);
	assert_string_equal(
	    g_time_zone_get_identifier(blog->zone), "Europe/Berlin");
	assert_int_equal(blog->date_style, DATE_STYLE_DAY_FIRST);
	assert_int_equal(blog->per_page, 100);
	assert_string_equal(blog->permalink, "/{year}/{month}/{slug}");
	assert_string_equal(blog->robots, "User-agent: *\nDisallow: /x");
	assert_true(blog->is_subscribing_open);
	assert_int_equal(blog->navigation->len, 2);
	link = blog->navigation->pdata[1];
	assert_string_equal(link->name, "Code");
	assert_string_equal(link->address, "https://example.org/code");
}

static void
test_store_refuses(void **state)
{
	struct fixture *fixture = *state;
	g_autofree char *long_text = g_strnfill(10000, 'x');
	const struct {
		const char *key;
		const char *value;
	} wrong[] = {
		{ "title", "" },
		{ "title", " \n " },
		{ "title", "broken \xff" },
		{ "title", long_text },
		{ "robots", long_text },
		{ "language", "english language" },
		{ "language", "e" },
		{ "language", "en-" },
		{ "language", "\"><script>" },
		{ "time_zone", "Europe/Nowhere" },
		{ "time_zone", "../../etc/passwd" },
		{ "date_style", "short" },
		{ "per_page", "0" },
		{ "per_page", "101" },
		{ "per_page", "-1" },
		{ "per_page", "ten" },
		{ "per_page", "99999999999999999999" },
		{ "subscribing_open", "yes" },
		{ "permalink", "{slug}" },
		{ "permalink", "/{slug}/" },
		{ "permalink", "/a//{slug}" },
		{ "permalink", "/{year}" },
		{ "permalink", "/{slug" },
		{ "permalink", "/{author}/{slug}" },
		{ "permalink", "/{slug}.html" },
		{ "permalink", "/a b/{slug}" },
		{ "permalink", "/tags/{slug}" },
		{ "permalink", "/desk/{slug}" },
		{ "permalink", "/media/{slug}" },
		{ "navigation", "no equals sign" },
		{ "navigation", "= /nameless" },
		{ "navigation", "Name =" },
		{ "navigation", "Name = javascript:alert(1)" },
		{ "navigation", "Name = //example.org" },
		{ "navigation", "Name = /a b" },
		{ "navigation", "Name = /\\example.org" },
		{ "iframe_hosts", long_text },
		{ "iframe_hosts", "https://a.org" },
		{ "iframe_hosts", "a.org/x" },
		{ "iframe_hosts", "a.org:443" },
		{ "iframe_hosts", "a.org b.org" },
		{ "iframe_hosts", "a.org;b.org" },
		{ "iframe_hosts", "a.org\n*" },
		{ "iframe_hosts", "a.org\n'self'" },
		{ "iframe_hosts", "a.org; script-src *" },
		{ "iframe_hosts", "a.org\r\nSet-Cookie: a=b" },
		{ "iframe_hosts", "m\303\274ller.example" },
		{ "iframe_hosts", "\"><script>" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;
		enum status status = setting_store(
		    fixture->database, wrong[i].key, wrong[i].value, &error);

		if (status != STATUS_INVALID)
			fail_msg("%s: \"%.40s\" gave %s", wrong[i].key,
			    wrong[i].value, status_name(status));
		assert_non_null(strstr(error->message, wrong[i].key));
	}
	assert_int_equal(
	    setting_store(fixture->database, "no_such_key", "a", NULL),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    fixture_integer(fixture, "SELECT count(*) FROM setting"), 0);
}

static void
test_load_ignores_what_nobody_may_store(void **state)
{
	struct fixture *fixture = *state;

	fixture_run(fixture,
	    "INSERT INTO setting (key, value) VALUES"
	    " ('per_page', '-7'), ('time_zone', 'Nowhere'), ('title', ''),"
	    " ('permalink', 'x'), ('navigation', 'x'),"
	    " ('from_the_future', 'x'), ('section', 'Kept')");

	load(fixture);

	assert_int_equal(fixture->blog.per_page, 10);
	assert_string_equal(fixture->blog.time_zone, "UTC");
	assert_string_equal(fixture->blog.title, "Blog");
	assert_string_equal(fixture->blog.permalink, "/articles/{slug}");
	assert_string_equal(fixture->blog.section, "Kept");
}

static void
test_generation_of_a_setting(void **state)
{
	static const char *const titles[] = { "A", "A", "B" };
	struct fixture *fixture = *state;
	int64_t generations[4], changed_at;

	assert_int_equal(
	    setting_generation(fixture->database, &generations[0], &changed_at),
	    STATUS_OK);

	for (size_t i = 0; i < 3; i++) {
		store(fixture, "title", titles[i]);
		assert_int_equal(setting_generation(fixture->database,
				     &generations[i + 1], &changed_at),
		    STATUS_OK);
	}

	assert_true(generations[1] > generations[0]);
	/* The same again is no change. */
	assert_int_equal(generations[2], generations[1]);
	assert_true(generations[3] > generations[2]);
}

static void
test_iframe_hosts(void **state)
{
	struct fixture *fixture = *state;

	assert_null(fixture->blog.iframe_hosts);
	store(fixture, "iframe_hosts",
	    " WWW.Example.org \r\n\n*.video.example\nwww.example.org\n"
	    "xn--mller-kva.example\n");
	load(fixture);
	assert_int_equal(g_strv_length(fixture->blog.iframe_hosts), 3);
	assert_string_equal(fixture->blog.iframe_hosts[0], "www.example.org");
	assert_string_equal(fixture->blog.iframe_hosts[1], "*.video.example");
	assert_string_equal(
	    fixture->blog.iframe_hosts[2], "xn--mller-kva.example");

	store(fixture, "iframe_hosts", "\n \n");
	load(fixture);
	assert_non_null(fixture->blog.iframe_hosts);
	assert_null(fixture->blog.iframe_hosts[0]);
}

static void
test_iframe_hosts_each_wrong_line(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GString) many = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) too_many = NULL;

	assert_int_equal(
	    setting_check("iframe_hosts", "a b\na.org\n\n*\n", &error),
	    STATUS_INVALID);
	assert_non_null(strstr(error->message, "lines 1, 4: not the name"));

	for (int i = 0; i < 32; i++)
		g_string_append_printf(many, "a%d.org\nA%d.org\n", i, i);
	assert_int_equal(
	    setting_check("iframe_hosts", many->str, NULL), STATUS_OK);
	g_string_append(many, "b.org");
	assert_int_equal(setting_check("iframe_hosts", many->str, &too_many),
	    STATUS_INVALID);
	assert_non_null(strstr(too_many->message, "33 hosts, 32 at most"));
	load(fixture);
	assert_null(fixture->blog.iframe_hosts);
}

static void
append(const char *key, const char *value, void *data)
{
	g_string_append_printf(data, "%s=%s;", key, value);
}

static void
test_each(void **state)
{
	struct fixture *fixture = *state;
	char first[] = "a.org", second[] = "b.org";
	char *hosts[] = { first, second, NULL };
	const struct settings server = { .iframe_hosts = hosts };
	g_autoptr(GString) text = g_string_new(NULL);

	store(fixture, "title", "Mine");

	assert_int_equal(
	    setting_each(fixture->database, &server, append, text), STATUS_OK);

	assert_true(g_str_has_prefix(
	    text->str, "site_name=Byline;section=Writing;title=Mine;"));
	assert_non_null(strstr(text->str, ";per_page=10;"));
	assert_non_null(strstr(text->str, ";iframe_hosts=a.org\nb.org;"));
	store(fixture, "iframe_hosts", "");
	g_string_truncate(text, 0);
	assert_int_equal(
	    setting_each(fixture->database, &server, append, text), STATUS_OK);
	assert_non_null(strstr(text->str, ";iframe_hosts=;"));
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_load_defaults),
		TEST(test_store_and_load),
		TEST(test_store_refuses),
		TEST(test_load_ignores_what_nobody_may_store),
		TEST(test_generation_of_a_setting),
		TEST(test_iframe_hosts),
		TEST(test_iframe_hosts_each_wrong_line),
		TEST(test_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
