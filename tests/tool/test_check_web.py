#!/usr/bin/env python3
"""`byline check` asks the web server: what is wrong with it is found, and the
sample that shows how it should be is named.

The blog's name is not known to any resolver, and nobody but root has ports 80 and
443. So a curl is put before the real one that leads both to the server of the test
and trusts the authority of the test, as a resolver and a system would."""
import contextlib
import datetime
import itertools
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "web"))
import harness as web  # noqa: E402
from harness import equal  # noqa: E402


# ---- certificates ----

class Authority:
    """Who signs certificates, for as long as it is told."""

    def __init__(self, name, signer=None):
        self.place = web.folder(name)
        self.key, self.certificate = self.place / "key", self.place / "certificate"
        (self.place / "index").write_text("")
        (self.place / "settings").write_text(
            "[ca]\ndefault_ca = ours\n[ours]\ndatabase = %s\nnew_certs_dir = %s\n"
            "default_md = sha256\npolicy = any\nunique_subject = no\n"
            "copy_extensions = copy\nrand_serial = yes\n"
            "[any]\ncommonName = supplied\n"
            % (self.place / "index", self.place))
        if signer is None:
            openssl("req", "-x509", *self.new_key(self.key), "-days", "3650",
                    "-out", self.certificate, "-subj", "/CN=" + name)
            self.key.chmod(0o644)
        else:
            signer.sign(self, name, "basicConstraints=CA:TRUE", 0, 3000)

    @staticmethod
    def new_key(path):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-keyout", path]

    def sign(self, holder, name, extension, begin, end):
        """Give `holder` a key and a certificate, for the days from `begin` to
        `end`, counted from now."""
        request = holder.place / "request"
        openssl("req", *self.new_key(holder.key), "-out", request,
                "-subj", "/CN=" + name, "-addext", extension)
        now = datetime.datetime.now(datetime.timezone.utc)
        dates = ["%s" % (now + datetime.timedelta(days, 600)).strftime("%Y%m%d%H%M%SZ")
                 for days in (begin, end)]
        openssl("ca", "-batch", "-notext", "-config", self.place / "settings",
                "-cert", self.certificate, "-keyfile", self.key, "-in", request,
                "-out", holder.certificate, "-startdate", dates[0],
                "-enddate", dates[1])
        holder.key.chmod(0o644)


class Certificate:
    """What a server shows."""

    count = 0

    def __init__(self, signer, name="blog.example", begin=-5, end=90):
        Certificate.count += 1
        self.place = web.folder("certificate %d" % Certificate.count)
        self.key, self.certificate = self.place / "key", self.place / "certificate"
        signer.sign(self, name, "subjectAltName=DNS:" + name, begin, end)


def openssl(*arguments):
    web.need("openssl")
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True,
                          text=True, timeout=60)
    equal(done.returncode, 0, "%s: %s" % (arguments, done.stderr))


def authority():
    """The one that everybody trusts."""
    if Blog.authority is None:
        Blog.authority = Authority("authority")
    return Blog.authority


class Socket:
    """Where a program will listen."""

    def __init__(self, name):
        self.socket = web.folder(name, 0o750) / "sock"

    def listen(self):
        return "unix:%s" % self.socket


class Blog:
    """A blog behind a web server, whose configuration `edit` changes, with the
    programs that are named."""

    count = 0
    sample = authority = None

    def __init__(self, name="nginx", edit=None, base_url="http://blog.example",
                 programs=("byline.fcgi", "desk.fcgi"), plain=None):
        Blog.count += 1
        label = "blog %d" % Blog.count
        self.site = a_site().copy(label)
        self.site.base = base_url.partition(".example")[2]
        self.site.configure("site", "base_url", base_url)
        sockets = {kind: Socket("%s %s" % (label, kind))
                   for kind in ("byline.fcgi", "desk.fcgi")}
        self.programs = [
            web.Program(self.site, 1, sockets[kind].listen(), name=kind, wait=False)
            for kind in programs]
        web.wait_for(lambda: all(sockets[kind].socket.exists() for kind in programs),
                     what="the programs")
        self.server = web.Server(name, self.site, sockets["byline.fcgi"],
                                 edit=edit, desk=sockets["desk.fcgi"])
        is_https = base_url.startswith("https")
        self.tools = web.folder(label + " tools")
        self.lead({443: self.server.port, 80: plain or 1} if is_https
                  else {80: self.server.port})

    def curl(self, script):
        path = self.tools / "curl"
        web.write(path, "#!/bin/sh\n" + script)
        path.chmod(0o755)

    def lead(self, ports):
        """Lead curl from each of the usual ports to one of this machine."""
        lines = ['connect-to = "%sblog.example:%d:127.0.0.1:%d"' % (www, *pair)
                 for www in ("", "www.") for pair in ports.items()]
        if Blog.authority:
            lines.append('cacert = "%s"' % Blog.authority.certificate)
        self.curl("/bin/sed 's|^url = |%s\\n&|' | exec /usr/bin/curl \"$@\"\n"
                  % "\\n".join(lines))

    def check(self, path=None):
        """What is found beside that http is not https: (check, level, message)."""
        path = path or "%s:%s" % (self.tools, os.environ["PATH"])
        done = web.call(web.programs / "byline", "--site", self.site.path, "check",
                        "--json", env=web.environment(PATH=path))
        found = json.loads(done.stdout)
        equal(done.returncode, 1 if "error" in [f["level"] for f in found] else 0, done)
        return [(f["check"], f["level"], f["message"]) for f in found
                if f["check"] != "address"]

    def end(self):
        self.server.stop()
        for program in self.programs:
            program.stop()


