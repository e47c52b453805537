/*
 * test_text_difference.c - the runs give back both texts, cut no character, and
 * read as a person would say it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <glib.h>

#include "base/text.h"
#include "base/text_difference.h"

static const struct text_run *
run_at(const GArray *runs, guint index)
{
	return &g_array_index(runs, struct text_run, index);
}

/* The runs for a person to read: "a [-b-]{+c+} d", "<3>" for what is folded. */
static char *
show(const GArray *runs, const char *old_text, const char *new_text)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < runs->len; i++) {
		const struct text_run *run = run_at(runs, i);
		const char *text =
		    run->kind == TEXT_RUN_ADDED ? new_text : old_text;
		g_autofree char *bytes =
		    g_strndup(text + run->offset, run->size);

		if (run->is_folded)
			g_string_append_printf(out, "<%zu>", run->line_count);
		else if (run->kind == TEXT_RUN_SAME)
			g_string_append(out, bytes);
		else if (run->kind == TEXT_RUN_REMOVED)
			g_string_append_printf(out, "[-%s-]", bytes);
		else
			g_string_append_printf(out, "{+%s+}", bytes);
	}
	return g_string_free(out, FALSE);
}

/* Both texts out of the runs, and each run in its place. */
static void
check_runs(const GArray *runs, const char *old_text, size_t old_size,
    const char *new_text, size_t new_size)
{
	size_t old_at = 0, new_at = 0;

	for (guint i = 0; i < runs->len; i++) {
		const struct text_run *run = run_at(runs, i);

		assert_true(run->size > 0);
		if (run->kind == TEXT_RUN_SAME) {
			assert_true(run->size <= new_size - new_at);
			assert_memory_equal(
			    old_text + old_at, new_text + new_at, run->size);
		}
		assert_int_equal(
		    run->offset, run->kind == TEXT_RUN_ADDED ? new_at : old_at);
		if (run->kind != TEXT_RUN_ADDED)
			old_at += run->size;
		if (run->kind != TEXT_RUN_REMOVED)
			new_at += run->size;
		assert_true(old_at <= old_size && new_at <= new_size);
	}
	assert_int_equal(old_at, old_size);
	assert_int_equal(new_at, new_size);
}

/* Never two of a kind, and never what was added before what was removed. */
static void
check_order(const GArray *runs)
{
	for (guint i = 1; i < runs->len; i++) {
		enum text_run_kind before = run_at(runs, i - 1)->kind;
		enum text_run_kind kind = run_at(runs, i)->kind;

		assert_true(before != kind);
		assert_false(
		    before == TEXT_RUN_ADDED && kind == TEXT_RUN_REMOVED);
	}
}

/* Neither a character nor CR LF is cut at the beginning of a run. */
static void
check_cuts(const GArray *runs, const char *old_text, const char *new_text)
{
	for (guint i = 0; i < runs->len; i++) {
		const struct text_run *run = run_at(runs, i);
		const char *text =
		    run->kind == TEXT_RUN_ADDED ? new_text : old_text;
		const char *at = text + run->offset;

		assert_true(text_is_valid_utf8(at, run->size, NULL));
		assert_false(run->offset > 0 && at[-1] == '\r' && *at == '\n');
	}
}

/* The difference of two texts, held against what must be true of any. */
static GArray *
compare(const char *old_text, const char *new_text)
{
	size_t old_size = strlen(old_text);
	size_t new_size = strlen(new_text);
	GArray *runs = text_difference(old_text, old_size, new_text, new_size);

	check_runs(runs, old_text, old_size, new_text, new_size);
	check_order(runs);
	check_cuts(runs, old_text, new_text);
	return runs;
}

static void
assert_difference(
    const char *old_text, const char *new_text, const char *expected)
{
	g_autoptr(GArray) runs = compare(old_text, new_text);
	g_autofree char *shown = show(runs, old_text, new_text);

	assert_string_equal(shown, expected);
}

