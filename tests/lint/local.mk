# The house rules.
dist_check_SCRIPTS += tests/lint/lint.sh tests/lint/tidy.sh
TESTS += tests/lint/lint.sh
EXTRA_DIST += tests/support/suite.sh tests/support/summary.awk tests/run \
	tests/REQUIREMENTS.md \
	tests/lint/cppcheck.cfg tests/lint/cppcheck.txt .clang-format \
	.clang-tidy

# What takes minutes; the version of each tool matters, so that only .ci/run asks.
check-tidy: all
	$(AM_V_at)$(AM_TESTS_ENVIRONMENT) srcdir='$(srcdir)'; export srcdir; \
		$(top_srcdir)/tests/lint/tidy.sh
.PHONY: check-tidy