def a_site():
    if Blog.sample is None:
        Blog.sample = web.Site("sample blog").fill()
        posts = web.folder("downloads")
        web.write(posts / "notes.txt", "Things to note.\n")
        web.write(posts / "one.md", "---\ntitle: One to take along\n"
                  "date: 2024-01-02\n---\n[Notes](notes.txt)\n")
        Blog.sample.tool("import", "markdown", posts)
    return Blog.sample


def expect(blog, wanted, check="web"):
    """What is found is what is wanted: of each finding its level and some words,
    in the order that they are said."""
    found = blog.check()
    blog.end()
    equal([(c, l) for c, l, _ in found], [(check, l) for l, *_ in wanted], found)
    for (_, _, message), (_, *words) in zip(found, wanted):
        for word in words:
            assert word in message, (word, message)


def instead(*pairs):
    """An edit that puts other lines in the place of some, wherever they stand."""
    def edit(text):
        for old, new in pairs:
            text = text.replace(old, new)
        return text
    return edit


def before(text, line):
    """An edit that puts `text` before the line that begins so."""
    return lambda all_: re.sub(r"(?m)^([ \t]*)%s" % re.escape(line),
                               lambda found: text + found[0], all_, count=1)


def nothing_of(*lines):
    return instead(*((line, "") for line in lines))


# ---- the samples, and what is wrong with others ----

def test_samples_of_the_servers_are_as_they_should_be():
    for name in ("nginx", "apache_proxy"):
        expect(Blog(name), [])
    expect(Blog("lighttpd"),
           [("warning", "is not compressed", "cgi-bin/lighttpd.conf.in")])


def test_blog_below_a_path():
    expect(Blog(base_url="http://blog.example/blog"), [])
    expect(Blog(base_url="http://blog.example/blog",
                edit=instead(("text/css css;", "text/plain css;"))),
           [("error", "http://blog.example/blog/static/style-", "text/plain")])


NOSNIFF = "nosniff"
SANDBOX = "may run in the blog's name"


def test_headers_of_files_that_are_left_out_are_errors():
    for name, sample, line in (
            ("nginx", "nginx.conf.in", "add_header X-Content-Type-Options nosniff;"),
            ("apache_proxy", "apache-files.conf.in",
             "Header set X-Content-Type-Options nosniff env=BYLINE_FILE")):
        expect(Blog(name, nothing_of(line)),
               [("error", word, NOSNIFF, "cgi-bin/" + sample)
                for word in ("/static/", "/media/", ".txt")])
    for name, line in (
            ("nginx", "; sandbox"), ("apache_proxy", "; sandbox")):
        expect(Blog(name, nothing_of(line)),
               [("error", "/media/", SANDBOX), ("error", ".txt", SANDBOX)])


def test_download_that_is_shown_is_an_error():
    for name, line in (
            ("nginx", "add_header Content-Disposition attachment;"),
            ("apache_proxy",
             "Header set Content-Disposition attachment env=BYLINE_DOWNLOAD"),
            ("lighttpd", '"Content-Disposition" => "attachment",')):
        blog = Blog(name, nothing_of(line))
        found = [f for f in blog.check() if "compressed" not in f[2]]
        blog.end()
        equal([(c, l) for c, l, _ in found], [("web", "error")], found)
        assert ".txt is shown in the browser" in found[0][2], found


def test_files_that_are_not_sent_as_they_should_be():
    expect(Blog(edit=nothing_of(
        'add_header Cache-Control "public, max-age=31536000, immutable";')),
        [("warning", "/static/style-", "kept for a year", "cgi-bin/nginx.conf.in")])
    expect(Blog(edit=instead(("text/css css;", "text/plain css;"))),
           [("error", "/static/style-", "has the type text/plain", "text/css",
             "cgi-bin/nginx.conf.in")])
    expect(Blog(edit=before("location ^~ /static/ { return 403; }\n",
                            "location ~ \"^/static/")),
           [("error", "/static/style-", "answers with 403", "cgi-bin/nginx.conf.in")])


