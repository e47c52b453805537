#!/usr/bin/env python3
"""A command line that is wrong says what is wrong and how the command is used, ends
with 2 and touches nothing; one that is right is not taken for a wrong one."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "support"))
import suite  # noqa: E402

COMMANDS = ["init", "author", "setting", "import", "export", "backup", "restore", "list", "rebuild", "check"]


def call(*arguments, site=None):
    environment = {"PATH": os.environ["PATH"]}
    if site is not None:
        environment["BYLINE_SITE"] = site
    return subprocess.run([suite.program("byline"), *arguments], capture_output=True,
                          text=True, timeout=60, env=environment)


def refused(*arguments, says):
    """The command is refused with `says`, before it looks for any blog."""
    done = call(*arguments)
    assert done.returncode == 2, (arguments, done)
    assert says in done.stderr and done.stdout == "", (arguments, done)
    return done.stderr


def test_words_before_the_command():
    refused("--site", says="a directory is missing after --site")
    refused("--colour", "list", says="there is no option --colour")
    refused("publish", says="there is no command publish")
    refused(says="Usage: byline --site DIR COMMAND")
    refused("--site", "x", says="Usage: byline --site DIR COMMAND")


def test_arguments_that_are_missing_or_too_much():
    for arguments, says in (
            (("list", "x"), '"x" is too much'),
            (("rebuild", "all"), '"all" is too much'),
            (("check", "x", "y"), '"x" is too much'),
            (("init", "x"), '"x" is too much'),
            (("import",), "markdown DIR is missing"),
            (("import", "markdown"), "DIR is missing"),
            (("import", "markdown", "a", "b"), '"b" is too much'),
            (("import", "wordpress", "a"), 'no import of "wordpress"'),
            (("export",), "FOLDER|FILE.tar is missing"),
            (("export", "a", "b"), '"b" is too much'),
            (("backup",), "FILE is missing"),
            (("backup", "a", "b"), '"b" is too much'),
            (("restore",), "FILE is missing"),
            (("restore", "a", "b"), '"b" is too much'),
            (("setting", "a", "b", "c"), '"c" is too much'),
            (("author",), "add, set, list, setup, reset, disable or enable?"),
            (("author", "remove"), 'there is no "author remove"'),
            (("author", "add"), "EMAIL is missing"),
            (("author", "set"), "HANDLE is missing"),
            (("author", "disable"), "EMAIL is missing"),
            (("author", "enable", "a", "b"), '"b" is too much'),
            (("author", "list", "x"), '"x" is too much')):
        words = refused(*arguments, says=says)
        assert f"byline --site DIR {arguments[0]}" in words, words


def test_options_that_are_wrong():
    refused("list", "--colour", says="--colour")
    refused("list", "--status", says="--status")
    refused("list", "--status", "lost", says='there is no status "lost"')
    for arguments, option in (
            (("list", "--role", "owner"), "--role"),
            (("set", "mira", "--role", "owner"), "--role"),
            (("set", "mira", "--password-stdin"), "--password-stdin"),
            (("add", "a@example.org", "--email", "b@example.org"), "--email"),
            (("add", "a@example.org", "--json"), "--json")):
        refused("author", *arguments, says=f'"author {arguments[0]}" knows no {option}')


def test_every_command_explains_itself():
    for command in COMMANDS:
        for option in ("--help", "-h"):
            done = call(command, option)
            assert done.returncode == 0 and done.stderr == "", done
            assert done.stdout.startswith(f"Usage:\n  byline --site DIR {command}"), done
    whole = call("--help").stdout
    assert all(f"\n  {command}" in whole for command in COMMANDS), whole


def test_command_without_a_blog():
    for arguments in (("list",), ("setting",), ("import", "markdown", "x")):
        done = call(*arguments)
        assert done.returncode == 1 and "--site DIR" in done.stderr, done


def test_no_command_makes_the_database_that_is_missing():
    with suite.Folder() as folder:
        site = os.path.join(folder, "site")
        suite.byline(site, "init")
        os.unlink(os.path.join(site, "byline.db"))
        before = sorted(os.listdir(site))
        for arguments in (("author", "list"), ("author", "add", "a@example.org"),
                          ("author", "set", "mira", "--name", "Mira"), ("setting",),
                          ("setting", "tagline", "x"), ("list",), ("list", "--json"),
                          ("import", "markdown", os.path.join(suite.SOURCE, "sample")),
                          ("rebuild",), ("check",)):
            done = call(*arguments, site=site)
            assert done.returncode == 1 and done.stdout == "", (arguments, done)
            assert "there is no database" in done.stderr, (arguments, done)
            assert sorted(os.listdir(site)) == before, arguments


def test_output_that_cannot_be_written():
    with suite.Folder() as folder:
        site = os.path.join(folder, "site")
        suite.byline(site, "init")
        suite.byline(site, "import", "markdown", os.path.join(suite.SOURCE, "sample"))
        for arguments in (("list",), ("list", "--json"), ("setting",),
                          ("setting", "--json"), ("author", "list"),
                          ("author", "list", "--json"), ("check", "--no-web", "--json"),
                          ("rebuild",), ("--help",), ("--version",), ("list", "--help")):
            with open("/dev/full", "w") as full:
                done = subprocess.run(
                    [suite.program("byline"), *arguments], stdout=full, text=True,
                    stderr=subprocess.PIPE, timeout=60,
                    env={"PATH": os.environ["PATH"], "BYLINE_SITE": site})
            assert done.returncode == 1, (arguments, done)
            assert "No space left on device" in done.stderr, (arguments, done)


def test_values_that_begin_with_a_hyphen():
    with suite.Folder() as folder:
        site = os.path.join(folder, "site")
        suite.byline(site, "init")
        # The value is judged as a value, not taken for an option.
        done = call("setting", "per_page", "-1", site=site)
        assert done.returncode == 1 and "per_page" in done.stderr, done
        for arguments in (("setting", "site_name", "--", "-- a name --"),
                          ("setting", "--", "site_name", "-- a name --")):
            assert call(*arguments, site=site).returncode == 0, arguments
        assert call("setting", "site_name", site=site).stdout == "-- a name --\n"
        assert call("setting", "--json", "site_name", site=site).stdout == (
            '{\n  "site_name": "-- a name --"\n}\n')


suite.run(globals())
