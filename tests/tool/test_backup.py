#!/usr/bin/env python3
"""`byline backup` and `byline restore`: one file that a whole blog comes out of again,
proven; what is damaged is refused, and nothing half is ever there."""
import contextlib
import fcntl
import hashlib
import io
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "support"))
import suite  # noqa: E402

TOP = pathlib.Path(os.environ.get("srcdir", ".")).resolve()
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082")

# What does not come back, and why is in model/backup.h; and what says when.
ENDED = ("session", "known_browser", "one_time_link", "preview_link",
         "sign_in_failure", "text_upload", "file_upload")


def query(site, sql, *values):
    with contextlib.closing(sqlite3.connect(os.path.join(site, "byline.db"), 20)) as opened:
        with opened:
            return opened.execute(sql, values).fetchall()


def tables(site):
    """All that is stored, {table: rows}."""
    names = [name for name, in query(
        site, "SELECT name FROM sqlite_schema WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%' AND name NOT GLOB '*_search_*'")]
    return {name: sorted(map(repr, query(site, "SELECT * FROM %s" % name)))
            for name in names}


def files(site):
    """Every file that a backup has but the database: {path: (mode, bytes)}."""
    top = pathlib.Path(site)
    found = [top / "byline.conf", *top.glob("media/*"), *top.glob("theme/**/*")]
    return {str(path.relative_to(top)): (path.stat().st_mode & 0o777, path.read_bytes())
            for path in found if path.is_file()}


def write(path, content):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def full_blog(folder, name="site"):
    """One that has something in every place."""
    site = os.path.join(folder, name)
    suite.byline(site, "init", "--base-url", "https://example.org/blog")
    suite.byline(site, "author", "add", "otto@example.org", "--name", "Otto",
                 "--role", "owner", "--password-stdin", stdin="wobbly teapot orbit\n")
    suite.byline(site, "import", "markdown", str(TOP / "sample"))
    write(os.path.join(site, "theme/static/style.css"), "/* mine */")
    write(os.path.join(site, "theme/ünder/%s.html" % ("long" * 30)), "x")
    query(site, "INSERT INTO media_variant (media_id, path, content_type, width, height,"
                " size) SELECT id, 'small.png', 'image/png', 1, 1, ? FROM media LIMIT 1",
          len(PNG))
    write(os.path.join(site, "media/small.png"), PNG)
    for path in pathlib.Path(site, "media").iterdir():
        path.chmod(0o644)
    suite.byline(site, "author", "reset", "otto@example.org")
    query(site, "INSERT INTO session (token_hash, author_id, created_at, seen_at, network,"
                " browser) SELECT 'h', id, 1, 1, '', '' FROM author LIMIT 1")
    query(site, "INSERT INTO preview_link (token_hash, article_id, created_at)"
                " SELECT 'h', id, 1 FROM article LIMIT 1")
    query(site, "INSERT INTO autosave (article_id, editor_key, author_id, version, fields,"
                " saved_at) SELECT id, 'k', (SELECT min(id) FROM author), 1, 'body=x', 1"
                " FROM article LIMIT 1")
    # What is made anew, or belongs to this machine.
    write(os.path.join(site, "tally"), "1 2\n")
    write(os.path.join(site, "uploads/x/y"), "y")
    write(os.path.join(site, "pages/x"), "page")
    write(os.path.join(site, "public/static/x.css"), "x")
    write(os.path.join(site, "theme/.git/config"), "hidden")
    write(os.path.join(site, "byline.log"), "said")
    os.chmod(os.path.join(site, "tally"), 0o600)
    os.chmod(os.path.join(site, "pages"), 0o700)
    return site


_made = {}


def archive_of_full_blog():
    """The bytes of one, for tests that damage it."""
    if "bytes" not in _made:
        with suite.Folder() as folder:
            path = os.path.join(folder, "b.tar")
            suite.byline(full_blog(folder), "backup", path)
            _made["bytes"] = pathlib.Path(path).read_bytes()
    return _made["bytes"]


def members(content):
    with tarfile.open(fileobj=io.BytesIO(content)) as opened:
        return [(member.name, opened.extractfile(member).read()) for member in opened]


