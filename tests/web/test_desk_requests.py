#!/usr/bin/env python3
"""What must hold whatever is sent to the desk: requirements 4, 7 to 11, 19, 20, 38
and 40, as far as they can be seen from outside."""
import pathlib
import random
import re
import sys

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import AUTHOR, OWNER, page_of, put_into, text_of
from harness import Server, equal
from one_desk import (
    SECRET, a_browser, assert_nobody_died, routes, secret_article, target_of,
    the_desk)


def lasting(answer):
    """An answer without what is new in each: tokens, and secrets of codes."""
    text = re.sub(r'[\w-]{43}|[A-Z2-7]{32}|viewBox="[^"]*"| d="[^"]*"', "NEW",
                  text_of(answer))
    return answer.status, [pair for pair in answer.headers if pair[0] not in (
        "Content-Length", "Set-Cookie")], text


def assert_unchanged(before, what):
    equal(desk.changed_tables(before, desk.tables_of(the_desk().site)), [],
          "tables changed by " + what)


# ---- 4: headers do not stand in for what the server says ----

LIES = {"REMOTE_USER": OWNER.email, "REMOTE_IDENT": OWNER.handle,
        "AUTH_TYPE": "Basic", "HTTP_AUTHORIZATION": "Basic b3duZXI6b3duZXI=",
        "HTTP_REMOTE_USER": OWNER.handle, "HTTP_X_REMOTE_USER": OWNER.handle,
        "HTTP_X_FORWARDED_USER": OWNER.email, "HTTP_X_WEBAUTH_USER": "1",
        "HTTP_X_AUTHENTICATED_USER": "1", "HTTP_X_ROLE": "owner",
        "HTTP_X_FORWARDED_FOR": "203.0.113.77", "HTTP_X_REAL_IP": "192.0.2.7",
        "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_HTTP_METHOD": "POST",
        "HTTP_X_HTTP_METHOD_OVERRIDE": "POST", "HTTP_FORWARDED": "for=1.2.3.4",
        "HTTP_X_FORWARDED_PROTO": "https", "HTTP_CLIENT_IP": "192.0.2.8",
        "HTTP_X_ORIGINAL_URL": "/desk/session",
        "HTTP_X_REWRITE_URL": "/desk/session"}


def test_04_no_variable_signs_anybody_in():
    for person in (None, AUTHOR):
        browser = a_browser(person)
        for route in routes("GET"):
            target = target_of(route)
            equal(lasting(browser.get(target, **LIES)),
                  lasting(browser.get(target)), target)


def test_04_a_post_is_no_more_allowed_by_them():
    browser = a_browser(None)
    before = desk.tables_of(the_desk().site)

    for route in routes("POST"):
        if route.guard != "anybody":
            answer = browser.post(target_of(route), {
                "form_token": browser.form_token, "title": "x"}, **LIES)
            equal(answer.status, 403, route.pattern)

    assert_unchanged(before, "somebody who only says who they are")


def test_04_the_network_is_the_one_of_the_server():
    the_desk().browser(**LIES).post("/desk/articles", {})

    equal(the_desk().events("desk.forged")[-1]["client"], "127.0.0.0/24",
          "network")


# ---- 7: sizes ----

