#!/usr/bin/env python3
"""`byline author add --password-stdin`: which passwords it takes, and that none is
written anywhere but as a hash."""
import json
import os
import pathlib
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
                ("Sunshine2024!", "a common word or name"),
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


suite.run(globals())
