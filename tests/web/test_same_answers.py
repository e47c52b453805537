#!/usr/bin/env python3
"""The same requests give the same answers, whichever web server stands before us.

One site, made once for "/" and once for "/blog", behind nginx, lighttpd and the
ways of Apache. Status, body and headers are compared with a table, and with what
byline.fcgi says when it is asked without any web server.
"""
import os
import re
import sys

sys.dont_write_bytecode = True
import harness as web
from harness import equal, wait_for

SERVERS = ("nginx", "apache_proxy", "apache_fcgid", "apache_cgi",
           "apache_htaccess", "lighttpd")

# What belongs to the server, or to how the answer travels.
SERVER_OWNED = {"server", "date", "connection", "keep-alive", "vary",
                "transfer-encoding", "content-length", "content-encoding",
                "accept-ranges", "status"}
# What a reader keeps of a 304 (RFC 9110 section 15.4.5); Apache sends no other.
OF_304 = {"cache-control", "etag"}

MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

# Of kinds that no browser may show in the blog's name.
DOWNLOADS = {"paper.pdf": "%PDF-1.4\n", "page.html": "<script>alert(1)</script>",
             "all.tar.gz": "none of it", "no-extension": "#!/bin/sh\n"}
# Links lead nowhere, wherever they point.
LINKS = {"link.bin": "../byline.db", "link.png": "/etc/passwd"}
# What the program does not take into memory: only the web server can send it.
LARGE = "film.mkv"
LARGE_SIZE = 65 << 20

POST = {"method": "POST", "body": b"title=x"}


class World:
    """A filled site with the program running, and the addresses in it."""

    worlds = {}

    def __init__(self, base):
        self.site = web.Site("site" + base.replace("/", " "), base).fill()
        self.program = web.Program(self.site)
        self.servers = {}
        for name, content in {**DOWNLOADS, LARGE: ""}.items():
            web.write(self.site.path / "media" / name, content)
        os.truncate(self.site.path / "media" / LARGE, LARGE_SIZE)
        for name, target in LINKS.items():
            (self.site.path / "media" / name).symlink_to(target)
        front = self.ask("/").body.decode()
        about = self.ask("/articles/links-in-mail-must-not-act").body.decode()
        image = self.ask("/articles/boring-processes").body.decode()
        self.names = {
            "STYLE": self.find(r'href="%s(/static/style-[^"]*\.css)"', front),
            "TAG": self.find(r'href="%s(/tags/[^"/]+)"', about),
            "CATEGORY": self.find(r'href="%s(/categories/[^"/]+)"', about),
            "AUTHOR": self.find(r'href="%s(/authors/[^"/]+)"', about),
            "IMAGE": self.find(r'src="%s(/media/[^"]+)"', image),
            "ETAG": self.ask("/about")["etag"],
            # A page that has just changed has no date yet.
            "CHANGED": wait_for(lambda: self.ask("/about")["last-modified"],
                                what="Last-Modified"),
        }

    @classmethod
    def at(cls, base):
        if base not in cls.worlds:
            cls.worlds[base] = cls(base)
        return cls.worlds[base]

    def ask(self, target, **more):
        return self.program.ask(self.site.base + target, **more)

    def find(self, pattern, text):
        found = re.search(pattern % re.escape(self.site.base), text)
        assert found, "no %s in %s" % (pattern, text)
        return found.group(1)

    def fill(self, text):
        for name, value in self.names.items():
            text = text.replace("{%s}" % name, value)
        return text

    def server(self, name):
        if name not in self.servers:
            self.servers[name] = web.Server(name, self.site, self.program)
        return self.servers[name]


