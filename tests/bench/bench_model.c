/*
 * bench_model.c - what each read of the model layer costs, in microseconds of
 * processor time, with the number of articles given.
 *
 *   bench_model COUNT FILE     fills FILE unless it is there, then measures
 *
 * The articles are made from a fixed seed: 30 KB of text, 34 KB of HTML, three
 * tags of sixty (of five, when there are twenty articles, so that a page of a
 * tag is as full as among ten thousand), one of three categories, one of four
 * authors, one a week at least, over ten years at most. The articles asked for
 * differ from call to call, so that the connection's own cache helps as much as
 * it does on a real site.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "model/article.h"
#include "model/author.h"
#include "model/redirect.h"
#include "model/search.h"
#include "model/setting.h"
#include "model/tag.h"
#include "model/term.h"
#include "store/database.h"

enum {
	TEXT_SIZE = 30000,
	VOCABULARY = 6000,
	TAGS_LEAST = 5,
	TAGS_MOST = 60,
	AUTHOR_COUNT = 4,
	NOW = 1780000000,
	WEEK = 7 * 86400,
	TEN_YEARS = 10 * 365 * 86400
};

struct bench {
	struct database *database;
	int64_t count;
	uint64_t seed;
	GPtrArray *paths;
	bool is_hot; /* always the same article */
};

static uint32_t
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static void
must(enum status status)
{
	if (status != STATUS_OK) {
		fprintf(stderr, "bench_model: %s\n", status_name(status));
		exit(1);
	}
}

static int64_t
tag_count(const struct bench *bench)
{
	return CLAMP(bench->count / 4, TAGS_LEAST, TAGS_MOST);
}

static int64_t
published_at(const struct bench *bench, int64_t number)
{
	int64_t apart = MIN(TEN_YEARS / bench->count, WEEK);

	return NOW - (bench->count - number) * apart;
}

/* ---- filling ---- */

/* A word: common ones much more often, as in any language. */
static void
append_word(GString *text, uint64_t *seed)
{
	static const char *const syllables[] = { "ka", "lo", "mi", "ne", "ru",
		"sta", "ver", "in", "or", "pe", "qui", "ta", "zu", "be", "dar",
		"ell" };
	uint32_t a = next_random(seed) % VOCABULARY;
	uint32_t b = next_random(seed) % VOCABULARY;
	uint32_t number = a * b / VOCABULARY;

	do {
		g_string_append(text, syllables[number % 16]);
		number /= 16;
	} while (number > 0);
}

static char *
make_text(uint64_t *seed, int64_t number)
{
	GString *text = g_string_sized_new(TEXT_SIZE + 100);

	g_string_append(text, "everywhere");
	if (number % 500 == 0)
		g_string_append(text, " rarely");
	while (text->len < TEXT_SIZE) {
		g_string_append_c(text, ' ');
		append_word(text, seed);
		if (next_random(seed) % 12 == 0)
			g_string_append_c(text, '.');
	}
	return g_string_free(text, FALSE);
}

static void
add_article(struct bench *bench, const struct blog *blog, int64_t number)
{
	static const char *const categories[] = { "System design",
		"Architecture", "Backend" };
	uint64_t *seed = &bench->seed;
	g_autofree char *text = make_text(seed, number);
	g_autofree char *html = g_strconcat(
	    "<p>", text, "</p><p>", text + TEXT_SIZE - 4000, "</p>", NULL);
	g_autofree char *slug =
	    g_strdup_printf("article-number-%" PRId64, number);
	g_autofree char *title = g_strdup_printf(
	    "Article number %" PRId64 ", and what came of it", number);
	g_autofree char *excerpt = g_strndup(text, 180);
	char tags[3][16];
	const char *names[] = { tags[0], tags[1], tags[2], NULL };
	int64_t author;
	struct article_draft draft = {
		.status = ARTICLE_STATUS_PUBLISHED,
		.published_at = published_at(bench, number),
		.slug = slug,
		.title = title,
		.tags = names,
		.author_ids = &author,
		.author_count = 1,
		.body = text,
		.body_html = html,
		.contents_html = "<ol><li>One</li><li>Two</li></ol>",
		.excerpt = excerpt,
		.text = text,
		.word_count = 5000,
		.minutes = 20,
	};

	for (int i = 0; i < 3; i++)
		g_snprintf(tags[i], sizeof(tags[i]), "Subject %" PRId64,
		    next_random(seed) % tag_count(bench));
	author = next_random(seed) % AUTHOR_COUNT + 1;
	draft.category = categories[next_random(seed) % 3];
	must(
	    article_save(bench->database, blog, &draft, NOW, NULL, NULL, NULL));
}

