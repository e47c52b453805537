# What readers and authors see: real Chromium and real checkers on the pages of real nginx.
# run.sh starts a suite, and installs the packages that it needs.
TEST_EXTENSIONS = .mjs
MJS_LOG_COMPILER = bash $(srcdir)/tests/browser/run.sh
browser_tests = \
	tests/browser/test_layout.mjs \
	tests/browser/test_markup.mjs \
	tests/browser/test_arrival.mjs \
	tests/browser/test_pages.mjs \
	tests/browser/test_counting.mjs \
	tests/browser/test_desk.mjs \
	tests/browser/test_desk_library.mjs \
	tests/browser/test_desk_lists.mjs \
	tests/browser/test_desk_pages.mjs \
	tests/browser/test_editor.mjs \
	tests/browser/test_editor_faults.mjs \
	tests/browser/test_editor_fields.mjs \
	tests/browser/test_editor_files.mjs \
	tests/browser/test_editor_preview.mjs \
	$(NULL)
TESTS += $(browser_tests)
dist_check_SCRIPTS += tests/browser/run.sh tests/browser/site.py \
	tests/browser/desk_site.py
EXTRA_DIST += \
	$(browser_tests) \
	tests/browser/blogs/arabic/first.md \
	tests/browser/blogs/arabic/second.md \
	tests/browser/blogs/every/bare.md \
	tests/browser/blogs/every/drawing.svg \
	tests/browser/blogs/every/everything.md \
	tests/browser/browser.mjs \
	tests/browser/codes.mjs \
	tests/browser/day.mjs \
	tests/browser/desk.mjs \
	tests/browser/hands.mjs \
	tests/browser/html_rules.mjs \
	tests/browser/lighthouse/check_lighthouse.mjs \
	tests/browser/lighthouse/package-lock.json \
	tests/browser/lighthouse/package.json \
	tests/browser/look.mjs \
	tests/browser/looks.mjs \
	tests/browser/npmrc \
	tests/browser/package-lock.json \
	tests/browser/package.json \
	tests/browser/photograph.mjs \
	tests/support/suite.mjs \
	$(NULL)

# Lighthouse needs 200 packages and the machine for itself: asked for by name only,
# as .ci/run does.
check-lighthouse: byline byline.fcgi
	$(AM_TESTS_ENVIRONMENT) srcdir='$(srcdir)' \
	$(MJS_LOG_COMPILER) $(srcdir)/tests/browser/lighthouse/check_lighthouse.mjs
.PHONY: check-lighthouse

clean-local: clean-browser
clean-browser:
	rm -rf tests/browser/node_modules tests/browser/lighthouse \
		tests/browser/shots tests/browser/package.json \
		tests/browser/package-lock.json tests/browser/.npmrc \
		tests/browser/.lock tests/browser/npm-said.txt
.PHONY: clean-browser
