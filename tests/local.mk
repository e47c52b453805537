# Every group of tests adds itself to TESTS in its own file. All of them, whatever
# language they are written in, end with cmocka's own summary lines ("[  PASSED  ]
# 7 test(s)."), which tests/support/summary.awk adds up.
TEST_LIBS = $(CMOCKA_LIBS)

include tests/base/local.mk
include tests/store/local.mk
include tests/content/local.mk
include tests/model/local.mk
include tests/http/local.mk
include tests/template/local.mk
include tests/view/local.mk
include tests/handler/local.mk
include tests/tool/local.mk
include tests/lint/local.mk
