# Migrations are built into every program that opens a database.
EXTRA_DIST += build-aux/embed.awk

migration_sql = \
	db/migrations/0001_public_side.sql \
	db/migrations/0002_accounts.sql \
	db/migrations/0003_writing.sql \
	db/migrations/0004_pieces.sql \
	db/migrations/0005_media.sql \
	db/migrations/0006_article_fields.sql \
	db/migrations/0007_file_uploads.sql \
	db/migrations/0008_counting.sql \
	db/migrations/0009_faces.sql \
	db/migrations/0010_revision_fields.sql \
	db/migrations/0011_draft_search.sql \
	$(NULL)
EXTRA_DIST += $(migration_sql) db/schema.sql db/make-schema

# Turn the files after the script into a C table called $(1), named from $(2) on.
embed = $(MKDIR_P) $(@D) && $(AWK) -v symbol=$(1) -v strip=$(2) \
	-f $(top_srcdir)/build-aux/embed.awk

db/migration_files.c: $(migration_sql) build-aux/embed.awk
	$(AM_V_GEN)$(call embed,migration_files,db/migrations/) \
		$(addprefix $(top_srcdir)/,$(migration_sql)) > $@.new && mv $@.new $@
CLEANFILES += db/migration_files.c