def form_of(size, browser):
    """A new article whose form has `size` bytes."""
    start = desk.encode({"form_token": browser.form_token, "title": "Large",
                         "key": desk.new_secret()}) + b"&body="
    line = b"All+work+and+no+play.%0A"
    body = line * ((size - len(start)) // len(line))
    return start + body + b"x" * (size - len(start) - len(body))


def test_07_limit_of_a_form():
    browser = a_browser()
    before = desk.counts_of(the_desk().site)["article"]

    exact = browser.ask("/desk/articles", "POST", form_of(1 << 20, browser))
    over = browser.ask("/desk/articles", "POST",
                       form_of((1 << 20) + 1, browser))
    far = browser.ask("/desk/articles", "POST", b"", CONTENT_LENGTH="1" * 10)

    assert exact.status in (303, 422), exact
    for answer in (over, far):
        equal(answer.status, 413, "one byte more")
        assert "1 MB" in text_of(answer), "what may be sent is not said"
        assert "still in your browser" in text_of(answer)
    equal(desk.counts_of(the_desk().site)["article"] - before,
          exact.status == 303, "articles made")


def test_07_limit_of_fields():
    browser = a_browser()
    fields = [("form_token", browser.form_token), ("title", "Fields")]

    equal(browser.post("/desk/articles", fields + [("x", "1")] * 98).status,
          303, "100 fields")
    equal(browser.post("/desk/articles", fields + [("x", "1")] * 99).status,
          400, "101 fields")


def test_07_limit_of_target_and_headers():
    browser = a_browser()
    start = "/desk/articles?q="
    cookies = browser.cookies["byline_session"]

    equal(browser.get(start + "a" * (8193 - len(start))).status, 414, "8,193")
    answer = browser.get("/desk/articles", HTTP_COOKIE="a=%s; b=%s" % (
        cookies, "b" * 33000))
    equal(answer.status, 431, "cookies of 33,000 bytes")
    assert "cookies" in text_of(answer), "what to do is not said"


def test_07_memory_stays_what_it_was():
    one = desk.Desk(workers=1)
    browser = one.browser(OWNER)
    big = form_of(1 << 20, browser) + b"&x=" + b"x" * 100

    def strain():
        for _ in range(8):
            browser.ask("/desk/articles", "POST", big)
            browser.ask("/desk/preview", "POST", desk.encode(
                {"form_token": browser.form_token, "body": "word " * 40000}))
            browser.ask("/desk/articles", "POST", b"a=1&" * 2000)
            browser.get("/desk/articles?q=" + "a" * 9000)
    strain()
    before = memory_of(one.program)
    strain()
    grown = memory_of(one.program) - before

    if not web.is_sanitized():
        assert grown < 1 << 20, "%d bytes" % grown
    one.stop()


def memory_of(program):
    text = pathlib.Path("/proc/%d/status" % program.workers()[0]).read_text()
    return int(re.search(r"RssAnon:\s*(\d+)", text)[1]) << 10


# ---- 8: whatever is typed ----

NO_TEXT = ("%00", "a%00b", "%c0%af", "%c0%80", "%e0%80%af", "%ed%a0%80",
           "%ed%bf%bf", "%ed%a0%bd%ed%b8%80", "%f4%90%80%80", "%f0%80%80%af",
           "%f8%88%80%80%80", "%ff", "%fe", "%80", "%bf", "%c3", "%e2%82",
           "%f0%9f%98", "%", "%4", "%zz", "%u0041", "%%", "a%c3%28")
ODD_TEXT = ("%25%30%30", "%0d%0aX:%20y", "%1b[2J", "%7f", "%e2%80%a8",
            "%e2%80%ae", "%ef%bf%be", "%f0%9f%98%80", "%c2%85", "%0b", "+",
            "%01%02", "e%cc%81", "%ef%bb%bf", "%26%3c%3e", "%ef%b7%90")


def texts():
    """300 spellings that are no text, or that try to be more than text."""
    rng = random.Random(8)
    some = list(NO_TEXT + ODD_TEXT)
    while len(some) < 300:
        some.append("".join("%%%02x" % rng.randrange(256)
                            for _ in range(rng.randint(1, 12))))
    return some


FIELDS = ("title", "slug", "excerpt", "body", "category", "tags", "language",
          "canonical_url", "cover_path", "cover_alt", "authors", "description",
          "direction", "series", "series_number", "pinned", "authors_shown", "author_ids",
          "category_shown", "tags_shown", "series_shown", "key", "version", "action", "kind", "form_token", "unknown")


def pieces_of(fields, name, text):
    return "&".join("%s=%s" % pair for pair in (
        *[pair for pair in fields.items() if pair[0] != name], (name, text)))


def test_08_texts_in_every_field_of_an_article():
    """Refused, or stored whole: whatever became another is a revision."""
    browser = a_browser()
    site = the_desk().site
    number = browser.write("Whatever is typed")
    target = "/desk/articles/%d" % number
    rng = random.Random(8)
    taken = 0

    for text in texts():
        # Each text in some fields, and what is no text in all of them.
        names = FIELDS if text in NO_TEXT + ODD_TEXT else rng.sample(FIELDS, 3)
        for name in names:
            version, = desk.rewrite(
                site, "SELECT version FROM article WHERE id = ?", number)[0]
            body = pieces_of({"form_token": browser.form_token,
                              "version": version, "title": "t",
                              "action": "save"}, name, text)
            status = browser.ask(target, "POST", body.encode()).status
            what = "%s=%s" % (name, text)
            assert status in (303, 400, 403, 409, 422), (what, status)
            if text in NO_TEXT:
                equal(status, 400, what)
            taken += status == 303 and name not in ("action", "version")

    made, = desk.rewrite(site, "SELECT count(*) FROM revision"
                         " WHERE article_id = ?", number)[0]
    version, = desk.rewrite(
        site, "SELECT version FROM article WHERE id = ?", number)[0]
    assert taken > 100, "texts taken: %d" % taken
    # A preview (which "action" may ask for) is no revision, nor is what is stored
    # already.
    assert 100 < version <= taken + 1, "%d versions of %d saves" % (version, taken)
    equal(made, version, "revisions")
    desk.assert_whole(site)


def test_08_texts_in_every_other_form():
    """No form takes what is no text, and nothing is stored of it."""
    browser = a_browser()
    before = desk.tables_of(the_desk().site)
    number = secret_article()

    for route in routes("POST"):
        for text in NO_TEXT:
            body = "form_token=%s&email=%s&password=%s&title=%s&body=%s" % (
                browser.form_token, text, text, text, text)
            equal(browser.ask(target_of(route, id=number), "POST",
                              body.encode()).status, 400,
                  "%s %s" % (route.pattern, text))
            equal(browser.ask(target_of(route, id=number), "POST",
                              ("form_token=%s&%s=1" % (
                                  browser.form_token, text)).encode()).status,
                  400, "a field called %s" % text)

    assert_unchanged(before, "what is no text")


def test_08_texts_in_every_address():
    browser = a_browser()
    for route in routes("GET"):
        for text in NO_TEXT + ODD_TEXT:
            for target in (target_of(route) + "?said=%s&q=%s&to=%s" % (
                    text, text, text), route.pattern.replace("{id}", text)
                    .replace("{file}", text)):
                status = browser.get(put_into(target)).status
                assert status < 500, "%s: %d" % (target, status)
                if text in NO_TEXT and text in target:
                    equal(status, 400, target)


def test_08_raw_bytes_in_a_form():
    """Bytes that nobody has encoded."""
    browser = a_browser()
    before = desk.tables_of(the_desk().site)
    for raw in (b"\0", b"a\0b", b"\xff", b"\xc0\x80", b"\xed\xa0\x80",
                b"\xe2\x82"):
        body = b"form_token=" + browser.form_token.encode() + b"&title=" + raw
        equal(browser.ask("/desk/articles", "POST", body).status, 400,
              repr(raw))
    assert_unchanged(before, "raw bytes")


def test_08_keys_of_forms():
    """What is no key is none: no two forms are taken for one by it, and no
    address is made of it."""
    browser = a_browser()
    number = secret_article()
    editor = "/desk/articles/%d" % number
    for key in (None, "", " ", "a b", "a&said=saved", "\r\nX: y", "é",
                "x" * 65, "../x"):
        fields = {"form_token": browser.form_token, "title": "Keyed",
                  **({} if key is None else {"key": key})}
        made = [browser.post(target, {**fields, "body": body})
                for body in ("one", "two") for target in (
                    "/desk/articles", "/desk/articles/new/autosave")]
        equal([answer.status for answer in made], [303, 200] * 2, repr(key))
        for action in ("continue", "discard"):
            equal(browser.post(editor + "/draft", {
                **fields, "action": action}).status, 400, repr(key))
        shown = browser.send(editor, editor, "preview", key=key)
        assert re.fullmatch(editor + r"\?draft=[\w-]{43}&preview=1",
                            shown["location"]), shown.headers
        kept = browser.post(editor + "/autosave", {**fields, "version": 1})
        equal(kept.status, 200, repr(key))


# ---- 9, 10: methods, and what comes twice ----

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
           "PROPFIND", "BREW")


