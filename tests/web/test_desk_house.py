#!/usr/bin/env python3
"""Keeping house at the desk: accounts that are switched off, each author's own time
zone, and all that was written, to take along."""
import io
import os
import re
import subprocess
import sys
import tarfile
import time

sys.dont_write_bytecode = True
import desk
import harness as web
import tracing
from desk import AUTHOR, EDITOR, OWNER, page_of, rewrite, text_of
from harness import equal

made = {}


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk()
    return made["desk"]


def query(sql, *values):
    return desk.rewrite(the_desk().site, sql, *values)


def author_id(person):
    return query("SELECT id FROM author WHERE handle = ?", person.handle)[0][0]


# ---- accounts that are switched off ----

def access(browser, person, action):
    """Send what the buttons of the authors page send."""
    return browser.post("/desk/authors/%d/access" % author_id(person), {
        "form_token": browser.form_token, "action": action})


def test_31_a_closed_account_is_out_while_it_writes():
    """What it sends then is refused and comes back whole; switched on, it
    goes through from there. What was published stays."""
    owner, writer = the_desk().browser(OWNER), the_desk().browser(AUTHOR)
    number = writer.write("Before the end")
    writer.publish(number)
    target = "/desk/articles/%d" % number
    editor = writer.get(target)

    said = owner.follow(owner.send("/desk/authors", "/desk/authors/%d/access"
                                   % author_id(AUTHOR), "close"))
    assert "Switched off." in text_of(said), said
    assert "Switch on the account of" in text_of(said), "no way back"
    for _ in range(5):
        answer = writer.send(editor, target, "save", body="Of the last minute.")
        equal(answer.status, 403, "saving")
        assert "Of the last minute." in text_of(answer), answer
        assert "take a copy" in text_of(answer), answer
    script = writer.post(target + "/autosave", {
        "form_token": writer.form_token, "body": "x"}, HTTP_ACCEPT=
        "application/json")
    equal(script.status, 403, "a script")
    equal(query("SELECT status FROM article WHERE id = ?", number),
          [("published",)], "its article")
    equal(query("SELECT count(*) FROM session WHERE author_id = ?",
                author_id(AUTHOR)), [(0,)], "sessions")

    equal(access(owner, AUTHOR, "open").status, 303, "switching on")
    assert not writer.is_signed_in(), "an old session lives again"
    desk.sign_in_by_hand(the_desk().site, writer, AUTHOR)
    equal(writer.send(answer, target).status, 303, "sending it again")
    equal(query("SELECT body FROM article WHERE id = ?", number),
          [("Of the last minute.",)], "what is stored")


def test_31_who_is_not_switched_off():
    owner = the_desk().browser(OWNER)

    answer = access(owner, OWNER, "close")
    equal(answer.status, 422, "oneself")
    assert "your own account" in text_of(answer), answer
    equal(access(owner, AUTHOR, "burn").status, 400, "another word")
    for action in ("close", "close", "open", "open"):
        equal(access(owner, EDITOR, action).status, 303, action)
    equal(owner.post("/desk/authors/4711/access", {
        "form_token": owner.form_token, "action": "close"}).status, 404,
        "nobody")
    assert owner.is_signed_in()
    equal(query("SELECT count(*) FROM author WHERE disabled_at > 0"), [(0,)],
          "closed")


# ---- an author's own time zone ----

def set_zone(browser, name):
    return browser.send("/desk/account", "/desk/account", time_zone=name)


def schedule(browser, number, when):
    target = "/desk/articles/%d/publication" % number
    return browser.send(target, target, "schedule", published_at=when)


