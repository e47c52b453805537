#!/usr/bin/env python3
"""Faults while authors write: a worker that is killed, a disk that is full or read-only,
a database that is locked or replaced, two who save at once, one who sends a form
twice. What was acknowledged is there; what was not is there whole or not at all; and
what was typed comes back."""
import concurrent.futures
import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
import desk
import harness as web
import suite
from desk import AUTHOR, EDITOR, OWNER, page_of, rewrite, text_of
from harness import Load, Program, equal, wait_for
from test_desk_media import png

made = {}

# A sanitizer slows down what is done hundreds of times here.
SHARE = 5 if web.is_sanitized() else 1


def the_desk():
    if "desk" not in made:
        made["desk"] = desk.Desk(4)
    return made["desk"]


def is_saved(answer):
    """Whether the whole answer came, and says so."""
    return answer.status == 303 and len(answer.body) == int(
        answer["content-length"] or -1)


# ---- 1, 17: workers and programs that end ----

class Writer:
    """Saves one text after another, each with a word of its own, and writes what
    was acknowledged into a file of its own."""

    def __init__(self, place, number):
        self.browser = place.browser(AUTHOR)
        self.number, self.count, self.saved = number, 0, 0
        self.article = self.browser.write("By writer %d" % number)
        self.browser.publish(self.article)
        self.log = open(web.work / ("acknowledged by %d" % number), "w")
        self.sent = {}  # of the article: word -> fields

    def act(self):
        self.count += 1
        word = "word%dx%dy" % (self.number, self.count)
        target = "/desk/articles"
        # Every fifth text is a new article.
        number = 0 if self.count % 5 == 0 else self.article
        try:
            page = self.browser.get("%s/%s" % (target, number or "new"))
            action = target if number == 0 else "%s/%d" % (target, number)
            fields = {"title": "Title " + word, "body": desk.text_with(word),
                      "tags": "tag-" + word}
            if page.status != 200:
                return
            self.sent[word] = number
            answer = self.browser.send(page, action, "save", **fields)
        except (OSError, ValueError):
            return  # cut off: nothing was acknowledged
        if is_saved(answer):
            number = int(re.search(r"/articles/(\d+)", answer["location"])[1])
            self.log.write("%d %s\n" % (number, word))
            self.log.flush()
            self.saved += 1
        else:
            assert answer.status in (0, 409), answer

    def acknowledged(self):
        lines = open(self.log.name).read().splitlines()
        return [(int(number), word) for number, word in map(str.split, lines)]


def assert_nothing_is_lost(site, writers):
    stored = dict(rewrite(site, "SELECT body, article_id FROM revision"))
    for writer in writers:
        acknowledged = writer.acknowledged()
        for number, word in acknowledged:
            equal(stored.get(desk.text_with(word)), number,
                  "the article of what was acknowledged as " + word)
    for number, in rewrite(site, "SELECT id FROM article"):
        desk.assert_article_is_whole(site, number)
    desk.assert_indexes_are_whole(site)
    desk.assert_whole(site)


