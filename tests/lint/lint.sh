#!/usr/bin/env bash
# lint.sh - the house rules that no compiler knows. Run in the source tree; each
# rule is a function of about twenty lines.
srcdir=${srcdir:-.}
# shellcheck source=tests/support/suite.sh
. "$srcdir/tests/support/suite.sh"
cd "$srcdir" || exit 1

sources() {
  find src cgi-bin include -name '*.c' -o -name '*.cc' -o -name '*.h'
}

# The layer whose file $1 is.
layer_of() {
  case $1 in
  cgi-bin/*) echo cgi-bin ;;
  *) printf '%s\n' "$1" | cut -d/ -f2 ;;
  esac
}

# Without libvips there is no archive of that layer.
all_layers="base store content model http template view publish handler tool"
[[ ! -e ${builddir:-build}/libimage.a ]] || all_layers+=" image"

# What each layer may include and call of ours (the table of README.md, "Architecture").
allowed_layers() {
  case $1 in
  base) echo base ;;
  store) echo base store ;;
  content) echo base content ;;
  image) echo base image ;;
  model) echo base store content model ;;
  http) echo base http ;;
  template) echo base template ;;
  view) echo base template model view ;;
  publish) echo base model view publish ;;
  handler) echo base http model view publish handler ;;
  tool) echo base store content model template view publish tool ;;
  cgi-bin) echo base store content image model http template view publish handler ;;
  esac
}

test_layers_include_only_those_below() {
  local bad="" file layer used
  while read -r file; do
    layer=$(layer_of "$file")
    while read -r used; do
      case " $(allowed_layers "$layer") " in
      *" $used "*) ;;
      *) bad+="$file includes $used/; " ;;
      esac
    done < <(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file")
  done < <(sources)
  [[ -z $bad ]] || fail "$bad"
}

# What configure chose for variable $1.
build_variable() {
  sed -n "s/^$1 = //p" "${builddir:?}/Makefile"
}

# One header a file, forward-declaring what it needs: in any order, without the
# others.
test_headers_compile_alone() {
  local bad="" header flags
  flags="-std=c17 -iquote include -iquote $builddir -Werror"
  flags+=" -include include/base/banned.h $(build_variable GLIB_CFLAGS)"
  flags+=" $(build_variable WARNING_CFLAGS)"
  while read -r header; do
    # Twice: a header without its guard would define everything again.
    printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
      $(build_variable CC) $flags -fsyntax-only -x c - ||
      bad+="$header "
  done < <(find include -name '*.h' | sed 's/^include\///')
  [[ -z $bad ]] || fail "$bad"
}

archive_of() {
  case $1 in
  tool) echo "$builddir/libtools.a" ;;
  *) echo "$builddir/lib$1.a" ;;
  esac
}

# All layers that $1 stands on, itself included, each before what it needs.
layers_below() {
  local seen=" $1 " layer used again=yes
  while [[ -n $again ]]; do
    again=""
    for layer in $seen; do
      for used in $(allowed_layers "$layer"); do
        [[ $seen == *" $used "* ]] || { seen+="$used " again=yes; }
      done
    done
  done
  echo "$seen"
}

# The names that are ours among those on standard input.
only_ours() {
  sort -u | comm -12 - "$1"
}

list_own_symbols() {
  local layer
  for layer in $all_layers; do
    nm -g --defined-only "$(archive_of "$layer")"
  done 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u
}

# A call into a layer above is a name that nothing below has.
test_archives_link_with_those_below() {
  local bad="" layer below place missing
  place=$(mktemp -d)
  list_own_symbols >"$place/own"
  [[ $(wc -l <"$place/own") -gt 300 ]] || fail "no symbols to look for"
  for layer in $all_layers; do
    below=""
    for used in $(layers_below "$layer"); do
      [[ $used == "$layer" ]] || below+="$(archive_of "$used") "
    done
    $(build_variable CC) -r -nostdlib -o "$place/$layer.o" \
      -Wl,--whole-archive "$(archive_of "$layer")" \
      -Wl,--no-whole-archive -Wl,--start-group $below -Wl,--end-group
    missing=$(nm -u "$place/$layer.o" | awk '{ print $NF }' |
      only_ours "$place/own")
    [[ -z $missing ]] || bad+="$layer calls $missing; "
  done
  rm -r "$place"
  [[ -z $bad ]] || fail "$bad"
}

# A layer calls nothing but what it may include: not what those call.
test_archives_call_only_what_they_may() {
  local bad="" layer used place called
  place=$(mktemp -d)
  list_own_symbols >"$place/own"
  for layer in $all_layers; do
    for used in $(allowed_layers "$layer"); do
      nm -g --defined-only "$(archive_of "$used")"
    done 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"$place/allowed"
    called=$(nm -u "$(archive_of "$layer")" 2>/dev/null |
      awk '$1 == "U" { print $2 }' | only_ours "$place/own" |
      comm -23 - "$place/allowed")
    [[ -z $called ]] || bad+="$layer calls $called; "
  done
  rm -r "$place"
  [[ -z $bad ]] || fail "$bad"
}

# Every test that REQUIREMENTS.md names (`FILE` and then `test_...`) is there: as
# a function, and in C also in the list of those that run.
test_requirements_name_tests_that_exist() {
  local bad="" word file="" wanted names=0
  while read -r word; do
    case $word in
    test_*)
      names=$((names + 1))
      wanted=1
      [[ $file != *.c ]] || wanted=2
      (($(grep -cE "\\b$word\\b" "tests/$file") >= wanted)) ||
        bad+="no $word in tests/$file; "
      ;;
    */*.c | */*.py | */*.sh | */*.mjs)
      file=$word
      [[ -f tests/$file ]] || fail "no tests/$file"
      ;;
    esac
  done < <(tr -c 'a-z0-9_./' '\n' <tests/REQUIREMENTS.md)
  ((names > 100)) || fail "only $names tests are named"
  [[ -z $bad ]] || fail "$bad"
}

# A library has one file, or one layer, that knows it (the same table).
test_libraries_stay_where_they_belong() {
  local bad="" header where file found
  while read -r header where; do
    found=$(grep -lE "#include [<\"]$header" $(sources)) ||
      bad+="nobody includes <$header; "
    for file in $found; do
      [[ $file =~ ^($where)$ ]] || bad+="$file includes <$header; "
    done
  done <<'EOF'
fcgi src/http/fcgi.c
sqlite3 src/store/.*
cmark src/content/markdown.c
gumbo src/content/html_tree.c
srchilite src/content/highlighter.cc
boost src/content/highlighter.cc
cpptoml src/content/toml_reader.cc
libfyaml src/content/yaml_reader.c
ctemplate src/template/template_engine.cc
sodium src/base/token.c
seccomp src/base/sandbox.c
liboath src/base/one_time_code.c
qrencode src/base/qr_code.c
vips src/image/picture.c
jansson src/tool/.*
EOF
  [[ -z $bad ]] || fail "$bad"
}

test_cpp_stands_in_three_files() {
  local found
  found=$(find src cgi-bin -name '*.cc' | sort | tr '\n' ' ')
  [[ $found == "src/content/highlighter.cc src/content/toml_reader.cc src/template/template_engine.cc " ]] ||
    fail "C++ in $found"
}

test_sql_stands_in_model_and_store() {
  ! grep -nE '"(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN) ' \
    $(sources | grep -vE '^(src|include)/(model|store)/')
}

test_sql_is_never_formatted() {
  ! grep -nE '(printf|append)[^;]*"[^"]*(SELECT|INSERT INTO|UPDATE|DELETE FROM)[^"]*%' \
    $(sources)
}

test_templates_open_with_their_context() {
  local bad="" file
  while read -r file; do
    head -n 1 "$file" | grep -qE '^\{\{%AUTOESCAPE context="(HTML|XML)"\}\}' ||
      bad+="$file "
  done < <(find templates -name '*.html' -o -name '*.xml')
  [[ -z $bad ]] || fail "no context: $bad"
}

test_templates_leave_only_html_unescaped() {
  ! grep -rnE '\{\{[A-Z_]*:none\}\}' templates | grep -vE '_HTML:none\}\}'
}

test_pages_carry_no_script_or_style() {
  ! grep -rniE '<script(>| [^t])|<style| style=| on[a-z]+=' templates/site
}

test_no_html_in_c() {
  ! grep -nE '"[^"]*<(div|p|a|span|ul|li|h[1-6]|section|article)[ >]' \
    $(find src/handler src/view src/model src/http cgi-bin -name '*.c')
}

test_functions_stay_short() {
  local bad
  # shellcheck disable=SC2046
  bad=$(awk '
    FNR == 1 { start = 0 }
    /^\{/ { start = FNR }
    /^\}/ {
      if (start && FNR - start > 60)
        print FILENAME ":" start ": " FNR - start " lines"
      start = 0
    }' $(sources | grep -v '\.h$'))
  [[ -z $bad ]] || fail "$bad"
}

# What may be longer than a file may be, and why. Nothing is added to this.
#   style.css: readers get one sheet, and its parts share their variables
long_files="templates/static/style.css"

test_files_stay_short() {
  local bad="" file lines
  while read -r lines file; do
    case " $long_files " in
    *" $file "*) ((lines > 800)) || bad+="$file is short now; " ;;
    *) ((lines <= 800)) || bad+="$file has $lines lines; " ;;
    esac
  done < <(wc -l quickstart .ci/run $(sources) $(find templates -type f) \
    $(find tests build-aux db -name '*.[ch]' -o -name '*.py' -o -name '*.sh' \
      -o -name '*.mjs' | grep -v /node_modules/) | sed '/ total$/d')
  [[ -z $bad ]] || fail "$bad"
}

test_every_file_says_why() {
  local bad="" file
  while read -r file; do
    sed -n 2p "$file" | grep -qF " * $(basename "$file") - " || bad+="$file "
  done < <(sources)
  [[ -z $bad ]] || fail "no word of purpose: $bad"
}

# Text files of ours, from the folders that hold them: a release has no git.
texts() {
  find .ci build-aux cgi-bin db docs include m4 sample src templates tests \
    -type f -not -path '*/node_modules/*' -not -path '*/fuzz/corpus/*' \
    -not -name '*.png' -not -name 'package-lock.json' 2>/dev/null
  ls README.md CHANGELOG.md LICENSE configure.ac Makefile.am quickstart
}

# Where this tree stands, or somebody's home.
test_no_path_of_one_machine() {
  # shellcheck disable=SC2046
  ! grep -nE "(^|[^A-Za-z0-9_.])/(root|home/[a-z]+)/|$PWD/" $(texts) |
    grep -vE '/home/you/'
}

# An article must not stand where the blog answers itself: two lists agree.
test_routes_are_reserved() {
  local bad="" segment count=0
  while read -r segment; do
    count=$((count + 1))
    grep -qF "	\"$segment\"," src/model/article_path.c || bad+="$segment "
  done < <(grep -oE '(SNAPSHOT|NOTHING), "/[^/"{]+' src/handler/site_routes.c |
    sed 's|.*"/||' | sort -u)
  ((count > 10)) || fail "routes are not found where they were"
  [[ -z $bad ]] || fail "not in reserved_segments: $bad"
}

# The page of an error gives back what was typed in any form of the desk.
test_fields_have_labels() {
  local bad="" name count=0
  while read -r name; do
    count=$((count + 1))
    grep -qE "\\{ \"$name\", \"[^\"]+\" \}" src/view/desk_label.c || bad+="$name "
  done < <({
    grep -hoE '\.name = "[a-z_]+"' src/handler/desk_*.c src/view/desk_*.c
    grep -hE '<(input|textarea|select)' templates/desk/*.html |
      grep -vE 'type="hidden"|name="q"' | grep -oE 'name="[a-z_]+"'
  } | grep -oE '[a-z_]+"$' | tr -d '"' | grep -vxE 'token|key|version' | sort -u)
  ((count > 30)) || fail "fields are not found where they were"
  [[ -z $bad ]] || fail "not in src/view/desk_label.c: $bad"
}

# The script that browsers get is its parts without what only people read: what
# could change its meaning when it is joined is refused.
# shellcheck disable=SC2016 # `${` is meant
test_scripts_join_or_are_refused() {
  local place bad="" why
  place=$(mktemp -d)
  while IFS=: read -r why text; do
    printf '%b' "$text" >"$place/part.js"
    ! awk -f build-aux/join-script.awk "$place/part.js" \
      >"$place/joined" 2>"$place/words" || bad+="taken: $why; "
    grep -q "part.js:[0-9]*: " "$place/words" || bad+="no words: $why; "
  done <<'EOF'
a literal over lines:let a = `one\n two`;\n
a comment before code:/* one */ two();\n
the end of a comment before code:/* one\n * two */ three();\n
a comment to the end of its line:one(); // two {\nthree();\n
a string over lines:let a = "one;\n\ttwo";\n
a string over lines, as it may be:let a = "one\\\n\ttwo /";\n
EOF
  printf '/* a */\n\tone(`${\n\t\ttwo} b`); /* c */\n\n/*\n * d\n */\n"/* e */";\n' \
    >"$place/part.js"
  awk -f build-aux/join-script.awk "$place/part.js" >"$place/joined" ||
    bad+="refused: a good one; "
  printf '"use strict";\n{one(`${two} b`);"/* e */";}\n' |
    cmp "$place/joined" - || bad+="joined otherwise; "
  rm -r "$place"
  [[ -z $bad ]] || fail "$bad"
}

