#!/usr/bin/env python3
"""`byline author add --password-stdin`: which passwords it takes, and that none is
written anywhere but as a hash. `byline author setup` and `reset`: links that let in
whom they should, once."""
import json
import os
import pathlib
import re
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "support"))
import suite  # noqa: E402

EMAIL = "mira.halloran@kwetzalon.example"
GOOD = "wobbly teapot orbit"


def add(site, password, check=0, email=EMAIL):
    return suite.byline(site, "author", "add", email, "--name", "Mira Halloran",
                        "--password-stdin", stdin=password, check=check)


def authors(site):
    return [author["email"]
            for author in json.loads(suite.byline(site, "author", "list", "--json").stdout)]


def test_password_is_kept_as_its_hash():
    with suite.Folder() as folder:
        site = os.path.join(folder, "site")
        suite.byline(site, "init")
        done = add(site, GOOD + "\n")
        assert GOOD not in done.stdout + done.stderr, done
        database = sqlite3.connect(os.path.join(site, "byline.db"))
        (kept,), = database.execute(
            "SELECT password_hash FROM author WHERE email = ?", (EMAIL,))
        database.close()
        assert kept.startswith("$argon2id$v=19$m=262144,t=3,p=1$"), kept
        for file in pathlib.Path(site).rglob("*"):
            assert not file.is_file() or GOOD.encode() not in file.read_bytes(), file


def test_password_that_is_guessed_first_is_refused():
    with suite.Folder() as folder:
        site = os.path.join(folder, "site")
        suite.byline(site, "init")
        suite.byline(site, "setting", "site_name", "Brombeertal")
        before = authors(site)
        for password, words in (
                ("Sunshine2024!", "a common word, name or phrase"),
                ("q1w2e3r4t5", "keys in a row"),
                ("1987-12-05", "a date"),
                ("halloran77", "your name, your address"),
                ("Kwetzalon!", "your name, your address"),
                ("brombeertal1", "the title of the blog")):
            done = add(site, password + "\n", check=1)
            assert "first that are guessed" in done.stderr, done
            assert words in done.stderr, done
            assert password not in done.stdout + done.stderr, done
        assert authors(site) == before


def test_password_is_taken_as_received():
    with suite.Folder() as folder:
        site = os.path.join(folder, "site")
        suite.byline(site, "init")
        long = "x7 kettle umbrella " * 60
        for number, (password, says) in enumerate((
                ("", "no password on standard input"),
                ("\n", "fewer than 8 characters"),
                ("zk4vqmt\n", "fewer than 8 characters"),
                ("zk4vqmt\r\n", "fewer than 8 characters"),
                (long[:1025] + "\n", "longer than 1024 bytes"),
                (long[:1025] + "\r\n", "longer than 1024 bytes"),
                (long * 100, "longer than 1024 bytes"),
                ("zk4vqmt \n", None),
                ("zk4\0vqmt\n", None),
                (long[:1024] + "\r\n", None))):
            done = add(site, password, check=1 if says else 0,
                       email=f"author{number}@kwetzalon.example")
            assert says is None or says in done.stderr, (number, done)


# ---- links ----

BASE = "https://example.org/blog"
TOKEN = r"[A-Za-z0-9_-]{43}"


def token_of(printed, path):
    """The token of the link that is the last line of `printed`."""
    found = re.search(rf"{re.escape(BASE + path)}({TOKEN})\n\Z", printed)
    assert found, printed
    return found[1]


def ask(site, sql):
    database = sqlite3.connect(os.path.join(site, "byline.db"))
    with database:
        rows = database.execute(sql).fetchall()
    database.close()
    return rows


def assert_nowhere(site, *tokens):
    for file in pathlib.Path(site).rglob("*"):
        for token in tokens:
            assert not file.is_file() or token.encode() not in file.read_bytes(), file


def new_site(folder):
    """The directory of a new blog, and what `byline init` said."""
    site = os.path.join(folder, "site")
    return site, suite.byline(site, "init", "--base-url", BASE).stdout


def test_init_prints_a_link_to_set_up():
    with suite.Folder() as folder:
        site, printed = new_site(folder)
        first = token_of(printed, "/desk/setup?code=")
        second = token_of(suite.byline(site, "author", "setup").stdout, "/desk/setup?code=")
        assert first != second
        (count, role, days), = ask(
            site, "SELECT count(*), min(role), min(expires_at - created_at) / 86400"
                  " FROM one_time_link WHERE purpose = 'setup'")
        assert (count, role, days) == (2, "owner", 7), (count, role, days)
        assert_nowhere(site, first, second)


