#!/usr/bin/env python3
"""The import of folders, by the real command line, looked at through the real
program: what real writing becomes, and what is said of files that are wrong."""
import contextlib
import datetime
import glob
import json
import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
import time
import tomllib
from html.parser import HTMLParser

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "support"))
import suite  # noqa: E402
from importing import (import_files, make_site, notices, report,  # noqa: E402
                       write, zola)


# ---- real writing

class Danger(HTMLParser):
    """Finds what no page may hold."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "script" and values.get("type") != "application/ld+json":
            self.found.append(tag)
        for name, value in attributes:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or address.startswith(("javascript:", "vbscript:")):
                self.found.append(f"{tag} {name}={value}")
            if name == "style":
                self.found.append(f"{tag} style")


def front_matter(path):
    with open(path, encoding="utf-8") as file:
        return tomllib.loads(file.read().split("+++")[1])


def normal(path):
    return "/" + path.strip("/")


def test_rust_blog_is_imported_whole():
    content = os.path.join(suite.corpus("rust-blog"), "content")
    with suite.Folder() as folder:
        site = make_site(folder)
        made = report(suite.byline(site, "import", "markdown", content, "--json"))
        assert made["articles"] == 750 and made["errors"] == 0, made
        again = report(suite.byline(site, "import", "markdown", content, "--json"))
        assert (again["new"], again["changed"], again["redirects"],
                again["images"]) == (0, 0, 0, 0), again
        listed = json.loads(suite.byline(site, "list", "--json").stdout)
        assert len(listed) == 750
        assert "750 articles" in suite.request(site, "/").text
        check_articles(site, listed)
        check_redirects(site, content, {a["url"] for a in listed})


def check_articles(site, listed):
    for article in listed:
        path = article["url"].removeprefix("http://127.0.0.1:8080")
        answer = suite.request(site, path)
        assert answer.status == 200, (path, answer.status)
        danger = Danger()
        danger.feed(answer.text)
        assert not danger.found, (path, danger.found)


def check_redirects(site, content, urls):
    count = 0
    for file in glob.glob(content + "/**/*.md", recursive=True):
        matter = front_matter(file)
        if "title" not in matter or os.path.basename(file) == "_index.md":
            continue
        for path in [matter["path"], *matter.get("aliases", [])]:
            answer = suite.request(site, normal(path))
            target = answer.headers.get("location", "")
            assert answer.status == 301, (path, answer.status)
            assert "http://127.0.0.1:8080" + target in urls, (path, target)
            count += 1
    assert count > 1300, count


def test_jekyll_posts_are_imported_whole():
    posts = suite.corpus("jekyll-posts/docs/_posts")
    with suite.Folder() as folder:
        site = make_site(folder)
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert made["articles"] == 102 and made["errors"] == 0, made
        assert "102 articles" in suite.request(site, "/").text
        listed = json.loads(suite.byline(site, "list", "--json").stdout)
        check_articles(site, listed)
        answer = suite.request(site, "/release/2013/05/06/jekyll-1-0-0-released.html")
        assert answer.status == 301, answer.status
        again = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert (again["new"], again["changed"]) == (0, 0), again


def test_sample_is_imported_without_a_warning():
    with suite.Folder() as folder:
        site = make_site(folder)
        made = report(suite.byline(site, "import", "markdown",
                                   os.path.join(suite.SOURCE, "sample"), "--json"))
        assert (made["articles"], made["images"], made["warnings"]) == (13, 5, 0), made
        assert "12 articles" in suite.request(site, "/").text
        assert suite.request(site, "/about").status == 200


# ---- what is wrong with single files

def test_broken_front_matter_is_named_and_the_rest_imported():
    made, articles = import_files({
        "a.md": '+++\ntitle = "A"\ndate = \n+++\nText\n',
        "b.md": '---\ntitle: "B\ndate: 2026-01-01\n---\nText\n',
        "c.md": '+++\ntitle = "C"\nnever closed\n',
        "good.md": zola("Good"),
    }, check=1)
    assert set(articles) == {"good"}
    assert {file for file, _ in notices(made, "error")} == {"a.md", "b.md", "c.md"}
    assert dict(notices(made, "error"))["a.md"] == 3, made


def test_file_that_is_not_utf8_is_named_with_its_line():
    made, articles = import_files({
        "latin.md": b"---\ntitle: Latin\ndate: 2026-01-01\n---\nline\ncaf\xe9\n",
        "nul.md": b"---\ntitle: Nul\ndate: 2026-01-01\n---\na\0b\n",
        "utf16.md": "---\ntitle: Wide\n---\n".encode("utf-16"),
        "good.md": zola("Good"),
    }, check=1)
    assert set(articles) == {"good"}
    errors = dict(notices(made, "error"))
    assert errors == {"latin.md": 6, "nul.md": 5, "utf16.md": 1}, errors


def test_two_files_that_ask_for_one_slug():
    made, articles = import_files({
        "a.md": zola("A", more='slug = "same"\n'),
        "b.md": zola("B", more='slug = "same"\n'),
        "c.md": zola("C"),
    }, check=1)
    assert set(articles) == {"same", "c"} and articles["same"]["title"] == "A"
    assert notices(made, "error") == [("b.md", 4)], made


def test_two_files_of_one_name_are_both_imported():
    made, articles = import_files({
        "2019/roadmap.md": '+++\ntitle = "R"\ndate = 2019-01-02\n+++\nx\n',
        "2020/roadmap.md": '+++\ntitle = "R"\ndate = 2020-01-02\n+++\nx\n',
    })
    assert set(articles) == {"roadmap", "roadmap-2020"}, articles
    assert notices(made, "warning") == [("2020/roadmap.md", 1)], made


def test_date_that_nobody_can_read_is_an_error():
    made, articles = import_files({
        "a.md": '---\ntitle: A\ndate: next Tuesday\n---\nx\n',
        "b.md": '---\ntitle: B\ndate: 2023-02-29\n---\nx\n',
        "c.md": '---\ntitle: C\n---\nx\n',
    }, check=1)
    assert notices(made, "error") == [("a.md", 3), ("b.md", 3)], made
    assert articles["c"]["status"] == "draft"
    assert notices(made, "warning") == [("c.md", 1)]


def test_alias_of_a_page_whose_own_address_cannot_be():
    """What most Jekyll blogs have: a home page at "/"."""
    made, listed = import_files({"index.md": (
        "---\nlayout: page\ntitle: Home\npermalink: /\nredirect_from: /home\n---\n"
        "Words.\n")})

    assert made["articles"] == 1 and made["redirects"] == 1, made
    (page,) = listed.values()
    assert page["status"] == "published", listed


def test_date_of_today_is_public_at_once():
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    made, listed = import_files({
        "a.md": f"---\ntitle: A\ndate: {today}\n---\nWords.\n",
        f"{today}-b.md": "---\ntitle: B\n---\nWords.\n"})

    assert made["warnings"] == 0, made
    assert {one["status"] for one in listed.values()} == {"published"}, listed


def test_date_in_the_future_is_named_and_kept_until_it_comes():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(
            seconds=6)
        write(posts, "a.md", f"---\ntitle: A\ndate: {due.isoformat()}\n---\nWords.\n")

        def status_after_import():
            made = report(suite.byline(site, "import", "markdown", posts, "--json"))
            listed = json.loads(suite.byline(site, "list", "--json").stdout)
            return notices(made, "warning"), listed[0]["status"]

        assert status_after_import() == ([("a.md", 3)], "scheduled")
        end = time.monotonic() + 30
        while status_after_import()[1] == "scheduled":
            assert time.monotonic() < end
            time.sleep(0.2)
        assert datetime.datetime.now(datetime.timezone.utc) >= due.replace(microsecond=0)
        assert status_after_import() == ([], "published")


def test_names_of_files_forge_no_line_of_the_report():
    made, _ = import_files({
        "bytes-\udcff.md": zola("Bytes").replace("2026-05-30", '"nope"'),
        "line\nb.md:1: error: \x1b[31m.md":
            zola("Line", more='aliases = ["/a\\u001b[2J/../b"]\n'),
    }, check=1)
    assert {n["file"] for n in made["notices"]} == {
        r"bytes-\xff.md", r"line\x0ab.md:1: error: \x1b[31m.md"}, made
    assert notices(made, "error") == [(r"bytes-\xff.md", 3)], made
    assert any(r"/a\x1b[2J" in n["message"] for n in made["notices"]), made


def test_file_of_50_megabytes_is_named():
    made, articles = import_files({
        "big.md": b"---\ntitle: Big\ndate: 2026-01-01\n---\n" + b"word " * (10 << 20),
        "good.md": zola("Good"),
    }, check=1)
    assert set(articles) == {"good"}
    assert [file for file, _ in notices(made, "error")] == ["big.md"]


def test_name_that_no_author_can_have_is_left_out():
    made, articles = import_files({
        "a.md": zola("A", more=f'authors = ["{"x" * 1000}", "Ada"]\n'),
    })
    assert set(articles) == {"a"} and made["articles"] == 1, made
    assert notices(made, "warning") == [("a.md", 4)], made


def processor_time_of(marks):
    """Seconds that an import of three files of 2 MB takes, each full of one mark."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before = used()
    made, _ = import_files({
        f"{i}.md": "---\ntitle: A\ndate: 2026-01-01\n---\n" + mark * (2_000_000 // len(mark))
        for i, mark in enumerate(marks)
    }, check=1)
    assert len(notices(made, "error")) == 3, made
    return used() - before


def test_beginnings_without_an_end_take_no_time():
    with open(suite.program("byline"), "rb") as file:
        if b"__asan_init" in file.read():
            raise suite.Skip("the sanitizer measures a string at each look into it")
    words = processor_time_of(("word ", "text ", "some "))
    beginnings = processor_time_of(("{% ", "{{ ", "{% comment %} "))
    # Searched through for each beginning, they would take hundreds of times as long.
    assert beginnings < 40 * max(words, 0.05), (beginnings, words)


def test_text_over_one_megabyte_is_named():
    made, articles = import_files({
        "big.md": b"---\ntitle: Big\ndate: 2026-01-01\n---\n" + b"word " * 250_000,
        "good.md": zola("Good"),
    }, check=1)
    assert set(articles) == {"good"}
    assert [file for file, _ in notices(made, "error")] == ["big.md"]


def test_hostile_text_is_named_and_the_rest_imported():
    columns = 2000
    table = "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|x|\n" * columns
    made, articles = import_files({
        "hostile.md": zola("Hostile", table),
        "z-good.md": zola("Good"),
    }, check=1)
    assert set(articles) == {"z-good"}
    assert [file for file, _ in notices(made, "error")] == ["hostile.md"]


def test_folder_that_is_missing():
    with suite.Folder() as folder:
        site = make_site(folder)
        done = suite.byline(site, "import", "markdown", folder + "/none", check=1)
        assert "is no folder" in done.stderr


# ---- what becomes of what is right

def test_dry_run_keeps_nothing():
    made, articles = import_files({"a.md": zola("A")}, arguments=["--dry-run"])
    assert made["articles"] == 1 and made["dry_run"] is True and articles == {}


def test_images_come_along():
    png = (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40\0\0\0\xf0\x08\x02\0\0\0"
           b"\0\0\0\0")
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        write(posts, "a/index.md", zola("A", "![A graph](graph.png)\n\n![None](no.png)"))
        write(posts, "a/graph.png", png)
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert made["images"] == 1, made
        assert notices(made, "warning") == [("a/index.md", 7)], made
        page = suite.request(site, "/articles/a").text
        image = re.search(r'<img src="(/media/[0-9a-f]{16}-graph\.png)"[^>]*>', page)
        assert image and 'width="320"' in image[0] and 'height="240"' in image[0], page
        answer = suite.request(site, image[1])
        assert answer.body == png and answer.headers["content-type"] == "image/png"
        before = page
        assert suite.byline(site, "rebuild").returncode == 0
        assert suite.request(site, "/articles/a").text == before


def test_links_between_files_lead_to_articles():
    with suite.Folder() as folder:
        site = make_site(folder, "/blog")
        posts = os.path.join(folder, "posts")
        write(posts, "a.md", zola("A", "[b](b.md#part) [c](@/sub/c.md) [d](../../old/d)",
                                  more='path = "2026/x/a"\n'))
        write(posts, "b.md", zola("B"))
        write(posts, "sub/c.md", zola("C"))
        write(posts, "d.md", zola("D", more='path = "2026/old/d"\n'))
        suite.byline(site, "import", "markdown", posts)
        page = suite.request(site, "/blog/articles/a").text
        for target in ("/blog/articles/b#part", "/blog/articles/c", "/blog/articles/d"):
            assert f'href="{target}"' in page, (target, page)


def test_links_are_right_whatever_addresses_are_made_of():
    names = ["C", "C++", "\U0001f980", "C#"]
    with suite.Folder() as folder:
        site = make_site(folder, "/b")
        posts = os.path.join(folder, "posts")
        suite.byline(site, "setting", "permalink", "/{year}/{category}/{id}/{slug}")
        links = " ".join(f"[x]({number}.md)" for number in range(len(names)))
        for number, name in enumerate(names):
            write(posts, f"{number}.md", zola(
                f"Number {number}", links, more=f'category = "{name}"\n'))
        write(posts, "0-tags.md", '+++\ntitle = "No date"\n+++\n' + links + "\n")
        write(posts, "00.md", zola("Refused", more='slug = "tags"\nlayout = "page"\n'))
        suite.byline(site, "import", "markdown", posts, check=1)
        check_links_to_all(site, 5)
        # What was there keeps its place, and what is new finds one after it.
        write(posts, "4.md", zola("Number 4", links, more='category = "C++"\n'))
        write(posts, "0.md", zola(
            "Number 0", links + " [x](4.md)", more='category = "C"\n'))
        suite.byline(site, "import", "markdown", posts, check=1)
        check_links_to_all(site, 6)
        suite.byline(site, "rebuild")
        check_links_to_all(site, 6)


def check_links_to_all(site, count):
    """Each link in a body leads to where an article stands."""
    with contextlib.closing(sqlite3.connect(os.path.join(site, "byline.db"))) as database:
        bodies = [body for body, in database.execute("SELECT body_html FROM article")]
        paths = {path for path, in database.execute("SELECT path FROM article")}
    assert len(paths) == count, paths
    found = {link for body in bodies for link in re.findall('href="/b([^"]*)"', body)}
    assert len(found) >= 4 and found <= paths, (found, paths)


def test_links_that_lead_nowhere_keep_their_escapes():
    with suite.Folder() as folder:
        site = make_site(folder, "/b")
        posts = os.path.join(folder, "posts")
        write(posts, "a.md", zola(
            "A", "[x](M%FCller.html) [x](some%20file) [x](a%23b%3Fc) [x](50%) [x](<a b>)\n"
            "[x](/M%FCller) [x](/a%23b)", more='path = "/1 2%233/a.html"\n'))
        write(posts, "c d+e.md", zola("C"))
        write(posts, "f.md", zola("F", "[x](c%20d%2Be.md) [x](c%20d%252Be.md)"))
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert made["articles"] == 3 and made["errors"] == 0, made
        page = suite.request(site, "/b/articles/a").text
        for path in ("1%202%233/M%FCller.html", "1%202%233/some%20file",
                     "1%202%233/a%23b%3Fc", "1%202%233/50%", "1%202%233/a%20b",
                     "M%FCller", "a%23b"):
            assert f'href="/b/{path}"' in page, (path, page)
        page = suite.request(site, "/b/articles/f").text
        assert 'href="/b/articles/c-d-e"' in page, page
        assert 'href="/b/f/c%20d%252Be.md"' in page, page


def test_addresses_that_hugo_and_zola_make_redirect():
    with suite.Folder() as folder:
        site = make_site(folder)
        write(folder, "old/content/posts/2026-05-30-a.md", zola("A"))
        write(folder, "old/content/posts/b/index.md", zola("B", more='slug = "bee"\n'))
        write(folder, "old/content/c.md", zola("C"))
        write(folder, "old/content/e f/C# at 100%.md", zola("E"))
        write(folder, "old/themes/x/content/d.md", zola("D"))
        made = report(suite.byline(site, "import", "markdown",
                                   os.path.join(folder, "old"), "--json"))
        assert (made["articles"], made["warnings"]) == (4, 0), made
        for old, new in (("/posts/a", "/articles/a"), ("/posts/bee", "/articles/bee"),
                         ("/c", "/articles/c"),
                         ("/e%20f/C%23%20at%20100%25", "/articles/c-at-100")):
            answer = suite.request(site, old + "/")
            assert (answer.status, answer.headers["location"]) == (301, new), old


def test_alias_where_the_blog_answers_itself_is_left_out():
    with suite.Folder() as folder:
        site = make_site(folder)
        write(folder, "posts/a.md", zola(
            "A", more='aliases = ["/desk", "/desk/x", "/feed.xml", "/archive/2013/a.html"]\n'))
        made = report(suite.byline(site, "import", "markdown",
                                   os.path.join(folder, "posts"), "--json"))
        assert [n["message"].split()[0] for n in made["notices"]] == \
            ["/desk", "/desk/x", "/feed.xml"], made
        assert suite.request(site, "/desk").status == 404
        assert suite.request(site, "/archive/2013/a.html").status == 301


def test_alias_where_another_article_stands_is_left_out():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        write(posts, "a.md", zola("A", more='aliases = ["/articles/b", "/articles/c"]\n'))
        write(posts, "b.md", zola("B"))
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert notices(made, "warning") == [("a.md", 4)], made
        assert "/articles/b leads to another article" in made["notices"][0]["message"]
        # /a, /articles/c and /b: as many as the blog has.
        assert made["redirects"] == 3 == count_redirects(site), made
        # c comes later, and a, which has not changed, loses its alias to it.
        write(posts, "c.md", zola("C"))
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert [n["message"].split()[0] for n in made["notices"]] == [
            "/articles/b", "/articles/c"], made
        assert (made["redirects"], made["changed"]) == (1, 0), made
        assert count_redirects(site) == 3
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert made["notices"] == [] and made["redirects"] == 0, made


def count_redirects(site):
    with contextlib.closing(sqlite3.connect(os.path.join(site, "byline.db"))) as database:
        return database.execute("SELECT count(*) FROM redirect").fetchone()[0]


def test_liquid_of_jekyll_becomes_markdown():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "_posts")
        write(posts, "2026-01-01-first.md",
              "---\ntitle: First\n---\n{% highlight ruby %}\nputs 1\n{% endhighlight %}\n"
              "[next]({% post_url 2026-01-02-second %}) {{ site.baseurl }}/x\n"
              "{% raw %}{{ kept }}{% endraw %}\n{% unknown %}\n")
        write(posts, "2026-01-02-second.md", "---\ntitle: Second\n---\nx\n")
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert notices(made, "warning") == [("2026-01-01-first.md", 9)], made
        page = suite.request(site, "/articles/first").text
        assert 'language-ruby' in page and 'href="/articles/second"' in page
        assert "{{ kept }}" in page and "{% unknown %}" in page


