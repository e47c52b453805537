#!/usr/bin/env python3
"""Files that come in pieces: from the socket, over a killed worker and a restart, and
through nginx and Apache with mod_fcgid at their default limits."""
import concurrent.futures
import fcntl
import json
import os
import re
import sys
import time

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import AUTHOR, OTHER, OWNER
from harness import equal
from tracing import calls_of, index_of, syncs

PIECE = 96 << 10
LIMIT = 10 << 20

made = {}


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk()
    return made["desk"]


def a_browser(person=AUTHOR):
    if person not in made:
        made[person] = the_desk().browser(person)
    return made[person]


def restart():
    the_desk().stop()
    the_desk().start()
    for person in (AUTHOR, OTHER, OWNER):
        if person in made:
            made[person].place = the_desk().program


def told(answer):
    equal(answer["content-type"], "application/json; charset=utf-8", "type")
    return answer.status, json.loads(answer.body)


def begin(browser, key, size, name="notes.bin", **variables):
    return told(browser.post("/desk/uploads", {
        "key": key, "name": name, "size": size},
        **{"HTTP_X_FORM_TOKEN": browser.form_token, **variables}))


def put(browser, key, offset, piece, **variables):
    """Send a piece as the script does."""
    return told(browser.ask(
        "/desk/uploads/%s?offset=%s" % (key, offset), "POST", piece,
        **{"CONTENT_TYPE": "application/octet-stream",
           "HTTP_X_FORM_TOKEN": browser.form_token, **variables}))


def end(browser, key, **fields):
    return told(browser.post("/desk/uploads/%s/end" % key, fields,
                             HTTP_X_FORM_TOKEN=browser.form_token))


def come(browser, key):
    """How much is there: what a piece of nothing is answered with."""
    return put(browser, key, 0, b"")


def send_all(browser, key, content, name="notes.bin", at=0):
    """From byte `at` on; what is said of the whole."""
    equal(begin(browser, key, len(content), name), (200, {"size": at}), "begun")
    while at < len(content):
        piece = content[at:at + PIECE]
        at += len(piece)
        equal(put(browser, key, at - len(piece), piece), (200, {"size": at}),
              "a piece")
    return end(browser, key)


def path_of(said):
    """Where an article finds the file."""
    return re.search(r"\]\((/media/[^)]+)\)$", said["markdown"])[1]


def file_at(site, said):
    return (site.path / path_of(said).lstrip("/")).read_bytes()


def unfinished():
    return sorted(path.name for path in (the_desk().site.path /
                                         "uploads").glob("*"))


CONTENT = bytes(os.urandom(300_000))


# ---- pieces ----

def test_file_in_pieces_is_what_was_sent():
    status, said = send_all(a_browser(), "whole", CONTENT, "My [Notes].bin")

    equal(status, 200, "the end")
    assert re.fullmatch(
        r"\[My \\\[Notes\\\]\.bin\]\(/media/[0-9a-f]{16}-my-notes\.bin\)",
        said["markdown"]), said
    equal(said["name"], "My [Notes].bin", "its name")
    equal(file_at(the_desk().site, said), CONTENT, "the file")
    equal(desk.rewrite(the_desk().site, "SELECT handle FROM media m JOIN author a"
                       " ON a.id = m.uploaded_by WHERE m.id = ?", said["id"]),
          [(AUTHOR.handle,)], "whose it is")
    equal(unfinished(), [], "what is left")


def test_image_in_pieces_is_made_anew():
    """As one that a form brings: without what it tells, in other sizes."""
    if not (web.programs / "byline-image").exists():
        raise web.suite.Skip("built without images")
    from test_desk_media import png
    content = png(600, 300)
    content = content[:-12] + b"hidden away" + content[-12:]

    status, said = send_all(a_browser(), "image", content, "A view.png")

    equal(status, 200, "the end")
    assert said["markdown"].startswith("![](/media/"), said
    assert b"hidden away" not in file_at(the_desk().site, said)
    equal(desk.rewrite(the_desk().site, "SELECT count(*) > 0 FROM media_variant"
                       " WHERE media_id = ?", said["id"]), [(1,)], "sizes")


