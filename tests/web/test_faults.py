#!/usr/bin/env python3
"""Faults of the machine that readers must not notice, or not for long: everything
killed at once while somebody writes, a full disk, a damaged file, a web server that
is reloaded and killed, a log that cannot be written."""
import contextlib
import os
import pathlib
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import harness as web
from harness import Load, Program, Server, equal, wait_for

made = {}


def the_site():
    if "site" not in made:
        made["site"] = web.Site("site").fill()
    return made["site"]


def is_fine(answer):
    if answer.status == 200 and answer.body.rstrip().endswith(b"</html>"):
        return None
    return repr(answer)


def assert_sound(site):
    """The file is whole, and what belongs together is together."""
    with sqlite3.connect(site.database) as database:
        equal(database.execute("PRAGMA integrity_check").fetchall(),
              [("ok",)], "integrity_check")
        equal(database.execute("PRAGMA foreign_key_check").fetchall(), [],
              "foreign_key_check")
    database.close()
    for path in site.path.glob("byline.db*"):
        web.give(path)


# ---- 2: everything is killed at once, while somebody writes ----

def write_until_killed(site, log):
    """Settings, one after another; each that was acknowledged stands in the
    log."""
    script = """
import subprocess, sys
program, site = sys.argv[1:]
number = 0
while True:
    number += 1
    subprocess.run([program, "--site", site, "setting", "tagline",
                    "line %d" % number], check=True)
    print(number, flush=True)
"""
    return web.start([web.PYTHON, "-c", script, web.programs / "byline",
                      site.path], log)


def acknowledged(log):
    numbers = re.findall(r"(?m)^(\d+)$", log.read_text())
    return int(numbers[-1]) if numbers else 0


def kill_everything(program, writer):
    for pid in (program.process.pid, *program.workers()):
        os.kill(pid, signal.SIGKILL)
    os.killpg(writer.pid, signal.SIGKILL)
    web.running.remove(writer)
    writer.wait()
    program.process.wait()


def test_everything_is_killed_at_once():
    site = the_site().copy("killed")
    rng = random.Random(2)
    for number in range(12):
        program = Program(site)
        log = web.work / ("writer %d" % number)
        writer = write_until_killed(site, log)
        wait_for(lambda: acknowledged(log) > 0, 20, "a write")
        time.sleep(rng.random() / 20)  # a random moment is what is tried
        kill_everything(program, writer)
        last = acknowledged(log)

        began = time.monotonic()
        program = Program(site)
        page = program.ask("/").body.decode()

        assert time.monotonic() - began < 3, "slow to come back"
        found = int(re.search(r"line (\d+)", page)[1])
        # What was under way may have been done; what was said is there.
        assert found in (last, last + 1), (found, last)
        equal(program.stop(), 0, "exit code")
        assert_sound(site)


# ---- 7: no space ----

def limit_files(program, size):
    """No file may grow beyond this: not the -wal, not the -shm, not the log."""
    for pid in (program.process.pid, *program.workers()):
        done = web.call("prlimit", "--pid", pid, "--fsize=%s:" % size)
        equal(done.returncode, 0, done.stderr.decode())


def test_readers_go_on_without_space():
    web.need("prlimit")
    program = Program(the_site().copy("full"))
    assert all(program.ask("/about").status == 200 for _ in range(10))

    limit_files(program, 4096)

    for target in ("/", "/about", "/feed.xml", "/search?q=data") * 5:
        equal(program.ask(target).status, 200, target)
    for _ in range(50):  # more than fits into the log
        equal(program.ask("/%zz").status, 400, "what is logged")
    # Whoever starts now may be unable to; nobody gets half a page.
    for pid in program.workers():
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: len(program.workers()) == 2, what="new workers")
    for target in ("/", "/about", "/feed.xml", "/search?q=data") * 5:
        answer = program.ask(target)
        assert answer.status in (200, 503), "%s: %r" % (target, answer)
        if answer.status == 503:
            assert int(answer["retry-after"]) > 0, answer.headers

    limit_files(program, "unlimited")
    wait_for(lambda: all(program.ask("/about").status == 200
                         for _ in range(10)), 5, "the blog to come back")
    equal(program.stop(), 0, "exit code")


def test_start_without_space_is_said_in_words():
    web.need("prlimit")
    site = the_site().copy("too small")
    address = site.path / "sock"

    result = web.call("prlimit", "--fsize=4096", web.programs / "byline.fcgi",
                      "--site", site.path, "--listen", "unix:%s" % address)

    equal(result.returncode, 1, "exit code")
    assert b"byline.db" in result.stderr, result.stderr
    assert not address.exists()


# ---- 9: a damaged file ----

def settle(site):
    """Everything in the one file."""
    with sqlite3.connect(site.database) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def test_bytes_are_flipped_at_random():
    site = the_site().copy("damaged")
    settle(site)
    whole = site.database.read_bytes()
    rng = random.Random(9)
    refused = 0

    for number in range(40):
        for path in site.path.glob("byline.db-*"):
            path.unlink()
        bytes_ = bytearray(whole)
        for _ in range(rng.choice((1, 10, 200))):
            bytes_[rng.randrange(len(bytes_))] ^= 1 << rng.randrange(8)
        site.database.write_bytes(bytes_)
        program = Program(site, workers=1, wait=False)
        wait_for(lambda: program.process.poll() is not None or
                 program.socket.exists(), what="byline.fcgi")
        if program.process.poll() is not None:
            equal(program.process.returncode, 1, "exit code %d" % number)
            assert "byline.db" in program.said(), program.said()
            refused += 1
            continue
        for target in ("/", "/about", "/tags", "/articles/boring-processes",
                       "/feed.xml", "/sitemap.xml", "/search?q=data"):
            status = program.ask(target).status
            assert status in (200, 404, 500, 503), "%s: %d" % (target, status)
        assert "worker.died" not in program.said(), program.said()
        equal(program.stop(), 0, "exit code %d" % number)
    print("%d of 40 were refused at start" % refused)