# What is asked (with what more), and the status of the answer.
REQUESTS = (
    ("/", {}, 200),
    ("/page/2", {}, 200),
    ("/page/1", {}, 301),
    ("/page/0", {}, 404),
    ("/page/-1", {}, 404),
    ("/page/1" + 30 * "0", {}, 404),
    ("/page/99", {}, 404),
    ("/tags", {}, 200),
    ("{TAG}", {}, 200),
    ("{TAG}/feed.xml", {}, 200),
    ("/tags/nothing-of-the-kind", {}, 404),
    ("/categories", {}, 200),
    ("{CATEGORY}", {}, 200),
    ("{CATEGORY}/rss.xml", {}, 200),
    ("/authors", {}, 200),
    ("{AUTHOR}", {}, 200),
    ("{AUTHOR}/feed.json", {}, 200),
    ("/archive", {}, 200),
    ("/archive/2026", {}, 200),
    ("/archive/1999", {}, 404),
    ("/articles/boring-processes", {}, 200),
    ("/articles/boring-processes", {"method": "HEAD"}, 200),
    ("/articles/boring-processes/", {}, 301),
    ("/articles/not-for-you-yet", {}, 404),
    ("/about", {}, 200),
    ("/about", {"headers": ["If-None-Match: {ETAG}"]}, 304),
    ("/about", {"headers": ['If-None-Match: "another"']}, 200),
    ("/about", {"headers": ["If-Modified-Since: {CHANGED}"]}, 304),
    ("/about", {"headers": ["Proxy: http://127.0.0.1:9", "X-Real-IP: 192.0.2.7",
                            "X-Forwarded-For: 192.0.2.7",
                            "X-Forwarded-Host: evil.example",
                            "X-Forwarded-Proto: https",
                            "X-Original-URL: /tags", "X-Rewrite-URL: /tags",
                            "Forwarded: for=192.0.2.7;host=evil.example"]},
     200),
    ("/search", {}, 200),
    ("/search?q=database", {}, 200),
    ("/search?q=%22a+database%22", {}, 200),
    ("/search?q=datab*", {}, 200),
    ("/search?q=xylophonic", {}, 200),
    ("/search?q=%22%20AND%20NEAR(%2C%20:*", {}, 200),
    ("/search?q=" + 5000 * "a", {}, 400),
    ("/search?q=%zz", {}, 400),
    ("/search?" + "&".join(["a=1"] * 101), {}, 400),
    ("/feed.xml", {}, 200),
    ("/rss.xml", {}, 200),
    ("/feed.json", {}, 200),
    ("/feed", {}, 301),
    ("/sitemap.xml", {}, 200),
    ("/robots.txt", {}, 200),
    ("/.well-known/security.txt", {}, 200),
    ("/healthz", {}, 200),
    ("/old/place", {}, 301),
    ("/media/nothing-of-the-kind.png", {}, 404),
    ("/static/nothing-of-the-kind.css", {}, 404),
    ("/nothing/of/the/kind", {}, 404),
    ("/%c3%a9t%c3%a9", {}, 404),
    ("/articles/%c0%af", {}, 400),
    ("/about", POST, 405),
    ("/nothing/of/the/kind", POST, 405),
    ("/about", {"method": "DELETE"}, 405),
    ("/about", {"method": "OPTIONS"}, 405),
)

# Files: what counts is what they are, not whose numbers they carry.
FILES = (
    ("{STYLE}", "text/css; charset=utf-8", None),
    ("{IMAGE}", "image/svg+xml", MEDIA_POLICY),
    *(("/media/" + name, "application/octet-stream", MEDIA_POLICY)
      for name in DOWNLOADS),
)

# Refused by the web server or by us, in whoever's words.
REFUSED = (
    ("/articles/%zz", {}),
    ("/%00", {}),
    ("/about%00.html", {}),
    ("/..", {}),
    ("/../byline.conf", {}),
    ("/%2e%2e/byline.db", {}),
    ("/media/../byline.db", {}),
    ("/media/%2e%2e/byline.db", {}),
    ("/media/..%2fbyline.db", {}),
    ("/static/..%5c..%5cbyline.db", {}),
    ("/articles%2fboring-processes", {}),
    ("/about%3f", {}),
    ("//", {}),
    ("//about", {}),
    ("/about//", {}),
    ("/./about", {}),
    ("/about/.", {}),
    ("/\\about", {}),
    ("/%ff", {}),
    ("/%ed%a0%80", {}),
    ("/byline.db", {}),
    ("/byline.db-wal", {}),
    ("/byline.conf", {}),
    ("/.git/config", {}),
    ("/.htaccess", {}),
    ("/public/", {}),
    ("/search?q=" + 65536 * "a", {}),
    ("/?" + "&".join(["a=1"] * 10000), {}),
    ("/", {"headers": ["X-Long: " + 40000 * "a"]}),
    ("/", {"headers": ["X-Many-%d: %s" % (i, 4000 * "a")
                       for i in range(10)]}),
    ("/", {"headers": ["Content-Length: 1", "Content-Length: 2"],
           "method": "POST"}),
    ("/", {"headers": ["Content-Length: -1"], "method": "POST"}),
    ("/", {"method": "TRACE"}),
    ("/", {"method": "POST", "body": 1100000 * b"a"}),
)


