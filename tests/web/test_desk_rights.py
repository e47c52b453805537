#!/usr/bin/env python3
"""Who may do what at the desk, and who only seems to do it: requirements 34, 36 and
37."""
import re
import sys

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import AUTHOR, EDITOR, OTHER, OWNER, page_of, text_of
from harness import equal

made = {}


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk()
        hold_hashes(made["desk"].site)
    return made["desk"]


def hold_hashes(site):
    """Whoever would try a password now has to wait: a hash takes half a
    second, and passwords are not what is tried here."""
    hold = ("INSERT OR REPLACE INTO sign_in_failure VALUES (?, ?, 9,"
            " unixepoch(), unixepoch() + 200)")
    desk.rewrite(site, hold, "network", desk.hash_of("127.0.0.1"))
    for number, in desk.rewrite(site, "SELECT id FROM author"):
        desk.rewrite(site, hold, "browser", desk.hash_of("author %d" % number))


def a_browser(person):
    name = person and person.handle
    if name not in made:
        made[name] = the_desk().browser(person)
    if person and not made[name].is_signed_in():
        desk.sign_in_by_hand(the_desk().site, made[name], person)
    return made[name]


def session_of(browser):
    return desk.rewrite(
        the_desk().site, "SELECT id FROM session WHERE token_hash = ?",
        desk.hash_of(browser.cookies["byline_session"]))[0][0]


def author_id(person):
    return desk.rewrite(the_desk().site, "SELECT id FROM author"
                        " WHERE handle = ?", person.handle)[0][0]


def new_term(table):
    """A tag, category or series that one article has."""
    made["terms"] = made.get("terms", 0) + 1
    name = "Word %d" % made["terms"]
    a_browser(AUTHOR).write("With a word", tags=name, category=name,
                            series=name)
    return desk.rewrite(the_desk().site, "SELECT id FROM %s WHERE name = ?" % {
        "tags": "tag", "categories": "category",
        "series": "series"}[table], name)[0][0]


def new_file():
    """A file of the library, uploaded by the author."""
    made["files"] = made.get("files", 0) + 1
    name = "%08d-file.bin" % made["files"]
    web.write(the_desk().site.path / "media" / name, "bytes")
    return desk.rewrite(
        the_desk().site, "INSERT INTO media (path, original_name,"
        " content_type, size, created_at, uploaded_by) VALUES (?, 'file.bin',"
        " 'application/octet-stream', 5, 1, ?) RETURNING id", name,
        author_id(AUTHOR))[0][0]


def make_target(route):
    """The address of something that is the author's own, made just now."""
    if "file" not in made:
        made["file"] = desk.static_name(the_desk().browser()).split("/")[-1]
    values = {"part": "navigation", "token": "1", "file": made["file"]}
    if "/articles/{id}" in route.pattern:
        values["id"] = a_browser(AUTHOR).write("His own", "His own text.")
        if route.pattern.endswith("{id}/restore"):
            desk.rewrite(the_desk().site, "UPDATE article SET trashed_at ="
                         " unixepoch()"
                         " WHERE id = ?", values["id"])
        values["version"] = 1
    elif "/sessions/{id}" in route.pattern:
        values["id"] = session_of(a_browser(AUTHOR))
    elif "/authors/{id}" in route.pattern:
        values["id"] = author_id(OTHER)
    elif "/media/{id}" in route.pattern:
        values["id"] = new_file()
    elif "{id}" in route.pattern:
        values["id"] = new_term(route.pattern.split("/")[3])
    return desk.put_into(route.pattern, **values)


