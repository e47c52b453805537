/*
 * sample_pages.c - a made-up blog, without a database.
 *
 * Nothing here may depend on the clock, the locale or the machine: the pages
 * are compared byte for byte.
 */
#include "config.h"

#include "sample_pages.h"

#include <string.h>

#include "base/date.h"
#include "model/article.h"
#include "model/author.h"
#include "model/media.h"
#include "model/search.h"
#include "template/template_engine.h"
#include "view/builtin_files.h"
#include "view/static_file.h"

#define DAY ((int64_t)86400)

#define BIOGRAPHY                                                              \
	"Builds the parts of software that nobody sees until they stop, and "  \
	"writes about them here."

struct sample_article {
	const char *slug;
	const char *title;
	const char *category;
	const char *tags[4];
	const char *excerpt;
	uint32_t minutes;
};

static const struct sample_article sample_articles[] = {
	{ "backups-of-a-live-database",
	    "A backup nobody has opened is a hope with a file name", "Backend",
	    { "SQLite", "Backups", "Operations" },
	    "Copying a database in use gives a file that opens. Whether it is "
	    "right is another matter: what a copy must promise, and what "
	    "keeping the promise costs.",
	    9 },
	{ "files-instead-of-requests", "The fastest request is a file",
	    "Architecture", { "Caching", "nginx", "HTTP" },
	    "A published page changes a few times in its life and is read "
	    "thousands of times. So it is a file, and the work is in knowing "
	    "when it is stale.",
	    14 },
	{ "an-outbox-is-a-ledger", "An outbox is a ledger, not a queue",
	    "System Design", { "E-mail", "Transactions", "Idempotency" },
	    "Sending a newsletter twice is worse than sending it late. One "
	    "table, one lease, one message id that never changes.",
	    20 },
	{ "double-opt-in", "Double opt-in without a cookie jar", "Backend",
	    { "E-mail", "Privacy" },
	    "A form on a page that is a plain file, a link that mail scanners "
	    "follow, an address that may not be its owner's: four small "
	    "decisions.",
	    7 },
	{ "reading-a-query-plan", "Reading a query plan before it reads you",
	    "Backend", { "SQLite", "Indexes", "Performance" },
	    "A listing costs the same with twenty articles and with ten "
	    "thousand, if every part of it comes out of an index. How to make "
	    "a test say so.",
	    12 },
	{ "rate-limits", "Rate limits are a promise to everybody else",
	    "System Design", { "HTTP", "Security" },
	    "Who is slowed down, who never is, and why the counter must not "
	    "be the first thing to fall over.",
	    1 },
};

static void
set_text(char **member, const char *text)
{
	g_free(*member);
	*member = g_strdup(text);
}

static void
set_base_path(struct sample_blog *sample, const char *base_path)
{
	set_text(&sample->settings.base_path, base_path);
	g_free(sample->settings.base_url);
	sample->settings.base_url =
	    g_strconcat(sample->settings.origin, base_path, NULL);
}

/* ---- articles ---- */

static struct article_term
make_term(int64_t id, const char *slug, const char *name)
{
	return (struct article_term){ id, g_strdup(slug), g_strdup(name) };
}

static void
release_term(struct article_term *term)
{
	g_free(term->slug);
	g_free(term->name);
}

static void
clear_term(void *data)
{
	release_term(data);
}

static GArray *
make_tags(const char *const *names)
{
	GArray *tags = g_array_new(FALSE, TRUE, sizeof(struct article_term));

	g_array_set_clear_func(tags, clear_term);
	for (int64_t i = 0; names[i] != NULL; i++) {
		g_autofree char *slug = g_ascii_strdown(names[i], -1);
		struct article_term tag = make_term(i + 1, slug, names[i]);

		g_array_append_val(tags, tag);
	}
	return tags;
}

static void
fill_summary(struct article_summary *summary, size_t i)
{
	const struct sample_article *from = &sample_articles[i];
	g_autofree char *slug = g_ascii_strdown(from->category, -1);

	summary->id = (int64_t)i + 1;
	summary->path = g_strconcat("/articles/", from->slug, NULL);
	summary->title = g_strdup(from->title);
	summary->excerpt = g_strdup(from->excerpt);
	summary->language = g_strdup("");
	summary->published_at = SAMPLE_NOW - (int64_t)i * 9 * DAY;
	summary->updated_at = summary->published_at;
	summary->minutes = from->minutes;
	summary->category =
	    make_term(1, g_strdelimit(slug, " ", '-'), from->category);
	summary->author = make_term(1, "ada-quell", "Ada Quell");
	summary->tags = make_tags(from->tags);
}