def test_17_sigterm_cuts_no_save():
    place = desk.Desk(3)
    writers = [Writer(place, 10 + n) for n in range(3)]
    for turn in range(12 // SHARE):
        loads = [Load(writer.act, 1) for writer in writers]
        before = [writer.count for writer in writers]
        wait_for(lambda: all(writer.count > n + 2 for writer, n in zip(
            writers, before)), what="some saves")

        equal(place.stop(), 0, "exit code")

        equal([f for load in loads for f in load.stop()], [], "failures")
        place.start(3)
        for writer in writers:
            writer.browser.place = place.program
    for writer in writers:
        # Of a save that was begun, one knows how it ended: only connections
        # that never came to be are not acknowledged.
        stored = {word for _, word in writer.acknowledged()}
        unknown = [word for word in writer.sent if word not in stored]
        for word in unknown:
            equal(rewrite(place.site, "SELECT count(*) FROM revision WHERE"
                          " body = ?", desk.text_with(word))[0][0], 0, word)
    assert_nothing_is_lost(place.site, writers)
    place.stop()


# ---- 7: no space ----

@contextlib.contextmanager
def small_disk(megabytes):
    if not web.AS_ROOT:
        raise suite.Skip("only root can make a small disk")
    place = web.folder("small disk %d" % len(list(web.work.iterdir())))
    done = subprocess.run(["mount", "-t", "tmpfs", "-o",
                           "size=%dm,mode=755,uid=%d" % (
                               megabytes, web.NOBODY), "none", str(place)],
                          capture_output=True)
    if done.returncode != 0:
        raise suite.Skip("no file system can be mounted here")
    try:
        yield place
    finally:
        for process in list(web.running):
            web.stop(process, 3)
        subprocess.run(["umount", str(place)], check=True)


def fill_up(place):
    """Leave no space at all."""
    with open(place / "filler", "wb", 0) as filler:
        size = 1 << 16
        while size:
            try:
                filler.write(b"\0" * size)
            except OSError:
                size //= 2


def site_on(disk):
    site = desk.new_site()
    shutil.move(site.path, disk / "site")
    site.path = disk / "site"
    for path in (site.path, *site.path.rglob("*")):
        web.give(path)
    return site


def test_07_a_full_disk_keeps_what_was_typed():
    with small_disk(8) as disk:
        site = site_on(disk)
        place = desk.Desk(2, site=site)
        readers = Program(site)
        browser = place.browser(OWNER)
        number = browser.write("Before", "It was stored.")
        browser.publish(number)
        target = "/desk/articles/%d" % number
        before = desk.tables_of(site)
        typed = "What took an hour to type, \u2603 and all. " * 300

        fill_up(disk)
        answers = [browser.send(target, target, "save", body=typed,
                                title="After", excerpt="In short.",
                                cover_alt="A cat.", language="de")
                   for _ in range(4)]

        for answer in answers:
            assert answer.status in (503, 507), answer
            assert answer.status == 503 or "what you typed is still here" in (
                text_of(answer)), text_of(answer)
            assert_typed(answer, target, body=typed, title="After",
                         excerpt="In short.", cover_alt="A cat.",
                         language="de")
        assert 507 in [answer.status for answer in answers], answers
        equal(browser.get(target).status, 200, "the editor")
        equal(readers.ask("/articles/before").status, 200, "readers")
        equal(desk.changed_tables(before, desk.tables_of(site)), [],
              "tables changed")

        (disk / "filler").unlink()
        again = browser.send(answers[-1], target)
        equal(again.status, 303, "sent again from the error: %s" %
              page_of(again).problems)
        stored, = rewrite(site, "SELECT body FROM article WHERE id = ?",
                          number)[0]
        equal(stored, typed, "what is stored")
        desk.assert_whole(site)
        place.stop()
        readers.stop()


def assert_says_full(act):
    """It says so in the end: what was written before leaves room for a little
    more."""
    for _ in range(40):
        answer = act()
        if answer.status == 507:
            break
        equal(answer.status, 303, "as long as there is room")
    equal((answer.status, answer["retry-after"]), (507, ""), "at the end")
    assert "The disk is full" in text_of(answer), text_of(answer)
    assert "no room for it" in text_of(answer), text_of(answer)


def test_07_a_full_disk_is_called_so():
    """By an upload and by signing in, too, where other things can be too large
    or too many."""
    with small_disk(8) as disk:
        place = desk.Desk(1, site=site_on(disk))
        owner, stranger = place.browser(OWNER), place.browser()
        owner.form_token, stranger.form_token
        fill_up(disk)

        assert_says_full(lambda: owner.upload("a.txt", b"Some words. " * 9))
        assert_says_full(lambda: stranger.sign_in(OWNER))
        if (web.programs / "byline-image").exists():
            # There is room for the image, but not for what is made of it.
            image = png(300, 300)
            os.truncate(disk / "filler", os.path.getsize(disk / "filler") -
                        -(-len(image) // 4096) * 4096)
            assert_says_full(lambda: owner.upload("a.png", image))
            assert "make an image" in place.said(), place.said()

        (disk / "filler").unlink()
        equal(owner.upload("a.txt", b"Some words.").status, 303, "with room")
        equal(stranger.sign_in(OWNER).status, 303, "with room")
        equal(list((place.site.path / "uploads").iterdir()), [], "uploads/")
        desk.assert_whole(place.site)
        place.stop()


def test_07_a_full_disk_takes_a_piece_wholly_or_not():
    """What was acknowledged is there, nothing of the rest, and once there is
    room it goes on."""
    content = os.urandom(300_000)
    with small_disk(8) as disk:
        site = site_on(disk)
        place = desk.Desk(1, site=site)
        browser = place.browser(OWNER)

        def ask(target, body, kind="application/octet-stream"):
            answer = browser.ask("/desk/uploads" + target, "POST", body,
                                 CONTENT_TYPE=kind,
                                 HTTP_X_FORM_TOKEN=browser.form_token)
            return answer.status, json.loads(answer.body)

        equal(ask("", b"key=k&name=a.bin&size=300000", desk.FORM)[0], 200, "")
        fill_up(disk)
        filler = disk / "filler"
        os.truncate(filler, os.path.getsize(filler) - 10 * 4096)
        at, status = 0, 200
        while status == 200:
            status, said = ask("/k?offset=%d" % at, content[at:at + 9000])
            at = said.get("size", at)
        equal(status, 507, "at the end")
        assert "disk is full" in said["problem"], said
        assert 0 < at < 50_000, at
        part, = (site.path / "uploads").glob("*.part")
        equal(part.read_bytes(), content[:at], "what has come")

        filler.unlink()
        for at in range(at, len(content), 90_000):
            equal(ask("/k?offset=%d" % at, content[at:at + 90_000])[0], 200, at)
        status, said = ask("/k/end", b"")
        equal(status, 200, "the end")
        path = re.search(r"/media/[^)]+", said["markdown"])[0]
        equal((site.path / path.lstrip("/")).read_bytes(), content, "the file")
        place.stop()


def assert_typed(answer, action, **fields):
    """The page has a form with all of what was typed."""
    form = page_of(answer).form(action)
    for name, value in fields.items():
        equal(form.fields.get(name, "").replace("\r\n", "\n"), value,
              "%s of %d" % (name, answer.status))
    assert len(form.fields["form_token"]) == 32, form.fields


# ---- 8, 10, 12: the database is read-only, replaced, locked ----

def set_modes(site, of_files, of_folder):
    for path in site.path.glob("byline.db*"):
        path.chmod(of_files)
    site.path.chmod(of_folder)


def test_08_nothing_is_saved_into_a_read_only_database():
    if not web.AS_ROOT:
        raise suite.Skip("who tests may write what is one's own")
    place = desk.Desk(2)
    browser = place.browser(OWNER)
    number = browser.write("Before")
    target = "/desk/articles/%d" % number
    page = browser.get(target)
    set_modes(place.site, 0o400, 0o500)
    # Those who have it open may write; who opens it now may not.
    for pid in place.program.workers():
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: len(place.program.workers()) == 2, what="new workers")

    for _ in range(4):
        answer = browser.send(page, target, "save", body="Typed.")
        assert answer.status in (500, 503), answer
        assert_typed(answer, target, body="Typed.")

    set_modes(place.site, 0o600, 0o711)
    equal(browser.send(answer, target).status, 303, "once it can be written")
    place.stop()


def copy_of_database(site, name):
    path = web.work / name
    with contextlib.closing(sqlite3.connect(site.database)) as source:
        with contextlib.closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
    path.chmod(0o600)
    web.give(path)
    return path


def test_10_nothing_is_saved_into_a_database_that_was_replaced():
    """A backup is restored under two authors who save: what is acknowledged
    then is in the file that is there."""
    place = desk.Desk(2)
    browsers = [place.browser(OWNER), place.browser(EDITOR)]
    pages = [browser.get("/desk/articles/new") for browser in browsers]
    for turn in range(6):
        backup = copy_of_database(place.site, "backup %d" % turn)
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(str(place.site.database) + suffix)
        os.replace(backup, place.site.database)

        for n, browser in enumerate(browsers):
            title = "Turn %d of %d" % (turn, n)
            answer = browser.send(pages[n], "/desk/articles", "save",
                                  title=title, key=desk.new_secret())
            assert answer.status in (303, 503), answer
            equal(rewrite(place.site, "SELECT count(*) FROM article"
                          " WHERE title = ?", title)[0][0],
                  answer.status == 303, title)
    saved = rewrite(place.site, "SELECT count(*) FROM article")[0][0]
    assert saved >= 6, "%d saved" % saved
    desk.assert_whole(place.site)
    place.stop()


@contextlib.contextmanager
def lock_of_another(site):
    """Somebody else writes, and does not come to an end."""
    with contextlib.closing(sqlite3.connect(
            site.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_12_a_writer_that_does_not_end():
    place = the_desk()
    readers = Program(place.site)
    browser = place.browser(OWNER)
    number = browser.write("Before")
    browser.publish(number)
    target = "/desk/articles/%d" % number
    page = browser.get(target)
    typed = {"title": "After", "body": "Typed for an hour.", "tags": "a, b",
             "canonical_url": "https://example.org/x", "language": "fr"}
    reading = Load(lambda: None if readers.ask(
        "/articles/before").status == 200 else "not 200", 1)

    with lock_of_another(place.site), \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        saving = pool.submit(browser.send, page, target, "save", **typed)
        reading.wait(100)
        assert not saving.done() or saving.result().status == 503
        answer = saving.result()
        looked = [browser.get(target).status for _ in range(3)]

    equal(answer.status, 503, "saving")
    assert int(answer["retry-after"]) > 0, answer.headers
    assert_typed(answer, target, **typed)
    equal(looked, [200] * 3, "looking")
    equal(reading.stop(), [], "what readers got")
    again = browser.send(answer, target)
    equal(again.status, 303, "sent again: %s" % page_of(again).problems)
    fields = page_of(browser.get(target)).form(target, "save").fields
    equal({name: fields[name] for name in typed}, typed, "stored")
    readers.stop()


def test_18_nothing_is_saved_once_a_newer_program_was_here():
    """It has brought the tables up to date, and this one runs on: it shows what it
    can read, and what is typed waits for the newer one."""
    place = the_desk()
    readers = Program(place.site, 1)
    browser = place.browser(OWNER)
    number = browser.write("Before")
    browser.publish(number)
    target = "/desk/articles/%d" % number
    page = browser.get(target)
    equal(readers.ask("/articles/before").status, 200, "reading before")
    ours = rewrite(place.site, "PRAGMA user_version")[0][0]
    rewrite(place.site, "PRAGMA user_version = %d" % (ours + 1))

    answer = browser.send(page, target, "save", title="After", body="Typed.")
    looked = browser.get(target).status
    read = readers.ask("/articles/before").status
    said = place.program.said()
    rewrite(place.site, "PRAGMA user_version = %d" % ours)

    equal(answer.status, 503, "saving")
    assert_typed(answer, target, title="After", body="Typed.")
    assert "site.newer" in said, said
    equal((looked, read), (200, 200), "looking and reading")
    equal(browser.send(answer, target).status, 303, "sent again")
    readers.stop()


def test_12_looking_does_not_wait():
    """When somebody was seen last is noted once a minute; while another writes
    it is not, and nobody who only looks waits for that."""
    place = the_desk()
    browser = place.browser(OWNER)
    rewrite(place.site, "UPDATE session SET seen_at = seen_at - 300")
    statuses = []

    with lock_of_another(place.site):
        looking = Load(lambda: statuses.append(browser.get(
            "/desk/articles").status), 1)
        wait_for(lambda: len(looking.times) >= 4, 120, "four looks")
        times = looking.times[:4]
    looking.stop()

    equal(set(statuses), {200}, "looking")
    # Who waits for a lock waits for five seconds, each time.
    assert min(times) < 5, "looks took %s s" % times
    assert browser.is_signed_in()
    seen, = rewrite(place.site, "SELECT max(seen_at) FROM session")[0]
    assert time.time() - seen < 60, "it is not noted afterwards"


# ---- 20: what costs too much ----

COSTLY = ("|x" * 2000 + "|\n" + "|-" * 2000 + "|\n" + "|a|\n" * 2000,
          "[a]: /" + "u" * 40000 + "\n\n" + "[a]" * 20000)


def test_20_a_text_that_costs_too_much_is_said_to():
    """Its author can mend it; nobody else notices."""
    if web.is_sanitized():
        raise suite.Skip("a sanitizer has no such limits")
    place = desk.Desk(1)
    browser = place.browser(AUTHOR)
    number = browser.write("Before")
    target = "/desk/articles/%d" % number
    workers = place.program.workers()

    for text in COSTLY:
        shown = browser.post("/desk/preview", {
            "form_token": browser.form_token, "body": text, "id": number})
        equal(shown.status, 422, "the preview")
        assert "MB of memory to render: split the text" in text_of(shown), shown
    saved = browser.revise(number, body=COSTLY[0])

    equal(saved.status, 422, "saving")
    assert "split the text" in " ".join(page_of(saved).problems), saved
    assert_typed(saved, target, body=COSTLY[0])
    equal(rewrite(place.site, "SELECT body FROM article WHERE id = ?", number),
          [("A text.",)], "stored")
    equal(place.program.workers(), workers, "workers")
    equal(browser.revise(number, body="Short.").status, 303, "afterwards")
    place.stop()


# ---- 23, 24: at once, and twice ----

def test_23_of_two_who_save_at_once_one_does():
    """A hundred pairs, at one article; nothing that was typed is lost: it is
    among the revisions or in the answer."""
    place = the_desk()
    pair = [place.browser(OWNER), place.browser(EDITOR)]
    kept = ["The first text."]
    number = pair[0].write("Of two", kept[0])
    target = "/desk/articles/%d" % number
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for turn in range(100 // SHARE):
            pages = [browser.get(target) for browser in pair]
            texts = ["Turn%d of %s" % (turn, name) for name in ("one", "two")]
            together = threading.Barrier(2)

            def save(n):
                together.wait()
                return pair[n].send(pages[n], target, "save", body=texts[n])

            answers = list(pool.map(save, (0, 1)))
            statuses = [answer.status for answer in answers]
            equal(sorted(statuses), [303, 409], "turn %d" % turn)
            loser = statuses.index(409)
            kept.append(texts[1 - loser])
            assert_conflict(answers[loser], target, texts[loser], kept[-1])
            # Saving it again is a decision, and loses nothing either.
            if turn % 10 == 0:
                again = pair[loser].send(answers[loser], target, "save")
                equal(again.status, 303, "saved all the same")
                kept.append(texts[loser])
            equal([body for body, in rewrite(
                place.site, "SELECT body FROM revision WHERE article_id = ?"
                " ORDER BY version", number)], kept, "revisions")
    desk.assert_whole(place.site)


def assert_conflict(answer, target, typed, stored):
    equal(page_of(answer).form(target, "save").fields["body"], typed,
          "what was typed")
    runs = re.search(r'<div class="runs">(.*?)</div>', text_of(answer),
                     re.S)[1]
    before = re.sub(r"<ins>.*?</ins>|<[^>]+>", "", runs, flags=re.S)
    after = re.sub(r"<del>.*?</del>|<[^>]+>", "", runs, flags=re.S)
    equal((before.strip(), after.strip()), (stored, typed), "the difference")


def test_23_publishing_what_somebody_changed_meanwhile():
    """What one has not seen is not published in one's name."""
    place = the_desk()
    one, other = place.browser(OWNER), place.browser(EDITOR)
    number = one.write("To be published")
    target = "/desk/articles/%d" % number
    page = one.get(target + "/publication")
    equal(other.revise(number, body="Other words.").status, 303, "meanwhile")

    equal(one.send(page, target + "/publication", "publish").status, 409,
          "publishing")

    equal(rewrite(place.site, "SELECT status FROM article WHERE id = ?",
                  number), [("draft",)], "status")


def send_at_once(count, act):
    together = threading.Barrier(count)

    def one(n):
        together.wait()
        return act(n)
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_24_a_form_that_is_sent_twenty_times_makes_one_article():
    place = the_desk()
    browser = place.browser(AUTHOR)
    page = browser.get("/desk/articles/new")
    before = desk.counts_of(place.site)

    answers = send_at_once(20, lambda n: browser.send(
        page, "/desk/articles", "save", title="Once", body="Only.", tags="a"))

    equal({(answer.status, answer["location"]) for answer in answers},
          {(303, answers[0]["location"])}, "answers")
    after = desk.counts_of(place.site)
    for table in ("article", "revision", "article_author"):
        equal(after[table] - before[table], 1, table)


def test_24_a_save_that_is_sent_again_is_not_lost():
    """The answer to a save did not arrive: the same form again says what there
    is, and stores nothing twice."""
    place = the_desk()
    browser = place.browser(AUTHOR)
    number = browser.write("Retried")
    target = "/desk/articles/%d" % number
    page = browser.get(target)

    answers = send_at_once(8, lambda n: browser.send(
        page, target, "save", body="The same words."))

    statuses = sorted(answer.status for answer in answers)
    equal(statuses[0], 303, "one of them")
    assert set(statuses) <= {303, 409}, statuses
    bodies = [body for body, in rewrite(
        place.site, "SELECT body FROM revision WHERE article_id = ?"
        " ORDER BY version", number)]
    equal(bodies, ["A text.", "The same words."], "revisions")


def test_24_each_action_is_done_once():
    """Publishing, sharing, trashing, twice at once."""
    place = the_desk()
    browser = place.browser(AUTHOR)
    number = browser.write("Doubled")
    target = "/desk/articles/%d" % number
    for action, button, states in (
            ("/publication", "publish", "published"), ("/trash", None, None),
            ("/restore", None, "published")):
        page = browser.get(target + ("/publication" if button else ""))
        answers = send_at_once(2, lambda n: browser.send(
            page, target + action, button))
        assert 303 in [answer.status for answer in answers], answers
        assert {answer.status for answer in answers} <= {303, 409}, answers
        status, trashed = rewrite(
            place.site, "SELECT status, trashed_at FROM article WHERE id = ?",
            number)[0]
        equal((status, trashed is None), (states or status, states is not None),
              action)
        desk.assert_article_is_whole(place.site, number)


desk.run(globals())
