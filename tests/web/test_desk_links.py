#!/usr/bin/env python3
"""Links that let in once (requirement 39), what changes who one is (30, 31), and the
events of all that in the log (63)."""
import base64
import concurrent.futures
import contextlib
import fcntl
import hashlib
import hmac
import os
import pathlib
import re
import struct
import sys
import time

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import AUTHOR, EDITOR, OTHER, OWNER, page_of, text_of
from harness import equal, wait_for

NEW_PASSWORD = desk.note_secret("nine boats in the fog")

made = {}


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk()
        made["hash"], = desk.rewrite(made["desk"].site, "SELECT"
                                     " max(password_hash) FROM author")[0]
    desk.rewrite(made["desk"].site, "DELETE FROM sign_in_failure")
    return made["desk"]


def new_desk(workers=2):
    """Of a blog that nobody owns yet."""
    made["count"] = made.get("count", 0) + 1
    return desk.Desk(workers, site=web.Site("new blog %d" % made["count"]))


# ---- links ----

class Link:
    """A link that was made just now: where it leads, and what is sent there."""

    def __init__(self, kind, place, token, **fields):
        self.kind, self.place, self.token = kind, place, token
        self.name = "code" if kind == "setup" else "token"
        self.path = "/desk/" + kind
        self.target = "%s?%s=%s" % (self.path, self.name, token)
        self.fields = {"password": NEW_PASSWORD, **fields}

    def send(self, browser, **changes):
        """From a page that was open before."""
        return browser.post(self.path, {
            "form_token": browser.form_token, self.name: self.token,
            **self.fields, **changes})

    def row(self):
        return desk.rewrite(self.place.site, "SELECT expires_at FROM"
                            " one_time_link WHERE token_hash = ?",
                            desk.hash_of(self.token))


def setup_link():
    place = new_desk()
    return Link("setup", place, desk.setup_code(place.site), title="A blog",
                name="Ada", email=desk.note_secret("ada@blog.example"))


def reset_link(person=OTHER):
    place = the_desk()
    return Link("reset", place, desk.link_of(
        place.site, "reset", person.handle))


def invitation_link(role="author", inviter=OWNER):
    place = the_desk()
    answer = place.browser(inviter).send(
        "/desk/authors", "/desk/authors", name="Ida", role=role)
    equal(answer.status, 200, "an invitation")
    made["ida"] = made.get("ida", 0) + 1
    token = re.search(r"/desk/invitation\?token=([\w-]{43})", text_of(answer))
    return Link("invitation", place, desk.note_secret(token[1]),
                name="Ida %d" % made["ida"], email=desk.note_secret(
                    "ida-%d@blog.example" % made["ida"]))


LINKS = (setup_link, reset_link, invitation_link)


def test_39_links_are_stored_as_hashes_and_expire():
    for make in LINKS:
        link = make()
        (expires_at,), = link.row()
        left = expires_at - time.time()
        assert 6 * 86400 < left <= 7 * 86400, "%s: %d s" % (link.kind, left)
        assert re.fullmatch(r"[\w-]{43}", link.token), link.token
        stored = b"".join(path.read_bytes() for path in
                          link.place.site.path.glob("byline.db*"))
        assert link.token.encode() not in stored, link.kind


