#!/usr/bin/env python3
"""`byline check`: what is wrong is found, and what to do about it is said."""
import json
import os
import resource
import shutil
import sqlite3
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "support"))
import suite  # noqa: E402


def findings(text):
    return [(f["check"], f["level"], f["message"]) for f in json.loads(text)]


def checked(site, check=0):
    """What is found but for the web server, which test_check_web.py is about."""
    return findings(suite.byline(site, "check", "--json", "--no-web", check=check).stdout)


def is_sanitized():
    with open(suite.program("byline"), "rb") as file:
        return b"__asan_init" in file.read()


def make_site(folder):
    site = os.path.join(folder, "site")
    suite.byline(site, "init", "--base-url", "https://blog.example")
    return site


def test_new_site_has_nothing_wrong():
    with suite.Folder() as folder:
        assert checked(make_site(folder)) == []


def test_address_of_this_machine_and_plain_http_are_warned_about():
    for address, word in (("http://127.0.0.1:8080", "127.0.0.1"),
                          ("http://blog.example", "https")):
        with suite.Folder() as folder:
            site = os.path.join(folder, "site")
            suite.byline(site, "init", "--base-url", address)
            found = checked(site)
            assert [(c, l) for c, l, _ in found] == [("address", "warning")], found
            assert word in found[0][2], found


def test_rights_that_are_too_wide_are_an_error():
    with suite.Folder() as folder:
        site = make_site(folder)
        os.chmod(os.path.join(site, "byline.db"), 0o644)
        found = checked(site, check=1)
        # SQLite gives the -wal file the rights of the database.
        assert {(c, l) for c, l, _ in found} == {("rights", "error")}, found
        assert any("chmod 600" in m and m.endswith("byline.db") for _, _, m in found), found


def test_folder_that_others_may_change_is_an_error():
    """Whoever may write there may put a database of his own in its place."""
    with suite.Folder() as folder:
        site = make_site(folder)
        for name in (".", "media", "public", "theme"):
            path = os.path.join(site, name)
            os.makedirs(path, exist_ok=True)
            mode = os.stat(path).st_mode & 0o777
            os.chmod(path, mode | 0o002)
            found = checked(site, check=1)
            assert [(c, l) for c, l, _ in found] == [("rights", "error")], (name, found)
            assert "chmod go-w" in found[0][2], found
            os.chmod(path, mode & ~0o022)
        assert checked(site, check=0) == [], "as it was"


def test_missing_folder_is_an_error():
    with suite.Folder() as folder:
        site = make_site(folder)
        os.rmdir(os.path.join(site, "media"))
        found = checked(site, check=1)
        assert ("folders", "error") in [(c, l) for c, l, _ in found], found


def test_missing_and_cut_media_are_errors():
    with suite.Folder() as folder:
        site = make_site(folder)
        suite.byline(site, "import", "markdown", os.path.join(suite.SOURCE, "sample"))
        media = os.path.join(site, "media")
        first, second = sorted(os.listdir(media))[:2]
        os.unlink(os.path.join(media, first))
        os.truncate(os.path.join(media, second), 10)
        found = checked(site, check=1)
        assert [c for c, _, _ in found] == ["media", "media"], found
        assert all(any(name in m for _, _, m in found) for name in (first, second)), found


def test_file_that_belongs_to_nothing_is_named():
    with suite.Folder() as folder:
        site = make_site(folder)
        suite.byline(site, "import", "markdown", os.path.join(suite.SOURCE, "sample"))
        assert checked(site) == []
        names = [b"holiday.jpg", b"a\nerror: forged\x1b[31m", b"b\xff"]
        for name in names:
            with open(os.path.join(os.fsencode(site), b"media", name), "wb"):
                pass
        found = checked(site)
        assert [(c, l) for c, l, _ in found] == [("media", "warning")] * 3, found
        assert any("/media/holiday.jpg belongs to nothing" in m for _, _, m in found), found
        assert not any("\n" in m or "\x1b" in m for _, _, m in found), found


def test_other_sizes_of_an_image_belong_to_it():
    """Whoever removed what is called a stranger would take images from readers."""
    with suite.Folder() as folder:
        site = make_site(folder)
        suite.byline(site, "import", "markdown", os.path.join(suite.SOURCE, "sample"))
        path = os.path.join(site, "media", "narrow-480.webp")
        with open(path, "wb"):
            pass
        with sqlite3.connect(os.path.join(site, "byline.db")) as database:
            database.execute("INSERT INTO media_variant VALUES"
                             " (1, 'narrow-480.webp', 'image/webp', 480, 320, 0)")
        database.close()
        assert checked(site) == []

        os.unlink(path)
        found = checked(site, check=1)
        assert [(c, l) for c, l, _ in found] == [("media", "error")], found
        assert "narrow-480.webp is missing" in found[0][2], found


def test_template_in_the_wrong_place_is_named():
    with suite.Folder() as folder:
        site = make_site(folder)
        os.makedirs(os.path.join(site, "theme", "site"))
        for name in ("listing.html", "site/artikel.html"):
            with open(os.path.join(site, "theme", name), "w") as file:
                file.write('{{%AUTOESCAPE context="HTML"}}\n')
        found = checked(site)
        assert sorted(m.split(" ")[0].rsplit("theme/", 1)[1] for _, _, m in found) == \
            ["listing.html", "site/artikel.html"], found


