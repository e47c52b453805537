#!/usr/bin/env python3
"""`byline export`: what comes out is what was written, other programs read it, and
`byline import` makes the same blog of it again."""
import json
import os
import pathlib
import re
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

ARTICLES = """
SELECT slug, kind, status, title, body, summary, language, cover_path, cover_alt,
    canonical_url, path, published_at, updated_at, description, direction,
    series_number, pinned_at, (SELECT name FROM series WHERE id = series_id),
    (SELECT name FROM category WHERE id = category_id),
    (SELECT group_concat(name, '|') FROM (SELECT name FROM article_tag
        JOIN tag ON tag.id = tag_id WHERE article_id = article.id ORDER BY position)),
    (SELECT group_concat(name, '|') FROM (SELECT name FROM article_author
        JOIN author ON author.id = author_id WHERE article_id = article.id
        ORDER BY position))
FROM article WHERE trashed_at IS NULL ORDER BY slug"""


def query(site, sql, *values):
    database = sqlite3.connect(os.path.join(site, "byline.db"))
    with database:
        rows = database.execute(sql, values).fetchall()
    database.close()
    return rows


def new_site(folder, name="site"):
    site = os.path.join(folder, name)
    suite.byline(site, "init", "--base-url", "https://example.org/blog")
    # Whose articles are those that name nobody.
    suite.byline(site, "author", "add", "otto@example.org", "--name", "Otto",
                 "--role", "owner")
    return site


def import_into(site, source, check=None):
    return suite.byline(site, "import", "markdown", source, check=check)


def copy_settings(site, other):
    for key in ("permalink", "time_zone"):
        suite.byline(other, "setting", key, json.loads(
            suite.byline(site, "setting", "--json").stdout)[key])


def round_trip(folder, site):
    """The articles of `site` and of a blog that is made of its export."""
    out = os.path.join(folder, "out")
    suite.byline(site, "export", out)
    other = new_site(folder, "other")
    copy_settings(site, other)
    done = import_into(other, out, check=0)
    return query(site, ARTICLES), query(other, ARTICLES), done


def assert_same(before, after):
    assert len(before) == len(after), (len(before), len(after))
    for one, other in zip(before, after):
        assert one == other, "\n%s\n%s" % tuple(
            repr([(a, b) for a, b in zip(*pair) if a != b])[:2000]
            for pair in ((one, other), (other, one)))


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def addresses(site):
    """What the text of each article leads to: its images, and its links but those to
    files, which lead nowhere where a file did not come along."""
    return [[found for found in re.findall(r'(?:src|href)="([^"]*)"', row[0])
             if not found.endswith((".png", ".svg")) or "/media/" in found]
            for row in query(site, "SELECT body_html FROM article"
                             " WHERE trashed_at IS NULL ORDER BY slug")]


LINES = "---\ntitle: %s\ndate: 2024-05-01\n"


def odd_blog(folder):
    """One with all that is hard to write down."""
    site = new_site(folder)
    source = pathlib.Path(folder, "source")
    write(source / "a.md", LINES % '"Quotes \\" and: colons # and \\\\"' +
          "tags: [C++, 'a: b', \"yes\", '2024', ünïcode]\ncategory: \"No: 1\"\n"
          "authors: [Ada Lovelace, \"O'Brien: x\"]\nexcerpt: \"<b> & \\u2028 x\"\n"
          "aliases: [/old/a, /older]\nlang: de\ncanonical_url: https://a.example/x\n"
          "cover: pic.png\ncover_alt: A \"dot\"\n---\n\n\n  leading\r\nCRLF\r\n\ttab "
          "\n---\ntitle: no\n---\n![p](pic.png)\n\n")
    write(source / "pic.png", PNG)
    write(source / "b.md", "---\ntitle: Draft\ndraft: true\n---\n{% raw %}{{ x }}{% endraw %}")
    write(source / "c.md", LINES.replace("2024-05-01", "2090-01-01T03:04:05Z") % "Later" +
          "---\n+++\nx = 1\n+++\n")
    write(source / "d.md", "---\ntitle: About\nlayout: page\ndate: 2023-01-01\n---\nIt is.")
    write(source / "e.md", LINES % "Dated" + "slug: 2024-05-01-dated\n---\n"
          "{% highlight c %}\nint x;\n{% endhighlight %}\n{% comment %}no{% endcomment %}\n")
    write(source / "f.md", "---\ntitle: Dated draft\ndraft: true\nslug: 2020-01-02\n---\nx")
    write(source / "g.md", LINES % "Empty" + "---\n")
    write(source / "h.md", LINES % "日本" + "slug: 日本語\n---\n本\n")
    write(source / "i.md", LINES % "Long" + "slug: %s\n---\nx\n" % ("long-" * 19))
    # Called as what is put before the date of another would have it.
    write(source / "j.md", LINES % "Not dated" + "slug: a-2024-05-01-dated\n---\nx\n")
    import_into(site, str(source))
    return site


