# Real web servers before the real program.
web_tests = \
	tests/web/test_same_answers.py \
	$(NULL)
dist_check_SCRIPTS += $(web_tests)
TESTS += $(web_tests)
EXTRA_DIST += tests/web/harness.py sample
