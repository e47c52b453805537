#!/usr/bin/env python3
"""desk_site.py - blogs whose authors write, behind a real web server.

Reads a line of JSON, [COMMAND, ARGUMENT ...], does it and prints what came of it as
a line of JSON, until its standard input is closed. The first one makes a blog,
which the others are about by its name.
"""
import contextlib
import json
import pathlib
import re
import sqlite3
import sys
import types

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "web"))
import harness as web  # noqa: E402
import suite  # noqa: E402


class Blog:
    """A blog that nobody has set up yet, empty or with the articles of the sample.
    `server` is "nginx", or "apache_fcgid" with the limits that mod_fcgid has by
    default."""

    def __init__(self, name, server, is_filled):
        self.site = web.Site(name)
        self.locks = contextlib.ExitStack()
        if is_filled:
            self.site.tool("import", "markdown", web.work / "sample")
        place = web.folder("sockets of " + name, 0o750)
        self.socket = place / "desk.sock"
        self.log = place / "desk.log"
        self.desk = None
        # Its port is known once it runs, and the programs read base_url when
        # they start.
        self.server = web.Server(
            server, self.site, types.SimpleNamespace(socket=place / "s"),
            edit=without_limits, desk=types.SimpleNamespace(socket=self.socket))
        self.address = "http://127.0.0.1:%d" % self.server.port
        self.site.configure("site", "base_url", self.address)
        if server == "nginx":
            web.start([web.programs / "byline.fcgi", "--site", self.site.path,
                       "--listen", "unix:%s" % (place / "s"),
                       "--workers", "1"], place / "log")
            self.start()
        web.wait_for(lambda: self.server.fetch("/healthz").status == 200,
                     what=name)

    def start(self):
        self.desk = web.start(
            [web.programs / "desk.fcgi", "--site", self.site.path, "--listen",
             "unix:%s" % self.socket, "--workers", "2"], self.log)
        web.wait_for(lambda: self.server.fetch("/desk/session", headers=[
            "Host: " + self.address[7:]]).status in (200, 303), what="the desk")

    def stop(self):
        """End desk.fcgi as a crash would."""
        web.stop(self.desk, number=web.signal.SIGKILL)

    def setup(self):
        """The link to set it up by."""
        said = self.site.tool("author", "setup").stdout.decode()
        return re.search(r"http\S+", said)[0]

    def reset(self, email):
        """The link for a new password."""
        said = self.site.tool("author", "reset", email).stdout.decode()
        return re.search(r"http\S+", said)[0]

    def sql(self, statement, *values):
        with contextlib.closing(sqlite3.connect(
                self.site.database, 20)) as database:
            with database:
                return database.execute(statement, values).fetchall()

    def look(self, statement, *values):
        """As sql(), and changes nothing."""
        with contextlib.closing(sqlite3.connect(
                "%s?mode=ro" % self.site.database.as_uri(), 20,
                uri=True)) as database:
            return database.execute(statement, values).fetchall()

    def lock(self):
        """Nobody can write until unlock()."""
        database = sqlite3.connect(self.site.database, 20,
                                   isolation_level=None)
        self.locks.callback(database.close)
        database.execute("BEGIN IMMEDIATE")

    def unlock(self):
        self.locks.close()

    def said(self):
        """All that was logged."""
        texts = [self.server.said()]
        if self.log.exists():
            texts.append(self.log.read_text(errors="replace"))
        return "".join(texts)


def without_limits(text):
    """A configuration without what the sample says of bodies to mod_fcgid."""
    return re.sub(r"(?m)^\s*(FcgidMaxRequestLen|LimitRequestBody) .*\n", "",
                  text)


def main():
    blogs = {}
    for line in sys.stdin:
        command, name, *arguments = json.loads(line)
        try:
            if command == "make":
                blogs[name] = Blog(name, *arguments)
                result = {"address": blogs[name].address,
                          "setup": blogs[name].setup()}
            else:
                result = getattr(blogs[name], command)(*arguments)
            print(json.dumps({"result": result}), flush=True)
        except suite.Skip as reason:
            print(json.dumps({"skip": str(reason)}), flush=True)
        except Exception as error:  # whatever it is, the test is told
            print(json.dumps({"error": repr(error)}), flush=True)


main()