def test_zone_of_an_author_is_shown_and_read():
    """In New York it is four hours before UTC in summer and five in winter."""
    writer = the_desk().browser(AUTHOR)
    number = writer.write("In time")
    target = "/desk/articles/%d/publication" % number
    assert "In the time zone of the blog, UTC." in text_of(writer.get(target))
    equal(set_zone(writer, "America/New_York").status, 303, "the zone")
    assert 'value="America/New_York"' in writer.get(
        "/desk/account").body.decode(), "it stands in the field"

    assert "In your time zone, America/New_York." in text_of(
        writer.get(target)), "the zone beside the field"
    for when, utc in (("2031-07-01T14:00", "2031-07-01 18:00:00"),
                      ("2031-01-15T14:00", "2031-01-15 19:00:00"),
                      ("2031-07-01 14:00+02:00", "2031-07-01 12:00:00")):
        equal(schedule(writer, number, when).status, 303, when)
        equal(query("SELECT datetime(published_at, 'unixepoch') FROM article"
                    " WHERE id = ?", number), [(utc,)], when)
    page = writer.get(target)
    assert 'value="2031-07-01T08:00"' in page.body.decode(), text_of(page)
    assert "July 1, 2031, 08:00" in text_of(page), text_of(page)
    assert "July 1, 2031, 08:00" in text_of(
        writer.get("/desk/articles?list=scheduled")), "in the list"
    assert "July 1, 2031, 12:00" in text_of(the_desk().browser(OWNER).get(
        "/desk/articles?list=scheduled")), "in the owner's list"
    assert '-04:00"' in writer.get("/desk/account").body.decode() or \
        '-05:00"' in writer.get("/desk/account").body.decode(), "sessions"


def test_zone_where_the_clocks_change():
    writer = the_desk().browser(AUTHOR)
    number = writer.write("When clocks change")
    set_zone(writer, "America/New_York")

    answer = schedule(writer, number, "2031-03-09T02:30")
    equal(answer.status, 422, "a time that is skipped")
    assert "There is no such time" in text_of(answer), text_of(answer)
    assert 'value="2031-03-09T02:30"' in answer.body.decode(), "what was typed"
    equal(query("SELECT status FROM article WHERE id = ?", number),
          [("draft",)], "what is stored")

    answer = schedule(writer, number, "2031-11-02T01:30")
    equal(answer.status, 303, "a time that is there twice")
    assert "show that time twice" in text_of(writer.follow(answer)), "no word"
    equal(query("SELECT datetime(published_at, 'unixepoch') FROM article"
                " WHERE id = ?", number), [("2031-11-02 05:30:00",)], "first")


def test_zone_that_is_none():
    writer = the_desk().browser(AUTHOR)
    for name in ("Mars/Olympus", "UTC+3", "../UTC", "europe/berlin",
                 "<b>", "Europe/Berlin\n"):
        answer = writer.send("/desk/account", "/desk/account", time_zone=name,
                             job_title="Kept when wrong")
        equal(answer.status, 422, repr(name))
        assert "There is no zone of that name" in text_of(answer), answer
        assert "Kept when wrong" in answer.body.decode(), "what was typed"
    equal(query("SELECT count(*) FROM author WHERE job_title <> ''"), [(0,)],
          "half of it was saved")
    equal(set_zone(writer, "").status, 303, "none")
    assert "In the time zone of the blog" in text_of(writer.get(
        "/desk/articles/%d/publication" % writer.write("Blog's"))), "the blog's"


def test_zone_is_not_that_of_readers():
    writer = the_desk().browser(AUTHOR)
    set_zone(writer, "Pacific/Kiritimati")
    number = writer.write("A day ahead")
    writer.publish(number, published_at="2026-05-30T02:00")

    preview = writer.get("/desk/articles/%d/preview" % number)

    assert "May 29, 2026" in text_of(preview), text_of(preview)
    set_zone(writer, "")


# ---- export ----

def archive_of(answer):
    equal(answer.status, 200, "the archive")
    equal(answer["content-type"], "application/x-tar", "type")
    equal(int(answer["content-length"]), len(answer.body), "size")
    assert re.fullmatch(r'attachment; filename="blog-[0-9-]{10}\.tar"',
                        answer["content-disposition"]), answer
    with tarfile.open(fileobj=io.BytesIO(answer.body)) as opened:
        return {member.name: opened.extractfile(member).read()
                for member in opened}


def memory_of(pid):
    """Bytes that the process has to itself."""
    with open("/proc/%d/status" % pid) as lines:
        return next(int(line.split()[1]) << 10 for line in lines
                    if line.startswith("RssAnon"))