def test_what_cannot_be_taken_is_said_in_words():
    browser = a_browser()
    content = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0"

    status, said = send_all(browser, "damaged", content, "half.png")

    equal(status, 422, "the end")
    assert said["problem"].startswith("half.png "), said
    equal(unfinished(), [], "what is left")
    equal(come(browser, "damaged")[0], 404, "of it")


def test_wrong_offset_is_told_the_right_one():
    browser = a_browser()
    begin(browser, "gap", 9)
    put(browser, "gap", 0, b"abc")

    equal(put(browser, "gap", 5, b"fgh"), (409, {"size": 3}), "a gap")
    equal(come(browser, "gap"), (200, {"size": 3}), "asked")
    equal(end(browser, "gap"), (409, {"size": 3}), "too early")

    equal(put(browser, "gap", 3, b"defghi"), (200, {"size": 9}), "going on")
    status, said = end(browser, "gap")
    equal((status, file_at(the_desk().site, said)), (200, b"abcdefghi"), "")


def test_pieces_that_come_twice_are_harmless():
    browser = a_browser()
    begin(browser, "twice", 9)
    for offset, piece, size in ((0, b"abc", 3), (0, b"abc", 3), (2, b"cdef", 6),
                                (1, b"bc", 6), (4, b"efghi", 9), (0, b"", 9)):
        equal(put(browser, "twice", offset, piece), (200, {"size": size}),
              "%r at %d" % (piece, offset))

    said = end(browser, "twice")
    again = end(browser, "twice")

    equal(file_at(the_desk().site, said[1]), b"abcdefghi", "the file")
    equal(again, said, "the end twice")
    equal(put(browser, "twice", 0, b"abc"), (200, {"size": 9}), "a late piece")
    equal(begin(browser, "twice", 9), (200, {"size": 9}), "begun again")


def test_ends_at_once_are_one_file():
    """Nobody is waited for by a worker: whoever is too early is told so in words,
    as the script needs it to try again, and then gets what the first one got."""
    browsers = [the_desk().browser(AUTHOR) for _ in range(6)]
    content = os.urandom(700)
    begin(browsers[0], "ends", len(content))
    put(browsers[0], "ends", 0, content)
    part, = (the_desk().site.path / "uploads").glob("*.part")
    with open(part, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        status, said = end(browsers[0], "ends")
    equal(status, 503, "too early")
    assert "notes.bin cannot be taken just now" in said["problem"], said

    def bring(browser):
        while True:
            status, said = end(browser, "ends")
            if status != 503:
                return status, said["id"]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(bring, browsers))

    equal([status for status, _ in answers], [200], "%s" % answers)
    equal(desk.rewrite(the_desk().site, "SELECT count(*) FROM media"
                       " WHERE size = 700"), [(1,)], "files")


def test_pieces_at_once_are_one_file():
    """Two pages send the same file: whoever is told to wait tries again."""
    browsers = [the_desk().browser(AUTHOR) for _ in range(3)]
    content = CONTENT[:200_000]
    begin(browsers[0], "raced", len(content))

    def send(browser):
        at = 0
        while at < len(content):
            status, said = put(browser, "raced", at, content[at:at + 5000])
            assert status in (200, 409, 503), status
            at = said.get("size", at)
        while True:
            status, said = end(browser, "raced")
            if status != 503:
                return status, said

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        ends = list(pool.map(send, browsers))

    equal([status for status, _ in ends], [200] * 3, "ends")
    equal(len({said["id"] for _, said in ends}), 1, "files")
    equal(file_at(the_desk().site, ends[0][1]), content, "the file")


# ---- going on ----

def test_upload_goes_on_after_a_restart():
    browser = a_browser()
    begin(browser, "kept", len(CONTENT))
    put(browser, "kept", 0, CONTENT[:PIECE])
    restart()

    status, said = send_all(browser, "kept", CONTENT, at=PIECE)

    equal((status, file_at(the_desk().site, said)), (200, CONTENT), "the file")