# Of its spaces and line ends a script loses those that part nothing. What is expected
# stands below what is written.
# shellcheck disable=SC2016 # `${` is meant
test_scripts_keep_what_parts_tokens() {
  local place bad="" written expected
  place=$(mktemp -d)
  while IFS= read -r written && IFS= read -r expected; do
    printf '%b\n' "$written" >"$place/part.js"
    awk -f build-aux/join-script.awk "$place/part.js" >"$place/joined" ||
      bad+="refused: $written; "
    printf '"use strict";\n{%b}\n' "$expected" | cmp -s "$place/joined" - ||
      bad+="$written is $(<"$place/joined"); "
  done <<'EOF'
if (a && b) {\n\tc = [1,\n\t\t2\n\t];\n}
if(a&&b){c=[1,2];}
const d = async ({ e }) => e ? typeof f : g in h || new I;
const d=async({e})=>e?typeof f:g in h||new I;
j = "k = (l) => { m" + n === "";
j="k = (l) => { m"+n==="";
j = "k = (l)" + " => { \047" + m;
j = "k = (l)" + " => { \047" + m;
o = p + +q - -r + ++s - --t + u++ + v;
o=p+ +q- -r+ ++s- --t+u++ +v;
w = x-- > y < !z ? .5 : -1;
w=x-- >y< !z? .5: -1;
a = `b = ( ${ c } )`;
a = `b = ( ${ c } )`;
a = `${\n\tb} c = d ${\n\te}`;
a = `${b} c = d ${e}`;
a = / = ( b ) /.test("c") ? d / e : f;
a = / = ( b ) /.test("c") ? d / e : f;
return\n{ a }\nb\n(c);
return\n{a}\nb\n(c);
EOF
  rm -r "$place"
  [[ -z $bad ]] || fail "$bad"
}

