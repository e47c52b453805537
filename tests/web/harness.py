"""harness.py - real web servers and the real program, for the tests of this folder.

Everything lives in one temporary folder, whose name has a space in it, and is
gone afterwards. Servers are started with the sample configurations of cgi-bin/,
filled in, on free ports of 127.0.0.1, and ended by their process ids. Whatever is
started runs as an ordinary user: as ourselves, or as nobody when root tests.
Nothing sleeps to be on the safe side: wait_for() looks until something is true.
"""
import atexit
import contextlib
import http.client
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import suite  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(suite.BUILD)
NOBODY = 65534
AS_ROOT = os.geteuid() == 0
# For programs of ours that are written in Python: root's own may be out of reach.
PYTHON = "/usr/bin/python3" if AS_ROOT else sys.executable
# The address that links carry. It is no server's own, so that pages are the same
# whichever server sends them.
ORIGIN = "http://blog.example:8080"

os.environ["PATH"] += ":/usr/sbin:/sbin"


def need(*programs):
    """Skip the test unless all `programs` are installed."""
    for program in programs:
        if shutil.which(program) is None:
            raise suite.Skip("%s is not installed" % program)


def run(names):
    """Run the test_ functions among `names`, or those on the command line."""
    wanted = sys.argv[1:]
    chosen = {name: value for name, value in names.items()
              if not wanted or name in wanted}
    suite.run({**chosen, "test_no_memory_error_was_reported": check_reports})


def check_reports():
    """In a build with sanitizers: not even at the end of a process."""
    for process in list(running):
        stop(process)
    for path in work.rglob("*log"):
        if path.is_file():
            found = re.search(r"(?m)^.*(?:Sanitizer|runtime error:).*$",
                              path.read_text(errors="replace"))
            assert not found, "%s: %s" % (path, found[0])


def wait_for(condition, seconds=10, what="something", between=0.005):
    """The first true value of `condition()`; it has `seconds` to become one, and
    is looked at again after `between`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError("waited %g s for %s" % (seconds, what))
        time.sleep(between)


def equal(found, wanted, what=""):
    if found == wanted:
        return
    # Of two long texts only the place where they part is worth reading.
    start = 0
    if isinstance(found, (str, bytes)) and isinstance(wanted, (str, bytes)):
        start = max(0, len(os.path.commonprefix([found, wanted])) - 40)
        found, wanted = (found[start:start + 200], wanted[start:start + 200])
    raise AssertionError("%s is %r, not %r (from %d)" % (
        what, found, wanted, start))


# ---- the folder, and who owns what is in it ----

# All of it; where everything but the programs is; and the programs, in a folder
# without a space, which mod_fcgid cannot start a program from.
top = work = programs = None
running = []


def give(path):
    """Hand a file or folder that we made to whoever runs the programs."""
    if AS_ROOT:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def folder(name, mode=0o755):
    path = work / name
    path.mkdir()
    path.chmod(mode)
    give(path)
    return path


def write(path, text):
    path.write_text(text)
    path.chmod(0o644)
    give(path)


def copy_readable(source, to):
    shutil.copytree(source, to, copy_function=shutil.copyfile)
    for path in [to, *to.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def _set_up():
    global top, work, programs
    os.umask(0o022)
    top = pathlib.Path(tempfile.mkdtemp(prefix="byline-web-"))
    atexit.register(_tear_down)
    top.chmod(0o755)
    programs = top / "bin"
    programs.mkdir()
    work = top / "a folder"
    work.mkdir()
    give(work)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    for name in ("byline", "byline.fcgi", "desk.fcgi", "byline-image"):
        if name == "byline-image" and not (BUILD / name).exists():
            continue
        shutil.copy2(BUILD / name, programs / name)
        (programs / name).chmod(0o755)
    # Where the checkout is, an ordinary user may not be able to read.
    copy_readable(SOURCE / "sample", work / "sample")
    copy_readable(SOURCE / "src/content/languages", top / "data/languages")
    os.environ["BYLINE_DATADIR"] = str(top / "data")


def _tear_down():
    for process in list(running):
        stop(process, 3)
    shutil.rmtree(top, ignore_errors=True)


# ---- processes ----

def as_other():
    """Arguments that make subprocess start somebody who may do nothing here."""
    return {"user": NOBODY - 1, "group": NOBODY - 1, "extra_groups": []}


def ordinary():
    if not AS_ROOT:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def environment(**more):
    """A plain environment, without what belongs to whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items()
            if name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LANG")
            or name.startswith("BYLINE_")}
    return {**kept, "HOME": str(work), **more}


