#!/usr/bin/env python3
"""Whose frames may stand in articles, as an owner sets it at the desk: what is saved
and what readers' browsers are told follow it, behind a real web server."""
import sys

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import AUTHOR, EDITOR, OWNER, Browser, page_of, text_of
from harness import Program, Server, equal

TARGET = "/desk/settings/embedding"
BODY = 'See: <iframe src="https://video.example/embed/1" title="A film"></iframe>\n'
FRAME = '<iframe src="https://video.example/embed/1"'
SOURCES = "; frame-src https://video.example https://www.video.example; "
# What would widen the policy or the page, if any of it came through.
PAYLOADS = (
    "video.example; script-src *", "video.example 'unsafe-inline'", "'self'", "*",
    "https://video.example", "video.example/embed", "video.example:443", "data:",
    "video.example\r\nx y\r\nSet-Cookie: a=b", "\"><script>alert(1)</script>",
    "video.example,b.example", "*.*.example", "*.org", "[::1]", "m\u00fcller.example",
    "video.example\u2028script-src *", "video.example\x00", "a" * 300,
    "\n".join("h%d.example" % number for number in range(33)))

made = {}


def the_place():
    """Readers and authors behind nginx, two workers each."""
    if "server" not in made:
        site = desk.new_site()
        made["site"] = site
        made["server"] = Server("nginx", site, Program(site, workers=2), desk=Program(
            site, name="desk.fcgi", workers=2))
    return made["server"]


def the_owner():
    if "owner" not in made:
        made["owner"] = Browser(the_place())
        equal(made["owner"].sign_in(OWNER).status, 303, "sign in")
    return made["owner"]


def policy_of(target):
    """What each worker says; they take turns, and none may be behind."""
    found = {the_place().fetch(target)["content-security-policy"]
             for _ in range(8)}
    equal(len(found), 1, "%s: %s" % (target, found))
    return found.pop()


def set_hosts(*hosts):
    answer = the_owner().send(TARGET, TARGET, iframe_hosts="\r\n".join(hosts))
    equal(answer.status, 303, page_of(answer).problems)
    return the_owner().follow(answer)


def stored():
    return desk.rewrite(made["site"], "SELECT value FROM setting"
                        " WHERE key = 'iframe_hosts'")


def typed():
    """What stands in the field."""
    return page_of(the_owner().get(TARGET)).form(TARGET).fields["iframe_hosts"]


def test_50_frames_follow_the_setting():
    owner = the_owner()
    assert "www.youtube-nocookie.com" in typed(), "what byline.conf says"
    number = owner.write("A film", BODY)
    owner.publish(number)
    page = the_place().fetch("/articles/a-film")
    assert FRAME not in page.body.decode(), "of a host that is not there"
    assert "video.example" not in policy_of("/articles/a-film")

    said = set_hosts(" Video.Example ", "", "video.example")

    assert "saved next" in text_of(said), said
    equal(stored(), [("video.example",)], "folded")
    for target in ("/articles/a-film", "/", "/nothing", "/feed.xml"):
        assert SOURCES in policy_of(target), target
    page = the_place().fetch("/articles/a-film")
    assert FRAME not in page.body.decode(), "not saved again yet"
    equal(owner.revise(number, body=BODY + "Enjoy.").status, 303, "saved again")
    assert FRAME in the_place().fetch("/articles/a-film").body.decode()
    preview = owner.get("/desk/articles/%d/preview" % number)
    assert FRAME in preview.body.decode(), "preview"
    assert SOURCES in preview["content-security-policy"], preview.headers
    assert "frame-ancestors 'self'" in preview["content-security-policy"]

    set_hosts("")

    equal(stored(), [("",)], "none, which is not the default")
    assert "; frame-src 'none'; " in policy_of("/articles/a-film")
    equal(owner.revise(number, body=BODY).status, 303, "saved a third time")
    page = the_place().fetch("/articles/a-film").body.decode()
    assert FRAME not in page and 'href="https://video.example/embed/1"' in page, page


def test_50_nothing_in_the_field_changes_a_policy():
    set_hosts("video.example")
    before = policy_of("/")
    for payload in PAYLOADS:
        answer = the_owner().send(TARGET, TARGET, iframe_hosts=payload)

        equal(answer.status, 400 if "\0" in payload else 422, repr(payload))
        equal(stored(), [("video.example",)], repr(payload))
        equal(policy_of("/"), before, repr(payload))
        assert "<script>alert" not in answer.body.decode(), payload
        if answer.status == 422:
            equal(page_of(answer).form(TARGET).fields["iframe_hosts"].split(),
                  payload.split(), "what was typed")
            assert page_of(answer).problems, payload


def test_each_wrong_line_is_named():
    answer = the_owner().send(
        TARGET, TARGET, iframe_hosts="video.example\r\nhttps://a.example\r\n\r\nb b")
    (problem,) = page_of(answer).problems
    assert problem.startswith("Lines 2, 4: not the name of a host"), problem


def test_50_what_somebody_else_stored_changes_no_policy():
    """byline.conf counts where the stored value is none that Byline stores."""
    set_hosts("video.example")
    for value in ("video.example; script-src *", "'self'", "a\nb c"):
        desk.rewrite(made["site"], "UPDATE setting SET value = ?"
                     " WHERE key = 'iframe_hosts'", value)
        policy = policy_of("/")
        assert "https://www.youtube-nocookie.com" in policy, policy
        assert "script-src 'self';" in policy and "*" not in policy, policy


def test_only_owners_set_it():
    set_hosts("video.example")
    for person in (EDITOR, AUTHOR):
        browser = Browser(the_place())
        equal(browser.sign_in(person).status, 303, "sign in")
        equal(browser.get(TARGET).status, 403, person.handle)
        equal(browser.post(TARGET, {"form_token": browser.form_token,
                                    "iframe_hosts": "b.example"}).status, 403,
              person.handle)
    equal(the_owner().post(TARGET, {"iframe_hosts": "b.example"}).status, 403,
          "without the form's token")
    equal(stored(), [("video.example",)], "after that")


def test_shell_says_the_same():
    """`byline setting`, `byline import` and `byline rebuild` go by it."""
    set_hosts("video.example", "*.films.example")
    site = made["site"]
    equal(site.tool("setting", "iframe_hosts").stdout.decode().strip(),
          "video.example\n*.films.example", "byline setting")
    set_hosts("")
    number = the_owner().write("Rebuilt", BODY)
    the_owner().publish(number)
    site.tool("setting", "iframe_hosts", "video.example")
    site.tool("rebuild")
    assert FRAME in the_place().fetch("/articles/rebuilt").body.decode()
    folder = web.folder("films")
    web.write(folder / "b.md", "---\ntitle: Brought\ndate: 2024-01-01\n---\n" + BODY)
    site.tool("import", "markdown", folder)
    assert FRAME in the_place().fetch("/articles/b").body.decode()


desk.run(globals())
