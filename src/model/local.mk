noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES = \
	include/model/article.h \
	include/model/author.h \
	include/model/category.h \
	include/model/media.h \
	include/model/permalink.h \
	include/model/redirect.h \
	include/model/rendering.h \
	include/model/search.h \
	include/model/setting.h \
	include/model/site.h \
	include/model/tag.h \
	src/model/article.c \
	src/model/article_field.c \
	src/model/article_index.c \
	src/model/article_list.c \
	src/model/article_path.c \
	src/model/article_private.h \
	src/model/article_record.c \
	src/model/article_related.c \
	src/model/article_save.c \
	src/model/author.c \
	src/model/category.c \
	src/model/clean.c \
	src/model/clean.h \
	src/model/media.c \
	src/model/permalink.c \
	src/model/redirect.c \
	src/model/rendering.c \
	src/model/search.c \
	src/model/search_snippet.c \
	src/model/search_snippet.h \
	src/model/setting.c \
	src/model/site.c \
	src/model/tag.c \
	src/model/term.c \
	src/model/term.h \
	$(NULL)
libmodel_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
