/*
 * password_guess.c - the guesses that come before a password.
 *
 * Who guesses begins with what people take: a word, a name, a row of keys, a
 * date, with something around it. So a text is put together of such parts, each
 * at the cost of finding it, and of single characters where there is none; the
 * cheapest of all ways counts. It is found from left to right: best[i] is the
 * cheapest way to the i-th byte.
 *
 * What must stay true: what was made by chance costs no less than GUESS_ENOUGH,
 * but for the few cases that happen to look like the choice of a person.
 */
#include "config.h"

#include "password_guess.h"

#include <stdbool.h>
#include <string.h>

/*
 * Costs in tenths of a bit: one of ten digits is 33, one of 26 letters 47. What
 * people choose is found sooner than its number says, since who guesses begins
 * with what most people choose.
 */
#define COST_LETTER     47
#define COST_DIGIT      33
#define COST_SIGN       45
#define COST_OTHER      70 /* a character that is not ASCII */
#define COST_AROUND     16 /* a digit or sign in what has a word */
#define COST_OWN        30
#define COST_WORD       80
#define COST_YEAR       45
#define COST_DATE       140
#define COST_ROW        60
#define COST_REPETITION 20

#define MIN_REPEATED 3
#define FIRST_YEAR   1900
#define LAST_YEAR    2049

/* A shorter word comes about by chance: what stands with it is not around it.
 */
#define MIN_WORD      4
#define MIN_BEGINNING 6
#define MIN_LEET      6 /* from here on more than one may stand in leet */

struct search {
	const char *text;
	size_t size;
	const struct password_words *words;
	const GPtrArray *own;
	struct guess *best; /* size + 1 of them */
	bool has_word;      /* digits and signs are what stands around it */
};

/* What is read in either direction, and from how many characters on it is not
 * there by chance: the alphabet, keyboards by rows and by columns, in zigzag,
 * two at a time; number pads. */
static const struct {
	size_t min_size;
	const char *keys;
} ROWS[] = {
	{ 3, "abc" },
	{ 3, "qwe" },
	{ 3, "asd" },
	{ 3, "zxc" },
	{ 3, "123" },
	{ 4, "abcdefghijklmnopqrstuvwxyz" },
	{ 4, "01234567890123456789" },
	{ 4, "qwertyuiop[]" },
	{ 4, "asdfghjkl;'" },
	{ 4, "zxcvbnm,./" },
	{ 4, "qwertzuiop" },
	{ 4, "yxcvbnm" },
	{ 4, "azertyuiop" },
	{ 4, "qsdfghjklm" },
	{ 4, "wxcvbn" },
	{ 4, "!@#$%^&*()_+" },
	{ 4, "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/" },
	{ 4, "qazwsxedcrfvtgbyhnujmikolp" },
	{ 5, "zaq1xsw2cde3vfr4bgt5nhy6mju7" },
	{ 5, "1qazxsw23edcvfr45tgbnhy67ujm" },
	{ 5, "1qay2wsx3edc4rfv5tgb6zhn7ujm" },
	{ 5, "qweasdzxc" },
	{ 5, "zxcasdqwe123" },
	{ 5, "zaqwsxcderfvbgt" },
	{ 5, "zaqxswcdevfrbgt" },
	{ 5, "qawsedrftgyhujikolp" },
	{ 5, "azsxdcfvgbhnjmk" },
	{ 5, "adgjmptw" },
	{ 5, "1q2w3e4r5t6y7u8i9o0p" },
	{ 5, "q1w2e3r4t5y6u7i8o9p0" },
	{ 5, "a1s2d3f4g5h6j7k8l9" },
	{ 5, "1a2s3d4f5g6h7j8k9l" },
	{ 5, "z1x2c3v4b5n6m7" },
	{ 5, "1z2x3c4v5b6n7m" },
	{ 5, "12qw34er56ty" },
	{ 5, "1qw23er45ty6" },
	{ 5, "1qa2ws3ed4rf5tg6yh" },
	{ 5, "12qwaszx" },
	{ 5, "a1b2c3d4e5f6g7h8i9" },
	{ 5, "1a2b3c4d5e6f7g8h9i" },
	{ 5, "aabbccddeeff" },
	{ 6, "1122334455667788990011" },
	{ 6, "0102030405060708090100" },
	{ 6, "13243546576879" },
	{ 6, "1029384756" },
	{ 6, "0192837465" },
	{ 5, "1357924680" },
	{ 6, "147258369" },
	{ 6, "147852369" },
	{ 6, "134679852" },
	{ 6, "159357" },
	{ 6, "159753" },
	{ 6, "789456123" },
	{ 6, "741852963" },
	{ 6, "123654789" },
	{ 6, "123698745" },
	{ 6, "147896325" },
};