def test_39_a_link_is_used_once():
    """Whoever looks at links before their reader does, scanners, use none up:
    50 times GET, HEAD and forms without a token. Then it works for one of two
    who send it at the same moment, and never again."""
    for make in LINKS:
        link = make()
        for n in range(50):
            scanner = link.place.browser(HTTP_USER_AGENT="Scanner/%d" % n)
            equal(scanner.get(link.target).status, 200, link.kind)
            equal(scanner.ask(link.target, "HEAD").status, 200, link.kind)
            equal(scanner.post(link.path, {link.name: link.token,
                                           **link.fields}).status, 403,
                  "a form without its token")
        browsers = [link.place.browser() for _ in range(2)]
        before = desk.counts_of(link.place.site)["author"]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(
                lambda browser: browser.send(link.target, link.path,
                                             **link.fields), browsers))
        # Who comes second to set a blog up is sent to sign in.
        let_in = [answer.status == 303 and answer["location"] != "/desk/session"
                  for answer in answers]
        equal(let_in.count(True), 1, "%s: %s" % (link.kind, answers))
        statuses = {answer.status for answer in answers}
        assert statuses <= {303, 403, 404, 422, 503}, statuses
        equal(link.row(), [], link.kind + " is used up")
        equal(desk.counts_of(link.place.site)["author"] - before,
              link.kind != "reset", "authors made")

        browser = browsers[let_in.index(True)]
        before = desk.tables_of(link.place.site)
        other = link.place.browser()
        status = other.get(link.target).status
        equal(status, 303 if link.kind == "setup" else 404, "looking again")
        for again in (browser, other):
            answer = link.send(again, password="another of mine")
            equal(answer.status, 303 if link.kind == "setup" else 404,
                  link.kind + " again")
        equal(desk.changed_tables(before, desk.tables_of(link.place.site)), [],
              "tables changed by using it again")


def test_39_links_that_are_over():
    for make in LINKS:
        link = make()
        for expires_at in (int(time.time()), int(time.time()) + 100 * 86400):
            desk.rewrite(link.place.site, "UPDATE one_time_link SET"
                         " expires_at = ? WHERE token_hash = ?", expires_at,
                         desk.hash_of(link.token))
            browser = link.place.browser()
            wanted = 403 if link.kind == "setup" else 404
            equal(browser.get(link.target).status, wanted, link.kind)
            equal(link.send(browser).status, wanted, link.kind)
            assert link.row(), "it was used up"


def test_39_a_link_is_for_one_purpose():
    links = [reset_link(), invitation_link()]
    foreign = setup_link()
    for link in links:
        for other in (*links, foreign):
            if other.kind == link.kind:
                continue
            browser = other.place.browser()
            # The same token in the other blog, too.
            desk.rewrite(other.place.site, "INSERT OR IGNORE INTO one_time_link"
                         " (token_hash, purpose, author_id, created_at,"
                         " expires_at) SELECT ?, ?, (SELECT min(id) FROM"
                         " author), unixepoch(), unixepoch() + 1000",
                         desk.hash_of(link.token), link.kind)
            target = "%s?%s=%s" % (other.path, other.name, link.token)
            before = desk.tables_of(other.place.site)
            assert browser.get(target).status in (403, 404), (target, other)
            equal(browser.post(other.path, {
                "form_token": browser.form_token, **other.fields,
                other.name: link.token}).status,
                403 if other.kind == "setup" else 404, "%s by %s" % (
                    other.kind, link.kind))
            equal(desk.changed_tables(before, desk.tables_of(
                other.place.site)), [], "tables changed")


def test_39_hashes_of_tokens_open_nothing():
    link = reset_link()
    browser = link.place.browser()
    for wrong in (desk.hash_of(link.token), link.token[:-1], link.token + "A",
                  link.token.lower(), "", "%", link.token + " "):
        equal(browser.post("/desk/reset", {
            "form_token": browser.form_token, "token": wrong,
            "password": NEW_PASSWORD}).status, 404, repr(wrong))
    assert link.row(), "it was used up"


def test_39_who_has_no_link_costs_no_hash():
    """Half a second of the processor and 256 MB are for who may have them."""
    place = new_desk(workers=1)
    browser = place.browser()
    pid, = place.program.workers()

    def spent():
        return int(pathlib.Path("/proc/%d/schedstat" % pid).read_text()
                   .split()[0]) / 1e9

    before = spent()
    for path in ("/desk/setup", "/desk/reset", "/desk/invitation"):
        for token in ("", desk.new_secret()):
            answer = browser.post(path, {
                "form_token": browser.form_token, "code": token,
                "token": token, "title": "Mine", "name": "Me", "email":
                "me@blog.example", "password": NEW_PASSWORD})
            assert answer.status in (403, 404), answer
    used = spent() - before

    assert used < (1 if web.is_sanitized() else 0.15), "%g s" % used


