#!/usr/bin/env python3
"""A database that is missing, locked, read-only, of a newer version or damaged is
said in words at start; while running readers get a page with 503 and Retry-After,
and the blog comes back by itself when its file does."""
import os
import re
import shutil
import signal
import sqlite3
import sys

sys.dont_write_bytecode = True
import harness as web
from harness import Program, equal, wait_for

original = None
count = 0


def fresh_site():
    """A filled site of its own for each test."""
    global original, count
    original = original or web.Site("original").fill()
    count += 1
    return original.copy("site %d" % count)


def files_of(site):
    return [path for path in site.path.iterdir()
            if path.name.startswith("byline.db")]


def start_says(site, *words):
    """It does not start, and says why."""
    result = web.call(web.programs / "byline.fcgi", "--site", site.path,
                      "--listen", "unix:%s" % (site.path / "sock"))
    said = result.stderr.decode()
    equal(result.returncode, 1, "exit code (%s)" % said)
    for word in words:
        assert re.search(word, said), "no %r in %s" % (word, said)
    equal(said.count("\n"), 1, "lines of " + said)
    assert not (site.path / "sock").exists()


def assert_unavailable(answer):
    equal(answer.status, 503, "status")
    assert int(answer["retry-after"]) > 0, answer.headers
    equal(answer["cache-control"], "no-store", "Cache-Control")
    text = answer.body.decode()
    assert "<h1>" in text, text
    for secret in ("sqlite", "SQL", str(web.top), "byline.db"):
        assert secret not in text, "%s in %s" % (secret, text)


def heals(program):
    """Each worker finds the way back."""
    def is_well():
        return all(program.ask("/about").status == 200 for _ in range(10))
    wait_for(is_well, 5, "the blog to come back: " + program.said()[-2000:])


def be_without(program, site):
    """Put the database away, with what belongs to it, and say where to."""
    away = web.folder("away %d" % count)
    for path in files_of(site):
        shutil.move(path, away / path.name)
    return away


def bring_back(away, site):
    for path in files_of(site):
        path.unlink()
    # The main file last: it is what others look for.
    for path in sorted(away.iterdir(), reverse=True):
        shutil.move(path, site.path / path.name)


# ---- at start ----

def test_missing_at_start():
    site = fresh_site()
    for path in files_of(site):
        path.unlink()

    start_says(site, "byline.db")

    assert not site.database.exists(), "an empty blog in its place"


def test_garbage_at_start():
    site = fresh_site()
    site.database.write_bytes(os.urandom(65536))

    start_says(site, "byline.db", "not a database|damaged")


def test_newer_at_start():
    site = fresh_site()
    make_newer(site.database)

    start_says(site, "byline.db", "newer")


def make_newer(path):
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()


def test_unreadable_at_start():
    site = fresh_site()
    site.database.chmod(0)

    start_says(site, "byline.db", "[Pp]ermission|right|allowed|read")


def test_cgi_without_database_is_503():
    site = fresh_site()
    for path in files_of(site):
        path.unlink()

    result = web.call(web.programs / "byline.fcgi", env=web.environment(
        **web.variables("/"), BYLINE_SITE=str(site.path)))

    assert_unavailable(web.cgi_answer(result.stdout))


# ---- while running ----

def test_removed_while_running():
    site = fresh_site()
    program = Program(site)
    heals(program)

    away = be_without(program, site)

    for target in ("/", "/about", "/feed.xml", "/search?q=a", "/healthz"):
        assert_unavailable(program.ask(target))
    assert not site.database.exists(), "an empty blog in its place"
    bring_back(away, site)
    heals(program)
    program.stop()


def test_replaced_while_running():
    site = fresh_site()
    other = fresh_site()
    other.tool("setting", "title", "Restored")
    for path in files_of(other):
        if path != other.database:
            path.unlink()
    program = Program(site)
    assert b"Restored" not in program.ask("/").body

    for path in files_of(site):
        if path != site.database:
            path.unlink()
    os.replace(other.database, site.database)

    wait_for(lambda: all(b"Restored" in program.ask("/").body
                         for _ in range(10)), 5, "the restored blog")
    program.stop()