def call(*argv, env=None, **more):
    """Run a command to its end; its output is captured."""
    return subprocess.run([str(word) for word in argv], capture_output=True,
                          env=env or environment(),
                          **{"timeout": 60, **ordinary(), **more})


def start(argv, log, env=None, **more):
    """Start a server in the background; what it says goes to the file `log`."""
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [str(word) for word in argv],
            **{"stdin": subprocess.DEVNULL, "stdout": output,
               "stderr": output, "env": env or environment(), "cwd": work,
               "start_new_session": True, **ordinary(), **more})
    process.log = log
    running.append(process)
    return process


def stop(process, seconds=12, number=signal.SIGTERM):
    """End what start() started, and what it left behind; its exit code."""
    if process in running:
        running.remove(process)
    if process.poll() is None:
        process.send_signal(number)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def children(pid):
    text = pathlib.Path("/proc/%d/task/%d/children" % (pid, pid)).read_text()
    return [int(word) for word in text.split()]


def free_port():
    """A port that nobody has, outside of those that clients are given."""
    while True:
        port = random.randrange(10000, 32000)
        with socket.socket() as probe:
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port


# ---- HTTP ----

class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __getitem__(self, name):
        """The header `name`; "" where there is none."""
        values = [v for k, v in self.headers if k.lower() == name.lower()]
        return ", ".join(values)

    def __repr__(self):
        return "%d %r %r" % (self.status, self.headers, self.body[:200])


def fetch(port, target, method="GET", headers=(), body=None, timeout=20):
    """One request on a connection of its own, its bytes exactly as given.

    Status 0: the server closed the connection without a word.
    """
    lines = ["%s %s HTTP/1.1" % (method, target)]
    if not any(line.lower().startswith("host:") for line in headers):
        lines.append("Host: blog.example")
    lines += ["Connection: close", *headers]
    if body is not None:
        lines.append("Content-Length: %d" % len(body))
    data = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(data)
        response = http.client.HTTPResponse(connection, method=method)
        try:
            response.begin()
            return Answer(response.status, response.getheaders(),
                          response.read())
        except (http.client.HTTPException, ConnectionError):
            return Answer(0, [], b"")


# ---- FastCGI, without a web server ----

def _pair(name, value):
    size = b"".join(bytes([n]) if n < 128 else struct.pack(">I", n | 1 << 31)
                    for n in (len(name), len(value)))
    return size + name + value


