# Tests of the store layer: add to check_PROGRAMS and TESTS.
