#!/usr/bin/env python3
"""89 raw FastCGI conversations, most of them broken, with byline.fcgi itself."""
import collections
import sys

sys.dont_write_bytecode = True
import fcgi_probe
import harness as web

# Those that ask a program for what it saw are for http/test_fcgi.c.
WANTED = {"PASS": 78, "SKIP": 11}


def test_probe():
    program = web.Program(web.Site("site"), workers=4)

    results = fcgi_probe.probe(str(program.socket), "/healthz")

    web.equal(collections.Counter(one["result"] for one in results), WANTED,
              "cases")
    web.equal(program.ask("/healthz").body, b"ok\n", "afterwards")
    assert "worker.died" not in program.said(), program.said()
    web.equal(program.stop(), 0, "exit code")


web.run(globals())