def test_answers_that_are_not_compressed():
    expect(Blog(edit=instead(("gzip on;", "gzip off;"))),
           [("warning", "not compressed", "cgi-bin/nginx.conf.in")])
    expect(Blog("apache_proxy", instead(("AddOutputFilterByType DEFLATE text/html",
                                         "AddOutputFilterByType DEFLATE text/csv"))),
           [("warning", "not compressed", "cgi-bin/apache-main.conf.in")])


def test_first_page_that_is_not_this_blogs():
    for answer, words in (
            ("200 Hello", "something that is not this blog"),
            ("301 https://elsewhere.example/", "leads to https://elsewhere.example/"),
            ("404", "answers with 404")):
        expect(Blog(edit=before("location = / { return %s; }\n" % answer,
                                "# Style sheets")),
               [("error", "http://blog.example/", words, "cgi-bin/nginx.conf.in")])


def test_program_that_is_not_reached():
    expect(Blog(programs=()),
           [("error", "byline.fcgi", "502", "cgi-bin/nginx.conf.in")])
    expect(Blog("apache_proxy", programs=()),
           [("error", "byline.fcgi", "503", "cgi-bin/apache-proxy.conf.in")])
    expect(Blog(programs=["byline.fcgi"]),
           [("error", "desk.fcgi", "502", "cgi-bin/nginx.conf.in")])


def test_program_that_goes_by_another_address():
    blog = Blog()
    blog.site.configure("site", "base_url", "http://www.blog.example")
    expect(blog, [("error", "http://www.blog.example/", "another address",
                   "reload byline.fcgi")])


def desk_location(text):
    return before("location ^~ /desk { %s }\n" % text, "# Where authors write")


def test_desk_that_does_not_answer_as_it_should():
    expect(Blog(edit=desk_location("return 404;")),
           [("note", "/desk", "desk.fcgi", "cgi-bin/nginx.conf.in")])
    expect(Blog(edit=desk_location("return 500;")),
           [("error", "/desk", "answers with 500", "cgi-bin/nginx.conf.in")])
    expect(Blog(edit=before("fastcgi_hide_header Cache-Control;\n",
                            "fastcgi_pass \"byline-desk-")),
           [("error", "/desk", "no-store", "cgi-bin/nginx.conf.in")])


def test_uploads_that_are_too_large_for_the_web_server():
    for name, code, sample, pair in (
            ("nginx", 413, "nginx.conf.in",
             ("client_max_body_size 12m;", "client_max_body_size 1m;")),
            ("lighttpd", 413, "lighttpd.conf.in",
             ("server.max-request-size = 12288", "server.max-request-size = 1024")),
            ("apache_fcgid", 500, "apache-proxy.conf.in (or -fcgid",
             ("FcgidMaxRequestLen 12582913", "FcgidMaxRequestLen 131072"))):
        blog = Blog(name, instead(pair))
        found = [f for f in blog.check() if "compressed" not in f[2]]
        blog.end()
        equal([(c, l) for c, l, _ in found], [("web", "warning")], found)
        assert "refuses 10 MB with %d" % code in found[0][2], found
        assert "cgi-bin/" + sample in found[0][2], found


# ---- what nobody may read ----

def with_site(location):
    """An edit that adds a location, with the site directory for its %s."""
    def edit(text):
        site = re.search(r'root "(.*)/public/static";', text)
        return before(location % site[1] + "\n", "# Style sheets")(text) if site \
            else text
    return edit


def test_site_directory_that_everybody_can_read_is_an_error():
    expect(Blog(edit=with_site('location ~ "^/byline[.](db|conf)$" { root "%s"; }')),
           [("error", "/byline.conf gives byline.conf to everybody",
             "cgi-bin/nginx.conf.in"),
            ("error", "/byline.db gives the database to everybody", "new password")])


def test_alias_that_leads_out_of_its_folder_is_an_error():
    """The slash is missing after the location: /media../ is the folder above."""
    edit = with_site('location ^~ /media { alias "%s/media/"; }')
    blog = Blog(edit=edit)
    found = [m for _, level, m in blog.check() if "to everybody" in m]
    blog.end()
    equal([m.split(" ")[0] for m in found],
          ["http://blog.example/media../byline.conf",
           "http://blog.example/media../byline.db"], found)


# ---- https ----

REDIRECT = "return 301 https://$host$request_uri;"


