# Tests of the http layer: add to check_PROGRAMS and TESTS.
