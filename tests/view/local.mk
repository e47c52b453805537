# Tests of the view layer: add to check_PROGRAMS and TESTS.
