# Templates and static files are built into the programs that show pages: a
# page then needs no file but the theme's, if there is one.
site_templates = \
	templates/site/article.html \
	templates/site/author.html \
	templates/site/error.html \
	templates/site/follow.html \
	templates/site/index.html \
	templates/site/layout.html \
	templates/site/listing.html \
	templates/site/page.html \
	templates/site/paging.html \
	templates/site/search.html \
	templates/site/search_form.html \
	templates/site/subscribe.html \
	$(NULL)
feed_templates = \
	$(NULL)
static_sources = \
	templates/static/icon.svg \
	templates/static/style.css \
	$(NULL)
EXTRA_DIST += $(site_templates) $(feed_templates) $(static_sources)

template_sources = $(site_templates) $(feed_templates)

templates/template_files.c: $(template_sources) build-aux/embed.awk
	$(AM_V_GEN)$(call embed,template_files,templates/) \
		$(addprefix $(top_srcdir)/,$(template_sources)) \
		< /dev/null > $@.new && mv $@.new $@

templates/static_files.c: $(static_sources) build-aux/embed.awk
	$(AM_V_GEN)$(call embed,builtin_static_files,templates/static/) \
		$(addprefix $(top_srcdir)/,$(static_sources)) \
		< /dev/null > $@.new && mv $@.new $@

# A file taken out of a list leaves no newer source behind: the list counts too.
templates/template_files.c templates/static_files.c: templates/local.mk

CLEANFILES += templates/template_files.c templates/static_files.c
