#!/usr/bin/env python3
"""Long texts, which come in pieces before their form, and what a script of the desk
is told: from the socket, and through Apache with mod_fcgid at its default limits."""
import contextlib
import json
import re
import sys

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import AUTHOR, OTHER, OWNER, page_of, text_of
from harness import equal

PIECE = 96 << 10
LIMIT = 1 << 20

made = {}


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk()
    return made["desk"]


def a_browser(person=AUTHOR):
    if person not in made:
        made[person] = the_desk().browser(person)
    return made[person]


def put(browser, key, offset, piece):
    """Send a piece as the script does; the answer."""
    return browser.ask("/desk/pieces/%s?offset=%s" % (key, offset), "POST", piece,
                       CONTENT_TYPE="application/octet-stream",
                       HTTP_X_FORM_TOKEN=browser.form_token)


def put_all(browser, key, text, size=PIECE):
    data = text.encode()
    for offset in range(0, len(data), size):
        answer = put(browser, key, offset, data[offset:offset + size])
        equal((answer.status, json.loads(answer.body)),
              (200, {"size": min(offset + size, len(data))}), "a piece")


def script(browser, target, **fields):
    """Send a form as the script does; the status and what it is told."""
    answer = browser.post(target, fields, HTTP_X_FORM_TOKEN=browser.form_token)
    equal(answer["content-type"], "application/json; charset=utf-8", target)
    return answer.status, json.loads(answer.body)


def size_of(browser, key):
    """What is there, as a piece that comes too far behind is told."""
    answer = put(browser, key, LIMIT, b"")
    assert answer.status in (200, 409), answer.status
    return json.loads(answer.body)["size"]


def stored_body(number):
    return desk.rewrite(the_desk().site, "SELECT body FROM article"
                        " WHERE id = ?", number)[0][0]


def count_articles():
    return desk.rewrite(the_desk().site, "SELECT count(*) FROM article")[0][0]


# ---- pieces ----

# Two pieces, the first of which ends inside a character.
LONG = "Wörter, 言葉, 🙂. " * 6000


def test_text_in_pieces_is_saved_as_it_was():
    browser = a_browser()
    assert LONG.encode()[PIECE] & 0xc0 == 0x80
    put_all(browser, "whole", LONG)

    status, said = script(browser, "/desk/articles", title="Long",
                          body_piece="whole", key=desk.new_secret())

    equal((status, said["version"]), (200, 1), "saving")
    equal(stored_body(said["id"]), LONG, "what is stored")


def test_each_form_takes_its_text_from_pieces():
    browser = a_browser()
    number = browser.write("Short", "Short.")
    target = "/desk/articles/%d" % number
    put_all(browser, "each", "A *text*.\r\nIts second line.")

    status, said = script(browser, "/desk/preview", body_piece="each")
    equal((status, said["html"], said["words"]), (
        200, "<p>A <em>text</em>.\nIts second line.</p>\n", 5), "preview")
    equal(script(browser, target + "/autosave", body_piece="each", version=1,
                 key="of-pieces")[0], 200, "autosave")
    kept = desk.rewrite(the_desk().site, "SELECT fields FROM autosave"
                        " WHERE article_id = ?", number)[0][0]
    assert "&body=A%20%2Atext%2A.%0AIts%20second%20line.&" in kept, kept
    equal(stored_body(number), "Short.", "what is stored meanwhile")
    # As a browser sends a form, without the script.
    answer = browser.send(target, target, "save", body=None, body_piece="each")
    equal(answer.status, 303, "saving")
    equal(stored_body(number), "A *text*.\nIts second line.", "at last")
    status, said = script(browser, "/desk/articles/new/autosave",
                          body_piece="each", key=desk.new_secret())
    equal(status, 200, "a new draft")
    equal(stored_body(said["id"]), "A *text*.\nIts second line.", "of a draft")


def test_only_the_end_that_changed_is_sent_again():
    browser = a_browser()
    put_all(browser, "end", "one two three")

    equal(json.loads(put(browser, "end", 4, b"2").body), {"size": 5}, "size")

    equal(script(browser, "/desk/preview", body_piece="end")[1]["html"],
          "<p>one 2</p>\n", "what it is now")
    equal(json.loads(put(browser, "end", 3, b"").body), {"size": 3}, "cut")


def test_what_is_missing_is_said_and_sent_again():
    browser = a_browser()
    put(browser, "gap", 0, b"abc")

    answer = put(browser, "gap", 5, b"fgh")

    equal((answer.status, json.loads(answer.body)), (409, {"size": 3}), "a gap")
    equal(size_of(browser, "gap"), 3, "its size")
    equal(size_of(browser, "nothing"), 0, "of one that is not there")
    equal(put(browser, "gap", 3, b"de").status, 200, "going on")


def test_pieces_survive_a_restart():
    browser = a_browser()
    put_all(browser, "kept", "before ")
    the_desk().program.stop()
    the_desk().start()
    # Its socket is another one.
    for other in [made[person] for person in (AUTHOR, OTHER, OWNER)
                  if person in made]:
        other.place = the_desk().program

    equal(put(browser, "kept", 7, b"after").status, 200, "going on")

    equal(script(browser, "/desk/preview", body_piece="kept")[1]["html"],
          "<p>before after</p>\n", "both")


