#!/usr/bin/env python3
"""The desk's pages of tags, categories and redirects, as an owner, an editor and an
author use them, without scripts; and what readers see afterwards."""
import html
import re
import sys
import urllib.parse

sys.dont_write_bytecode = True
import harness as web
from harness import Program, Server, equal

HOST = web.ORIGIN.partition("//")[2]
PASSWORD = "correct staple battery"
TAGS = "/desk/settings/tags"
REDIRECTS = "/desk/settings/redirects"

made = {}


class Browser:
    """Keeps cookies and sends forms as a browser does."""

    def __init__(self, port):
        self.port, self.cookies, self.page = port, {}, None

    def ask(self, target, method="GET", body=None, headers=()):
        pairs = "; ".join("%s=%s" % pair for pair in self.cookies.items())
        lines = ["Host: " + HOST, *headers]
        if pairs:
            lines.append("Cookie: " + pairs)
        self.page = web.fetch(self.port, target, method, lines, body)
        for name, value in self.page.headers:
            if name.lower() == "set-cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                self.cookies[key] = kept
        return self.page

    def get(self, target, status=200):
        page = self.ask(target)
        equal(page.status, status, target)
        return page.body.decode()

    def post(self, target, status=303, **fields):
        token = re.search(rb'name="form_token" value="([^"]+)"',
                          self.page.body)[1].decode()
        body = urllib.parse.urlencode({"form_token": token, **fields}).encode()
        page = self.ask(target, "POST", body, [
            "Origin: " + web.ORIGIN, "Sec-Fetch-Site: same-origin",
            "Content-Type: application/x-www-form-urlencoded"])
        equal(page.status, status, "POST %s: %s" % (target, page.body[:300]))
        return page.body.decode()

    def follow(self):
        """What is said on the page that a form leads to."""
        body = self.get(self.page["location"])
        return re.search(r'role="status">([^<]*)<', body)[1]


def the_port():
    if "port" not in made:
        site = web.Site("site").fill()
        link = site.tool("author", "setup").stdout.decode().strip()
        server = Server("nginx", site, Program(site),
                        desk=Program(site, name="desk.fcgi"))
        made.update(port=server.port, code=link.partition("code=")[2],
                    site=site)
    return made["port"]


def owner():
    if "owner" not in made:
        browser = Browser(the_port())
        browser.get("/desk/setup?code=" + made["code"])
        browser.post("/desk/setup", code=made["code"], title="A blog",
                     name="Grace", email="grace@example.org",
                     password=PASSWORD)
        made["owner"] = browser
    return made["owner"]


def somebody(role):
    """Another one, by invitation."""
    if role not in made:
        browser = owner()
        browser.get("/desk/authors")
        page = browser.post("/desk/authors", 200, name=role, role=role,
                            email=role + "@example.org")
        link = html.unescape(re.search(r"<code>([^<]+)</code>", page)[1])
        token = link.partition("token=")[2]
        made[role] = browser = Browser(the_port())
        browser.get("/desk/invitation?token=" + token)
        browser.post("/desk/invitation", token=token, name=role,
                     email=role + "@example.org", password=PASSWORD)
    return made[role]


def address_of(name, path=TAGS):
    """Where the page of the tag `name` is."""
    page = owner().get("%s?q=%s" % (path, urllib.parse.quote(name)))
    found = re.search(r'<a href="([^"]+)">%s</a>' % re.escape(name), page)
    assert found, "no %s" % name
    return found[1]


def reader(target):
    return Browser(the_port()).ask(target)


def leads_to(path, target):
    page = reader(path)
    equal((page.status, page["location"].replace(web.ORIGIN, "")),
          (301, target), path)
    if target.startswith("/"):
        equal(reader(target).status, 200, target)


# ---- who may ----

def test_editors_may_and_authors_may_not():
    editor = somebody("editor")
    equal(editor.ask("/desk/settings")["location"].partition("/desk")[2],
          "/settings/categories", "where an editor's settings begin")
    page = editor.get(TAGS)
    assert 'href="/desk/settings/redirects"' in page, page
    assert 'href="/desk/settings/blog"' not in page, page
    editor.get("/desk/settings/blog", 403)
    author = somebody("author")
    for target in (TAGS, TAGS + "/1", REDIRECTS, "/desk/settings/categories"):
        author.get(target, 403)
    author.get("/desk/account")
    author.post(TAGS + "/1/delete", 403)
    author.get("/desk/account")
    author.post(REDIRECTS, 403, **{"from": "/x", "to": "/y"})


# ---- tags and categories ----

def test_rename_and_what_readers_see():
    browser = owner()
    place = address_of("caching")
    browser.get(place)
    browser.post(place, name="Caches & <b>", slug="", description="One\ntwo.")
    equal(browser.follow(), "Saved.", "notice")
    page = browser.get(place)
    assert "Caches &amp; &lt;b&gt;" in page and "<b>" not in page, page
    leads_to("/tags/caching", "/tags/caches-b")
    for feed in ("feed.xml", "rss.xml", "feed.json"):
        leads_to("/tags/caching/" + feed, "/tags/caches-b/" + feed)
    assert b"One two." in reader("/tags/caches-b").body


