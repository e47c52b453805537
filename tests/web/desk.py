"""desk.py - people at the desk: their browsers, and what they do there.

A Browser keeps cookies and fills in forms with their hidden fields, straight at the
socket of a desk.fcgi or through a web server before it. What must never stand in a
log (passwords, tokens, addresses of mail) is noted wherever it is made or seen:
run() looks for it in every log of the run.
"""
import collections
import contextlib
import hashlib
import html.parser
import re
import secrets
import sqlite3
import subprocess
import time
import urllib.parse

import harness as web
from harness import Program, equal

FORM = "application/x-www-form-urlencoded"
COOKIES = ("byline_session", "byline_browser", "byline_form")

# What is not for a log, as bytes.
unspeakable = set()


def note_secret(text):
    if len(text) >= 8:
        unspeakable.add(text.encode())
    return text


def new_secret():
    """Like a token of the desk: 256 random bits."""
    return note_secret(secrets.token_urlsafe(32))


def test_62_no_secret_stands_in_a_log():
    """No password, token, code or whole address of this run, but for the link
    to set a blog up by, which its owner is to find there."""
    assert len(unspeakable) > 2, "nothing to look for"
    for path in web.work.rglob("*log"):
        if path.is_file():
            said = re.sub(rb"(?m)^desk\.fcgi: set your blog up at .*$", b"",
                          path.read_bytes())
            for secret in unspeakable:
                assert secret not in said, "%r in %s" % (secret, path)


def run(names):
    """As web.run(), and then look into the logs."""
    web.run({**names, "test_62_no_secret_stands_in_a_log":
             test_62_no_secret_stands_in_a_log})


# ---- pages ----

class Form:
    def __init__(self, action, method):
        self.action, self.method = action, method
        self.fields = {}
        self.buttons = []  # (name, value)