def tls_blog(certificate, redirect=REDIRECT):
    """A blog at https://blog.example, whose port for http does `redirect`."""
    plain = web.free_port()

    def edit(text):
        if "fastcgi_pass" not in text:
            return text
        text = re.sub(r"(?m)^\tlisten (.*);", r"\tlisten \1 ssl;\n"
                      'ssl_certificate "%s";\nssl_certificate_key "%s";' % (
                          certificate.certificate, certificate.key), text)
        return text + "server { listen 127.0.0.1:%d; %s }\n" % (plain, redirect)
    return Blog(edit=edit, base_url="https://blog.example", plain=plain)


def test_certificate_that_is_well_is_not_spoken_of():
    expect(tls_blog(Certificate(authority())), [])
    expect(tls_blog(Certificate(authority(), end=15)), [])


def test_certificate_that_ends_soon_is_a_warning():
    expect(tls_blog(Certificate(authority(), end=13)),
           [("warning", "of blog.example ends on", "in 13 days", "renew")],
           check="certificate")


def test_certificate_that_browsers_refuse_is_an_error():
    """The rest is looked at all the same."""
    stranger = Authority("stranger")
    between = Authority("between", signer=authority())
    for certificate, *words in (
            (Certificate(authority(), begin=-9, end=-2), "expired", "renew it"),
            (Certificate(authority(), begin=2, end=9), "not yet valid", "clocks"),
            (stranger, "self", "Let's Encrypt"),
            (Certificate(between), "issuer", "fullchain.pem"),
            (Certificate(authority(), name="other.example"), "name",
             "get one for this name")):
        blog = tls_blog(certificate, "return 404;")
        found = blog.check()
        blog.end()
        equal([f[:2] for f in found],
              [("certificate", "error"), ("web", "warning")], found)
        for word in ("certificate of blog.example", *words):
            assert word in found[0][2], (word, found[0])


def test_port_that_speaks_no_tls_is_an_error():
    authority()
    blog = Blog(base_url="https://blog.example")
    expect(blog, [("error", "does not answer by TLS", "add TLS")], check="certificate")


def test_http_that_does_not_lead_to_https_is_a_warning():
    for does, code in (("return 200 Hello;", 200),
                       ("return 301 http://blog.example/;", 301)):
        expect(tls_blog(Certificate(authority()), does),
               [("warning", "http://blog.example/ answers with %d" % code,
                 "cgi-bin/nginx.conf.in")])


# ---- nobody there ----

def test_what_has_no_answer_is_a_note():
    """nginx closes the connection without a word."""
    def silent(place):
        return before("location ^~ %s { return 444; }\n" % place, "# Style sheets")
    expect(Blog(edit=silent("/static/")),
           [("note", "not looked at: http://blog.example/static/style-")])
    expect(Blog(edit=silent("/desk/media")),
           [("note", "not looked at: http://blog.example/desk/media")])
    expect(Blog(edit=silent("/byline.")), [])


def test_who_cannot_be_asked_is_a_note():
    blog = Blog()
    empty = web.folder("no tools")
    found = blog.check(path=empty)
    equal([f[:2] for f in found], [("certificate", "note")], found)
    assert "curl is not installed" in found[0][2], found

    blog.curl("echo 'curl: (6) Could not resolve host: blog.example' >&2; exit 6\n")
    expect(blog, [("note", "not looked at: http://blog.example/", "not known here")],
           check="certificate")


def test_server_that_is_not_there_is_a_warning():
    blog = Blog()
    blog.lead({80: 1})
    expect(blog, [("warning", "nobody answers", "start the web server")],
           check="certificate")


class Talker:
    """A server that says `words` to each who comes, over and over, or nothing."""

    def __init__(self, words):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.talk, args=(words,), daemon=True).start()

    def talk(self, words):
        with contextlib.suppress(OSError):
            while True:
                other, _ = self.socket.accept()
                threading.Thread(target=self.talk_to, args=(other, words),
                                 daemon=True).start()

    def talk_to(self, other, words):
        with contextlib.suppress(OSError):
            other.recv(65536)
            for word in words:
                other.sendall(word)
            other.recv(65536)


def test_server_that_says_nothing_is_not_waited_for():
    blog = Blog()
    blog.lead({80: Talker([]).port})
    expect(blog, [("warning", "does not answer in time")], check="certificate")


def test_server_that_never_ends_is_not_listened_to():
    head = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"
    blog = Blog()
    blog.lead({80: Talker(itertools.chain(
        [head], itertools.repeat(b"base_url SQLite format 3\n" * 1000))).port})
    found = blog.check()
    blog.end()
    assert "something that is not this blog" in found[0][2], found


def test_words_of_a_server_are_no_words_of_ours():
    blog = Blog(edit=before('location = / { return 301 "https://x.example/'
                            '\\x1b[31m%s"; }\n' % ("y" * 500), "# Style sheets"))
    (_, _, message), = blog.check()
    blog.end()
    assert "\x1b" not in message and "y" * 200 not in message, message


web.run(globals())