def test_nobody_sets_up_what_is_set_up():
    with suite.Folder() as folder:
        site, _ = new_site(folder)
        suite.byline(site, "author", "add", "nobody@kwetzalon.example", "--name", "N")
        token_of(suite.byline(site, "author", "setup").stdout, "/desk/setup?code=")
        add(site, GOOD + "\n")
        done = suite.byline(site, "author", "setup", check=1)
        assert done.stdout == "", done
        assert f"authors sign in at {BASE}/desk" in done.stderr, done


def test_reset_prints_a_link_for_the_author():
    with suite.Folder() as folder:
        site, _ = new_site(folder)
        add(site, GOOD + "\n")
        tokens = [token_of(suite.byline(site, "author", "reset", who).stdout,
                           "/desk/reset?token=")
                  for who in (EMAIL, "Mira.Halloran@Kwetzalon.Example", "mira-halloran")]
        assert len(set(tokens)) == 3, tokens
        # The last one is the only one that is good.
        rows = ask(site, "SELECT handle, expires_at - link.created_at"
                         " FROM one_time_link AS link JOIN author ON author.id = author_id"
                         " WHERE purpose = 'reset'")
        assert rows == [("mira-halloran", 7 * 86400)], rows
        assert_nowhere(site, *tokens)


def test_reset_takes_codes_away_only_when_asked():
    with suite.Folder() as folder:
        site, _ = new_site(folder)
        add(site, GOOD + "\n")
        ask(site, "UPDATE author SET code_secret = 'JBSWY3DPEHPK3PXP', code_step = 7")
        ask(site, "INSERT INTO recovery_code (author_id, code_hash)"
                  " SELECT id, 'x' FROM author")
        codes = ("SELECT code_secret, (SELECT count(*) FROM recovery_code) FROM author"
                 f" WHERE email = '{EMAIL}'")
        suite.byline(site, "author", "reset", EMAIL)
        assert ask(site, codes) == [("JBSWY3DPEHPK3PXP", 1)], ask(site, codes)
        suite.byline(site, "author", "reset", EMAIL, "--without-codes")
        assert ask(site, codes) == [(None, 0)], ask(site, codes)


def test_reset_says_whom_it_would_not_let_in():
    with suite.Folder() as folder:
        site, _ = new_site(folder)
        add(site, GOOD + "\n")
        suite.byline(site, "author", "add", "ben@kwetzalon.example", "--name", "Ben")
        ask(site, "UPDATE author SET email = NULL WHERE handle = 'ben'")
        ask(site, "UPDATE author SET disabled_at = 1, code_secret = 'JBSWY3DPEHPK3PXP'"
                  " WHERE handle = 'mira-halloran'")
        for who, words in (
                ("nobody", "there is no author nobody"),
                ("", "there is no author"),
                ("mira", "there is no author mira"),
                ("ben", "ben has no e-mail address to sign in with"),
                (EMAIL, "mira-halloran may not sign in"),
                ("mira-halloran", "the account is switched off: byline author enable")):
            done = suite.byline(site, "author", "reset", who, "--without-codes", check=1)
            assert done.stdout == "" and words in done.stderr, done
        assert ask(site, "SELECT count(*) FROM one_time_link WHERE purpose = 'reset'") == [(0,)]
        assert ask(site, "SELECT count(code_secret) FROM author") == [(1,)]


def test_disable_and_enable():
    with suite.Folder() as folder:
        site, _ = new_site(folder)
        add(site, GOOD + "\n")
        ask(site, "UPDATE author SET role = 'owner'")
        done = suite.byline(site, "author", "disable", EMAIL, check=1)
        assert "mira-halloran is the only owner who can sign in" in done.stderr, done
        suite.byline(site, "author", "disable", "nobody@kwetzalon.example", check=1)
        assert ask(site, "SELECT count(*) FROM author WHERE disabled_at > 0") == [(0,)]

        suite.byline(site, "author", "add", "ben@kwetzalon.example", "--name", "Ben")
        for who in ("ben@kwetzalon.example", "ben"):
            done = suite.byline(site, "author", "disable", who)
            assert done.stdout == "disabled ben\n", done
            assert ask(site, "SELECT handle FROM author WHERE disabled_at > 0") == [("ben",)]
            listed = json.loads(suite.byline(site, "author", "list", "--json").stdout)
            assert [author["disabled"] for author in listed if author["handle"] == "ben"] == [True]
            assert "(disabled)" in suite.byline(site, "author", "list").stdout
            done = suite.byline(site, "author", "enable", who)
            assert done.stdout == "enabled ben\n", done
        assert ask(site, "SELECT count(*) FROM author WHERE disabled_at > 0") == [(0,)]


suite.run(globals())