def test_each_acknowledged_piece_survives_a_kill():
    """A worker is killed at any moment: what was acknowledged is there, and the
    file is in the end what was sent."""
    browser = a_browser()
    desks = the_desk()
    begin(browser, "killed", len(CONTENT))
    at, kills = 0, 0
    while at < len(CONTENT):
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            sent = pool.submit(put, browser, "killed", at,
                               CONTENT[at:at + 20_000])
            if kills < 8:
                time.sleep(0.0015 * kills)
                web.stop(desks.program.process, number=web.signal.SIGKILL)
                kills += 1
            try:
                status, said = sent.result()
                acknowledged = said["size"] if status == 200 else at
            except Exception:  # whatever a connection says that is cut
                acknowledged = at
        if kills <= 8 and desks.program.process.poll() is not None:
            desks.start()
            browser.place = desks.program
            for person in (OTHER, OWNER):
                if person in made:
                    made[person].place = desks.program
        status, said = come(browser, "killed")
        equal(status, 200, "after a kill")
        assert said["size"] >= acknowledged, (said, acknowledged)
        at = said["size"]

    status, said = end(browser, "killed")
    equal((status, file_at(desks.site, said)), (200, CONTENT), "the file")
    desk.assert_whole(desks.site)


# ---- limits ----

def test_each_acknowledged_piece_survives_a_power_cut():
    """Its bytes are on the disk, and the names that lead to them."""
    browser, uploads = a_browser(), the_desk().site.path / "uploads"
    for path in uploads.glob("*"):
        path.unlink()
    uploads.rmdir()
    begin(browser, "lasting", len(CONTENT))
    for offset in (0, PIECE):
        with calls_of(the_desk().program) as calls:
            put(browser, "lasting", offset, CONTENT[offset:offset + PIECE])

        name, = uploads.glob("*.part")
        written = index_of(calls, syncs(name))
        if offset == 0:
            index_of(calls, syncs(uploads), written)
            index_of(calls, syncs(uploads.parent))


def test_what_is_too_large():
    browser = a_browser()
    status, said = begin(browser, "large", LIMIT + 1)
    equal(status, 413, "in all")
    assert "larger than 10 MB" in said["problem"], said
    equal(come(browser, "large")[0], 404, "it was not begun")
    equal(begin(browser, "large", LIMIT)[0], 200, "the largest")
    status, said = put(browser, "large", 0, b"x" * (PIECE + 1))
    equal(status, 413, "a piece")
    assert "96 KB" in said["problem"], said
    begin(browser, "short", 3)
    status, said = put(browser, "short", 0, b"abcd")
    equal(status, 413, "more than was said")
    assert "longer than was said" in said["problem"], said
    equal(come(browser, "short"), (200, {"size": 0}), "nothing of it")


def test_what_cannot_be():
    browser = a_browser()
    status, said = begin(browser, "k", 0, "none.bin")
    equal((status, said["problem"]), (422, "none.bin is empty."), "no bytes")
    for key, size in (("k", -1), ("k", ""), ("k", "1e3"), ("", 3),
                      ("a b", 3), ("k" * 65, 3), ("\u00e9", 3)):
        equal(begin(browser, key, size)[0], 400, "%r, %r bytes" % (key, size))
    begin(browser, "k", 3)
    for offset in ("-1", "", "1e3", "9" * 30):
        equal(put(browser, "k", offset, b"x")[0], 400, offset)
    for key in ("nobody-began-it", "x" * 1000):
        equal(put(browser, key, 0, b"x")[0], 404, key)
        equal(come(browser, key)[0], 404, key)
        equal(end(browser, key)[0], 404, key)


def test_an_author_has_a_few_unfinished_ones():
    browser = a_browser()
    for number in range(9):
        begin(browser, "many-%d" % number, 3)
        put(browser, "many-%d" % number, 0, b"x")
    equal([come(browser, "many-%d" % number)[0] for number in range(9)],
          [404] + [200] * 8, "the last eight")
    equal(len(unfinished()), 8, "files")


def test_what_was_never_finished_is_swept():
    """After a day, by `byline work` and when the desk starts."""
    browser = a_browser()
    site = the_desk().site
    for sweep in (lambda: site.tool("work", "--once"), restart):
        begin(browser, "old", 3)
        put(browser, "old", 0, b"x")
        desk.rewrite(site, "UPDATE file_upload SET begun_at = begun_at - 86401")
        orphan = site.path / "uploads" / "orphan.part"
        orphan.write_bytes(b"x")
        web.give(orphan)
        os.utime(orphan, (time.time() - 86500,) * 2)

        sweep()

        equal(unfinished(), [], "files")
        equal(desk.rewrite(site, "SELECT key FROM file_upload"), [], "rows")


