noinst_LIBRARIES += libcontent.a
libcontent_a_SOURCES = \
	include/content/code_language.h \
	include/content/document.h \
	include/content/front_matter.h \
	include/content/front_matter_field.h \
	include/content/highlighter.h \
	include/content/image_maker.h \
	include/content/image_result.h \
	include/content/image_size.h \
	include/content/markdown.h \
	include/content/renderer.h \
	include/content/sanitizer.h \
	include/content/title.h \
	include/content/toml_reader.h \
	include/content/yaml_reader.h \
	src/content/address.c \
	src/content/address.h \
	src/content/cleaning.h \
	src/content/code_block.c \
	src/content/code_block.h \
	src/content/code_language.c \
	src/content/document.c \
	src/content/document_lists.h \
	src/content/footnote.c \
	src/content/footnote.h \
	src/content/front_matter.c \
	src/content/front_matter_field.c \
	src/content/heading.c \
	src/content/heading.h \
	src/content/highlighter.cc \
	src/content/html_attribute.c \
	src/content/html_attribute.h \
	src/content/html_element.c \
	src/content/html_element.h \
	src/content/html_policy.c \
	src/content/html_policy.h \
	src/content/html_tree.c \
	src/content/html_tree.h \
	src/content/html_writer.c \
	src/content/html_writer.h \
	src/content/image_maker.c \
	src/content/image_result.c \
	src/content/image_size.c \
	src/content/markdown.c \
	src/content/prose.c \
	src/content/prose.h \
	src/content/renderer.c \
	src/content/renderer_child.c \
	src/content/renderer_child.h \
	src/content/renderer_message.c \
	src/content/renderer_message.h \
	src/content/sanitizer.c \
	src/content/title.c \
	src/content/toml_reader.cc \
	src/content/toml_text.c \
	src/content/toml_text.h \
	src/content/yaml_reader.c \
	$(NULL)
libcontent_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(CMARK_CFLAGS) \
	$(FYAML_CFLAGS)

# Definitions of languages, which source-highlight opens when it runs.
languagesdir = $(pkgdatadir)/languages
dist_languages_DATA = \
	src/content/languages/asm.lang \
	src/content/languages/c.lang \
	src/content/languages/console.lang \
	src/content/languages/cpp.lang \
	src/content/languages/csharp.lang \
	src/content/languages/css.lang \
	src/content/languages/diff.lang \
	src/content/languages/dockerfile.lang \
	src/content/languages/go.lang \
	src/content/languages/html.lang \
	src/content/languages/http.lang \
	src/content/languages/ini.lang \
	src/content/languages/java.lang \
	src/content/languages/javascript.lang \
	src/content/languages/json.lang \
	src/content/languages/kotlin.lang \
	src/content/languages/lua.lang \
	src/content/languages/makefile.lang \
	src/content/languages/nginx.lang \
	src/content/languages/part_attributes.lang \
	src/content/languages/part_comments.lang \
	src/content/languages/part_markup.lang \
	src/content/languages/part_number.lang \
	src/content/languages/part_preprocessor.lang \
	src/content/languages/part_strings.lang \
	src/content/languages/php.lang \
	src/content/languages/powershell.lang \
	src/content/languages/proto.lang \
	src/content/languages/python.lang \
	src/content/languages/ruby.lang \
	src/content/languages/rust.lang \
	src/content/languages/sh.lang \
	src/content/languages/sql.lang \
	src/content/languages/swift.lang \
	src/content/languages/toml.lang \
	src/content/languages/typescript.lang \
	src/content/languages/xml.lang \
	src/content/languages/yaml.lang \
	$(NULL)