def test_what_the_desk_shows_its_owner_is_named():
    with suite.Folder() as folder:
        site = make_site(folder)
        suite.byline(site, "work", "--once")
        seen = os.path.join(site, "work.seen")
        assert checked(site) == []

        with open(os.path.join(site, "byline.db.before-0005"), "w"):
            pass
        os.utime(seen, (os.stat(seen).st_atime, os.stat(seen).st_mtime - 7200))

        found = checked(site)
        assert [(c, l) for c, l, _ in found] == [("upkeep", "warning")] * 2, found
        assert "byline work has not run since" in found[0][2], found
        assert "byline.db.before-0005" in found[1][2], found

        suite.byline(site, "work", "--once")
        os.remove(os.path.join(site, "byline.db.before-0005"))
        assert checked(site) == []


def test_views_that_nobody_counts_are_named():
    with suite.Folder() as folder:
        site = make_site(folder)
        path = os.path.join(site, "tally")
        with open(path, "w") as file:
            file.truncate(4 << 20)
        os.chmod(path, 0o600)
        found = checked(site)
        assert [(c, l) for c, l, _ in found] == [("upkeep", "warning")], found
        assert "Views are not counted any more" in found[0][2], found

        suite.byline(site, "work", "--once")
        assert checked(site) == []


def test_clock_that_is_behind_is_an_error():
    with suite.Folder() as folder:
        site = make_site(folder)
        with sqlite3.connect(os.path.join(site, "byline.db")) as database:
            database.execute("UPDATE blog SET changed_at = changed_at + 90000")
        database.close()
        found = checked(site, check=1)
        assert [(c, l) for c, l, _ in found] == [("clock", "error")], found


# What a process may have, each too little; with the words that tell how to mend it.
TIGHT = {
    "RLIMIT_NOFILE": (64, "of open files is 64,", "ulimit -n, LimitNOFILE="),
    "RLIMIT_NPROC": (63, "of processes and threads is 63,", "LimitNPROC="),
    "RLIMIT_DATA": (200 << 20, "of memory is 200 MB,", "LimitDATA="),
    "RLIMIT_AS": (600 << 20, "of address space is 600 MB,", "LimitAS="),
    "RLIMIT_FSIZE": (8 << 20, "of the size of a file is 8 MB,", "LimitFSIZE="),
}


def checked_within(site, name, value):
    """What is found by a process with this limit."""
    number = getattr(resource, name)
    done = subprocess.run(
        [suite.program("byline"), "--site", site, "check", "--json", "--no-web"],
        capture_output=True, text=True, timeout=300,
        preexec_fn=lambda: resource.setrlimit(number, (value, value)))
    assert done.returncode == 0, done
    return findings(done.stdout)


def test_limits_that_are_too_tight_are_warned_about():
    if is_sanitized():
        raise suite.Skip("sanitizers need more than any limit")
    with suite.Folder() as folder:
        site = make_site(folder)
        for name, (value, *words) in TIGHT.items():
            found = checked_within(site, name, value)
            assert [(c, l) for c, l, _ in found] == [("limits", "warning")], (name, found)
            assert all(word in found[0][2] for word in words), (words, found)


def test_limits_that_are_wide_enough_are_not_spoken_of():
    if is_sanitized():
        raise suite.Skip("sanitizers need more than any limit")
    with suite.Folder() as folder:
        site = make_site(folder)
        for name, value in (("RLIMIT_NOFILE", 256), ("RLIMIT_NPROC", 64),
                            ("RLIMIT_DATA", 320 << 20), ("RLIMIT_AS", 768 << 20),
                            ("RLIMIT_FSIZE", 64 << 20)):
            assert checked_within(site, name, value) == [], name


def test_file_system_of_a_network_is_warned_about():
    """There is none here: the kernel's answer is changed on its way."""
    if shutil.which("strace") is None or is_sanitized():
        raise suite.Skip("strace is not installed, or would be in the way")
    with suite.Folder() as folder:
        site = make_site(folder)
        done = subprocess.run(
            ["strace", "-f", "-o", "/dev/null", "-e", "trace=statfs", "-e",
             "inject=statfs:poke_exit=@arg2=" + struct.pack("=l", 0x6969).hex(),
             suite.program("byline"), "--site", site, "check", "--json", "--no-web"],
            capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done
        found = findings(done.stdout)
        assert [(c, l) for c, l, _ in found] == [("limits", "warning")], found
        assert "byline.db is on a file system of a network" in found[0][2], found
        assert checked(site) == []


def test_web_server_is_left_out_when_asked():
    with suite.Folder() as folder:
        site = make_site(folder)
        for more, words in (((), "11 checks, "), (("--no-web",), "9 checks, ")):
            done = subprocess.run(
                [suite.program("byline"), "--site", site, "check", *more],
                capture_output=True, text=True, timeout=300, env={"PATH": folder})
            assert done.returncode == 0 and words in done.stdout, done
            assert ("curl is not installed" in done.stdout) == (more == ()), done


suite.run(globals())