def export(browser, files):
    return browser.post("/desk/settings/export", {
        "form_token": browser.form_token, "files": files})


def test_export_is_all_that_was_written():
    owner = the_desk().browser(OWNER)
    owner.write("To be taken along", "Text *as typed*.\r\n", tags="one, two")
    name = "%s-a.bin" % desk.new_secret()[:16]
    content = os.urandom(3 << 20)
    (the_desk().site.path / "media" / name).write_bytes(content)
    query("INSERT INTO media (path, original_name, content_type, size,"
          " created_at) VALUES (?, 'a.bin', 'application/octet-stream', ?, 1)",
          name, len(content))
    page = owner.get("/desk/settings/export")
    assert "With files (1 file, 3.1" in text_of(page), text_of(page)

    whole = archive_of(export(owner, "true"))
    texts = archive_of(export(owner, "false"))

    assert whole["media/" + name] == content, "the file"
    assert set(whole) - set(texts) == {"media/" + name}, set(whole) - set(texts)
    article = texts["articles/to-be-taken-along.md"].decode()
    assert article.endswith("---\nText *as typed*.\r\n") or \
        article.endswith("---\nText *as typed*.\n"), article
    assert 'draft: true' in article and '  - "two"\n' in article, article
    for secret in ("argon2", owner.cookies["byline_session"]):
        assert secret.encode() not in b"".join(texts.values()), secret
    equal(sorted(path.name for path in the_desk().site.path.iterdir()
                 if "export" in path.name), [], "left in the site")


def test_export_keeps_memory_flat_and_others_served():
    """An archive of 200 MB, of which a slow visitor reads a little."""
    owner = the_desk().browser(OWNER)
    name = "%s-large.bin" % desk.new_secret()[:16]
    with open(the_desk().site.path / "media" / name, "wb") as file:
        file.truncate(200 << 20)
    query("INSERT INTO media (path, original_name, content_type, size,"
          " created_at) VALUES (?, 'l', 'application/octet-stream', 1, 1)", name)
    request = web.fastcgi_request(
        "/desk/settings/export", "POST", desk.encode(
            {"form_token": owner.form_token, "files": "true"}),
        CONTENT_TYPE=desk.FORM, HTTP_HOST="blog.example",
        HTTP_SEC_FETCH_SITE="same-origin", HTTP_COOKIE="; ".join(
            "%s=%s" % pair for pair in owner.cookies.items()))
    with web.connect(the_desk().program.socket) as slow:
        slow.settimeout(60)
        slow.sendall(request)
        got = slow.recv(65536)
        assert b"application/x-tar" in got, got[:300]
        for _ in range(8):
            assert owner.is_signed_in(), "others wait"
        most = max(memory_of(pid) for pid in the_desk().program.workers())
        size = len(got)
        while piece := slow.recv(1 << 20):
            size += len(piece)
    assert size > 200 << 20, size
    assert most < 100 << 20, most


def add_large(site, count, size):
    """Files without a row elsewhere, of zeros that take no room."""
    for number in range(count):
        name = "%s-%d.bin" % (desk.new_secret()[:16], number)
        with open(site.path / "media" / name, "wb") as file:
            file.truncate(size)
        desk.rewrite(site, "INSERT INTO media (path, original_name, content_type,"
                     " size, created_at) VALUES (?, 'l',"
                     " 'application/octet-stream', 1, 1)", name)


def impatient_desk():
    if "impatient" not in made:
        made["impatient"] = desk.Desk(fastcgi__request_seconds="1")
    return made["impatient"]


def test_export_may_take_longer_than_a_page():
    """Each file of it comes in time, and all of them do not."""
    place = impatient_desk()
    owner = place.browser(OWNER)
    add_large(place.site, 12, 1)
    owner.form_token
    with tracing.traced(place.program, ("openat",), "-e",
                        "inject=openat:delay_enter=200000"):
        began_at = time.monotonic()
        whole = archive_of(export(owner, "true"))
        lasted = time.monotonic() - began_at
    assert lasted > 2, lasted
    assert sum(name.startswith("media/") for name in whole) >= 12, whole.keys()


