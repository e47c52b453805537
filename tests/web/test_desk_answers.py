#!/usr/bin/env python3
"""What holds for every answer of the desk, right or wrong: requirements 50 to 52."""
import re
import sys

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import AUTHOR, OWNER, page_of, text_of
from harness import equal
from one_desk import a_browser, assert_nobody_died, made, routes, target_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types byline")


def assert_guarded(answer, what):
    # A preview is the page of a reader, in a frame of ours.
    if not what.endswith("/preview"):
        equal(answer["content-security-policy"], POLICY, what)
        equal(answer["x-frame-options"], "DENY", what)
    policy = answer["content-security-policy"]
    assert "default-src 'none'" in policy, what
    assert "unsafe" not in policy, what
    assert re.search("frame-ancestors '(none|self)'", policy), what
    equal(answer["x-content-type-options"], "nosniff", what)
    equal(answer["cross-origin-opener-policy"], "same-origin", what)
    assert answer["referrer-policy"] in (
        "same-origin", "no-referrer", "strict-origin-when-cross-origin"), what
    assert answer["permissions-policy"], what


def assert_not_kept(answer, what):
    is_file = what.startswith("200 GET file")
    equal(answer["cache-control"], "public, max-age=31536000, immutable"
          if is_file else "no-store", what)
    equal(answer["etag"] + answer["last-modified"], "", what)


INSIDE = (str(web.top), "sqlite", "SQL", "0.1.0", "libfcgi", "/src/", ".c:",
          "errno", "GLib", "byline.db", "/usr/", "STATUS_", "argon2")


def assert_tells_nothing(answer, what):
    for word in INSIDE:
        assert word not in text_of(answer), "%s: %s" % (what, word)
        assert word not in repr(answer.headers), "%s: %s" % (what, word)


def all_answers():
    if "answers" not in made:
        made["answers"] = [*answers_of_routes(), *wrong_answers()]
    return made["answers"]


def answers_of_routes():
    """What each route says to nobody, to an author and to an owner, to a right
    and to a wrong request."""
    for person in (None, AUTHOR, OWNER):
        browser = a_browser(person)
        for route in routes():
            for body in ({}, {"form_token": browser.form_token}):
                if route.method == "POST" and body and route.guard != "anybody":
                    continue  # it would be done
                answer = browser.ask(target_of(route), route.method,
                                     desk.encode(body))
                yield answer, "%d %s %s %s" % (
                    answer.status, route.method, route.guard, route.pattern)


def wrong_answers():
    browser = a_browser()
    for target, more, status in (
            ("/desk/nothing", {}, 404), ("/desk/articles/999999", {}, 404),
            ("/desk/static/nothing.css", {}, 404), ("/desk/%zz", {}, 400),
            ("/desk/articles/new", {"method": "PUT"}, 405),
            ("/desk/articles/", {}, 301),
            ("/desk/articles", {"HTTP_HOST": "evil.example"}, 421),
            ("/desk/articles?q=" + "a" * 9000, {}, 414),
            ("/desk/articles", {"HTTP_X_A": "a" * 33000}, 431),
            ("/desk/articles", {"method": "POST", "body": b"a=1"}, 403),
            ("/desk/articles", {"method": "POST", "CONTENT_LENGTH": "9" * 9},
             413), ("/desk/articles", {"method": "POST", "body": b"a=%zz"},
                    400)):
        answer = browser.ask(target, **more)
        equal(answer.status, status, target)
        yield answer, "%d %s" % (status, target)


def test_50_every_answer_has_the_headers_that_guard():
    for answer, what in all_answers():
        assert_guarded(answer, what)


def test_51_nothing_is_kept():
    for answer, what in all_answers():
        assert_not_kept(answer, what)


def test_52_errors_tell_nothing_of_the_inside():
    for answer, what in all_answers():
        assert_tells_nothing(answer, what)
        if answer.status >= 400:
            assert "<h1>" in text_of(answer), what


def test_50_to_52_of_failures():
    """A damaged schema and a database that is gone: 500 with a number, 503."""
    broken = desk.Desk(workers=1)
    browser = broken.browser(OWNER)
    number = browser.write("Kept")
    desk.rewrite(broken.site, "DROP TABLE revision")

    target = "/desk/articles/%d" % number
    failed = browser.get(target + "/revisions")
    unsaved = browser.send(target, target, "save", body="Typed for an hour.")
    for path in broken.site.path.glob("byline.db*"):
        path.unlink()
    gone = browser.get("/desk/articles")
    lost = browser.post(target, {"form_token": browser.form_token,
                                 "body": "Typed for an hour."})

    for answer, status in ((failed, 500), (unsaved, 500), (gone, 503),
                           (lost, 503)):
        equal(answer.status, status, "status")
        assert_guarded(answer, "%d" % status)
        assert_not_kept(answer, "%d" % status)
        assert_tells_nothing(answer, "%d" % status)
    for answer in (unsaved, lost):
        equal(page_of(answer).form(target).fields["body"],
              "Typed for an hour.", "what was typed")
    # What has a password in it is typed anew: without it, it would be wrong.
    signing_in = broken.browser().post("/desk/session", {
        "email": OWNER.email, "password": OWNER.password, "form_token": "x"})
    assert not page_of(signing_in).forms, text_of(signing_in)
    assert OWNER.password not in text_of(signing_in)
    number = re.search(r"number of this error is (\S+)\.", text_of(failed))[1]
    logged = {event["id"]: event for event in broken.events("desk.failed")}
    equal(logged[number]["client"], "127.0.0.0/24", "who met with it")
    assert int(gone["retry-after"]) > 0, gone.headers
    broken.stop()


def test_nobody_died_of_all_this():
    assert_nobody_died()


desk.run(globals())