# What each form is sent with, so that it does something where it may.
FIELDS = {
    "/desk/setup": {"title": "T", "name": "N", "email": "a@blog.example",
                    "password": "a long enough one", "code": "x" * 43},
    "/desk/session": {"email": OWNER.email, "password": "wrong enough"},
    "/desk/reset": {"token": "x" * 43, "password": "a long enough one"},
    "/desk/invitation": {"token": "x" * 43, "name": "N", "email":
                         "a@blog.example", "password": "a long enough one"},
    "/desk/account": {"name": "A name", "biography": "Words."},
    "/desk/account/email": {"email": "no address",
                            "password": "wrong enough"},
    "/desk/account/password": {"password": "wrong enough",
                               "new_password": "short"},
    "/desk/account/codes/renew": {"password": "wrong enough"},
    "/desk/account/codes/end": {"password": "wrong enough"},
    "/desk/authors": {"name": "New", "role": "author"},
    "/desk/authors/{id}": {"role": "author"},
    "/desk/authors/{id}/profile": {"name": "A name", "biography": "Words."},
    "/desk/authors/{id}/invitation": {"email": "a@blog.example"},
    "/desk/authors/{id}/access": {"action": "open"},
    "/desk/invitations/end": {"invitation": "x"},
    "/desk/settings/{part}": {"navigation": "About = /about"},
    "/desk/settings/export": {"files": "true"},
    "/desk/settings/redirects": {"from": "/old", "to": "/about"},
    "/desk/settings/redirects/remove": {"path": "/old"},
    "/desk/settings/redirects/import": {"lines": "/older /about"},
    "/desk/media": {"alt": "Words."},
    "/desk/uploads": {"key": "of-nobody-else", "name": "a.bin", "size": "3"},
    "/desk/media/{id}": {"alt": "Words."},
    "/desk/articles": {"title": "New", "body": "A text."},
    "/desk/articles/new/autosave": {"title": "New", "body": "A text.",
                                    "version": "0"},
    "/desk/articles/{id}": {"title": "Changed", "body": "Other words.",
                            "version": "1", "action": "save"},
    "/desk/articles/{id}/autosave": {"title": "Changed", "version": "1",
                                     "body": "Other words."},
    "/desk/articles/{id}/draft": {"key": "k", "action": "discard"},
    "/desk/articles/{id}/publication": {"action": "publish", "version": "1"},
    "/desk/articles/{id}/revisions/{version}/restore": {"version": "1"},
    "/desk/articles/{id}/sharing/end": {"link": "x"},
    "/desk/preview": {"body": "*text*"},
}


def fields_of(route):
    fields = dict(FIELDS.get(route.pattern, {}))
    if route.pattern in ("/desk/articles", "/desk/articles/new/autosave"):
        fields["key"] = desk.new_secret()
    if re.search("(tags|categories|series)/{id}$", route.pattern):
        fields["name"] = "Word of %s" % desk.new_secret()[:8]
    if route.pattern.endswith("/merge"):
        fields["into"] = new_term(route.pattern.split("/")[3])
    return fields


def send(browser, route, target=None, fields=None, **variables):
    """The request that a person makes by the page: a link or a whole form."""
    target = target or make_target(route)
    if route.method == "GET":
        return browser.get(target, **variables)
    return browser.post(target, {
        "form_token": browser.form_token,
        **(fields_of(route) if fields is None else fields)}, **variables)


# ---- 36: who may use which route, on whose article ----