# ---- who ----

def test_uploads_are_their_authors_alone():
    mine, other = a_browser(AUTHOR), a_browser(OTHER)
    begin(mine, "secret", 9)
    put(mine, "secret", 0, b"xylo")

    equal(come(other, "secret")[0], 404, "of another")
    equal(put(other, "secret", 4, b"x")[0], 404, "written into")
    equal(end(other, "secret")[0], 404, "ended")
    begin(other, "secret", 9)
    put(other, "secret", 0, b"other")

    equal(come(mine, "secret"), (200, {"size": 4}), "mine")


def test_each_step_needs_the_token():
    browser = a_browser()
    begin(browser, "forged", 3)
    for variables in ({"HTTP_X_FORM_TOKEN": None}, {"HTTP_X_FORM_TOKEN": ""},
                      {"HTTP_X_FORM_TOKEN": "x" * 32},
                      {"HTTP_SEC_FETCH_SITE": "cross-site"},
                      {"HTTP_SEC_FETCH_SITE": None,
                       "HTTP_ORIGIN": "http://evil.example"}):
        sent = {"HTTP_X_FORM_TOKEN": browser.form_token, **variables}
        for target, body in (("/desk/uploads", b"key=other&name=n&size=3"),
                             ("/desk/uploads/forged?offset=0", b"abc"),
                             ("/desk/uploads/forged/end", b"")):
            equal(browser.ask(target, "POST", body, **sent).status, 403,
                  "%s with %s" % (target, variables))
    equal(come(browser, "forged"), (200, {"size": 0}), "nothing of it")
    equal(come(browser, "other")[0], 404, "nor begun")


def test_who_is_signed_out_is_told_so():
    browser = the_desk().browser(AUTHOR)
    begin(browser, "gone", 3)
    browser.sign_out()

    for status, said in (begin(browser, "gone", 3),
                         put(browser, "gone", 0, b"abc"), end(browser, "gone")):
        equal((status, said["signed_out"]), (403, True), "signed out")
    desk.sign_in_by_hand(the_desk().site, browser, AUTHOR)

    equal(put(browser, "gone", 0, b"abc"), (200, {"size": 3}), "again")


# ---- through a web server with limits ----

def without_limits(text):
    return re.sub(r"(?m)^\s*(FcgidMaxRequestLen|LimitRequestBody|"
                  r"client_max_body_size) .*\n", "", text)


def send_through(name, content):
    """Two megabytes; the programs are new in the middle of it."""
    site = desk.new_site()
    programs = [] if name == "apache_fcgid" else [
        web.Program(site), web.Program(site, name="desk.fcgi")]
    server = web.Server(name, site, *programs[:1], edit=without_limits,
                        desk=programs[1] if programs else None)
    browser = desk.Browser(server)
    browser.get("/desk/session")
    desk.sign_in_by_hand(site, browser, OWNER)

    # A form does not get through.
    assert browser.upload("a.bin", content).status in (413, 500), name
    half = len(content) // 2
    equal(begin(browser, "through", len(content)), (200, {"size": 0}), name)
    for at in range(0, half, PIECE):
        equal(put(browser, "through", at, content[at:at + PIECE])[0], 200, name)
    equal(put(browser, "through", half + PIECE, b"x")[0], 409, name)
    server.stop()
    server = web.Server(name, site, *programs[:1], edit=without_limits,
                        desk=programs[1] if programs else None)
    browser.place = server
    at = come(browser, "through")[1]["size"]
    assert at >= half, at
    status, said = send_all(browser, "through", content, at=at)

    equal((status, file_at(site, said)), (200, content), name)
    equal(server.fetch(path_of(said)).body, content, "for readers, " + name)
    server.stop()


def test_nginx_at_its_default_limits():
    send_through("nginx", os.urandom(2_000_001))


def test_mod_fcgid_at_its_default_limits():
    send_through("apache_fcgid", os.urandom(2_000_001))


desk.run(globals())
