# Real web servers before the real program.
web_tests = \
	tests/web/test_database_faults.py \
	tests/web/test_faults.py \
	tests/web/test_fcgi_probe.py \
	tests/web/test_hardening.py \
	tests/web/test_kept_pages.py \
	tests/web/test_processes.py \
	tests/web/test_safety.py \
	tests/web/test_same_answers.py \
	tests/web/test_slow_clients.py \
	tests/web/test_theme.py \
	$(NULL)
dist_check_SCRIPTS += $(web_tests)
TESTS += $(web_tests)
EXTRA_DIST += tests/web/fcgi_probe.py tests/web/fcgi_probe.txt \
	tests/web/harness.py sample