def test_09_each_route_has_its_methods_alone():
    before = desk.tables_of(the_desk().site)

    for route in routes():
        # /desk/articles/new is an {id} as well, of no article.
        known = {other.method for other in routes() if re.fullmatch(
            re.sub("{\\w+}", "[^/]+", other.pattern), target_of(route))}
        names = sorted(known | ({"HEAD"} if "GET" in known else set()))
        for person in (None, OWNER):
            for method in set(METHODS) - known:
                answer = a_browser(person).ask(target_of(route), method)
                equal(answer.status, 405, "%s %s" % (method, route.pattern))
                equal(answer["allow"], ", ".join(names), route.pattern)

    assert_unchanged(before, "methods that no route has")


def test_09_head_is_get_without_its_body():
    for person in (None, OWNER):
        browser = a_browser(person)
        for route in routes("GET"):
            got = browser.get(target_of(route))
            head = browser.ask(target_of(route), "HEAD")
            equal(head.body, b"", route.pattern)
            equal(lasting(head)[:2], lasting(got)[:2], route.pattern)
            if not route.pattern.endswith("/codes"):
                equal(head["content-length"], got["content-length"],
                      route.pattern)


def test_10_of_two_fields_the_first_counts():
    browser = a_browser()
    answer = browser.post("/desk/articles", [
        ("form_token", browser.form_token), ("form_token", "x"),
        ("title", "The first"), ("title", "The second"), ("body", "one"),
        ("body", "two")])

    page = page_of(browser.follow(answer))
    fields = page.form(browser.below(answer["location"]).partition("?")[0],
                       "save").fields
    equal((fields["title"], fields["body"]), ("The first", "one"), "stored")
    equal(browser.post("/desk/articles", [
        ("form_token", "x"), ("form_token", browser.form_token)]).status, 403,
        "a right token behind a wrong one")


