#!/usr/bin/env python3
"""What must hold whatever a visitor sends: requirements 2 to 11, 14, 16, 19, 20, 49
to 52 and 56, as far as they can be seen from outside."""
import json
import os
import pathlib
import random
import re
import socket
import stat
import subprocess
import sys
import xml.etree.ElementTree

sys.dont_write_bytecode = True
import harness as web
import suite
from harness import Program, Server, equal, wait_for

SERVERS = ("nginx", "apache_proxy", "apache_fcgid", "apache_cgi",
           "apache_htaccess", "lighttpd")

# An article, a draft, and each kind of address of the public side.
ARTICLE = "/articles/boring-processes"
DRAFT = "/articles/not-for-you-yet"
SECRET = b"xylophonic"
ROUTES = ("/", "/page/2", "/tags", "/tags/security", "/tags/security/feed.xml",
          "/categories", "/categories/backend", "/categories/backend/rss.xml",
          "/authors", "/authors/mira-halloran",
          "/authors/mira-halloran/feed.json", "/archive", "/archive/2026",
          ARTICLE, "/about", "/search", "/search?q=data", "/feed.xml",
          "/rss.xml", "/feed.json", "/sitemap.xml", "/robots.txt",
          "/.well-known/security.txt", "/healthz")

made = {}


def the_site():
    if "site" not in made:
        made["site"] = web.Site("site").fill()
    return made["site"]


def the_program():
    if "program" not in made:
        made["program"] = program = Program(the_site())
        # A page that has just changed has no date yet, and answers differ.
        wait_for(lambda: program.ask("/")["last-modified"],
                 what="Last-Modified")
    return made["program"]


def the_server(name):
    if name not in made:
        made[name] = Server(name, the_site(), the_program())
    return made[name]


def ask(target, method="GET", **more):
    return the_program().ask(target, method, **more)


def as_cgi(target, *arguments, env=None, **more):
    """The program as a web server starts it for one request."""
    result = web.call(
        web.programs / "byline.fcgi", *arguments, **more,
        env=env or web.environment(**web.variables(target),
                                   BYLINE_SITE=str(the_site().path)))
    equal(result.returncode, 0, "exit code: %r" % result.stderr)
    return web.cgi_answer(result.stdout)


def assert_no_crash():
    said = the_program().said()
    assert "worker.died" not in said, said[-2000:]


# ---- 2: the socket is the web server's alone ----

CONNECT = """
import socket, sys
connection = socket.socket(socket.AF_UNIX)
try:
    connection.connect(sys.argv[1])
    connection.sendall(bytes.fromhex(sys.argv[2]))
    print(len(connection.recv(100)))
except OSError as error:
    print(type(error).__name__)
"""

# What somebody meets whose connection is closed at once.
CUT_OFF = ("0", "ConnectionResetError", "BrokenPipeError")


def connect_as_other(address):
    done = subprocess.run(
        [web.PYTHON, "-c", CONNECT, str(address),
         web.fastcgi_request("/healthz").hex()],
        capture_output=True, text=True, timeout=20, **web.as_other())
    return done.stdout.strip()


def test_02_socket_has_its_rights():
    about = os.stat(the_program().socket)

    equal(oct(stat.S_IMODE(about.st_mode)), "0o660", "mode")


def test_02_socket_refuses_others():
    if not web.AS_ROOT:
        raise suite.Skip("only root can be somebody else")
    program = Program(the_site())

    program.socket.parent.chmod(0o755)
    equal(connect_as_other(program.socket), "PermissionError", "by socket")
    program.socket.chmod(0o666)
    assert connect_as_other(program.socket) in CUT_OFF, "by its user"

    assert "connection.refused" in program.said(), program.said()
    program.stop()


def test_02_socket_that_is_handed_over_refuses_others():
    """systemd, spawn-fcgi and mod_fcgid give theirs; its mode may be too wide."""
    if not web.AS_ROOT:
        raise suite.Skip("only root can be somebody else")
    place = web.folder("handed over")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place / "sock"))
        listening.listen(16)
        (place / "sock").chmod(0o666)
        web.give(place / "sock")
        process = web.start(
            [web.programs / "byline.fcgi", "--site", the_site().path],
            place / "log", stdin=listening)

    equal(web.ask(place / "sock", "/healthz").status, 200, "who made it")
    assert connect_as_other(place / "sock") in CUT_OFF, "by its user"

    said = (place / "log").read_text()
    assert "connection.refused" in said, said
    equal(web.stop(process), 0, "exit code")