class Page(html.parser.HTMLParser):
    """The forms of a page, what it links to, and what it says is wrong."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.problems, self.notices, self.links = [], [], [], []
        self._area = self._select = self._into = None
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        form = self.forms[-1] if self.forms else None
        name = attributes.get("name")
        classes = (attributes.get("class") or "").split()
        if tag == "form":
            self.forms.append(Form(attributes.get("action", ""),
                                   attributes.get("method", "get")))
        elif tag == "a":
            self.links.append(attributes.get("href", ""))
        elif tag == "button" and form:
            form.buttons.append((name, attributes.get("value", "")))
        elif tag == "input" and form and name:
            if attributes.get("type") not in ("checkbox", "radio", "file") or (
                    "checked" in attributes):
                form.fields[name] = attributes.get("value") or ""
        elif tag == "textarea" and form:
            self._area, form.fields[name] = name, ""
        elif tag == "select" and form:
            self._select = name
        elif tag == "option" and self._select:
            value = attributes.get("value") or ""
            if "selected" in attributes:
                form.fields[self._select] = value
            form.fields.setdefault(self._select, value)
        elif "problem" in classes or "notice" in classes:
            self._into = (self.problems if "problem" in classes
                          else self.notices)
            self._into.append("")

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            # What follows <textarea> at once is no part of its text.
            fields = self.forms[-1].fields
            fields[self._area] = re.sub(r"\A\n", "", fields[self._area])
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag in ("p", "div", "form"):
            self._into = None

    def handle_data(self, data):
        if self._area:
            self.forms[-1].fields[self._area] += data
        elif self._into is not None:
            self._into[-1] += data

    def form(self, action, button=None):
        """The form that is sent to `action` (and has this button)."""
        for form in self.forms:
            values = [value for _, value in form.buttons]
            if form.action.partition("?")[0] == action and (
                    button is None or button in values):
                return form
        raise AssertionError("no form for %s (%s) among %s" % (
            action, button, [form.action for form in self.forms]))


def text_of(answer):
    return answer.body.decode()


def page_of(answer):
    return Page(text_of(answer))


def cookies_set(answer):
    """Each Set-Cookie of an answer: {name: (value, [attributes])}."""
    found = {}
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            pair, *attributes = [part.strip() for part in value.split(";")]
            key, _, content = pair.partition("=")
            assert key not in found, "%s is set twice" % key
            found[key] = (content, attributes)
    return found


def encode(fields):
    """A form as a browser sends it; `fields` are a dict or pairs."""
    return urllib.parse.urlencode(
        fields, encoding="utf-8", errors="surrogateescape").encode()


# ---- browsers ----

class Browser:
    """Somebody's browser at `place`, a Program or a Server. Variables that it
    sends with every request are those of CGI: HTTP_USER_AGENT, REMOTE_ADDR."""

    def __init__(self, place, **variables):
        self.place, self.variables, self.cookies = place, variables, {}
        self.base = place.site.base if hasattr(place, "fetch") else ""

    def copy(self):
        other = Browser(self.place, **self.variables)
        other.cookies = dict(self.cookies)
        return other

    def ask(self, target, method="GET", body=b"", **variables):
        """One request, with the cookies that this browser has. A variable that
        is None is not sent."""
        sent = {"HTTP_HOST": "blog.example", **self.variables}
        if self.cookies:
            sent["HTTP_COOKIE"] = "; ".join(
                "%s=%s" % pair for pair in self.cookies.items())
        if method == "POST":
            sent.update(CONTENT_TYPE=FORM, HTTP_SEC_FETCH_SITE="same-origin")
        sent.update(variables)
        sent = {name: value for name, value in sent.items()
                if value is not None}
        answer = self._send(target, method, body, sent)
        for name, (value, attributes) in cookies_set(answer).items():
            self.cookies.pop(name, None)
            if "Max-Age=0" not in attributes:
                self.cookies[name] = note_secret(value)
        return answer

    def _send(self, target, method, body, sent):
        if not hasattr(self.place, "fetch"):
            return self.place.ask(target, method, body, **sent)
        lines = ["%s: %s" % (
            name.replace("HTTP_", "", 1).replace("_", "-").title(), value)
            for name, value in sent.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"]
        return self.place.fetch(target, method, headers=lines,
                                body=body if method == "POST" else None)

    def get(self, target, **variables):
        return self.ask(target, **variables)

    def post(self, target, fields, **variables):
        return self.ask(target, "POST", encode(fields), **variables)

    def below(self, location):
        """The address of a redirect or form, less the base path."""
        assert location.startswith(self.base + "/"), location
        return location[len(self.base):]

    def send(self, page, action, button=None, **changes):
        """Fill in the form for `action` on `page`, an answer or a target, and
        send it by the button with this value. A field that is None is left
        out."""
        if isinstance(page, str):
            page = self.get(page)
        form = page_of(page).form(self.base + action, button)
        fields = {**form.fields, **changes}
        note_secret(fields.get("form_token", ""))
        if button is not None:
            fields[next(n for n, v in form.buttons if v == button)] = button
        return self.post(action, {name: value for name, value in fields.items()
                                  if value is not None})

    def follow(self, answer):
        assert answer.status in (301, 302, 303), answer
        return self.get(self.below(answer["location"]))

    @property
    def form_token(self):
        """What the forms of this browser carry."""
        if self._cookie("byline_form") is None:
            self.get("/desk/session")
        secret = "form " + self._cookie("byline_form")
        return note_secret(hashlib.blake2b(
            secret.encode(), digest_size=32).hexdigest()[:32])

    def _cookie(self, name):
        return self.cookies.get(name, self.cookies.get("__Host-" + name))

    def put_cookie(self, name, value):
        is_secure = any(key.startswith("__Host-") for key in self.cookies)
        self.cookies[("__Host-" if is_secure else "") + name] = value

    # ---- what people do ----

    def sign_in(self, person, password=None, **fields):
        return self.send("/desk/session", "/desk/session", email=person.email,
                         password=password or person.password, **fields)

    def sign_out(self):
        return self.send("/desk/articles", "/desk/session/end")

    def is_signed_in(self):
        answer = self.get("/desk/articles")
        assert answer.status in (200, 303), answer
        return answer.status == 200

    def write(self, title="A title", body="A text.", **fields):
        """Save a new article; its id."""
        answer = self.send("/desk/articles/new", "/desk/articles", "save",
                           title=title, body=body, **fields)
        equal(answer.status, 303, "saving: %s" % page_of(answer).problems)
        return int(re.search(r"/articles/(\d+)", answer["location"])[1])

    def revise(self, number, **fields):
        target = "/desk/articles/%d" % number
        return self.send(target, target, "save", **fields)

    def upload(self, name, content, **fields):
        """Send a file to the library."""
        boundary = "a-boundary-that-is-in-no-file"
        parts = [(b'name="%s"' % key.encode(), value.encode())
                 for key, value in {"form_token": self.form_token, "alt": "",
                                    **fields}.items()]
        parts.append((b'name="file"; filename="%s"' % name.encode(), content))
        body = b"".join(
            b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (
                boundary.encode(), names, value) for names, value in parts)
        return self.ask(
            "/desk/media", "POST", body + b"--%s--\r\n" % boundary.encode(),
            CONTENT_TYPE="multipart/form-data; boundary=" + boundary)

    def publish(self, number, **fields):
        target = "/desk/articles/%d/publication" % number
        answer = self.send(target, target, "publish", **fields)
        equal(answer.status, 303, "publishing: %s" % page_of(answer).problems)
        return answer


# ---- people ----

PASSWORD = note_secret("seven lamps over the harbour")
Person = collections.namedtuple("Person", "email name handle role password")

PEOPLE = tuple(
    Person(note_secret("%s@blog.example" % name.split()[0].lower()), name,
           name.lower().replace(" ", "-"), role, PASSWORD)
    for name, role in (("Olga Owner", "owner"), ("Edda Editor", "editor"),
                       ("Arno Author", "author"), ("Otto Other", "author")))
OWNER, EDITOR, AUTHOR, OTHER = PEOPLE


def rewrite(site, sql, *values):
    """Run a statement, as nobody at the desk could; its rows."""
    with contextlib.closing(sqlite3.connect(site.database, 20)) as database:
        with database:
            return database.execute(sql, values).fetchall()


def tables_of(site):
    """All that is stored, {table: rows}, but for what is only noted (when a session
    was used) and for what a new day brings (of which days views are summed up)."""
    with contextlib.closing(sqlite3.connect(site.database, 20)) as database:
        names = [name for name, in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " AND name NOT LIKE 'sqlite_%'")]
        rows = {name: sorted(map(repr, database.execute(
            "SELECT * FROM %s" % name))) for name in names
            if name not in ("session", "page_view_span", "page_view_window")}
        rows["session"] = database.execute(
            "SELECT id, token_hash, author_id FROM session").fetchall()
        return rows


def changed_tables(before, after):
    return sorted(name for name in after if before.get(name) != after[name])


def counts_of(site):
    return {name: len(rows) for name, rows in tables_of(site).items()}


def assert_whole(site):
    """The file is sound and what is in it fits together."""
    with contextlib.closing(sqlite3.connect(site.database, 20)) as database:
        equal(database.execute("PRAGMA integrity_check").fetchall(),
              [("ok",)], "integrity")
        equal(database.execute("PRAGMA foreign_key_check").fetchall(), [],
              "foreign keys")


def text_with(word, size=0):
    """A text of about `size` bytes that can be told by its first word, and to
    its last byte."""
    text = "Body *%s*." % word
    lines = [("Line %06d of %s goes on." % (n, word)).ljust(47, ".")
             for n in range((size - len(text) - 1) // 48)]
    return "\n\n".join([text, "\n".join(lines)] if lines else [text])


def assert_article_is_whole(site, number):
    """The article, its revisions, tags, and what it is found by are those of one
    and the same save."""
    title, body, html, version, status = rewrite(
        site, "SELECT title, body, body_html, version, status FROM article"
        " WHERE id = ?", number)[0]
    revisions = rewrite(site, "SELECT version, title, body FROM revision"
                        " WHERE article_id = ? ORDER BY version", number)
    tags = rewrite(site, "SELECT tag.name FROM tag JOIN article_tag"
                   " ON tag_id = tag.id WHERE article_id = ?", number)
    found, at_desk = (rewrite(site, "SELECT title, body FROM " + index
                              + " WHERE rowid = ?", number)
                      for index in ("article_search", "draft_search"))
    equal([row[0] for row in revisions], list(range(1, version + 1)),
          "versions of %d" % number)
    equal(revisions[-1][1:], (title, body), "the last revision")
    if not title.startswith("Title"):
        return
    word = title.split()[1]
    assert body.startswith("Body *%s*." % word), body[:100]
    equal(body, text_with(word, len(body)), "text")
    assert "<em>%s</em>" % word in html, html
    equal(tags, [("tag-" + word,)], "tags")
    equal((len(found), len(at_desk)),
          (1, 0) if status == "published" else (0, 1), "rows of the indexes")
    (found_title, found_text), = found or at_desk
    assert word in found_title and word in found_text, (found, at_desk)


def assert_indexes_are_whole(site):
    """Readers find what is published, and the desk the rest."""
    equal(rewrite(site, "SELECT rowid, 1 FROM article_search"
                  " UNION ALL SELECT rowid, 0 FROM draft_search ORDER BY 1"),
          rewrite(site, "SELECT id, status = 'published'"
                  " AND trashed_at IS NULL FROM article ORDER BY id"),
          "what is found")


def sign_in_by_hand(site, browser, person, created_at=None):
    """A session without its password, which takes a second to compare."""
    token = new_secret()
    now = int(time.time())
    rewrite(site, "INSERT INTO session (token_hash, author_id, created_at,"
            " seen_at, network, browser) SELECT ?, id, ?, ?, 'n', 'b'"
            " FROM author WHERE handle = ?", hash_of(token),
            created_at or now, created_at or now, person.handle)
    browser.put_cookie("byline_session", token)
    return token


def hash_of(token):
    """As tokens are stored."""
    return hashlib.blake2b(token.encode(), digest_size=32).hexdigest()


_original = None
_count = 0


def new_site(**settings):
    """A site with PEOPLE, who can sign in. What was slow is done once."""
    global _original, _count
    _count += 1
    _original = _original or _make_original()
    site = _original.copy("desk site %d" % _count)
    for key, value in settings.items():
        group, _, name = key.partition("__")
        site.configure(group, name, value)
    return site


def add_person(site, person, *options, **more):
    done = web.call(web.programs / "byline", "--site", site.path, "author",
                    "add", person.email, "--name", person.name, "--role",
                    person.role, *options, **more)
    equal(done.returncode, 0, "adding an author: %s" % done.stderr)


def _make_original():
    """To hash a password takes most of a second: all have the same one."""
    site = web.Site("desk original")
    add_person(site, OWNER, "--password-stdin",
               input=PASSWORD.encode() + b"\n")
    for person in PEOPLE[1:]:
        add_person(site, person)
    rewrite(site, "UPDATE author SET password_hash ="
            " (SELECT max(password_hash) FROM author)")
    return site


def link_of(site, *arguments):
    """The code or token of a link that `byline author` prints."""
    said = site.tool("author", *arguments).stdout.decode()
    return note_secret(re.search(r"\?(?:code|token)=([\w-]+)", said)[1])


def setup_code(site):
    return link_of(site, "setup")


class Desk:
    """A site and the desk.fcgi that answers its authors."""

    def __init__(self, workers=2, site=None, env=None, memory=None,
                 **settings):
        self.site = site or new_site(**settings)
        self.env, self.memory = env, memory
        self.start(workers)

    def start(self, workers=2):
        """Each of its processes may have `memory` bytes of address space."""
        name = "desk.fcgi"
        if self.memory:
            name = "desk-%d" % self.memory
            web.write(web.programs / name, '#!/bin/sh\nulimit -v %d\n'
                      'exec "%s" "$@"\n' % (
                          self.memory >> 10, web.programs / "desk.fcgi"))
            (web.programs / name).chmod(0o755)
        self.program = Program(self.site, workers, name=name, env=self.env)

    def stop(self):
        return self.program.stop()

    def browser(self, person=None, **variables):
        """A new browser; of somebody who is signed in already."""
        browser = Browser(self.program, **variables)
        browser.get("/desk/session")
        if person:
            sign_in_by_hand(self.site, browser, person)
        return browser

    def said(self):
        return self.program.said()

    def events(self, name):
        """What was logged of the event `name`, as dicts."""
        return [dict(re.findall(r'(\w+)=("[^"]*"|\S*)', line))
                for line in self.said().splitlines()
                if re.match(r"\S+ \w+ %s( |$)" % re.escape(name), line)]


# ---- routes ----

Route = collections.namedtuple("Route", "method guard pattern")


def routes():
    """The table of routes that is in the program."""
    done = subprocess.run([str(web.BUILD / "tests/web/desk_routes")],
                          capture_output=True, text=True, check=True)
    return [Route(*line.split()) for line in done.stdout.splitlines()]


def static_name(browser):
    """The address of a file that pages of the desk refer to."""
    return re.search(r"/desk/static/[^\"]+",
                     text_of(browser.get("/desk/session")))[0]


def put_into(pattern, **values):
    """`pattern` with what stands in braces filled in; 1 where nothing is
    given."""
    return re.sub(r"{(\w+)}", lambda found: str(values.get(found[1], 1)),
                  pattern)
