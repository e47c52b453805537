/*
 * test_password_rules.c - which passwords are refused, by size and by how soon
 * they are guessed, and which must not be.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/password_rules.h"

/* Those that most people take, the most common first: from the Debian package
 * john-data. */
#define COMMON_PASSWORDS "/usr/share/john/password.lst"

static const struct password_owner OWNER = {
	.name = "Mira O'Halloran-Weiß",
	.email = "mira.halloran@kwetzalon.example",
	.site_name = "Brombeertal",
	.blog_title = "Notes & Queries: A Quiet Évidence of Zum",
};

static bool
is_accepted(const char *password, size_t size)
{
	return password_rules_check(password, size, NULL, NULL) == STATUS_OK;
}

/* `words` stand in the reason. */
static void
assert_refused(const char *password, size_t size,
    const struct password_owner *owner, const char *words)
{
	g_autoptr(GError) error = NULL;
	enum status status =
	    password_rules_check(password, size, owner, &error);

	if (status == STATUS_OK)
		print_message("accepted: %s\n", password);
	assert_int_equal(status, STATUS_INVALID);
	assert_true(g_error_matches(error, BYLINE_ERROR, STATUS_INVALID));
	if (strstr(error->message, words) == NULL)
		print_message("%s: %s\n", password, error->message);
	assert_non_null(strstr(error->message, words));
}

static void
assert_accepted(
    const char *password, size_t size, const struct password_owner *owner)
{
	g_autoptr(GError) error = NULL;
	enum status status =
	    password_rules_check(password, size, owner, &error);

	if (status != STATUS_OK)
		print_message("%s: %s\n", password, error->message);
	assert_int_equal(status, STATUS_OK);
	assert_null(error);
}

/* Text that no rule finds anything in, of `size` characters of one byte. */
static char *
make_text(size_t size)
{
	GRand *random = g_rand_new_with_seed(26);
	char *text = g_malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		text[i] = (char)g_rand_int_range(random, 'a', 'z' + 1);
	text[size] = '\0';
	g_rand_free(random);
	return text;
}

static void
test_check_sizes(void **state)
{
	static const struct {
		size_t size;
		const char *words; /* NULL: accepted */
	} TABLE[] = {
		{ 0, "fewer than 8 characters" },
		{ 1, "fewer than 8 characters" },
		{ 7, "fewer than 8 characters" },
		{ 8, NULL },
		{ 72, NULL },
		{ 73, NULL },
		{ 1024, NULL },
		{ 1025, "longer than 1024 bytes" },
		{ 100000, "longer than 1024 bytes" },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++) {
		g_autofree char *text = make_text(TABLE[i].size);

		if (TABLE[i].words == NULL)
			assert_accepted(text, TABLE[i].size, NULL);
		else
			assert_refused(
			    text, TABLE[i].size, NULL, TABLE[i].words);
	}
}

/* Characters for the lower limit, bytes for the upper one; nothing is trimmed
 * or ends at a NUL. */
static void
test_check_takes_them_as_received(void **state)
{
	static const struct {
		const char *password;
		size_t size;
		bool is_accepted;
	} TABLE[] = {
		{ "zk4vqmt ", 8, true },
		{ " zk4vqmt", 8, true },
		{ "zk4vqmt", 7, false },
		{ "zk4\0vqmt", 8, true },
		{ "zk4\0vqm", 7, false },
		{ "\0\0\0\0\0\0\0\0", 8, false },
		{ "жэщцюёфы", 16, true },
		{ "жэщцюёф", 14, false },
		{ "🌵🦔🪁🧲🛶🥁🧭🪴", 32, true },
		{ "🌵🦔🪁🧲🛶🥁🧭", 28, false },
		{ "猫が八匹屋根の上に", 27, true },
		{ "\xFF\xC2\x9F\xE2\x80\xF5\x80\x61\xFE", 9, true },
		{ "\xFF\xC2\x9F\xE2\x80\xF5\x80", 7, false },
		{ "zk4vqmt\xC3", 8, true },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++) {
		if (TABLE[i].is_accepted)
			assert_accepted(TABLE[i].password, TABLE[i].size, NULL);
		else
			assert_false(
			    is_accepted(TABLE[i].password, TABLE[i].size));
	}
}

