#!/usr/bin/env python3
"""Readers are counted, whichever web server stands before the program: a view for
each look at a page, a hit for each old address that was followed, and nothing about
who it was."""
import os
import re
import sys
import time

sys.dont_write_bytecode = True
import desk
import harness as web
from harness import Program, Server, equal, wait_for

ARTICLE = "/articles/boring-processes"
FIREFOX = ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 "
           "Firefox/125.0")
CURL = "curl/8.7.1"
SETTLED = 10  # seconds until a page is kept

GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c000000000100010000"
    "02024401003b")


def views_of(site):
    """How often each article was viewed, once all is folded."""
    site.tool("work", "--once")
    return dict(desk.rewrite(
        site, "SELECT article_id, sum(count) FROM page_view GROUP BY 1"))


def is_due(site):
    """As an hour after the last time."""
    desk.rewrite(site, "UPDATE tally SET taken_at = 0")


def notes_of(site):
    path = site.path / "tally"
    return path.read_text().splitlines() if path.exists() else []


def image_in(answer):
    equal(answer.status, 200)
    return re.search(rb'<img class="view" src="([^"]*)" alt="" width="1" '
                     rb'height="1">', answer.body)[1].decode()


def ask(place, target, agent, *headers):
    if isinstance(place, Server):
        return place.fetch(target, headers=["User-Agent: " + agent, *headers])
    return place.ask(target, HTTP_USER_AGENT=agent)


def ask_cgi(site, target):
    result = web.call(web.programs / "byline.fcgi", env=web.environment(
        HTTP_USER_AGENT=FIREFOX, BYLINE_SITE=str(site.path),
        **web.variables(target)))
    equal(result.stderr, b"", "said")
    return web.cgi_answer(result.stdout)


def assert_image(answer):
    equal(answer.status, 200)
    equal(answer.body, GIF)
    equal(answer["content-type"], "image/gif")
    equal(answer["cache-control"], "no-store")


def count_through(name, base):
    """Look at a page and follow an old address, as a person and as a robot."""
    site = web.Site("site of %s" % name, base).fill()
    program = None if name in ("apache_cgi", "apache_htaccess") \
        else Program(site)
    server = Server(name, site, program)

    image = image_in(server.fetch(ARTICLE))
    number = int(re.search(r"/views/(\d+)\.gif$", image)[1])
    path = "/views/%d.gif" % number
    equal(image, base + path)
    for _ in range(3):
        assert_image(ask(server, path, FIREFOX,
                         "Sec-Fetch-Site: same-origin",
                         "Sec-Fetch-Dest: image"))
    assert_image(ask(server, path, CURL))
    assert_image(ask(server, path, FIREFOX, "Sec-Purpose: prefetch"))
    assert_image(ask(server, path, FIREFOX, "Sec-Fetch-Site: cross-site"))
    equal(ask(server, "/old/place", FIREFOX).status, 301)
    equal(ask(server, "/old/place", CURL).status, 301)

    lines = notes_of(site)
    equal(len(lines), 4, lines)
    for line in lines:
        # No address, no name of a browser.
        assert re.fullmatch(r"v %d \d{10}|r \d{10} /old/place" % number, line)
    equal((site.path / "tally").stat().st_mode & 0o777, 0o600)
    equal(views_of(site), {number: 3})
    equal(desk.rewrite(site, "SELECT path, count FROM redirect_hit"),
          [("/old/place", 1)])
    equal(notes_of(site), [])
    server.stop()
    if program:
        program.stop()


def test_views_are_counted_through_nginx():
    count_through("nginx", "")


def test_views_are_counted_through_apache_with_cgi():
    count_through("apache_cgi", "/blog")


def test_views_are_counted_through_a_shared_host():
    count_through("apache_htaccess", "")


def test_nothing_is_counted_where_it_is_off():
    site = web.Site("site off").fill()
    program = Program(site)
    image = image_in(program.ask(ARTICLE))

    site.tool("setting", "count_views", "false")

    assert b"/views/" not in program.ask(ARTICLE).body
    equal(ask(program, "/old/place", FIREFOX).status, 301)
    # A page that a browser has kept still asks.
    assert_image(ask(program, image, FIREFOX))
    assert not (site.path / "tally").exists()
    equal(views_of(site), {})
    site.tool("setting", "count_views", "true")
    assert_image(ask(program, image, FIREFOX))
    equal(len(notes_of(site)), 1)
    program.stop()


