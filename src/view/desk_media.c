/*
 * desk_media.c - the library of files that were uploaded.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "model/media.h"
#include "template/template_engine.h"
#include "view/desk_media_view.h"
#include "view/desk_view.h"
#include "view/layout.h"

#include "desk_parts.h"
#include "site_parts.h"

static bool
is_picture(const struct media *media)
{
	return media->width > 0 &&
	       g_str_has_prefix(media->content_type, "image/");
}

static void
fill_picture(struct template_dict *dict, const struct desk_view *view,
    const struct media *media)
{
	g_autofree char *path = g_strconcat("/media/", media->path, NULL);

	template_dict_show(dict, "PICTURES");
	desk_set_url(dict, "PICTURE_URL", view, path);
	template_dict_set(dict, "PICTURE_ALT", media->alt);
	template_dict_set_integer(dict, "WIDTH", media->width);
	template_dict_set_integer(dict, "HEIGHT", media->height);
}

static void
fill_file(struct template_dict *dict, const struct desk_view *view,
    const struct media *media)
{
	g_autofree char *size = g_format_size((guint64)media->size);

	template_dict_set_integer(dict, "ID", media->id);
	template_dict_set(dict, "SIZE", size);
	if (is_picture(media))
		fill_picture(dict, view, media);
}

/* What a file is to people, by what its type begins with; the last one is of
 * every other. */
static const struct {
	const char *type;
	const char *kind;
} KINDS[] = {
	{ "image/", "Image" },
	{ "video/", "Video" },
	{ "audio/", "Sound" },
	{ "text/", "Text" },
	{ "application/pdf", "PDF" },
	{ "application/zip", "Archive" },
	{ "application/gzip", "Archive" },
	{ "", "File" },
};

static const char *
kind_of(const struct media *media)
{
	size_t i = 0;

	while (!g_str_has_prefix(media->content_type, KINDS[i].type))
		i++;
	return KINDS[i].kind;
}

/* "2 articles, 1 author", in which it is used. The caller frees it. */
static char *
make_uses(const struct media *media)
{
	g_autofree char *articles =
	    layout_count(media->use_count, "article", "articles");
	g_autofree char *authors =
	    layout_count(media->face_count, "author", "authors");

	if (media->use_count > 0 && media->face_count > 0)
		return g_strdup_printf("%s, %s", articles, authors);
	if (media->use_count > 0)
		return g_steal_pointer(&articles);
	return media->face_count > 0 ? g_steal_pointer(&authors)
				     : g_strdup("not used");
}

/* One of the list. */
static void
fill_entry(struct template_dict *dict, const struct desk_view *view,
    const struct media *media)
{
	g_autofree char *uses = make_uses(media);

	fill_file(dict, view, media);
	template_dict_set(dict, "NAME", media->original_name);
	template_dict_set(dict, "USES", uses);
	if (!is_picture(media))
		part_show(dict, "KINDS", "KIND", kind_of(media));
}

enum status
desk_view_media(const struct desk_view *view,
    const struct desk_media_page *page, GString *out)
{
	const struct desk_paging paging = { "/desk/media", page->text,
		page->page, page->page_count, true };
	struct desk_page frame;

	desk_page_init(&frame, view, "Media", "desk/media.html");
	desk_page_run_script(&frame);
	desk_show_problem(
	    frame.main, "PAGE_PROBLEMS", "PAGE_PROBLEM", page->problem);
	template_dict_set(frame.main, "ALT", page->alt);
	template_dict_set(frame.main, "TEXT", page->text);
	if (page->media->len == 0)
		part_show(frame.main, "EMPTY_NOTES", "EMPTY_NOTE",
		    text_is_given(page->text)
			? "No name and nothing said of one has that in it."
			: "Nothing has been uploaded yet.");
	for (guint i = 0; i < page->media->len; i++)
		fill_entry(template_dict_add(frame.main, "FILES"), view,
		    g_ptr_array_index(page->media, i));
	desk_fill_paging(frame.main, view, &paging);
	return desk_page_finish(&frame, out);
}

/* How an article names it. The caller frees it. */
static char *
make_markdown(const struct media *media)
{
	return g_strdup_printf("%s[%s](/media/%s)",
	    is_picture(media) ? "!" : "",
	    media->alt[0] != '\0' ? media->alt : media->original_name,
	    media->path);
}

static void
fill_use(struct template_dict *dict, const struct media_use *use)
{
	struct template_dict *row =
	    template_dict_add(dict, use->is_face ? "FACES" : "USE_LINKS");

	if (use->is_face) {
		template_dict_set(row, "FACE_NAME", use->title);
		return;
	}
	template_dict_set_integer(row, "ARTICLE_ID", use->id);
	template_dict_set(row, "ARTICLE_TITLE", use->title);
}

enum status
desk_view_file(const struct desk_view *view, const struct desk_file_page *page,
    GString *out)
{
	const struct media *media = page->media;
	const struct desk_field field = {
		.kind = DESK_FIELD_TEXT,
		.name = "alt",
		.value = page->alt,
		.hint = "For who cannot see it, and for who looks for it here.",
		.problem = page->alt_problem,
		.rows = 2,
	};
	g_autofree char *markdown = make_markdown(media);
	struct desk_page frame;

	desk_page_init(&frame, view, media->original_name, "desk/file.html");
	fill_file(frame.main, view, media);
	if (is_picture(media)) {
		g_autofree char *cover =
		    g_strconcat("/media/", media->path, NULL);

		template_dict_show(frame.main, "EXTENTS");
		part_show(frame.main, "COVERS", "COVER", cover);
	}
	template_dict_set(frame.main, "MARKDOWN", markdown);
	desk_fill_fields(frame.main, &field, 1);
	if (page->uses->len == 0)
		template_dict_show(frame.main, "UNUSED_NOTES");
	for (guint i = 0; i < page->uses->len; i++)
		fill_use(frame.main, g_ptr_array_index(page->uses, i));
	template_dict_set(frame.main, "DELETE_WARNING",
	    page->uses->len > 0 ? "It is used: where it stands, nothing will "
				  "be shown, and whose picture it is has none."
				: "It cannot be had back.");
	return desk_page_finish(&frame, out);
}
