# Tests of the base layer: add to check_PROGRAMS and TESTS.