def test_10_of_two_cookies_the_first_counts():
    browser = a_browser()
    name = "byline_session"
    right = "%s=%s" % (name, browser.cookies[name])
    wrong = "%s=%s" % (name, desk.new_secret())
    for cookies, status in (
            (right + "; " + wrong, 200), (wrong + "; " + right, 303),
            (name + "=; " + right, 303), ("%s=x; %s" % (name, right), 303),
            ("x%s; %s" % (right, wrong), 303), ("%s; a=b" % right, 200),
            ("%s=%s" % (name.upper(), browser.cookies[name]), 303),
            ("__Host-" + right, 303), ('a="%s"' % right, 303)):
        equal(browser.get("/desk/articles", HTTP_COOKIE=cookies).status,
              status, cookies.replace(browser.cookies[name], "RIGHT"))


def test_10_two_lengths_are_refused():
    server = Server("nginx", the_desk().site, the_desk().program,
                    desk=the_desk().program)
    for lengths in (("3", "5"), ("5", "3")):
        answer = server.fetch("/desk/session", "POST", headers=[
            "Content-Length: " + length for length in lengths])
        equal(answer.status, 400, "lengths of %s and %s" % lengths)
    server.stop()


# ---- 11: an address has one spelling ----

def spellings(path):
    """Thirty ways to write `path` that a careless program would accept."""
    folder, name = path.rsplit("/", 1)
    last = "%%%02x" % ord(name[-1])
    return (path + "/", path + "//", path + "/.", path + "/..", path + "%2f",
            path + "%00", path + "%20", path + ".", path + ";a=b",
            path + "%3f", path + "%23", path + "\\", path + "/%2e",
            "/" + path, "/." + path, "/x/.." + path, "/x/%2e%2e" + path,
            "/%2e" + path, "/..%2f" + path[1:], "/\\" + path[1:],
            folder + "//" + name, folder + "/./" + name,
            folder + "/x/../" + name, folder + "%2f" + name,
            folder + "%5c" + name, path.upper(), path + ".html",
            folder + "/" + name[:-1] + last,
            folder + "/" + name[:-1] + last.replace("%", "%25"),
            "/%%%02x" % ord(path[1]) + path[2:])


def test_11_no_spelling_passes_a_guard():
    """Neither for nobody, nor for an author whose article it is not."""
    secret_article()
    before = desk.tables_of(the_desk().site)
    equal(len(set(spellings("/desk/articles/1"))), 30, "spellings")

    for person in (None, AUTHOR):
        browser = a_browser(person)
        token = browser.form_token
        guarded = [route for route in routes() if route.guard not in (
            "anybody", "file") and (person is None or "{id}" in route.pattern)]
        assert len(guarded) > 10, guarded
        for route in guarded:
            for target in spellings(target_of(route)):
                answer = browser.ask(
                    target, route.method,
                    desk.encode({"form_token": token, "version": 1,
                                 "title": "Hacked", "body": "Hacked."}))
                assert 300 <= answer.status < 500, "%s: %d" % (
                    target, answer.status)
                assert SECRET not in text_of(answer), target
                assert answer["location"] in ("", target_of(route)) or (
                    answer["location"].startswith("/desk/session")), answer

    assert_unchanged(before, "spellings")


# ---- 19, 20: lines of the log, lines of an answer ----

EVIL = ("\r\nX-Forged: yes", "\nX-Forged: yes", "\rX-Forged: yes", "\x1b[2J",
        "\x85X-Forged: yes", "\u2028X-Forged: yes", '" level=forged x="',
        "\n2026-01-01T00:00:00Z info sign_in.ok account=olga-owner")