def header_of(name, size, kind="0", link=""):
    """The header that Byline writes, or would if it wrote such things."""
    header = bytearray(512)
    plain = bytes(byte if byte < 128 else 95 for byte in name.encode())[:100]

    def put(at, text):
        header[at:at + len(text)] = text

    put(0, plain)
    for at, digits, number in ((100, 7, 0o644), (108, 7, 0), (116, 7, 0), (124, 11, size),
                               (136, 11, 0), (329, 7, 0), (337, 7, 0)):
        put(at, b"%0*o" % (digits, number))
    put(156, kind.encode())
    put(157, link.encode())
    put(257, b"ustar\0" + b"00")
    put(148, b" " * 8)
    put(148, b"%06o\0" % sum(header))
    return bytes(header)


def archive_of(entries, end=b"\0" * 1024):
    """An archive of (name, bytes) as Byline writes one."""
    out = b""
    for name, content in entries:
        if len(name.encode()) > 100 or not name.isascii():
            record = b"path=%s\n" % name.encode()
            size = len(record) + 1
            while len(b"%d " % size) + len(record) != size:
                size += 1
            record = b"%d %s" % (size, record)
            out += header_of("PaxHeaders/file", size, "x") + record
            out += b"\0" * (-size % 512)
        out += header_of(name, len(content)) + content + b"\0" * (-len(content) % 512)
    return out + end


def manifest_of(entries, change=lambda lines: lines):
    """A manifest that fits: the one of the blog with its files named anew."""
    lines = [line for line in dict(entries)["manifest"].decode().splitlines()
             if line.split()[0] not in ("file", "end")]
    lines += ["file %s %d %s" % (hashlib.blake2b(content, digest_size=32).hexdigest(),
                                 len(content), name)
              for name, content in entries if name != "manifest"]
    text = "".join(line + "\n" for line in change(lines))
    return (text + "end %s\n" % hashlib.blake2b(
        text.encode(), digest_size=32).hexdigest()).encode()


def try_restore(folder, content, check=1):
    """Restore these bytes; on failure nothing may be there."""
    path = os.path.join(folder, "try.tar")
    write(path, content)
    site = os.path.join(folder, "try")
    before = sorted(os.listdir(folder))
    done = suite.byline(site, "restore", path, check=check)
    if check:
        assert sorted(os.listdir(folder)) == before, os.listdir(folder)
        assert done.stdout == "" and "Traceback" not in done.stderr, done
    return done


# ---- there and back ----

def test_all_comes_back_and_no_access():
    with suite.Folder() as folder:
        site, other = full_blog(folder), os.path.join(folder, "other")
        path = os.path.join(folder, "b.tar")
        stored, kept = tables(site), files(site)

        said = suite.byline(site, "backup", path)
        done = suite.byline(other, "restore", path)

        assert tables(site) == stored and files(site) == kept, "the blog has changed"
        found = tables(other)
        assert all(stored[name] for name in ("session", "one_time_link", "preview_link",
                                             "autosave", "media_variant", "redirect"))
        for name in ENDED:
            assert found.pop(name) == [], name
            del stored[name]
        (before,), (after,) = stored.pop("blog"), found.pop("blog")
        assert eval(after)[1] == eval(before)[1] + 1, (before, after)
        assert found == stored, [name for name in stored if found[name] != stored[name]]
        wanted = {name: what for name, what in kept.items() if "/." not in name}
        assert len(kept) == len(wanted) + 1
        for name, (mode, content) in files(other).items():
            assert wanted.pop(name)[1] == content, name
            assert mode == (0o600 if name == "byline.conf" else 0o644), (name, oct(mode))
        assert wanted == {}, wanted
        assert "backed up 13 articles, 6 files of media/ and 2 of theme/" in said.stdout
        assert "13 articles, 13 of them rendered again, 6 files" in done.stdout, done
        assert "sign in again" in done.stdout, done


def test_rights_are_those_of_init():
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        made, other = os.path.join(folder, "made"), os.path.join(folder, "other")
        mask = os.umask(0o077)
        try:
            suite.byline(site, "backup", path)
            suite.byline(other, "restore", path)
            suite.byline(made, "init")
        finally:
            os.umask(mask)
        assert os.stat(path).st_mode & 0o777 == 0o600
        for name in sorted(os.listdir(made)) + ["."]:
            assert (os.stat(os.path.join(other, name)).st_mode ==
                    os.stat(os.path.join(made, name)).st_mode), name
        assert sorted(os.listdir(other)) == sorted([*os.listdir(made), "theme"])
        assert os.stat(os.path.join(other, "theme/static")).st_mode & 0o777 == 0o755
        assert suite.byline(other, "check", "--no-web").returncode == 0
        assert suite.request(other, "/blog/").status == 200


