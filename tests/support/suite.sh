# shellcheck shell=bash
# suite.sh - for tests written in shell: run each, report as cmocka does.
#
#   . "$srcdir/tests/support/suite.sh"
#   test_something() { ...; }      fails when its last command fails, or by `fail`
#   run_suite                      runs every test_ function, prints the summary
#
# A test that cannot run here calls `skip REASON`.

suite_passed=0
suite_failed=""
suite_skipped=""

# Say why, and end the test that calls it.
fail() {
  printf '%s\n' "$*"
  exit 1
}

skip() {
  printf 'skipped: %s\n' "$*"
  exit 77
}

run_one() {
  local code
  printf '[ RUN      ] %s\n' "$1"
  # Not "|| code=$?": that would switch set -e off inside.
  (
    set -eu
    "$1"
  )
  code=$?
  case $code in
  0)
    printf '[       OK ] %s\n' "$1"
    suite_passed=$((suite_passed + 1))
    ;;
  77)
    printf '[  SKIPPED ] %s\n' "$1"
    suite_skipped="$suite_skipped $1"
    ;;
  *)
    printf '[  FAILED  ] %s\n' "$1"
    suite_failed="$suite_failed $1"
    ;;
  esac
}

# The names in "$2", as cmocka lists those that did not pass.
list_outcome() {
  local label=$1 name
  shift
  (($#)) || return 0
  printf '[%s] %d test(s), listed below:\n' "$label" $#
  for name in "$@"; do
    printf '[%s] %s\n' "$label" "$name"
  done
}

run_suite() {
  local name
  for name in $(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p'); do
    run_one "$name"
  done
  printf '[==========] tests run.\n[  PASSED  ] %d test(s).\n' "$suite_passed"
  # shellcheck disable=SC2086 # names, split on purpose
  list_outcome "  SKIPPED " $suite_skipped
  # shellcheck disable=SC2086
  list_outcome "  FAILED  " $suite_failed
  [[ -z $suite_failed ]]
}
