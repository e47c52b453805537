dnl BYLINE_PACKAGE(VARIABLE, MODULE, DEBIAN PACKAGE)
AC_DEFUN([BYLINE_PACKAGE], [
PKG_CHECK_MODULES([$1], [$2], [],
  [AC_MSG_ERROR([$2 not found: install the package $3 (or run ./quickstart)])])
])

dnl BYLINE_LIBRARY(VARIABLE, LIBRARY, FUNCTION, DEBIAN PACKAGE, OTHER LIBRARIES)
AC_DEFUN([BYLINE_LIBRARY], [
AC_CHECK_LIB([$2], [$3], [$1_LIBS="-l$2 $5"],
  [AC_MSG_ERROR([lib$2 not found: install the package $4 (or run ./quickstart)])],
  [$5])
AC_SUBST([$1_LIBS])
])

dnl BYLINE_LIBRARIES
dnl One pair of variables for each library, so that a target names exactly what
dnl it uses: that is what keeps Markdown out of byline.fcgi.
AC_DEFUN([BYLINE_LIBRARIES], [
dnl What byline.fcgi links may be linked statically: pkg-config then names the
dnl libraries behind each library too.
AS_IF([test "$enable_static_programs" = yes], [
  save_PKG_CONFIG="$PKG_CONFIG"
  PKG_CONFIG="$PKG_CONFIG --static"])
BYLINE_PACKAGE([GLIB], [glib-2.0 >= 2.70], [libglib2.0-dev])
BYLINE_PACKAGE([SQLITE], [sqlite3 >= 3.40], [libsqlite3-dev])
BYLINE_PACKAGE([SODIUM], [libsodium >= 1.0.18], [libsodium-dev])
BYLINE_PACKAGE([SECCOMP], [libseccomp >= 2.5], [libseccomp-dev])
AS_IF([test "$enable_static_programs" = yes], [PKG_CONFIG="$save_PKG_CONFIG"])
dnl What only signing in needs.
BYLINE_PACKAGE([OATH], [liboath >= 2.6], [liboath-dev])
BYLINE_PACKAGE([QRENCODE], [libqrencode >= 4.0], [libqrencode-dev])
BYLINE_LIBRARY([FCGI], [fcgi], [FCGX_Accept_r], [libfcgi-dev])
BYLINE_LIBRARY([GUMBO], [gumbo], [gumbo_parse_with_options], [libgumbo-dev])
BYLINE_PACKAGE([FYAML], [libfyaml], [libfyaml-dev])
BYLINE_PACKAGE([JANSSON], [jansson], [libjansson-dev])
BYLINE_PACKAGE([CMOCKA], [cmocka], [libcmocka-dev])
dnl Only tests read XML and JSON: what we write, read back by others.
BYLINE_PACKAGE([EXPAT], [expat], [libexpat1-dev])

AC_ARG_WITH([markdown],
  [AS_HELP_STRING([--with-markdown=cmark-gfm|cmark],
    [the Markdown library: cmark-gfm knows tables, footnotes, task lists,
     strikethrough and autolinks; plain cmark does not])],
  [], [with_markdown=cmark-gfm])
AS_CASE([$with_markdown],
  [cmark-gfm|yes], [
    with_markdown=cmark-gfm
    BYLINE_LIBRARY([CMARK], [cmark-gfm], [cmark_parser_new],
      [libcmark-gfm-dev])
    AC_CHECK_LIB([cmark-gfm-extensions],
      [cmark_gfm_core_extensions_ensure_registered],
      [CMARK_LIBS="-lcmark-gfm-extensions $CMARK_LIBS"],
      [AC_MSG_ERROR([libcmark-gfm-extensions not found: install the package libcmark-gfm-extensions-dev])],
      [-lcmark-gfm])
    AC_DEFINE([WITH_CMARK_GFM], [1], [Markdown by cmark-gfm.])],
  [cmark], [
    BYLINE_PACKAGE([CMARK], [libcmark], [libcmark-dev])],
  [AC_MSG_ERROR([--with-markdown takes cmark-gfm or cmark, not $with_markdown])])

AC_ARG_WITH([source-highlight],
  [AS_HELP_STRING([--without-source-highlight],
    [leave code in articles without colours])],
  [], [with_source_highlight=yes])
AC_LANG_PUSH([C++])
AC_CHECK_HEADER([ctemplate/template.h], [],
  [AC_MSG_ERROR([ctemplate not found: install the package libctemplate-dev])])
AC_CHECK_HEADER([cpptoml.h], [],
  [AC_MSG_ERROR([cpptoml not found: install the package libcpptoml-dev])])
AS_IF([test "$with_source_highlight" != no], [
  AC_CHECK_HEADER([srchilite/sourcehighlighter.h], [],
    [AC_MSG_ERROR([source-highlight not found: install the package libsource-highlight-dev, or use --without-source-highlight])])
  HIGHLIGHT_LIBS="-lsource-highlight -lboost_regex"
  AC_DEFINE([WITH_SOURCE_HIGHLIGHT], [1], [Code is coloured.])])
AC_LANG_POP([C++])
AC_ARG_WITH([images],
  [AS_HELP_STRING([--without-images],
    [leave out byline-image, and with it the uploading of images])],
  [], [with_images=yes])
AS_IF([test "$with_images" != no], [
  with_images=yes
  PKG_CHECK_MODULES([VIPS], [vips >= 8.13], [],
    [AC_MSG_ERROR([vips not found: install the package libvips-dev, or use --without-images])])])
AM_CONDITIONAL([IMAGES], [test "$with_images" = yes])
CTEMPLATE_LIBS="-lctemplate -lstdc++ -lm -lpthread"
AC_SUBST([CMARK_LIBS])
AC_SUBST([HIGHLIGHT_LIBS])
AC_SUBST([CTEMPLATE_LIBS])
AM_CONDITIONAL([CMARK_GFM], [test "$with_markdown" = cmark-gfm])
])
