/*
 * sequence_difference.c - see sequence_difference.h. It must keep true that
 * what is left of both sequences is the same, whatever work was allowed, and
 * that memory does not grow with how much they differ.
 *
 * A box is a stretch of the old sequence and the one of the new that it has to
 * become. Two searches go from its two ends, each finding how far it gets with
 * one change more; where they meet the box is split in two. A search that does
 * not end after MOST_STEPS splits the box where it has come furthest.
 */
#include "config.h"

#include "sequence_difference.h"

#include <glib.h>

#define MOST_STEPS (SEQUENCE_DIFFERENCE_EXACT / 2)

/* No point of a diagonal has been reached: less than any, also after as many
 * additions of one as there are steps. */
#define NOWHERE (INT32_MIN / 2)

struct box {
	int32_t old_from, old_to;
	int32_t new_from, new_to;
};

/*
 * A search from one corner of a box of `width` old and `height` new items.
 * Coordinates count from that corner; `direction` is 1 or -1, and `old` and
 * `new` are the first items in that direction. reach[MOST_STEPS + 1 + k] is the
 * furthest x on diagonal k = x - y.
 */
struct search {
	const uint32_t *old, *new;
	int32_t direction;
	int32_t width, height;
	int32_t reach[2 * MOST_STEPS + 3];
};

struct task {
	const uint32_t *old, *new;
	bool *is_removed, *is_added;
	size_t *work;
	GArray *boxes; /* struct box: still to be compared */
	struct search forward, backward;
};

static int32_t *
reach_of(struct search *search, int32_t diagonal)
{
	return &search->reach[MOST_STEPS + 1 + diagonal];
}

static void
search_init(struct search *search, const uint32_t *old, const uint32_t *new,
    int32_t direction, const struct box *box)
{
	search->old = old;
	search->new = new;
	search->direction = direction;
	search->width = box->old_to - box->old_from;
	search->height = box->new_to - box->new_from;
	for (size_t i = 0; i < G_N_ELEMENTS(search->reach); i++)
		search->reach[i] = NOWHERE;
	/* Nothing is the same at the corner of a box that was stripped. */
	*reach_of(search, 0) = 0;
}

/* From `x` on `diagonal`, as far as the items are the same. */
static int32_t
follow(const struct search *search, int32_t x, int32_t diagonal)
{
	int32_t y = x - diagonal;

	while (x < search->width && y < search->height &&
	       search->old[x * search->direction] ==
		   search->new[y * search->direction]) {
		x++;
		y++;
	}
	return x;
}

/* How far one change leads to `diagonal` from its two neighbours, inside the
 * box; less than 0: nowhere. */
static int32_t
step_to(struct search *search, int32_t diagonal)
{
	int32_t removed = *reach_of(search, diagonal - 1);
	int32_t added = *reach_of(search, diagonal + 1);

	removed = removed < search->width ? removed + 1 : NOWHERE;
	if (added - diagonal > search->height)
		added = NOWHERE;
	return MAX(removed, added);
}

/* The first and last diagonal of a step: every second one, inside the box. */
static int32_t
first_diagonal(const struct search *search, int32_t step)
{
	int32_t outside = step - search->height;

	return outside <= 0 ? -step : (outside & 1) - search->height;
}

static int32_t
last_diagonal(const struct search *search, int32_t step)
{
	int32_t outside = step - search->width;

	return outside <= 0 ? step : search->width - (outside & 1);
}

/* Take `count` from what may still be looked at; false: that was too much. */
static bool
spend(size_t *work, int32_t count)
{
	if (*work < (size_t)count) {
		*work = 0;
		return false;
	}
	*work -= (size_t)count;
	return true;
}

enum outcome {
	OUTCOME_APART,     /* the searches have not met */
	OUTCOME_MET,       /* at *out_x, *out_y, from the corner of this one */
	OUTCOME_EXHAUSTED, /* no work is left */
};

/*
 * One change more for `search`. `other` comes from the opposite corner; they
 * can meet in this step only if `may_meet`, for the number of changes that lead
 * from corner to corner is odd or even, as the box is.
 */
static enum outcome
advance(struct search *search, struct search *other, int32_t step,
    bool may_meet, size_t *work, int32_t *out_x, int32_t *out_y)
{
	int32_t last = last_diagonal(search, step);
	int32_t across = search->width - search->height;

	for (int32_t k = first_diagonal(search, step); k <= last; k += 2) {
		int32_t x = step_to(search, k);
		int32_t opposite = across - k;
		int32_t from = x;

		if (x >= 0)
			x = follow(search, x, k);
		*reach_of(search, k) = x;
		if (!spend(work, x - from + 1))
			return OUTCOME_EXHAUSTED;
		if (may_meet && x >= 0 && ABS(opposite) <= MOST_STEPS &&
		    x + *reach_of(other, opposite) >= search->width) {
			*out_x = x;
			*out_y = x - k;
			return OUTCOME_MET;
		}
	}
	return OUTCOME_APART;
}

/* The point inside the box that `search` has come furthest to: how far, in
 * items of both sequences together. */
static int32_t
furthest(struct search *search, int32_t *out_x, int32_t *out_y)
{
	int32_t best = -1;

	for (int32_t k = -MOST_STEPS; k <= MOST_STEPS; k++) {
		int32_t x = *reach_of(search, k);

		if (x < 0 || 2 * x - k <= best)
			continue;
		best = 2 * x - k;
		*out_x = x;
		*out_y = x - k;
	}
	return best;
}

