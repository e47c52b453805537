#!/usr/bin/env python3
"""89 raw FastCGI conversations, most of them broken, with byline.fcgi itself.

The cases are fcgi_probe.py's, which belongs to the shared material and not to this
tree: $BYLINE_SHARED says where that is."""
import pathlib
import re
import sys

sys.dont_write_bytecode = True
import harness as web
import suite

PROBE = pathlib.Path(suite.SHARED) / "tools/fcgi_probe.py"
CASES = 89
MUST_PASS = 74

# What may fail, and why that is libfcgi's doing (2.4.2): nothing does.
MAY_FAIL = {}


def test_probe():
    if not PROBE.exists():
        raise suite.Skip("no fcgi_probe.py at %s" % PROBE)
    program = web.Program(web.Site("site"), workers=4)

    done = web.call(web.PYTHON, "-", program.socket, "--uri", "/healthz",
                    timeout=120, input=PROBE.read_bytes())

    said = done.stdout.decode() + done.stderr.decode()
    counts = {word: len(re.findall(r"(?m)^%s\b" % word, said))
              for word in ("PASS", "FAIL", "SKIP")}
    failed = set(re.findall(r"(?m)^FAIL +(\S+)", said))
    print(counts, *(line for line in said.splitlines()
                    if line.startswith("FAIL")), sep="\n")
    web.equal(sum(counts.values()), CASES, "cases of " + said[-2000:])
    assert counts["PASS"] >= MUST_PASS, counts
    assert failed <= set(MAY_FAIL), failed - set(MAY_FAIL)
    web.equal(program.ask("/healthz").body, b"ok\n", "afterwards")
    assert "worker.died" not in program.said(), program.said()
    web.equal(program.stop(), 0, "exit code")


web.run(globals())
