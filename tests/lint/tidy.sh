#!/usr/bin/env bash
# tidy.sh - clang-tidy and cppcheck find nothing in what is built. Some minutes of
# work, so that it stands apart from the suite: `make check-tidy`.
srcdir=${srcdir:-.}
# shellcheck source=tests/support/suite.sh
. "$srcdir/tests/support/suite.sh"
cd "$srcdir" || exit 1

# What configure chose for variable $1.
build_variable() {
  sed -n "s/^$1 = //p" "${builddir:?}/Makefile"
}

compiler_flags() {
  local variable
  printf -- '-D_GNU_SOURCE -iquote include -iquote %s ' "$builddir"
  printf -- '-include include/base/banned.h -DBYLINE_DATADIR="" '
  for variable in GLIB SQLITE SODIUM SECCOMP OATH QRENCODE FYAML JANSSON CMARK VIPS; do
    build_variable "${variable}_CFLAGS"
  done | tr '\n' ' '
}

# clang-tidy for the files on standard input, one by one: version 14 takes what it
# learnt of one file for the next.
tidy() {
  xargs -P "$(nproc)" -I "{}" clang-tidy --quiet "{}" -- "$@" $(compiler_flags) \
    2> >(grep -v "warnings\? generated" >&2)
}

test_clang_tidy_finds_nothing_in_c() {
  command -v clang-tidy >/dev/null || skip "clang-tidy is not installed"
  find src cgi-bin -name '*.c' | tidy -std=c17
}

test_clang_tidy_finds_nothing_in_cpp() {
  command -v clang-tidy >/dev/null || skip "clang-tidy is not installed"
  find src cgi-bin -name '*.cc' | tidy -std=c++17
}

test_cppcheck_finds_nothing() {
  command -v cppcheck >/dev/null || skip "cppcheck is not installed"
  cppcheck -q -j "$(nproc)" --error-exitcode=1 --inline-suppr \
    --enable=warning,performance,portability --library=tests/lint/cppcheck.cfg \
    --suppressions-list=tests/lint/cppcheck.txt \
    -Iinclude "-I$builddir" src cgi-bin
}

run_suite