static void
fill(struct bench *bench)
{
	struct blog blog;
	int64_t begin;

	must(setting_load(bench->database, &blog));
	must(database_begin(bench->database, true));
	for (int i = 0; i < AUTHOR_COUNT; i++) {
		g_autofree char *name = g_strdup_printf("Author %d", i + 1);
		int64_t id;

		must(author_ensure(bench->database, name, NOW, &id));
	}
	begin = g_get_monotonic_time();
	for (int64_t i = 0; i < bench->count; i++) {
		add_article(bench, &blog, i);
		if (i % 200 == 199) {
			must(database_commit(bench->database));
			must(database_begin(bench->database, true));
		}
	}
	must(database_commit(bench->database));
	fprintf(stderr, "saved %" PRId64 " articles, %.2f ms each\n",
	    bench->count,
	    (double)(g_get_monotonic_time() - begin) / 1000.0 /
		(double)bench->count);
	setting_release(&blog);
}

/* ---- measuring ---- */

static const char *
any_path(struct bench *bench)
{
	if (bench->is_hot)
		return bench->paths->pdata[bench->paths->len / 2];
	return bench->paths
	    ->pdata[next_random(&bench->seed) % bench->paths->len];
}

static struct article *
any_article(struct bench *bench)
{
	struct article *article;

	must(article_find_public(
	    bench->database, any_path(bench), NOW, &article));
	return article;
}

static void
do_nothing(struct bench *bench)
{
	(void)bench;
}

static void
do_find(struct bench *bench)
{
	article_free(any_article(bench));
}

static void
do_hot_find(struct bench *bench)
{
	bench->is_hot = true;
	article_free(any_article(bench));
	bench->is_hot = false;
}

static void
do_article_page(struct bench *bench)
{
	struct article *article = any_article(bench);
	struct article_summary *previous, *next;
	GPtrArray *related;

	must(article_find_neighbours(
	    bench->database, article, NOW, &previous, &next));
	must(article_list_related(bench->database, article, 3, NOW, &related));
	article_summary_free(previous);
	article_summary_free(next);
	g_ptr_array_unref(related);
	article_free(article);
}

static void
do_hot_article_page(struct bench *bench)
{
	bench->is_hot = true;
	do_article_page(bench);
	bench->is_hot = false;
}

static void
do_neighbours(struct bench *bench)
{
	int64_t id = next_random(&bench->seed) % bench->count + 1;
	const struct article article = {
		.summary = { .id = id,
		    .published_at = published_at(bench, id - 1) },
	};
	struct article_summary *previous, *next;

	must(article_find_neighbours(
	    bench->database, &article, NOW, &previous, &next));
	article_summary_free(previous);
	article_summary_free(next);
}

static void
do_missing(struct bench *bench)
{
	struct article *article;

	g_assert(article_find_public(bench->database, "/articles/none", NOW,
		     &article) == STATUS_NOT_FOUND);
}

static void
list_page(
    struct bench *bench, enum article_scope scope, int64_t key, int64_t page)
{
	const struct article_filter filter = { .scope = scope, .key = key };
	struct article_list list;
	enum status status =
	    article_list_public(bench->database, &filter, page, 10, NOW, &list);

	if (status == STATUS_NOT_FOUND)
		return;
	must(status);
	article_list_release(&list);
}

static void
do_front(struct bench *bench)
{
	list_page(bench, ARTICLE_SCOPE_ALL, 0, 1);
}

static void
do_page_2(struct bench *bench)
{
	list_page(bench, ARTICLE_SCOPE_ALL, 0, 2);
}

static void
do_middle_page(struct bench *bench)
{
	list_page(bench, ARTICLE_SCOPE_ALL, 0, bench->count / 20);
}

static void
do_any_page(struct bench *bench)
{
	list_page(bench, ARTICLE_SCOPE_ALL, 0,
	    next_random(&bench->seed) % ((bench->count + 9) / 10) + 1);
}

static void
do_tag(struct bench *bench)
{
	list_page(bench, ARTICLE_SCOPE_TAG,
	    next_random(&bench->seed) % tag_count(bench) + 1, 1);
}

static void
do_tag_middle(struct bench *bench)
{
	list_page(bench, ARTICLE_SCOPE_TAG,
	    next_random(&bench->seed) % tag_count(bench) + 1,
	    MAX(bench->count / 400, 1));
}

static void
do_category(struct bench *bench)
{
	list_page(bench, ARTICLE_SCOPE_CATEGORY,
	    next_random(&bench->seed) % 3 + 1, 1);
}

static void
do_category_middle(struct bench *bench)
{
	list_page(bench, ARTICLE_SCOPE_CATEGORY,
	    next_random(&bench->seed) % 3 + 1, MAX(bench->count / 60, 1));
}

static void
do_author(struct bench *bench)
{
	list_page(
	    bench, ARTICLE_SCOPE_AUTHOR, next_random(&bench->seed) % 4 + 1, 1);
}

static void
do_year(struct bench *bench)
{
	list_page(
	    bench, ARTICLE_SCOPE_YEAR, 2017 + next_random(&bench->seed) % 9, 1);
}

static void
do_tag_find(struct bench *bench)
{
	struct term *tag;

	must(tag_find(bench->database, "subject-1", &tag));
	term_free(tag);
}

static void
do_tags(struct bench *bench)
{
	GPtrArray *tags;

	must(tag_list_used(bench->database, &tags));
	g_ptr_array_unref(tags);
}