# ---- 3: no request hides in the body of another ----

def hidden_request(mark):
    return web.fastcgi_request("/search/%%zz-%s" % mark, REMOTE_USER="admin")


def smuggled(program, mark):
    """How often the hidden request was acted on: its refusal is logged."""
    return program.said().count(mark)


def test_03_kept_connections_carry_no_second_request():
    program = the_program()
    for _ in range(200):
        with web.connect(program.socket) as connection:
            request = bytearray(web.fastcgi_request("/about", method="POST",
                                                    CONTENT_LENGTH="0"))
            request[10] = 1  # FCGI_KEEP_CONN
            connection.sendall(bytes(request) + hidden_request("raw"))
            while connection.recv(65536):
                pass

    equal(smuggled(program, "raw"), 0, "requests smuggled in")
    equal(ask("/healthz").status, 200, "afterwards")


def test_03_nothing_is_smuggled_through_nginx_with_kept_connections():
    server = Server("nginx", the_site(), the_program(), lambda text: re.sub(
        r"max_fails=0;\n}", "max_fails=0;\n\tkeepalive 4;\n}", text.replace(
            "fastcgi_keep_conn off", "fastcgi_keep_conn on")))
    hidden = hidden_request("nginx")

    for _ in range(200):
        # nginx may take a kept connection that has just been closed.
        status = server.fetch("/about", "POST", body=hidden).status
        assert status in (405, 502), status
        equal(server.fetch("/robots.txt").status, 200, "GET")

    equal(smuggled(the_program(), "nginx"), 0, "requests smuggled in")
    server.stop()


# ---- 4, 5: headers do not stand in for what the server says ----

LIES = {"HTTP_X_FORWARDED_FOR": "192.0.2.7", "HTTP_X_REAL_IP": "192.0.2.7",
        "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_HOST": "evil.example",
        "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_ORIGINAL_URL": DRAFT,
        "HTTP_X_REWRITE_URL": DRAFT, "HTTP_FORWARDED": "host=evil.example",
        "HTTP_CONTENT_LENGTH": "5", "HTTP_REMOTE_ADDR": "192.0.2.7"}


def test_04_headers_do_not_change_an_answer():
    for target in ROUTES:
        plain, lied = ask(target), ask(target, **LIES)
        equal(lied.body, plain.body, target)
        equal(lied.headers, plain.headers, target)


def networks_logged(said, event):
    return re.findall(r"%s .*\bclient=(\S+)" % re.escape(event), said)


def test_04_listed_proxies_are_believed():
    """The log has the network of a client, and never all of its address."""
    site = the_site().copy("behind a proxy")
    site.configure("proxy", "trusted_proxies", "127.0.0.1")
    program = Program(site)
    lies = {**LIES, "HTTP_X_FORWARDED_FOR": "203.0.113.77"}

    equal(program.ask("/%zz", **lies).status, 400, "refused")
    assert program.ask("/", **lies)["strict-transport-security"], "https"
    lies["REMOTE_ADDR"] = "2001:db8:1:2::77"
    equal(program.ask(target_of(9000), **lies).status, 414, "refused")
    equal(program.ask("/", **lies)["strict-transport-security"], "", "http")
    for path in site.path.glob("byline.db*"):
        path.unlink()
    program.stop()
    web.write(site.database, "nothing")
    answer = web.call(web.programs / "byline.fcgi", env=web.environment(
        **{**web.variables("/"), **lies, "REMOTE_ADDR": "127.0.0.1"},
        BYLINE_SITE=str(site.path)))

    said = program.said()
    equal(networks_logged(said, "request.refused"),
          ["203.0.113.0/24", "2001:db8:1::/48"], "of refused requests")
    equal(networks_logged(answer.stderr.decode(), "request.failed"),
          ["203.0.113.0/24"], "of one that failed")
    assert "113.77" not in said + answer.stderr.decode(), said