def test_json():
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        said = json.loads(suite.byline(site, "backup", "--json", path).stdout)
        done = json.loads(suite.byline(os.path.join(folder, "other"), "restore", "--json",
                                       path).stdout)
        assert said == {"file": path, "size": os.path.getsize(path), "articles": 13,
                        "media": 6, "theme": 2, "missing": []}, said
        assert done.pop("made_at").endswith("Z")
        assert done == {"site": os.path.join(folder, "other"), "articles": 13,
                        "rendered": 13, "media": 6, "theme": 2, "problems": []}, done


def test_manifest_names_every_table_and_file():
    with suite.Folder() as folder:
        write(os.path.join(folder, "b.tar"), archive_of_full_blog())
        site = os.path.join(folder, "site")
        suite.byline(site, "restore", os.path.join(folder, "b.tar"))
        entries = members(archive_of_full_blog())
        lines = entries[-1][1].decode().splitlines()
        assert entries[-1][0] == "manifest"
        assert ({line.split()[1] for line in lines if line.startswith("rows ")} ==
                set(tables(site)))
        assert ([line.split(" ", 3)[3] for line in lines if line.startswith("file ")] ==
                [name for name, _ in entries[:-1]])
        assert archive_of(entries)[-2048:] == archive_of_full_blog()[-2048:]


