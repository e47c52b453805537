/*
 * test_settings.c - byline.conf: read whole or refused by line.
 */
#include "config.h"

#include <sys/stat.h>

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/settings.h"

/* A folder of our own, and in it the path of a configuration. */
struct place {
	char *folder;
	char *path;
};

static int
make_place(void **state)
{
	struct place *place = g_new0(struct place, 1);

	place->folder = g_dir_make_tmp("byline-settings-XXXXXX", NULL);
	place->path = g_build_filename(place->folder, "byline.conf", NULL);
	*state = place;
	return place->folder == NULL;
}

static int
remove_place(void **state)
{
	struct place *place = *state;

	unlink(place->path);
	rmdir(place->folder);
	g_free(place->folder);
	g_free(place->path);
	g_free(place);
	return 0;
}

static enum status
load(const struct place *place, const char *text, gssize size,
    struct settings *out_settings, GError **error)
{
	assert_true(g_file_set_contents(place->path, text, size, NULL));
	return settings_load(place->path, out_settings, error);
}

/* `text` is refused, and the reason begins with file and `line`. */
static void
assert_refused(
    const struct place *place, const char *text, int line, const char *word)
{
	g_autofree char *prefix = g_strdup_printf("%s:%d: ", place->path, line);
	g_autoptr(GError) error = NULL;
	struct settings settings = { .workers = 77 };

	if (load(place, text, -1, &settings, &error) != STATUS_INVALID)
		fail_msg("not refused: %s", text);
	assert_int_equal(settings.workers, 77);
	assert_non_null(error);
	if (!g_str_has_prefix(error->message, prefix) ||
	    strstr(error->message, word) == NULL)
		fail_msg("\"%s\" gives \"%s\"", text, error->message);
}

static void
test_load_missing_gives_defaults(void **state)
{
	const struct place *place = *state;
	struct settings settings;
	(void)state;

	assert_int_equal(
	    settings_load(place->path, &settings, NULL), STATUS_OK);

	assert_string_equal(settings.base_url, "http://127.0.0.1:8080");
	assert_string_equal(settings.origin, "http://127.0.0.1:8080");
	assert_string_equal(settings.base_path, "");
	assert_false(settings.is_https);
	assert_int_equal(settings.workers, 4);
	assert_null(settings.listen);
	assert_null(settings.socket_group);
	assert_int_equal(settings.request_seconds, 30);
	assert_null(settings.trusted_proxies[0]);
	assert_string_equal(
	    settings.iframe_hosts[0], "www.youtube-nocookie.com");
	assert_null(settings.security_contact);
	settings_release(&settings);
}

static void
test_load_all_keys(void **state)
{
	static const char TEXT[] =
	    "# comment\n[site]\nbase_url = https://Example.org:443/blog\n"
	    "[fastcgi]\nworkers=8\nlisten=unix:/run/byline/b.sock,0660\n"
	    "socket_group=www-data\nrequest_seconds=300\n"
	    "[proxy]\ntrusted_proxies=10.0.0.1; FD00:0::1 ;\n"
	    "[content]\niframe_hosts=Video.Example.org;*.Example.net;\n\n"
	    "[security]\nsecurity_contact=mailto:s@example.org\n";
	struct settings settings;

	assert_int_equal(load(*state, TEXT, -1, &settings, NULL), STATUS_OK);

	assert_string_equal(settings.base_url, "https://example.org/blog");
	assert_string_equal(settings.origin, "https://example.org");
	assert_string_equal(settings.base_path, "/blog");
	assert_true(settings.is_https);
	assert_int_equal(settings.workers, 8);
	assert_string_equal(settings.listen, "unix:/run/byline/b.sock,0660");
	assert_string_equal(settings.socket_group, "www-data");
	assert_int_equal(settings.request_seconds, 300);
	assert_string_equal(settings.trusted_proxies[0], "10.0.0.1");
	assert_string_equal(settings.trusted_proxies[1], "fd00::1");
	assert_null(settings.trusted_proxies[2]);
	assert_string_equal(settings.iframe_hosts[0], "video.example.org");
	assert_string_equal(settings.iframe_hosts[1], "*.example.net");
	assert_null(settings.iframe_hosts[2]);
	assert_string_equal(settings.security_contact, "mailto:s@example.org");
	settings_release(&settings);
}

