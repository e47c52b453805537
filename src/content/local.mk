noinst_LIBRARIES += libcontent.a
libcontent_a_SOURCES = \
	$(NULL)