static void
test_check_refuses_what_is_guessed_first(void **state)
{
	static const char WORD[] = "a common word, name or phrase";
	static const char NUMBER[] = "a date";
	static const char ROW[] = "keys in a row or a repetition";
	static const struct {
		const char *password, *words;
	} TABLE[] = {
		/* Words, in any case and with something around them. */
		{ "password", WORD },
		{ "PassWord", WORD },
		{ "password1", WORD },
		{ "Password123!", WORD },
		{ "!!sunshine!!", WORD },
		{ "sunshine ", WORD },
		{ "2024Sommer2024", WORD },
		{ "summer2031", WORD },
		{ "Jennifer84", WORD },
		{ "dragon#4711", WORD },
		{ "christmas24.12.", WORD },
		{ "liverpool19871205", WORD },
		{ "monkeydragon", WORD },
		{ "happyday77", WORD },
		{ "i love you", WORD },
		{ "let-me-in", WORD },
		{ "correct horse battery staple", WORD },
		/* Backwards, in leet, doubled, cut at eight letters. */
		{ "drowssap", WORD },
		{ "9drowssap", WORD },
		{ "p4$$w0rd", WORD },
		{ "P@55w0rd!", WORD },
		{ "hellohello", WORD },
		{ "passwordpasswordpasswordpassword", WORD },
		{ "californ", WORD },
		/* With marks, in other languages, on another keyboard. */
		{ "pässwörd", WORD },
		{ "contraseña", WORD },
		{ "пароль123", WORD },
		{ "gfhjkm123", WORD },
		{ "любимый", "fewer than 8" },
		{ "Любимая1", WORD },
		/* Keys in a row, runs, repetitions. */
		{ "12345678", ROW },
		{ "87654321", ROW },
		{ "qwertyui", ROW },
		{ "QWERTZUIOP", ROW },
		{ "azertyuiop", ROW },
		{ "asdfjkl;", ROW },
		{ "1qaz2wsx", ROW },
		{ "zaq12wsx", ROW },
		{ "q1w2e3r4t5", ROW },
		{ "qweasdzxc", ROW },
		{ "!@#$%^&*", ROW },
		{ "147258369", ROW },
		{ "1234qwer", ROW },
		{ "abcdefgh", ROW },
		{ "aaaaaaaa", ROW },
		{ "aaaaaaaaaaaab", ROW },
		{ "        ", ROW },
		{ "xyxyxyxyxyxy", ROW },
		{ "zkqzkqzkq", ROW },
		/* Dates. */
		{ "05121987", NUMBER },
		{ "12051987", NUMBER },
		{ "19871205", NUMBER },
		{ "05.12.1987", NUMBER },
		{ "1987-12-05", NUMBER },
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++)
		assert_refused(TABLE[i].password, strlen(TABLE[i].password),
		    NULL, TABLE[i].words);
}

/* What the owner is called is the first that is guessed of this one. */
static void
test_check_refuses_what_is_the_owners(void **state)
{
	static const char *const PASSWORDS[] = { "Mira O'Halloran-Weiß",
		"mirahalloran", "MIRA.HALLORAN", "halloran1987", "4halloran2",
		"Halloran Mira", "narollah1", "h4ll0r4n!",
		"mira.halloran@kwetzalon.example", "kwetzalon",
		"KwetZalon2026!", "Notes & Queries: A Quiet Évidence of Zum",
		"notes & queries: a quiet evidence of zum",
		"notes&queries:aquietevidenceofzum1", "evidence77",
		"brombeertal_1", "Zum Zum Zum" };
	const struct password_owner of_many_words = {
		.blog_title =
		    "All that I did, saw, read and ate while it rained on us",
	};
	static const char *const OTHERS[] = { "halloran kettle umbrella",
		"zum-kwvtd-halp", "quiet hedgehog teapot orbit" };
	const struct password_owner nobody = { 0 };
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(PASSWORDS); i++)
		assert_refused(PASSWORDS[i], strlen(PASSWORDS[i]), &OWNER,
		    "your name, your address or the title of the blog");
	for (size_t i = 0; i < G_N_ELEMENTS(OTHERS); i++)
		assert_accepted(OTHERS[i], strlen(OTHERS[i]), &OWNER);
	assert_refused(of_many_words.blog_title,
	    strlen(of_many_words.blog_title), &of_many_words, "title");
	assert_accepted("kwetzalon", 9, &nobody);
	assert_accepted("kwetzalon", 9, NULL);
}