def test_39_an_invitation_makes_nobody_more():
    """Whatever the form says of it: the role is the link's."""
    link = invitation_link("editor")
    browser = link.place.browser()
    equal(link.send(browser, role="owner", is_owner="1", purpose="setup"
                    ).status, 303, "accepted")
    found, = desk.rewrite(link.place.site, "SELECT role FROM author"
                          " WHERE email = ?", link.fields["email"])[0]
    equal(found, "editor", "role")
    equal(browser.get("/desk/authors").status, 403, "authors for an editor")


def test_39_an_invitation_takes_nobody_over():
    """Not by the address of somebody who is there."""
    link = invitation_link("owner")
    before = desk.tables_of(link.place.site)
    answer = link.send(link.place.browser(), email=OWNER.email.upper())
    equal(answer.status, 422, "the owner's address")
    equal(desk.changed_tables(before, desk.tables_of(link.place.site)), [],
          "tables changed")


def test_what_is_wrong_with_a_name_stands_at_the_name():
    for link in (invitation_link(), setup_link()):
        browser = link.place.browser()
        for name, words in (("", "needs a name"), ("N" * 201, "characters")):
            answer = link.send(browser, name=name)
            equal(answer.status, 422, "%s of %s" % (link.kind, name))
            problem, = page_of(answer).problems
            assert words in problem, problem
            at = text_of(answer).index(problem)
            assert text_of(answer).rindex('name="', 0, at) == text_of(
                answer).index('name="name"'), problem


def test_39_the_first_page_is_for_who_has_the_code():
    place = new_desk()
    code = desk.setup_code(place.site)
    stranger = place.browser()
    for target in ("/desk", "/desk/session", "/desk/articles"):
        equal(stranger.get(target)["location"], "/desk/setup", target)
    equal(stranger.get("/desk/setup").status, 403, "without a code")
    equal(stranger.post("/desk/setup", {
        "form_token": stranger.form_token}).status, 403, "nor anything else")
    before = desk.tables_of(place.site)
    equal(stranger.post("/desk/setup", {
        "form_token": stranger.form_token, "title": "Mine", "name": "Me",
        "email": "me@blog.example", "password": NEW_PASSWORD,
        "code": desk.new_secret()}).status, 403, "with another code")
    equal(desk.changed_tables(before, desk.tables_of(place.site)), [],
          "tables changed")

    owner = place.browser()
    equal(owner.send("/desk/setup?code=" + code, "/desk/setup", title="Mine",
                     name="Me", email=desk.note_secret("me@blog.example"),
                     password=NEW_PASSWORD).status, 303, "with the code")
    assert owner.is_signed_in()
    assert not stranger.is_signed_in()

    # Whatever is wrong with what is sent by then, it is no first page.
    for fields in ({}, {"email": "no address"}, {"code": code}):
        answer = stranger.post("/desk/setup", {
            "form_token": stranger.form_token, **fields})
        equal((answer.status, answer["location"]), (303, "/desk/session"),
              "once it is set up: %s" % fields)
    place.stop()


def test_39_a_trial_makes_no_link():
    """--test prints none and stores none: the real start does."""
    site = web.Site("a blog on trial")
    desk.rewrite(site, "DELETE FROM one_time_link")
    before = desk.tables_of(site)

    trial = web.call(web.programs / "desk.fcgi", "--site", site.path, "--test")

    equal(trial.returncode, 0, trial.stderr)
    assert b"set your blog up" not in trial.stderr, "a link"
    equal(desk.changed_tables(before, desk.tables_of(site)), [], "tables")
    place = desk.Desk(site=site)
    code = re.search(r"set your blog up at \S+/desk/setup\?code=([\w-]{43})",
                     place.said())
    assert code, place.said()
    desk.note_secret(code[1])
    equal(place.browser().get("/desk/setup?code=" + code[1]).status, 200,
          "by that link")
    place.stop()


