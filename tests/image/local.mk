# Tests of byline-image: real images, made by libvips, through the real program.
if IMAGES
image_tests = \
	tests/image/test_image_kind \
	tests/image/test_images \
	tests/image/test_hostile_images \
	tests/image/test_image_program \
	$(NULL)
check_PROGRAMS += $(image_tests)
TESTS += $(image_tests)

image_test_cppflags = $(AM_CPPFLAGS) $(GLIB_CFLAGS) $(CMOCKA_CFLAGS) \
	$(VIPS_CFLAGS)
image_test_libs = libcontent.a libbase.a $(VIPS_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)
image_test_workshop = tests/image/sample.c tests/image/sample.h \
	tests/image/workshop.c tests/image/workshop.h

tests_image_test_image_kind_SOURCES = tests/image/test_image_kind.c
tests_image_test_image_kind_CPPFLAGS = $(image_test_cppflags)
tests_image_test_image_kind_LDADD = libimage.a $(GLIB_LIBS) $(TEST_LIBS)

tests_image_test_images_SOURCES = tests/image/test_images.c \
	$(image_test_workshop)
tests_image_test_images_CPPFLAGS = $(image_test_cppflags)
tests_image_test_images_LDADD = $(image_test_libs)

tests_image_test_hostile_images_SOURCES = tests/image/test_hostile_images.c \
	$(image_test_workshop)
tests_image_test_hostile_images_CPPFLAGS = $(image_test_cppflags)
tests_image_test_hostile_images_LDADD = $(image_test_libs)

tests_image_test_image_program_SOURCES = tests/image/test_image_program.c
tests_image_test_image_program_CPPFLAGS = $(image_test_cppflags) \
	$(SECCOMP_CFLAGS)
tests_image_test_image_program_LDADD = $(SECCOMP_LIBS) $(GLIB_LIBS) \
	$(TEST_LIBS)
endif