# What nobody, another author, the author, an editor and an owner get. What is
# an article's is about one of the author's own.
VISITORS = (None, OTHER, AUTHOR, EDITOR, OWNER)
MATRIX = {
    "GET /desk": (303, 200, 200, 200, 200),
    "GET /desk/static/{file}": (200, 200, 200, 200, 200),
    "GET /desk/setup": (303, 303, 303, 303, 303),
    "POST /desk/setup": (303, 303, 303, 303, 303),
    "GET /desk/session": (200, 303, 303, 303, 303),
    "POST /desk/session": (429, 429, 429, 429, 429),
    "POST /desk/session/end": (403, 303, 303, 303, 303),
    "GET /desk/reset": (404, 404, 404, 404, 404),
    "POST /desk/reset": (404, 404, 404, 404, 404),
    "GET /desk/invitation": (404, 404, 404, 404, 404),
    "POST /desk/invitation": (404, 404, 404, 404, 404),
    "GET /desk/shared/{token}": (404, 404, 404, 404, 404),
    "GET /desk/account": (303, 200, 200, 200, 200),
    "POST /desk/account": (403, 303, 303, 303, 303),
    "POST /desk/account/email": (403, 422, 422, 422, 422),
    "POST /desk/account/password": (403, 422, 422, 422, 422),
    "GET /desk/account/codes": (303, 200, 200, 200, 200),
    "POST /desk/account/codes": (403, 400, 400, 400, 400),
    "POST /desk/account/codes/renew": (403, 429, 429, 429, 429),
    "POST /desk/account/codes/end": (403, 429, 429, 429, 429),
    "POST /desk/account/sessions/end": (403, 303, 303, 303, 303),
    "POST /desk/account/sessions/{id}/end": (403, 404, 303, 404, 404),
    "GET /desk/authors": (303, 403, 403, 403, 200),
    "POST /desk/authors": (403, 403, 403, 403, 200),
    "GET /desk/authors/{id}": (303, 403, 403, 403, 200),
    "POST /desk/authors/{id}": (403, 403, 403, 403, 303),
    "POST /desk/authors/{id}/profile": (403, 403, 403, 403, 303),
    # Otto has an account.
    "POST /desk/authors/{id}/invitation": (403, 403, 403, 403, 409),
    "POST /desk/authors/{id}/access": (403, 403, 403, 403, 303),
    "POST /desk/invitations/end": (403, 403, 403, 403, 303),
    "GET /desk/media": (303, 200, 200, 200, 200),
    "POST /desk/media": (403, 422, 422, 422, 422),
    "GET /desk/media/{id}": (303, 200, 200, 200, 200),
    "POST /desk/media/{id}": (403, 303, 303, 303, 303),
    "POST /desk/media/{id}/delete": (403, 403, 403, 303, 303),
    "GET /desk/settings": (303, 403, 403, 303, 303),
    "GET /desk/settings/categories": (303, 403, 403, 200, 200),
    "GET /desk/settings/categories/{id}": (303, 403, 403, 200, 200),
    "POST /desk/settings/categories/{id}": (403, 403, 403, 303, 303),
    "GET /desk/settings/categories/{id}/merge": (303, 403, 403, 422, 422),
    "POST /desk/settings/categories/{id}/merge": (403, 403, 403, 303, 303),
    "POST /desk/settings/categories/{id}/delete": (403, 403, 403, 422, 422),
    "GET /desk/settings/tags": (303, 403, 403, 200, 200),
    "GET /desk/settings/tags/{id}": (303, 403, 403, 200, 200),
    "POST /desk/settings/tags/{id}": (403, 403, 403, 303, 303),
    "GET /desk/settings/tags/{id}/merge": (303, 403, 403, 422, 422),
    "POST /desk/settings/tags/{id}/merge": (403, 403, 403, 303, 303),
    "POST /desk/settings/tags/{id}/delete": (403, 403, 403, 422, 422),
    "GET /desk/settings/series": (303, 403, 403, 200, 200),
    "GET /desk/settings/series/{id}": (303, 403, 403, 200, 200),
    "POST /desk/settings/series/{id}": (403, 403, 403, 303, 303),
    "GET /desk/settings/redirects": (303, 403, 403, 200, 200),
    "POST /desk/settings/redirects": (403, 403, 403, 303, 303),
    "POST /desk/settings/redirects/remove": (403, 403, 403, 303, 303),
    "POST /desk/settings/redirects/import": (403, 403, 403, 303, 303),
    "GET /desk/settings/export": (303, 403, 403, 403, 200),
    "POST /desk/settings/export": (403, 403, 403, 403, 200),
    "GET /desk/settings/{part}": (303, 403, 403, 403, 200),
    "POST /desk/settings/{part}": (403, 403, 403, 403, 303),
    "GET /desk/articles": (303, 200, 200, 200, 200),
    "POST /desk/articles": (403, 303, 303, 303, 303),
    "GET /desk/articles/new": (303, 200, 200, 200, 200),
    "GET /desk/articles/new/preview": (303, 200, 200, 200, 200),
    "POST /desk/articles/new/autosave": (403, 200, 200, 200, 200),
    "GET /desk/articles/{id}": (303, 403, 200, 200, 200),
    "POST /desk/articles/{id}": (403, 403, 303, 303, 303),
    "GET /desk/articles/{id}/preview": (303, 403, 200, 200, 200),
    "POST /desk/articles/{id}/autosave": (403, 403, 200, 200, 200),
    "POST /desk/articles/{id}/draft": (403, 403, 303, 303, 303),
    "GET /desk/articles/{id}/publication": (303, 403, 200, 200, 200),
    "POST /desk/articles/{id}/publication": (403, 403, 303, 303, 303),
    "GET /desk/articles/{id}/revisions": (303, 403, 200, 200, 200),
    "GET /desk/articles/{id}/revisions/{version}": (303, 403, 200, 200, 200),
    "POST /desk/articles/{id}/revisions/{version}/restore":
        (403, 403, 303, 303, 303),
    "GET /desk/articles/{id}/sharing": (303, 403, 200, 200, 200),
    "POST /desk/articles/{id}/sharing": (403, 403, 200, 200, 200),
    "POST /desk/articles/{id}/sharing/end": (403, 403, 404, 404, 404),
    "POST /desk/articles/{id}/trash": (403, 403, 303, 303, 303),
    "POST /desk/articles/{id}/restore": (403, 403, 303, 303, 303),
    "POST /desk/preview": (403, 200, 200, 200, 200),
    "POST /desk/pieces/{key}": (403, 400, 400, 400, 400),
    "POST /desk/uploads": (403, 200, 200, 200, 200),
    "POST /desk/uploads/{key}": (403, 400, 400, 400, 400),
    "POST /desk/uploads/{key}/end": (403, 404, 404, 404, 404),
}


