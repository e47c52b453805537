#!/usr/bin/env python3
"""What an import cannot take is named with its reason, and nothing else is lost: an
article keeps its text when a key of it is wrong, a folder its other files."""
import contextlib
import datetime
import fcntl
import json
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "support"))
import suite  # noqa: E402
from importing import (import_files, make_site, notices, report,  # noqa: E402
                       write, zola)

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40\0\0\0\xf0\x08\x02\0\0\0\0\0\0\0"
SIZE_MOST = 20 << 20


def said(made, file):
    """The level and words of the one notice about `file`."""
    found = [(n["level"], n["message"]) for n in made["notices"] if n["file"] == file]
    assert len(found) == 1, (file, made)
    return found[0]


# ---- files that are none

def test_markdown_that_is_no_file_is_named_and_the_rest_imported():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        write(posts, "good.md", zola("Good"))
        write(folder, "elsewhere/secret.md", zola("Secret"))
        os.symlink(folder + "/elsewhere/secret.md", posts + "/link.md")
        os.symlink("good.md", posts + "/near.md")
        os.symlink("none.md", posts + "/dangling.md")
        os.symlink(folder + "/elsewhere", posts + "/folder")
        os.mkfifo(posts + "/fifo.md")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(posts + "/socket.md")
            made = report(suite.byline(site, "import", "markdown", posts, "--json",
                                       check=1))
        for name in ("link.md", "near.md", "dangling.md"):
            level, words = said(made, name)
            assert level == "error" and "symbolic link" in words, words
        for name in ("fifo.md", "socket.md"):
            assert said(made, name) == ("error", "it is no regular file")
        level, words = said(made, "folder")
        assert level == "warning" and "symbolic link to a folder" in words
        listed = json.loads(suite.byline(site, "list", "--json").stdout)
        assert [article["slug"] for article in listed] == ["good"]


def test_markdown_that_may_not_be_read_is_named():
    if os.geteuid() == 0:
        raise suite.Skip("the superuser may read everything")
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        write(posts, "good.md", zola("Good"))
        os.chmod(write(posts, "mine.md", zola("Mine")), 0)
        made = report(suite.byline(site, "import", "markdown", posts, "--json", check=1))
        assert made["articles"] == 1
        assert said(made, "mine.md") == ("error", "Permission denied")


def test_markdown_without_a_word_is_named():
    made, articles = import_files({
        "empty.md": "", "white.md": " \n\n", "keys.md": "---\ndraft: true\n---\n",
        "titled.md": zola("Only a title", ""), "_index.md": "", "a.md": zola("A")})
    for name in ("empty.md", "white.md", "keys.md"):
        level, words = said(made, name)
        assert level == "warning" and "neither a title nor a text" in words, words
    assert len(made["notices"]) == 3 and set(articles) == {"a", "titled"}


def test_import_takes_its_turn_in_media():
    """While an author's upload changes media/, an import waits; one that keeps
    nothing does not."""
    with suite.Folder() as folder:
        site = make_site(folder)
        write(folder, "posts/a.md", zola("A", "![A dot](dot.png)"))
        write(folder, "posts/dot.png", PNG)
        media = os.path.join(site, "media")
        call = [suite.program("byline"), "--site", site, "import", "markdown",
                os.path.join(folder, "posts")]
        turn = os.open(media, os.O_RDONLY)
        fcntl.flock(turn, fcntl.LOCK_EX)
        suite.byline(site, "import", "markdown", "--dry-run",
                     os.path.join(folder, "posts"))

        with subprocess.Popen(call, stdout=subprocess.PIPE) as done:
            try:
                done.wait(1)
                raise AssertionError("it did not wait")
            except subprocess.TimeoutExpired:
                pass
            assert os.listdir(media) == [], "meanwhile"
            os.close(turn)
            assert done.wait(60) == 0

        assert len(os.listdir(media)) == 1


def test_folder_without_markdown_is_an_error():
    with suite.Folder() as folder:
        site = make_site(folder)
        write(folder, "posts/a.html", "<p>words")
        write(folder, "posts/README.md", "Words.")
        done = suite.byline(site, "import", "markdown", folder + "/posts", check=1)
        assert "holds no Markdown" in done.stderr and done.stdout == "", done