def test_addresses_that_jekyll_makes_redirect():
    posts = {
        "a": ("categories: [System Design, C#]\n", "/system%20design/c%23/2026/01/01/a.html"),
        "b": ("date: 2025-12-31 22:00:00 -0500\n", "/2026/01/01/b.html"),
        "c": ("date: 2025-12-31\ncategory: Ärger\n", "/%C3%A4rger/2025/12/31/c.html"),
        "d": ("slug: other\n", "/2026/01/01/other.html"),
        "e": ("permalink: /own/e\n", "/own/e"),
        "f": ("tags: [x]\n", "/2026/01/01/f.html"),
    }
    with suite.Folder() as folder:
        site = make_site(folder)
        for name, (more, _) in posts.items():
            write(folder, f"_posts/2026-01-01-{name}.md", f"---\ntitle: A\n{more}---\nx\n")
        made = report(suite.byline(site, "import", "markdown", folder + "/_posts", "--json"))
        assert (made["articles"], made["warnings"]) == (6, 0), made
        for name, (_, old) in posts.items():
            answer = suite.request(site, old)
            new = "/articles/" + ("other" if name == "d" else name)
            assert (answer.status, answer.headers.get("location")) == (301, new), old
        assert suite.request(site, "/2026/01/01/c.html").status == 404


