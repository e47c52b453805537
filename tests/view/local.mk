# Tests of the view layer: add to check_PROGRAMS and TESTS.
check_PROGRAMS += \
	tests/view/test_feed_view \
	tests/view/test_static_file \
	$(NULL)
TESTS += \
	tests/view/test_feed_view \
	tests/view/test_static_file \
	$(NULL)
EXTRA_DIST += tests/golden/feed

tests_view_test_feed_view_SOURCES = \
	tests/view/feed_samples.c \
	tests/view/feed_samples.h \
	tests/view/test_feed_view.c \
	tests/view/xml_tree.c \
	tests/view/xml_tree.h \
	$(NULL)
tests_view_test_feed_view_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) \
	$(EXPAT_CFLAGS) $(JANSSON_CFLAGS)
tests_view_test_feed_view_LDADD = \
	libview.a libbase.a $(EXPAT_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)

tests_view_test_static_file_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_view_test_static_file_LDADD = \
	libview.a libbase.a $(SODIUM_LIBS) $(GLIB_LIBS) $(TEST_LIBS)

# The look of the site: every kind of page, made of sample_pages.c.
check_PROGRAMS += \
	tests/view/show_page \
	tests/view/test_desk_view \
	tests/view/test_layout \
	tests/view/test_site_article \
	tests/view/test_site_view \
	tests/view/test_style \
	tests/view/test_template_markers \
	$(NULL)
TESTS += \
	tests/view/test_desk_view \
	tests/view/test_layout \
	tests/view/test_site_article \
	tests/view/test_site_view \
	tests/view/test_style \
	tests/view/test_template_markers \
	$(NULL)

sample_page_sources = \
	tests/view/sample_blog.c \
	tests/view/sample_pages.c \
	tests/view/sample_pages.h \
	$(NULL)
sample_page_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) \
	-DSAMPLE_DIRECTORY='"$(abs_top_srcdir)/tests/view/samples"' \
	-DGOLDEN_DIRECTORY='"$(abs_top_srcdir)/tests/golden/site"' \
	-DMANUAL_DIRECTORY='"$(abs_top_srcdir)/cgi-bin"'
sample_page_libs = libview.a libtemplate.a libbase.a $(CTEMPLATE_LIBS) \
	$(SODIUM_LIBS) $(GLIB_LIBS)
EXTRA_DIST += tests/view/samples tests/golden/site

tests_view_show_page_SOURCES = \
	tests/view/show_page.c $(sample_page_sources)
tests_view_show_page_CPPFLAGS = $(sample_page_cppflags)
tests_view_show_page_LDADD = $(sample_page_libs)

# The pages of the desk, made of desk_samples.c.
desk_sample_sources = \
	tests/view/desk_samples.c \
	tests/view/desk_samples.h \
	tests/view/desk_samples_more.c \
	$(NULL)
desk_sample_libs = libview.a libtemplate.a libmodel.a libstore.a libbase.a \
	$(CTEMPLATE_LIBS) $(SQLITE_LIBS) $(SODIUM_LIBS) $(GLIB_LIBS)
EXTRA_DIST += tests/golden/desk

tests_view_test_desk_view_SOURCES = \
	tests/view/test_desk_view.c $(desk_sample_sources)
tests_view_test_desk_view_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) \
	-DGOLDEN_DIRECTORY='"$(abs_top_srcdir)/tests/golden/desk"'
tests_view_test_desk_view_LDADD = $(desk_sample_libs) $(TEST_LIBS)

tests_view_test_site_article_SOURCES = \
	tests/view/test_site_article.c $(sample_page_sources)
tests_view_test_site_article_CPPFLAGS = $(sample_page_cppflags)
tests_view_test_site_article_LDADD = $(sample_page_libs) $(TEST_LIBS)

tests_view_test_layout_SOURCES = \
	tests/view/test_layout.c $(sample_page_sources)
tests_view_test_layout_CPPFLAGS = $(sample_page_cppflags)
tests_view_test_layout_LDADD = $(sample_page_libs) $(TEST_LIBS)

tests_view_test_site_view_SOURCES = \
	tests/view/test_site_view.c $(sample_page_sources)
tests_view_test_site_view_CPPFLAGS = $(sample_page_cppflags)
tests_view_test_site_view_LDADD = $(sample_page_libs) $(TEST_LIBS)

tests_view_test_style_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS)
tests_view_test_style_LDADD = \
	libview.a libbase.a $(SODIUM_LIBS) $(GLIB_LIBS) $(TEST_LIBS) -lm

# What the views set is seen by standing in for the functions that set it.
tests_view_test_template_markers_SOURCES = \
	tests/view/test_template_markers.c $(sample_page_sources) \
	$(desk_sample_sources)
tests_view_test_template_markers_CPPFLAGS = $(sample_page_cppflags)
tests_view_test_template_markers_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=template_dict_new,--wrap=template_dict_set \
	-Wl,--wrap=template_dict_set_integer \
	-Wl,--wrap=template_dict_set_trusted_html \
	-Wl,--wrap=template_dict_show,--wrap=template_dict_add \
	-Wl,--wrap=template_dict_include
tests_view_test_template_markers_LDADD = $(desk_sample_libs) $(TEST_LIBS)