def test_garbage_while_running():
    site = fresh_site()
    program = Program(site)
    heals(program)
    away = be_without(program, site)

    site.database.write_bytes(os.urandom(65536))
    web.give(site.database)

    assert_unavailable(program.ask("/about"))
    bring_back(away, site)
    heals(program)
    program.stop()


def test_newer_while_running():
    site = fresh_site()
    program = Program(site)
    heals(program)
    away = be_without(program, site)

    shutil.copy(away / "byline.db", site.database)
    make_newer(site.database)
    web.give(site.database)

    assert_unavailable(program.ask("/about"))
    bring_back(away, site)
    heals(program)
    program.stop()


def test_damaged_page_is_an_error_and_not_a_lie():
    site = fresh_site()
    with sqlite3.connect(site.database) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = database.execute("PRAGMA page_size").fetchone()[0]
    database.close()
    with open(site.database, "r+b") as file:
        pages = file.seek(0, os.SEEK_END) // size
        for page in range(2, pages):
            file.seek(page * size)
            file.write(os.urandom(16))
    program = Program(site, wait=False)

    def is_settled():
        return program.process.poll() is not None or program.socket.exists()
    wait_for(is_settled, what="byline.fcgi")

    if program.process.poll() is None:
        program.wait(2)
        workers = program.workers()
        for target in ("/", "/about", "/tags", "/feed.xml", "/search?q=data"):
            answer = program.ask(target)
            assert answer.status in (500, 503), "%s: %r" % (target, answer)
        equal(program.workers(), workers, "workers")
        program.stop()
    else:
        equal(program.process.returncode, 1, "exit code")
        assert "byline.db" in program.said(), program.said()


# ---- locks and rights ----

def test_writer_does_not_keep_readers_waiting():
    site = fresh_site()
    program = Program(site)
    database = sqlite3.connect(site.database, isolation_level=None)
    web.give(site.path / "byline.db-wal")
    web.give(site.path / "byline.db-shm")
    database.execute("BEGIN IMMEDIATE")

    load = web.Load(lambda: None if program.ask("/about").status == 200
                    else "not 200")
    load.wait(200)

    equal(load.stop(), [], "failures")
    assert load.percentile(0.99) < 0.5, load.percentile(0.99)
    database.execute("ROLLBACK")
    database.close()
    program.stop()


def test_exclusive_lock_is_503_and_passes():
    """A rollback journal, as on a file system that cannot share memory."""
    site = fresh_site()
    program = Program(site)
    heals(program)
    program.stop()
    with sqlite3.connect(site.database) as database:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        equal(database.execute("PRAGMA journal_mode = DELETE").fetchone()[0],
              "delete", "journal mode")
    database.close()
    locked = sqlite3.connect(site.database, isolation_level=None)
    locked.execute("BEGIN EXCLUSIVE")

    program = Program(site)
    assert_unavailable(program.ask("/about"))

    locked.execute("ROLLBACK")
    locked.close()
    heals(program)
    program.stop()


def make_read_only(site, file_mode=0o400, folder_mode=0o500):
    for path in files_of(site):
        path.chmod(file_mode)
    site.path.chmod(folder_mode)


def test_read_only_at_start_is_said_or_read():
    """SQLite cannot read a WAL database where it may not make the -shm file."""
    site = fresh_site()
    make_read_only(site)

    program = Program(site, wait=False)
    wait_for(lambda: program.process.poll() is not None or
             program.socket.exists(), what="byline.fcgi")
    if program.process.poll() is None:
        heals(program)
        program.stop()
    else:
        equal(program.process.returncode, 1, "exit code")
        assert "cannot be written" in program.said(), program.said()

    make_read_only(site, 0o600, 0o711)


def test_read_only_while_running_is_read():
    site = fresh_site()
    program = Program(site)
    heals(program)

    make_read_only(site)

    heals(program)
    # Whoever starts now has to read what others may have written.
    os.kill(program.workers()[0], signal.SIGKILL)
    for _ in range(20):
        answer = program.ask("/about")
        assert answer.status in (200, 503), answer
    make_read_only(site, 0o600, 0o711)
    heals(program)
    program.stop()


web.run(globals())
