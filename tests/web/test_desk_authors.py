#!/usr/bin/env python3
"""What authors change about themselves, and owners about others: the address one
signs in with, what readers see, an account for who had none."""
import re
import sys

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import AUTHOR, EDITOR, OTHER, OWNER, page_of, text_of
from harness import Program, equal

made = {}


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk()
        made["readers"] = Program(made["desk"].site)
    desk.rewrite(made["desk"].site, "DELETE FROM sign_in_failure")
    return made["desk"]


def column(name, handle):
    rows = desk.rewrite(the_desk().site, "SELECT %s FROM author"
                        " WHERE handle = ?" % name, handle)
    return rows[0][0] if rows else None


def read(target):
    the_desk()
    return made["readers"].ask(target)


def imported(name):
    """An author with an article and without an account."""
    site = the_desk().site
    desk.rewrite(site, "INSERT INTO author (handle, name, created_at,"
                 " updated_at) VALUES (?, ?, 0, 0)",
                 name.lower().replace(" ", "-"), name)
    number = the_desk().browser(EDITOR).write("By " + name, authors=name)
    the_desk().browser(EDITOR).publish(number)
    return column("id", name.lower().replace(" ", "-"))


def picture():
    """The address of an image of the library."""
    if "picture" not in made:
        desk.rewrite(
            the_desk().site, "INSERT INTO media (path, original_name,"
            " content_type, size, width, height, created_at) VALUES"
            " ('0123-me.jpg', 'me.jpg', 'image/jpeg', 900000, 2000, 1500, 1)")
        desk.rewrite(
            the_desk().site, "INSERT INTO media_variant SELECT id,"
            " '0123-me-480.webp', 'image/webp', 480, 360, 9000 FROM media")
        made["picture"] = "/media/0123-me.jpg"
    return made["picture"]


# ---- the address of mail ----

def test_a_new_address_signs_in():
    here, there = the_desk().browser(OTHER), the_desk().browser(OTHER)
    before = here.cookies["byline_session"]
    new = desk.note_secret("otto-anew@blog.example")

    answer = here.send("/desk/account", "/desk/account/email", email=new,
                       password=OTHER.password)

    equal(answer.status, 303, "the change: %s" % page_of(answer).problems)
    assert here.is_signed_in() and here.cookies["byline_session"] != before
    assert not there.is_signed_in(), "another session lives"
    event = the_desk().events("account.email_changed")[-1]
    equal(event["account"], OTHER.handle, "logged")
    equal(the_desk().browser().sign_in(OTHER).status, 403, "the old address")
    equal(the_desk().browser().sign_in(OTHER._replace(email=new)).status, 303,
          "the new one")
    desk.rewrite(the_desk().site, "UPDATE author SET email = ?"
                 " WHERE handle = ?", OTHER.email, OTHER.handle)


def test_an_address_that_cannot_be():
    """What was typed comes back, but for the password."""
    browser = the_desk().browser(OTHER)
    for email, password, problem in (
            ("nothing", OTHER.password, "That is no address like"),
            ("", OTHER.password, "That is no address like"),
            (OWNER.email.upper(), OTHER.password, "There is an author with"),
            ("otto2@blog.example", "a wrong one",
             "That is not your password")):
        answer = browser.send("/desk/account", "/desk/account/email",
                              email=email, password=password)
        equal(answer.status, 422, email)
        problems = page_of(answer).problems
        assert len(problems) == 1 and problems[0].startswith(problem), problems
        form = page_of(answer).form("/desk/account/email")
        equal(form.fields["email"], email, "typed")
        equal(form.fields["password"], "", "the password")
        equal(column("email", OTHER.handle), OTHER.email, "stored")
    for _ in range(9):
        answer = browser.send("/desk/account", "/desk/account/email",
                              email="otto2@blog.example", password="wrong one")
    equal(answer.status, 429, "too many tries")


# ---- what readers see ----