static void
release_summary(struct article_summary *summary)
{
	g_free(summary->path);
	g_free(summary->title);
	g_free(summary->excerpt);
	g_free(summary->language);
	g_free(summary->cover_path);
	g_free(summary->cover_alt);
	release_term(&summary->category);
	release_term(&summary->author);
	if (summary->tags != NULL)
		g_array_unref(summary->tags);
	if (summary->co_authors != NULL)
		g_array_unref(summary->co_authors);
}

static struct article_summary *
make_summary(size_t i)
{
	struct article_summary *summary = g_new0(struct article_summary, 1);

	fill_summary(summary, i);
	return summary;
}

static void
free_summary(void *data)
{
	release_summary(data);
	g_free(data);
}

static GPtrArray *
make_summaries(size_t first, size_t count)
{
	GPtrArray *summaries = g_ptr_array_new_with_free_func(free_summary);

	for (size_t i = first; i < first + count; i++)
		g_ptr_array_add(summaries, make_summary(i));
	return summaries;
}

static char *
read_sample(const char *name)
{
	g_autofree char *path = g_build_filename(SAMPLE_DIRECTORY, name, NULL);
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, &error))
		g_error("%s", error->message);
	return text;
}

static struct article_author
make_author(const char *handle, const char *name, const char *job_title,
    const char *biography)
{
	return (struct article_author){
		.id = 1,
		.handle = g_strdup(handle),
		.name = g_strdup(name),
		.job_title = g_strdup(job_title),
		.biography = g_strdup(biography),
		.website = g_strdup(
		    biography[0] == '\0' ? "" : "https://www.example.org/ada/"),
	};
}

static void
clear_author(void *data)
{
	struct article_author *author = data;

	g_free(author->handle);
	g_free(author->name);
	g_free(author->job_title);
	g_free(author->biography);
	g_free(author->picture_path);
	g_free(author->face_path);
	g_free(author->website);
}

static struct article *
make_article(const char *body_file, const char *contents_file)
{
	struct article *article = g_new0(struct article, 1);
	struct article_author author = make_author(
	    "ada-quell", "Ada Quell", "Backend engineer", BIOGRAPHY);

	fill_summary(&article->summary, 0);
	article->slug = g_strdup(sample_articles[0].slug);
	article->word_count = 1850;
	article->has_typed_excerpt = true;
	article->canonical_url = g_strdup("");
	article->body_html = read_sample(body_file);
	article->contents_html =
	    contents_file == NULL ? g_strdup("") : read_sample(contents_file);
	article->authors =
	    g_array_new(FALSE, TRUE, sizeof(struct article_author));
	g_array_set_clear_func(article->authors, clear_author);
	g_array_append_val(article->authors, author);
	return article;
}

static void
free_article(struct article *article)
{
	release_summary(&article->summary);
	g_free(article->slug);
	g_free(article->canonical_url);
	g_free(article->body_html);
	g_free(article->contents_html);
	g_array_unref(article->authors);
	g_clear_pointer(&article->cover_sizes, g_array_unref);
	g_free(article);
}

static void
set_cover(struct article *article, const char *alt)
{
	static const struct media_size sizes[] = {
		{ (char *)"/media/cover_480.png", 480, false },
		{ (char *)"/media/cover_480.webp", 480, true },
		{ (char *)"/media/cover.svg", 1280, false }
	};

	article->summary.cover_path = g_strdup("/media/cover.svg");
	article->summary.cover_alt = g_strdup(alt);
	article->summary.cover_width = 1280;
	article->summary.cover_height = 560;
	article->cover_sizes = g_array_append_vals(
	    g_array_new(FALSE, FALSE, sizeof(sizes[0])), sizes, 3);
}

/* ---- listings ---- */

static const struct author owner = {
	.id = 1,
	.handle = (char *)"ada-quell",
	.name = (char *)"Ada Quell",
	.job_title = (char *)"Backend engineer",
	.biography = (char *)"",
	.website = (char *)"",
};

static enum status
show_list(struct sample_blog *sample, const struct listing_page *described,
    struct article_list *list, GString *out)
{
	struct listing_page page = *described;
	enum status status;

