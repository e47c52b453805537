#!/usr/bin/env python3
"""What `byline setting` stores, refuses and moves."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "support"))
import suite  # noqa: E402

ARTICLE = """---
title: A
date: 2025-12-31T23:30:00Z
---
Text.
"""


def byline(site, *arguments):
    return subprocess.run([suite.program("byline"), "--site", site, *arguments],
                          capture_output=True, text=True, timeout=60)


def done(site, *arguments):
    said = byline(site, *arguments)
    assert said.returncode == 0, said
    return said.stdout


def new_site(folder):
    site = os.path.join(folder, "site")
    done(site, "init", "--base-url", "https://example.org")
    os.mkdir(os.path.join(folder, "posts"))
    with open(os.path.join(folder, "posts", "a.md"), "w") as file:
        file.write(ARTICLE)
    done(site, "import", "markdown", os.path.join(folder, "posts"))
    return site


def address(site):
    return json.loads(done(site, "list", "--json"))[0]["url"]


def test_pattern_moves_what_is_there():
    with suite.Folder() as folder:
        site = new_site(folder)
        assert address(site) == "https://example.org/articles/a"

        said = done(site, "setting", "permalink", "/{year}/{slug}")

        assert said == "1 article has moved: the old address of each leads there\n"
        assert address(site) == "https://example.org/2025/a"
        assert done(site, "setting", "time_zone", "Asia/Tokyo") != ""
        assert address(site) == "https://example.org/2026/a"
        assert done(site, "setting", "title", "Notes") == ""


def test_pattern_that_cannot_be_changes_nothing():
    with suite.Folder() as folder:
        site = new_site(folder)
        posts = os.path.join(folder, "posts")
        os.rename(os.path.join(posts, "a.md"), os.path.join(posts, "tags.md"))
        done(site, "import", "markdown", posts)

        said = byline(site, "setting", "permalink", "/{slug}")

        assert said.returncode == 1, said
        assert "/tags, an address that Byline answers itself" in said.stderr, said
        assert done(site, "setting", "permalink") == "/articles/{slug}\n"


def test_form_that_nobody_answers_stays_closed():
    with suite.Folder() as folder:
        site = new_site(folder)

        said = byline(site, "setting", "subscribing_open", "true")

        assert said.returncode == 1 and "nobody can subscribe yet" in said.stderr, said
        assert done(site, "setting", "subscribing_open") == "false\n"


def test_wrong_values_are_refused_in_words():
    with suite.Folder() as folder:
        site = new_site(folder)
        for key, value, words in (
                ("colour", "red", "there is no setting colour"),
                ("per_page", "0", "it is a number from 1 to 100"),
                ("time_zone", "Mars", "it is a name of the tz database"),
                ("permalink", "/{year}", "it holds {slug} or {id}")):
            said = byline(site, "setting", key, value)

            assert said.returncode == 1 and words in said.stderr, said


suite.run(globals())