def test_05_proxy_header_leads_nowhere():
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.setblocking(False)
        address = "http://127.0.0.1:%d" % trap.getsockname()[1]
        for name in ("nginx", "apache_proxy", "apache_fcgid", "apache_cgi"):
            answer = the_server(name).fetch("/feed.xml",
                                            headers=["Proxy: " + address])
            equal(answer.status, 200, name)
        ask("/feed.xml", HTTP_PROXY=address)
        as_cgi("/feed.xml", env=web.environment(
            **web.variables("/feed.xml"), HTTP_PROXY=address,
            BYLINE_SITE=str(the_site().path)))
        try:
            trap.accept()
            raise AssertionError("somebody connected")
        except BlockingIOError:
            pass


# ---- 6: a query is no command line ----

def test_06_options_in_a_query_do_nothing():
    plain = as_cgi("/about").body
    words = ["-s", "--help", "--version", "--test", "--site", "--listen", "-d",
             "--workers", "-", "--", "-h", "--site=/etc", "-T", "-i", "-c", "@"]
    rng = random.Random(6)

    for number in range(200):
        chosen = rng.choices(words, k=rng.randint(1, 4))
        query = "+".join(chosen)
        # RFC 3875 section 4.4: a query without "=" becomes the command line.
        answer = as_cgi("/about?" + query, *chosen)
        equal(answer.status, 200, query)
        equal(answer.body, plain, query)


def test_06_options_in_a_query_through_apache():
    for name in ("apache_cgi", "apache_htaccess"):
        for query in ("-s", "--help", "--version", "-d+x", "--site+/etc"):
            answer = the_server(name).fetch("/about?" + query)
            equal(answer.body, ask("/about").body, name + " " + query)


# ---- 7: sizes ----

def memory_of(program):
    """What the workers have for themselves, in bytes."""
    total = 0
    for pid in program.workers():
        text = pathlib.Path("/proc/%d/status" % pid).read_text()
        total += int(re.search(r"RssAnon:\s*(\d+)", text)[1]) << 10
    return total


def target_of(size):
    return "/about?a=" + "a" * (size - 9)


def headers_of(size):
    """HTTP_ variables of `size` bytes together."""
    return {"HTTP_X_A": "a" * (size - len("HTTP_X_A="))}


def test_07_limits_of_target_and_headers():
    equal(ask(target_of(8192)).status, 200, "a target of 8,192 bytes")
    equal(ask(target_of(8193)).status, 414, "a target of 8,193 bytes")
    equal(ask("/about", **headers_of(32768)).status, 200, "32,768 of headers")
    equal(ask("/about", **headers_of(32769)).status, 431, "32,769 of headers")


def test_07_limit_of_parameters():
    equal(ask("/about?" + "&".join(["a=1"] * 100)).status, 200, "100")
    equal(ask("/about?" + "&".join(["a=1"] * 101)).status, 400, "101")


def test_07_limit_of_a_body():
    server = the_server("nginx")
    body = b"a=" + b"a" * ((1 << 20) - 2)
    equal(server.fetch("/about", "POST", body=body).status, 405, "1 MB")
    equal(server.fetch("/about", "POST", body=body + b"a").status, 413,
          "a byte more")


def test_07_memory_stays_what_it_was():
    program = Program(the_site(), workers=1)
    big = {"HTTP_X_A": "a" * 60000}

    def strain():
        for _ in range(30):
            program.ask(target_of(60000))
            program.ask("/about", **big)
            program.ask("/about?" + "&".join(["a=1"] * 2000))
            program.ask("/search?q=" + "a" * 8000)
    strain()
    before = memory_of(program)
    strain()
    strain()
    grown = memory_of(program) - before

    if not web.is_sanitized():
        assert grown < 256 << 10, "%d bytes" % grown
    program.stop()


def test_07_memory_of_a_large_form_is_given_back():
    program = Program(the_site(), workers=1)
    server = Server("nginx", the_site(), program)
    small, large = b"a=1", b"a=" + b"a" * ((1 << 20) - 2)
    for _ in range(10):
        equal(server.fetch("/about", "POST", body=small).status, 405, "small")
    before = memory_of(program)

    equal(server.fetch("/about", "POST", body=large).status, 405, "large")
    equal(server.fetch("/about", "POST", body=small).status, 405, "small")

    grown = memory_of(program) - before
    if not web.is_sanitized():
        assert grown < 512 << 10, "%d bytes" % grown
    server.stop()
    program.stop()