def test_folders_of_a_generator_are_left_out_where_it_keeps_them():
    names = ["_includes", "_layouts", "_sass", "_site", "archetypes", "layouts",
             "node_modules", "resources", "themes", "vendor"]
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        for name in names:
            for place in ("", "content/", "docs/", "old\nsite/"):
                write(posts, f"{place}{name}/x.md", zola(place + name))
        write(posts, "docs/_config.yml", "title: Documents\n")
        write(posts, "old\nsite/hugo.toml", "")
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert made["skipped"] == sorted(
            place + name for name in names for place in ("", "docs/", "old\\x0asite/")), made
        listed = json.loads(suite.byline(site, "list", "--json").stdout)
        assert {a["title"] for a in listed} == {"content/" + name for name in names}
        done = suite.byline(site, "import", "markdown", posts)
        assert done.stderr.count(": note: left out, since a generator") == 30, done
        assert "\nold\\x0asite/themes: note: " in done.stderr, done


# ---- files beside the text

def test_reference_to_a_file_that_stays_behind_says_why():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        names = {"a.bmp": "no image or download of a known kind",
                 "a.xyz": "no image or download of a known kind",
                 "empty.png": "the file is empty", "big.zip": "it is too large",
                 "link.png": "symbolic link", "fifo.png": "no regular file",
                 "none.png": "file not found", "/static-none.png": "file not found",
                 "/files/a.xyz": "no image or download of a known kind"}
        body = "".join(f"[x]({name})\n\n" if name.endswith((".xyz", ".zip"))
                       else f"![x]({name})\n\n" for name in names)
        write(posts, "a.md", zola("A", body))
        write(posts, "a.bmp", b"BM")
        write(posts, "a.xyz", b"x")
        write(posts, "static/files/a.xyz", b"x")
        write(posts, "empty.png", b"")
        with open(posts + "/big.zip", "wb") as big:
            big.truncate(SIZE_MOST + 1)
        write(folder, "secret.png", PNG)
        os.symlink(folder + "/secret.png", posts + "/link.png")
        os.mkfifo(posts + "/fifo.png")
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        found = {n["message"].rpartition(": ")[2]: n for n in made["notices"]}
        assert set(found) == set(names) and len(made["notices"]) == len(names), made
        for number, (name, words) in enumerate(names.items()):
            assert words in found[name]["message"], (name, found[name])
            assert found[name]["line"] == 5 + 2 * number, (name, found[name])
        assert made["images"] == 0 and os.listdir(site + "/media") == []


def test_address_with_a_slash_leads_to_what_it_is():
    with suite.Folder() as folder:
        site = make_site(folder, "/blog")
        posts = os.path.join(folder, "old")
        write(posts, "content/a.md", zola(
            "A", "![x](/img/x.png) [paper](/paper.pdf) [b](/posts/b#end) [c](/c)"))
        write(posts, "content/posts/b.md", zola("B"))
        write(posts, "static/img/x.png", PNG)
        write(posts, "static/paper.pdf", b"%PDF-1.4")
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert made["notices"] == [] and made["images"] == 2, made
        page = suite.request(site, "/blog/articles/a").text
        assert 'href="/blog/articles/b#end"' in page and 'href="/blog/c"' in page, page
        assert 'href="/blog/media/' in page and "-paper.pdf" in page, page
        suite.byline(site, "rebuild")
        assert suite.request(site, "/blog/articles/a").text == page


# ---- keys

def test_wrong_value_of_a_key_that_is_not_needed_loses_no_article():
    long = "x" * 101
    keys = [
        ('canonical_url = "ftp://example.org/a"', "http or https"),
        ('lang = "what we speak"', "a language is a tag"),
        (f'tags = ["good", "{long}"]', "longer than 100"),
        (f'category = "{long}"', "longer than 100"),
        ('updated = "soon"', "is no date"),
        (f'description = "{"x" * 5001}"', "longer than 5000"),
        ('aliases = ["a b\\u0001"]', "cannot be an address"),
        (f'author = "{"x" * 1000}"', "cannot be the name of an author"),
        ('cover = "none.png"', "file not found"),
        (f'cover_alt = "{"x" * 2001}"', "longer than 2000"),
        ('dir = "up"', "ltr or rtl"),
        (f'series = "{long}"', "longer than 100"),
        ('pinned = "perhaps"', "says neither"),
        ('draft = "perhaps"', "should be true or false"),
    ]
    for key, words in keys:
        made, articles = import_files({"a.md": zola("A", more=key + "\n")})
        assert set(articles) == {"a"}, (key, made)
        level, message = said(made, "a.md")
        assert level == "warning" and words in message, (key, message)
        assert notices(made, "warning") == [("a.md", 4)], (key, made)
    # Whoever wrote that did not mean it for readers yet.
    assert articles["a"]["status"] == "draft"