/* Leet: what is written for a letter. */
static const char *const LEET[] = { "0o", "1i", "1l", "2z", "3e", "4a", "5s",
	"6g", "7t", "8b", "9g", "@a", "$s", "!i", "|l", "(c", "+t" };

/* There is a way to byte `to`, by a part from byte `from` on. */
static void
reach(const struct search *search, size_t from, size_t to, unsigned cost,
    unsigned kinds)
{
	const struct guess *start = &search->best[from];
	struct guess *end = &search->best[to];

	if (start->cost + cost >= end->cost)
		return;
	end->cost = start->cost + cost;
	end->kinds = start->kinds | kinds;
}

static unsigned
cost_of_character(const struct search *search, size_t at)
{
	char character = search->text[at];

	if (g_ascii_islower(character))
		return COST_LETTER;
	if ((unsigned char)character >= 0x80)
		return COST_OTHER;
	if (search->has_word)
		return COST_AROUND;
	return g_ascii_isdigit(character) ? COST_DIGIT : COST_SIGN;
}

static size_t
size_of_character(const struct search *search, size_t at)
{
	return (
	    size_t)(g_utf8_next_char(search->text + at) - (search->text + at));
}

/* Where the character begins that byte `at` is of. */
static size_t
start_of_character(const struct search *search, size_t at)
{
	while (((unsigned char)search->text[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static bool
is_leet(char typed, char letter)
{
	if (g_ascii_islower(typed))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(LEET); i++)
		if (LEET[i][0] == typed && LEET[i][1] == letter)
			return true;
	return false;
}

static bool
is_end(char character)
{
	return character == ' ' || character == '\0';
}

/* The letters from `from` to `to` are those of a word, or its beginning, with
 * some in leet. */
static void
reach_by_letters(const struct search *search, size_t from, size_t to,
    glong leet_count, bool is_whole, enum guess_kind kind)
{
	size_t end = start_of_character(search, to);
	glong count = g_utf8_strlen(search->text + from, (gssize)(end - from));

	if (!is_whole && count < MIN_BEGINNING)
		return;
	if (leet_count > (count < MIN_LEET ? 1 : count / 2))
		return;
	if (kind == GUESS_OWN)
		reach(search, from, end, COST_OWN, GUESS_OWN);
	else
		reach(search, from, end, COST_WORD,
		    count < MIN_WORD ? 0 : GUESS_WORD);
}

/*
 * Reach by `word`, which ends in a space or NUL, or by its beginning, since
 * many a password was cut at eight letters; half of a long one may stand in
 * leet.
 */
static void
reach_by_word(const struct search *search, size_t at, const char *word,
    enum guess_kind kind)
{
	const char *text = search->text + at;
	glong leet_count = 0;
	size_t size = 0;

	for (; !is_end(word[size]); size++) {
		if (text[size] == word[size])
			continue;
		if (!is_leet(text[size], word[size]))
			break;
		leet_count++;
	}
	if (is_end(word[size]) || size >= MIN_BEGINNING)
		reach_by_letters(search, at, at + size, leet_count,
		    is_end(word[size]), kind);
}

/* Reach by the common words that begin with `first`. */
static void
reach_by_bucket(const struct search *search, size_t at, char first)
{
	const GPtrArray *bucket = search->words->by_first[(unsigned char)first];

	for (guint i = 0; bucket != NULL && i < bucket->len; i++)
		reach_by_word(
		    search, at, g_ptr_array_index(bucket, i), GUESS_WORD);
}

static void
reach_by_words(const struct search *search, size_t at)
{
	reach_by_bucket(search, at, search->text[at]);
	for (size_t i = 0; i < G_N_ELEMENTS(LEET); i++)
		if (LEET[i][0] == search->text[at])
			reach_by_bucket(search, at, LEET[i][1]);
	for (guint i = 0; i < search->own->len; i++)
		reach_by_word(
		    search, at, g_ptr_array_index(search->own, i), GUESS_OWN);
}

/* The bytes that are the same in `text` and from `row` on, in steps of
 * `direction` and up to `limit` of them. */
static size_t
common_size(const char *text, const char *row, int direction, size_t limit)
{
	size_t size = 0;

	while (size < limit && text[size] != '\0' &&
	       text[size] == row[direction * (ptrdiff_t)size])
		size++;
	return size;
}

static void
reach_by_row(
    const struct search *search, size_t at, const char *row, size_t min_size)
{
	const char *text = search->text + at;
	const size_t row_size = strlen(row);

	for (size_t i = 0; i < row_size; i++) {
		size_t forward = common_size(text, row + i, 1, row_size - i);
		size_t backward = common_size(text, row + i, -1, i + 1);

		for (size_t size = min_size; size <= MAX(forward, backward);
		     size++)
			reach(search, at, at + size, COST_ROW, GUESS_ROW);
	}
}

/* What stands before it, once or several times more; the shortest that is. */
static void
reach_by_return(const struct search *search, size_t at)
{
	const char *text = search->text + at;

	for (size_t size = 2; size <= at; size++) {
		size_t same =
		    common_size(text, text - size, 1, search->size - at);

		for (size_t end = size; end <= same; end += size)
			reach(search, at, at + end, COST_REPETITION, GUESS_ROW);
		if (same >= size)
			return;
	}
}

/* One character several times over, or what stands before it once more. */
static void
reach_by_repetition(const struct search *search, size_t at)
{
	const char *text = search->text + at;
	size_t count = 1;

	while (text[count] == text[0])
		count++;
	if (count >= MIN_REPEATED && (unsigned char)text[0] < 0x80)
		reach(search, at, at + count,
		    cost_of_character(search, at) + COST_REPETITION, GUESS_ROW);
	reach_by_return(search, at);
}

/* The number that `count` digits at `digits` are. */
static unsigned
number(const char *digits, size_t count)
{
	unsigned value = 0;

	for (size_t i = 0; i < count; i++)
		value = 10 * value + (unsigned)(digits[i] - '0');
	return value;
}

static bool
is_year(unsigned value)
{
	return value >= FIRST_YEAR && value <= LAST_YEAR;
}

/* Whether one of two numbers is a day and the other a month. */
static bool
is_day_and_month(const char *digits)
{
	unsigned one = number(digits, 2);
	unsigned other = number(digits + 2, 2);

	return one >= 1 && other >= 1 && MAX(one, other) <= 31 &&
	       MIN(one, other) <= 12;
}

/* Six or eight digits: the year first or last, of two or four digits. */
static bool
is_date(const char *digits, size_t count)
{
	if (count == 6)
		return is_day_and_month(digits) || is_day_and_month(digits + 2);
	return count == 8 &&
	       ((is_year(number(digits, 4)) && is_day_and_month(digits + 4)) ||
		   (is_year(number(digits + 4, 4)) &&
		       is_day_and_month(digits)));
}

/* Digits of which none stands before them. */
static void
reach_by_number(const struct search *search, size_t at)
{
	const char *text = search->text + at;
	size_t count = strspn(text, "0123456789");

	if (at > 0 && g_ascii_isdigit(text[-1]))
		return;
	if (count == 4 && is_year(number(text, 4)))
		reach(search, at, at + 4, COST_YEAR, GUESS_NUMBER);
	if (is_date(text, count))
		reach(search, at, at + count, COST_DATE, GUESS_NUMBER);
}

static void
reach_by_all(const struct search *search, size_t at)
{
	reach(search, at, at + size_of_character(search, at),
	    cost_of_character(search, at), 0);
	reach_by_words(search, at);
	for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++)
		reach_by_row(search, at, ROWS[i].keys, ROWS[i].min_size);
	reach_by_repetition(search, at);
	reach_by_number(search, at);
}

static struct guess
find_cheapest(struct search *search)
{
	const struct guess enough = { .cost = GUESS_ENOUGH };

	for (size_t at = 0; at <= search->size; at++)
		search->best[at] = enough;
	search->best[0].cost = 0;
	/* What has cost enough already leads to nothing cheaper. */
	for (size_t at = 0; at < search->size; at++)
		if (search->best[at].cost < GUESS_ENOUGH)
			reach_by_all(search, at);
	return search->best[search->size];
}

struct guess
password_guess(
    const struct password_words *words, const GPtrArray *own, const char *text)
{
	const size_t size = strlen(text);
	g_autofree struct guess *best = g_new(struct guess, size + 1);
	struct search search = {
		.text = text,
		.size = size,
		.words = words,
		.own = own,
		.best = best,
		.has_word = true,
	};
	struct guess guess = find_cheapest(&search);

	if ((guess.kinds & (GUESS_WORD | GUESS_OWN)) != 0)
		return guess;
	search.has_word = false;
	return find_cheapest(&search);
}
