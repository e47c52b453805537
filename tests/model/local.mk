# Tests of the model layer: add to check_PROGRAMS and TESTS.
