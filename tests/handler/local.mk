# Tests of the handler layer: add to check_PROGRAMS and TESTS.