def headers_of(answer, only=None):
    kept = {}
    for name, value in answer.headers:
        name = name.lower()
        if name not in SERVER_OWNED and (only is None or name in only):
            kept[name] = value
    return kept


def without_server(world, target, more):
    """What the program itself says."""
    headers = {}
    for line in more.get("headers", ()):
        name, value = line.split(": ", 1)
        headers["HTTP_" + name.upper().replace("-", "_")] = world.fill(value)
    return world.ask(world.fill(target), method=more.get("method", "GET"),
                     **headers)


def allowed_difference(server, target):
    """Lighttpd chooses the headers before it looks for the file: the stricter
    policy then stands on the page that says the file is not there."""
    if server == "lighttpd" and target.startswith("/media/"):
        return {"content-security-policy"}
    return set()


def check_request(world, server, target, more, status):
    wanted = without_server(world, target, more)
    sent = {**more, "headers": [world.fill(line)
                                for line in more.get("headers", ())]}
    found = server.fetch(world.fill(target), **sent)
    what = "%s %s" % (more.get("method", "GET"), target[:60])
    equal(wanted.status, status, what + " without a server")
    equal(found.status, status, what)
    equal(found.body, wanted.body, what)
    only = OF_304 if status == 304 else None
    left_out = allowed_difference(server.name, target)
    for name, value in headers_of(wanted, only).items():
        if name not in left_out:
            equal(found[name], value, "%s: %s" % (what, name))
    extra = set(headers_of(found, only)) - set(headers_of(wanted, only))
    assert not extra, "%s: %s has %s more" % (what, server.name, extra)
    if status == 405:
        equal(found["allow"], "GET, HEAD", what)


def check_file(world, server, target, content_type, policy):
    found = server.fetch(world.fill(target))
    wanted = without_server(world, target, {})
    equal(found.status, 200, target)
    equal(found.body, wanted.body, target)
    equal(found["content-type"], content_type, target)
    equal(found["x-content-type-options"], "nosniff", target)
    assert int(re.search(r"max-age=(\d+)", found["cache-control"])[1]) \
        == 31536000, found["cache-control"]
    equal(found["content-disposition"], wanted["content-disposition"], target)
    equal(found["content-encoding"], wanted["content-encoding"], target)
    if policy:
        equal(found["content-security-policy"], policy, target)


def check_large(server):
    found = server.fetch("/media/" + LARGE, method="HEAD")
    if server.name == "apache_htaccess":
        # The program is all there is: it says that it has no such file.
        equal(found.status, 404, LARGE)
        return
    equal(found.status, 200, LARGE)
    equal(found["content-length"], str(LARGE_SIZE), LARGE)
    equal(found["content-disposition"], "attachment", LARGE)


def check_same(name, base):
    world = World.at(base)
    server = world.server(name)
    wrong = []
    for request in REQUESTS:
        try:
            check_request(world, server, *request)
        except AssertionError as error:
            wrong.append(str(error))
    for request in FILES:
        check_file(world, server, *request)
    check_large(server)
    for name in LINKS:
        found = server.fetch("/media/" + name)
        assert found.status in (403, 404), (name, found)
    assert not wrong, "%d of %d differ:\n%s" % (
        len(wrong), len(REQUESTS), "\n".join(wrong))


def check_refused(name, base):
    """4xx, never 5xx, and nobody dies of it."""
    world = World.at(base)
    server = world.server(name)
    workers = world.program.workers()
    wrong = []
    for target, more in REFUSED:
        status = server.fetch(target, **more).status
        # Some hang up on a body that they will not read.
        if not 400 <= status < 500 and not (status == 0 and "body" in more):
            wrong.append("%s %s: %d" % (target[:60], str(more)[:60], status))
    assert not wrong, "\n".join(wrong)
    status = server.fetch("/", method="BREW").status
    assert 400 <= status < 500 or status == 501, status
    equal(server.fetch("/healthz").body, b"ok\n", "/healthz afterwards")
    equal(world.program.workers(), workers, "the workers")


def add_tests():
    assert len(REQUESTS) >= 40
    for base in ("", "/blog"):
        place = base.replace("/", "_below_") or "_at_the_top"
        for server in SERVERS:
            for check in (check_same, check_refused):
                name = "test_%s_%s%s" % (server, check.__name__[6:], place)
                globals()[name] = (lambda check=check, server=server,
                                   base=base: check(server, base))


add_tests()
web.run(globals())
