#!/usr/bin/env python3
"""A theme takes the place of templates and static files; a broken one is named,
with its line, at start and by `byline check`, and the built-in one serves."""
import re
import sys

sys.dont_write_bytecode = True
import harness as web
from harness import Program, Server, equal

AUTOESCAPE = '{{%AUTOESCAPE context="HTML"}}\n'


def themed_site(name, files):
    site = web.Site(name)
    theme = site.path / "theme"
    for path, text in files.items():
        place = theme / path
        for folder in reversed(place.relative_to(site.path).parents):
            folder = site.path / folder
            if not folder.exists():
                folder.mkdir()
                web.give(folder)
        web.write(place, text)
    return site


def test_override_is_used():
    site = themed_site("right", {
        "site/error.html": AUTOESCAPE + "<p>Our own {{HTTP_STATUS}}</p>\n"})
    program = Program(site)

    page = program.ask("/nothing").body.decode()

    assert "<p>Our own 404</p>" in page, page
    assert "template." not in program.said(), program.said()
    equal(program.stop(), 0, "exit code")


# What is wrong with a template, and in which line.
BROKEN = {
    "without the pragma": ("<p>\n{{TITLE}}\n", 1),
    "with a section left open": (
        AUTOESCAPE + "<p>\n{{#REASONS}}\n{{REASON}}\n", 3),
    "with an attribute unquoted": (
        AUTOESCAPE + "<p>\n<a href={{HOME_URL}}>x</a>\n", 3),
    "with a marker that escapes nothing": (
        AUTOESCAPE + "<p>\n\n{{REASON:none}}\n", 4),
}


def check_broken(what):
    text, line = BROKEN[what]
    site = themed_site(what, {"site/error.html": text})

    program = Program(site)

    found = re.search(r"template\.refused file=.*/theme/site/error\.html\"? "
                      r"line=(\d+) reason=.", program.said())
    assert found, program.said()
    equal(int(found[1]), line, "the line that the log names")
    page = program.ask("/nothing").body.decode()
    assert '<p class="kicker">Error 404</p>' in page, page
    equal(program.stop(), 0, "exit code")
    checked = site.tool("check", "--no-web", check=False).stdout.decode()
    assert re.search(r"site/error\.html:%d: " % line, checked), checked


def test_broken_override_is_named_and_the_builtin_serves():
    for what in BROKEN:
        check_broken(what)


def test_override_with_an_unknown_marker_is_named_and_serves():
    """No fault, but most likely a mistake: in no built-in template is it."""
    site = themed_site("misspelt", {
        "site/error.html": AUTOESCAPE + "<p>Ours\n{{HTTP_STATUZ}}</p>\n"})

    program = Program(site)

    assert re.search(r"template\.unfilled file=.*/theme/site/error\.html\"? "
                     r"line=3 reason=.", program.said()), program.said()
    assert "template.refused" not in program.said(), program.said()
    assert b"<p>Ours" in program.ask("/nothing").body
    equal(program.stop(), 0, "exit code")


def test_static_override_is_served_under_a_new_name():
    plain = Program(web.Site("plain"))
    old = re.search(r"/static/style-[^\"]*\.css",
                    plain.ask("/").body.decode()).group()
    plain.stop()
    site = themed_site("dressed", {
        "static/style.css": "body { color: purple }\n",
        "static/extra.js": "void 0;\n"})
    program = Program(site)
    server = Server("nginx", site, program)

    page = program.ask("/").body.decode()
    new = re.search(r"/static/style-[^\"]*\.css", page).group()

    assert new != old, new
    for answer in (program.ask(new), server.fetch(new)):
        equal(answer.body, b"body { color: purple }\n", new)
        assert "immutable" in answer["cache-control"], answer.headers
    published = list((site.path / "public/static").glob("extra-*.js"))
    equal(len(published), 1, "extra.js in public/static")
    equal(server.fetch("/static/" + published[0].name).body, b"void 0;\n",
          "another file of the theme")
    program.stop()
    server.stop()


def test_upgrade_takes_a_new_theme():
    site = web.Site("changing")
    program = Program(site)
    before = program.workers()
    web.folder("changing/theme")
    web.folder("changing/theme/site")
    web.write(site.path / "theme/site/error.html",
              AUTOESCAPE + "<p>Since the upgrade</p>\n")

    program.process.send_signal(1)
    web.wait_for(lambda: not set(before) & set(program.workers()) and
                 len(program.workers()) == len(before), 20, "new workers")

    assert b"Since the upgrade" in program.ask("/nothing").body
    equal(program.stop(), 0, "exit code")


web.run(globals())