def test_round_trip_of_odd_articles():
    with suite.Folder() as folder:
        before, after, done = round_trip(folder, odd_blog(folder))
        assert len(before) == 10, before
        assert_same(before, after)
        other = os.path.join(folder, "other")
        for path in ("/old/a", "/older"):
            assert query(other, "SELECT count(*) FROM redirect WHERE path = ?",
                         path) == [(1,)], path
        html = query(other, "SELECT body_html FROM article WHERE cover_path <> ''")[0][0]
        assert "/blog/media/" in html and 'width="1"' in html, html
        assert len(os.listdir(os.path.join(other, "media"))) == 1


def test_round_trip_with_dates_in_addresses():
    with suite.Folder() as folder:
        site = new_site(folder)
        suite.byline(site, "setting", "permalink", "/{year}/{month}/{slug}")
        suite.byline(site, "setting", "time_zone", "Pacific/Auckland")
        import_into(site, str(TOP / "sample"))
        before, after, _ = round_trip(folder, site)
        assert len(before) >= 13, len(before)
        assert_same(before, after)


def test_round_trip_of_the_sample():
    with suite.Folder() as folder:
        site = new_site(folder)
        import_into(site, str(TOP / "sample"), check=0)
        before, after, done = round_trip(folder, site)
        assert len(before) >= 13, len(before)
        assert_same(before, after)
        assert "0 warnings" in done.stdout, done.stdout[-500:]


def try_corpus(name, least):
    with suite.Folder() as folder:
        site = new_site(folder)
        import_into(site, suite.corpus(name))
        before, after, _ = round_trip(folder, site)
        assert len(before) >= least, len(before)
        assert_same(before, after)
        other = os.path.join(folder, "other")
        assert len(addresses(site)) == len(before)
        for one, two in zip(addresses(site), addresses(other)):
            assert one == two, [pair for pair in zip(one, two) if pair[0] != pair[1]]


def test_round_trip_of_rust_blog():
    try_corpus("rust-blog", 100)


def test_round_trip_of_jekyll_posts():
    try_corpus("jekyll-posts", 10)


