/*
 * import_former.c - what was imported before, and whether it is still the same.
 *
 * A page is made of more than its file: of images beside it, and of where its
 * links lead. So an article is kept only if its file, its cover and all that
 * its text refers to are what they were. The text is not rendered to know that:
 * the model remembers its references.
 */
#include "config.h"

#include "import_former.h"

#include <string.h>

#include "base/token.h"
#include "import_plan.h"
#include "model/rendering.h"
#include "model/site.h"

/* Changes whenever the same file would be imported differently. */
static const char IMPORT_EDITION[] = "3";

enum {
	TEXT_HASH_SIZE = 32, /* digits */
	MANNER_HASH_SIZE = 16
};

enum status
import_former_find(struct import_plan *plan, struct import_article *article)
{
	g_autofree char *key = g_strconcat("markdown:", article->source, NULL);
	struct article_record *record;
	enum status status =
	    article_find_import(plan->site->database, key, &record);

	if (status == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (status != STATUS_OK)
		return status;
	article->id = record->id;
	article->version = record->version;
	if (record->status != ARTICLE_STATUS_DRAFT)
		article->former_updated_at = record->updated_at;
	article->is_due = record->status == ARTICLE_STATUS_SCHEDULED &&
			  record->published_at <= plan->now;
	article->slug = g_steal_pointer(&record->slug);
	article->path = g_steal_pointer(&record->path);
	article->former_hash = g_steal_pointer(&record->import_hash);
	article_record_free(record);
	return STATUS_OK;
}

/* Where the cover of `article` is now, or NULL. The caller frees it. */
static char *
cover_address(
    const struct import_plan *plan, const struct import_article *article)
{
	struct link_target target;
	const char *cover = article->front_matter.cover;

	return cover != NULL && import_resolve(plan, article->source, cover,
				    LINK_KIND_IMAGE, &target)
		   ? target.url
		   : NULL;
}

/*
 * The hash of the file, then one of how it is imported: so it can be seen
 * whether the author has changed something.
 */
static char *
hash_article(
    const struct import_plan *plan, const struct import_article *article)
{
	g_autofree char *text =
	    token_content_hash(article->bytes, article->size, TEXT_HASH_SIZE);
	g_autofree char *cover = cover_address(plan, article);
	g_autofree char *manner = g_strconcat(IMPORT_EDITION, "\n",
	    cover == NULL ? "" : cover, "\n", article->body, NULL);
	g_autofree char *manner_hash =
	    token_content_hash(manner, strlen(manner), MANNER_HASH_SIZE);

	return g_strconcat(text, "-", manner_hash, NULL);
}

/*
 * When what readers see was changed last, where the file does not say: when its
 * text was. An image that comes along or a link that is mended is no news.
 */
static int64_t
find_updated(
    const struct import_plan *plan, const struct import_article *article)
{
	bool is_same_text =
	    article->former_hash != NULL &&
	    strncmp(article->hash, article->former_hash, TEXT_HASH_SIZE) == 0;

	if (article->former_updated_at == 0)
		return article->published_at;
	return is_same_text ? article->former_updated_at
			    : MAX(plan->now, article->published_at);
}

void
import_former_compare(
    const struct import_plan *plan, struct import_article *article)
{
	const char *former = article->former_hash;

	article->hash = hash_article(plan, article);
	if (article->updated_at == 0)
		article->updated_at = find_updated(plan, article);
	if (article->id == 0)
		article->action = IMPORT_ADD;
	else
		article->action =
		    g_strcmp0(article->hash, former) == 0 && !article->is_due
			? IMPORT_KEEP
			: IMPORT_CHANGE;
}

/* Whether `reference`, as a page or an image, still leads where it led. */
static bool
leads_there(const struct import_plan *plan,
    const struct import_article *article,
    const struct document_reference *reference)
{
	static const enum link_kind kinds[] = { LINK_KIND_PAGE,
		LINK_KIND_IMAGE };
	size_t base_size = strlen(plan->site->settings.base_path);

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		struct link_target target = { 0 };
		g_autofree char *url = NULL;

		if (import_resolve(plan, article->source, reference->reference,
			kinds[i], &target))
			url = target.url;
		if (strcmp(url == NULL ? "" : url + base_size,
			reference->url) == 0)
			return true;
	}
	return false;
}

enum status
import_former_is_stale(const struct import_plan *plan,
    struct import_article *article, bool *out_is_stale)
{
	enum status status = STATUS_OK;

	if (article->references == NULL)
		status = rendering_list_references(
		    plan->site->database, article->id, &article->references);
	if (status != STATUS_OK)
		return status;
	*out_is_stale = false;
	for (guint i = 0; i < article->references->len; i++)
		if (!leads_there(plan, article,
			&g_array_index(
			    article->references, struct document_reference, i)))
			*out_is_stale = true;
	return STATUS_OK;
}