def test_pieces_that_cannot_be():
    browser = a_browser()
    before = count_articles()
    for key, offset, piece, status in (
            ("k", "-1", b"x", 400), ("k", "", b"x", 400), ("k", "1e3", b"x", 400),
            ("k", "9" * 30, b"x", 400), ("a%20b", 0, b"x", 400),
            ("k" * 65, 0, b"x", 400), ("k", LIMIT, b"x", 413),
            ("k", 0, b"x" * (LIMIT + 1), 413)):
        equal(put(browser, key, offset, piece).status, status,
              "%.20s at %s" % (key, offset))
    equal(size_of(browser, "k"), 0, "what is there")
    # What is no text, and what is not there at all.
    put(browser, "broken", 0, b"half \xc3")
    put(browser, "nul", 0, b"a\0b")
    for key in ("broken", "nul", "nobody-sent-it", "x" * 1000, "\x01"):
        status, said = script(browser, "/desk/articles", title="T",
                              body_piece=key, key=desk.new_secret())
        equal(status, 400, key)
        if "\x01" not in key:
            assert "did not arrive whole" in said["problem"], said
    equal(count_articles(), before, "articles")


def test_limits_of_what_is_kept():
    browser = a_browser()
    for number in range(6):
        put(browser, "many-%d" % number, 0, b"x")
    equal([size_of(browser, "many-%d" % number) for number in range(6)],
          [0, 0, 1, 1, 1, 1], "the last four")
    put_all(browser, "largest", "y" * LIMIT)
    equal(put(browser, "largest", LIMIT, b"y").status, 413, "one byte more")
    equal(size_of(browser, "largest"), LIMIT, "its size")
    desk.rewrite(the_desk().site, "UPDATE text_upload SET touched_at ="
                 " touched_at - 86401")
    put(browser, "new", 0, b"x")
    equal(desk.rewrite(the_desk().site, "SELECT key FROM text_upload"),
          [("new",)], "what is left after a day")


def test_pieces_are_their_authors_alone():
    mine, other = a_browser(AUTHOR), a_browser(OTHER)
    put(mine, "secret", 0, b"xylophonic")

    equal(size_of(other, "secret"), 0, "of another")
    equal(script(other, "/desk/preview", body_piece="secret")[0], 400, "shown")
    equal(put(other, "secret", 3, b"x").status, 409, "written into")
    put(other, "secret", 0, b"other")

    equal(script(mine, "/desk/preview", body_piece="secret")[1]["html"],
          "<p>xylophonic</p>\n", "mine")


def test_piece_needs_the_token():
    browser = a_browser()
    for token in (None, "", "x" * 32):
        answer = browser.ask("/desk/pieces/forged?offset=0", "POST", b"x",
                             CONTENT_TYPE="application/octet-stream",
                             HTTP_X_FORM_TOKEN=token)
        equal(answer.status, 403, "token %r" % token)
    equal(browser.ask("/desk/pieces/forged?offset=0", "POST", b"x",
                      CONTENT_TYPE="application/octet-stream",
                      HTTP_X_FORM_TOKEN=browser.form_token,
                      HTTP_SEC_FETCH_SITE="cross-site").status, 403, "site")
    equal(size_of(browser, "forged"), 0, "size")


def test_conflict_of_a_text_in_pieces_shows_both():
    browser = a_browser()
    number = browser.write("Two of them", "The first.")
    target = "/desk/articles/%d" % number
    page = browser.get(target)
    browser.revise(number, body="The second.")
    put_all(browser, "third", "The third.")

    answer = browser.send(page, target, "save", body=None, body_piece="third")

    equal(answer.status, 409, "saving")
    equal(page_of(answer).form(target, "save").fields["body"], "The third.",
          "what was typed")
    equal(stored_body(number), "The second.", "what is stored")


# ---- what a script is told ----

def test_script_is_told_what_is_stored():
    browser = a_browser()
    status, said = script(browser, "/desk/articles", title="Told so",
                          body="![](x.png) text", key=desk.new_secret())

    equal((status, said["version"], said["slug"]), (200, 1, "told-so"), "new")
    target = "/desk/articles/%d" % said["id"]
    told = script(browser, target, title="Told again", body="b", version=1,
                  tags="One, Two")[1]
    # When, as the clock of its author shows it.
    assert re.fullmatch(r"\d\d:\d\d", told.pop("at"))
    fields = dict(told.pop("fields"))
    equal((fields["version"], fields["tags_shown"]), ("2", "One, Two"),
          "what its form is to have")
    equal(told, {"id": said["id"], "version": 2, "slug": "told-so", "warnings": []},
          "changed")


