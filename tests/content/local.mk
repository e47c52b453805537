# Tests of the content layer: add to check_PROGRAMS and TESTS.