def test_misspelt_key_is_named_and_publishes_no_draft():
    for key, word, status in (("drft", "draft", "draft"), ("darft", "draft", "draft"),
                              ("publishd", "published", "draft"),
                              ("tgas", "tags", "published"),
                              ("catgory", "category", "published")):
        made, articles = import_files({"a.md": zola("A", more=f'{key} = "true"\n')})
        assert articles["a"]["status"] == status, (key, articles)
        level, message = said(made, "a.md")
        assert level == "warning" and f"is it {word}?" in message, (key, message)


def test_what_is_right_beside_what_is_wrong_is_kept():
    long = "x" * 101
    made, articles = import_files({"a.md": zola(
        "A", more=f'tags = ["good", "{long}", "better"]\n'
        f'categories = ["{long}", "Fine"]\nlanguage = "pt_BR"\n')})
    assert articles["a"]["tags"] == ["good", "better"], articles
    assert articles["a"]["category"] == "Fine"
    assert notices(made, "warning") == [("a.md", 4), ("a.md", 5)], made


def test_tags_above_the_limit_are_left_out():
    tags = ", ".join(f'"tag {number}"' for number in range(66))
    made, articles = import_files({"a.md": zola("A", more=f"tags = [{tags}]\n")})
    assert articles["a"]["tags"] == [f"tag {number}" for number in range(64)]
    assert [n["message"] for n in made["notices"]] == [
        f'an article has at most 64 tags: "tag {number}" left out' for number in (64, 65)]


# ---- imported again

def imported(site, posts):
    """What another import says: articles changed, images brought, all else nothing."""
    made = report(suite.byline(site, "import", "markdown", posts, "--json"))
    assert (made["new"], made["redirects"], made["errors"]) == (0, 0, 0), made
    return made["changed"], made["images"]


def test_corrected_image_comes_along():
    with suite.Folder() as folder:
        site = make_site(folder, "/b")
        posts = os.path.join(folder, "posts")
        write(posts, "a.md", zola("A", "![x](graph.png)"))
        write(posts, "b.md", zola("B", more='cover = "graph.png"\n'))
        write(posts, "c.md", zola("C", "[x](paper.pdf) [x](a.md)"))
        write(posts, "graph.png", PNG)
        write(posts, "paper.pdf", b"%PDF-1.4")
        suite.byline(site, "import", "markdown", posts)
        before = os.listdir(site + "/media")
        assert imported(site, posts) == (0, 0)
        write(posts, "graph.png", PNG + b"corrected")
        assert imported(site, posts) == (2, 1)
        new, = set(os.listdir(site + "/media")) - set(before)
        for address in ("/b/articles/a", "/b/articles/b"):
            assert "/b/media/" + new in suite.request(site, address).text, address
        assert imported(site, posts) == (0, 0)


def test_image_that_is_missing_or_cut_comes_back():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        write(posts, "a.md", zola("A", "![x](a.png)", more='cover = "b.png"\n'))
        write(posts, "c.md", zola("C", "[x](c.pdf)"))
        for name, data in (("a.png", PNG), ("b.png", PNG + b"b"), ("c.pdf", b"%PDF-1.4")):
            write(posts, name, data)
        suite.byline(site, "import", "markdown", posts)
        left = sorted(os.listdir(site + "/media"))
        os.unlink(site + "/media/" + left[0])
        os.unlink(site + "/media/" + left[1])
        os.truncate(site + "/media/" + left[2], 3)
        found = json.loads(suite.byline(site, "check", "--no-web", "--json", check=1).stdout)
        assert len([f for f in found if "import it again" in f["message"]]) == 3, found
        done = suite.byline(site, "import", "markdown", posts, "--json", "--dry-run")
        assert report(done)["images"] == 3 and len(os.listdir(site + "/media")) == 1
        assert imported(site, posts) == (0, 3)
        assert sorted(os.listdir(site + "/media")) == left
        suite.byline(site, "check", "--no-web")
        assert imported(site, posts) == (0, 0)


def test_link_to_what_comes_later_becomes_one():
    with suite.Folder() as folder:
        site = make_site(folder, "/b")
        posts = os.path.join(folder, "posts")
        write(posts, "a.md", zola(
            "A", "[x](b.md) [x](/posts/old-b) ![x](c.png) [x](no.md) ![x](no.png)"))
        write(posts, "d.md", zola("D", "[x](a.md)"))
        suite.byline(site, "import", "markdown", posts)
        assert imported(site, posts) == (0, 0)
        write(posts, "b.md", zola("B", more='aliases = ["/posts/old-b"]\n'))
        write(posts, "c.png", PNG)
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert (made["new"], made["changed"], made["images"]) == (1, 1, 1), made
        page = suite.request(site, "/b/articles/a").text
        assert page.count('href="/b/articles/b">x') == 2, page
        assert 'src="/b/media/' in page, page
        assert imported(site, posts) == (0, 0)
        # One that moves takes the links to it along.
        write(posts, "b.md", zola("B", more='layout = "page"\n'))
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert made["changed"] == 2, made
        assert 'href="/b/b">x' in suite.request(site, "/b/articles/a").text