def test_a_page_moves_with_its_handle():
    browser = the_desk().browser(AUTHOR)
    browser.publish(browser.write("By Arno"))
    page = browser.get("/desk/account")

    answer = browser.send(page, "/desk/account", handle="Arno of the blog")

    equal(answer.status, 303, "saving: %s" % page_of(answer).problems)
    equal(read("/authors/arno-of-the-blog").status, 200, "the new page")
    for part in ("", "/feed.xml"):
        answer = read("/authors/" + AUTHOR.handle + part)
        equal((answer.status, answer["location"]), (
            301, "/authors/arno-of-the-blog" + part), "the old " + part)
    assert browser.is_signed_in()
    equal(browser.send("/desk/account", "/desk/account",
                       handle=AUTHOR.handle).status, 303, "and back")
    equal(read("/authors/" + AUTHOR.handle).status, 200, "there again")
    answer = browser.send("/desk/account", "/desk/account",
                          handle=OWNER.handle)
    equal((answer.status, page_of(answer).problems),
          (422, ["Olga Owner has it."]), "another's")


def test_a_picture_is_shown_small():
    browser = the_desk().browser(AUTHOR)
    number = browser.write("With a face")
    browser.publish(number)
    answer = browser.send("/desk/account", "/desk/account",
                          picture_path="https://elsewhere.example/a.jpg")
    equal(answer.status, 422, "a picture of elsewhere")
    form = page_of(answer).form("/desk/account")
    equal(form.fields["picture_path"], "https://elsewhere.example/a.jpg",
          "typed")

    equal(browser.send("/desk/account", "/desk/account",
                       picture_path=picture()).status, 303, "a picture")

    for target in ("/articles/with-a-face", "/authors/" + AUTHOR.handle):
        assert re.search(
            r'<img class="face u-photo" src="/media/0123-me-480.webp" alt=""'
            r' width="48" height="48">', text_of(read(target))), target
    page = text_of(browser.get("/desk/account"))
    assert 'class="face" src="/media/0123-me-480.webp"' in page, page
    library = text_of(browser.get("/desk/media"))
    assert "1 author" in library and "not used" not in library
    number, = desk.rewrite(the_desk().site, "SELECT id FROM media")[0]
    assert "The picture of Arno Author" in text_of(browser.get(
        "/desk/media/%d" % number))
    equal(browser.send("/desk/account", "/desk/account",
                       picture_path="").status, 303, "none")
    assert "<img" not in text_of(read("/authors/" + AUTHOR.handle))


# ---- an owner, about another ----

def test_an_owner_edits_an_author():
    number = imported("Ines Imported")
    owner = the_desk().browser(OWNER)
    target = "/desk/authors/%d" % number
    assert target in page_of(owner.get("/desk/authors")).links

    answer = owner.send(target, target + "/profile", name="Ines Vidal",
                        job_title="Gardener", picture_path=picture())

    equal((answer.status, answer["location"]), (303, target + "?said=saved"),
          "saving: %s" % page_of(answer).problems)
    page = text_of(read("/articles/by-ines-imported"))
    assert "Ines Vidal" in page and "Gardener" in page
    assert "/media/0123-me-480.webp" in page
    equal(the_desk().events("author.changed")[-1]["path"], target, "logged")
    equal(owner.get("/desk/authors/99999").status, 404, "nobody")


def test_nobody_takes_back_what_another_changed():
    """The author and the owner have the same form open."""
    author, owner = the_desk().browser(AUTHOR), the_desk().browser(OWNER)
    target = "/desk/authors/%d" % column("id", AUTHOR.handle)
    page = owner.get(target)
    equal(author.send("/desk/account", "/desk/account",
                      biography="What Arno typed.").status, 303, "his")

    answer = owner.send(page, target + "/profile", job_title="Writer")

    equal(answer.status, 409, "hers")
    said = " ".join(page_of(answer).problems)
    assert "What Arno typed." in said and "nothing was saved" in said, said
    equal(column("biography", AUTHOR.handle), "What Arno typed.", "stored")
    form = page_of(answer).form(target + "/profile")
    equal(form.fields["job_title"], "Writer", "typed")
    equal(owner.send(answer, target + "/profile",
                     biography="What Arno typed.").status, 303, "again")
    equal((column("job_title", AUTHOR.handle),
           column("biography", AUTHOR.handle)),
          ("Writer", "What Arno typed."), "both")