# ---- 8, 14: whatever is typed ----

def broken_texts():
    """300 spellings that are no text, or that try to be more than text."""
    bytes_ = ["%00", "a%00b", "%c0%af", "%c0%80", "%e0%80%af", "%ed%a0%80",
              "%ed%bf%bf", "%f4%90%80%80", "%f8%88%80%80%80", "%ff", "%fe",
              "%80", "%bf", "%c3", "%e2%82", "%f0%9f%98", "%", "%4", "%zz",
              "%u0041", "%%", "%25%30%30", "%0d%0aX: y", "%1b[2J", "%7f"]
    rng = random.Random(8)
    texts = [text.replace(" ", "%20") for text in bytes_]
    while len(texts) < 300:
        texts.append("".join("%%%02x" % rng.randrange(256)
                             for _ in range(rng.randint(1, 12))))
    return texts


def test_08_text_that_is_none_is_refused():
    for text in broken_texts():
        for target in ("/search?q=" + text, "/tags/" + text, "/" + text,
                       "/archive/" + text, "/search?%s=1" % text,
                       "/media/" + text, "/static/" + text):
            status = ask(target).status
            assert status in (200, 301, 400, 404), "%s: %d" % (target, status)
            raw = bytes.fromhex("".join(re.findall(r"%([0-9a-f]{2})", text)))
            if b"\0" in raw and "%25" not in text:
                equal(status, 400, target)
    for text in ("%c0%af", "%ed%a0%80", "%ff", "%", "%zz", "a%00b"):
        equal(ask("/search?q=" + text).status, 400, text)
        equal(ask("/tags/" + text).status, 400, text)
    assert_no_crash()


def test_14_no_search_is_a_syntax_error():
    rng = random.Random(14)
    pieces = ['"', "*", "(", ")", ":", "^", "-", "+", "AND", "OR", "NOT",
              "NEAR", "NEAR(", "title:", "a", "data", "{", "}", "'", ";", "\\",
              ",", "é", "日本", "\u202e", "?", "%", "_", "."]
    searches = [a + b for a in pieces for b in pieces]
    searches += [" ".join(rng.choices(pieces, k=rng.randint(1, 9)))
                 for _ in range(600)]
    for text in searches:
        quoted = "".join("%%%02x" % byte for byte in text.encode())
        status = ask("/search?q=" + quoted).status
        equal(status, 200, text)
    assert "syntax" not in the_program().said()


# ---- 9, 10: methods, and what comes twice ----

METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE",
           "PROPFIND", "BREW")


def test_09_only_reading_is_allowed():
    for target in ROUTES + ("/nothing", "/media/a.png", "/static/a.css"):
        for method in METHODS:
            answer = ask(target, method)
            equal(answer.status, 405, "%s %s" % (method, target))
            equal(answer["allow"], "GET, HEAD", "%s %s" % (method, target))


def test_09_head_is_get_without_its_body():
    for target in ROUTES + ("/nothing", "/feed", "/page/0"):
        got, head = ask(target), ask(target, "HEAD")
        equal(head.status, got.status, target)
        equal(head.headers, got.headers, target)
        equal(head.body, b"", target)


def test_10_of_two_the_first_counts():
    equal(ask("/search?q=data&q=nothing-else").body,
          ask("/search?q=data").body, "q twice")
    equal(ask("/search?q=data&page=1&page=9").status,
          ask("/search?q=data&page=1").status, "page twice")


# ---- 11: an address has one spelling ----

def spellings(path):
    """Thirty ways to write `path` that a careless program would accept."""
    folder, name = path.rsplit("/", 1)
    return (path + "/", path + "//", path + "/.", path + "/..", path + "%2f",
            path + "%00", path + "%20", path + ".", path + ";a=b",
            path + "%3f", path + "%23", path + "\\", path + "/%2e",
            "/" + path, "/." + path, "/x/.." + path, "/x/%2e%2e" + path,
            "/%2e" + path, "/..%2f" + path[1:], "/\\" + path[1:],
            folder + "//" + name, folder + "/./" + name,
            folder + "/x/../" + name, folder + "%2f" + name,
            folder + "%5c" + name, path.upper(), folder.upper() + "/" + name,
            folder + "/" + name[:-1] + "%%%02x" % ord(name[-1]),
            folder + "/" + name[:-1] + "%%25%02x" % ord(name[-1]),
            "/%%%02x" % ord(path[1]) + path[2:])


