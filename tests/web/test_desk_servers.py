#!/usr/bin/env python3
"""The same desk behind every web server that there is a sample configuration for, at the
top of its host and below a path: sign in, write, publish, see it."""
import re
import sys

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


desk.run(globals())
