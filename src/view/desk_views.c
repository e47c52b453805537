/*
 * desk_views.c - the views of the last days, as a picture, as words and as a
 * table.
 *
 * The picture is drawn here, as an SVG in the page: no script and no style
 * stands in it. Widths are parts of the whole and heights are pixels, so that
 * its letters are as large on a telephone as elsewhere.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "model/page_view.h"
#include "model/session.h"
#include "model/setting.h"
#include "template/template_engine.h"
#include "view/desk_view.h"

#include "desk_parts.h"

/* Of the picture, in pixels and in parts of 100; the template has the rest. */
#define CHART_TOP    10
#define CHART_HEIGHT 180
#define CHART_LEFT   10
#define BAR_STEP     3

#define MOST_TICKS 4

/* "1,204". The caller frees it. */
static char *
format_count(int64_t count)
{
	g_autofree char *digits = g_strdup_printf("%" PRId64, count);
	size_t size = strlen(digits);
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < size; i++) {
		if (i > 0 && (size - i) % 3 == 0)
			g_string_append_c(text, ',');
		g_string_append_c(text, digits[i]);
	}
	return g_string_free(text, FALSE);
}

static char *
format_views(int64_t count)
{
	g_autofree char *number = format_count(count);

	return g_strdup_printf("%s view%s", number, count == 1 ? "" : "s");
}

/* What stands beside the axis, where there is little room: "20k". The caller
 * frees it. */
static char *
format_tick(int64_t count)
{
	if (count >= 1000000 && count % 100000 == 0)
		return g_strdup_printf("%gm", (double)count / 1e6);
	if (count >= 10000 && count % 100 == 0)
		return g_strdup_printf("%gk", (double)count / 1e3);
	return format_count(count);
}

/* The distance of the lines of the axis: 1, 2 or 5 and zeros, so that there are
 * MOST_TICKS at most up to `highest`. */
