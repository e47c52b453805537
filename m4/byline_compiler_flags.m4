dnl BYLINE_COMPILER_FLAGS
dnl Switches for how the compiler is called, one variable for each purpose:
dnl WARNING_CFLAGS, WARNING_CXXFLAGS, HARDENING_CFLAGS, HARDENING_LDFLAGS,
dnl SANITIZER_FLAGS, FUZZING_FLAGS, COVERAGE_FLAGS. Warnings are fatal only
dnl with --enable-werror: a user's newer compiler must not stop a build.
AC_DEFUN([BYLINE_COMPILER_FLAGS], [
AC_ARG_ENABLE([werror],
  [AS_HELP_STRING([--enable-werror], [make warnings fatal (for CI)])],
  [], [enable_werror=no])
AC_ARG_ENABLE([hardening],
  [AS_HELP_STRING([--disable-hardening],
    [leave out _FORTIFY_SOURCE, stack protector, PIE and full RELRO])],
  [], [enable_hardening=yes])
AC_ARG_ENABLE([sanitizers],
  [AS_HELP_STRING([--enable-sanitizers],
    [build with the address and undefined behaviour sanitizers])],
  [], [enable_sanitizers=no])
AC_ARG_ENABLE([fuzzing],
  [AS_HELP_STRING([--enable-fuzzing],
    [build the fuzz targets with libFuzzer (needs CC=clang)])],
  [], [enable_fuzzing=no])
AC_ARG_ENABLE([coverage],
  [AS_HELP_STRING([--enable-coverage], [build for gcov])],
  [], [enable_coverage=no])
AC_ARG_ENABLE([static-programs],
  [AS_HELP_STRING([--disable-static-programs],
    [link byline.fcgi against shared libraries; a statically linked program
     starts in half the time, which is what plain CGI pays for every page])],
  [], [enable_static_programs=yes])

dnl -Wshadow finds a name that hides another; -Wformat=2 a format that is not
dnl a literal; the prototypes' three hold "one header a file" true; -Wvla keeps
dnl the stack bounded; -Wundef finds a misspelt macro. In C a block opens with
dnl its declarations (-Wdeclaration-after-statement).
shared_warnings="-Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wpointer-arith -Wwrite-strings -Wvla -Wundef"
WARNING_CFLAGS="$shared_warnings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wdeclaration-after-statement"
WARNING_CXXFLAGS="$shared_warnings"
AS_IF([test "$enable_werror" = yes], [
  WARNING_CFLAGS="$WARNING_CFLAGS -Werror"
  WARNING_CXXFLAGS="$WARNING_CXXFLAGS -Werror"])

dnl A sanitizer needs its own run-time library, which no static program can
dnl load, and _FORTIFY_SOURCE would hide what it looks for.
AS_IF([test "$enable_sanitizers" = yes], [
  SANITIZER_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
  enable_static_programs=no
  enable_hardening=no
  AC_DEFINE([WITH_SANITIZERS], [1],
    [Built with sanitizers, which need system calls and memory that the
     sandbox forbids.])])
AS_IF([test "$enable_fuzzing" = yes], [
  FUZZING_FLAGS="-fsanitize=fuzzer-no-link"
  enable_static_programs=no])
AS_IF([test "$enable_coverage" = yes], [
  COVERAGE_FLAGS="--coverage"
  enable_static_programs=no])
AS_IF([test "$enable_hardening" = yes], [
  HARDENING_CPPFLAGS="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"
  HARDENING_CFLAGS="-fstack-protector-strong -fstack-clash-protection -fPIE"
  dnl Only some processors have it, and compilers refuse it for the others.
  save_CFLAGS="$CFLAGS"
  CFLAGS="$CFLAGS -fcf-protection"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
    [HARDENING_CFLAGS="$HARDENING_CFLAGS -fcf-protection"])
  CFLAGS="$save_CFLAGS"
  HARDENING_LDFLAGS="-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack"
  PIE_LDFLAGS="-pie"])
STATIC_LDFLAGS=
AS_IF([test "$enable_static_programs" = yes], [
  AS_IF([test "$enable_hardening" = yes],
    [STATIC_LDFLAGS="-static-pie"], [STATIC_LDFLAGS="-static"])],
  [STATIC_LDFLAGS="$PIE_LDFLAGS"])
AM_CONDITIONAL([FUZZING], [test "$enable_fuzzing" = yes])
AM_CONDITIONAL([SANITIZERS], [test "$enable_sanitizers" = yes])
AM_CONDITIONAL([STATIC_PROGRAMS], [test "$enable_static_programs" = yes])
AC_SUBST([WARNING_CFLAGS])
AC_SUBST([WARNING_CXXFLAGS])
AC_SUBST([HARDENING_CPPFLAGS])
AC_SUBST([HARDENING_CFLAGS])
AC_SUBST([HARDENING_LDFLAGS])
AC_SUBST([PIE_LDFLAGS])
AC_SUBST([STATIC_LDFLAGS])
AC_SUBST([SANITIZER_FLAGS])
AC_SUBST([FUZZING_FLAGS])
AC_SUBST([COVERAGE_FLAGS])
])
