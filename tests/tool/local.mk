# Tests of the command line, by the real program.
dist_check_SCRIPTS += tests/tool/test_import.py
TESTS += tests/tool/test_import.py
EXTRA_DIST += tests/support/suite.py
