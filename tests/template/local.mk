# Tests of the template layer: add to check_PROGRAMS and TESTS.
