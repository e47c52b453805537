#!/usr/bin/env bash
# run.sh - runs one suite of this folder in node, with the packages it needs.
#
#   tests/browser/run.sh SUITE.mjs [TEST ...]
#
# The packages are installed from package-lock.json below the build folder, once
# until one of the two files changes. Where node, npm or Chromium is missing, or
# the packages cannot be had, every test is skipped by its name. srcdir and
# builddir are those of the build.
set -euo pipefail

suite=${1:?run.sh SUITE.mjs}
shift
srcdir=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
export srcdir builddir
# Where package.json is: a suite below a folder of its own has its own packages.
from=$(cd "$(dirname "$suite")" && pwd)
to=$builddir/tests/browser/${from#"$srcdir/tests/browser"}
to=${to%/}

# Every test of the suite, with a reason.
skip_all() {
  local names name count
  names=$(sed -n 's/^test("\([a-z0-9_]*\)".*/\1/p' "$suite")
  count=$(wc -l <<<"$names")
  printf 'skipped: %s\n[==========] %d test(s) run.\n[  PASSED  ] 0 test(s).\n' \
    "$1" "$count"
  printf '[  SKIPPED ] %d test(s), listed below:\n' "$count"
  while read -r name; do
    printf '[  SKIPPED ] %s\n' "$name"
  done <<<"$names"
  exit 0
}

for program in node npm python3 nginx; do
  PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null ||
    skip_all "$program is not installed"
done
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}
[[ -n $CHROMIUM ]] || skip_all "chromium is not installed"
export CHROMIUM
node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' ||
  skip_all "node is older than 18"

mkdir -p "$to"
# Two suites may begin at once.
exec 9>"$to/.lock"
flock 9
if ! cat "$from/package.json" "$from/package-lock.json" |
  cmp -s - "$to/node_modules/.installed"; then
  install -m 644 "$from/package.json" "$from/package-lock.json" "$to/"
  install -m 644 "$srcdir/tests/browser/npmrc" "$to/.npmrc"
  (cd "$to" && npm ci --ignore-scripts --no-audit --no-fund) \
    >"$to/npm-said.txt" 2>&1 9>&- || {
    if grep -qE 'EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|SELF_SIGNED_CERT' "$to/npm-said.txt"; then
      skip_all "npm reaches no registry"
    fi
    cat "$to/npm-said.txt"
    exit 1
  }
  cat "$from/package.json" "$from/package-lock.json" >"$to/node_modules/.installed"
fi
exec 9>&-

exec node "$suite" "$@"