def test_nothing_is_counted_where_it_is_off_by_cgi():
    site = web.Site("site off cgi").fill()
    folder = site.path / "pages"

    def look():
        assert_image(ask_cgi(site, "/views/1.gif"))
        return len(notes_of(site))

    # Whether views are counted is kept, as pages are, and found again.
    wait_for(lambda: look() and any(folder.glob("*")), SETTLED, "what is kept", 0.2)
    before = look()
    equal(look(), before + 1)
    site.tool("setting", "count_views", "false")
    equal(look(), before + 1)
    for kept in folder.glob("*"):
        kept.unlink()
    wait_for(lambda: look() and any(folder.glob("*")), SETTLED, "what is kept", 0.2)
    equal(look(), before + 1)
    site.tool("setting", "count_views", "true")
    equal(look(), before + 2)


def test_image_is_the_same_for_what_is_not_there():
    site = web.Site("site oracle").fill()
    program = Program(site)
    (draft,), = desk.rewrite(
        site, "SELECT id FROM article WHERE status = 'draft'")
    answers = [ask(program, "/views/%d.gif" % number, FIREFOX)
               for number in (1, draft, 4711, 2 ** 63 - 1)]

    for answer in answers:
        assert_image(answer)
        equal(answer.headers, answers[0].headers)
    equal(views_of(site), {1: 1})
    program.stop()


def test_a_page_that_is_kept_outlives_a_view():
    site = web.Site("site kept").fill()

    def cgi(target):
        return ask_cgi(site, target)

    def kept():
        folder = site.path / "pages"
        return {path.stat().st_ino for path in folder.glob("*")}

    wait_for(lambda: cgi(ARTICLE) and kept(), SETTLED, "a page kept", 0.2)
    image = image_in(cgi(ARTICLE))
    assert_image(cgi(image))
    before = kept()
    for _ in range(5):
        assert_image(cgi(image))
        cgi(ARTICLE)

    equal(kept(), before, "what is kept")
    equal(len(notes_of(site)), 6)
    # It was folded a moment ago: not again for an hour.
    desk.rewrite(site, "UPDATE tally SET taken_at = unixepoch()")
    wait_for(lambda: cgi(ARTICLE) and kept() != before, SETTLED,
             "a page kept anew", 0.2)
    before = kept()
    equal(views_of(site), {})
    cgi(ARTICLE)
    equal(kept(), before, "what is kept")
    is_due(site)
    equal(list(views_of(site).values()), [6])


def test_readers_are_served_where_nothing_can_be_noted():
    site = web.Site("site full").fill()
    program = Program(site, workers=1)
    web.folder(site.path / "tally")

    for _ in range(20):
        assert_image(ask(program, "/views/1.gif", FIREFOX))
        equal(ask(program, "/old/place", FIREFOX).status, 301)

    equal(program.said().count("visit.uncounted"), 1, program.said())
    os.rmdir(site.path / "tally")
    assert_image(ask(program, "/views/1.gif", FIREFOX))
    equal(program.said().count("visit.counted"), 1, program.said())
    equal(views_of(site), {1: 1})
    program.stop()


def test_file_does_not_grow_for_ever():
    site = web.Site("site large").fill()
    program = Program(site, workers=1)
    assert_image(ask(program, "/views/1.gif", FIREFOX))
    os.truncate(site.path / "tally", 4 << 20)

    for _ in range(5):
        assert_image(ask(program, "/views/1.gif", FIREFOX))

    equal((site.path / "tally").stat().st_size, 4 << 20)
    equal(program.said().count("visit.uncounted"), 1, program.said())
    equal(views_of(site), {1: 1})
    assert_image(ask(program, "/views/1.gif", FIREFOX))
    is_due(site)
    equal(views_of(site), {1: 2})
    program.stop()


def test_many_readers_and_work_that_is_killed():
    site = web.Site("site killed").fill()
    program = Program(site)
    answered = 0
    ends = time.monotonic() + 6
    while time.monotonic() < ends:
        is_due(site)
        work = web.start([web.programs / "byline", "--site", site.path,
                          "work"], web.work / "killed.log")
        until = time.monotonic() + 0.05
        while time.monotonic() < until:
            assert_image(ask(program, "/views/1.gif", FIREFOX))
            answered += 1
        work.kill()
        work.wait()

    is_due(site)
    equal(views_of(site), {1: answered})
    equal(desk.rewrite(site, "PRAGMA integrity_check"), [("ok",)])
    equal(list(site.path.glob("tally*")), [])
    program.stop()


web.run(globals())