def test_round_trip_of_every_field():
    """Alone and with each other: a description is not taken for an excerpt, a number
    of a series not for its order, and what was pinned last stands first."""
    with suite.Folder() as folder:
        site = new_site(folder)
        source = pathlib.Path(folder, "source")
        for number, lines in enumerate((
                "description: Only for engines", "excerpt: Only for readers",
                "description: For engines\nexcerpt: For readers",
                "series: \"A: series\"\nseries_order: 2", "series: \"A: series\"",
                "series: Another\nseries_order: 99999\ndir: rtl\nlang: ar",
                "dir: ltr\nlang: he", "pinned: true", "pinned: true",
                "authors: [Zoe, Ada, \"O'Brien: x\"]\npinned: true\n"
                "series: Another\ndescription: d\nexcerpt: e\ndir: rtl")):
            write(source / ("a%d.md" % number), LINES % ("A%d" % number) + lines +
                  "\n---\nWords.\n")
        write(source / "who.md", "---\ntitle: Page\nlayout: page\n"
              "date: 2023-01-01\nauthors: [Ada, Zoe]\n---\nIt is.")
        import_into(site, str(source), check=0)
        # As the desk has it: a description alone, and pins of any order.
        query(site, "UPDATE article SET summary = '', description = 'Engines \"only\"'"
                    " WHERE slug = 'a0'")
        query(site, "UPDATE article SET pinned_at = 1700000000 - id"
                    " WHERE pinned_at IS NOT NULL")

        before, after, done = round_trip(folder, site)

        assert len(before) == 11, before
        assert_same(before, after)
        assert "0 warnings" in done.stdout, done.stdout
        for column in ("description", "direction", "pinned_at", "series_id"):
            assert query(os.path.join(folder, "other"), "SELECT count(*) FROM article"
                         " WHERE coalesce(%s, '') <> ''" % column)[0][0] >= 3, column
        order = "SELECT slug FROM article WHERE pinned_at ORDER BY pinned_at DESC"
        assert query(site, order) == [("a7",), ("a8",), ("a9",)], query(site, order)
        text = pathlib.Path(folder, "out/articles/a9.md").read_text()
        for line in ("authors:\n  - \"Zoe\"\n  - \"Ada\"\n  - \"O'Brien: x\"\n",
                     'series: "Another"\n', 'description: "d"\n', 'dir: "rtl"\n'):
            assert line in text, (line, text)
        assert "series_order" not in text, text


# ---- archives ----

def test_archive_is_read_by_others():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        out = os.path.join(folder, "out")
        archive = os.path.join(folder, "out.tar")
        suite.byline(site, "export", out)
        suite.byline(site, "export", archive)
        wanted = sorted(str(path.relative_to(out))
                        for path in pathlib.Path(out).rglob("*") if path.is_file())
        assert any(len(name.encode()) > 100 for name in wanted), wanted
        assert any(not name.isascii() for name in wanted), wanted
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        for command in (["tar", "--quoting-style=literal", "-tf"], ["bsdtar", "-tf"]):
            if shutil.which(command[0]) is None:
                assert command[0] == "bsdtar", "there is no tar"
                continue
            listed = subprocess.run([*command, archive], capture_output=True, text=True,
                                    env=environment, check=True)
            assert listed.stderr == "", listed
            assert sorted(listed.stdout.splitlines()) == wanted, command
        with tarfile.open(archive) as opened:
            for member in opened:
                data = opened.extractfile(member).read()
                if not member.name.endswith(".json"):
                    assert data == pathlib.Path(out, member.name).read_bytes(), member
                assert member.isfile() and member.mode == 0o644, member
        assert os.path.getsize(archive) % 512 == 0
        assert os.stat(archive).st_mode & 0o777 == 0o600


def test_without_files():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        suite.byline(site, "export", "--without-files", os.path.join(folder, "out"))
        assert sorted(os.listdir(os.path.join(folder, "out"))) == [
            "README.md", "articles", "authors.json", "categories.json", "media.json",
            "pages", "redirects.json", "settings.json", "tags.json"]


# ---- what is in it ----