def name_of(route):
    return "%s %s" % (route.method, route.pattern)


def test_36_every_route_is_in_the_matrix():
    names = {name_of(route) for route in desk.routes()}

    equal(sorted(names - set(MATRIX)), [], "routes that nobody thought of")
    equal(sorted(set(MATRIX) - names), [], "routes that are gone")


def test_36_every_route_for_everybody():
    site = the_desk().site
    for route in desk.routes():
        for visitor, status in zip(VISITORS, MATRIX[name_of(route)]):
            what = "%s as %s" % (name_of(route), visitor and visitor.handle)
            browser = a_browser(visitor)
            target = make_target(route)
            if visitor and route.pattern.endswith("/end"):
                # Others keep the sessions that they have.
                browser = the_desk().browser(visitor)
            if visitor == AUTHOR and "/sessions/{id}" in route.pattern:
                browser = a_browser(AUTHOR)
            fields = fields_of(route)
            is_reading = status == 403 or route.method == "GET"
            before = desk.tables_of(site) if is_reading else None
            answer = send(browser, route, target, fields)

            equal(answer.status, status, what)
            if is_reading:
                equal(desk.changed_tables(before, desk.tables_of(site)), [],
                      "tables changed by " + what)
            if visitor is None and status == 303 and "setup" not in target:
                assert answer["location"].startswith("/desk/session"), what
            if status in (403, 303):
                assert "His own text" not in text_of(answer), what


def test_36_guards_are_what_the_table_says():
    """The column of the table and what has been seen above are the same."""
    allowed = {"anybody": 5, "file": 5, "author": 4, "editor": 2, "owner": 1}
    for route in desk.routes():
        statuses = MATRIX[name_of(route)]
        if route.guard in ("anybody", "file"):
            assert not route.pattern.startswith(("/desk/art", "/desk/auth",
                                                 "/desk/acc", "/desk/set/"))
            continue
        refused = 303 if route.method == "GET" else 403
        equal(statuses[0], refused, name_of(route) + " for nobody")
        most = 5 - allowed[route.guard]
        assert set(statuses[1:most]) <= {403}, name_of(route)


def test_36_a_session_of_another_blog_is_none():
    foreign = desk.Desk()
    browser = the_desk().browser()
    stranger = foreign.browser(OWNER)
    browser.cookies["byline_session"] = stranger.cookies["byline_session"]
    for route in desk.routes():
        if route.guard not in ("anybody", "file"):
            equal(send(browser, route).status, MATRIX[name_of(route)][0],
                  name_of(route))
    foreign.stop()


def test_36_a_list_shows_authors_their_own():
    a_browser(AUTHOR).write("A plan of Arno's")
    for person, is_shown in ((AUTHOR, True), (OTHER, False), (EDITOR, True)):
        for target in ("/desk/articles", "/desk/articles?q=plan",
                       "/desk/articles?list=drafts"):
            text = text_of(a_browser(person).get(target))
            equal("A plan of Arno" in text, is_shown, "%s for %s" % (
                target, person.handle))


