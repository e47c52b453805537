# The house rules.
dist_check_SCRIPTS += tests/lint/lint.sh
TESTS += tests/lint/lint.sh
EXTRA_DIST += tests/support/suite.sh tests/support/summary.awk tests/run