def test_19_log_lines_cannot_be_forged():
    one = desk.Desk(workers=1)
    browser = one.browser()
    path = "/desk/%0a2026-01-01T00:00:00Z%20info%20forged"
    author = one.browser(AUTHOR)
    before = len(one.said().splitlines())

    for evil in EVIL:
        raw = evil.encode().decode("latin-1")
        browser.post("/desk/session", {"email": evil, "form_token": "x"},
                     HTTP_USER_AGENT=raw, HTTP_SEC_FETCH_SITE=raw)
        author.get("/desk/articles/1" + path, HTTP_USER_AGENT=raw)
        browser.get(path + "?%zz" + raw.replace("\n", "%0a")
                    .replace("\r", "%0d").replace(" ", "+"),
                    HTTP_USER_AGENT=raw)
    browser.send("/desk/session", "/desk/session", email=EVIL[-1],
                 password="wrong enough")
    lines = one.program.log.read_bytes().split(b"\n")[before:-1]

    equal(len(one.events("desk.forged")), len(EVIL), "forged forms")
    equal(len(one.events("sign_in.failed")), 1, "failures")
    equal(len(one.events("sign_in.ok")), 0, "successes")
    for line in lines:
        assert re.match(rb"\S+Z (info|warning) (desk\.forged|sign_in\.failed|"
                        rb"request\.refused) \w+=", line), line
        assert not re.search(rb"[\x00-\x1f\x7f]|\xe2\x80[\xa8\xa9]|"
                             rb"\xc2[\x80-\x9f]", line), line
        # What somebody else wrote stands between quotation marks.
        assert b"account=olga" not in re.sub(rb'"[^"]*"', b"", line), line
    one.stop()


def test_62_addresses_in_the_log_have_no_tokens():
    """Of links that open something by themselves, however they fail."""
    token = desk.new_secret()
    browser = a_browser(None)
    for target in ("/desk/setup?code=" + token, "/desk/reset?token=" + token,
                   "/desk/invitation?token=" + token, "/desk/shared/" + token,
                   "/desk/shared/%s/" % token):
        for tail in ("", "%zz", "?x=%zz", "&x=%zz", "%2f", "/.", "//",
                     "?" + "x" * 9000):
            for method in ("GET", "POST"):
                for more in ({}, {"HTTP_X_A": "a" * 33000}):
                    browser.ask(target + tail, method, **more)

    said = the_desk().said()
    assert "request.refused" in said and "/desk/shared/" in said, said
    assert token not in said, "it stands in the log"


def test_20_no_header_is_split():
    """Not by what stands in an address, a form, a cookie or a file's name."""
    browser = a_browser()
    number = secret_article()
    editor = "/desk/articles/%d" % number

    def check(answer, what):
        assert answer.status < 500, (what, answer)
        equal(answer["x-forged"], "", what)
        assert not re.search(r"[\r\n]", answer["location"]), answer.headers
        assert answer["location"].startswith(("/desk", "")), answer.headers

    for evil in EVIL:
        quoted = "".join("%%%02x" % byte for byte in evil.encode())
        for target in ("/desk/session?to=/desk/" + quoted,
                       "/desk/session?to=" + quoted, editor + "/?" + quoted,
                       editor + "?said=" + quoted, editor + "?draft=" + quoted,
                       editor + "/preview?key=" + quoted,
                       "/desk/articles?list=%s&page=%s" % (quoted, quoted)):
            check(browser.get(target), target)
            check(a_browser(None).get(target), target)
        check(browser.post(editor + "/draft", {
            "form_token": browser.form_token, "key": evil,
            "action": "continue"}), "a draft")
        check(browser.send(editor, editor, "preview", key=evil), "a preview")
        check(browser.get(editor, HTTP_COOKIE="byline_form=" + evil.encode(
            ).decode("latin-1")), "a cookie")


# ---- 38, 40: where links and redirects lead ----

OTHER_HOSTS = (
    "evil.example", "blog.example.evil.example", "evil.blog.example",
    "blog.example@evil.example", "blog.example:80@evil.example",
    "evil.example:8080", "evil.example#blog.example", "blog.exampl",
    "blog.example/evil", "blog.example evil.example", "[::1]", "127.0.0.1",
    "localhost", "blog.example,evil.example", "blog.example\\evil.example",
    "blog.example:evil", "[blog.example]", "http://blog.example", "@", "*",
    ".blog.example", "blog.example..", "evil.example?blog.example",
    "blog.example%00.evil.example", ":8080", "blog.example:80:80")