def test_tables_say_all_and_no_secret():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        out = os.path.join(folder, "out")
        suite.byline(site, "author", "add", "ada@example.org", "--name", "Ada",
                     "--role", "owner", "--password-stdin", stdin="wobbly teapot orbit\n")
        token = suite.byline(site, "author", "reset", "ada@example.org").stdout
        query(site, "UPDATE author SET code_secret = 'JBSWY3DPEHPK3PXP'")
        query(site, "UPDATE tag SET description = 'All \"of\" it' WHERE name = 'C++'")
        suite.byline(site, "setting", "tagline", 'A "line" & more')
        suite.byline(site, "export", out)

        def load(name):
            return json.loads(pathlib.Path(out, name + ".json").read_text())

        assert load("settings")["tagline"] == 'A "line" & more'
        assert set(load("settings")) == set(json.loads(
            suite.byline(site, "setting", "--json").stdout))
        (ada,) = [author for author in load("authors") if author["name"] == "Ada"]
        assert ada == {"handle": "ada", "name": "Ada", "email": "ada@example.org",
                       "role": "owner", "disabled": False}, ada
        (tag,) = [tag for tag in load("tags") if tag["name"] == "C++"]
        assert tag["description"] == 'All "of" it', tag
        assert [row["name"] for row in load("categories")] == ["No: 1"]
        assert {row["from"] for row in load("redirects")} >= {"/old/a", "/older"}
        assert [row["name"] for row in load("media")] == ["pic.png"]
        secrets = [row[0] for row in query(
            site, "SELECT password_hash FROM author WHERE password_hash IS NOT NULL"
                  " UNION SELECT token_hash FROM one_time_link")]
        secrets += ["JBSWY3DPEHPK3PXP", "argon2", token.strip().split("=")[-1]]
        for path in pathlib.Path(out).rglob("*"):
            for secret in secrets:
                assert not path.is_file() or secret.encode() not in path.read_bytes(), path


def test_trash_stays_there():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        query(site, "UPDATE article SET trashed_at = 1 WHERE title = 'Empty'")
        suite.byline(site, "export", os.path.join(folder, "out"))
        assert "empty.md" not in os.listdir(os.path.join(folder, "out", "articles"))


def test_what_is_left_out_is_said():
    """And is left out."""
    with suite.Folder() as folder:
        site = odd_blog(folder)
        query(site, "UPDATE revision SET body = 'of a former version'")
        query(site, "INSERT INTO autosave (%s) SELECT %s FROM article LIMIT 1" % (
            "article_id, editor_key, author_id, version, fields, saved_at",
            "id, 'k', (SELECT min(id) FROM author), version, 'body=kept+beside+it', 1"))
        suite.byline(site, "export", os.path.join(folder, "out"))
        for path in pathlib.Path(folder, "out").rglob("*"):
            for words in (b"of a former version", b"kept+beside", b"kept beside it"):
                assert path.is_dir() or words not in path.read_bytes(), path
        readme = pathlib.Path(folder, "out", "README.md").read_text()
        manual = (TOP / "src/tool/byline.1").read_text()
        for text in (readme, manual[manual.index(".Sh EXPORTING"):]):
            text = " ".join(text.split())
            for words in ("revisions", "drafts kept beside an article", "the trash",
                          "session", "secret", "roles, job titles",
                          "redirects that lead to no article",
                          "files that no article uses", "settings"):
                assert words in text, words
        assert all(len(line) <= 80 for line in readme.splitlines()), readme


# ---- where it cannot go ----

def test_targets_that_are_there():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        full = pathlib.Path(folder, "full")
        write(full / "mine.txt", "mine")
        write(pathlib.Path(folder, "file"), "mine")
        write(pathlib.Path(folder, "a.tar"), "mine")
        pathlib.Path(folder, "b.tar").mkdir()
        before = sorted(os.listdir(folder))
        for name, words in (("full", "is a folder that is not empty"),
                            ("file", "is there already"), ("a.tar", "is there already"),
                            ("b.tar", "is there already"), ("", "is no name"),
                            ("nowhere/out", "cannot be made: No such file"),
                            ("nowhere/out.tar", "cannot be made: No such file"),
                            ("file/out", "cannot be looked at: Not a directory")):
            done = suite.byline(site, "export", name and os.path.join(folder, name),
                                check=1)
            assert words in done.stderr and done.stdout == "", (name, done)
        assert sorted(os.listdir(folder)) == before
        assert (full / "mine.txt").read_text() == "mine"
        pathlib.Path(folder, "empty").mkdir()
        suite.byline(site, "export", os.path.join(folder, "empty/"))
        assert "README.md" in os.listdir(os.path.join(folder, "empty"))


