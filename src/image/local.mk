# Only byline-image links this layer, and with it libvips.
if IMAGES
noinst_LIBRARIES += libimage.a
libimage_a_SOURCES = \
	include/image/image_kind.h \
	include/image/picture.h \
	include/image/rendition.h \
	src/image/image_kind.c \
	src/image/picture.c \
	src/image/rendition.c \
	src/image/webp_file.c \
	src/image/webp_file.h \
	$(NULL)
libimage_a_CPPFLAGS = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(VIPS_CFLAGS)
endif
