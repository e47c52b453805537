#!/usr/bin/env python3
"""The same desk behind every web server that there is a sample configuration for, at the
top of its host and below a path: sign in, write, publish, see it."""
import re
import sys
import time

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import OWNER, Browser, cookies_set, page_of, text_of
from harness import Program, Server, equal

made = {}

# The largest article that anybody has brought here so far.
LARGE = 173 * 1024


def site_at(base):
    """With the two programs that servers share; some start their own."""
    if base not in made:
        site = desk.new_site()
        site.configure("site", "base_url", web.ORIGIN + base)
        site.base = base
        made[base] = (site, Program(site), Program(site, name="desk.fcgi"))
    return made[base]


def work_a_day(name):
    """What an author does, behind server `name`, at / and at /blog."""
    for base in ("", "/blog"):
        site, readers, writers = site_at(base)
        server = Server(name, site, readers, desk=writers)
        what = "%s at %s/" % (name, base)
        browser = Browser(server)

        answer = browser.get("/desk")
        equal(answer["location"], base + "/desk/session", what)
        answer = browser.sign_in(OWNER)
        equal((answer.status, answer["location"]), (303, base + "/desk"), what)
        number = browser.write("Behind %s" % name, "Some *words* of it.",
                               tags="Servers")
        target = "/desk/articles/%d" % number
        equal(len(page_of(browser.get(target)).forms), 3, "forms of " + what)
        browser.publish(number)
        see(server, browser, name, "<em>words</em>")

        line = "A line of a long text, with an \u00e4 in it.\n\n"
        text = line * (LARGE // len(line)) + "*The end.*"
        answer = browser.revise(number, body=text)
        equal(answer.status, 303, "a large article " + what)
        see(server, browser, name, "<em>The end.</em>")
        equal(browser.upload("a.bin", b"\0\1\2\3" * (1 << 19)).status, 303,
              "a file of 2 MB " + what)
        check_files(server, browser, what)
        check_limits(browser, number, what)

        name_, (value, _) = next(iter(cookies_set(browser.sign_out()).items()))
        equal((name_, value), ("byline_session", ""), what)
        assert not browser.is_signed_in(), what
        server.stop()


def see(server, browser, name, words):
    """As readers do, and as the author does who looks at the preview."""
    page = server.fetch("/articles/behind-%s" % name.replace("_", "-"))
    equal(page.status, 200, "the article")
    assert words in text_of(page), text_of(page)[:3000]
    editor = page_of(browser.get("/desk/articles"))
    target = next(link for link in editor.links if re.search(
        r"/articles/\d+$", link))
    preview = browser.get(browser.below(target) + "/preview")
    equal(preview.status, 200, "the preview")
    assert words in text_of(preview), "the preview"


def check_files(server, browser, what):
    """What pages refer to is there, under the base path."""
    page = text_of(browser.get("/desk/articles"))
    found = re.findall(r'(?:href|src)="([^"]*/desk/static/[^"]+)"', page)
    assert len(found) >= 2, found
    for address in found:
        assert address.startswith(server.site.base + "/desk/"), address
        answer = server.fetch(browser.below(address))
        equal(answer.status, 200, address + " " + what)
        assert "immutable" in answer["cache-control"], answer.headers


def check_limits(browser, number, what):
    """A form that is too large is told so in our words, and changes nothing;
    one from elsewhere is refused."""
    target = "/desk/articles/%d" % number
    before = desk.rewrite(browser.place.site, "SELECT version FROM article"
                          " WHERE id = ?", number)
    answer = browser.post(target, {"form_token": browser.form_token,
                                   "body": "x" * (1 << 20)})
    equal(answer.status, 413, what)
    assert "still in your browser" in text_of(answer), text_of(answer)
    equal(browser.post(target, {
        "form_token": browser.form_token, "body": "x"},
        HTTP_SEC_FETCH_SITE="cross-site").status, 403, what)
    equal(desk.rewrite(browser.place.site, "SELECT version FROM article"
                       " WHERE id = ?", number), before, what)


def test_behind_nginx():
    work_a_day("nginx")


def test_behind_apache_proxy():
    work_a_day("apache_proxy")


def test_behind_apache_fcgid():
    work_a_day("apache_fcgid")


def test_behind_apache_cgi():
    work_a_day("apache_cgi")


def test_behind_apache_htaccess():
    work_a_day("apache_htaccess")


def test_behind_lighttpd():
    work_a_day("lighttpd")


# ---- a crowd ----

VISITORS = 20  # ten to each process that answers them
PATIENCE = 2  # seconds, for all that an author does; a sanitizer slows it down


def test_61_an_author_publishes_through_a_crowd():
    """Of readers, and of people who guess a password: those are told to wait."""
    site, readers, writers = site_at("")
    server = Server("nginx", site, readers, desk=writers)
    author = Browser(server)
    equal(author.sign_in(OWNER).status, 303, "sign in")
    stranger = Browser(server)
    stranger.get("/desk/session")
    told = []

    def read():
        answer = server.fetch("/")
        return None if answer.status in (200, 503) else answer

    def guess():
        answer = stranger.copy().post("/desk/session", {
            "form_token": stranger.form_token, "email": OWNER.email,
            "password": "no such password"})
        told.append((answer.status, answer["retry-after"]))

    reading, guessing = web.Load(read, VISITORS), web.Load(guess, VISITORS)
    reading.wait(VISITORS)
    guessing.wait(VISITORS)
    began = time.monotonic()
    number = author.write("Through a crowd", "Some *words* of it.")
    author.publish(number)
    waited = time.monotonic() - began
    reading.wait(VISITORS)
    guessing.wait(VISITORS)

    equal(reading.stop() + guessing.stop(), [], "failures")
    equal(server.fetch("/articles/through-a-crowd").status, 200, "readers")
    assert waited < PATIENCE * (10 if web.is_sanitized() else 1), waited
    assert {status for status, _ in told} <= {403, 429, 503}, told
    assert any(status == 429 for status, _ in told), "nobody was told to wait"
    assert all(int(after) > 0 for status, after in told if status != 403), told
    server.stop()


desk.run(globals())