def test_script_is_told_what_is_wrong():
    browser = a_browser()
    number = browser.write("Right", "Right.")
    target = "/desk/articles/%d" % number
    key = desk.new_secret()
    status, said = script(browser, target, title="x" * 10000, slug="No!",
                          body="b", version=1)
    equal((status, sorted(said["problems"])), (422, ["slug", "title"]), "form")
    status, said = script(browser, "/desk/articles/new/autosave",
                          title="x" * 10000, body="b", key=key)
    equal((status, said["version"]), (200, 1), "a draft is kept all the same")
    status, said = script(browser, target, title="T", body="b", version=7)
    equal(status, 409, "stale")
    status, said = script(browser, "/desk/articles/1000000", title="T", body="b")
    equal((status, said["signed_out"]), (404, False), "gone")
    equal(stored_body(number), "Right.", "what is stored")


def test_script_is_told_that_nobody_is_signed_in():
    browser = the_desk().browser(AUTHOR)
    number = browser.write("Right", "Right.")
    browser.sign_out()

    for target in ("/desk/articles/%d" % number, "/desk/articles",
                   "/desk/articles/%d/autosave" % number, "/desk/preview"):
        status, said = script(browser, target, title="T", body="b", version=1)
        equal((status, said["signed_out"]), (403, True), target)
    equal(json.loads(put(browser, "k", 0, b"x").body)["signed_out"], True, "k")
    # Somebody who may not is not told to sign in.
    status, said = script(a_browser(OTHER), "/desk/articles/%d" % number,
                          title="T", body="b", version=1)
    equal((status, said["signed_out"]), (403, False), "another author")


def test_script_is_told_that_the_database_is_locked():
    browser = a_browser()
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(contextlib.closing(
            desk.sqlite3.connect(the_desk().site.database,
                                 isolation_level=None)))
        database.execute("BEGIN IMMEDIATE")
        status, said = script(browser, "/desk/articles", title="T", body="b",
                              key=desk.new_secret())
    equal(status, 503, "locked")
    assert said["problem"].startswith("Busy just now."), said


def test_answer_that_was_lost_makes_no_second_article():
    """The first draft of a new article is stored, and its editor never hears of
    it: more of the text is a draft of the same one."""
    browser = a_browser()
    key = desk.new_secret()
    target = "/desk/articles/new/autosave"
    first = script(browser, target, title="T", body="One.", key=key)[1]
    before = count_articles()

    again = script(browser, target, title="T", body="One.", key=key)[1]
    more = script(browser, target, title="T", body="One. Two.", key=key)[1]

    equal((again["id"], more["id"], more["version"]),
          (first["id"], first["id"], first["version"]), "the article")
    equal(count_articles(), before, "articles")
    kept = desk.rewrite(the_desk().site, "SELECT fields FROM autosave"
                        " WHERE article_id = ?", first["id"])
    assert len(kept) == 1 and "&body=One.%20Two.&" in kept[0][0], kept


# ---- pages ----

def test_error_brings_back_all_of_a_form():
    """Without a script: whatever was in the form is sent again."""
    browser = the_desk().browser(AUTHOR)
    number = browser.write("Right", "Right.", language="de", excerpt="Old.")
    target = "/desk/articles/%d" % number
    page = browser.get(target)
    browser.cookies.pop("byline_session")
    answer = browser.send(page, target, "save", body="Typed <b>since</b>.",
                          language="fr", excerpt="", kind="page",
                          cover_alt='A "cat"')
    equal(answer.status, 403, "signed out")
    desk.sign_in_by_hand(the_desk().site, browser, AUTHOR)

    answer = browser.send(answer, target)

    equal(answer.status, 303, "sent again")
    equal(desk.rewrite(
        the_desk().site, "SELECT body, language, summary, kind, cover_alt"
        " FROM article WHERE id = ?", number),
        [("Typed <b>since</b>.", "fr", "", "page", 'A "cat"')], "stored")


def test_preview_of_a_new_article_is_an_empty_page():
    answer = a_browser().get("/desk/articles/new/preview")

    equal(answer.status, 200, "preview")
    assert re.search(r'<div class="prose e-content">\s*</div>',
                     text_of(answer)), answer
    assert "frame-ancestors 'self'" in answer["content-security-policy"]


# ---- through a web server with limits ----

def without_limits(text):
    return re.sub(r"(?m)^\s*(FcgidMaxRequestLen|LimitRequestBody) .*\n", "",
                  text)


def test_mod_fcgid_at_its_default_limits():
    site = desk.new_site()
    server = web.Server("apache_fcgid", site, edit=without_limits)
    browser = desk.Browser(server)
    browser.get("/desk/session")
    desk.sign_in_by_hand(site, browser, OWNER)
    text = LONG + "The end."
    assert len(text.encode()) > 128 << 10

    answer = browser.post("/desk/articles", {
        "form_token": browser.form_token, "title": "T", "body": text})
    assert answer.status in (413, 500), answer
    put_all(browser, "limited", text)
    status, said = script(browser, "/desk/articles", title="T",
                          body_piece="limited", key=desk.new_secret())

    equal(status, 200, "saving")
    equal(desk.rewrite(site, "SELECT id, body FROM article"),
          [(said["id"], text)], "stored")
    server.stop()


desk.run(globals())