def test_36_the_key_of_a_form_opens_no_article_of_others():
    """Who sends the key of a form that made another's article sees nothing of
    it, and changes nothing."""
    key = desk.new_secret()
    mine = a_browser(AUTHOR)
    fields = {"title": "His own", "body": "A secret of Arno's.", "key": key}
    equal(mine.post("/desk/articles", {
        "form_token": mine.form_token, **fields}).status, 303, "his")
    other = a_browser(OTHER)

    for target in ("/desk/articles", "/desk/articles/new/autosave"):
        for body in ("Something else.", fields["body"]):
            answer = other.post(target, {
                "form_token": other.form_token, **fields, "body": body})
            equal(answer.status, 403, target)
            if body != fields["body"]:
                assert "secret of Arno" not in text_of(answer), target


def test_36_a_draft_is_its_authors_alone():
    """What one has typed and not saved is not shown to another editor, who may
    change the article, nor thrown away by them."""
    number = a_browser(AUTHOR).write("Shared work")
    target = "/desk/articles/%d" % number
    key = desk.new_secret()
    mine, other = a_browser(AUTHOR), a_browser(EDITOR)
    equal(mine.post(target + "/autosave", {
        "form_token": mine.form_token, "key": key, "version": 1,
        "body": "Half a thought."}).status, 200, "keeping it")

    for answer in (other.get(target), other.get(target + "?draft=" + key),
                   other.get(target + "/preview?key=" + key),
                   other.post(target + "/draft", {
                       "form_token": other.form_token, "key": key,
                       "action": "discard"}),
                   other.post(target + "/autosave", {
                       "form_token": other.form_token, "key": key,
                       "version": 1, "body": "Another's."})):
        assert "Half a thought" not in text_of(answer), answer

    fields = page_of(mine.get(target + "?draft=" + key)).form(
        target, "save").fields
    equal(fields["body"], "Half a thought.", "what was kept")


# ---- 34: who sends a form ----

SITES = ("cross-site", "same-site", "none", "same-origin", "Same-Origin", None)
ORIGINS = ("null", "http://evil.example", web.ORIGIN, "http://blog.example",
           "https://blog.example:8080", web.ORIGIN + ".evil.example", "", None)


def is_from_here(site, origin):
    if site is not None:
        return site in ("none", "same-origin")
    return origin in (web.ORIGIN, "", None)


def forged_requests(browser):
    """Headers, token in the form, and whether such a request is ours."""
    stranger = the_desk().browser().form_token
    right = browser.form_token
    tokens = ((right, True), (None, False), ("x" * 32, False), ("", False),
              (stranger, False), (right[:-1], False), (right + "0", False))
    for site in SITES:
        for origin in ORIGINS:
            for token, is_right in tokens:
                yield ({"HTTP_SEC_FETCH_SITE": site, "HTTP_ORIGIN": origin},
                       token, is_right and is_from_here(site, origin))


def post_routes():
    return [route for route in desk.routes() if route.method == "POST"]


def test_34_forged_forms_change_nothing():
    browser = a_browser(OWNER)
    targets = {route: (make_target(route), fields_of(route))
               for route in post_routes()}
    requests = [request for request in forged_requests(browser)
                if not request[2]]
    before = desk.tables_of(the_desk().site)
    logged = len(the_desk().events("desk.forged"))

    for route, (target, fields) in targets.items():
        for headers, token, _ in requests:
            extra = {} if token is None else {"form_token": token}
            answer = browser.post(target, {**fields, **extra}, **headers)
            what = "%s %s %s" % (route.pattern, headers, token)
            equal(answer.status, 403, what)

    equal(desk.changed_tables(before, desk.tables_of(the_desk().site)), [],
          "tables changed")
    equal(len(the_desk().events("desk.forged")) - logged,
          len(targets) * len(requests), "forged forms in the log")


def test_34_own_forms_are_taken():
    """All kinds of them by one route, two kinds by every route."""
    own = [headers for headers, _, is_own in forged_requests(a_browser(OWNER))
           if is_own]
    equal(len(own), 2 * len(ORIGINS) + 3, "kinds")
    for headers in own:
        equal(a_browser(OWNER).post("/desk/preview", {
            "form_token": a_browser(OWNER).form_token, "body": "x"},
            **headers).status, 200, repr(headers))

    for route in post_routes():
        for headers in (own[0], {"HTTP_SEC_FETCH_SITE": None,
                                 "HTTP_ORIGIN": web.ORIGIN}):
            browser = the_desk().browser(OWNER)
            equal(send(browser, route, **headers).status,
                  MATRIX[name_of(route)][4], "%s %s" % (
                      route.pattern, headers))