LIQUID = ('{{ "x" }}\n\n```\n{{ site.url }} {{ "a.css" | relative_url }}\n```\n\n'
          "```\n{% comment %}a sample{% endcomment %}\n```\n")


def test_liquid_is_text_where_the_file_is_not_of_jekyll():
    text = "---\ntitle: A title\ndate: 2026-01-01\n---\n" + LIQUID
    with suite.Folder() as folder:
        site = make_site(folder)
        hugo, jekyll = os.path.join(folder, "hugo"), os.path.join(folder, "jekyll")
        for name in ("a.md", "2026-01-01-dated.md"):
            write(hugo, "content/posts/" + name, text)
        write(hugo, "hugo.toml", "")
        write(jekyll, "_config.yml", "")
        for name in ("about.md", "_posts/2026-01-01-post.md"):
            write(jekyll, name, text)
        for place in (hugo, jekyll):
            suite.byline(site, "import", "markdown", place)
        for slug in ("a", "dated"):
            page = suite.request(site, "/articles/" + slug).text
            for words in ("{{ site.url }}", "a.css", "{% comment %}a sample{% endcomment %}"):
                assert words in page, (words, page)
        for slug in ("about", "post"):
            page = suite.request(site, "/articles/" + slug).text
            assert "site.url" not in page and "sample" not in page, page
        # Folders that are Jekyll's by their own name.
        for name in ("_posts/x.md", "_drafts/y.md"):
            write(folder, name, text)
            suite.byline(site, "import", "markdown", os.path.join(folder, name[:-4]))
        with contextlib.closing(sqlite3.connect(site + "/byline.db")) as database:
            count, = database.execute("SELECT count(*) FROM article WHERE slug IN ('x', 'y')"
                                      " AND body NOT LIKE '%sample%'").fetchone()
        assert count == 2


