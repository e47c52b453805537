"""importing.py - folders to import, made by the tests, and what the report says."""
import json
import os

import suite


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def make_site(folder, base=""):
    site = os.path.join(folder, "site")
    os.makedirs(folder, exist_ok=True)
    suite.byline(site, "init", "--base-url", "http://127.0.0.1:8080" + base)
    return site


def report(done):
    return json.loads(done.stdout)


def import_files(files, check=0, arguments=()):
    """Import files made here; returns the report and the list of articles."""
    with suite.Folder() as folder:
        site = make_site(folder)
        for name, text in files.items():
            write(os.path.join(folder, "posts"), name, text)
        done = suite.byline(site, "import", "markdown", os.path.join(folder, "posts"),
                            "--json", *arguments, check=check)
        listed = json.loads(suite.byline(site, "list", "--json").stdout)
        return report(done), {article["slug"]: article for article in listed}


def notices(made, level):
    return [(n["file"], n["line"]) for n in made["notices"] if n["level"] == level]


ZOLA = '+++\ntitle = "{title}"\ndate = 2026-05-30\n{more}+++\n{body}\n'


def zola(title, body="Words.", more=""):
    return ZOLA.format(title=title, body=body, more=more)