def limited(site, *arguments):
    """With room for 4 MiB a file, as on a disk that is full."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))

    return subprocess.run([suite.program("byline"), "--site", site, *arguments],
                          capture_output=True, text=True, timeout=60, preexec_fn=limit)


def test_nothing_is_left_where_there_is_no_room():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        write(pathlib.Path(site, "media", os.listdir(os.path.join(site, "media"))[0]),
              b"x" * (5 << 20))
        before = sorted(os.listdir(folder))
        for name in ("out", "out.tar"):
            done = limited(site, "export", os.path.join(folder, name))
            assert done.returncode == 1, done
            assert "cannot be written: File too large" in done.stderr, done
            assert sorted(os.listdir(folder)) == before, os.listdir(folder)


def add_large(site, count=4, size=50 << 20):
    """So much that an export takes its time; on the disk it takes no room."""
    for number in range(count):
        name = "large-%d.bin" % number
        with open(os.path.join(site, "media", name), "wb") as file:
            file.truncate(size)
        query(site, "INSERT INTO media (path, original_name, content_type, size,"
                    " created_at) VALUES (?, 'l', 'application/octet-stream', ?,"
                    " 1262304000)", name, size)


def begin_export(site, target):
    """An export under way: some of it is there."""
    process = subprocess.Popen(
        [suite.program("byline"), "--site", site, "export", target],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    folder = pathlib.Path(target).parent
    while process.poll() is None and not list(
            folder.glob(os.path.basename(target) + ".*")):
        pass
    return process


def test_nothing_is_left_by_who_interrupts():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        add_large(site)
        before = sorted(os.listdir(folder))
        for name in ("out", "out.tar"):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                process = begin_export(site, os.path.join(folder, name))
                process.send_signal(number)
                said, wrong = process.communicate(timeout=60)
                assert process.returncode == 1, (name, number, process.returncode)
                assert said == "" and "interrupted" in wrong, (said, wrong)
                assert sorted(os.listdir(folder)) == before, os.listdir(folder)


def test_what_came_meanwhile_stays():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        add_large(site)
        before = sorted(os.listdir(folder))
        for name, mine in (("out", "out/mine"), ("out.tar", "out.tar")):
            process = begin_export(site, os.path.join(folder, name))
            write(pathlib.Path(folder, mine), "mine")
            said, wrong = process.communicate(timeout=60)
            assert process.returncode == 1 and said == "", (name, said, wrong)
            assert "came meanwhile" in wrong, wrong
            assert pathlib.Path(folder, mine).read_text() == "mine"
        assert sorted(os.listdir(folder)) == sorted([*before, "out", "out.tar"])


def test_files_of_a_folder_are_as_old_as_in_an_archive():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        add_large(site, 1, 3)
        query(site, "UPDATE article SET updated_at = 1262304000 + id")
        suite.byline(site, "export", os.path.join(folder, "out"))
        suite.byline(site, "export", os.path.join(folder, "out.tar"))
        with tarfile.open(os.path.join(folder, "out.tar")) as opened:
            for member in opened:
                if "/" in member.name:
                    found = os.stat(os.path.join(folder, "out", member.name))
                    assert int(found.st_mtime) == member.mtime, member
                    assert member.mtime < 1300000000 or ".png" in member.name, member


def test_a_file_that_is_gone_is_named():
    with suite.Folder() as folder:
        site = odd_blog(folder)
        (name,) = os.listdir(os.path.join(site, "media"))
        os.rename(os.path.join(site, "media", name), os.path.join(site, "media", "x"))
        os.symlink("/etc/passwd", os.path.join(site, "media", name))
        done = suite.byline(site, "export", os.path.join(folder, "out"), check=1)
        assert "media/%s is not there: left out" % name in done.stderr, done
        assert "exported 10 articles and 0 files" in done.stdout, done
        assert not os.path.exists(os.path.join(folder, "out", "media"))


suite.run(globals())