static void
do_feed(struct bench *bench)
{
	const struct article_filter all = { .scope = ARTICLE_SCOPE_ALL };
	GPtrArray *articles;

	must(article_list_newest(bench->database, &all, 20, NOW, &articles));
	g_ptr_array_unref(articles);
}

static bool
visit(const char *path, int64_t updated_at, void *data)
{
	(void)updated_at;
	*(size_t *)data += strlen(path);
	return true;
}

static void
do_sitemap(struct bench *bench)
{
	size_t size = 0;

	must(article_each_public(bench->database, NOW, visit, &size));
}

static void
do_redirect(struct bench *bench)
{
	char *target;

	g_assert(redirect_find(bench->database, "/old", NOW, &target) ==
		 STATUS_NOT_FOUND);
}

static void
search(struct bench *bench, const char *typed)
{
	struct search_result result;

	must(search_articles(bench->database, typed, 1, 10, NOW, &result));
	search_result_release(&result);
}

static void
do_search_all(struct bench *bench)
{
	search(bench, "everywhere");
}

static void
do_search_few(struct bench *bench)
{
	search(bench, "rarely");
}

static void
do_search_none(struct bench *bench)
{
	search(bench, "nowhere");
}

static void
do_search_two(struct bench *bench)
{
	search(bench, "everywhere rarely");
}

static void
do_search_prefix(struct bench *bench)
{
	search(bench, "ever*");
}

static void
do_changed(struct bench *bench)
{
	database_has_changed(bench->database);
}

static const struct {
	const char *name;
	void (*run)(struct bench *bench);
	int calls;
} subjects[] = {
	{ "a snapshot alone", do_nothing, 5000 },
	{ "database_has_changed", do_changed, 5000 },
	{ "article_find_public", do_find, 3000 },
	{ "the same article again", do_hot_find, 3000 },
	{ "article_find_public, none", do_missing, 3000 },
	{ "article_find_neighbours", do_neighbours, 3000 },
	{ "article + neighbours + related", do_article_page, 3000 },
	{ "the same article page again", do_hot_article_page, 3000 },
	{ "listing, page 1", do_front, 3000 },
	{ "listing, page 2", do_page_2, 3000 },
	{ "listing, the page in the middle", do_middle_page, 2000 },
	{ "listing, any page", do_any_page, 2000 },
	{ "tag, page 1", do_tag, 2000 },
	{ "tag, the page in the middle", do_tag_middle, 2000 },
	{ "category, page 1", do_category, 2000 },
	{ "category, the page in the middle", do_category_middle, 2000 },
	{ "author, page 1", do_author, 2000 },
	{ "year, page 1", do_year, 2000 },
	{ "tag_find", do_tag_find, 3000 },
	{ "tag_list_used", do_tags, 1000 },
	{ "feed of 20", do_feed, 500 },
	{ "sitemap", do_sitemap, 50 },
	{ "redirect_find, none", do_redirect, 3000 },
	{ "search, a word in all", do_search_all, 5 },
	{ "search, a word in 1 of 500", do_search_few, 50 },
	{ "search, both", do_search_two, 50 },
	{ "search, a word in none", do_search_none, 500 },
	{ "search, a prefix in all", do_search_prefix, 5 },
};

static double
processor_microseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* The best of five rounds: what is left when nothing else was in the way. */
static double
measure(struct bench *bench, void (*run)(struct bench *bench), int calls)
{
	double best = 0;

	for (int round = 0; round < 5; round++) {
		double begin = processor_microseconds();
		double each;

		for (int i = 0; i < calls; i++) {
			must(database_begin(bench->database, false));
			run(bench);
			must(database_commit(bench->database));
		}
		each = (processor_microseconds() - begin) / calls;
		if (round == 0 || each < best)
			best = each;
	}
	return best;
}

static bool
add_path(const char *path, int64_t updated_at, void *data)
{
	(void)updated_at;
	g_ptr_array_add(data, g_strdup(path));
	return true;
}

int
main(int argc, char **argv)
{
	struct bench bench = { .seed = 1 };
	GError *error = NULL;
	struct rusage usage;

	if (argc < 3) {
		fprintf(stderr, "usage: bench_model COUNT FILE [NAME]\n");
		return 2;
	}
	bench.count = strtoll(argv[1], NULL, 10);
	if (!g_file_test(argv[2], G_FILE_TEST_EXISTS)) {
		must(database_open(
		    argv[2], DATABASE_CREATE, &bench.database, &error));
		fill(&bench);
		database_close(bench.database);
	}
	must(database_open(argv[2], DATABASE_READ, &bench.database, &error));
	bench.paths = g_ptr_array_new_with_free_func(g_free);
	must(article_each_public(bench.database, NOW, add_path, bench.paths));
	for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++)
		if (argc < 4 || strstr(subjects[i].name, argv[3]) != NULL)
			printf("%-34s %10.1f µs\n", subjects[i].name,
			    measure(
				&bench, subjects[i].run, subjects[i].calls));
	getrusage(RUSAGE_SELF, &usage);
	printf("%-34s %10ld KB\n", "resident at most", usage.ru_maxrss);
	g_ptr_array_unref(bench.paths);
	database_close(bench.database);
	return 0;
}
