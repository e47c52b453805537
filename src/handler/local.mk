noinst_LIBRARIES += libhandler.a
libhandler_a_SOURCES = \
	include/handler/desk_routes.h \
	include/handler/site_routes.h \
	src/handler/answer.c \
	src/handler/answer.h \
	src/handler/desk_account.c \
	src/handler/desk_article.h \
	src/handler/desk_article_form.c \
	src/handler/desk_articles.c \
	src/handler/desk_authors.c \
	src/handler/desk_codes.c \
	src/handler/desk_confirm.c \
	src/handler/desk_cookie.c \
	src/handler/desk_draft.c \
	src/handler/desk_file_upload.c \
	src/handler/desk_export.c \
	src/handler/desk_files.c \
	src/handler/desk_front.c \
	src/handler/desk_guard.c \
	src/handler/desk_handler.h \
	src/handler/desk_link.c \
	src/handler/desk_media.c \
	src/handler/desk_notice.c \
	src/handler/desk_publication.c \
	src/handler/desk_redirects.c \
	src/handler/desk_revisions.c \
	src/handler/desk_routes.c \
	src/handler/desk_save.c \
	src/handler/desk_script.c \
	src/handler/desk_session.c \
	src/handler/desk_settings.c \
	src/handler/desk_setup.c \
	src/handler/desk_sharing.c \
	src/handler/desk_terms.c \
	src/handler/desk_text_upload.c \
	src/handler/kept_page.c \
	src/handler/site_feeds.c \
	src/handler/site_files.c \
	src/handler/site_handler.h \
	src/handler/site_pages.c \
	src/handler/site_routes.c \
	src/handler/site_taxonomy.c \
	src/handler/site_views.c \
	$(NULL)
libhandler_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
