#!/usr/bin/env python3
"""Requirement 15 at the desk: whatever is stored, and whatever is typed, no page gets an
element or an attribute by it."""
import contextlib
import re
import sqlite3
import subprocess
import sys
import urllib.parse

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import OWNER, rewrite, text_of
from harness import equal

PROGRAM = str(web.BUILD / "tests/web/html_skeleton")

made = {}


def payloads():
    """Those of tests/template/xss_payloads.h."""
    done = subprocess.run([PROGRAM, "--payloads"], capture_output=True,
                          check=True)
    found = done.stdout.decode().split("\0")[:-1]
    assert len(found) >= 50, len(found)
    return found


def skeletons(pages):
    """What a browser makes of each, but for texts and values, and for how many
    pieces a difference has."""
    data = b"".join(page.replace(b"\0", b"") + b"\0" for page in pages)
    done = subprocess.run([PROGRAM], input=data, capture_output=True,
                          check=True)
    lines = done.stdout.decode().splitlines()
    equal(len(lines), len(pages), "skeletons")
    return [re.sub("<(ins|del|span|span class)></>", "", line)
            for line in lines]


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk(1)
    return made["desk"]


def the_browser():
    if "browser" not in made:
        made["browser"] = the_desk().browser(OWNER)
    return made["browser"]


# ---- what is stored ----

# Each text that somebody can have stored, wherever a page may show it.
STORED = (
    "UPDATE article SET title = :v, summary = :v, excerpt = :v, body = :v,"
    " cover_alt = :v, cover_path = :v, canonical_url = :v, language = :v,"
    " description = :v",
    "UPDATE series SET name = :v",
    "UPDATE revision SET title = :v, summary = :v, body = :v, slug = :v,"
    " description = :v, language = :v, direction = :v, canonical_url = :v,"
    " cover_path = :v, cover_alt = :v, category = :v, tags = :v, series = :v,"
    " series_number = :v, authors = :v",
    "UPDATE tag SET name = :v, description = :v",
    "UPDATE category SET name = :v, description = :v",
    "UPDATE author SET name = :v, job_title = :v, biography = :v, website = :v,"
    " picture_path = :v WHERE handle <> 'olga-owner'",
    "UPDATE author SET name = :v, job_title = :v, biography = :v, website = :v,"
    " email = :v WHERE handle = 'olga-owner'",
    "UPDATE session SET network = :v, browser = :v",
    "UPDATE one_time_link SET name = :v, email = :v",
    "UPDATE media SET original_name = :v, alt = :v, content_type = :v",
    "UPDATE redirect SET target = :v, path = '/' || :v",
    "UPDATE autosave SET fields = :f",
    "UPDATE setting SET value = :v WHERE key IN ('site_name', 'section',"
    " 'title', 'tagline', 'description', 'footer', 'subscribe_title',"
    " 'subscribe_text', 'robots')",
)
FIELDS = ("title", "slug", "excerpt", "body", "category", "tags", "language",
          "canonical_url", "cover_path", "cover_alt", "kind", "version",
          "authors", "description", "direction", "series", "series_number",
          "pinned", "authors_shown", "author_ids", "category_shown",
          "tags_shown", "series_shown")


def store(value):
    """A blog that has `value` everywhere."""
    fields = urllib.parse.urlencode({
        "key": "k", **dict.fromkeys(FIELDS, value), "version": "1"})
    for statement in STORED:
        rewrite_named(statement, v=value, f=fields)


def rewrite_named(sql, **values):
    with contextlib.closing(sqlite3.connect(
            the_desk().site.database, 20)) as database:
        with database:
            return database.execute(sql, values).rowcount


