/*
 * page_store.c - see page_store.h. It must keep true that a page is found only
 * whole, and only under the stamp and the address that it was kept under.
 *
 * A file is named by the hash of the address, so that no address becomes a
 * path. Its first line is the hash of stamp and address, its second that of all
 * that follows: type, ETag, time of change and policy in a line each, and the
 * body.
 */
#include "config.h"

#include "publish/page_store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "base/token.h"

/* Of a file: a page and what stands before it. */
#define MAX_FILE_SIZE (PAGE_STORE_MAX_BODY_SIZE + 4096)

#define KEY_DIGITS 64

/* A draft that is still there after so many seconds was left by a process that
 * was killed. */
#define DRAFT_SECONDS 60

struct page_store {
	char *directory;
	char *stamp;
};

struct page_store *
page_store_new(const char *directory, const char *stamp)
{
	struct page_store *store = g_new0(struct page_store, 1);

	/* That it is there already is what nearly always happens. */
	(void)!mkdir(directory, 0700);
	store->directory = g_strdup(directory);
	store->stamp = g_strdup(stamp);
	return store;
}

void
page_store_free(struct page_store *store)
{
	if (store == NULL)
		return;
	g_free(store->directory);
	g_free(store->stamp);
	g_free(store);
}

/* The file in whose place the page at `path` is. */
static char *
file_of(const struct page_store *store, const char *path)
{
	g_autofree char *hash = token_content_hash(path, strlen(path), 8);
	uint64_t number = g_ascii_strtoull(hash, NULL, 16);

	return g_strdup_printf("%s/%03x", store->directory,
	    (unsigned)(number % PAGE_STORE_PLACES));
}

/* What only a page of this stamp and address begins with. */
static char *
make_key(const struct page_store *store, const char *path)
{
	g_autofree char *text = g_strconcat(store->stamp, "\n", path, NULL);

	return token_content_hash(text, strlen(text), KEY_DIGITS);
}

/* Take the line at `*at`, which is ended there: it becomes a string of its own,
 * and `*at` what follows. NULL when there is none. */
static char *
take_line(char **at)
{
	char *line = *at;
	char *end = strchr(line, '\n');

	if (end == NULL)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return line;
}

/* Whether the line at `*at` is `wanted`; it is taken. */
static bool
take_same(char **at, const char *wanted)
{
	const char *line = take_line(at);

	return line != NULL && strcmp(line, wanted) == 0;
}

/* Whether what follows the hash at `*at` is what that was made of; it is
 * taken. */
static bool
take_hash(char **at, const char *end)
{
	const char *line = take_line(at);
	g_autofree char *hash = NULL;

	if (line == NULL)
		return false;
	hash = token_content_hash(*at, (size_t)(end - *at), KEY_DIGITS);
	return strcmp(line, hash) == 0;
}

enum status
page_store_find(const struct page_store *store, const char *path,
    struct stored_page *out_page)
{
	g_autofree char *file = file_of(store, path);
	g_autofree char *key = make_key(store, path);
	GString *text = g_string_new(NULL);
	struct stored_page page = { .body = text };
	char *at;

	if (file_read(file, FILE_LINKS_REFUSE, MAX_FILE_SIZE, text, NULL) !=
	    STATUS_OK)
		text->len = 0;
	at = text->str;
	if (text->len > 0 && take_same(&at, key) &&
	    take_hash(&at, text->str + text->len)) {
		const char *content_type = take_line(&at);
		const char *etag = take_line(&at);
		const char *last_modified = take_line(&at);
		const char *policy = take_line(&at);

		/* The hash vouches for the four. */
		page.content_type = g_intern_string(content_type);
		page.etag = g_strdup(etag);
		page.policy = g_strdup(policy);
		if (text_parse_integer(last_modified, INT64_MAX,
			&page.last_modified) == STATUS_OK) {
			g_string_erase(text, 0, at - text->str);
			*out_page = page;
			return STATUS_OK;
		}
	}
	stored_page_release(&page);
	return STATUS_NOT_FOUND;
}

void
stored_page_release(struct stored_page *page)
{
	g_free(page->etag);
	g_free(page->policy);
	g_string_free(page->body, TRUE);
}

/* The file that `page` is kept as; the caller frees it. */
static GString *
make_file(const struct page_store *store, const char *path,
    const struct stored_page *page)
{
	g_autofree char *key = make_key(store, path);
	g_autofree char *hash = NULL;
	GString *text = g_string_sized_new(page->body->len + 512);
	size_t hashed_at;

	g_string_printf(text, "%s\n%*s\n", key, KEY_DIGITS, "");
	hashed_at = text->len;
	g_string_append_printf(text, "%s\n%s\n%" PRId64 "\n%s\n",
	    page->content_type, page->etag, page->last_modified, page->policy);
	g_string_append_len(text, page->body->str, (gssize)page->body->len);
	hash = token_content_hash(
	    text->str + hashed_at, text->len - hashed_at, KEY_DIGITS);
	memcpy(text->str + KEY_DIGITS + 1, hash, KEY_DIGITS);
	return text;
}

/* A new file; -1 while another process writes the same. */
static int
open_draft(const char *draft)
{
	int descriptor = open(
	    draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat about;

	if (descriptor < 0 && errno == EEXIST && lstat(draft, &about) == 0 &&
	    time(NULL) - about.st_mtim.tv_sec > DRAFT_SECONDS)
		unlink(draft); /* for the next one who comes */
	return descriptor;
}

void
page_store_keep(const struct page_store *store, const char *path,
    const struct stored_page *page)
{
	g_autofree char *file = file_of(store, path);
	g_autofree char *draft = g_strconcat(file, ".new", NULL);
	g_autoptr(GString) text = NULL;
	bool is_written;
	int descriptor;

	if (page->body->len > PAGE_STORE_MAX_BODY_SIZE)
		return;
	/* A folder that is not ours to write, or a full disk: it goes on
	 * without. What a power cut leaves of it is not found. */
	descriptor = open_draft(draft);
	if (descriptor < 0)
		return;
	text = make_file(store, path, page);
	is_written = file_write(descriptor, text->str, text->len);
	if (close(descriptor) != 0 || !is_written || rename(draft, file) != 0)
		unlink(draft);
}