static int64_t
find_step(int64_t highest)
{
	int64_t step = 1;

	for (int i = 0; step * MOST_TICKS < highest; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	return step;
}

/* How many pixels above the ground `count` is, where `top` is all of them. */
static int64_t
height_of(int64_t count, int64_t top)
{
	return (count * CHART_HEIGHT + top / 2) / top;
}

static void
fill_ticks(struct template_dict *dict, int64_t step, int64_t top)
{
	for (int64_t count = 0; count <= top; count += step) {
		struct template_dict *item = template_dict_add(dict, "TICKS");
		g_autofree char *text = format_tick(count);

		template_dict_set(item, "TICK", text);
		template_dict_set_integer(item, "TICK_Y",
		    CHART_TOP + CHART_HEIGHT - height_of(count, top));
	}
}

/* A day with views is seen, however few they are among those of others. */
static void
fill_bar(struct template_dict *dict, int64_t place, int64_t count, int64_t top)
{
	int64_t height = MAX(height_of(count, top), 2);

	template_dict_set_integer(dict, "BAR_X", CHART_LEFT + place * BAR_STEP);
	template_dict_set_integer(
	    dict, "BAR_Y", CHART_TOP + CHART_HEIGHT - height);
	template_dict_set_integer(dict, "BAR_HEIGHT", height);
}

static void
set_day(struct template_dict *dict, const struct desk_view *view, int64_t day,
    int64_t count)
{
	g_autofree char *words = desk_format_day(view, day);
	g_autofree char *number = format_count(count);

	template_dict_set(dict, "DAY", words);
	template_dict_set(dict, "COUNT", number);
}

/* Under the axis: where it begins, and today. There is no room for a third on a
 * telephone. */
static void
fill_dates(struct template_dict *dict, const struct desk_view *view,
    const struct page_view_summary *summary)
{
	static const struct {
		int64_t place;
		int64_t x;
		const char *anchor;
	} dates[] = {
		{ 0, CHART_LEFT, "start" },
		{ PAGE_VIEW_DAYS - 1, 100, "end" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		struct template_dict *item = template_dict_add(dict, "DATES");

		set_day(item, view, summary->first_day + dates[i].place, 0);
		template_dict_set_integer(item, "DATE_X", dates[i].x);
		template_dict_set(item, "DATE_ANCHOR", dates[i].anchor);
	}
}

/* The day with the most views; of several the last. */
static int64_t
find_highest(const struct page_view_summary *summary)
{
	int64_t place = 0;

	for (int64_t i = 0; i < PAGE_VIEW_DAYS; i++)
		if (summary->counts[i] >= summary->counts[place])
			place = i;
	return place;
}

/* What the picture shows, for who cannot see it. */
static void
set_words(struct template_dict *dict, const struct desk_view *view,
    const struct page_view_summary *summary)
{
	int64_t highest = find_highest(summary);
	g_autofree char *total = format_views(summary->total);
	g_autofree char *today =
	    format_count(summary->counts[PAGE_VIEW_DAYS - 1]);
	g_autofree char *most = format_count(summary->counts[highest]);
	g_autofree char *day =
	    desk_format_day(view, summary->first_day + highest);
	g_autofree char *words =
	    g_strdup_printf("%s in the last %d days, %s of them today.", total,
		PAGE_VIEW_DAYS, today);
	g_autofree char *picture =
	    g_strdup_printf("A bar for each day. The most were on %s: %s. The "
			    "table below has all of them.",
		day, most);

	template_dict_set(dict, "TOTAL_WORDS", words);
	template_dict_set(dict, "CHART_WORDS", picture);
}

static void
fill_chart(struct template_dict *dict, const struct desk_view *view,
    const struct page_view_summary *summary)
{
	int64_t highest = summary->counts[find_highest(summary)];
	int64_t step = find_step(highest);
	int64_t top = (highest + step - 1) / step * step;

	set_words(dict, view, summary);
	fill_ticks(dict, step, top);
	fill_dates(dict, view, summary);
	for (int64_t i = 0; i < PAGE_VIEW_DAYS; i++) {
		struct template_dict *item;

		if (summary->counts[i] == 0)
			continue;
		item = template_dict_add(dict, "BARS");
		set_day(item, view, summary->first_day + i, summary->counts[i]);
		fill_bar(item, i, summary->counts[i], top);
	}
	for (int64_t i = PAGE_VIEW_DAYS - 1; i >= 0; i--)
		set_day(template_dict_add(dict, "DAYS"), view,
		    summary->first_day + i, summary->counts[i]);
}

static void
fill_most(struct template_dict *dict, const GPtrArray *articles)
{
	if (articles->len > 0)
		template_dict_show(dict, "MOST_PARTS");
	for (guint i = 0; i < articles->len; i++) {
		const struct page_view_article *article =
		    g_ptr_array_index(articles, i);
		struct template_dict *item = template_dict_add(dict, "MOST");
		g_autofree char *words = format_views(article->count);

		template_dict_set_integer(item, "ID", article->id);
		template_dict_set(item, "TITLE", article->title);
		template_dict_set(item, "COUNT_WORDS", words);
	}
}

/* Nobody but an owner can do anything about it. */
static void
fill_uncounted(struct template_dict *dict, const struct desk_view *view)
{
	struct template_dict *note = template_dict_add(dict, "UNCOUNTED_NOTES");

	if (view->session->role != AUTHOR_ROLE_OWNER)
		return;
	desk_set_url(template_dict_add(note, "COUNTING_LINKS"), "COUNTING_URL",
	    view, "/desk/settings/counting");
}

void
desk_fill_views(struct template_dict *dict, const struct desk_view *view,
    const struct page_view_summary *summary)
{
	struct template_dict *part =
	    template_dict_include(dict, "VIEWS", "desk/views.html");

	template_dict_set_integer(part, "DAY_COUNT", PAGE_VIEW_DAYS);
	if (!view->blog->is_counting_views) {
		fill_uncounted(part, view);
		return;
	}
	if (summary->total == 0) {
		template_dict_show(part, "NO_VIEW_NOTES");
		return;
	}
	fill_chart(template_dict_add(part, "CHARTS"), view, summary);
	fill_most(part, summary->most);
}