# ---- 30, 31: what changes who one is ----

def change_password(browser, person, new):
    return browser.send("/desk/account", "/desk/account/password",
                        password=person.password, new_password=new)


def give_back(person):
    """The password that everybody has."""
    desk.rewrite(the_desk().site, "UPDATE author SET password_hash = ?"
                 " WHERE handle = ?", made["hash"], person.handle)


def test_31_a_new_password_ends_all_other_sessions():
    here, there = the_desk().browser(EDITOR), the_desk().browser(EDITOR)
    other = the_desk().browser(OTHER)
    before = here.cookies["byline_session"]

    equal(change_password(here, EDITOR, NEW_PASSWORD).status, 303, "changing")

    assert here.is_signed_in() and other.is_signed_in()
    assert here.cookies["byline_session"] != before, "the token is the old one"
    there_before = here.copy()
    there_before.put_cookie("byline_session", before)
    for old in (there, there_before):
        assert sum(old.is_signed_in() for _ in range(50)) == 0, "it lives"
    equal(the_desk().browser().sign_in(EDITOR).status, 403, "the old one")
    give_back(EDITOR)


def test_31_a_wrong_password_changes_nothing():
    browser = the_desk().browser(EDITOR)
    wrong = EDITOR._replace(password="a wrong one")
    before = desk.rewrite(the_desk().site, "SELECT * FROM author")

    equal(change_password(browser, wrong, NEW_PASSWORD).status, 422, "status")

    equal(desk.rewrite(the_desk().site, "SELECT * FROM author"), before,
          "authors")
    assert browser.is_signed_in()


def test_31_a_reset_ends_every_session():
    link = reset_link(OTHER)
    sessions = [link.place.browser(OTHER) for _ in range(3)]
    browser = link.place.browser()

    equal(link.send(browser).status, 303, "the reset")

    for session in sessions:
        assert not session.is_signed_in(), "a session lives"
    give_back(OTHER)


