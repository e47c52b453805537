"""suite.py - for tests written in Python: run each, report as cmocka does.

A suite is a module of functions called test_*; it ends with `suite.run(globals())`.
A test fails by an exception (assert), and is skipped by raising suite.Skip.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

SOURCE = os.path.abspath(os.environ.get("srcdir", "."))
BUILD = os.path.abspath(os.environ.get("builddir", "."))
CORPUS = os.environ.get("BYLINE_CORPUS",
                        os.path.join(SOURCE, "..", "shared", "corpus"))


class Skip(Exception):
    """This test cannot run here, and why."""


def corpus(name):
    """The folder `name` of the real writing for tests; skips where it is absent."""
    path = os.path.join(CORPUS, name)
    if not os.path.isdir(path):
        raise Skip(f"no corpus at {path}")
    return path


class Folder:
    """A temporary folder, removed at the end of a with block."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="byline-test.")
        return self.path

    def __exit__(self, *error):
        shutil.rmtree(self.path, ignore_errors=True)


def program(name):
    """The path of a program that was built."""
    return os.path.join(BUILD, name)


def byline(site, *arguments, stdin="", check=0):
    """Run the command line; its exit code must be `check` unless that is None."""
    done = subprocess.run([program("byline"), "--site", site, *arguments],
                          input=stdin, capture_output=True, text=True, timeout=300)
    if check is not None and done.returncode != check:
        raise AssertionError(f"byline {' '.join(arguments)} ended with "
                             f"{done.returncode}:\n{done.stdout}{done.stderr}")
    return done


class Answer:
    """What came back: status, headers by lower-case name, body."""

    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        self.headers = {}
        self.status = 200
        for line in head.decode("latin-1").split("\r\n"):
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        if "status" in self.headers:
            self.status = int(self.headers["status"].split()[0])

    @property
    def text(self):
        return self.body.decode("utf-8")


def request(site, target, method="GET", body=b"", **headers):
    """One request to byline.fcgi as plain CGI."""
    environment = {
        "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_METHOD": method, "REQUEST_URI": target, "SCRIPT_NAME": "",
        "QUERY_STRING": target.partition("?")[2], "REMOTE_ADDR": "192.0.2.1",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "BYLINE_SITE": site,
        "CONTENT_LENGTH": str(len(body)) if body else "",
    }
    environment.update(headers)
    done = subprocess.run([program("byline.fcgi")], input=body, env=environment,
                          capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return Answer(done.stdout)


def run(names):
    """Run every test_ function among `names` and print cmocka's summary lines."""
    passed, failed, skipped = [], [], []
    for name, test in list(names.items()):
        if not name.startswith("test_") or not callable(test):
            continue
        print(f"[ RUN      ] {name}", flush=True)
        try:
            test()
            passed.append(name)
            print(f"[       OK ] {name}")
        except Skip as reason:
            skipped.append(name)
            print(f"skipped: {reason}\n[  SKIPPED ] {name}")
        except Exception:  # a test may fail in any way
            failed.append(name)
            traceback.print_exc(file=sys.stdout)
            print(f"[  FAILED  ] {name}")
    print(f"[==========] {len(passed) + len(failed) + len(skipped)} test(s) run.")
    print(f"[  PASSED  ] {len(passed)} test(s).")
    for label, some in (("  SKIPPED ", skipped), ("  FAILED  ", failed)):
        if some:
            print(f"[{label}] {len(some)} test(s), listed below:")
            for name in some:
                print(f"[{label}] {name}")
    sys.exit(1 if failed else 0)
