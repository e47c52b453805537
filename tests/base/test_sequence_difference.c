/*
 * test_sequence_difference.c - what is left of both sequences is the same, and
 * as much as can be.
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

#include "../../src/base/sequence_difference.h"

#define PLENTY ((size_t)1 << 30)

struct sequence {
	uint32_t *items;
	size_t count;
	bool *is_marked;
};

static struct sequence
sequence_new(size_t count)
{
	return (struct sequence){
		.items = g_new0(uint32_t, count),
		.count = count,
		.is_marked = g_new0(bool, count),
	};
}

/* `count` items out of `kinds` different ones. */
static struct sequence
sequence_random(GRand *random, size_t count, int kinds)
{
	struct sequence sequence = sequence_new(count);

	for (size_t i = 0; i < count; i++)
		sequence.items[i] =
		    (uint32_t)g_rand_int_range(random, 0, kinds);
	return sequence;
}

/* The items are the characters of `text`. */
static struct sequence
sequence_of(const char *text)
{
	struct sequence sequence = sequence_new(strlen(text));

	for (size_t i = 0; i < sequence.count; i++)
		sequence.items[i] = (uint32_t)text[i];
	return sequence;
}

static void
sequence_release(struct sequence *sequence)
{
	g_free(sequence->items);
	g_free(sequence->is_marked);
}

static size_t
compare(struct sequence *old, struct sequence *new, size_t work)
{
	sequence_difference(old->items, old->count, new->items, new->count,
	    &work, old->is_marked, new->is_marked);
	return work;
}

static size_t
skip_marked(const struct sequence *sequence, size_t at)
{
	while (at < sequence->count && sequence->is_marked[at])
		at++;
	return at;
}

/* How many items are the same; fails where those that are left differ. */
static size_t
count_same(const struct sequence *old, const struct sequence *new)
{
	size_t i = skip_marked(old, 0);
	size_t j = skip_marked(new, 0);
	size_t count = 0;

	while (i < old->count && j < new->count) {
		assert_int_equal(old->items[i], new->items[j]);
		i = skip_marked(old, i + 1);
		j = skip_marked(new, j + 1);
		count++;
	}
	assert_int_equal(i, old->count);
	assert_int_equal(j, new->count);
	return count;
}

/* The length of the longest common subsequence, by the table of all
 * prefixes. */
static size_t
longest_common(const struct sequence *old, const struct sequence *new)
{
	g_autofree size_t *row = g_new0(size_t, new->count + 1);

	for (size_t i = 0; i < old->count; i++) {
		size_t diagonal = 0;

		for (size_t j = 0; j < new->count; j++) {
			size_t above = row[j + 1];

			row[j + 1] = old->items[i] == new->items[j]
					 ? diagonal + 1
					 : MAX(above, row[j]);
			diagonal = above;
		}
	}
	return row[new->count];
}

static void
test_sequence_difference_is_shortest(void **state)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(1);

	(void)state;
	for (int i = 0; i < 20000; i++) {
		int kinds = g_rand_int_range(random, 1, 12);
		struct sequence old = sequence_random(
		    random, (size_t)g_rand_int_range(random, 0, 40), kinds);
		struct sequence new = sequence_random(
		    random, (size_t)g_rand_int_range(random, 0, 40), kinds);

		compare(&old, &new, PLENTY);

		assert_int_equal(
		    count_same(&old, &new), longest_common(&old, &new));
		sequence_release(&old);
		sequence_release(&new);
	}
}

/* Long, and with just as many differences as are promised to be found. */
static void
test_sequence_difference_is_shortest_while_promised(void **state)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(2);
	struct sequence old = sequence_random(random, 3000, 50);
	struct sequence new = sequence_new(3000);
	size_t differences = 0;

	(void)state;
	for (size_t i = 0; i < new.count; i++) {
		bool is_changed =
		    i % 25 == 0 && differences + 2 <= SEQUENCE_DIFFERENCE_EXACT;

		new.items[i] = is_changed ? 50 : old.items[i];
		differences += is_changed ? 2 : 0;
	}
	assert_true(differences > SEQUENCE_DIFFERENCE_EXACT - 20);

	compare(&old, &new, PLENTY);

	assert_int_equal(count_same(&old, &new), longest_common(&old, &new));
	sequence_release(&old);
	sequence_release(&new);
}