@contextlib.contextmanager
def nobody_hashes(site):
    """Who compares or hashes a password waits meanwhile (some 5 s at most)."""
    turn = os.open(site.path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        os.close(turn)


def overtaken(send, meanwhile):
    """The answer to `send()`, which asks for the password: while it waits for
    its turn to compare that, `meanwhile()` is done."""
    site = the_desk().site
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with nobody_hashes(site):
            result = pool.submit(send)
            wait_for(lambda: desk.rewrite(
                site, "SELECT 1 FROM sign_in_failure"), 4, "the try")
            meanwhile()
        return result.result()


def test_31_a_change_under_way_undoes_no_reset():
    """What a thief began before the owner set the password anew. Each half of
    a reset alone is enough."""
    def sign_out(person):
        desk.rewrite(the_desk().site, "DELETE FROM session WHERE author_id ="
                     " (SELECT id FROM author WHERE handle = ?)",
                     person.handle)

    def set_anew(person):
        desk.rewrite(the_desk().site, "UPDATE author SET password_hash = ?"
                     " WHERE handle = ?", made["hash"] + " ", person.handle)

    def columns():
        return desk.rewrite(
            the_desk().site, "SELECT password_hash, code_secret,"
            " (SELECT group_concat(code_hash) FROM recovery_code"
            " WHERE author_id = author.id) FROM author ORDER BY id")

    def turn_on(browser):
        page = browser.get("/desk/account/codes")
        secret = page_of(page).form("/desk/account/codes").fields["secret"]
        return lambda: browser.send(
            page, "/desk/account/codes", code=code_of(desk.note_secret(
                secret)), password=OTHER.password)

    def turn_off(browser):
        desk.rewrite(the_desk().site, "UPDATE author SET code_secret = ?"
                     " WHERE handle = ?", "A" * 32, OTHER.handle)
        page = browser.get("/desk/account")
        return lambda: browser.send(page, "/desk/account/codes/end",
                                    password=OTHER.password)

    def renew(browser):
        turn_off(browser)
        page = browser.get("/desk/account")
        return lambda: browser.send(page, "/desk/account/codes/renew",
                                    password=OTHER.password)

    def change(browser):
        page = browser.get("/desk/account")
        return lambda: browser.send(
            page, "/desk/account/password", password=OTHER.password,
            new_password=NEW_PASSWORD)

    for make in (change, turn_on, turn_off, renew):
        for reset in (sign_out, set_anew):
            thief = the_desk().browser(OTHER)
            send, seen = make(thief), []

            answer = overtaken(send, lambda: seen.append(
                reset(OTHER) or columns()))

            what = "%s, %s" % (make.__name__, reset.__name__)
            equal(answer.status, 409, what)
            equal(columns(), seen[0], what)
            equal(thief.is_signed_in(), reset == set_anew, what)
            give_back(OTHER)
            desk.rewrite(the_desk().site, "UPDATE author"
                         " SET code_secret = NULL")


def test_27_a_new_password_is_for_one_browser():
    """A thief's browser is a stranger's again: by a change of the password, a
    reset, turning codes on or off, new recovery codes, and by signing out
    everywhere else. One's own goes on."""
    site = the_desk().site

    def turn_codes_on(own):
        page = own.get("/desk/account/codes")
        secret = desk.note_secret(page_of(page).form(
            "/desk/account/codes").fields["secret"])
        return own.send(page, "/desk/account/codes", code=code_of(secret),
                        password=OTHER.password)

    def turn_codes_off(own):
        desk.rewrite(site, "UPDATE author SET code_secret = 'x'"
                     " WHERE handle = ?", OTHER.handle)
        return own.send("/desk/account", "/desk/account/codes/end",
                        password=OTHER.password)

    def renew(own):
        desk.rewrite(site, "UPDATE author SET code_secret = 'x'"
                     " WHERE handle = ?", OTHER.handle)
        return own.send("/desk/account", "/desk/account/codes/renew",
                        password=OTHER.password)

    def known():
        return {value for value, in desk.rewrite(
            site, "SELECT token_hash FROM known_browser WHERE author_id ="
            " (SELECT id FROM author WHERE handle = ?)", OTHER.handle)}

    def know():
        browser = the_desk().browser(OTHER)
        token = browser.cookies["byline_browser"] = desk.new_secret()
        desk.rewrite(site, "INSERT INTO known_browser SELECT ?, id,"
                     " unixepoch() FROM author WHERE handle = ?",
                     desk.hash_of(token), OTHER.handle)
        return browser, desk.hash_of(token)

    for act in (turn_codes_on, turn_codes_off, renew,
                lambda own: change_password(own, OTHER, NEW_PASSWORD),
                lambda own: reset_link(OTHER).send(own),
                lambda own: own.send("/desk/account",
                                     "/desk/account/sessions/end")):
        own, token = know()
        assert know()[1] in known() and token in known(), "nothing to forget"
        answer = act(own)
        equal(answer.status, 200 if act in (turn_codes_on, renew) else 303,
              "the act")
        equal(known(), {token}, "known browsers")
        give_back(OTHER)
        desk.rewrite(site, "UPDATE author SET code_secret = NULL")


def test_27_a_reset_gets_its_owner_in_whoever_guesses():
    """Who has the shell is not kept waiting by strangers who never stop."""
    link = reset_link(OWNER)
    hold = ("INSERT INTO sign_in_failure VALUES (?, ?, 99, unixepoch(),"
            " unixepoch() + 800)")
    for scope, key in (("account", desk.hash_of(OWNER.email)), ("all", "")):
        desk.rewrite(link.place.site, hold, scope, key)
    browser, other = link.place.browser(), link.place.browser()
    equal(other.sign_in(OWNER, NEW_PASSWORD).status, 429, "while they guess")

    equal(link.send(browser).status, 303, "the reset")

    equal(browser.sign_in(OWNER, NEW_PASSWORD).status, 303, "in this browser")
    equal(other.sign_in(OWNER, NEW_PASSWORD).status, 429, "in another")
    give_back(OWNER)


def set_role(person, role):
    browser = the_desk().browser(OWNER)
    number, = desk.rewrite(made["desk"].site, "SELECT id FROM author"
                           " WHERE handle = ?", person.handle)[0]
    return browser.send("/desk/authors", "/desk/authors/%d" % number,
                        role=role)


def test_30_another_role_is_another_session():
    """What an author was signed in as does not become what an editor is."""
    browser = the_desk().browser(AUTHOR)
    equal(set_role(AUTHOR, "author").status, 303, "no change")
    assert browser.is_signed_in(), "nothing was changed"

    for role in ("editor", "author"):
        browser = the_desk().browser(AUTHOR)
        equal(set_role(AUTHOR, role).status, 303, role)
        assert not browser.is_signed_in(), "still signed in, now as " + role


def test_30_who_is_no_owner_any_more_lets_nobody_in():
    """Not by invitations of before, which could make an owner again."""
    set_role(AUTHOR, "owner")
    link, other = invitation_link("owner", AUTHOR), invitation_link("owner")

    equal(set_role(AUTHOR, "owner").status, 303, "no change")
    assert link.row(), "nothing was changed"
    equal(set_role(AUTHOR, "editor").status, 303, "going down")

    equal(link.place.browser().get(link.target).status, 404, "looking")
    equal(link.send(link.place.browser()).status, 404, "coming in")
    assert other.row(), "an invitation of another"
    set_role(AUTHOR, "author")


def code_of(secret):
    """RFC 6238, as an app on a telephone has it."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(
        ">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff
    return "%06d" % (number % 1000000)


def recovery_codes(answer):
    codes = [desk.note_secret(code) for code in re.findall(
        r"<code>([^<]+)</code>", text_of(answer))]
    assert len(codes) >= 8, codes
    return codes


def test_30_codes_are_another_session():
    here, there = the_desk().browser(EDITOR), the_desk().browser(EDITOR)
    page = here.get("/desk/account/codes")
    secret = desk.note_secret(page_of(page).form(
        "/desk/account/codes").fields["secret"])
    before = here.cookies["byline_session"]

    answer = here.send(page, "/desk/account/codes", code=code_of(secret),
                       password=EDITOR.password)
    equal(answer.status, 200, "turning them on: %s" % page_of(answer).problems)
    recovery = recovery_codes(answer)
    assert here.is_signed_in() and here.cookies["byline_session"] != before
    assert not there.is_signed_in(), "another session lives"

    for code, status in ((None, 403), (code_of(secret), 403),
                         (recovery[0], 303), (recovery[0], 403)):
        desk.rewrite(made["desk"].site, "DELETE FROM sign_in_failure")
        there = the_desk().browser()
        equal(there.sign_in(EDITOR, code=code).status, status, "code %s" % code)
        if status == 303:
            signed_in = there
    before = here.cookies["byline_session"]
    equal(here.send("/desk/account", "/desk/account/codes/end",
                    password=EDITOR.password).status, 303, "turning them off")
    assert here.is_signed_in() and here.cookies["byline_session"] != before
    assert not signed_in.is_signed_in(), "another session lives"


def codes_on(browser, person):
    """Turn codes on; the recovery codes."""
    page = browser.get("/desk/account/codes")
    secret = desk.note_secret(page_of(page).form(
        "/desk/account/codes").fields["secret"])
    return recovery_codes(browser.send(
        page, "/desk/account/codes", code=code_of(secret),
        password=person.password))


def test_30_new_recovery_codes_end_the_old_ones():
    browser = the_desk().browser(EDITOR)
    old = codes_on(browser, EDITOR)
    secret = desk.rewrite(made["desk"].site, "SELECT code_secret FROM author"
                          " WHERE handle = ?", EDITOR.handle)

    answer = browser.send("/desk/account", "/desk/account/codes/renew",
                          password="a wrong one")
    equal((answer.status, page_of(answer).problems),
          (422, ["That is not your password."]), "a wrong password")
    answer = browser.send(answer, "/desk/account/codes/renew",
                          password=EDITOR.password)
    equal(answer.status, 200, "renewing")
    new = recovery_codes(answer)

    assert browser.is_signed_in()
    assert not set(old) & set(new), "codes that stayed"
    equal(desk.rewrite(made["desk"].site, "SELECT code_secret FROM author"
                       " WHERE handle = ?", EDITOR.handle), secret, "the app")
    for code, status in ((old[0], 403), (new[0], 303), (new[0], 403)):
        desk.rewrite(made["desk"].site, "DELETE FROM sign_in_failure")
        equal(the_desk().browser().sign_in(EDITOR, code=code).status, status,
              "code %s" % code)
    page = browser.get("/desk/account")
    desk.rewrite(made["desk"].site, "DELETE FROM sign_in_failure")
    equal(browser.send(page, "/desk/account/codes/end",
                       password=EDITOR.password).status, 303, "turning off")
    answer = browser.send(page, "/desk/account/codes/renew",
                          password=EDITOR.password)
    equal(answer.status, 409, "where none are asked for any more")
    equal(desk.rewrite(
        made["desk"].site, "SELECT count(*) FROM recovery_code JOIN author"
        " ON author.id = author_id WHERE handle = ?", EDITOR.handle), [(0,)],
        "codes of nothing")


def test_30_a_wrong_password_keeps_the_form():
    """Turning codes on: with the secret that the app has. Turning them off."""
    browser = the_desk().browser(EDITOR)
    page = browser.get("/desk/account/codes")
    secret = desk.note_secret(page_of(page).form(
        "/desk/account/codes").fields["secret"])

    for n in range(2):
        page = browser.send(page, "/desk/account/codes", code=code_of(secret),
                            password="a wrong one")
        equal(page.status, 422, "a wrong password")
        equal(page_of(page).form("/desk/account/codes").fields["secret"],
              secret, "the secret, again")
        equal(page_of(page).problems, ["That is not your password."], "said")
    equal(browser.send(page, "/desk/account/codes", code=code_of(secret),
                       password=EDITOR.password).status, 200, "turning on")

    page = browser.send("/desk/account", "/desk/account/codes/end",
                        password="a wrong one")
    equal(page.status, 422, "a wrong password")
    equal(page_of(page).problems, ["That is not your password."], "said")
    equal([form.action for form in page_of(page).forms if "account" in
           form.action], ["/desk/account/codes/end"], "forms of the account")
    equal(browser.send(page, "/desk/account/codes/end",
                       password=EDITOR.password).status, 303, "turning off")
    page = browser.send("/desk/account", "/desk/account/password", password=
                        "a wrong one", new_password=NEW_PASSWORD)
    equal((page.status, page_of(page).problems),
          (422, ["That is not your password."]), "changing it")

    for _ in range(5):
        page = browser.send("/desk/account", "/desk/account/password",
                            password="a wrong one", new_password=NEW_PASSWORD)
    equal(page.status, 429, "too many tries")
    assert "too many tries" in page_of(page).problems[0], page_of(page).problems
    assert int(page["retry-after"]) > 0


# ---- 63: each event is in the log ----

def logged(name, act, **values):
    """The one event `name` of `act`."""
    place = made.get("desk") or the_desk()
    before = len(place.events(name))
    act()
    events = place.events(name)
    equal(len(events) - before, 1, name)
    for key, value in values.items():
        equal(events[-1].get(key), value, "%s of %s" % (key, name))
    assert events[-1].get("client", "127.0.0.0/24") == "127.0.0.0/24"


def test_63_sign_in_ok():
    browser = the_desk().browser(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux"
                                 " x86_64; rv:140.0) Gecko Firefox/140.0")
    logged("sign_in.ok", lambda: browser.sign_in(OWNER), account=OWNER.handle,
           browser='"Firefox on Linux"')


def test_63_sign_in_failed():
    logged("sign_in.failed", lambda: the_desk().browser().sign_in(
        OWNER, "a wrong one"), account=OWNER.handle, client="127.0.0.0/24")
    logged("sign_in.failed", lambda: the_desk().browser().sign_in(
        OWNER._replace(email="no@blog.example")), account="-")


def test_63_sign_in_throttled():
    place = the_desk()
    desk.rewrite(place.site, "INSERT INTO sign_in_failure VALUES ('account',"
                 " ?, 5, unixepoch(), 0)", desk.hash_of(OWNER.email))
    browser = place.browser()
    logs = []

    logged("sign_in.throttled", lambda: logs.append(browser.sign_in(
        OWNER, "a wrong one").status), account=OWNER.handle)
    desk.rewrite(place.site, "DELETE FROM sign_in_failure")
    equal(logs, [403], "the last one that was compared")


def test_63_sign_out():
    browser = the_desk().browser(AUTHOR)
    logged("sign_out", browser.sign_out, account=AUTHOR.handle)


def test_63_desk_refused():
    browser = the_desk().browser(AUTHOR)
    logged("desk.refused", lambda: browser.get("/desk/settings"),
           account=AUTHOR.handle, method="GET", target="/desk/settings")
    editor = the_desk().browser(EDITOR)
    number = editor.write("The editor's")
    logged("desk.refused", lambda: browser.get("/desk/articles/%d" % number),
           account=AUTHOR.handle)


def test_63_desk_forged():
    browser = the_desk().browser(OWNER)
    logged("desk.forged", lambda: browser.post(
        "/desk/articles", {}, HTTP_SEC_FETCH_SITE="cross-site"),
        reason='"another origin"', target="/desk/articles")
    logged("desk.forged", lambda: browser.post("/desk/articles", {}),
           reason='"no form token"')


def test_63_limits():
    browser = the_desk().browser(OWNER)
    logged("request.refused", lambda: browser.ask(
        "/desk/articles", "POST", b"", CONTENT_LENGTH="9999999"),
        target="/desk/articles")


def test_63_what_changes_who_may_do_what():
    """A role, an invitation and its use, a reset, a new password, sharing."""
    links = []
    logged("author.invited", lambda: links.append(invitation_link("editor")),
           account=OWNER.handle, role="editor")
    logged("account.invited", lambda: links[0].send(links[0].place.browser()),
           role="editor")
    logged("author.role", lambda: set_role(AUTHOR, "editor"),
           account=OWNER.handle, role="editor", author=AUTHOR.handle)
    set_role(AUTHOR, "author")
    reset = reset_link(OTHER)
    logged("account.password_reset", lambda: reset.send(
        reset.place.browser()), account=OTHER.handle)
    give_back(OTHER)
    browser = the_desk().browser(OTHER)
    logged("account.password_changed", lambda: change_password(
        browser, OTHER, NEW_PASSWORD), account=OTHER.handle)
    give_back(OTHER)
    number = browser.write("To be shared")
    logged("article.shared", lambda: desk.note_secret(re.search(
        r"/desk/shared/([\w-]+)", text_of(browser.send(
            "/desk/articles/%d/sharing" % number,
            "/desk/articles/%d/sharing" % number)))[1]), account=OTHER.handle)


def test_63_a_blog_is_set_up():
    link = setup_link()
    link.send(link.place.browser())
    equal(len(link.place.events("desk.set_up")), 1, "desk.set_up")


desk.run(globals())
