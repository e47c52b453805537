"""One desk for all the tests of a file, and whoever asks it: nobody, or somebody who
stays signed in."""
import desk
from desk import EDITOR, OWNER, put_into

# A word of an article that is the editor's alone.
SECRET = "xylophonic"

made = {}


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk()
    return made["desk"]


def a_browser(person=OWNER, **variables):
    """One that stays signed in, whoever asks for it."""
    name = "%s %s" % (person and person.handle, variables)
    if name not in made:
        made[name] = the_desk().browser(person, **variables)
    return made[name]


def secret_article():
    if "article" not in made:
        made["article"] = a_browser(EDITOR).write(
            "The editor's own", "A secret word: %s." % SECRET)
    return made["article"]


def target_of(route, **values):
    if "file" not in made:
        made["file"] = desk.static_name(a_browser(None))
    return put_into(route.pattern, **{
        "id": secret_article(), "part": "blog",
        "file": made["file"].rpartition("/")[2], **values})


def routes(method=None):
    return [route for route in desk.routes() if method in (None, route.method)]


def assert_nobody_died():
    """Of all that was sent."""
    assert "worker.died" not in the_desk().said(), the_desk().said()[-2000:]
    assert a_browser().is_signed_in()
    desk.assert_whole(the_desk().site)