	page.list = list;
	status = site_view_listing(&sample->view, &page, out);
	g_ptr_array_unref(list->articles);
	return status;
}

static enum status
show_front(struct sample_blog *sample, GString *out)
{
	const struct listing_page page = { .path = "/",
		.description = "",
		.has_feed = true,
		.author = &owner,
		.current = "/" };
	static const char *const others[] = { "Noor Haddad", NULL };
	struct article_list list = { make_summaries(0, 6), 20, 1, 2 };
	struct article_summary *first = g_ptr_array_index(list.articles, 0);

	first->is_pinned = true;
	first->co_authors = make_tags(others);
	return show_list(sample, &page, &list, out);
}

static enum status
show_front_later(struct sample_blog *sample, GString *out)
{
	const struct listing_page page = {
		.path = "/", .description = "", .has_feed = true, .current = "/"
	};
	struct article_list list = { make_summaries(2, 3), 123, 7, 13 };
	struct article_summary *german = g_ptr_array_index(list.articles, 1);

	set_text(&german->language, "de");
	set_text(&german->title, "Rückmeldung, bitte: zweimal ja sagen");
	sample->blog.is_subscribing_open = false;
	set_text(&sample->blog.footer, "");
	return show_list(sample, &page, &list, out);
}

static enum status
show_empty(struct sample_blog *sample, GString *out)
{
	const struct listing_page page = { .path = "/",
		.description = "",
		.has_feed = true,
		.author = &owner,
		.current = "/" };
	struct article_list list = { make_summaries(0, 0), 0, 1, 1 };

	return show_list(sample, &page, &list, out);
}

static enum status
show_tag(struct sample_blog *sample, GString *out)
{
	const struct listing_page page = { .path = "/tags/sqlite",
		.kicker = "Tag",
		.title = "SQLite",
		.description = "",
		.has_feed = true,
		.current = "/tags" };
	struct article_list list = { make_summaries(4, 1), 1, 1, 1 };

	set_base_path(sample, "/blog");
	return show_list(sample, &page, &list, out);
}

static enum status
show_author(struct sample_blog *sample, GString *out)
{
	const struct author author = { .id = 1,
		.handle = (char *)"ada-quell",
		.name = (char *)"Ada Quell",
		.job_title = (char *)"Backend engineer",
		.biography = (char *)BIOGRAPHY,
		.picture_path = (char *)"/media/face.svg",
		.face_path = (char *)"/media/face.svg",
		.website = (char *)"https://www.example.org/ada/" };
	const struct listing_page page = { .path = "/authors/ada-quell",
		.kicker = "Author",
		.title = "Ada Quell",
		.description = BIOGRAPHY,
		.has_feed = true,
		.author = &author,
		.current = "/authors" };
	struct article_list list = { make_summaries(0, 2), 2, 1, 1 };

	return show_list(sample, &page, &list, out);
}

static enum status
show_arabic_front(struct sample_blog *sample, GString *out)
{
	const struct listing_page page = { .path = "/",
		.description = "",
		.has_feed = true,
		.author = &owner,
		.current = "/" };
	struct article_list list = { make_summaries(0, 2), 2, 2, 3 };
	struct article_summary *first = g_ptr_array_index(list.articles, 0);
	struct article_summary *second = g_ptr_array_index(list.articles, 1);

	set_text(&sample->blog.language, "ar");
	sample->blog.is_right_to_left = true;
	set_text(&sample->blog.section, "كتابات");
	set_text(&sample->blog.title, "المدوّنة");
	set_text(&sample->blog.tagline, "خواطر في هندسة الأنظمة الخلفية");
	set_text(&first->title, "نسخة لم تُفتح قط أملٌ له اسم ملف");
	set_text(&first->excerpt,
	    "نسخ قاعدة بيانات أثناء العمل يعطي ملفًا يُفتح. أما أنه صحيح "
	    "فمسألة أخرى.");
	set_text(&second->language, "en");
	return show_list(sample, &page, &list, out);
}

/* ---- articles ---- */

static enum status
show_article(struct sample_blog *sample, GString *out)
{
	struct article *article = make_article("article.html", "contents.html");
	g_autoptr(GPtrArray) related = make_summaries(3, 3);
	g_autoptr(GPtrArray) neighbours = make_summaries(1, 2);
	const struct article_page page = { .article = article,
		.previous = g_ptr_array_index(neighbours, 0),
		.next = g_ptr_array_index(neighbours, 1),
		.related = related };
	struct article_summary *german = g_ptr_array_index(related, 2);
	enum status status;

	article->summary.updated_at += 3 * DAY;
	set_text(&german->language, "de");
	set_text(&german->title, "Wer wartet, und warum");
	set_cover(article, "Two filing cabinets, one of them open");
	status = site_view_article(&sample->view, &page, out);
	free_article(article);
	return status;
}