def test_heading_that_is_the_title_is_seen_once():
    files = {
        "a.md": "---\ndate: 2026-01-01\n---\n\n# The title #\n\nWords.\n\n![x](no.png)\n",
        "b.md": "---\ntitle: Other\ndate: 2026-01-01\n---\n# The title\n\nWords.\n",
        "c.md": "---\ntitle: The title\ndate: 2026-01-01\n---\n# The title\n\nWords.\n",
        "d.md": "---\ndate: 2026-01-01\n---\n```sh\n# a comment\n```\n~~~~\n```\n# more\n"
                "~~~~\n\n# The title\n",
        "e.md": "---\ndate: 2026-01-01\n---\n```sh\n# never closed\n",
    }
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        for name, text in files.items():
            write(posts, name, text)
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert notices(made, "warning") == [("a.md", 9), ("e.md", 1)], made
        listed = json.loads(suite.byline(site, "list", "--json").stdout)
        assert {a["slug"]: a["title"] for a in listed} == {
            "a": "The title", "b": "Other", "c": "The title", "d": "The title", "e": "e"}
        for _ in range(2):
            # Once in the article, whose title the page shows.
            for slug, count in (("a", 1), ("b", 1), ("c", 1), ("d", 2)):
                page = suite.request(site, "/articles/" + slug).text
                article = page[page.index("<article"):page.index("</article>")]
                assert article.count("The title</h") + article.count("The title <") == count, \
                    (slug, article)
            suite.byline(site, "rebuild")
        with contextlib.closing(sqlite3.connect(site + "/byline.db")) as database:
            body, = database.execute("SELECT body FROM article WHERE slug = 'a'").fetchone()
        assert body == "\n# The title #\n\nWords.\n\n![x](no.png)\n"


