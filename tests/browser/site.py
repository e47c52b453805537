#!/usr/bin/env python3
"""site.py - the blogs that the tests of this folder read, behind real nginx.

Prints one line of JSON, a blog's name and address each, when all of them answer,
and ends them when its standard input is closed. Their base_url is where they are,
so that canonical addresses and feeds can be followed.
"""
import contextlib
import json
import pathlib
import sqlite3
import struct
import sys
import types
import zlib

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "web"))
import harness as web  # noqa: E402
import suite  # noqa: E402


def png(width, height):
    """The bytes of a picture: green that fades."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    row = b"\0" + b"".join(bytes((11, 107 + 90 * x // width, 79))
                           for x in range(width))
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(row * height, 9)) +
            chunk(b"IEND", b""))


def serve(site):
    """Start nginx and the program for `site`; the address they answer at."""
    # The port is known once nginx runs, and the program reads base_url when it
    # starts: so nginx comes first.
    place = web.work / ("program %d" % (web.Program.count + 1))
    server = web.Server("nginx", site, types.SimpleNamespace(
        socket=place / "byline.sock"))
    address = "http://127.0.0.1:%d" % server.port
    site.configure("site", "base_url", address)
    web.Program(site, 1)
    assert server.fetch("/healthz").status == 200, server.said()
    return address


def folder_of(name):
    place = web.work / ("articles " + name)
    web.copy_readable(HERE / "blogs" / name, place)
    return place


def sample():
    """The blog that comes with Byline, and articles that have everything."""
    site = web.Site("the sample")
    articles = folder_of("every")
    (articles / "cover.png").write_bytes(png(1600, 700))
    (articles / "dot.png").write_bytes(png(12, 12))
    site.tool("import", "markdown", web.work / "sample")
    site.tool("import", "markdown", articles)
    site.tool("author", "set", "mira-halloran", "--job-title", "Engineer",
              "--website", "https://example.org/", "--biography",
              "Writes about small programs that do one thing, and about the "
              "ways in which they end.")
    for key, value in (("tagline", "How a small blog engine is built"),
                       ("description", "Notes on building a blog that its "
                        "author owns: files, one database, no surprises."),
                       ("footer", "Text and code under a free licence.")):
        site.tool("setting", key, value)
    return site


def subscribing():
    site = web.Site("subscribing")
    site.tool("import", "markdown", web.work / "sample")
    # The command line refuses it until somebody answers the form.
    with contextlib.closing(sqlite3.connect(site.database)) as database:
        database.execute("INSERT INTO setting VALUES ('subscribing_open', 'true')")
        database.commit()
    site.tool("setting", "tagline", "How a small blog engine is built")
    return site


def arabic():
    site = web.Site("arabic")
    site.tool("setting", "language", "ar")
    site.tool("setting", "title", "مدونة صغيرة")
    site.tool("setting", "tagline", "عن البرامج الصغيرة وكيف تنتهي")
    site.tool("import", "markdown", folder_of("arabic"))
    return site


def rust():
    """A blog of 750 articles that others wrote, where it is at hand."""
    site = web.Site("rust")
    place = web.work / "rust content"
    web.copy_readable(pathlib.Path(suite.corpus("rust-blog")) / "content", place)
    site.tool("import", "markdown", place)
    return site


MAKERS = {"sample": sample, "subscribing": subscribing, "arabic": arabic,
          "empty": lambda: web.Site("empty"), "rust": rust}


def main():
    addresses = {}
    for name in sys.argv[1:]:
        try:
            addresses[name] = serve(MAKERS[name]())
        except suite.Skip as reason:
            addresses[name] = "skip: %s" % reason
    print(json.dumps(addresses), flush=True)
    sys.stdin.read()


main()