def test_34_a_script_sends_its_token_in_a_header():
    browser = a_browser(OWNER)
    right, fields = browser.form_token, {"body": "*text*"}
    for header, token, status in (
            (right, None, 200), (right, "x", 200), ("x", right, 403),
            ("", right, 403), (right.upper(), None, 403)):
        sent = {**fields, **({"form_token": token} if token else {})}
        equal(browser.post("/desk/preview", sent,
                           HTTP_X_FORM_TOKEN=header).status, status,
              "%r in the header, %r in the form" % (header, token))


def test_34_forms_of_other_types():
    """What a page of another site can send without asking first, and more."""
    browser = a_browser(OWNER)
    part = '--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    token = browser.form_token
    before = desk.counts_of(the_desk().site)
    for kind, body in (
            ("text/plain", "title=Forged&form_token=" + token),
            ("text/plain", "form_token=" + token), ("", "form_token=" + token),
            ("application/json", '{"form_token": "%s"}' % token),
            ("application/x-www-form-urlencodedx", "form_token=" + token),
            ("multipart/form-data; boundary=b", part % ("title", "Forged")),
            ("multipart/form-data", part % ("form_token", token) + "--b--"),
            ("multipart/form-data; boundary=c",
             part % ("form_token", token) + "--b--\r\n")):
        for site in ("cross-site", "same-origin", None):
            answer = browser.ask("/desk/articles", "POST", body.encode(),
                                 CONTENT_TYPE=kind, HTTP_SEC_FETCH_SITE=site)
            assert answer.status in (400, 403), (kind, answer)
    equal(desk.counts_of(the_desk().site), before, "rows")

    whole = part % ("form_token", token) + part % ("title", "Whole") + "--b--"
    equal(browser.ask("/desk/articles", "POST", whole.encode() + b"\r\n",
                      CONTENT_TYPE="multipart/form-data; boundary=b").status,
          303, "one of ours")


def test_34_a_token_needs_its_cookie():
    browser = a_browser(OWNER)
    session = "byline_session=" + browser.cookies["byline_session"]
    for cookies in (session, session + "; byline_form=",
                    session + "; byline_form=x",
                    session + "; byline_form=" + desk.new_secret()):
        equal(browser.post("/desk/preview", {
            "form_token": browser.form_token, "body": "x"},
            HTTP_COOKIE=cookies).status, 403, "without the right cookie")


def test_34_a_forged_form_is_not_offered_again():
    """A page that another site has sent a form to is no page from which it is
    sent with one click; and the forms that are open in this browser go on
    working (its cookies do not come with such a request)."""
    browser = a_browser(OWNER)
    for target in ("/desk/articles", "/desk/articles/1", "/desk/session",
                   "/desk/nothing"):
        for headers in ({"HTTP_SEC_FETCH_SITE": "cross-site"},
                        {"HTTP_SEC_FETCH_SITE": None,
                         "HTTP_ORIGIN": "http://evil.example"}):
            answer = browser.post(target, {"title": "Forged", "body": "Forged"},
                                  HTTP_COOKIE=None, **headers)
            assert answer.status in (403, 404), answer
            assert "Forged" not in text_of(answer), "what was sent is offered"
            equal(answer["set-cookie"], "", "a new secret for forms")


def test_34_what_lost_its_token_can_be_sent_again():
    """A form of ours that comes without its cookie (it was cleared) is refused
    with all that was typed, and goes through from there."""
    browser = the_desk().browser(OWNER)
    del browser.cookies["byline_form"]

    answer = browser.post("/desk/articles", {
        "form_token": "x" * 32, "title": "Kept", "body": "All of it."})
    equal(answer.status, 403, "without its token")
    again = browser.send(answer, "/desk/articles")

    equal(again.status, 303, "sent again")