def test_changed_file_becomes_a_new_version():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        write(posts, "a.md", zola("A", "old words"))
        write(posts, "b.md", zola("B"))
        suite.byline(site, "import", "markdown", posts)
        write(posts, "a.md", zola("A", "new words"))
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert (made["new"], made["changed"]) == (0, 1), made
        assert "new words" in suite.request(site, "/articles/a").text
        listed = json.loads(suite.byline(site, "list", "--json").stdout)
        assert {a["slug"]: a["version"] for a in listed} == {"a": 2, "b": 1}


def start_import(site, posts):
    return subprocess.Popen(
        [suite.program("byline"), "--site", site, "import", "markdown", posts],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def count_articles(site):
    return len(json.loads(suite.byline(site, "list", "--json").stdout))


def test_kill_in_the_middle_leaves_all_or_nothing():
    rng = random.Random(1)
    seen = []
    with suite.Folder() as folder:
        posts = os.path.join(folder, "posts")
        for i in range(200):
            write(posts, f"{i:03}.md", zola(f"Number {i}", "words " * 500))
        site = make_site(os.path.join(folder, "whole"))
        began = time.monotonic()
        assert start_import(site, posts).wait() == 0
        takes = time.monotonic() - began
        # Until an import was killed before its end, and another after it.
        while len(seen) < 12 or len(set(seen)) < 2 and len(seen) < 60:
            site = make_site(os.path.join(folder, str(len(seen))))
            process = start_import(site, posts)
            time.sleep(rng.random() * takes * 1.2)  # a random moment is what is tried
            process.kill()
            process.wait()
            seen.append(count_articles(site))
        assert set(seen) == {0, 200}, seen
        suite.byline(site, "import", "markdown", posts)
        assert count_articles(site) == 200


def test_series_pin_direction_and_authors_of_front_matter():
    with suite.Folder() as folder:
        site = make_site(folder)
        posts = os.path.join(folder, "posts")
        for name, number, more in (
                ("one", 2, 'lang: ar\ndir: ltr\npinned: true\n'
                           'authors: [Bo, Ada]\nsummary: For readers\n'
                           'description: For machines\n'),
                ("two", 1, "dir: auto\nsticky: 0\n"), ("three", "x", "")):
            write(posts, f"{name}.md", f"---\ntitle: {name}\ndate: 2025-01-02\n"
                  f"series: A saga\nseries_order: {number}\n{more}---\nText\n")
        made = report(suite.byline(site, "import", "markdown", posts, "--json"))
        assert [(n["file"], n["line"]) for n in made["notices"]] == [("three.md", 5)], made
        assert "no number of a part" in made["notices"][0]["message"], made
        page = suite.request(site, "/articles/one").text
        assert '<article class="h-entry" lang="ar" dir="ltr">' in page, page
        assert 'name="description" content="For machines"' in page, page
        assert 'class="lead p-summary">For readers<' in page, page
        assert re.findall(r'name="author" content="(\w+)"', page) == ["Bo", "Ada"], page
        assert "Part 2 of 3 of <b>A saga</b>" in page, page
        parts = page.split('<nav class="series"')[1].split("</nav>")[0]
        assert re.findall(r">(\w+)</a>", parts) == ["two", "one", "three"], parts
        assert suite.request(site, "/").text.count("<span>Pinned</span>") == 1


suite.run(globals())