def test_11_no_spelling_reaches_a_draft():
    for name in SERVERS:
        for target in (DRAFT, *spellings(DRAFT)):
            answer = the_server(name).fetch(target)
            assert 300 <= answer.status < 500, "%s %s: %d" % (
                name, target, answer.status)
            assert SECRET not in answer.body, name + " " + target


def test_11_no_spelling_is_another_page():
    """An article in another spelling is the same article, leads to it, or is
    none."""
    page = ask(ARTICLE).body
    equal(len(spellings(ARTICLE)), 30, "spellings")
    for target in spellings(ARTICLE):
        answer = ask(target)
        if answer.status == 200:
            equal(answer.body, page, target)
        elif answer.status == 301:
            equal(answer["location"], ARTICLE, target)
        else:
            assert answer.status in (400, 404), "%s: %r" % (target, answer)


# ---- 16: what machines read ----

def test_16_feeds_are_well_formed():
    for target in ROUTES:
        answer = ask(target)
        equal(answer.status, 200, target)
        if target.endswith(".xml"):
            xml.etree.ElementTree.fromstring(answer.body)
        if target.endswith(".json"):
            json.loads(answer.body)


# ---- 19, 20: lines of the log, lines of an answer ----

def test_19_log_lines_cannot_be_forged():
    program = Program(the_site(), workers=1)
    forged = "2026-01-01T00:00:00Z error forged.event"
    evil = ["/%zz%0a" + forged.replace(" ", "%20"), "/%zz\x1b[2J",
            "/%zz%1b[2J", "/%ff%e2%80%a8forged", "/%zz\x7f\x01\n" + forged,
            "/%zz\xe2\x80\xa8\xc2\x85" + forged, '/%zz" level=forged x="']

    before = len(program.said().splitlines())
    for target in evil:
        equal(program.ask(target, HTTP_USER_AGENT=evil[-2],
                          HTTP_REFERER=evil[-2]).status, 400, target)
    lines = program.log.read_bytes().split(b"\n")[:-1]

    equal(len(lines) - before, len(evil), "lines for as many requests")
    for line in lines[before:]:
        assert re.match(rb"\S+Z warning request\.refused reason=", line), line
        # U+2028 and the C1 controls move a terminal's line as well.
        assert not re.search(rb"[\x00-\x1f\x7f]|\xe2\x80[\xa8\xa9]|"
                             rb"\xc2[\x80-\x9f]", line), line
    program.stop()


def test_19_through_web_servers():
    for name in ("nginx", "apache_fcgid", "apache_cgi", "lighttpd"):
        server = the_server(name)
        for target in ("/search?q=%zz%0aforged", "/search?q=%zz%1b[2J"):
            equal(server.fetch(target, headers=[
                "User-Agent: a\x1b[2Jb", "Referer: %0aforged"]).status, 400,
                  name + " " + target)
        for log in (server.said(), the_program().said()):
            assert "\x1b" not in log and "\nforged" not in log, log[-2000:]


def test_20_no_header_is_split():
    evil = "%0d%0aX-Forged:%20yes"
    for name in SERVERS:
        for target in ("/about/?a=" + evil, "/feed" + evil, "/old/place" + evil,
                       "/old/place?" + evil, "/page/1?" + evil,
                       "/search?q=" + evil, "/about/" + evil):
            answer = the_server(name).fetch(target)
            equal(answer["x-forged"], "", name + " " + target)
            assert "\n" not in answer["location"], answer


# ---- 49 to 52: headers, caches, errors ----

UPLOADS = ("a.php", "b.cgi", "c.html", "d.svg", "e.png", "f.js", "g.phtml",
           "h.php.png", "i.pl", "j.xml", "k.shtml", "l.fcgi")


