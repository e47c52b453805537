#!/usr/bin/env python3
"""Plain CGI: a page that was made is kept, and given again as long as nothing that
it was made of has changed. A reader cannot tell."""
import hashlib
import shutil
import sqlite3
import sys
import time

sys.dont_write_bytecode = True
import harness as web
from harness import Program, equal, wait_for

# A page is kept once the last change is some seconds old.
SETTLED = 10

ARTICLE = "/articles/boring-processes"
PAGES = ("/", "/page/2", ARTICLE, "/about", "/archive", "/archive/2026", "/tags",
         "/categories", "/authors", "/search", "/feed.xml", "/rss.xml",
         "/feed.json", "/sitemap.xml", "/robots.txt")
NOT_KEPT = ("/?a=b", "/search?q=database", "/healthz",
            "/.well-known/security.txt", "/nothing/of/the/kind", "/old/place",
            "/about/", "/feed", "/articles/not-for-you-yet", "/page/99",
            "/media/nothing.png")

made = {}


def the_site():
    if "site" not in made:
        made["site"] = web.Site("site").fill()
    return made["site"]


def ask(site, target, method="GET", **more):
    """One request, one process."""
    result = web.call(web.programs / "byline.fcgi", env=web.environment(
        **web.variables(target, method, **more), BYLINE_SITE=str(site.path)))
    equal(result.stderr, b"", "said")
    return web.cgi_answer(result.stdout)


def file_of(site, target):
    """Where the page at `target` is kept."""
    digits = hashlib.blake2b(target.encode(), digest_size=32).hexdigest()[:8]
    return site.path / "pages" / ("%03x" % (int(digits, 16) % 512))


def kept(site):
    """The files that are there, by what they are: one that is written anew is
    another."""
    folder = site.path / "pages"
    return {path.stat().st_ino for path in folder.glob("*")} \
        if folder.is_dir() else set()


def keep(site, target):
    """Ask until the page is kept as it is now."""
    path = file_of(site, target)
    path.unlink(missing_ok=True)
    wait_for(lambda: ask(site, target) and path.exists(), SETTLED,
             "%s kept" % target, between=0.2)


def assert_given_again(site, target):
    """Asked twice, it is made once at most."""
    ask(site, target)
    before = kept(site)
    answer = ask(site, target)
    equal(kept(site), before, "what is kept after %s" % target)
    return answer


def same(found, wanted, what):
    equal(found.status, wanted.status, what)
    equal(found.headers, wanted.headers, what)
    equal(found.body, wanted.body, what)


def test_kept_page_is_what_the_program_makes():
    site = the_site()
    program = Program(site)
    for target in PAGES:
        keep(site, target)

        found = assert_given_again(site, target)

        wanted = program.ask(target)
        same(found, wanted, target)
        equal(found.status, 200, target)
        for method, more in (
                ("HEAD", {}),
                ("GET", {"HTTPS": "on"}),
                ("GET", {"HTTP_IF_NONE_MATCH": wanted["etag"]}),
                ("GET", {"HTTP_IF_NONE_MATCH": '"another"'}),
                ("HEAD", {"HTTP_IF_NONE_MATCH": "*"}),
                ("GET", {"HTTP_IF_MODIFIED_SINCE": wanted["last-modified"]}),
                ("GET", {"HTTP_IF_MODIFIED_SINCE":
                         "Fri, 01 Jan 2010 00:00:00 GMT"}),
                ("POST", {})):
            same(ask(site, target, method, **more),
                 program.ask(target, method, **more),
                 "%s %s %s" % (method, target, more))
    program.stop()


def test_what_is_not_a_page_of_everybody_is_not_kept():
    site = the_site()
    keep(site, "/about")
    before = kept(site)

    for target in NOT_KEPT:
        ask(site, target)
    ask(site, "/archive/2025", "HEAD")
    ask(site, "/archive/2025", "POST")

    equal(kept(site), before, "what is kept")


def say(site, number):
    site.tool("setting", "tagline", "Said %d" % number)
    return "Said %d" % number


def configure(site, number):
    site.configure("site", "base_url", "http://blog%d.example" % number)
    return "http://blog%d.example/" % number


def override(site, number):
    folder = site.path / "theme/site"
    for place in (folder.parent, folder):
        place.mkdir(exist_ok=True)
        web.give(place)
    web.write(folder / "listing.html",
              '{{%%AUTOESCAPE context="HTML"}}\n<p>Our own %d</p>\n' % number)
    return "<p>Our own %d</p>" % number


def restore(site, number):
    copy = web.work / "copy"
    say(site, number)
    shutil.copy2(site.database, copy)
    say(site, number + 1000)
    keep(site, "/")
    shutil.copy2(copy, site.database)
    web.give(site.database)
    return "Said %d" % number


def test_change_is_seen_at_once():
    """Whatever pages are made of."""
    site = web.Site("changing").fill()
    for number, change in enumerate((say, say, configure, restore, override,
                                     override)):
        keep(site, "/")

        sign = change(site, number)

        answer = ask(site, "/")
        equal(answer.status, 200, sign)
        assert sign.encode() in answer.body, (sign, answer.body[:3000])