def test_rename_says_what_is_wrong():
    browser = owner()
    place = address_of("http")
    browser.get(place)
    page = browser.post(place, 422, name="sqlite", slug="SQLITE",
                        description="kept \"as\" typed")
    assert "Another tag is called sqlite: merge them instead." in page, page
    assert "The tag sqlite has it." in page, page
    assert "kept &quot;as&quot; typed" in page, page
    assert 'value="SQLITE"' in page and 'aria-invalid="true"' in page, page
    equal(reader("/tags/http").status, 200, "what it was before")


def test_merge_says_first_what_it_does():
    browser = owner()
    place = address_of("queues")
    page = browser.get(place + "/merge?into=no+such", 422)
    assert "None is called so." in page and 'value="no such"' in page, page
    assert "That is the same one." in browser.get(
        place + "/merge?into=QUEUES", 422)
    page = browser.get(place + "/merge?into=Processes")
    assert "Merge queues into processes" in page, page
    assert "/tags/queues and its feeds will lead to /tags/processes" in page
    equal(reader("/tags/queues").status, 200, "before it is done")
    into = re.search(r'name="into" value="(\d+)"', page)[1]
    browser.post(place + "/merge", into=into)
    assert browser.follow().startswith("Merged."), "notice"
    leads_to("/tags/queues", "/tags/processes")
    leads_to("/tags/queues/feed.xml", "/tags/processes/feed.xml")
    leads_to("/tags/queues/page/2", "/tags/processes")
    browser.get(place, 404)


def test_delete_only_what_is_unused():
    browser = owner()
    place = address_of("security")
    assert "/delete" not in browser.get(place)
    page = browser.post(place + "/delete", 422)
    assert "was not deleted" in page, page
    equal(reader("/tags/security").status, 200, "/tags/security")


def test_category_moves_its_articles():
    browser = owner()
    browser.get("/desk/settings/addresses")
    browser.post("/desk/settings/addresses", permalink="/{category}/{slug}")
    place = address_of("Architecture", "/desk/settings/categories")
    browser.get(place)
    browser.post(place, name="Building", slug="", description="")
    assert "Articles have moved" in browser.follow(), "notice"
    leads_to("/articles/boring-processes", "/building/boring-processes")
    leads_to("/architecture/boring-processes", "/building/boring-processes")
    leads_to("/categories/architecture", "/categories/building")
    browser.get(place)
    page = browser.post(place, 422, name="Tags", slug="", description="")
    assert "an address that Byline answers itself" in page, page
    browser.get("/desk/settings/addresses")
    browser.post("/desk/settings/addresses", permalink="/articles/{slug}")


# ---- redirects ----

def test_add_and_remove_a_redirect():
    browser = owner()
    browser.get(REDIRECTS)
    browser.post(REDIRECTS, **{"from": "/old/one", "to": "/about"})
    equal(browser.follow(), "Added. That address leads on now.", "notice")
    leads_to("/old/one", "/about")
    browser.post(REDIRECTS, **{
        "from": web.ORIGIN + "/old/away", "to": "https://elsewhere.example/?a"})
    leads_to("/old/away", "https://elsewhere.example/?a")
    page = browser.get(REDIRECTS + "?q=old/one")
    assert re.search(r'<a href="/desk/articles/\d+">[^<]+</a>', page), page
    browser.post(REDIRECTS + "/remove", path="/old/one")
    equal(reader("/old/one").status, 404, "removed")


def test_redirect_says_what_is_wrong():
    browser = owner()
    for path, target, said in (
            ("/tags/sqlite", "/about", "The blog answers there itself."),
            ("/desk/evil", "/about", "The blog answers there itself."),
            ("/about", "/", "An article stands there."),
            ("/same", "/same/", "Both are the same address."),
            ("/x", "javascript:alert(1)", "It is a path like /new"),
            ('"><b>', "/y", "It begins with a slash")):
        browser.get(REDIRECTS)
        page = browser.post(REDIRECTS, 422, **{"from": path, "to": target})
        assert said in page, "%s: %s" % (said, page)
        assert 'value="%s"' % html.escape(path) in page, page
        assert "<b>" not in page, page


def test_import_all_or_nothing():
    browser = owner()
    browser.get(REDIRECTS)
    text = "/i/1 /about\n/i/2\ni/3 /about\n/i/4 </textarea><b>\n"
    page = browser.post(REDIRECTS + "/import", 422, lines=text)
    for line in (2, 3, 4):
        assert "Line %d: " % line in page, page
    assert "Line 1: " not in page and "<b>" not in page, page
    assert html.escape("/i/4 </textarea><b>") in page, page
    equal(reader("/i/1").status, 404, "nothing was stored")
    lines = ["/i/%d /about" % i for i in range(120)]
    browser.post(REDIRECTS + "/import", lines="\r\n".join(lines))
    leads_to("/i/119", "/about")
    page = browser.get(REDIRECTS + "?q=/i/&page=3")
    assert "120 found" in page and "Page 3 of 3" in page, page
    equal(page.count('aria-label="Remove '), 20, "rows on the last page")


web.run(globals())