def test_shared_memory_file_is_deleted_while_running():
    site = the_site().copy("without shm")
    program = Program(site)
    equal(program.ask("/about").status, 200, "before")

    (site.path / "byline.db-shm").unlink()

    for _ in range(20):
        status = program.ask("/about").status
        assert status in (200, 503), status
    assert "worker.died" not in program.said(), program.said()
    program.stop()
    program = Program(site)
    equal(program.ask("/about").status, 200, "after")
    program.stop()
    assert_sound(site)


# ---- 19: a schema that is half made ----

def schema_of(path):
    with sqlite3.connect(path) as database:
        equal(database.execute("PRAGMA integrity_check").fetchall(),
              [("ok",)], "integrity_check")
        found = (database.execute("PRAGMA user_version").fetchone()[0],
                 database.execute("SELECT count(*) FROM sqlite_schema")
                 .fetchone()[0])
    database.close()
    return found


def schemas():
    """What each migration leaves, one after the other."""
    found = {(0, 0)}
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        for path in sorted((web.SOURCE / "db/migrations").glob("*.sql")):
            database.executescript(path.read_text())
            found.add((database.execute("PRAGMA user_version").fetchone()[0],
                       database.execute("SELECT count(*) FROM sqlite_schema")
                       .fetchone()[0]))
    return found


def start_to_migrate(path):
    """A new site being made at `path`, whose database has just appeared."""
    process = web.start([web.programs / "byline", "--site", path, "init",
                         "--base-url", web.ORIGIN], web.work / "init log")
    wait_for((path / "byline.db").exists, what="a database", between=0)
    return process


def test_migration_is_killed():
    """A part of the schema is there or it is not, whenever it ends."""
    path = web.work / "whole"
    process = start_to_migrate(path)
    began = time.monotonic()
    process.wait()
    takes = time.monotonic() - began
    web.stop(process)
    whole = schema_of(path / "byline.db")
    rng = random.Random(19)
    seen = []

    while len(seen) < 60 or len(set(seen)) < 2 and len(seen) < 600:
        path = web.work / ("half %d" % len(seen))
        process = start_to_migrate(path)
        time.sleep(rng.random() * takes)  # a random moment is what is tried
        web.stop(process, number=signal.SIGKILL)
        seen.append(schema_of(path / "byline.db"))

    print("%d of %d were killed before the end" % (
        seen.count((0, 0)), len(seen)))
    assert whole in schemas(), whole
    assert set(seen) <= schemas(), (seen, schemas())


# ---- 16: the web server ----

def test_nginx_is_reloaded_under_load():
    program = Program(the_site())
    server = Server("nginx", the_site(), program)
    load = Load(lambda: is_fine(server.fetch("/about")))
    load.wait(50)

    for _ in range(20):
        server.process.send_signal(signal.SIGHUP)
        load.wait(5)

    equal(load.stop(), [], "failures")
    assert "worker.died" not in program.said(), program.said()
    server.stop()
    program.stop()


def test_nginx_is_killed_under_load():
    program = Program(the_site())
    for _ in range(5):
        server = Server("nginx", the_site(), program)
        load = Load(lambda: is_fine(server.fetch("/about")))
        load.wait(50)
        workers = web.children(server.process.pid)
        os.kill(server.process.pid, signal.SIGKILL)
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        load.stop()
        server.process.wait()

    equal(program.ask("/about").status, 200, "afterwards")
    assert "worker.died" not in program.said(), program.said()
    equal(program.stop(), 0, "exit code")


# ---- 17: SIGTERM, again and again ----

def test_sigterm_cuts_no_answer():
    site = the_site()
    for _ in range(20):
        program = Program(site)
        answered = []

        def visit():
            try:
                answered.append(program.ask("/about"))
            except (FileNotFoundError, ConnectionRefusedError):
                time.sleep(0.001)
        load = Load(visit, 8)
        load.wait(20)
        code = program.stop()
        failures = load.stop()

        equal(code, 0, "exit code")
        equal(failures, [], "connections cut")
        equal([is_fine(answer) for answer in answered if is_fine(answer)], [],
              "answers cut")


# ---- 32: nobody listens to what is said ----

def log_to(path):
    """The program with its log at `path`, which is opened as it is."""
    place = web.folder("log to %s" % pathlib.Path(path).name, 0o750)
    process = subprocess.Popen(
        [str(web.programs / "byline.fcgi"), "--site", str(the_site().path),
         "--listen", "unix:%s" % (place / "sock"), "--workers", "2"],
        env=web.environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=open(path, "wb"),
        **web.ordinary())
    web.running.append(process)
    wait_for(lambda: (place / "sock").exists() or process.poll() is not None,
             what="byline.fcgi")
    return process, place / "sock"


def test_log_that_is_full():
    process, address = log_to("/dev/full")

    for _ in range(50):
        equal(web.ask(address, "/%zz").status, 400, "what is logged")
        equal(web.ask(address, "/about").status, 200, "/about")

    equal(len(web.children(process.pid)), 2, "workers")
    equal(web.stop(process), 0, "exit code")


web.run(globals())