def test_other_programs_read_it():
    with suite.Folder() as folder:
        path = os.path.join(folder, "b.tar")
        write(path, archive_of_full_blog())
        listed = subprocess.run(["tar", "-xf", path, "-C", folder], capture_output=True,
                                text=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
        assert listed.stderr == "", listed
        with contextlib.closing(sqlite3.connect(os.path.join(folder, "byline.db"))) as opened:
            assert opened.execute("SELECT count(*) FROM article").fetchall() == [(13,)]


def test_older_database_is_brought_up_to_date():
    """And counted before; nothing of the copy that migrating keeps is left."""
    with suite.Folder() as folder:
        old = pathlib.Path(folder, "byline.db")
        with contextlib.closing(sqlite3.connect(old)) as opened:
            for path in sorted(TOP.glob("db/migrations/*.sql"))[:-1]:
                opened.executescript(path.read_text())
            opened.execute("INSERT INTO tag (slug, name) VALUES ('t', 'T')")
            opened.commit()
            (version,) = opened.execute("PRAGMA user_version").fetchone()
            counts = {name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                      for name, in opened.execute(
                          "SELECT name FROM sqlite_schema WHERE type = 'table'")}
        entries = [(name, old.read_bytes() if name == "byline.db" else content)
                   for name, content in members(archive_of_full_blog())
                   if name in ("byline.conf", "byline.db", "manifest")]

        def change(lines):
            return [*lines[:2], "schema %d" % version,
                    *("rows %s %d" % (name, counts[name]) for name in
                      (line.split()[1] for line in lines if line.startswith("rows "))
                      if name in counts), *lines[-2:]]

        entries[-1] = "manifest", manifest_of(entries, change)
        done = try_restore(folder, archive_of(entries), check=0)
        site = os.path.join(folder, "try")
        assert "0 articles" in done.stdout, done
        assert query(site, "SELECT slug FROM tag") == [("t",)]
        assert query(site, "PRAGMA user_version")[0][0] > version
        assert sorted(os.listdir(site)) == ["byline.conf", "byline.db", "media", "public"]


def test_newer_database_is_refused():
    with suite.Folder() as folder:
        entries = members(archive_of_full_blog())
        path = pathlib.Path(folder, "new.db")
        path.write_bytes(dict(entries)["byline.db"])
        with contextlib.closing(sqlite3.connect(path)) as opened:
            opened.execute("PRAGMA journal_mode = DELETE")
            opened.execute("PRAGMA user_version = 9999")
        entries = [(name, path.read_bytes() if name == "byline.db" else content)
                   for name, content in entries]
        entries[-1] = "manifest", manifest_of(entries)
        done = try_restore(folder, archive_of(entries))
        assert "made by a newer Byline" in done.stderr, done
        entries[-1] = "manifest", manifest_of(entries, lambda lines: [*lines, "more 1"])
        assert "made by a newer Byline" in try_restore(folder, archive_of(entries)).stderr


def test_view_in_the_place_of_a_table_is_refused():
    """It would be counted for ever."""
    with suite.Folder() as folder:
        entries = members(archive_of_full_blog())
        path = pathlib.Path(folder, "view.db")
        path.write_bytes(dict(entries)["byline.db"])
        with contextlib.closing(sqlite3.connect(path)) as opened:
            opened.execute("PRAGMA journal_mode = DELETE")
            opened.execute("ALTER TABLE tally RENAME TO former_tally")
            opened.execute("CREATE VIEW tally AS WITH RECURSIVE n (x) AS"
                           " (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n")
            opened.commit()
        entries = [(name, path.read_bytes() if name == "byline.db" else content)
                   for name, content in entries]
        entries[-1] = "manifest", manifest_of(entries)
        done = try_restore(folder, archive_of(entries))
        assert "its database has views" in done.stderr, done


# ---- what is missing ----

def test_line_for_cron_works_where_cron_runs_it():
    """That of the README: cron looks in /usr/bin and /bin alone, and makes % a new line."""
    (line,) = [line for line in (TOP / "README.md").read_text().splitlines()
               if line.startswith("17 3 * * * ")]
    command = line.removeprefix("17 3 * * * ").replace("\\%", "%")
    with suite.Folder() as folder:
        full_blog(folder)
        for installed, here in (("/srv/byline", folder),
                                ("/usr/local/bin/byline", suite.program("byline"))):
            command = command.replace(installed, str(here))
        subprocess.run(["/bin/sh", "-c", command], check=True, env={"PATH": "/usr/bin:/bin"})
        (made,) = os.listdir(os.path.join(folder, "backup"))
        suite.byline(os.path.join(folder, "trial"), "restore",
                     os.path.join(folder, "backup", made))


def test_file_that_is_gone_is_named_and_the_rest_is_there():
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        os.unlink(os.path.join(site, "media/small.png"))
        os.symlink("/etc/passwd", os.path.join(site, "media/small.png"))
        os.symlink("/etc/passwd", os.path.join(site, "theme/link.html"))
        said = suite.byline(site, "backup", path, check=1)
        assert "backed up 13 articles, 5 files" in said.stdout, said
        assert "media/small.png is not there" in said.stderr, said
        assert "theme/link.html is a link: left out" in said.stderr, said
        done = suite.byline(os.path.join(folder, "other"), "restore", path, check=1)
        assert "media/small.png was not there when" in done.stderr, done
        assert "13 of them rendered" in done.stdout, done


def test_article_that_cannot_be_rendered_is_named_and_stays():
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        other = os.path.join(folder, "other")
        query(site, "UPDATE article SET body = ? WHERE id = 1", "x" * (1 << 21))
        (html,) = query(site, "SELECT body_html FROM article WHERE id = 1")
        suite.byline(site, "backup", path)
        done = suite.byline(other, "restore", path, check=1)
        assert "13 articles, 12 of them rendered" in done.stdout, done
        (address,), = query(site, "SELECT path FROM article WHERE id = 1")
        assert "%s cannot be rendered" % address in done.stderr, done
        assert query(other, "SELECT body_html FROM article WHERE id = 1") == [html]


def test_file_that_is_deleted_meanwhile_makes_nothing_incomplete():
    """The files are read before the database is copied: what is deleted in between is
    in the archive, and no row of it names that."""
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        turn = os.open(os.path.join(site, "media"), os.O_RDONLY)
        # As who deletes: it waits for its turn to copy the database until we are done.
        fcntl.flock(turn, fcntl.LOCK_EX)
        process = subprocess.Popen([suite.program("byline"), "--site", site, "backup", path],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for_draft(folder, process, b"media/small.png")
        query(site, "DELETE FROM media_variant")
        os.unlink(os.path.join(site, "media/small.png"))
        write(os.path.join(site, "media/later.png"), PNG)
        query(site, "INSERT INTO media (path, original_name, content_type, size, created_at)"
                    " VALUES ('later.png', 'l', 'image/png', ?, 1)", len(PNG))
        os.close(turn)
        said, wrong = process.communicate(timeout=60)
        assert process.returncode == 0 and wrong == "", (said, wrong)
        other = os.path.join(folder, "other")
        suite.byline(other, "restore", path)
        names = os.listdir(os.path.join(other, "media"))
        assert "small.png" not in names and "later.png" in names, names
        assert sorted(names) == sorted(os.listdir(os.path.join(site, "media")))


def wait_for_draft(folder, process, words):
    """Until a draft of `process` in `folder` has these words."""
    while process.poll() is None:
        for path in pathlib.Path(folder).glob(".byline-unfinished-*/*"):
            with contextlib.suppress(OSError):
                if path.is_file() and words in path.read_bytes():
                    return


def test_whoever_has_the_files_for_long_is_waited_for_and_said():
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        turn = os.open(os.path.join(site, "media"), os.O_RDONLY)
        fcntl.flock(turn, fcntl.LOCK_EX)
        before = sorted(os.listdir(folder))
        done = suite.byline(site, "backup", path, check=1)
        os.close(turn)
        assert "others change the files in media/; try again" in done.stderr, done
        assert sorted(os.listdir(folder)) == before


# ---- what is damaged ----

def test_archives_that_are_cut_off():
    content = archive_of_full_blog()
    places = {0, 1, 511, 512, 513, len(content) - 1, len(content) - 512,
              len(content) - 1024, len(content) - 1025, len(content) - 1537}
    places |= set(random.Random(28).sample(range(len(content)), 40))
    with suite.Folder() as folder:
        for place in sorted(places):
            done = try_restore(folder, content[:place])
            assert "try.tar is cut off: it is not a whole backup" in done.stderr, (
                place, done)
        done = try_restore(folder, content + b"\0" * 512)
        assert "try.tar is damaged" in done.stderr, done


def test_archives_with_a_bit_turned():
    """Anywhere: in a header, a file, the database, the manifest."""
    content = archive_of_full_blog()
    rng = random.Random(28)
    entries = members(content)
    first = content.index(b"Byline backup 1")
    places = [rng.randrange(len(content)) for _ in range(40)]
    places += [rng.randrange(first, first + len(entries[-1][1])) for _ in range(15)]
    places += [rng.randrange(512) for _ in range(10)]
    places += [content.index(b"path=theme") + 8, content.index("ünder".encode())]
    with suite.Folder() as folder:
        for place in places:
            turned = bytearray(content)
            turned[place] ^= 1 << rng.randrange(8)
            done = try_restore(folder, bytes(turned))
            assert "try.tar " in done.stderr, (place, done)


def test_archives_of_others():
    """Each a whole archive, with sums that are right, and a manifest that fits."""
    entries = members(archive_of_full_blog())
    site = entries[:-1]

    def with_manifest(some, change=lambda lines: lines):
        return archive_of([*some, ("manifest", manifest_of([*some, entries[-1]], change))])

    def more(name, content=b"x"):
        return with_manifest([*site, (name, content)])

    def without(name):
        return with_manifest([one for one in site if one[0] != name])

    whole = with_manifest(site)
    cut = whole.index(header_of("manifest", len(manifest_of(entries)))[:100])
    strange = {
        "../x": more("../x"), "absolute": more("/etc/x"), "up": more("theme/../../x"),
        "below media": more("media/a/b"), "hidden": more("media/.htaccess"),
        "dot": more("theme/./x"), "nothing": more("theme//x"), "folder": more("theme/"),
        "deep": more("theme/" + "a/" * 9 + "b"), "control": more("theme/a\x1bb"),
        "other": more("public/x"), "wal": more("byline.db-wal"), "twice": more(*site[0]),
        "file as folder": more("media", b""),
        "link": whole[:cut] + header_of("media/l", 0, "2", "/etc/passwd") + whole[cut:],
        "hard link": whole[:cut] + header_of("media/l", 0, "1", "byline.conf") + whole[cut:],
        "folder entry": whole[:cut] + header_of("theme/x/", 0, "5") + whole[cut:],
        "device": whole[:cut] + header_of("theme/x", 0, "3") + whole[cut:],
        "no file in manifest": archive_of([*site, ("theme/y", b"y"), (
            "manifest", manifest_of(entries))]),
        "no manifest": archive_of(site), "two manifests": archive_of([*entries, entries[-1]]),
        "after the manifest": archive_of([*entries, ("theme/z", b"z")]),
        "not in it": archive_of([*site[1:], ("manifest", manifest_of(entries))]),
        "no database": without("byline.db"), "no settings": without("byline.conf"),
        "empty": archive_of([]), "text": b"x" * 5000, "nothing at all": b"",
        "rows": with_manifest(site, lambda lines: [
            "rows article 12" if line.startswith("rows article ") else line
            for line in lines]),
        "table": with_manifest(site, lambda lines: ["rows sqlite_schema 1"
                 if line.startswith("rows article ") else line for line in lines]),
        "number": with_manifest(site, lambda lines: [*lines[:1],
                  "made 99999999999999999999", *lines[2:]]),
        "negative": with_manifest(site, lambda lines: [*lines[:2], "schema -1", *lines[3:]]),
        "no database inside": with_manifest(
            [(name, b"SQL" * 999 if name == "byline.db" else content)
             for name, content in site]),
        "settings": with_manifest(
            [(name, b"[site]\nbase = x\n" if name == "byline.conf" else content)
             for name, content in site]),
        "export": whole.replace(b"manifest\0", b"README.m\0"),
    }
    with suite.Folder() as folder:
        try_restore(folder, whole, check=0)
        shutil.rmtree(os.path.join(folder, "try"))
        for name, content in strange.items():
            done = try_restore(folder, content)
            assert "try.tar " in done.stderr, (name, done)
        assert not os.path.exists(os.path.join(folder, "x"))


def test_names_in_an_archive_colour_no_terminal():
    entries = members(archive_of_full_blog())
    manifest = manifest_of(entries, lambda lines: [*lines[:3], "rows \x1b[31mred 3", *lines[3:]])
    with suite.Folder() as folder:
        done = try_restore(folder, archive_of([*entries[:-1], ("manifest", manifest)]))
        assert "\\x1b[31mred" in done.stderr and "\x1b" not in done.stderr, done


def test_database_that_is_damaged_is_refused_though_its_sum_is_right():
    entries = members(archive_of_full_blog())
    with suite.Folder() as folder:
        path = pathlib.Path(folder, "bad.db")
        path.write_bytes(dict(entries)["byline.db"])
        with contextlib.closing(sqlite3.connect(path)) as opened:
            opened.execute("PRAGMA journal_mode = DELETE")
            opened.execute("DELETE FROM media WHERE id = (SELECT media_id FROM media_use"
                           " LIMIT 1)")
            opened.execute("INSERT INTO media_use VALUES (999, 1)")
            opened.commit()
        entries = [(name, path.read_bytes() if name == "byline.db" else content)
                   for name, content in entries]
        entries[-1] = "manifest", manifest_of(entries)
        done = try_restore(folder, archive_of(entries))
        assert "is damaged: the table media_" in done.stderr, done


# ---- where it cannot go ----

def test_nothing_is_written_over():
    with suite.Folder() as folder:
        site = full_blog(folder)
        path = os.path.join(folder, "b.tar")
        suite.byline(site, "backup", path)
        content = pathlib.Path(path).read_bytes()
        stored = tables(site)
        write(os.path.join(folder, "full/mine"), "mine")
        os.symlink("nowhere", os.path.join(folder, "link"))
        os.mkdir(os.path.join(folder, "empty"))
        before = sorted(os.listdir(folder))
        for name, words in (("b.tar", "is there already"), ("full", "is there already"),
                            ("link", "is there already"), ("nowhere/b.tar", "cannot be made"),
                            ("", "is no name of a file"), ("x/", "is no name of a file")):
            done = suite.byline(site, "backup", name and os.path.join(folder, name), check=1)
            assert words in done.stderr and done.stdout == "", (name, done)
        for name, words in (("site", "is not empty"), ("full", "is not empty"),
                            ("b.tar", "is no folder"), ("link", "is no folder"),
                            ("nowhere/site", "cannot be made"), ("b.tar/x", "cannot be")):
            done = suite.byline(os.path.join(folder, name), "restore", path, check=1)
            assert words in done.stderr and done.stdout == "", (name, done)
        for name in ("nothing.tar", "empty"):
            done = suite.byline(os.path.join(folder, "new"), "restore",
                                os.path.join(folder, name), check=1)
            assert "cannot be read" in done.stderr, done
        assert sorted(os.listdir(folder)) == before
        assert pathlib.Path(path).read_bytes() == content and tables(site) == stored
        suite.byline(os.path.join(folder, "empty/"), "restore", path)
        assert "byline.db" in os.listdir(os.path.join(folder, "empty"))


def test_what_comes_meanwhile_stays():
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        turn = os.open(os.path.join(site, "media"), os.O_RDONLY)
        fcntl.flock(turn, fcntl.LOCK_EX)
        process = subprocess.Popen([suite.program("byline"), "--site", site, "backup", path],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_for_draft(folder, process, b"media/small.png")
        write(path, "mine")
        os.close(turn)
        said, wrong = process.communicate(timeout=60)
        assert process.returncode == 1 and "came meanwhile" in wrong, (said, wrong)
        assert pathlib.Path(path).read_text() == "mine"
        assert sorted(os.listdir(folder)) == ["b.tar", "site"]


def limited(size, site, *arguments):
    """With room for so many bytes a file, as on a disk that is full."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return subprocess.run([suite.program("byline"), "--site", site, *arguments],
                          capture_output=True, text=True, timeout=60, preexec_fn=limit)


def test_nothing_is_left_where_there_is_no_room():
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        suite.byline(site, "backup", path)
        before = sorted(os.listdir(folder))
        size = os.path.getsize(path)
        # What the blog itself writes beside its database has room.
        for room in (1, 100, 600, 4000, 300000, size // 2, size - 1025, size - 1):
            for done in (limited(max(room, 1 << 16), site, "backup",
                                 os.path.join(folder, "c.tar")),
                         limited(min(room, size // 2), os.path.join(folder, "other"),
                                 "restore", path)):
                assert done.returncode == 1 and done.stdout == "", (room, done)
                assert "File too large" in done.stderr or (
                    "could not be copied" in done.stderr), (room, done)
                assert sorted(os.listdir(folder)) == before, (room, os.listdir(folder))
        suite.byline(os.path.join(folder, "other"), "restore", path)


def test_no_rights():
    if os.geteuid() == 0:
        other = {"user": 65534, "group": 65534, "extra_groups": []}
    else:
        other = {}
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        suite.byline(site, "backup", path)
        os.chmod(folder, 0o755)
        os.chmod(path, 0o600 if other else 0)
        closed = os.path.join(folder, "closed")
        os.mkdir(closed, 0o555)
        opened = os.path.join(folder, "open")
        os.mkdir(opened)
        os.chmod(opened, 0o777)
        copy = os.path.join(folder, "copy.tar")
        shutil.copy(path, copy) if other else None
        if other:
            os.chmod(copy, 0o644)
        for arguments, words in (
                ([os.path.join(opened, "s"), "restore", path], "cannot be read: Permission"),
                ([os.path.join(closed, "s"), "restore", copy if other else path],
                 "Permission denied")):
            done = subprocess.run([suite.program("byline"), "--site", *arguments],
                                  capture_output=True, text=True, timeout=60, **other)
            assert done.returncode == 1 and words in done.stderr, done
        assert os.listdir(closed) == os.listdir(opened) == []
        if other:
            done = subprocess.run([suite.program("byline"), "--site",
                                   os.path.join(opened, "s"), "restore", copy],
                                  capture_output=True, text=True, timeout=60, **other)
            assert done.returncode == 0, done
            done = subprocess.run([suite.program("byline"), "--site",
                                   os.path.join(opened, "s"), "backup",
                                   os.path.join(closed, "b.tar")],
                                  capture_output=True, text=True, timeout=60, **other)
            assert done.returncode == 1 and "cannot be made: Permission" in done.stderr, done


# ---- who is ended ----

def killed_at_each_call(arguments, check):
    """Run `byline` and kill it at its first, second ... call that changes a folder or
    writes; `check` looks each time at what is there."""
    calls = "write,openat,rename,renameat2,unlink,mkdir,fsync,syncfs,fchmod,chmod"
    count, ended = 0, True
    while ended:
        count += 1 if count < 40 else 1 + count // 3
        process = subprocess.run(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + calls, "-e",
             "inject=%s:signal=KILL:when=%d" % (calls, count),
             suite.program("byline"), "--site", *arguments],
            capture_output=True, text=True, timeout=120,
            # Leaks are looked for by tracing too, and one is traced once.
            env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))
        # Its renderer, a child, has calls of its own.
        assert (process.returncode in (0, -signal.SIGKILL)
                or "the renderer did not start" in process.stderr), process
        ended = process.returncode != 0
        check(ended, process)
    return count


def test_kill_leaves_nothing_half_and_what_it_left_is_swept():
    if shutil.which("strace") is None:
        raise suite.Skip("there is no strace")
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        other = os.path.join(folder, "other")

        def backup_is_whole_or_not_there(ended, process):
            if os.path.exists(path):
                shutil.rmtree(other, ignore_errors=True)
                suite.byline(other, "restore", path)
                shutil.rmtree(other)
                if ended:
                    os.unlink(path)
            assert ended or os.path.exists(path), process

        tried = killed_at_each_call([site, "backup", path],
                                    backup_is_whole_or_not_there)
        assert tried > 40, tried
        assert suite.byline(site, "check", "--no-web").returncode == 0
        keep = pathlib.Path(path).read_bytes()

        def site_is_whole_or_not_there(ended, process):
            if os.path.exists(other):
                assert suite.byline(other, "check", "--no-web").returncode == 0
                assert query(other, "SELECT count(*) FROM article") == [(13,)]
                assert query(other, "SELECT count(*) FROM session") == [(0,)]
                if ended:
                    shutil.rmtree(other)
            assert ended or os.path.exists(other), process

        tried = killed_at_each_call([other, "restore", path],
                                    site_is_whole_or_not_there)
        assert tried > 40, tried
        assert pathlib.Path(path).read_bytes() == keep
        # The last one ended well, and has swept what those before it left.
        assert sorted(os.listdir(folder)) == ["b.tar", "other", "site"]


def test_hidden_folders_of_a_person_are_left_alone():
    """A name of six letters after ".byline-" is one that a person gives."""
    with suite.Folder() as folder:
        site = full_blog(folder)
        kept = os.path.join(folder, ".byline-backup", "old.tar")
        os.mkdir(os.path.dirname(kept), 0o700)
        write(kept, b"all there is")
        suite.byline(site, "backup", os.path.join(folder, "b.tar"))
        suite.byline(os.path.join(folder, "other"), "restore", os.path.join(folder, "b.tar"))
        assert pathlib.Path(kept).read_bytes() == b"all there is"


def test_signals_leave_nothing():
    with suite.Folder() as folder:
        site, path = full_blog(folder), os.path.join(folder, "b.tar")
        before = sorted(os.listdir(folder))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            turn = os.open(os.path.join(site, "media"), os.O_RDONLY)
            fcntl.flock(turn, fcntl.LOCK_EX)
            process = subprocess.Popen(
                [suite.program("byline"), "--site", site, "backup", path],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            wait_for_draft(folder, process, b"media/small.png")
            process.send_signal(number)
            os.close(turn)
            said, wrong = process.communicate(timeout=60)
            assert process.returncode == 1 and said == "", (number, process.returncode)
            assert "is not there: interrupted" in wrong, wrong
            assert sorted(os.listdir(folder)) == before, os.listdir(folder)


def test_draft_of_another_is_left_alone():
    """Two backups into one folder at the same time: neither sweeps the other."""
    with suite.Folder() as folder:
        site = full_blog(folder)
        turn = os.open(os.path.join(site, "media"), os.O_RDONLY)
        fcntl.flock(turn, fcntl.LOCK_EX)
        both = [subprocess.Popen([suite.program("byline"), "--site", site, "backup",
                                  os.path.join(folder, "%d.tar" % number)],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                for number in range(2)]
        while len(list(pathlib.Path(folder).glob(".byline-unfinished-*/backup"))) < 2:
            assert all(process.poll() is None for process in both)
        os.close(turn)
        for process in both:
            said, wrong = process.communicate(timeout=60)
            assert process.returncode == 0, (said, wrong)
        assert sorted(os.listdir(folder)) == ["0.tar", "1.tar", "site"]


suite.run(globals())
