#!/usr/bin/env bash
# valgrind.sh - the test programs written in C, under valgrind.
#
#   tests/valgrind.sh BUILD_DIR PROGRAM...
#
# A program that valgrind finds an error or a leak in has failed. Those in `left_out`
# take minutes under valgrind for their thousands of inputs, kill what is too slow
# under it, enter a sandbox, or render an article in a child whose limit of memory
# leaves valgrind no room; the address sanitizer looks at them instead.
srcdir=${srcdir:-.}
# shellcheck source=tests/support/suite.sh
. "$srcdir/tests/support/suite.sh"
cd "${1:?tests/valgrind.sh BUILD_DIR PROGRAM...}" || exit 1
shift

left_out="
  tests/base/test_password_rules
  tests/content/test_document tests/content/test_renderer
  tests/content/test_sanitizer_xss tests/http/test_fcgi
  tests/http/test_supervisor tests/model/test_search
  tests/template/test_template_random tests/handler/test_failures
  tests/handler/test_injection tests/image/test_images
  tests/image/test_hostile_images
  tests/handler/test_desk_articles tests/handler/test_desk_draft
  tests/handler/test_desk_errors tests/handler/test_desk_fields
  tests/handler/test_desk_front tests/handler/test_desk_list
  tests/handler/test_desk_publication tests/handler/test_desk_renaming
  tests/handler/test_desk_revisions tests/handler/test_desk_series
  tests/handler/test_desk_session tests/model/test_visit
  tests/model/test_writer
"

check_program() {
  valgrind --quiet --error-exitcode=99 --leak-check=full \
    --show-leak-kinds=definite --errors-for-leak-kinds=definite \
    --suppressions="$srcdir/tests/support/valgrind.supp" \
    --trace-children=no "./$1" >"$1.valgrind.log" 2>&1 || {
    tail -n 40 "$1.valgrind.log"
    return 1
  }
}

command -v valgrind >/dev/null || {
  printf 'valgrind is not installed\n'
  exit 1
}
for program in "$@"; do
  name=test_${program//[^a-z0-9]/_}
  case $left_out in
  *"$program"[[:space:]]*) eval "$name() { skip 'not for valgrind'; }" ;;
  *) eval "$name() { check_program '$program'; }" ;;
  esac
done
run_suite
