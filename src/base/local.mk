noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	include/base/banned.h \
	include/base/content_type.h \
	include/base/data_file.h \
	include/base/date.h \
	include/base/file.h \
	include/base/image_limit.h \
	include/base/language.h \
	include/base/launcher.h \
	include/base/logger.h \
	include/base/memory.h \
	include/base/one_time_code.h \
	include/base/password_rules.h \
	include/base/qr_code.h \
	include/base/recovery_code.h \
	include/base/sandbox.h \
	include/base/settings.h \
	include/base/status.h \
	include/base/tally.h \
	include/base/tar_writer.h \
	include/base/text.h \
	include/base/text_difference.h \
	include/base/time_zone.h \
	include/base/token.h \
	src/base/character.c \
	src/base/character.h \
	src/base/content_type.c \
	src/base/data_file.c \
	src/base/date.c \
	src/base/date_parse.c \
	src/base/date_words.c \
	src/base/file.c \
	src/base/language.c \
	src/base/launcher.c \
	src/base/logger.c \
	src/base/memory.c \
	src/base/one_time_code.c \
	src/base/password_guess.c \
	src/base/password_guess.h \
	src/base/password_rules.c \
	src/base/password_words.c \
	src/base/qr_code.c \
	src/base/recovery_code.c \
	src/base/sandbox.c \
	src/base/sequence_difference.c \
	src/base/sequence_difference.h \
	src/base/settings.c \
	src/base/settings_check.c \
	src/base/settings_check.h \
	src/base/status.c \
	src/base/tally.c \
	src/base/tar_writer.c \
	src/base/text.c \
	src/base/text_difference.c \
	src/base/text_difference_fold.c \
	src/base/text_escape.c \
	src/base/text_pair.c \
	src/base/text_pair.h \
	src/base/text_pieces.c \
	src/base/text_pieces.h \
	src/base/text_slug.c \
	src/base/time_zone.c \
	src/base/token.c \
	$(NULL)
libbase_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(SODIUM_CFLAGS) \
	$(SECCOMP_CFLAGS) $(OATH_CFLAGS) $(QRENCODE_CFLAGS)
dist_man_MANS += cgi-bin/byline.conf.5