def test_export_as_cgi_waits_for_a_slow_reader():
    """One who takes a little every now and then, for longer than the process
    would live if it was silent."""
    place = impatient_desk()
    owner = place.browser(OWNER)
    add_large(place.site, 1, 4 << 20)
    body = desk.encode({"form_token": owner.form_token, "files": "true"})
    process = web.start(
        [web.programs / "desk.fcgi"], web.work / "slow export log",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=web.environment(
            **web.variables(
                "/desk/settings/export", "POST", CONTENT_TYPE=desk.FORM,
                CONTENT_LENGTH=str(len(body)), HTTP_HOST="blog.example",
                HTTP_SEC_FETCH_SITE="same-origin", HTTP_COOKIE="; ".join(
                    "%s=%s" % pair for pair in owner.cookies.items())),
            BYLINE_SITE=str(place.site.path)))
    process.stdin.write(body if isinstance(body, bytes) else body.encode())
    process.stdin.close()

    began_at, output = time.monotonic(), b""
    while piece := os.read(process.stdout.fileno(), 32768):
        output += piece
        time.sleep(0.08)

    assert time.monotonic() - began_at > 8, "it was not slow"
    archive_of(web.cgi_answer(output))
    equal(web.stop(process), 0, "exit code")


# ---- the theme ----

def test_theme_is_told_of_and_notes_are_the_owners():
    owner = the_desk().browser(OWNER)
    target = "/desk/settings/theme"
    assert "There is no theme" in text_of(owner.get(target))
    theme = the_desk().site.path / "theme"
    for name, text in (
            ("site/article.html", "{{%AUTOESCAPE context=\"HTML\"}}\n{{#X"),
            ("site/artikel.html", "x"), ("static/style.css", "a{}"), ("static/a.svg", "x"),
            ("static/<b>.svg", "x")):
        (theme / name).parent.mkdir(parents=True, exist_ok=True)
        (theme / name).write_text(text)

    text = text_of(owner.get(target))
    for words in ("theme/site/article.html takes the place of ours",
                  "theme/site/artikel.html is no template of ours",
                  "theme/static/style.css takes the place of ours",
                  "theme/static/a.svg is a file of its own",
                  "theme/static/&lt;b&gt;.svg does nothing",
                  "article.html, line 2:", "Ours serves instead."):
        assert words in text, (words, text)

    equal(owner.send(target, target, theme_notes="From <b>a friend</b>,\n2026"
                     ).status, 303, "saving")
    assert "From &lt;b&gt;a friend" in owner.get(target).body.decode()
    answer = owner.send(target, target, theme_notes="x" * 8001)
    equal(answer.status, 422, "too long")
    assert "x" * 8001 in answer.body.decode(), "what was typed"


# ---- robots ----

def test_crawlers_of_models_are_kept_out_beside_what_was_typed():
    owner = the_desk().browser(OWNER)
    target = "/desk/settings/robots"

    def keep_out(typed):
        equal(owner.send(target, target, "keep-models-out", robots=typed).status,
              303, "saving")
        stored = rewrite(the_desk().site,
                         "SELECT value FROM setting WHERE key = 'robots'")[0][0]
        equal(stored.count("User-agent: GPTBot\n"), 1, stored)
        assert stored.endswith("User-agent: Timpibot\nDisallow: /"), stored
        return stored

    usual = keep_out("")
    assert "/sitemap.xml\n\nUser-agent: AI2Bot\n" in usual, usual
    assert usual.startswith("User-agent: *\nDisallow: %s/desk\n"
                            % owner.base), usual
    equal(keep_out(usual), usual, "pressed twice")
    equal(keep_out(usual.replace("\n", "\r\n")), usual, "as a browser sends it")
    typed = "User-agent: *\nDisallow: /private\n\nSitemap: https://b.example/map.xml"
    assert keep_out(typed).startswith(typed + "\n\n"), "what was typed stays"


desk.run(globals())