static void
test_load_takes_ranges_of_proxies(void **state)
{
	static const char *const CASES[][2] = {
		{ "192.0.2.0/24", "192.0.2.0/24" },
		{ "10.1.2.3/8", "10.0.0.0/8" },
		{ "192.0.2.255/25", "192.0.2.128/25" },
		{ "192.0.2.1/32", "192.0.2.1/32" },
		{ "128.0.0.0/1", "128.0.0.0/1" },
		{ "2001:DB8:0::1/32", "2001:db8::/32" },
		{ "fd00::ffff/121", "fd00::ff80/121" },
		{ "fd00::1/128", "fd00::1/128" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *text = g_strdup_printf(
		    "[proxy]\ntrusted_proxies=%s\n", CASES[i][0]);
		struct settings settings;

		assert_int_equal(
		    load(*state, text, -1, &settings, NULL), STATUS_OK);

		assert_string_equal(settings.trusted_proxies[0], CASES[i][1]);
		settings_release(&settings);
	}
}

static void
test_load_empty_list_means_none(void **state)
{
	struct settings settings;

	assert_int_equal(
	    load(*state, "[content]\niframe_hosts=\n", -1, &settings, NULL),
	    STATUS_OK);

	assert_non_null(settings.iframe_hosts);
	assert_null(settings.iframe_hosts[0]);
	settings_release(&settings);
}

static void
test_load_takes_base_urls(void **state)
{
	static const char *const CASES[][3] = {
		{ "http://example.org", "http://example.org", "" },
		{ "HTTPS://EXAMPLE.org", "https://example.org", "" },
		{ "https://example.org:8443/a/b~c", "https://example.org:8443",
		    "/a/b~c" },
		{ "http://example.org:80", "http://example.org", "" },
		{ "https://example.org:80", "https://example.org:80", "" },
		{ "https://xn--bcher-kva.example",
		    "https://xn--bcher-kva.example", "" },
		{ "http://192.0.2.1:8080", "http://192.0.2.1:8080", "" },
		{ "http://[::1]:8080/x", "http://[::1]:8080", "/x" },
		{ "http://localhost", "http://localhost", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *text =
		    g_strdup_printf("[site]\nbase_url=%s\n", CASES[i][0]);
		g_autofree char *base_url =
		    g_strconcat(CASES[i][1], CASES[i][2], NULL);
		struct settings settings;

		assert_int_equal(
		    load(*state, text, -1, &settings, NULL), STATUS_OK);
		assert_string_equal(settings.base_url, base_url);
		assert_string_equal(settings.origin, CASES[i][1]);
		assert_string_equal(settings.base_path, CASES[i][2]);
		settings_release(&settings);
	}
}

static void
test_load_refuses_base_urls(void **state)
{
	static const char *const CASES[] = { "", "example.org", "//example.org",
		"ftp://example.org", "https:example.org", "https://",
		"https:///blog", "https://example.org/",
		"https://example.org/blog/", "https://example.org//blog",
		"https://example.org/a/../b", "https://example.org/.",
		"https://example.org?q", "https://example.org/#f",
		"https://user@example.org", "https://user:p@example.org",
		"https://example.org:", "https://example.org:0",
		"https://example.org:65536", "https://example.org:080",
		"https://example.org:80x", "https://bücher.example",
		"https://exam ple.org", "https://-example.org",
		"https://example..org", "https://example.org.",
		"https://example_.org", "https://1.2.3", "https://1.2.3.256",
		"https://[::1", "https://[::g]", "https://::1",
		"https://[::1]x", "https://example.org/%41",
		"https://example.org/a b", "https://example.org\\\\a",
		"https://example.org/\"", "https://example.org:80:80",
		"http://\\texample.org" };

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *text =
		    g_strdup_printf("\n[site]\nbase_url=%s\n", CASES[i]);

		assert_refused(*state, text, 3, "base_url must be");
	}
}

static void
test_load_refuses_values_by_line(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *word;
	} CASES[] = {
		{ "[fastcgi]\nworkers=65\n", 2, "workers must be" },
		{ "[fastcgi]\n\n# workers=1\nworkers=-1\n", 4, "0 to 64" },
		{ "[fastcgi]\nworkers=\n", 2, "workers" },
		{ "[fastcgi]\nworkers=two\n", 2, "workers" },
		{ "[fastcgi]\nrequest_seconds=0\n", 2, "1 to 300" },
		{ "[fastcgi]\nrequest_seconds=301\n", 2, "1 to 300" },
		{ "[fastcgi]\nlisten=9000\n", 2, "listen must be" },
		{ "[fastcgi]\nlisten=0.0.0.0:9000\n", 2, "listen" },
		{ "[fastcgi]\nlisten=:9000\n", 2, "listen" },
		{ "[fastcgi]\nlisten=unix:relative\n", 2, "listen" },
		{ "[fastcgi]\nlisten=unix:/a,99\n", 2, "listen" },
		{ "[fastcgi]\nlisten=127.0.0.1:65536\n", 2, "listen" },
		{ "[fastcgi]\nsocket_group=a b\n", 2, "socket_group" },
		{ "[fastcgi]\nsocket_group=-x\n", 2, "socket_group" },
		{ "[proxy]\ntrusted_proxies=10.0.0.1;proxy\n", 2, "IP" },
		{ "[proxy]\ntrusted_proxies=10.0.0.0/33\n", 2, "IP" },
		{ "[proxy]\ntrusted_proxies=10.0.0.0/\n", 2, "IP" },
		{ "[proxy]\ntrusted_proxies=10.0.0.0/08\n", 2, "IP" },
		{ "[proxy]\ntrusted_proxies=10.0.0.0/8/8\n", 2, "IP" },
		{ "[proxy]\ntrusted_proxies=0.0.0.0/0\n", 2, "IP" },
		{ "[proxy]\ntrusted_proxies=::/0\n", 2, "IP" },
		{ "[proxy]\ntrusted_proxies=fd00::/129\n", 2, "IP" },
		{ "[proxy]\ntrusted_proxies=::ffff:10.0.0.0/104\n", 2, "IP" },
		{ "[proxy]\ntrusted_proxies=/8\n", 2, "IP" },
		{ "[content]\niframe_hosts=https://a.org\n", 2, "hosts" },
		{ "[content]\niframe_hosts=a.org;b.org 'self'\n", 2, "hosts" },
		{ "[content]\niframe_hosts=a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q;r;"
		  "s;t;u;v;w;x;y;z;aa;bb;cc;dd;ee;ff;gg\n",
		    2, "at most 32" },
		{ "[content]\niframe_hosts=*\n", 2, "hosts" },
		{ "[content]\niframe_hosts=*.\n", 2, "hosts" },
		{ "[content]\niframe_hosts=*.org\n", 2, "hosts" },
		{ "[content]\niframe_hosts=*a.org\n", 2, "hosts" },
		{ "[content]\niframe_hosts=a.*.org\n", 2, "hosts" },
		{ "[content]\niframe_hosts=*.*.a.org\n", 2, "hosts" },
		{ "[content]\niframe_hosts=*.127.0.0.1\n", 2, "hosts" },
		{ "[content]\niframe_hosts=*.a.org:443\n", 2, "hosts" },
		{ "[content]\niframe_hosts=a.org/x\n", 2, "hosts" },
		{ "[content]\niframe_hosts=a.org 'self'\n", 2, "hosts" },
		{ "[content]\niframe_hosts=[::1]\n", 2, "hosts" },
		{ "[security]\nsecurity_contact=me@a.org\n", 2, "mailto" },
		{ "[security]\nsecurity_contact=mailto:\n", 2, "mailto" },
		{ "[security]\nsecurity_contact=mailto:a b\n", 2, "mailto" },
		{ "[fastcgi]\nworkers=\\q\n", 2, "workers" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
		assert_refused(
		    *state, CASES[i].text, CASES[i].line, CASES[i].word);
}

static void
test_load_refuses_names_and_syntax_by_line(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *word;
	} CASES[] = {
		{ "[site]\n[sight]\n", 2, "[sight]" },
		{ "[fastcgi]\n\nworker=1\n", 3, "workers, listen" },
		{ "[site]\nworkers=1\n", 2, "\"workers\"" },
		{ "[site]\nbase_url[de]=http://a.org\n", 2, "base_url[de]" },
		{ "[fastcgi]\nworkers=1\nlisten=\n workers =2\n", 4, "twice" },
		{ "[fastcgi]\nworkers=1\n[site]\n[fastcgi]\nworkers=2\n", 5,
		    "twice" },
		{ "base_url=http://a.org\n", 1, "group" },
		{ "# fine\n\n[site]\nbase_url\n", 4, "base_url" },
		{ "[site]\n[fastcgi\nworkers=1\n", 2, "fastcgi" },
		{ "[site]\n=x\n", 2, "" },
		{ "[site]\nbase_url=http://a.org\n\xff\n", 3, "UTF-8" },
		{ "[]\n", 1, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
		assert_refused(
		    *state, CASES[i].text, CASES[i].line, CASES[i].word);
}

static void
test_load_refuses_nul(void **state)
{
	static const char TEXT[] = "[site]\nbase_url=http://a\0.org\n";
	const struct place *place = *state;
	g_autofree char *prefix = g_strconcat(place->path, ":2: ", NULL);
	g_autoptr(GError) error = NULL;
	struct settings settings;

	assert_int_equal(load(place, TEXT, sizeof(TEXT) - 1, &settings, &error),
	    STATUS_INVALID);

	assert_true(g_str_has_prefix(error->message, prefix));
}

static void
test_load_refuses_large_and_unreadable(void **state)
{
	const struct place *place = *state;
	g_autofree char *large = g_strnfill(65 * 1024, '\n');
	g_autoptr(GError) error = NULL;
	struct settings settings;

	assert_int_equal(
	    load(place, large, -1, &settings, NULL), STATUS_TOO_LARGE);
	assert_int_equal(
	    settings_load(place->folder, &settings, &error), STATUS_FAILED);
	assert_non_null(strstr(error->message, place->folder));
}

static void
test_create_writes_what_load_reads(void **state)
{
	const struct place *place = *state;
	g_autofree char *text = NULL;
	struct settings settings;
	struct stat file;

	assert_int_equal(
	    settings_create(place->path, "https://Example.org/blog", NULL),
	    STATUS_OK);

	assert_int_equal(stat(place->path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	assert_int_equal(
	    settings_load(place->path, &settings, NULL), STATUS_OK);
	assert_string_equal(settings.base_url, "https://example.org/blog");
	assert_int_equal(settings.workers, 4);
	assert_string_equal(settings.iframe_hosts[2], "player.vimeo.com");
	settings_release(&settings);
	assert_true(g_file_get_contents(place->path, &text, NULL, NULL));
	assert_non_null(strstr(text, "\n# "));
}

static void
test_create_refuses(void **state)
{
	const struct place *place = *state;
	g_autofree char *below =
	    g_build_filename(place->folder, "missing", "byline.conf", NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	assert_int_equal(
	    settings_create(place->path, "nowhere", &error), STATUS_INVALID);
	assert_non_null(strstr(error->message, "nowhere"));
	assert_int_equal(settings_create(place->path, "http://a.org?q", NULL),
	    STATUS_INVALID);
	assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
	assert_int_equal(
	    settings_create(below, "http://a.org", NULL), STATUS_FAILED);
	assert_true(g_file_set_contents(place->path, "mine", -1, NULL));
	assert_int_equal(settings_create(place->path, "http://a.org", NULL),
	    STATUS_CONFLICT);
	assert_true(g_file_get_contents(place->path, &text, NULL, NULL));
	assert_string_equal(text, "mine");
}

/* One change of the kind that a slip, an editor or a disk makes. */
static void
mutate(GString *text, GRand *random)
{
	static const char *const PIECES[] = { "[", "]", "=", ";", "\n", "\\",
		"#", "[site]\n", "workers=9\n", "\xc3", "\xff", " ", "-1",
		"%00" };
	gssize at = g_rand_int_range(random, 0, (gint32)text->len);
	gssize rest = (gssize)text->len - at;
	gssize some = g_rand_int_range(random, 1, 30);

	switch (g_rand_int_range(random, 0, 5)) {
	case 0:
		g_string_insert(text, at,
		    PIECES[g_rand_int_range(random, 0, G_N_ELEMENTS(PIECES))]);
		break;
	case 1:
		g_string_erase(text, at, MIN(rest, some));
		break;
	case 2:
		text->str[at] = (char)g_rand_int_range(random, 0, 256);
		break;
	case 3:
		g_string_truncate(text, (gsize)at);
		break;
	default:
		g_string_append_len(text, text->str + at, MIN(rest, 60));
		break;
	}
}

/* ":12: " after the path. */
static bool
names_a_line(const char *message, const char *path)
{
	size_t size = strlen(path);
	char *end;

	if (strncmp(message, path, size) != 0 || message[size] != ':')
		return false;
	return strtol(message + size + 1, &end, 10) >= 1 &&
	       g_str_has_prefix(end, ": ");
}

/* Fault 27: a broken configuration starts nothing half-configured. */
static void
test_load_mutated_loads_or_names_a_line(void **state)
{
	const struct place *place = *state;
	GRand *random = g_rand_new_with_seed(27);
	g_autofree char *original = NULL;
	int loaded = 0, refused = 0;

	assert_int_equal(
	    settings_create(place->path, "https://example.org/blog", NULL),
	    STATUS_OK);
	assert_true(g_file_get_contents(place->path, &original, NULL, NULL));
	for (int i = 0; i < 1000; i++) {
		g_autoptr(GString) text = g_string_new(original);
		g_autoptr(GError) error = NULL;
		struct settings settings;

		for (int j = g_rand_int_range(random, 1, 4);
		     j > 0 && text->len > 0; j--)
			mutate(text, random);
		if (load(place, text->str, (gssize)text->len, &settings,
			&error) == STATUS_OK) {
			loaded++;
			assert_non_null(settings.origin);
			settings_release(&settings);
		} else {
			refused++;
			if (!names_a_line(error->message, place->path))
				fail_msg("%s", error->message);
		}
	}
	g_rand_free(random);
	assert_true(loaded > 100);
	assert_true(refused > 100);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, make_place, remove_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_load_missing_gives_defaults),
		TEST(test_load_all_keys),
		TEST(test_load_takes_ranges_of_proxies),
		TEST(test_load_empty_list_means_none),
		TEST(test_load_takes_base_urls),
		TEST(test_load_refuses_base_urls),
		TEST(test_load_refuses_values_by_line),
		TEST(test_load_refuses_names_and_syntax_by_line),
		TEST(test_load_refuses_nul),
		TEST(test_load_refuses_large_and_unreadable),
		TEST(test_create_writes_what_load_reads),
		TEST(test_create_refuses),
		TEST(test_load_mutated_loads_or_names_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