def updated_at(site):
    """When each article was changed, counted from when it was published."""
    with contextlib.closing(sqlite3.connect(os.path.join(site, "byline.db"))) as database:
        return dict(database.execute(
            "SELECT slug, updated_at - published_at FROM article WHERE status = 'published'"))


def test_changed_text_was_updated_now():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        write(posts, "a.md", zola("A"))
        write(posts, "b.md", zola("B", more="updated = 2026-05-31\n"))
        write(posts, "c.md", zola("C", "![x](c.png)"))
        write(posts, "d.md", zola("D", more="draft = true\n"))
        suite.byline(site, "import", "markdown", posts)
        before = updated_at(site)
        assert before == {"a": 0, "b": 86400, "c": 0}, before
        write(posts, "a.md", zola("A", "Other words."))
        write(posts, "b.md", zola("B", "Other words.", more="updated = 2026-06-01\n"))
        write(posts, "c.png", PNG)
        write(posts, "d.md", zola("D"))
        assert imported(site, posts) == (4, 1)
        after = updated_at(site)
        since = time.time() - datetime.datetime.fromisoformat("2026-05-30T12:00Z").timestamp()
        assert abs(after.pop("a") - since) < 60, after
        assert after == {"b": 172800, "c": 0, "d": 0}, after
        # What is imported once more keeps when that was.
        write(posts, "a.md", zola("A", "Other words. ![x](c.png)"))
        assert imported(site, posts) == (1, 0)
        changed = updated_at(site)["a"]
        write(posts, "c.png", PNG + b"corrected")
        assert imported(site, posts) == (2, 1)
        assert updated_at(site)["a"] == changed


# ---- whole or not at all

def test_article_that_is_refused_leaves_no_file_behind():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        # "tags" is an address of the blog itself: no page can stand there.
        write(posts, "tags.md", zola("Tags", "![x](own.png) ![x](shared.png)",
                                     more='layout = "page"\n'))
        write(posts, "z.md", zola("Z", "![x](shared.png)"))
        write(posts, "own.png", PNG)
        write(posts, "shared.png", PNG + b"\0")
        made = report(suite.byline(site, "import", "markdown", posts, "--json", check=1))
        assert (made["articles"], made["images"]) == (1, 1), made
        assert notices(made, "error") == [("tags.md", 1)], made
        left = os.listdir(site + "/media")
        assert len(left) == 1 and left[0].endswith("-shared.png"), left
        found = json.loads(suite.byline(site, "check", "--no-web", "--json").stdout)
        assert [f for f in found if f["check"] == "media"] == [], found


def test_commit_that_fails_leaves_no_file_behind():
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        write(posts, "a.md", zola("A", "![x](a.png)\n\n" + "Words and words. " * 8_000))
        write(posts, "a.png", PNG)
        # The write-ahead log is the one file that grows beyond the limit. Python
        # ignores the signal of it, so that writing fails instead.
        done = subprocess.run(
            [suite.program("byline"), "--site", site, "import", "markdown", posts],
            capture_output=True, text=True, preexec_fn=limit, restore_signals=False)
        assert done.returncode == 1 and "nothing was imported" in done.stderr, done
        assert os.listdir(site + "/media") == []
        assert suite.byline(site, "list", "--json").stdout.strip() == "[]"


def test_file_that_is_gone_keeps_its_article_and_is_named():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        for number in range(13):
            write(posts, f"{number:02}.md", zola(f"Number {number}"))
        assert report(suite.byline(site, "import", "markdown", posts, "--json"))[
            "gone"] == []
        for number in range(12):
            os.unlink(f"{posts}/{number:02}.md")
        done = suite.byline(site, "import", "markdown", posts)
        assert done.stderr.count("note: the file is gone; its article stays") == 10
        assert "00.md: note" in done.stderr and "so are 2 more" in done.stderr, done
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert made["gone"] == [f"{number:02}.md" for number in range(12)], made
        assert len(json.loads(suite.byline(site, "list", "--json").stdout)) == 13


suite.run(globals())