def _record(kind, content=b""):
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def variables(target, method="GET", **more):
    """What a web server says of a request."""
    return {"GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": method,
            "REQUEST_URI": target, "QUERY_STRING": target.partition("?")[2],
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", **more}


def _records(kind, content):
    return b"".join(_record(kind, content[i:i + 65000])
                    for i in range(0, len(content), 65000))


def fastcgi_request(target, method="GET", body=b"", **more):
    """The bytes of a whole FastCGI request."""
    if body:
        more = {"CONTENT_LENGTH": str(len(body)), **more}
    pairs = b"".join(
        _pair(name.encode(), value.encode("latin-1"))
        for name, value in variables(target, method, **more).items())
    return b"".join([_record(1, struct.pack(">HB5x", 1, 0)),
                     _records(4, pairs), _record(4), _records(5, body),
                     _record(5)])


def cgi_answer(output):
    """What a CGI program wrote, as an Answer."""
    head, _, body = output.partition(b"\r\n\r\n")
    headers = [tuple(line.split(": ", 1))
               for line in head.decode("latin-1").split("\r\n") if line]
    status = dict(headers).get("Status", "0").split()[0]
    return Answer(int(status), headers, body)


def connect(address):
    if isinstance(address, int):
        return socket.create_connection(("127.0.0.1", address), 20)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(20)
    connection.connect(str(address))
    return connection


def ask(address, target, method="GET", body=b"", **more):
    """One FastCGI request straight to the program at a socket or port."""
    with connect(address) as connection:
        connection.sendall(fastcgi_request(target, method, body, **more))
        data = b""
        while True:
            piece = connection.recv(65536)
            if not piece:
                break
            data += piece
    output = b""
    while len(data) >= 8:
        kind, size, padding = struct.unpack(">xBxxHBx", data[:8])
        if kind == 6:
            output += data[8:8 + size]
        data = data[8 + size + padding:]
    return cgi_answer(output)


# ---- a site ----

EXTRA_ARTICLES = {
    "moved.md": """---
title: An article that moved
date: 2024-03-01
tags: [moving]
categories: [Backend]
aliases: [/old/place]
---
It stood elsewhere before, and *whoever* remembers is led here.
""",
    "draft.md": """---
title: Not for you yet
date: 2024-03-02
draft: true
---
A secret word: xylophonic.
""",
}


class Site:
    """A site directory, made by the tool; `base` is its base path."""

    def __init__(self, name, base=""):
        self.base = base
        self.path = work / name
        self.tool("init", "--base-url", ORIGIN + base)
        self.configure("security", "security_contact",
                       "mailto:security@blog.example")

    def tool(self, *arguments, check=True):
        result = call(programs / "byline", "--site", self.path, *arguments)
        if check and result.returncode != 0:
            raise AssertionError("byline %s: %d\n%s%s" % (
                " ".join(str(a) for a in arguments), result.returncode,
                result.stdout.decode(), result.stderr.decode()))
        return result

    def configure(self, group, key, value):
        """Set `key` in byline.conf, where it stands as a comment or not."""
        path = self.path / "byline.conf"
        text = re.sub(r"(?m)^[# ]*%s *=.*\n" % key, "", path.read_text())
        text = text.replace("[%s]\n" % group,
                            "[%s]\n%s = %s\n" % (group, key, value), 1)
        assert "%s = %s" % (key, value) in text, text
        path.write_text(text)

    def fill(self):
        """The sample blog and a few articles more."""
        extra = work / ("extra " + self.path.name)
        extra.mkdir()
        for name, text in EXTRA_ARTICLES.items():
            (extra / name).write_text(text)
        self.tool("import", "markdown", work / "sample")
        self.tool("import", "markdown", extra)
        return self

    def copy(self, name):
        """Another site like this one; nobody may have it open."""
        copy = Site.__new__(Site)
        copy.base, copy.path = self.base, work / name
        shutil.copytree(self.path, copy.path)
        for path in [copy.path, *copy.path.rglob("*")]:
            give(path)
        return copy

    @property
    def database(self):
        return self.path / "byline.db"


# ---- the program ----

class Program:
    """byline.fcgi, or the program called `name`, with workers, on a unix socket
    unless `listen` says else."""

    count = 0

    def __init__(self, site, workers=2, listen=None, env=None, wait=True,
                 name="byline.fcgi"):
        Program.count += 1
        place = folder("program %d" % Program.count, 0o750)
        self.socket = place / "byline.sock"
        self.log = place / "log"
        self.process = start(
            [programs / name, "--site", site.path, "--listen",
             listen or "unix:%s" % self.socket, "--workers", str(workers)],
            self.log, env=env)
        if wait:
            self.wait(workers)

    def wait(self, workers):
        def is_up():
            if self.process.poll() is not None:
                raise AssertionError("byline.fcgi ended: " + self.said())
            return self.socket.exists() and len(self.workers()) == workers
        wait_for(is_up, what="byline.fcgi")

    def said(self):
        return self.log.read_text(errors="replace")

    def workers(self):
        return children(self.process.pid)

    def ask(self, target, method="GET", body=b"", **more):
        return ask(self.socket, target, method, body, **more)

    def stop(self):
        return stop(self.process)


# ---- web servers ----

def fill(name, to, **values):
    """Fill the placeholders of a sample configuration in cgi-bin/."""
    text = (SOURCE / "cgi-bin" / name).read_text()
    body = re.sub(r"(?m)^#.*\n", "", text)
    for key, value in values.items():
        body = body.replace("@%s@" % key, str(value))
    left = re.findall(r"@[A-Z_]+@", body)
    assert not left, "%s: %s left" % (name, left)
    write(to, body)
    return to


class Server:
    """A web server in front of a site. Ended with stop()."""

    def __init__(self, name, site, program=None, edit=None, desk=None):
        self.name, self.site, self.program = name, site, program
        self.desk = desk
        self.edit = edit or (lambda text: text)
        for _ in range(5):
            self.port = free_port()
            self.place = folder("%s %d" % (name, self.port))
            self.process = start(getattr(self, "_" + name)(),
                                 self.place / "log")
            if self._comes_up():
                return
            stop(self.process)
        raise AssertionError("%s does not start: %s" % (name, self.said()))

    def _comes_up(self):
        def answers():
            if self.process.poll() is not None:
                return "ended"
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                return "up"
            except OSError:
                return None
        return wait_for(answers, what=self.name) == "up"

    def _values(self):
        values = {"SITE": self.site.path, "BASE": self.site.base,
                  "LISTEN": "127.0.0.1:%d" % self.port, "PORT": self.port,
                  "BIND": "127.0.0.1", "SERVER_NAME": "localhost",
                  "DIR": self.place, "CGI": programs, "USER": ""}
        values["DESK_SOCKET"] = self.place / "desk.sock"
        if self.program:
            values["SOCKET"] = self.program.socket
        if self.desk:
            values["DESK_SOCKET"] = self.desk.socket
        return values

    def _fill(self, name, **more):
        path = fill(name, self.place / name[:-3], **{**self._values(), **more})
        write(path, self.edit(path.read_text()))
        return path

    def _nginx(self):
        need("nginx")
        site = self._fill("nginx.conf.in")
        main = self._fill("nginx-main.conf.in", INCLUDE=site)
        return ["nginx", "-p", self.place, "-c", main, "-e",
                self.place / "nginx-error.log"]

    def _apache(self, include):
        need("apache2")
        modules = pathlib.Path("/usr/lib/apache2/modules")
        if not (modules / "mod_fcgid.so").exists():
            raise suite.Skip("libapache2-mod-fcgid is not installed")
        main = self._fill("apache-main.conf.in", INCLUDE=include,
                          MODULES=modules)
        return ["apache2", "-f", main, "-DFOREGROUND"]

    def _apache_of(self, name):
        files = self._fill("apache-files.conf.in")
        return self._apache(self._fill(name, FILES=files))

    def _apache_proxy(self):
        return self._apache_of("apache-proxy.conf.in")

    def _apache_fcgid(self):
        return self._apache_of("apache-fcgid.conf.in")

    def _apache_cgi(self):
        return self._apache_of("apache-cgi.conf.in")

    def _apache_htaccess(self):
        """A shared host: it lets its customers have a folder with .htaccess."""
        top = folder("www %d" % self.port)
        place = top / self.site.base.lstrip("/")
        place.mkdir(exist_ok=True)
        shutil.copy2(programs / "byline.fcgi", place / "byline.cgi")
        shutil.copy2(programs / "desk.fcgi", place / "desk.cgi")
        fill("htaccess.in", place / ".htaccess", **self._values())
        host = self.place / "host.conf"
        write(host, 'DocumentRoot "%s"\n<Directory "%s">\nAllowOverride All\n'
                    'Options FollowSymLinks\nRequire all granted\n'
                    '</Directory>\n' % (top, top))
        return self._apache(host)

    def _lighttpd(self):
        need("lighttpd")
        return ["lighttpd", "-D", "-f", self._fill("lighttpd.conf.in")]

    def fetch(self, target, method="GET", **more):
        """`target` is below the base path."""
        return fetch(self.port, self.site.base + target, method, **more)

    def said(self):
        return "".join(path.read_text(errors="replace")
                       for path in self.place.glob("*log"))

    def stop(self):
        return stop(self.process)


# ---- load ----

class Load:
    """Visitors who ask for one page after another until stop()."""

    def __init__(self, act, visitors=4):
        self.act, self.is_over = act, False
        self.times, self.failures = [], []
        self.threads = [threading.Thread(target=self._visit, daemon=True)
                        for _ in range(visitors)]
        for thread in self.threads:
            thread.start()

    def _visit(self):
        while not self.is_over:
            began = time.monotonic()
            try:
                failure = self.act()
            except OSError as error:
                failure = repr(error)
            if failure:
                self.failures.append(failure)
            self.times.append(time.monotonic() - began)

    def wait(self, count):
        """Until `count` more requests were answered."""
        target = len(self.times) + count
        wait_for(lambda: len(self.times) >= target, 30,
                 "%d requests" % count)

    def stop(self):
        self.is_over = True
        for thread in self.threads:
            thread.join(30)
        return self.failures

    def percentile(self, share):
        times = sorted(self.times)
        return times[min(len(times) - 1, int(len(times) * share))]


def is_sanitized():
    """Whether the program was built with sanitizers, which change its nature."""
    return b"__asan_init" in (BUILD / "byline.fcgi").read_bytes()


_set_up()