def test_49_uploads_do_not_run():
    site = the_site()
    script = "#!/bin/sh\nprintf 'Content-Type: text/html\\n\\nIT %s' RAN\n"
    for name in UPLOADS:
        web.write(site.path / "media" / name, script)
        (site.path / "media" / name).chmod(0o755)
    web.write(site.path / "media/.htaccess", "AddHandler cgi-script .png\n")

    for name in SERVERS:
        for upload in UPLOADS:
            answer = the_server(name).fetch("/media/" + upload)
            what = "%s %s" % (name, upload)
            equal(answer.status, 200, what)
            equal(answer.body, script.encode(), what)
            equal(answer["x-content-type-options"], "nosniff", what)
            assert "sandbox" in answer["content-security-policy"], what
            kind = answer["content-type"]
            if kind == "application/octet-stream":
                equal(answer["content-disposition"], "attachment", what)
            else:
                assert kind.startswith("image/"), "%s: %s" % (what, kind)
        for target in ("/media/e.png/x.php", "/media/e.png/", "/media/e.png%00",
                       "/media/.htaccess", "/media/../byline.db", "/media/",
                       "/media/e.png%2fx.php"):
            status = the_server(name).fetch(target).status
            wanted = (301,) if target.endswith("png/") else range(400, 500)
            assert status in wanted, "%s %s: %d" % (name, target, status)


# Of pages, frames of the hosts that byline.conf lists by default among them.
POLICY = (
    "default-src 'none'; img-src 'self' https:; media-src 'self' https:; "
    "style-src 'self'; script-src 'self'; font-src 'self'; "
    "frame-src https://www.youtube-nocookie.com https://www.youtube.com "
    "https://player.vimeo.com https://www.player.vimeo.com; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'")


def assert_guarded(answer, what):
    equal(answer["content-security-policy"], POLICY, what)
    equal(answer["x-content-type-options"], "nosniff", what)
    equal(answer["cross-origin-opener-policy"], "same-origin", what)
    assert answer["referrer-policy"], what
    assert answer["permissions-policy"], what


def test_50_every_answer_has_the_headers_that_guard():
    server = the_server("nginx")
    etag = ask("/about")["etag"]
    requests = [(target, {}, 200) for target in ROUTES] + [
        ("/page/1", {}, 301), ("/feed", {}, 301), ("/old/place", {}, 301),
        ("/nothing", {}, 404), ("/media/nothing.png", {}, 404),
        ("/static/nothing.css", {}, 404), (DRAFT, {}, 404),
        ("/search?q=%zz", {}, 400), ("/search?q=" + "a" * 5000, {}, 400),
        ("/about", {"method": "POST", "body": b""}, 405),
        ("/about", {"headers": ["If-None-Match: " + etag]}, 304)]
    for target, more, status in requests:
        answer = server.fetch(target, **more)
        equal(answer.status, status, target)
        assert_guarded(answer, "%d %s" % (status, target))
    for target, status in ((target_of(9000), 414), ("/%zz", 400)):
        answer = ask(target)
        equal(answer.status, status, target)
        assert_guarded(answer, "%d %s" % (status, target))


def test_50_unavailable_has_them_too():
    site = web.Site("gone")
    program = Program(site)
    for path in site.path.glob("byline.db*"):
        path.unlink()

    answer = program.ask("/")

    equal(answer.status, 503, "status")
    assert_guarded(answer, "503")
    program.stop()


def test_50_frames_are_those_of_the_configuration():
    site = web.Site("frames")
    wanted = {"": "'none'", "video.example.org":
              "https://video.example.org https://www.video.example.org"}
    for hosts, sources in wanted.items():
        site.configure("content", "iframe_hosts", hosts)
        program = Program(site)
        for target in ("/", "/nothing", "/%zz"):
            assert "; frame-src %s; " % sources in program.ask(target)[
                "content-security-policy"], target
        answer = as_cgi("/", env=web.environment(
            **web.variables("/"), BYLINE_SITE=str(site.path)))
        assert "; frame-src %s; " % sources in answer[
            "content-security-policy"], "as CGI"
        program.stop()


def test_50_https_is_kept_to():
    equal(ask("/")["strict-transport-security"], "", "without TLS")
    for name in ("HTTPS", "REQUEST_SCHEME"):
        value = "on" if name == "HTTPS" else "https"
        assert "max-age=" in ask("/", **{name: value})[
            "strict-transport-security"], name


