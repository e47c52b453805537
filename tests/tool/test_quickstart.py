#!/usr/bin/env python3
"""./quickstart makes a blog once, whole, serves it and ends what it started."""
import contextlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "support"))
import suite  # noqa: E402

SAMPLE = "A backup is a restore you have tried"


class Quickstart:
    """./quickstart with one state folder, of the build that is under test."""

    def __enter__(self):
        self.folder = suite.Folder()
        self.path = self.folder.__enter__()
        self.dir = os.path.join(self.path, "state")
        # It installs what is missing; a test must not.
        tools = os.path.join(self.path, "tools")
        os.mkdir(tools)
        for name in ("apt-get", "sudo"):
            with open(os.path.join(tools, name), "w") as file:
                file.write("#!/bin/sh\necho a test installs nothing; exit 1\n")
            os.chmod(os.path.join(tools, name), 0o755)
        self.environment = {
            name: value for name, value in os.environ.items()
            if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "TESTS")}
        self.environment["PATH"] = tools + ":" + os.environ["PATH"]
        self.environment["BYLINE_BUILD_DIR"] = suite.BUILD
        return self

    def __exit__(self, *error):
        self.run("stop", check=None)
        self.folder.__exit__(*error)

    @contextlib.contextmanager
    def started(self, *arguments):
        """It runs, in a process group of its own, which ends with the block. Ctrl-C
        means something to it, whoever started these tests."""
        with subprocess.Popen(
                [os.path.join(suite.SOURCE, "quickstart"), *arguments, "--dir", self.dir],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                stderr=subprocess.STDOUT, env=self.environment,
                start_new_session=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                ) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def run(self, *arguments, check=0):
        with self.started(*arguments) as process:
            said, _ = process.communicate(timeout=120)
        assert check is None or process.returncode == check, (process.returncode, said)
        return said

    def byline(self, *arguments):
        return subprocess.run(
            [os.path.join(self.dir, "bin", "byline"), "--site",
             os.path.join(self.dir, "site"), *arguments],
            check=True, capture_output=True, text=True, timeout=60).stdout


def port_of(said):
    return int(re.search(r"^http://127\.0\.0\.1:(\d+)/$", said, re.MULTILINE)[1])


def page(port, path="/"):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.read().decode()


def is_answered(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
        return True
    return False


def free_port():
    while True:
        port = random.randrange(10000, 32000)
        if not is_answered(port):
            return port


@contextlib.contextmanager
def taken(port):
    """The port is in use, by us if by nobody else."""
    with socket.socket() as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            ours.bind(("127.0.0.1", port))
            ours.listen()
        yield


def wait_for(what):
    """Look until `what` is so."""
    end = time.monotonic() + 120
    while not what():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.002)


def needs_a_machine():
    for program in ("nginx", "curl", "dpkg-query"):
        if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin") is None:
            raise suite.Skip(f"there is no {program}")


def test_blog_is_made_once_and_kept():
    needs_a_machine()
    with Quickstart() as quickstart:
        with taken(8080):
            said = quickstart.run("--background")
        first = port_of(said)
        assert f"port 8080 is in use: taking {first}" in said, said
        assert SAMPLE in page(first)
        for part, wanted in (("run", 0o750), ("log", 0o700)):
            rights = os.stat(os.path.join(quickstart.dir, part)).st_mode & 0o777
            assert rights == wanted, (part, oct(rights))
        assert f"http://127.0.0.1:{first}/" in page(first, "/feed.xml")

        quickstart.byline("setting", "tagline", "Mine, and kept")
        second = free_port()
        assert port_of(quickstart.run("--background", "--port", str(second))) == second
        assert not is_answered(first)
        assert "Mine, and kept" in page(second) and SAMPLE in page(second)
        assert f"http://127.0.0.1:{second}/" in page(second, "/feed.xml")

        quickstart.run("stop")
        assert not is_answered(second)
        assert "nothing runs in " + quickstart.dir in quickstart.run("stop")
        assert os.listdir(os.path.join(quickstart.dir, "run")) in ([], ["byline.sock"])


def test_address_of_the_owner_is_kept_and_ctrl_c_ends_it():
    needs_a_machine()
    with Quickstart() as quickstart:
        port = free_port()
        os.makedirs(os.path.join(quickstart.dir, "site"))
        suite.byline(os.path.join(quickstart.dir, "site"), "init", "--base-url",
                     "https://blog.example.org")
        with quickstart.started("--port", str(port)) as process:
            for line in process.stdout:
                if "Ctrl-C" in line:
                    break
            assert is_answered(port)
            assert "https://blog.example.org/" in page(port, "/feed.xml")
            os.killpg(process.pid, signal.SIGINT)
            assert process.wait(60) == 0
        assert not is_answered(port)


def test_run_after_one_that_was_interrupted():
    needs_a_machine()
    with Quickstart() as quickstart:
        log = os.path.join(quickstart.dir, "log", "import.log")
        with quickstart.started("--background") as process:
            wait_for(lambda: os.path.exists(log) or process.poll() is not None)
        quickstart.run("stop")
        said = quickstart.run("--background")
        assert SAMPLE in page(port_of(said)), said
        assert not os.path.exists(os.path.join(quickstart.dir, "site.new"))


def test_port_that_was_asked_for_and_is_taken():
    needs_a_machine()
    with Quickstart() as quickstart:
        port = free_port()
        with taken(port):
            said = quickstart.run("--background", "--port", str(port), check=1)
        assert f"port {port} is in use" in said, said


def test_what_is_wrong_with_the_blog_is_said():
    needs_a_machine()
    with Quickstart() as quickstart:
        said = quickstart.run("--background")
        assert "error: " not in said, said
        quickstart.run("stop")
        os.chmod(os.path.join(quickstart.dir, "site", "byline.db"), 0o644)
        said = quickstart.run("--background")
        assert re.search(r"(?m)^error: rights: .*byline\.db$", said), said
        assert is_answered(port_of(said))


def test_site_without_its_database_is_not_made_anew():
    needs_a_machine()
    with Quickstart() as quickstart:
        os.makedirs(os.path.join(quickstart.dir, "site", "media"))
        said = quickstart.run("--background", check=1)
        assert "has no byline.db" in said, said
        assert os.listdir(os.path.join(quickstart.dir, "site")) == ["media"]


suite.run(globals())