/* Nothing that can be missing is there; markup in every text. */
static enum status
show_bare_article(struct sample_blog *sample, GString *out)
{
	struct article *article = make_article("about.html", NULL);
	const struct article_page page = { .article = article };
	enum status status;

	sample->blog.is_subscribing_open = false;
	g_array_set_size(article->authors, 0);
	g_array_set_size(article->summary.tags, 0);
	release_term(&article->summary.category);
	release_term(&article->summary.author);
	article->summary.category = make_term(0, NULL, NULL);
	article->summary.author = make_term(0, NULL, NULL);
	set_text(&article->summary.title, "<script>\"a\" & 'b'</script>");
	set_text(&article->summary.excerpt,
	    "I build the parts of software that nobody sees until they …");
	article->has_typed_excerpt = false;
	status = site_view_article(&sample->view, &page, out);
	free_article(article);
	return status;
}

static enum status
show_arabic_article(struct sample_blog *sample, GString *out)
{
	struct article *article = make_article("arabic.html", NULL);
	struct article_author second =
	    make_author("noor-haddad", "Noor", "", "");
	g_autoptr(GPtrArray) neighbours = make_summaries(1, 1);
	g_autoptr(GPtrArray) parts = make_summaries(1, 2);
	const struct article_series series = { (char *)"سلسلة", 2, 2, 1,
		parts };
	const struct article_page page = { .article = article,
		.previous = g_ptr_array_index(neighbours, 0),
		.series = &series };
	enum status status;

	set_base_path(sample, "/blog");
	second.picture_path = g_strdup("/media/face.svg");
	second.face_path = g_strdup("/media/face.svg");
	g_array_append_val(article->authors, second);
	set_text(&article->summary.language, "ar");
	set_text(&article->summary.title, "نسخة لم تُفتح قط أملٌ له اسم ملف");
	set_text(&article->summary.excerpt, "");
	set_text(&article->canonical_url, "https://example.net/first");
	status = site_view_article(&sample->view, &page, out);
	free_article(article);
	return status;
}

static enum status
show_standing(struct sample_blog *sample, GString *out)
{
	struct article *article = make_article("about.html", "contents.html");
	enum status status;

	article->summary.kind = ARTICLE_KIND_PAGE;
	set_text(&article->summary.title, "About");
	set_text(&article->summary.path, "/about");
	set_cover(article, "");
	set_text(&article->summary.language, "en-GB");
	status = site_view_standing_page(&sample->view, article, out);
	free_article(article);
	return status;
}

/* ---- indexes ---- */

static void
add_entry(GPtrArray *entries, const char *path, const char *name,
    const char *description, int64_t count)
{
	struct index_entry *entry = g_new0(struct index_entry, 1);

	entry->path = g_strdup(path);
	entry->name = g_strdup(name);
	entry->description = g_strdup(description);
	entry->article_count = count;
	g_ptr_array_add(entries, entry);
}

static GPtrArray *
new_entries(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)index_entry_free);
}

static enum status
show_tags(struct sample_blog *sample, GString *out)
{
	static const char *const names[] = { "Backups", "Caching", "E-mail",
		"HTTP", "Idempotency", "Indexes", "nginx", "Operations",
		"Performance", "Privacy", "Security", "SQLite",
		"Transactions" };
	g_autoptr(GPtrArray) entries = new_entries();
	const struct index_page page = { "/tags", "Tags", entries };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *slug = g_ascii_strdown(names[i], -1);
		g_autofree char *path = g_strconcat("/tags/", slug, NULL);

		add_entry(
		    entries, path, names[i], NULL, (int64_t)(i * 7 % 11) + 1);
	}
	return site_view_index(&sample->view, &page, out);
}

static enum status
show_categories(struct sample_blog *sample, GString *out)
{
	g_autoptr(GPtrArray) entries = new_entries();
	const struct index_page page = { "/categories", "Categories", entries };

	add_entry(entries, "/categories/architecture", "Architecture",
	    "What goes where, and what that decides for years.", 6);
	add_entry(entries, "/categories/backend", "Backend", "", 13);
	return site_view_index(&sample->view, &page, out);
}