def test_kept_page_has_the_policy_of_its_settings():
    """Not that of byline.conf, which is all that is known before the database is."""
    site = web.Site("frames").fill()
    for hosts, sources in (("a.example", "https://a.example https://www.a.example"),
                           ("", "'none'")):
        site.tool("setting", "iframe_hosts", hosts)
        keep(site, ARTICLE)
        for _ in range(2):
            answer = assert_given_again(site, ARTICLE)
            assert "; frame-src %s; " % sources in answer[
                "content-security-policy"], answer.headers


def test_change_of_a_linked_theme_is_seen():
    site = web.Site("linked").fill()
    override(site, 1)
    (site.path / "theme/site").rename(web.work / "elsewhere")
    (site.path / "theme/site").symlink_to(web.work / "elsewhere")
    keep(site, "/")

    web.write(web.work / "elsewhere/listing.html",
              '{{%AUTOESCAPE context="HTML"}}\n<p>Edited there</p>\n')

    assert b"Edited there" in ask(site, "/").body


def test_change_is_seen_while_the_database_is_open():
    """What somebody commits who stays is in the log alone; also where byline.db is
    a link to another disk."""
    site = web.Site("open").fill()
    elsewhere = web.folder("other disk")
    site.database.rename(elsewhere / "byline.db")
    site.database.symlink_to(elsewhere / "byline.db")
    with sqlite3.connect(elsewhere / "byline.db") as writer:
        def commit(number):
            writer.execute("INSERT OR REPLACE INTO setting VALUES ('tagline', ?)",
                           ("Said %d" % number,))
            writer.commit()

        commit(0)
        # What root made is the owner's from here on; it would be a change later.
        for path in elsewhere.iterdir():
            web.give(path)
        for number in range(1, 4):
            keep(site, "/")
            commit(number)
            assert b"Said %d" % number in ask(site, "/").body, number
    writer.close()


def test_article_whose_time_comes():
    """Imported where the clock is some seconds ahead: what is public changes, and
    nobody writes anything."""
    site = web.Site("due").fill()
    due_at = int(time.time()) + 8
    with sqlite3.connect(site.database) as writer:
        writer.execute("UPDATE article SET published_at = ? WHERE path = ?",
                       (due_at, ARTICLE))
    writer.close()
    program = Program(site)
    before = wait_for(lambda: next(
        (page for page in [program.ask("/")] if page["last-modified"]), None),
        what="Last-Modified")
    assert ARTICLE.encode() not in before.body
    wait_for(lambda: ask(site, "/") and time.time() > due_at, 20, "its time",
             between=0.2)

    for target in ("/", "/feed.xml", "/sitemap.xml"):
        assert ARTICLE.encode() in ask(site, target).body, target
        assert ARTICLE.encode() in program.ask(target).body, target
    again = program.ask("/", HTTP_IF_NONE_MATCH=before["etag"])
    equal(again.status, 200, "with the tag of before")
    again = program.ask("/", HTTP_IF_MODIFIED_SINCE=before["last-modified"])
    equal(again.status, 200, "since before")
    program.stop()


def test_query_is_no_page_whoever_names_it():
    """A web server that sends no REQUEST_URI gives the query by itself."""
    site = the_site()
    keep(site, "/search")
    before = kept(site)
    plain = ask(site, "/search")
    for word in ("database", "nginx"):
        variables = {**web.variables("/search"), "REQUEST_URI": "",
                     "PATH_INFO": "/search", "QUERY_STRING": "q=" + word}
        answer = web.cgi_answer(web.call(
            web.programs / "byline.fcgi", env=web.environment(
                **variables, BYLINE_SITE=str(site.path))).stdout)
        assert word.encode() in answer.body, answer
        variables["PATH_INFO"] = "/search/"
        answer = web.cgi_answer(web.call(
            web.programs / "byline.fcgi", env=web.environment(
                **variables, BYLINE_SITE=str(site.path))).stdout)
        equal(answer["location"], "/search?q=" + word, "with a slash")
    equal(kept(site), before, "what is kept")
    same(ask(site, "/search"), plain, "/search")


def test_page_that_is_gone_is_not_given():
    site = web.Site("shrinking").fill()
    keep(site, ARTICLE)

    site.tool("setting", "permalink", "/{year}/{slug}")

    equal(ask(site, ARTICLE).status, 301, ARTICLE)


def test_folder_that_cannot_be_written():
    site = web.Site("unwritable").fill()
    web.write(site.path / "pages", "")

    for _ in range(2):
        equal(ask(site, "/").status, 200, "/")


def test_file_that_was_tampered_with():
    site = web.Site("tampered").fill()
    keep(site, "/about")
    wanted = assert_given_again(site, "/about")
    path = file_of(site, "/about")
    text = path.read_bytes()

    for damaged in (b"", text[:len(text) // 2], text.replace(b"About", b"Tuoba")):
        path.write_bytes(damaged)
        found = ask(site, "/about")
        same(found, wanted, "/about")


web.run(globals())
