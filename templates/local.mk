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
# The desk has its own: no reader gets them, and no theme changes them.
desk_templates = \
	templates/desk/account.html \
	templates/desk/articles.html \
	templates/desk/author.html \
	templates/desk/authors.html \
	templates/desk/codes.html \
	templates/desk/editor.html \
	templates/desk/error.html \
	templates/desk/field.html \
	templates/desk/fields.html \
	templates/desk/finding.html \
	templates/desk/form.html \
	templates/desk/file.html \
	templates/desk/front.html \
	templates/desk/layout.html \
	templates/desk/media.html \
	templates/desk/merge.html \
	templates/desk/paging.html \
	templates/desk/parts.html \
	templates/desk/profile.html \
	templates/desk/publication.html \
	templates/desk/recovery.html \
	templates/desk/redirects.html \
	templates/desk/revision.html \
	templates/desk/revisions.html \
	templates/desk/runs.html \
	templates/desk/export.html \
	templates/desk/settings.html \
	templates/desk/sharing.html \
	templates/desk/term.html \
	templates/desk/terms.html \
	templates/desk/views.html \
	$(NULL)
# The look of all its pages, which browsers get as one file.
desk_style_sources = \
	templates/static/desk/frame.css \
	templates/static/desk/lists.css \
	$(NULL)
desk_sources = \
	templates/static/editor.css \
	templates/static/icon.svg \
	$(NULL)
# The script of the editor and the library, in the order in which its parts are joined.
desk_script_sources = \
	templates/static/desk/page.js \
	templates/static/desk/requests.js \
	templates/static/desk/drafts.js \
	templates/static/desk/saving.js \
	templates/static/desk/preview.js \
	templates/static/desk/tools.js \
	templates/static/desk/uploads.js \
	templates/static/desk/begin.js \
	$(NULL)
EXTRA_DIST += $(site_templates) $(feed_templates) $(static_sources) \
	$(desk_templates) $(desk_sources) $(desk_style_sources) \
	$(desk_script_sources) build-aux/join-script.awk

template_sources = $(site_templates) $(feed_templates)

templates/template_files.c: $(template_sources) build-aux/embed.awk
	$(AM_V_GEN)$(call embed,template_files,templates/) \
		$(addprefix $(top_srcdir)/,$(template_sources)) \
		< /dev/null > $@.new && mv $@.new $@

templates/static_files.c: $(static_sources) build-aux/embed.awk
	$(AM_V_GEN)$(call embed,builtin_static_files,templates/static/) \
		$(addprefix $(top_srcdir)/,$(static_sources)) \
		< /dev/null > $@.new && mv $@.new $@

templates/desk_template_files.c: $(desk_templates) build-aux/embed.awk
	$(AM_V_GEN)$(call embed,desk_template_files,templates/) \
		$(addprefix $(top_srcdir)/,$(desk_templates)) \
		< /dev/null > $@.new && mv $@.new $@

templates/static/desk.css: $(desk_style_sources) templates/local.mk
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
		cat $(addprefix $(top_srcdir)/,$(desk_style_sources)) \
		> $@.new && mv $@.new $@

# One file for browsers, without what only people read.
templates/static/desk.js: $(desk_script_sources) build-aux/join-script.awk \
		templates/local.mk
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
		$(AWK) -f $(top_srcdir)/build-aux/join-script.awk \
		$(addprefix $(top_srcdir)/,$(desk_script_sources)) \
		> $@.new && mv $@.new $@

desk_joined = templates/static/desk.css templates/static/desk.js
CLEANFILES += $(desk_joined)

templates/desk_files.c: $(desk_sources) $(desk_joined) build-aux/embed.awk
	$(AM_V_GEN)$(call embed,builtin_desk_files,templates/static/) \
		$(addprefix $(top_srcdir)/,$(desk_sources)) $(desk_joined) \
		< /dev/null > $@.new && mv $@.new $@

# A file taken out of a list leaves no newer source behind: the list counts too.
embedded_files = \
	templates/desk_files.c \
	templates/desk_template_files.c \
	templates/static_files.c \
	templates/template_files.c \
	$(NULL)
$(embedded_files): templates/local.mk

CLEANFILES += $(embedded_files)
