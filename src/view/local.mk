noinst_LIBRARIES += libview.a
libview_a_SOURCES = \
	include/view/desk_account_view.h \
	include/view/desk_article_view.h \
	include/view/desk_front_view.h \
	include/view/desk_media_view.h \
	include/view/desk_settings_view.h \
	include/view/desk_theme.h \
	include/view/desk_view.h \
	include/view/layout.h \
	include/view/site_view.h \
	src/view/desk_account.c \
	src/view/desk_editor.c \
	src/view/desk_form.c \
	src/view/desk_front.c \
	src/view/desk_label.c \
	src/view/desk_layout.c \
	src/view/desk_list.c \
	src/view/desk_media.c \
	src/view/desk_paging.c \
	src/view/desk_parts.h \
	src/view/desk_redirects.c \
	src/view/desk_settings.c \
	src/view/desk_terms.c \
	src/view/desk_theme.c \
	src/view/desk_views.c \
	src/view/error_words.c \
	src/view/error_words.h \
	src/view/layout.c \
	src/view/site_article.c \
	src/view/site_listing.c \
	src/view/site_parts.c \
	src/view/site_parts.h \
	src/view/site_search.c \
	src/view/site_view.c \
	include/view/builtin_files.h \
	include/view/feed_view.h \
	include/view/static_file.h \
	src/view/feed_atom.c \
	src/view/feed_json.c \
	src/view/feed_parts.h \
	src/view/feed_rss.c \
	src/view/feed_view.c \
	src/view/sitemap.c \
	src/view/static_file.c \
	$(NULL)
# Whole files stand in these as one string each.
nodist_libview_a_SOURCES = \
	templates/desk_files.c \
	templates/desk_template_files.c \
	templates/static_files.c \
	templates/template_files.c \
	$(NULL)
libview_a_CFLAGS = $(AM_CFLAGS) -Wno-overlength-strings
libview_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
