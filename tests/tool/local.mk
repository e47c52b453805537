# Tests of the tool layer: add to check_PROGRAMS and TESTS.
