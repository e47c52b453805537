#!/usr/bin/env python3
"""bench.py - what Byline costs, side by side with what cannot be beaten.

    make bench                       the whole, about ten minutes
    make bench BENCH="--quick"       two rounds of one second, 20 and 1,000 articles

Everything is measured in one run on one machine, in alternating rounds: a file sent
by nginx, a FastCGI program that does nothing but write the same page (with libfcgi's
own stream, "usual", and in one write, "one"), and byline.fcgi that renders it from
the database. All of them serve the same bytes, with the same number of processes.
Ratios are what counts; medians over the rounds, and their spread.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "web"))
import harness as h  # noqa: E402

WORKERS = 2
TICK = os.sysconf("SC_CLK_TCK")
PAGES = [
    ("article", None),
    ("listing", "/"),
    ("tag", "/tags/{tag}"),
    ("archive", "/archive/{year}"),
    ("feed", "/feed.xml"),
    ("search, one article in 500", "/search?q={rare}"),
    ("search, every article", "/search?q={common}"),
]


def cpu_of(pids):
    """Seconds of processor time that processes have used, children reaped too."""
    total = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1]
        except OSError:
            continue
        total += sum(int(word) for word in fields.split()[11:15])
    return total / TICK


def pss_of(pids):
    """Kilobytes of memory, shared pages counted in part."""
    total = 0
    for pid in pids:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1])
    return total


def family(pid):
    """A process and all below it."""
    found = [pid]
    for one in found:
        try:
            found += h.children(one)
        except OSError:
            pass
    return found


def wrk(url, seconds, connections=32):
    """Requests a second, and milliseconds of p50 and p99."""
    said = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency",
                           url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said and "Socket errors" not in said, said
    unit = {"us": 0.001, "ms": 1, "s": 1000}

    def percentile(name):
        value, scale = re.search(rf"{name}%\s+([\d.]+)(us|ms|s)", said).groups()
        return float(value) * unit[scale]
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), percentile(50),
            percentile(99), int(re.search(r"(\d+) requests in", said)[1]))


class Target:
    """Something that answers under a path of nginx, and the processes behind it."""

    def __init__(self, name, url, pids):
        self.name, self.url, self.pids = name, url, pids
        self.rates, self.p50s, self.p99s, self.costs = [], [], [], []

    def measure(self, seconds):
        before = cpu_of(self.pids)
        rate, p50, p99, count = wrk(self.url, seconds)
        self.rates.append(rate)
        self.p50s.append(p50)
        self.p99s.append(p99)
        if self.pids:
            self.costs.append((cpu_of(self.pids) - before) * 1e6 / count)

    def row(self, usual):
        rate = statistics.median(self.rates)
        spread = (max(self.rates) - min(self.rates)) / rate * 100
        cost = f"{statistics.median(self.costs):9.0f}" if self.costs else "        -"
        return (f"    {self.name:<8} {rate:9.0f} {spread:6.0f} % {rate / usual:7.2f} "
                f"{statistics.median(self.p50s):8.2f} {statistics.median(self.p99s):8.2f} "
                f"{cost}")


HEADING = ("    what     requests/s  spread   of usual   p50 ms   p99 ms  "
           "µs a request")


def make_blog(name, count):
    """A blog of `count` articles of 30 KB, made by bench_model."""
    site = h.Site(name)
    site.database.unlink()
    for leaf in ("-wal", "-shm"):
        pathlib.Path(str(site.database) + leaf).unlink(missing_ok=True)
    done = h.call(h.BUILD / "tests/bench/bench_model", count, site.database, "nothing",
                  timeout=600)
    assert done.returncode == 0, done
    return site


def paths_of(program, site):
    """Where each of PAGES stands in this blog, by name."""
    listed = json.loads(site.tool("list", "--json").stdout)
    article = listed[len(listed) // 2]
    path = "/" + article["url"].split("/", 3)[3]
    tag = re.search(rb'href="/tags/([^"/]+)"', program.ask("/tags").body)
    year = re.search(rb'href="/archive/(\d+)"', program.ask("/archive").body)
    words = {"tag": tag[1].decode(), "year": year[1].decode(),
             "rare": "rarely", "common": "everywhere"}
    return {name: path if pattern is None else pattern.format(**words)
            for name, pattern in PAGES}


class Null:
    """The do-nothing program, serving the bytes in `body`."""

    count = 0

    def __init__(self, kind, body):
        Null.count += 1
        place = h.folder(f"null {Null.count}", 0o750)
        self.socket = place / "sock"
        self.process = h.start([h.BUILD / "tests/bench/null_fcgi", kind, WORKERS,
                                self.socket, body], place / "log")
        h.wait_for(self.socket.exists, what="null_fcgi")


def add_locations(text, locations):
    """Put further locations into the filled nginx.conf.in."""
    added = "".join(
        f'\tlocation ^~ /{name}/ {{ {how} }}\n' for name, how in locations.items())
    return text.replace("\tserver_tokens off;\n", "\tserver_tokens off;\n" + added)


def fastcgi(socket):
    return (f'include /etc/nginx/fastcgi_params; fastcgi_pass "unix:{socket}"; '
            "fastcgi_buffers 16 16k; fastcgi_buffer_size 16k;")


def bench_page(name, path, site, program, rounds, seconds):
    """Measure one page four ways, in alternating rounds."""
    answer = program.ask(path)
    assert answer.status == 200, (path, answer)
    place = h.folder("page " + str(Null.count))
    (place / "body").write_bytes(answer.body)
    (place / "body").chmod(0o644)
    usual, one = Null("usual", place / "body"), Null("one", place / "body")
    locations = {
        "file": f'alias "{place}/"; default_type text/html;',
        "usual": fastcgi(usual.socket), "one": fastcgi(one.socket)}
    server = h.Server("nginx", site, program,
                      edit=lambda text: add_locations(text, locations)
                      if "server_tokens" in text else text)
    origin = f"http://127.0.0.1:{server.port}"
    targets = [Target("file", origin + "/file/body", []),
               Target("usual", origin + "/usual/x", family(usual.process.pid)),
               Target("one", origin + "/one/x", family(one.process.pid)),
               Target("Byline", origin + path, family(program.process.pid))]
    for number in range(rounds):
        # Each round begins with another one: a machine drifts.
        for target in targets[number % 4:] + targets[:number % 4]:
            target.measure(seconds)
    print(f"  {name}, {len(answer.body)} bytes\n{HEADING}")
    base = statistics.median(targets[1].rates)
    for target in targets:
        print(target.row(base), flush=True)
    server.stop()
    for null in (usual, one):
        h.stop(null.process)


def bench_blog(count, rounds, seconds):
    print(f"\n{count} articles")
    site = make_blog(f"blog {count}", count)
    program = h.Program(site, workers=WORKERS)
    paths = paths_of(program, site)
    for name, path in paths.items():
        bench_page(name, path, site, program, rounds, seconds)
    pids = family(program.process.pid)
    print(f"  memory of all Byline processes after that: {pss_of(pids) / 1024:.1f} MB "
          f"(PSS, {len(pids)} processes)")
    program.stop()
    return site


def bench_growth(small, large, rounds, seconds):
    """What each page costs a large blog, of what it costs a small one: both at once,
    in alternating rounds."""
    targets = {}
    for site in (small, large):
        program = h.Program(site, workers=WORKERS)
        server = h.Server("nginx", site, program)
        origin = f"http://127.0.0.1:{server.port}"
        for name, path in paths_of(program, site).items():
            targets.setdefault(name, []).append(
                Target(name, origin + path, family(program.process.pid)))
    for name, (few, many) in targets.items():
        for number in range(rounds):
            for target in (few, many) if number % 2 else (many, few):
                target.measure(seconds)
        ratio = statistics.median(many.costs) / statistics.median(few.costs)
        print(f"    {name:<32} {ratio:5.2f}", flush=True)


# ---- plain CGI ----

def cpu_of_program(program, environment, count):
    """Seconds of processor time of a program by itself, from exec to exit."""
    total = 0
    for _ in range(count):
        reader, writer = os.pipe()
        pid = os.posix_spawn(program, [program], environment, file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, writer, 1)])
        os.close(writer)
        with open(reader, "rb") as answer:
            assert b"\r\n\r\n" in answer.read()
        _, code, used = os.wait4(pid, 0)
        assert code == 0, (program, code)
        total += used.ru_utime + used.ru_stime
    return total / count


class CgiTarget:
    """A CGI program behind Apache. mod_cgid lets the system reap its children, so
    that nobody is told what they used: the program is measured by itself, Apache
    with all that it does for it (fork included) in place."""

    def __init__(self, name, server, program, environment):
        self.name, self.server = name, server
        self.program, self.environment = str(program), environment
        self.apache, self.own = [], []

    def measure(self):
        pids = family(self.server.process.pid)
        before, count = cpu_of(pids), 0
        end = time.monotonic() + 3
        while time.monotonic() < end:
            answer = self.server.fetch("/")
            assert answer.status == 200, (self.name, answer)
            count += 1
        self.apache.append((cpu_of(pids) - before) * 1e6 / count)
        self.own.append(cpu_of_program(self.program, self.environment, 200) * 1e6)

    def total(self):
        return statistics.median(self.apache) + statistics.median(self.own)


def bench_cgi(site, rounds):
    """Apache's and the program's processor time for a page, a process each."""
    # Where no folder can be made for them, pages are made anew each time.
    bare = site.copy("blog cgi bare")
    h.write(bare.path / "pages", "")
    bare_server = h.Server("apache_cgi", bare)
    server = h.Server("apache_cgi", site)
    body = h.work / "cgi-body"
    body.write_bytes(server.fetch("/").body)
    body.chmod(0o644)
    null = h.programs / "null_cgi"
    null.write_bytes((h.BUILD / "tests/bench/null_cgi").read_bytes())
    null.chmod(0o755)
    other = h.Server("apache_cgi", site, edit=lambda text: text.replace(
        'byline.fcgi$1"', 'null_cgi"').replace(
        r'"^(byline|desk)\.fcgi$"', '"^null_cgi$"').replace(
        "SetEnv BYLINE_SITE", f'SetEnv NULL_BODY "{body}"\n\tSetEnv BYLINE_SITE'))
    environment = {
        "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_METHOD": "GET", "REQUEST_URI": "/", "QUERY_STRING": "",
        "SCRIPT_NAME": "/", "REMOTE_ADDR": "127.0.0.1", "SERVER_PORT": "80",
        "SERVER_NAME": "localhost", "HTTP_HOST": "localhost", "PATH": "/usr/bin",
        "NULL_BODY": str(body), "BYLINE_SITE": str(site.path)}
    byline = h.programs / "byline.fcgi"
    targets = [CgiTarget("a C program that prints it", other, null, environment),
               CgiTarget("Byline, a page it has kept", server, byline, environment),
               CgiTarget("Byline, a page it makes", bare_server, byline,
                         {**environment, "BYLINE_SITE": str(bare.path)})]
    h.wait_for(lambda: server.fetch("/") and any(
        (site.path / "pages").glob("*")), what="a page kept", between=0.2)
    for _ in range(rounds):
        for target in targets:
            target.measure()
    print("\nplain CGI by Apache (mod_cgid), listing, cold: µs of processor time\n"
          "    what                           Apache  program     both    ratio")
    for target in targets:
        print(f"    {target.name:<28} {statistics.median(target.apache):8.0f} "
              f"{statistics.median(target.own):8.0f} {target.total():8.0f} "
              f"{target.total() / targets[0].total():8.2f}")
    for each in (other, server, bare_server):
        each.stop()


# ---- writing ----

def bench_desk(count):
    site = make_blog("blog desk", count)
    done = h.call(h.BUILD / "tests/bench/bench_desk", site.path, timeout=600,
                  text=True)
    assert done.returncode == 0, done
    print(f"\nan author's work, {count:,} articles and 2,000 images there: processor "
          "time of one answer,\nthe child that renders included; a list is to take at "
          "most 5 ms, a save 50 ms")
    for line in done.stdout.splitlines():
        print(f"    {line}")


# ---- importing ----

def bench_import(rounds):
    content = pathlib.Path(h.suite.CORPUS) / "rust-blog/content"
    if not content.is_dir():
        print(f"\nimporting: no corpus at {content}")
        return
    rates = []
    for number in range(rounds):
        site = h.Site(f"import {number}")
        began = time.monotonic()
        done = h.call(h.programs / "byline", "--site", site.path, "import", "markdown",
                      content, "--json", user=None, group=None, extra_groups=None) \
            if not h.AS_ROOT else subprocess.run(
                [h.programs / "byline", "--site", site.path, "import", "markdown",
                 content, "--json"], capture_output=True, env=h.environment())
        count = json.loads(done.stdout)["articles"]
        rates.append(count / (time.monotonic() - began))
    print(f"\nimporting {count} real articles, code coloured: "
          f"{statistics.median(rates):.0f} a second "
          f"({min(rates):.0f} to {max(rates):.0f})")


def bench_pages(counts, rounds, seconds):
    sites = [bench_blog(count, rounds, seconds) for count in counts]
    print("\nprocessor time of Byline at %s articles, of that at %d" %
          (f"{counts[-1]:,}", counts[0]))
    bench_growth(sites[0], sites[-1], rounds, seconds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--articles", type=int, nargs="+")
    parser.add_argument("--only", choices=["pages", "cgi", "desk", "import"])
    arguments = parser.parse_args()
    rounds = arguments.rounds or (2 if arguments.quick else 5)
    seconds = arguments.seconds or (1 if arguments.quick else 2)
    counts = arguments.articles or (
        (20, 1000) if arguments.quick else (20, 1000, 10000))
    h.need("wrk", "nginx")
    if arguments.only in (None, "pages"):
        bench_pages(counts, rounds, seconds)
    if arguments.only in (None, "cgi"):
        bench_cgi(make_blog("blog cgi", counts[0]), rounds)
    if arguments.only in (None, "desk"):
        bench_desk(counts[-1])
    if arguments.only in (None, "import"):
        bench_import(3)


main()
