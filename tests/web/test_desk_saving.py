#!/usr/bin/env python3
"""What a save makes of an article: all of what was typed or nothing, in the state that
was asked for, and never into the trash."""
import sys

sys.dont_write_bytecode = True
import desk
from desk import AUTHOR, page_of, rewrite, text_of
from harness import equal

made = {}


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk()
        made["browser"] = made["desk"].browser(AUTHOR)
    return made["desk"]


def the_browser():
    the_desk()
    return made["browser"]


def stored(number, columns):
    return rewrite(the_desk().site,
                   "SELECT %s FROM article WHERE id = ?" % columns, number)[0]


def address_of(number, part=""):
    return "/desk/articles/%d%s" % (number, part)


def test_another_field_of_a_form_that_was_sent_is_no_second_click():
    """Save, back, add a tag, save: the tag is not thrown away with "Saved."."""
    browser = the_browser()
    for fields in ({"tags": "added"}, {"excerpt": "Added."},
                   {"category": "Added"}, {"language": "de"},
                   {"cover_alt": "Added."}, {"kind": "page"},
                   {"description": "Added."}, {"direction": "rtl"},
                   {"series": "Added"}, {"series_number": "2"},
                   {"authors": "Added"}):
        page = browser.get("/desk/articles/new")
        first = browser.send(page, "/desk/articles", "save", title="Back",
                             body="A text.")
        equal(first.status, 303, "first")
        again = browser.send(page, "/desk/articles", "save", title="Back",
                             body="A text.", **fields)
        equal(again.status, 409, "again with %s" % fields)
        number = int(first["location"].split("?")[0].rpartition("/")[2])
        form = page_of(again).form(browser.base + address_of(number), "save")
        for name, value in fields.items():
            equal(form.fields[name], value, "what comes back")


def test_second_click_is_no_conflict():
    browser = the_browser()
    for fields in ({"title": "", "body": "Without a title."},
                   {"title": "  Wide   apart ", "body": "x",
                    "tags": "b, A ,c", "category": " Word "}):
        page = browser.get("/desk/articles/new")
        answers = [browser.send(page, "/desk/articles", "save", **fields)
                   for _ in range(2)]
        equal([answer.status for answer in answers], [303, 303], fields)
        equal(answers[0]["location"], answers[1]["location"], "address")

    number = browser.write("Twice", "One.", tags="one, two")
    page = browser.get(address_of(number))
    answers = [browser.send(page, address_of(number), "save", body="Two.",
                            tags="two, three") for _ in range(2)]
    equal([answer.status for answer in answers], [303, 303], "an old article")
    equal(stored(number, "body, version"), ("Two.", 2), "stored")
    equal(browser.send(page, address_of(number), "save", body="Three.").status,
          409, "another text")


def test_nothing_is_saved_into_the_trash():
    browser = the_browser()
    number = browser.write("Thrown away", "Before.")
    editor = browser.get(address_of(number))
    publication = browser.get(address_of(number, "/publication"))
    equal(browser.send(editor, address_of(number, "/trash")).status, 303,
          "trash")

    answer = browser.send(editor, address_of(number), "save", body="Typed on.")

    equal(answer.status, 422, "saving")
    assert "take it out first" in text_of(answer), text_of(answer)
    equal(page_of(answer).form(browser.base + address_of(number), "save")
          .fields["body"], "Typed on.", "what comes back")
    answer = browser.send(publication, address_of(number, "/publication"),
                          "publish")
    equal(answer.status, 422, "publishing")
    equal(stored(number, "status, body"), ("draft", "Before."), "stored")


def test_what_is_to_be_done_must_be_said():
    """A form without its button publishes nothing."""
    browser = the_browser()
    number = browser.write("Unsaid")
    target = address_of(number, "/publication")
    for fields in ({}, {"action": ""}, {"action": "other"},
                   {"action": "", "published_at": "2100-01-01 12:00"}):
        answer = browser.post(target, {
            "form_token": browser.form_token, "version": "1", **fields})
        equal(answer.status, 422, fields)
        equal(stored(number, "status"), ("draft",), fields)


def test_what_is_sent_again_is_the_same_action():
    """The session is over: taking back, sent again, does not publish."""
    browser = the_browser()
    number = browser.write("Taken back")
    target = address_of(number, "/publication")
    browser.send(target, target, "schedule", published_at="2100-01-01 12:00")
    fields = page_of(browser.get(target)).form(
        browser.base + target, "unpublish").fields
    fields["published_at"] = "2100-01-01 12:00"

    browser.put_cookie("byline_session", "x" * 43)
    answer = browser.post(target, {**fields, "action": "unpublish"})

    again = page_of(answer).form(browser.base + target).fields
    equal(again["action"], "unpublish", "what is sent again")
    browser.sign_in(AUTHOR)
    equal(browser.post(target, again).status, 303, "sent again")
    equal(stored(number, "status"), ("draft",), "stored")


def test_warnings_of_a_text_are_listed_once_it_is_saved():
    browser = the_browser()
    number = browser.write("Doubtful", "A [link](/nowhere.md) and ![](x.png).")
    answer = browser.revise(
        number, body="A [link](nowhere.md), ![](/media/missing.png).")
    equal(answer.status, 303, "saving")
    if "said=saved-with-warnings" not in answer["location"]:
        raise AssertionError(answer["location"])
    listed = text_of(browser.follow(answer))
    assert "Something to look at" in listed, listed
    assert "missing.png" in listed, listed
    listed = text_of(browser.get(address_of(number, "/publication")))
    assert "missing.png" in listed, listed


def test_a_draft_that_is_what_is_stored_is_not_offered():
    browser = the_browser()
    number = browser.write("Kept", "As stored.")
    page = browser.get(address_of(number))

    def keep(**fields):
        answer = browser.send(page, address_of(number), "preview", **fields)
        equal(answer.status, 303, "keeping")
        return text_of(browser.get(address_of(number)))

    assert "never saved" not in keep()
    assert "never saved" in keep(body="Something else.")


desk.run(globals())
