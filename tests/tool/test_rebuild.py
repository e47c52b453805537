#!/usr/bin/env python3
"""`byline rebuild` says how far it is and what is wrong with the texts."""
import os
import pty
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "support"))
sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "tool"))
import suite  # noqa: E402
from importing import make_site, write, zola  # noqa: E402

FRAME = 'Words.\n\n<iframe src="https://nobody.example/v"></iframe>'


def make_blog(folder):
    site = make_site(folder)
    for name, body in (("a", FRAME), ("b", "Words.")):
        write(os.path.join(folder, "posts"), f"{name}.md", zola(name.upper(), body))
    suite.byline(site, "import", "markdown", os.path.join(folder, "posts"))
    return site


def on_terminal(*arguments):
    """What a program says on standard error when that is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 4096):
                said += part
        except OSError:  # the last one who could write has gone
            pass
        assert process.wait(60) == 0, said
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def test_warnings_are_said_with_article_and_line():
    with suite.Folder() as folder:
        done = suite.byline(make_blog(folder), "rebuild")
        assert done.stdout == "2 articles rendered\n", done
        assert done.stderr.startswith("/articles/a:3: warning: frame became a link"), done
        assert done.stderr.count("\n") == 1, done


def test_progress_is_shown_on_a_terminal():
    with suite.Folder() as folder:
        site = make_blog(folder)
        said = on_terminal(suite.program("byline"), "--site", site, "rebuild")
        progress, _, rest = said.partition("\n")
        assert progress == "\rrendering 1 of 2\rrendering 2 of 2", said
        assert rest.startswith("/articles/a:3: warning:"), said


def test_who_writes_meanwhile_waits_for_one_article_at_most():
    """A first one is done, most are to come: somebody changes the last one."""
    with suite.Folder() as folder:
        site = make_site(folder)
        for number in range(300):
            write(os.path.join(folder, "posts"), f"{number:03}.md",
                  zola(f"T{number:03}", "```c\n" + "int x;\n" * 200 + "```\n"))
        suite.byline(site, "import", "markdown", os.path.join(folder, "posts"))
        database = sqlite3.connect(os.path.join(site, "byline.db"), timeout=60,
                                   isolation_level=None)
        last, = database.execute("SELECT max(id) FROM article").fetchone()
        ours, theirs = pty.openpty()
        with subprocess.Popen([suite.program("byline"), "--site", site, "rebuild"],
                              stdout=subprocess.DEVNULL, stderr=theirs) as process:
            os.close(theirs)
            said = os.read(ours, 4096)
            database.execute("UPDATE article SET body = 'new', body_html = '',"
                             " version = version + 1 WHERE id = ?", (last,))
            assert process.poll() is None, "it was over before that"
            try:
                while part := os.read(ours, 4096):
                    said += part
            except OSError:
                pass
            assert process.wait(60) == 0, said
        os.close(ours)
        assert database.execute("SELECT body_html FROM article WHERE id = ?",
                                (last,)).fetchone() == ("<p>new</p>\n",)


suite.run(globals())