def test_51_public_pages_know_no_cookie():
    for target in ROUTES:
        plain = ask(target)
        equal(ask(target, HTTP_COOKIE="session=1").body, plain.body, target)
        equal(plain["set-cookie"], "", target)
        assert "cookie" not in plain["vary"].lower(), target
        expected = "no-store" if target == "/healthz" else "public, no-cache"
        equal(plain["cache-control"], expected, target)


CACHE = """
fastcgi_cache_path "%s" keys_zone=pages:1m;
fastcgi_cache pages;
fastcgi_cache_key $request_uri;
fastcgi_ignore_headers Cache-Control;
fastcgi_cache_valid 200 1s;
fastcgi_cache_revalidate on;
add_header X-Cache $upstream_cache_status;
upstream """


def test_51_a_cache_is_never_stale():
    """nginx, made to keep a page for a second in spite of what the page says, and
    to ask by its ETag then: what it learns is what is so."""
    site = web.Site("cached").fill()
    program = Program(site)
    cache = web.folder("cache")
    server = Server("nginx", site, program, lambda text: text.replace(
        "\nupstream ", CACHE % cache, 1))

    def fetch_until(status):
        """What the cache sends as soon as it is not what was kept."""
        def fetch():
            answer = server.fetch("/")
            return answer if answer["x-cache"] != "HIT" else None
        answer = wait_for(fetch, what="the cache to ask")
        equal(answer["x-cache"], status, "the cache")
        return answer.body

    old = fetch_until("MISS")
    wait_for(lambda: server.fetch("/")["x-cache"] == "HIT", what="a hit")
    equal(fetch_until("REVALIDATED"), old, "what has not changed")

    site.tool("setting", "title", "Renamed")

    assert b"Renamed" not in old
    assert b"Renamed" in fetch_until("EXPIRED")
    program.stop()
    server.stop()


def test_52_errors_tell_nothing_of_the_inside():
    answers = [ask(target) for target in (
        "/nothing", "/%zz", "/search?q=%ff", target_of(9000), "/page/0",
        "/media/x", "/static/x", "/search?q=" + "a" * 5000)]
    answers.append(ask("/about", "POST"))
    answers.append(ask("/about", **headers_of(40000)))
    for answer in answers:
        assert answer.status >= 400, answer
        equal(answer["cache-control"], "no-store", str(answer.status))
        text = answer.body.decode()
        assert "<h1>" in text, text
        for secret in (str(web.top), "sqlite", "SQL", "0.1.0", "libfcgi",
                       "/src/", ".c:", "errno", "GLib"):
            assert secret not in text, "%s in %s" % (secret, text)


# ---- 56: files ----

def test_56_files_are_their_owners_alone():
    site = the_site()
    ask("/")
    public = (site.path / "public", site.path / "media")
    names = set()
    for path in site.path.rglob("*"):
        if any(path == place or place in path.parents for place in public):
            continue
        names.add(path.name)
        mode = stat.S_IMODE(path.stat().st_mode)
        equal(oct(mode & 0o077), "0o0", "rights of others to %s" % path)
    assert {"byline.db", "byline.conf"} <= names, names
    for place in public:
        equal(oct(stat.S_IMODE(place.stat().st_mode)), "0o755", str(place))
    equal(oct(stat.S_IMODE(site.path.stat().st_mode) & 0o026), "0o0",
          "rights of others to the site directory")


def test_56_what_is_private_is_not_served():
    for name in SERVERS:
        for target in ("/byline.db", "/byline.db-wal", "/byline.db-shm",
                       "/byline.conf", "/.git/config", "/.git/HEAD", "/config",
                       "/db", "/theme/site/error.html", "/public/static/",
                       "/.htaccess", "/.htpasswd", "/.env", "/byline.sock",
                       "/media/", "/static/"):
            status = the_server(name).fetch(target).status
            wanted = (403, 404) if target.startswith("/.ht") else (404,)
            assert status in wanted, "%s %s: %d" % (name, target, status)


def test_nobody_died_of_all_this():
    assert_no_crash()
    for name in SERVERS:
        equal(the_server(name).fetch("/healthz").body, b"ok\n", name)


web.run(globals())