OWN_HOSTS = ("blog.example", "blog.example:8080", "blog.example:443",
             "BLOG.example", "Blog.Example:80")


def test_38_other_hosts_are_sent_away():
    for person in (None, OWNER):
        browser = a_browser(person)
        for route in routes():
            for host in OTHER_HOSTS:
                answer = browser.ask(target_of(route), route.method,
                                     desk.encode({"form_token":
                                                  browser.form_token}),
                                     HTTP_HOST=host)
                what = "%s for %r" % (route.pattern, host)
                equal(answer.status, 421, what)
                equal(answer["location"], "", what)
                assert "evil" not in text_of(answer), what
        for host in OWN_HOSTS:
            equal(browser.get("/desk/session", HTTP_HOST=host).status,
                  200 if person is None else 303, host)


def test_38_no_page_has_an_address_from_a_header():
    lies = {"HTTP_X_FORWARDED_HOST": "evil.example",
            "HTTP_FORWARDED": "host=evil.example;proto=https",
            "HTTP_X_HOST": "evil.example", "SERVER_NAME": "evil.example",
            "HTTP_X_FORWARDED_SERVER": "evil.example", "SERVER_PORT": "666",
            "HTTP_X_FORWARDED_PORT": "666", "HTTP_REFERER": "//evil.example"}
    for person in (None, OWNER):
        for route in routes("GET"):
            answer = a_browser(person).get(target_of(route), **lies)
            assert b"evil.example" not in answer.body, route.pattern
            assert b":666" not in answer.body, route.pattern
            assert "evil" not in repr(answer.headers), answer.headers


def redirect_payloads():
    """200 addresses that are not ours, in many spellings."""
    hosts = ("evil.example", "evil.example/desk", "blog.example@evil.example",
             "evil.example:80/desk/articles", "127.0.0.1")
    starts = ("//", "///", "////", "/\\", "\\\\", "/%5c", "/%2f", "http://",
              "https://", "https:", "http:/", "//%09/", "/%09/", "/\t/", "/.//",
              "/desk//", "/desk/..//", "/desk\\..\\\\", "/desk/.//", "/desk@",
              "/desk:80@", "/desk.", "javascript:alert(1)//", "data:text/html,",
              "/desk/../../", "/desk?to=//", "/desk%2f%2f", "/deskevil/",
              " //", "/ /", "\u3000//", "/\u2028/", "%68ttp://", "/desk#@",
              "/desk/%2e%2e//", "/desk;//", "\r\n//", "/desk\r\nLocation: //",
              "ftp://", "//\u3002")
    return [start + host for start in starts for host in hosts]


def leads_home(location):
    """Whether a browser that is at the desk stays there."""
    return re.fullmatch(r"/desk(?:[/?](?!/)[A-Za-z0-9/?=&_.%-]*)?",
                        location) is not None and "//" not in location and (
                            "/.." not in location)


def test_40_nobody_is_led_astray():
    equal(len(redirect_payloads()), 200, "payloads")
    for payload in redirect_payloads():
        quoted = "".join("%%%02x" % byte for byte in payload.encode())
        for once in (quoted, payload.replace("%", "%25").replace(
                " ", "+").encode().decode("latin-1") if re.fullmatch(
                    r"[\x21-\x7e]+", payload) else quoted):
            answer = a_browser().get("/desk/session?to=" + once)
            if answer.status == 400 and once != quoted:
                continue
            equal(answer.status, 303, payload)
            assert leads_home(answer["location"]), (payload, answer.headers)
            # Not signed in: the form carries it, and no link does.
            page = page_of(a_browser(None).get("/desk/session?to=" + once))
            assert not [link for link in page.links if "evil" in link], payload


def test_40_own_pages_are_gone_on_to():
    for target in ("/desk", "/desk/articles", "/desk/articles/12?said=saved",
                   "/desk/articles/new"):
        equal(a_browser().get("/desk/session?to=" + target.replace(
            "?", "%3f"))["location"], target, "where to")


def test_40_signing_in_leads_home():
    browser = the_desk().browser()
    for payload, wanted in (("//evil.example/", "/desk"),
                            ("/desk/articles", "/desk/articles")):
        answer = browser.sign_in(OWNER, to=payload)
        equal((answer.status, answer["location"]), (303, wanted), payload)
        browser.sign_out()


def test_nobody_died_of_all_this():
    assert_nobody_died()


desk.run(globals())