def make_things():
    """One of everything; the addresses of all pages that show any of it, for
    an owner and for nobody."""
    browser, site = the_browser(), the_desk().site
    number = browser.write("Title", "Body", tags="Tag", category="Category",
                           excerpt="Short", series="Series")
    browser.publish(number)
    article = "/desk/articles/%d" % number
    equal(browser.post(article + "/autosave", {
        "form_token": browser.form_token, "key": "k", "version": 2,
        "body": "Half a thought"}).status, 200, "an autosave")
    equal(browser.upload("file.bin", b"bytes", alt="Words").status, 303,
          "a file")
    equal(browser.send("/desk/authors", "/desk/authors", name="Ida",
                       email="ida@blog.example").status, 200, "an invitation")
    invited = desk.new_secret()
    rewrite(site, "INSERT INTO one_time_link (token_hash, purpose, name, email,"
            " created_at, expires_at) VALUES (?, 'invitation', 'n', 'e',"
            " unixepoch(), unixepoch() + 9999)", desk.hash_of(invited))
    rewrite(site, "INSERT INTO redirect (path, target, created_at)"
            " VALUES ('/old', '/new', 1)")
    shared = browser.send(article + "/sharing", article + "/sharing")
    token = desk.note_secret(re.search(r"/desk/shared/([\w-]{43})",
                                       text_of(shared))[1])
    for key in ("site_name", "section", "title", "tagline", "description",
                "footer", "subscribe_title", "subscribe_text", "robots"):
        rewrite(site, "INSERT OR IGNORE INTO setting (key, value)"
                " VALUES (?, 'x')", key)
    ids = {"id": number, "version": 1, "part": "blog", "file": "none"}
    targets = [desk.put_into(route.pattern, **{**ids, "id": 1} if (
        "/articles/" not in route.pattern) else ids)
        for route in desk.routes() if route.method == "GET"
        and route.pattern not in ("/desk/shared/{token}", "/desk/setup")]
    targets += [article + more for more in (
        "?draft=k", "/revisions/2", "?said=saved", "?draft=k&preview=1")]
    targets += ["/desk/settings/" + part for part in (
        "reading", "addresses", "embedding", "navigation", "subscribing", "robots")]
    targets += ["/desk/articles?list=" + name for name in (
        "drafts", "published", "trash")]
    return targets, ["/desk/session", "/desk/shared/" + token, "/desk/nothing",
                     "/desk/invitation?token=" + invited, "/desk/reset"]


def all_pages(targets, foreign):
    """Every page for an owner, and some for whoever comes by."""
    stranger = made.setdefault("stranger", the_desk().browser())
    answers = [(target, the_browser().get(target)) for target in targets]
    answers += [(target, stranger.get(target)) for target in foreign]
    for target, answer in answers:
        assert answer.status < 500, "%s: %r" % (target, answer)
    return answers


def shape_of(answers):
    return [(target, answer.status, skeleton) for (target, answer), skeleton in
            zip(answers, skeletons([answer.body for _, answer in answers]))]


def test_15_stored_values_change_no_page():
    targets, foreign = make_things()
    store("harmless")
    harmless = shape_of(all_pages(targets, foreign))
    seen = sum(b"harmless" in answer.body
               for _, answer in all_pages(targets, foreign))
    assert len(harmless) > 35 and seen > 25, (len(harmless), seen)

    for payload in payloads():
        store(payload)
        for found, wanted in zip(shape_of(all_pages(targets, foreign)),
                                 harmless):
            if found[0].endswith("/codes"):
                continue  # a new picture each time
            equal(found, wanted, "with %r, a page" % payload)
    store("harmless")


def test_15_it_would_be_noticed():
    page = b"<p title='a'>text</p>"
    assert skeletons([page]) != skeletons([page.replace(b"text", b"<b>x</b>")])
    assert skeletons([page]) != skeletons([page.replace(b"'a'", b"'' x=''")])
    assert skeletons([b"<a href='javascript:alert(1)'>x</a>"])[0][0] == "!"


# ---- what is typed ----