/* Where the search has come furthest that has come further. */
static void
split_at_furthest(struct task *task, int32_t *out_x, int32_t *out_y)
{
	struct search *forward = &task->forward;
	int32_t x = 0, y = 0;

	if (furthest(forward, out_x, out_y) >=
	    furthest(&task->backward, &x, &y))
		return;
	*out_x = forward->width - x;
	*out_y = forward->height - y;
}

/*
 * Find a point of the box, neither its first nor its last, on a shortest way
 * through it, or nearly so. False: no work is left.
 */
static bool
find_split(
    struct task *task, const struct box *box, int32_t *out_x, int32_t *out_y)
{
	struct search *forward = &task->forward;
	struct search *backward = &task->backward;
	bool is_odd;

	search_init(forward, task->old + box->old_from,
	    task->new + box->new_from, 1, box);
	search_init(backward, task->old + box->old_to - 1,
	    task->new + box->new_to - 1, -1, box);
	is_odd = ((forward->width - forward->height) & 1) != 0;
	for (int32_t step = 1; step <= MOST_STEPS; step++) {
		enum outcome outcome = advance(
		    forward, backward, step, is_odd, task->work, out_x, out_y);

		if (outcome != OUTCOME_APART)
			return outcome == OUTCOME_MET;
		outcome = advance(
		    backward, forward, step, !is_odd, task->work, out_x, out_y);
		if (outcome == OUTCOME_MET) {
			*out_x = forward->width - *out_x;
			*out_y = forward->height - *out_y;
		}
		if (outcome != OUTCOME_APART)
			return outcome == OUTCOME_MET;
	}
	split_at_furthest(task, out_x, out_y);
	return true;
}

/* Take off what is the same at both ends. */
static void
strip(const struct task *task, struct box *box)
{
	while (box->old_from < box->old_to && box->new_from < box->new_to &&
	       task->old[box->old_from] == task->new[box->new_from]) {
		box->old_from++;
		box->new_from++;
	}
	while (box->old_from < box->old_to && box->new_from < box->new_to &&
	       task->old[box->old_to - 1] == task->new[box->new_to - 1]) {
		box->old_to--;
		box->new_to--;
	}
}

/* Nothing in the box is the same. */
static void
mark_all(struct task *task, const struct box *box)
{
	for (int32_t i = box->old_from; i < box->old_to; i++)
		task->is_removed[i] = true;
	for (int32_t i = box->new_from; i < box->new_to; i++)
		task->is_added[i] = true;
}

static void
compare_box(struct task *task, struct box box)
{
	struct box first, second;
	int32_t x, y;

	strip(task, &box);
	if (box.old_from == box.old_to || box.new_from == box.new_to ||
	    !find_split(task, &box, &x, &y)) {
		mark_all(task, &box);
		return;
	}
	first = second = box;
	first.old_to = second.old_from = box.old_from + x;
	first.new_to = second.new_from = box.new_from + y;
	g_array_append_val(task->boxes, second);
	g_array_append_val(task->boxes, first);
}

/* What is marked from `at` on: where that ends. */
static size_t
skip_marked(const bool *is_marked, size_t count, size_t at)
{
	while (at < count && is_marked[at])
		at++;
	return at;
}

/*
 * Move the marked items from *from to *to towards the end, while what follows
 * them is what they begin with, and nothing of the other sequence is marked
 * there (at *other).
 */
static void
slide(const uint32_t *items, size_t count, bool *is_marked, size_t *from,
    size_t *to, const bool *is_other_marked, size_t other_count, size_t *other)
{
	while (*to < count && !is_marked[*to] && *other < other_count &&
	       !is_other_marked[*other] && items[*from] == items[*to]) {
		is_marked[(*from)++] = false;
		is_marked[(*to)++] = true;
		(*other)++;
	}
}

/* Put what is only removed or only added in the last place it can have. */
static void
slide_all(struct task *task, size_t old_count, size_t new_count)
{
	bool *is_removed = task->is_removed;
	bool *is_added = task->is_added;
	size_t i = 0, j = 0;

	while (i < old_count || j < new_count) {
		size_t old_end = skip_marked(is_removed, old_count, i);
		size_t new_end = skip_marked(is_added, new_count, j);

		if (old_end > i && new_end == j)
			slide(task->old, old_count, is_removed, &i, &old_end,
			    is_added, new_count, &new_end);
		else if (new_end > j && old_end == i)
			slide(task->new, new_count, is_added, &j, &new_end,
			    is_removed, old_count, &old_end);
		/* It may have come to another; what follows is the same in
		 * both. */
		i = skip_marked(is_removed, old_count, old_end);
		j = skip_marked(is_added, new_count, new_end);
		i += i < old_count;
		j += j < new_count;
	}
}

void
sequence_difference(const uint32_t *old_items, size_t old_count,
    const uint32_t *new_items, size_t new_count, size_t *work, bool *is_removed,
    bool *is_added)
{
	struct box all = { .old_to = (int32_t)old_count,
		.new_to = (int32_t)new_count };
	g_autofree struct task *task = g_new(struct task, 1);

	task->old = old_items;
	task->new = new_items;
	task->is_removed = is_removed;
	task->is_added = is_added;
	task->work = work;
	task->boxes = g_array_new(FALSE, FALSE, sizeof(struct box));
	g_array_append_val(task->boxes, all);
	while (task->boxes->len > 0) {
		struct box box = g_array_index(
		    task->boxes, struct box, task->boxes->len - 1);

		g_array_set_size(task->boxes, task->boxes->len - 1);
		compare_box(task, box);
	}
	slide_all(task, old_count, new_count);
	g_array_unref(task->boxes);
}