def test_34_reading_changes_nothing():
    for visitor in VISITORS:
        browser = a_browser(visitor)
        targets = [make_target(route) for route in desk.routes()
                   if route.method == "GET"]
        before = desk.tables_of(the_desk().site)
        for target in targets * 2:
            for method in ("GET", "HEAD"):
                browser.ask(target, method)
        equal(desk.changed_tables(before, desk.tables_of(the_desk().site)),
              [], "tables changed by reading, as %s" % (visitor,))


# ---- 37: fields that a form does not have ----

def all_columns():
    site = the_desk().site
    names = set()
    for table in desk.tables_of(site):
        names |= {row[1] for row in desk.rewrite(
            site, "PRAGMA table_info(%s)" % table)}
    return sorted(names)


# What the forms that save an article do have.
OF_AN_ARTICLE = {"title", "slug", "excerpt", "body", "category", "tags",
                 "language", "canonical_url", "cover_path", "cover_alt",
                 "kind", "key", "version", "authors", "description",
                 "direction", "series", "series_number", "authors_shown",
                 "author_ids", "category_shown", "tags_shown",
                 "series_shown"}
OWN_FIELDS = {
    "/desk/articles": OF_AN_ARTICLE,
    "/desk/articles/new/autosave": OF_AN_ARTICLE,
    "/desk/articles/{id}": OF_AN_ARTICLE,
    "/desk/articles/{id}/publication": {"published_at", "version"},
    "/desk/articles/{id}/revisions/{version}/restore": {"version"},
    "/desk/account": {"name", "handle", "job_title", "biography",
                      "picture_path", "website", "time_zone"},
}

# What is new with each save.
PASSING = {"id", "article_id", "slug", "path", "creation_key", "created_at",
           "updated_at", "published_at", "listed_at", "saved_at", "trashed_at",
           "signed_in_at", "editor_key", "article_count", "creation_hash"}


# Tables whose rows somebody made, and not the program for itself.
MADE_BY_PEOPLE = ("article", "author", "autosave", "category", "media",
                  "one_time_link", "preview_link", "recovery_code",
                  "redirect", "revision", "series", "session", "setting",
                  "tag")


def state_of(site, number):
    """What is stored of article `number` and of its author."""
    found = {}
    for table, key, value in (
            ("article", "id", number), ("article_author", "article_id", number),
            ("article_tag", "article_id", number),
            ("revision", "article_id", number),
            ("author", "handle", AUTHOR.handle)):
        names = [row[1] for row in desk.rewrite(
            site, "PRAGMA table_info(%s)" % table) if row[1] not in PASSING]
        if table == "article":
            names.append("trashed_at IS NULL")
        found[table] = sorted(map(repr, desk.rewrite(
            site, "SELECT %s FROM %s WHERE %s = ?" % (
                ", ".join(names), table, key), value)))
    return found


def outcome(route, extra):
    """What comes of the author's sending a form with fields more: the status,
    what is stored, and how many rows there are more."""
    site = the_desk().site
    browser = a_browser(AUTHOR)
    target = make_target(route)
    before = desk.counts_of(site)
    status = browser.post(target, {"form_token": browser.form_token,
                                   **fields_of(route), **extra}).status
    number = re.search(r"/articles/(\d+)", target)
    state = state_of(site, int(number[1]) if number else desk.rewrite(
        site, "SELECT max(id) FROM article")[0][0])
    counts = desk.counts_of(site)
    return status, state, {name: counts[name] - before[name]
                           for name in MADE_BY_PEOPLE}


def test_37_fields_that_a_form_does_not_have_do_nothing():
    """Every column of every table, beside each form: an author remains an
    author, and the article is what it would have been without."""
    columns = all_columns()
    assert len(columns) > 60, columns
    for route in post_routes():
        if route.guard != "author" or re.search(
                "codes|session|password|draft|media", route.pattern):
            continue
        unknown = [name for name in columns if name not in
                   OWN_FIELDS.get(route.pattern, fields_of(route))]
        plain = outcome(route, {})
        for value in ("owner", "1"):
            # No more than 100 fields come with one form.
            for names in (unknown[:60], unknown[60:]):
                extra = dict.fromkeys(names, value)
                equal(outcome(route, extra), plain, "%s with %s=%s" % (
                    route.pattern, names, value))


desk.run(globals())
