noinst_LIBRARIES += libtools.a
libtools_a_SOURCES = \
	$(NULL)