def typed_pages(value):
    """Each form that comes back with what was typed, and each address that
    has something of it."""
    browser = the_browser()
    token = {"form_token": browser.form_token}
    article = "/desk/articles/%d" % made["number"]
    fields = dict.fromkeys(FIELDS[:-1], value)
    quoted = urllib.parse.quote(value, safe="")
    hold = "INSERT OR REPLACE INTO sign_in_failure VALUES ('network', ?, 9," \
        " unixepoch(), unixepoch() + 200)"
    rewrite(the_desk().site, hold, desk.hash_of("127.0.0.1"))
    stranger = made.setdefault("stranger", the_desk().browser())
    return [
        (409, browser.post(article, {**token, **fields, "version": 0,
                                     "slug": "", "language": "en",
                                     "canonical_url": "", "cover_path": "",
                                     "tags": "a", "title": value[:90]})),
        (422, browser.post(article, {**token, **fields, "version": 1,
                                     "slug": "No slug: " + value})),
        (422, browser.post("/desk/articles", {
            **token, **fields, "key": "k", "slug": "No slug: " + value})),
        (403, browser.post(article, {"form_token": "x", **fields})),
        (403, browser.post(article, {"form_token": "x", value: value,
                                     "x" + value: "y", "body": "z"})),
        (422, browser.post(article + "/publication", {
            **token, "action": "schedule", "published_at": value})),
        (422, browser.post("/desk/account", {
            **token, "name": "", "job_title": value, "biography": value,
            "website": value})),
        (422, browser.post("/desk/authors", {
            **token, "name": value, "email": value + " no", "role": "author"})),
        (422, browser.post("/desk/settings/reading", {
            **token, "per_page": value, "feed_size": value, "language": value,
            "date_style": value, "time_zone": value})),
        (422, browser.post("/desk/settings/redirects", {
            **token, "from": "no path " + value, "to": value})),
        (422, browser.post("/desk/settings/redirects/import", {
            **token, "lines": "one word\n" + value.replace("\n", " ")})),
        (422, browser.post("/desk/settings/tags/1", {
            **token, "name": "", "slug": value, "description": value})),
        (422, browser.post("/desk/media", {**token, "alt": value})),
        (429, stranger.post("/desk/session", {
            "form_token": stranger.form_token, "email": value, "to": value,
            "code": value})),
        *[(status, person.get(target + quoted)) for status, person, target in (
            (200, stranger, "/desk/session?to="), (404, stranger, "/desk/x"),
            (200, browser, "/desk/articles?q="),
            (200, browser, "/desk/articles?list="),
            (200, browser, "/desk/articles?page="),
            (200, browser, "/desk/media?q="),
            (200, browser, "/desk/settings/tags?q="),
            (200, browser, "/desk/settings/redirects?q="),
            (422, browser, "/desk/settings/tags/1/merge?into="),
            (200, browser, article + "?said="),
            (200, browser, article + "?draft="),
            (404, browser, "/desk/reset?token="))],
    ]


def elements_of(value):
    """The elements, with their attributes, of each page that comes of typing
    `value`; whether a script runs is one of them."""
    pages = typed_pages(value)
    for n, (status, answer) in enumerate(pages):
        # An address may be none at all, and what is harmless be taken.
        assert answer.status in (status, 400, 422) or (
            value in HARMLESS and answer.status < 500), "%d: %r, not %d" % (
                n, answer, status)
    return [set(re.findall("^!|<[^/>][^>]*>", skeleton)) for skeleton in
            skeletons([answer.body for _, answer in pages])]


# Nothing that could be taken for an element; in one way or another it is wrong
# in most fields.
HARMLESS = ("harmless", "what: is (wrong) in most fields", "", "en", "/a", "1",
            "a\nb", "words " * 60, "https://example.org/a")


def test_15_typed_values_change_no_page():
    made["number"] = the_browser().write("To be typed into", tags="Typed")
    known = [set().union(*sets) for sets in zip(*map(elements_of, HARMLESS))]
    assert all(len(one) > 10 for one in known), known

    for payload in payloads():
        for n, found in enumerate(elements_of(payload)):
            equal(found - known[n], set(), "typed %r, in page %d" % (
                payload, n))


desk.run(globals())