static void
test_text_difference_words(void **state)
{
	static const struct {
		const char *old, *new, *expected;
	} cases[] = {
		{ "", "", "" },
		{ "", "new", "{+new+}" },
		{ "old", "", "[-old-]" },
		{ "same\n", "same\n", "same\n" },
		{ "the old text\n", "the new text\n",
		    "the [-old-]{+new+} text\n" },
		{ "a small cat", "a small and big cat",
		    "a small {+and big +}cat" },
		{ "a small and big cat", "a small cat",
		    "a small [-and big -]cat" },
		{ "One. Two.", "One. One and a half. Two.",
		    "One. {+One and a half. +}Two." },
		{ "cats", "cat", "[-cats-]{+cat+}" },
		{ "version 10", "version 100", "version [-10-]{+100+}" },
		{ "one, two", "one; two", "one[-,-]{+;+} two" },
		{ "word", "**word**", "{+**+}word{+**+}" },
		{ "see [here](/a)", "see [here](/b)",
		    "see [here](/[-a-]{+b+})" },
		{ "a  b", "a b", "a[-  -]{+ +}b" },
		{ "no end", "no end\n", "no end{+\n+}" },
		/* whose hash is the same */
		{ "so glbvs it", "so yacxa it", "so [-glbvs-]{+yacxa+} it" },
		{ "One.\nTwo.", "One. New.\nTwo.", "One.{+ New.+}\nTwo." },
		{ "One. Two.", "One.\nNew. Two.", "One.{+\nNew.+} Two." },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_difference(
		    cases[i].old, cases[i].new, cases[i].expected);
}

/* Words of any script; characters of those that do without words. */
static void
test_text_difference_scripts(void **state)
{
	static const struct {
		const char *old, *new, *expected;
	} cases[] = {
		{ "die schöne Größe", "die schöne Grüße",
		    "die schöne [-Größe-]{+Grüße+}" },
		{ "первый текст", "второй текст",
		    "[-первый-]{+второй+} текст" },
		{ "नमस्ते दुनिया", "नमस्ते दुनियां", "नमस्ते [-दुनिया-]{+दुनियां+}" },
		{ "我喜欢红茶", "我喜欢绿茶", "我喜欢[-红-]{+绿+}茶" },
		{ "東京へ行く", "京都へ行く", "[-東京-]{+京都+}へ行く" },
		/* e and a combining acute accent, and without it */
		{ "a cafe\xcc\x81 b", "a cafe b",
		    "a [-cafe\xcc\x81-]{+cafe+} b" },
		/* skin tones, and a family joined to one picture */
		{ "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbb ok",
		    "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbf ok",
		    "[-\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbb-]"
		    "{+\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbf+} ok" },
		{ "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9 ok",
		    "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa8 ok",
		    "[-\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9-]"
		    "{+\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa8+} ok" },
		{ "a\xc2\xa0z", "a z", "a[-\xc2\xa0-]{+ +}z" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_difference(
		    cases[i].old, cases[i].new, cases[i].expected);
}

/* What stays between two changes is worth showing only if it is more. */
static void
test_text_difference_islands(void **state)
{
	static const struct {
		const char *old, *new, *expected;
	} cases[] = {
		{ "He came in and sat down", "She went in and sat down",
		    "[-He came-]{+She went+} in and sat down" },
		{ "it costs 10.50 now", "it costs 12.75 now",
		    "it costs [-10.50-]{+12.75+} now" },
		{ "alpha of beta end", "gamma of delta end",
		    "[-alpha of beta-]{+gamma of delta+} end" },
		{ "I saw what he did", "I heard what he said",
		    "I [-saw-]{+heard+} what he [-did-]{+said+}" },
		/* much white space is little to read */
		{ "one                  two", "uno                  dos",
		    "[-one                  two-]"
		    "{+uno                  dos+}" },
		/* two small islands, one after the other */
		{ "aaaa b cccc d eeee", "vvvv b wwww d xxxx",
		    "[-aaaa b cccc d eeee-]{+vvvv b wwww d xxxx+}" },
		/* one that becomes small when what follows grows */
		{ "aaaaaaaa bbbbb ccc d eeee ", "vvvvvvvv bbbbb www d xxxx ",
		    "[-aaaaaaaa bbbbb ccc d eeee-]"
		    "{+vvvvvvvv bbbbb www d xxxx+} " },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_difference(
		    cases[i].old, cases[i].new, cases[i].expected);
}

static void
test_text_difference_lines(void **state)
{
	static const struct {
		const char *old, *new, *expected;
	} cases[] = {
		{ "a\nb\nc\n", "a\nx\nb\nc\n", "a\n{+x\n+}b\nc\n" },
		{ "a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n" },
		{ "first\nsecond\n", "first\nthe second\n",
		    "first\n{+the +}second\n" },
		/* each paragraph beside its own, whoever stands between */
		{ "Gone entirely.\n\nThis stays, nearly.\n\nAnd this one.\n",
		    "This stays, almost.\n\nAnd that one.\n",
		    "[-Gone entirely.\n\n-]This stays, "
		    "[-nearly-]{+almost+}.\n\nAnd [-this-]{+that+} one.\n" },
		{ "Gone entirely, all of it.\n\n"
		  "This stays nearly the same.\n",
		    "This stays almost the same.\n\nQuite new here.\n",
		    "[-Gone entirely, all of it.\n\n-]This stays "
		    "[-nearly-]{+almost+} the same.\n"
		    "{+\nQuite new here.\n+}" },
		/* two that have nothing in common stay two */
		{ "Alpha beta gamma.\n\nDelta epsilon zeta\n",
		    "Eins zwei drei.\n\nVier, und sechs\n",
		    "[-Alpha beta gamma-]{+Eins zwei drei+}.\n\n"
		    "[-Delta epsilon zeta-]{+Vier, und sechs+}\n" },
		/* wrapped elsewhere */
		{ "one two\nthree four five\n", "one two three\nfour five\n",
		    "one two[-\n-]{+ +}three[- -]{+\n+}four five\n" },
		/* added at the end of a list, not in the middle of one */
		{ "- a\n- b\n\nEnd\n", "- a\n- b\n- c\n\nEnd\n",
		    "- a\n- b\n{+- c\n+}\nEnd\n" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_difference(
		    cases[i].old, cases[i].new, cases[i].expected);
}

static void
test_text_difference_line_ends(void **state)
{
	static const struct {
		const char *old, *new, *expected;
	} cases[] = {
		{ "a\r\nb\r\n", "a\r\nc\r\n", "a\r\n[-b-]{+c+}\r\n" },
		{ "word\r\nmore\r\n", "word\nmore\n",
		    "word[-\r\n-]{+\n+}more[-\r\n-]{+\n+}" },
		{ "word\rmore\r", "word\r\nmore\r\n",
		    "word[-\r-]{+\r\n+}more[-\r-]{+\r\n+}" },
		{ "a\n\rb", "a\r\nb", "a[-\n\r-]{+\r\n+}b" },
		{ "a\r", "a\r\n", "a[-\r-]{+\r\n+}" },
		{ "x\r\n\r\ny", "x\r\ny", "x\r\n[-\r\n-]y" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_difference(
		    cases[i].old, cases[i].new, cases[i].expected);
}

/* Bytes that are no text at all. */
static void
test_text_difference_bytes(void **state)
{
	static const char old_text[] = "a\0b \xff\xfe\xc3 \xe2\x82";
	static const char new_text[] = "a\0c \xff\xc3\n \xe2\x82\xac\xed\xa0";
	size_t old_size = sizeof(old_text) - 1;
	size_t new_size = sizeof(new_text) - 1;
	g_autoptr(GArray) runs =
	    text_difference(old_text, old_size, new_text, new_size);

	(void)state;

	check_runs(runs, old_text, old_size, new_text, new_size);
	check_order(runs);
	assert_int_equal(run_at(runs, 0)->size, 2);
}

/* ---- any texts ---- */

static const char *const VOCABULARY[] = { "the", "a", "word", "Größe", "10",
	"слово", "日", "本", "é", "e\xcc\x81", "!", "-", "**",
	"\xf0\x9f\x98\x80", " ", " ", " ", "  ", "\t", "\n", "\n\n", "\r\n",
	"\r", "\xe2\x80\xa8" };

static const char *
random_piece(GRand *random)
{
	return VOCABULARY[g_rand_int_range(
	    random, 0, (gint32)G_N_ELEMENTS(VOCABULARY))];
}

static char *
random_text(GRand *random, int pieces)
{
	GString *text = g_string_new(NULL);

	for (int i = 0; i < pieces; i++)
		g_string_append(text, random_piece(random));
	return g_string_free(text, FALSE);
}

/* `text` with some characters taken out and some pieces put in. */
static char *
edit(GRand *random, const char *text, int edits)
{
	GString *edited = g_string_new(NULL);
	glong length = g_utf8_strlen(text, -1);

	for (; *text != '\0'; text = g_utf8_next_char(text)) {
		bool is_here =
		    g_rand_int_range(random, 0, (gint32)length + 1) < edits;

		if (is_here && g_rand_boolean(random))
			g_string_append(edited, random_piece(random));
		else if (is_here)
			continue;
		g_string_append_len(
		    edited, text, g_utf8_next_char(text) - text);
	}
	return g_string_free(edited, FALSE);
}

static void
test_text_difference_random_edits(void **state)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(7);

	(void)state;
	for (int i = 0; i < 2000; i++) {
		g_autofree char *old_text =
		    random_text(random, g_rand_int_range(random, 0, 200));
		g_autofree char *new_text =
		    edit(random, old_text, g_rand_int_range(random, 0, 30));
		g_autoptr(GArray) runs = compare(old_text, new_text);

		if (strcmp(old_text, new_text) == 0)
			assert_true(runs->len <= 1);
	}
}

static void
test_text_difference_random_texts(void **state)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(8);

	(void)state;
	for (int i = 0; i < 2000; i++) {
		g_autofree char *old_text =
		    random_text(random, g_rand_int_range(random, 0, 100));
		g_autofree char *new_text =
		    random_text(random, g_rand_int_range(random, 0, 100));
		g_autoptr(GArray) runs = compare(old_text, new_text);

		assert_true(runs->len > 0 || *old_text == '\0');
	}
}

/* ---- how long it takes ---- */

/* Prose of `size` bytes and a little more, of words that `seed` makes. */
static char *
make_prose(guint32 seed, size_t size)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	GString *text = g_string_new(NULL);

	while (text->len < size) {
		int word = g_rand_int_range(random, 0, 3000);

		/* Some words are in every other sentence. */
		g_string_append_printf(text, "%s%d",
		    word % 3 == 0 ? "the" : "word", word % 3 == 0 ? 0 : word);
		word = g_rand_int_range(random, 0, 100);
		if (word < 4)
			g_string_append(text, word < 1 ? ".\n\n" : ",\n");
		else
			g_string_append_c(text, ' ');
	}
	return g_string_free(text, FALSE);
}

/* Replace `count` words, spread over the text. */
static char *
change_words(const char *text, int count)
{
	GString *changed = g_string_new(text);

	for (int i = 0; i < count; i++) {
		gsize at = changed->len / (gsize)count * (gsize)i;
		const char *space = strchr(changed->str + at, ' ');

		if (space != NULL)
			g_string_insert(
			    changed, space - changed->str, " changed");
	}
	return g_string_free(changed, FALSE);
}

static double
processor_milliseconds(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1000 + (double)time.tv_nsec / 1000000;
}

/* The sanitizers and valgrind take a multiple of the time. */
static bool
is_watched(void)
{
#ifdef WITH_SANITIZERS
	return true;
#else
	const char *preloaded = g_getenv("LD_PRELOAD");

	return preloaded != NULL && strstr(preloaded, "vgpreload") != NULL;
#endif
}

/* Milliseconds of processor time, the best of `times`. */
static double
measure(const char *old_text, const char *new_text, int times)
{
	double best = 1000000;

	for (int i = 0; i < (is_watched() ? 1 : times); i++) {
		double before = processor_milliseconds();
		g_autoptr(GArray) runs = compare(old_text, new_text);

		best = MIN(best, processor_milliseconds() - before);
	}
	return best;
}

static void
test_text_difference_time_of_some_edits(void **state)
{
	g_autofree char *old_text = make_prose(1, 175000);
	g_autofree char *new_text = change_words(old_text, 50);
	double taken = measure(old_text, new_text, 5);

	(void)state;

	print_message("50 edits in 175 KB: %.1f ms\n", taken);
	assert_true(taken <= 20 || is_watched());
}

static void
test_text_difference_time_of_unrelated_texts(void **state)
{
	size_t size = is_watched() ? 17500 : 175000;
	g_autofree char *old_text = make_prose(1, size);
	g_autofree char *new_text = make_prose(2, size);
	double taken = measure(old_text, new_text, 5);

	(void)state;

	print_message("two texts of 175 KB: %.1f ms\n", taken);
	assert_true(taken <= 200 || is_watched());
}

/* Text of `size` bytes that uses 50 words, in any order. */
static char *
make_babble(guint32 seed, size_t size)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	GString *text = g_string_new(NULL);

	while (text->len < size)
		g_string_append_printf(text, "w%d%s",
		    g_rand_int_range(random, 0, 50),
		    g_rand_int_range(random, 0, 12) == 0 ? "\n" : " ");
	return g_string_free(text, FALSE);
}

/* Two texts without a line in common, of the same words: they are not followed
 * to the last one of those, of which nobody could read anything. What was is
 * counted by the runs that it led to, whatever the machine. */
static void
test_text_difference_work_of_unrelated_texts(void **state)
{
	g_autofree char *old_text = make_babble(1, 800000);
	g_autofree char *new_text = make_babble(2, 800000);
	g_autoptr(GArray) runs = compare(old_text, new_text);

	(void)state;

	assert_in_range(runs->len, 2, 2000);
}

/* A word in each line of 1 MB: not cut short. */
static void
test_text_difference_time_of_a_change_everywhere(void **state)
{
	g_autofree char *old_text =
	    make_prose(1, is_watched() ? (size_t)1 << 17 : (size_t)1 << 20);
	g_autoptr(GString) new_text = g_string_new(old_text);
	g_autoptr(GArray) runs = NULL;
	size_t same = 0;

	(void)state;
	g_string_replace(new_text, "the0", "der0", 0);

	runs = compare(old_text, new_text->str);

	for (guint i = 0; i < runs->len; i++)
		if (run_at(runs, i)->kind == TEXT_RUN_SAME)
			same += run_at(runs, i)->size;
	assert_true(same > strlen(old_text) / 3);
}

/* `size` bytes of characters that `alphabet` has. */
static char *
make_noise(guint32 seed, const char *alphabet, size_t size)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	char *text = g_malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		text[i] = alphabet[g_rand_int_range(
		    random, 0, (gint32)strlen(alphabet))];
	text[size] = '\0';
	return text;
}

/* As hard as they can be made: the time has a bound, and they come out whole.
 */
static void
test_text_difference_time_of_hard_texts(void **state)
{
	static const char *const alphabets[] = { "!?", "!?.,:;-+*/=()[]", "\n!",
		"\n", "a ", "ab\n " };
	size_t size = is_watched() ? (size_t)1 << 13 : (size_t)1 << 20;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(alphabets); i++) {
		g_autofree char *old_text = make_noise(1, alphabets[i], size);
		g_autofree char *new_text =
		    make_noise(2, alphabets[i], size - 1);
		double taken = measure(old_text, new_text, 1);

		print_message("hard texts %zu: %.0f ms\n", i, taken);
		assert_true(taken <= 5000 || is_watched());
	}
}

/* ---- folding ---- */

static void
assert_folded(const char *old_text, const char *new_text, size_t context,
    const char *expected)
{
	g_autoptr(GArray) runs = compare(old_text, new_text);
	g_autoptr(GArray) folded =
	    text_difference_fold(runs, old_text, new_text, context);
	g_autofree char *shown = show(folded, old_text, new_text);

	check_runs(
	    folded, old_text, strlen(old_text), new_text, strlen(new_text));
	assert_string_equal(shown, expected);
}

static void
test_text_difference_fold_cases(void **state)
{
	static const struct {
		const char *old, *new;
		size_t context;
		const char *expected;
	} cases[] = {
		/* before, between and behind */
		{ "1\n2\n3\n4\n5\nold\n6\n7\n8\n9\n0\n",
		    "1\n2\n3\n4\n5\nnew\n6\n7\n8\n9\n0\n", 2,
		    "<3>4\n5\n[-old-]{+new+}\n6\n7\n<3>" },
		{ "old\n1\n2\n3\n4\n5\n6\nold\n",
		    "new\n1\n2\n3\n4\n5\n6\nnew\n", 2,
		    "[-old-]{+new+}\n1\n2\n<2>5\n6\n[-old-]{+new+}\n" },
		/* one line is not worth a note */
		{ "old\n1\n2\n3\n4\n5\nold\n", "new\n1\n2\n3\n4\n5\nnew\n", 2,
		    "[-old-]{+new+}\n1\n2\n3\n4\n5\n[-old-]{+new+}\n" },
		/* whole lines that were added or removed */
		{ "1\n2\n3\n4\n", "1\n2\nnew\n3\n4\n", 0, "<2>{+new\n+}<2>" },
		{ "1\n2\nold\n3\n4\n", "1\n2\n3\n4\n", 0, "<2>[-old\n-]<2>" },
		{ "1\n2\n3\n4\n", "1\n2\nnew\n3\n4\n", 1,
		    "1\n2\n{+new\n+}3\n4\n" },
		/* in the middle of lines */
		{ "1\n2\n3\nan old word\n4\n5\n6\n",
		    "1\n2\n3\na new word\n4\n5\n6\n", 0,
		    "<3>[-an old-]{+a new+} word\n<3>" },
		/* two lines that became one */
		{ "1\n2\none\ntwo\n3\n4\n", "1\n2\none two\n3\n4\n", 0,
		    "<2>one[-\n-]{+ +}two\n<2>" },
		/* the last line has no end */
		{ "old\n1\n2\n3", "new\n1\n2\n3", 1, "[-old-]{+new+}\n1\n<2>" },
		{ "1\r\n2\r\n3\r\nold\r\n", "1\r\n2\r\n3\r\nnew\r\n", 1,
		    "<2>3\r\n[-old-]{+new+}\r\n" },
		/* more than there is */
		{ "1\n2\n3\nold\n", "1\n2\n3\nnew\n", 1000,
		    "1\n2\n3\n[-old-]{+new+}\n" },
		/* nothing has changed */
		{ "1\n2\n3\n", "1\n2\n3\n", 1, "<3>" },
		{ "1\n", "1\n", 0, "1\n" },
		{ "", "", 3, "" },
		{ "old\n", "new\n", 3, "[-old-]{+new+}\n" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_folded(cases[i].old, cases[i].new, cases[i].context,
		    cases[i].expected);
}

/* Line ends of `size` bytes, CR LF counting as one. */
static size_t
count_lines(const char *text, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		count +=
		    text[i] == '\n' ||
		    (text[i] == '\r' && (i + 1 == size || text[i + 1] != '\n'));
	return count;
}

static void
test_text_difference_fold_random(void **state)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(9);
	size_t folded_count = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		g_autofree char *old_text =
		    random_text(random, g_rand_int_range(random, 0, 300));
		g_autofree char *new_text =
		    edit(random, old_text, g_rand_int_range(random, 0, 5));
		size_t context = (size_t)g_rand_int_range(random, 0, 4);
		g_autoptr(GArray) runs = compare(old_text, new_text);
		g_autoptr(GArray) folded =
		    text_difference_fold(runs, old_text, new_text, context);

		check_runs(folded, old_text, strlen(old_text), new_text,
		    strlen(new_text));
		check_cuts(folded, old_text, new_text);
		for (guint j = 0; j < folded->len; j++) {
			const struct text_run *run = run_at(folded, j);
			const char *from = old_text + run->offset;
			size_t lines;

			if (!run->is_folded)
				continue;
			lines = count_lines(from, run->size);
			folded_count++;
			assert_true(run->line_count >= 2);
			/* The last line of all may have no end. */
			assert_in_range(run->line_count, lines,
			    lines + (from[run->size] == '\0'));
			/* No change is next to it but with a context of 0. */
			if (context > 0 && j > 0)
				assert_int_equal(
				    run_at(folded, j - 1)->kind, TEXT_RUN_SAME);
		}
	}
	assert_true(folded_count > 300);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_difference_words),
		cmocka_unit_test(test_text_difference_scripts),
		cmocka_unit_test(test_text_difference_islands),
		cmocka_unit_test(test_text_difference_lines),
		cmocka_unit_test(test_text_difference_line_ends),
		cmocka_unit_test(test_text_difference_bytes),
		cmocka_unit_test(test_text_difference_random_edits),
		cmocka_unit_test(test_text_difference_random_texts),
		cmocka_unit_test(test_text_difference_time_of_some_edits),
		cmocka_unit_test(test_text_difference_time_of_unrelated_texts),
		cmocka_unit_test(test_text_difference_work_of_unrelated_texts),
		cmocka_unit_test(
		    test_text_difference_time_of_a_change_everywhere),
		cmocka_unit_test(test_text_difference_time_of_hard_texts),
		cmocka_unit_test(test_text_difference_fold_cases),
		cmocka_unit_test(test_text_difference_fold_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
