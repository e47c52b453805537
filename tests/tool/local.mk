# Tests of the command line, by the real program.
tool_tests = \
	tests/tool/test_author.py \
	tests/tool/test_backup.py \
	tests/tool/test_check.py \
	tests/tool/test_check_web.py \
	tests/tool/test_export.py \
	tests/tool/test_import.py \
	tests/tool/test_import_faults.py \
	tests/tool/test_quickstart.py \
	tests/tool/test_rebuild.py \
	tests/tool/test_setting.py \
	tests/tool/test_usage.py \
	$(NULL)
dist_check_SCRIPTS += $(tool_tests)
TESTS += $(tool_tests)
EXTRA_DIST += tests/support/suite.py tests/tool/importing.py
# What ./quickstart leaves in the build folder that it is told to use.
CLEANFILES += make.log install.log