static enum status
show_empty_index(struct sample_blog *sample, GString *out)
{
	g_autoptr(GPtrArray) entries = new_entries();
	const struct index_page page = { "/archive", "Archive", entries };

	return site_view_index(&sample->view, &page, out);
}

/* ---- searching ---- */

static void
free_hit(void *data)
{
	struct search_hit *hit = data;

	free_summary(hit->article);
	g_free(hit->title_marked);
	g_free(hit->snippet);
	g_free(hit);
}

static void
add_hit(GPtrArray *hits, size_t i, const char *title, const char *snippet)
{
	struct search_hit *hit = g_new0(struct search_hit, 1);

	hit->article = make_summary(i);
	hit->title_marked = g_strdup(title);
	hit->snippet = g_strdup(snippet);
	g_ptr_array_add(hits, hit);
}

static enum status
show_search(struct sample_blog *sample, GString *out)
{
	struct search_result result = {
		g_ptr_array_new_with_free_func(free_hit), 42, 2, 3
	};
	const struct search_page page = { "\"query plan\" ünd*", &result,
		NULL };
	struct search_hit *standing;
	enum status status;

	add_hit(result.hits, 4,
	    "Reading a \x02query plan\x03 before it reads you",
	    "…every part of it comes out of an index, and the \x02query "
	    "plan\x03 says so. A \x02query plan\x03 is read from the inside "
	    "out: <SCAN> is bad news…");
	add_hit(result.hits, 0, NULL, "…without end \x02query");
	standing = g_ptr_array_index(result.hits, 1);
	standing->article->kind = ARTICLE_KIND_PAGE;
	standing->article->category.id = 0;
	set_text(&standing->article->language, "ar");
	status = site_view_search(&sample->view, &page, out);
	g_ptr_array_unref(result.hits);
	return status;
}

static enum status
show_search_form(struct sample_blog *sample, GString *out)
{
	const struct search_page page = { "", NULL, NULL };

	return site_view_search(&sample->view, &page, out);
}

static enum status
show_search_nothing(struct sample_blog *sample, GString *out)
{
	struct search_result result = {
		g_ptr_array_new_with_free_func(free_hit), 0, 1, 1
	};
	const struct search_page page = { "zymurgy", &result, NULL };
	enum status status = site_view_search(&sample->view, &page, out);

	g_ptr_array_unref(result.hits);
	return status;
}

static enum status
show_search_message(struct sample_blog *sample, GString *out)
{
	const struct search_page page = { "a\"><script>", NULL,
		"That is too long to search for. Please try a few words of "
		"it." };

	return site_view_search(&sample->view, &page, out);
}

/* ---- errors ---- */

static enum status
show_not_found(struct sample_blog *sample, GString *out)
{
	return site_view_error(&sample->view, 404, NULL, out);
}

static enum status
show_failure(struct sample_blog *sample, GString *out)
{
	return site_view_error(
	    &sample->view, 500, "The number of this error is 4nQx81kTzA.", out);
}

const struct sample_page sample_pages[] = {
	{ "front", show_front },
	{ "front-later", show_front_later },
	{ "front-empty", show_empty },
	{ "front-arabic", show_arabic_front },
	{ "tag", show_tag },
	{ "author", show_author },
	{ "article", show_article },
	{ "article-bare", show_bare_article },
	{ "article-arabic", show_arabic_article },
	{ "standing", show_standing },
	{ "tags", show_tags },
	{ "categories", show_categories },
	{ "archive-empty", show_empty_index },
	{ "search", show_search },
	{ "search-form", show_search_form },
	{ "search-nothing", show_search_nothing },
	{ "search-message", show_search_message },
	{ "error-404", show_not_found },
	{ "error-500", show_failure },
};
const size_t sample_pages_count = G_N_ELEMENTS(sample_pages);

GString *
sample_page_make(const char *name)
{
	for (size_t i = 0; i < sample_pages_count; i++) {
		struct sample_blog sample;
		GString *out;

		if (strcmp(sample_pages[i].name, name) != 0)
			continue;
		out = g_string_new(NULL);
		sample_blog_init(&sample);
		if (sample_pages[i].show(&sample, out) != STATUS_OK)
			g_error("no page %s", name);
		sample_blog_release(&sample);
		return out;
	}
	g_error("no sample %s", name);
}
