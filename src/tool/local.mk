noinst_LIBRARIES += libtools.a
libtools_a_SOURCES = \
	include/tool/tool.h \
	src/tool/check.h \
	src/tool/check_limits.c \
	src/tool/check_web.c \
	src/tool/draft_folder.c \
	src/tool/draft_folder.h \
	src/tool/import_article.c \
	src/tool/import_article.h \
	src/tool/import_file.c \
	src/tool/import_file.h \
	src/tool/import_former.c \
	src/tool/import_former.h \
	src/tool/import_links.c \
	src/tool/import_liquid.c \
	src/tool/import_plan.c \
	src/tool/import_plan.h \
	src/tool/import_report.c \
	src/tool/import_report.h \
	src/tool/import_scan.c \
	src/tool/import_scan.h \
	src/tool/tool.c \
	src/tool/tool_author.c \
	src/tool/tool_backup.c \
	src/tool/tool_check.c \
	src/tool/tool_export.c \
	src/tool/tool_import.c \
	src/tool/tool_init.c \
	src/tool/tool_link.c \
	src/tool/tool_link.h \
	src/tool/tool_list.c \
	src/tool/tool_rebuild.c \
	src/tool/tool_restore.c \
	src/tool/tool_setting.c \
	src/tool/tool_work.c \
	src/tool/web_probe.c \
	src/tool/web_probe.h \
	$(NULL)
libtools_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(JANSSON_CFLAGS)

# The command line.
bin_PROGRAMS += byline
byline_SOURCES = src/tool/byline.c
# ctemplate and source-highlight are C++.
nodist_EXTRA_byline_SOURCES = src/tool/none.cc
byline_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
byline_LDADD = \
	libtools.a libview.a libtemplate.a libmodel.a libcontent.a libstore.a \
	libbase.a $(CMARK_LIBS) $(GUMBO_LIBS) $(HIGHLIGHT_LIBS) \
	$(FYAML_LIBS) $(JANSSON_LIBS) $(CTEMPLATE_LIBS) $(SQLITE_LIBS) \
	$(SODIUM_LIBS) $(SECCOMP_LIBS) $(GLIB_LIBS) \
	$(NULL)

dist_man_MANS += src/tool/byline.1