def link_of(answer):
    return desk.note_secret(re.search(
        r"/desk/invitation\?token=([\w-]+)", text_of(answer))[1])


def accept(token, **fields):
    browser = the_desk().browser()
    return browser, browser.send(
        "/desk/invitation?token=" + token, "/desk/invitation",
        password=desk.PASSWORD, **fields)


def test_who_was_imported_is_given_an_account():
    number = imported("Vera Void")
    owner = the_desk().browser(OWNER)
    target = "/desk/authors/%d" % number
    answer = owner.send(target, target + "/invitation", email="nothing")
    equal((answer.status, page_of(answer).form(
        target + "/invitation").fields["email"]), (422, "nothing"), "typed")
    email = desk.note_secret("vera@blog.example")
    old = link_of(owner.send(target, target + "/invitation", email=email))
    desk.rewrite(the_desk().site, "UPDATE author SET role = 'editor'"
                 " WHERE id = ?", number)

    answer = owner.send(target, target + "/invitation", email=email)

    equal(answer.status, 200, "making it")
    token = link_of(answer)
    assert "Vera Void" in text_of(answer) and "as editor" in text_of(answer)
    equal(the_desk().browser().get(
        "/desk/invitation?token=" + old).status, 404, "the one before it")
    before = len(desk.rewrite(the_desk().site, "SELECT 1 FROM author"))
    browser, answer = accept(token, email=OWNER.email)
    equal(answer.status, 422, "the address of another")
    browser, answer = accept(token)
    equal(answer.status, 303, "accepting: %s" % page_of(answer).problems)
    equal(desk.rewrite(the_desk().site, "SELECT name, handle, email, role,"
                       " article_count FROM author WHERE id = ?", number),
          [("Vera Void", "vera-void", email, "editor", 1)], "the author")
    equal(len(desk.rewrite(the_desk().site, "SELECT 1 FROM author")), before,
          "authors")
    assert "By Vera Void" in text_of(browser.get("/desk/articles"))
    equal(accept_status(token), 404, "again")
    assert "Signs in as" in text_of(owner.get(target))
    equal(owner.post(target + "/invitation", {
        "form_token": owner.form_token, "email": ""}).status, 409,
        "who has an account")


def accept_status(token):
    return the_desk().browser().get(
        "/desk/invitation?token=" + token).status


def test_an_invitation_takes_no_account_over():
    """Who got one meanwhile, by the shell or another link, keeps it."""
    number = imported("Wim Without")
    owner = the_desk().browser(OWNER)
    target = "/desk/authors/%d" % number
    token = link_of(owner.send(target, target + "/invitation"))
    value, = desk.rewrite(the_desk().site, "SELECT password_hash FROM author"
                          " WHERE handle = ?", OWNER.handle)[0]
    for change in ("password_hash = '%s'" % value, "disabled_at = 1"):
        desk.rewrite(the_desk().site, "UPDATE author SET %s WHERE id = %d" % (
            change, number))
        before = desk.rewrite(the_desk().site, "SELECT * FROM author")

        _, answer = accept(token, email="wim@blog.example")

        equal(answer.status, 404, change)
        equal(desk.rewrite(the_desk().site, "SELECT * FROM author"), before,
              "authors")
        desk.rewrite(the_desk().site, "UPDATE author SET password_hash = NULL,"
                     " disabled_at = NULL WHERE id = ?", number)


desk.run(globals())