test_shell_scripts_are_clean() {
  command -v shellcheck >/dev/null || skip "shellcheck is not installed"
  # shellcheck disable=SC2046
  shellcheck -x -e SC2046,SC2086 quickstart .ci/run \
    $(find tests build-aux db -name '*.sh' -not -path '*/node_modules/*')
}

test_code_is_formatted() {
  command -v clang-format >/dev/null || skip "clang-format is not installed"
  # shellcheck disable=SC2046
  clang-format --dry-run --Werror $(sources) \
    $(find tests -name '*.[ch]' -not -path '*/node_modules/*')
}

# By itself, or in a folder that is handed on whole.
test_release_has_every_file() {
  local files handed bad=""
  files=$(git ls-files 2>/dev/null) || skip "this is no clone"
  # shellcheck disable=SC2016
  handed=$(printf 'include Makefile\nlist:\n\t@printf "%%s\\n" %s\n' \
    '$(patsubst $(srcdir)/%,%,$(DISTFILES))' |
    MAKEFLAGS='' make -s -C "${builddir:?}" -f - list) || fail "make says: $handed"
  bad=$(awk '
    NR == FNR { handed[$0]; next }
    /^\.(editorconfig|gitignore)$/ { next }
    {
      for (at = $0; !(at in handed) && sub(/\/[^\/]*$/, "", at);)
        ;
      if (!(at in handed))
        print
    }' <(printf '%s\n' "$handed") <(printf '%s\n' "$files"))
  [[ -z $bad ]] || fail "not in a release: $bad"
}

test_man_pages_are_clean() {
  command -v mandoc >/dev/null || skip "mandoc is not installed"
  mandoc -T lint -W warning $(find cgi-bin src -name '*.[1-8]')
}

run_suite
