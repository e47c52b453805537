noinst_LIBRARIES += libhandler.a
libhandler_a_SOURCES = \
	$(NULL)