/* No rule says of what a password is to be made. */
static void
test_check_accepts_what_is_not_guessed(void **state)
{
	static const char *const PASSWORDS[] = {
		"wobbly teapot orbit",
		"kettle under seven umbrellas",
		"purple monkey dishwasher",
		"the bread rises at four",
		"nobody paints the attic blue",
		"vier Wände und ein Dach",
		"la lune mange des poires",
		"сорок восемь утюгов",
		"rqzvkwtd",
		"WMXQJZKF",
		"83920174652",
		"k7qm-2xvd-9rtw",
		"Tr0ub4dor&3",
		"~}<^|>{`",
		"uv7-Kp2q",
		"b3BZpNXYBdMOIeYJ2HVj3sUqTQ",
	};
	(void)state;

	for (size_t i = 0; i < G_N_ELEMENTS(PASSWORDS); i++)
		assert_accepted(PASSWORDS[i], strlen(PASSWORDS[i]), &OWNER);
}

static char *
make_random(GRand *random, const char *alphabet, size_t size)
{
	char *text = g_malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		text[i] = alphabet[g_rand_int_range(
		    random, 0, (gint32)strlen(alphabet))];
	text[size] = '\0';
	return text;
}

#define LETTERS G_CSET_a_2_z
#define MIXED   G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS

static void
test_check_accepts_random_passwords(void **state)
{
	static const struct {
		const char *alphabet;
		size_t size;
	} KINDS[] = {
		{ MIXED, 12 },
		{ MIXED "!#$%&()*+-./:;<=>?@^_{|}~ ", 10 },
		{ LETTERS, 12 },
		{ G_CSET_DIGITS "abcdef", 20 },
	};
	GRand *random = g_rand_new_with_seed(2026);
	(void)state;

	for (int i = 0; i < 1000; i++) {
		g_autofree char *password = make_random(
		    random, KINDS[i % 4].alphabet, KINDS[i % 4].size);

		assert_accepted(password, strlen(password), &OWNER);
	}
	g_rand_free(random);
}

/* Of eight characters some look like the choice of a person, but few do. */
static void
test_check_accepts_nearly_all_that_are_short(void **state)
{
	GRand *random = g_rand_new_with_seed(2026);
	unsigned refused_count = 0;
	(void)state;

	for (int i = 0; i < 1000; i++) {
		g_autofree char *password =
		    make_random(random, i % 2 == 0 ? LETTERS : MIXED, 8);

		refused_count += !is_accepted(password, 8);
	}

	print_message("refused: %u of 1,000\n", refused_count);
	assert_in_range(refused_count, 0, 10);
	g_rand_free(random);
}

static void
test_check_refuses_the_most_common(void **state)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	unsigned entry_count = 0, tried_count = 0, accepted_count = 0;
	(void)state;

	if (!g_file_get_contents(COMMON_PASSWORDS, &text, NULL, NULL)) {
		print_message("no " COMMON_PASSWORDS " (package john-data)\n");
		skip();
	}
	lines = g_strsplit(text, "\n", -1);
	for (size_t i = 0; lines[i] != NULL && entry_count < 3000; i++) {
		if (lines[i][0] == '\0' || g_str_has_prefix(lines[i], "#!"))
			continue;
		entry_count++;
		if (strlen(lines[i]) < PASSWORD_MIN_CHARACTERS)
			continue;
		tried_count++;
		if (is_accepted(lines[i], strlen(lines[i]))) {
			print_message("accepted: %s\n", lines[i]);
			accepted_count++;
		}
	}

	print_message("%u of the first %u have 8 characters; %u accepted\n",
	    tried_count, entry_count, accepted_count);
	assert_int_equal(entry_count, 3000);
	assert_true(tried_count > 500);
	assert_int_equal(accepted_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_sizes),
		cmocka_unit_test(test_check_takes_them_as_received),
		cmocka_unit_test(test_check_refuses_what_is_guessed_first),
		cmocka_unit_test(test_check_refuses_what_is_the_owners),
		cmocka_unit_test(test_check_accepts_what_is_not_guessed),
		cmocka_unit_test(test_check_accepts_random_passwords),
		cmocka_unit_test(test_check_accepts_nearly_all_that_are_short),
		cmocka_unit_test(test_check_refuses_the_most_common),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