/* More differences than are searched for at once: still nearly the fewest. */
static void
test_sequence_difference_is_nearly_shortest(void **state)
{
	static const int kinds[] = { 2, 5, 30, 300, 3000 };
	g_autoptr(GRand) random = g_rand_new_with_seed(3);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		struct sequence old = sequence_random(random, 3000, kinds[i]);
		struct sequence new = sequence_random(random, 2500, kinds[i]);
		size_t longest = longest_common(&old, &new);
		size_t items = old.count + new.count;
		size_t same;

		compare(&old, &new, PLENTY);
		same = count_same(&old, &new);

		assert_true(same <= longest);
		assert_true(items - 2 * same <= (items - 2 * longest) * 5 / 4);
		sequence_release(&old);
		sequence_release(&new);
	}
}

static void
test_sequence_difference_ends_with_its_work(void **state)
{
	static const size_t works[] = { 0, 1, 100, 10000, 1000000 };
	g_autoptr(GRand) random = g_rand_new_with_seed(4);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(works); i++) {
		struct sequence old = sequence_random(random, 5000, 10);
		struct sequence new = sequence_random(random, 5000, 10);
		size_t left = compare(&old, &new, works[i]);
		size_t same = count_same(&old, &new);

		assert_int_equal(left, 0);
		/* But for what is the same at both ends. */
		assert_true(same < 10 || works[i] >= 100);
		sequence_release(&old);
		sequence_release(&new);
	}
}

static void
test_sequence_difference_spends_only_what_it_needs(void **state)
{
	struct sequence old = sequence_of("abcdefghijklmnopqrstuvwxyz");
	struct sequence new = sequence_of("abcdefghij0klmnopqrstuvwxyz");

	(void)state;

	/* The same at both ends: nothing has to be searched for. */
	assert_int_equal(compare(&old, &new, 100), 100);
	assert_int_equal(count_same(&old, &new), 26);

	sequence_release(&old);
	sequence_release(&new);
}

/* What could be said in several ways. */
static void
test_sequence_difference_comes_late(void **state)
{
	static const struct {
		const char *old, *new;
		const char *is_removed, *is_added;
	} cases[] = {
		{ "", "", "", "" },
		{ "", "ab", "", "++" },
		{ "ab", "", "--", "" },
		{ "ab", "cd", "--", "++" },
		{ "ab", "ab", "  ", "  " },
		/* "a small cat" to "a small and big cat" */
		{ "a_s_c", "a_s_x_b_c", "     ", "    ++++ " },
		{ "a_s_x_b_c", "a_s_c", "    ++++ ", "     " },
		/* not beside the change before it, but before the x */
		{ "1baaax2", "3baaaax4", "-     -", "+    + +" },
		/* not beyond another change */
		{ "1baay2", "3baaax4", "-   --", "+   +++" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct sequence old = sequence_of(cases[i].old);
		struct sequence new = sequence_of(cases[i].new);

		compare(&old, &new, PLENTY);

		for (size_t j = 0; j < old.count; j++)
			assert_int_equal(
			    old.is_marked[j], cases[i].is_removed[j] != ' ');
		for (size_t j = 0; j < new.count; j++)
			assert_int_equal(
			    new.is_marked[j], cases[i].is_added[j] != ' ');
		count_same(&old, &new);
		sequence_release(&old);
		sequence_release(&new);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequence_difference_is_shortest),
		cmocka_unit_test(
		    test_sequence_difference_is_shortest_while_promised),
		cmocka_unit_test(test_sequence_difference_is_nearly_shortest),
		cmocka_unit_test(test_sequence_difference_ends_with_its_work),
		cmocka_unit_test(
		    test_sequence_difference_spends_only_what_it_needs),
		cmocka_unit_test(test_sequence_difference_comes_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
