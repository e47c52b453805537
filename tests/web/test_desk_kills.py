#!/usr/bin/env python3
"""desk.fcgi is ended by SIGKILL at random moments while authors save, keep drafts,
upload and publish: by turns one worker, and all of its processes. What was
acknowledged is there; what was not is there whole or not at all.

A moment is drawn from the time that the very thing takes, so that most fall inside
it. BYLINE_TEST_SEED repeats a run, as far as a machine can.
"""
import collections
import os
import random
import re
import signal
import statistics
import sys
import threading
import time
import urllib.parse

sys.dont_write_bytecode = True
import desk
import harness as web
from desk import AUTHOR, EDITOR, OWNER, page_of, rewrite
from harness import equal, wait_for
from test_desk_media import chunk, png

# A sanitizer slows down what is done hundreds of times here.
SHARE = 5 if web.is_sanitized() else 1
MOMENTS = 200 // SHARE
SEED = int(os.environ.get("BYLINE_TEST_SEED", random.SystemRandom().randrange(
    1 << 32)))
SIZES = (100, 8000, 60000)

made = {}


# ---- what an author does, once ----

class Attempt:
    """One thing that is done by one request; prepared before its time counts."""

    count = 0

    def __init__(self, browser, rng):
        Attempt.count += 1
        self.browser = browser
        self.word = "word%dy" % Attempt.count
        self.size = rng.choice(SIZES)
        self.began_at = self.ended_at = self.answer = None
        self.prepare(rng)

    @property
    def kind(self):
        """What takes as long as this does."""
        return "%s of %d" % (type(self).__name__.lower(), self.size)

    @property
    def is_acknowledged(self):
        """Whether the whole answer came, and says so."""
        return (self.answer is not None and self.answer.status == self.status
                and len(self.answer.body) == int(
                    self.answer["content-length"] or -1))

    def act(self):
        self.began_at = time.monotonic()
        try:
            self.answer = self.send()
        except (OSError, ValueError):
            pass  # cut off: nothing was acknowledged
        self.ended_at = time.monotonic()
        assert self.is_acknowledged or self.answer is None or (
            self.answer.status == 0 or self.answer.status == 200), self.answer

    status = 303

    def text(self):
        return desk.text_with(self.word, self.size)

    def fill_in(self, target, button):
        """The fields of the form there, with a text of this attempt."""
        page = self.browser.get(target)
        form = page_of(page).form(target.replace("/new", ""), button)
        return {**form.fields, "title": "Title " + self.word,
                "body": self.text(), "tags": "tag-" + self.word}


class Save(Attempt):
    """A new text of an article that is public."""

    def prepare(self, rng):
        key = self.browser, "article"
        if key not in made:
            made[key] = self.browser.write("By one of two")
            self.browser.publish(made[key])
        self.number = made[key]
        self.target = "/desk/articles/%d" % self.number
        self.fields = {**self.fill_in(self.target, "save"), "action": "save"}

    def send(self):
        return self.browser.post(self.target, self.fields)

    def is_stored(self, site):
        """Whether it is there; it must not be there in part."""
        rows = rewrite(site, "SELECT article_id FROM revision WHERE title = ?"
                       " AND body = ?", "Title " + self.word, self.text())
        assert len(rows) <= 1, rows
        if self.number:
            desk.assert_article_is_whole(site, self.number)
        elif rows:
            desk.assert_article_is_whole(site, rows[0][0])
        else:
            equal(rewrite(site, "SELECT id FROM article WHERE title = ?",
                          "Title " + self.word), [], "half an article")
        return len(rows) == 1


class Create(Save):
    """A new article."""

    def prepare(self, rng):
        self.number = 0
        self.target = "/desk/articles"
        self.fields = {**self.fill_in("/desk/articles/new", "save"),
                       "action": "save"}


class Autosave(Attempt):
    """What was typed is kept beside what is stored, in place of what the same
    editor kept before."""

    status = 200
    key = "the-same-editor"

    def prepare(self, rng):
        slot = self.browser, "drafted"
        if slot not in made:
            made[slot] = self.browser.write("With drafts")
        self.number = made[slot]
        self.target = "/desk/articles/%d" % self.number
        self.fields = {**self.fill_in(self.target, "save"), "key": self.key}

    def send(self):
        return self.browser.post(self.target + "/autosave", self.fields)

    def is_stored(self, site):
        rows = rewrite(site, "SELECT fields FROM autosave WHERE article_id = ?"
                       " AND editor_key = ?", self.number, self.key)
        if not rows:
            return False
        kept = dict(urllib.parse.parse_qsl(rows[0][0], keep_blank_values=True))
        word = kept["title"].split()[1]
        size = min(SIZES, key=lambda size: abs(size - len(kept["body"])))
        equal(kept["body"], desk.text_with(word, size), "the draft of " + word)
        equal(kept["tags"], "tag-" + word, "its tags")
        return word == self.word


class Upload(Attempt):
    """An image, which becomes several files."""

    def prepare(self, rng):
        self.size = rng.choice((60, 700))
        self.name = self.word + ".png"
        # No two are the same file.
        self.content = png(self.size, 20).replace(
            chunk(b"IEND", b""), chunk(b"tEXt", b"Comment\0" +
                                       self.word.encode()) +
            chunk(b"IEND", b""))

    def send(self):
        return self.browser.upload(self.name, self.content)

    def is_stored(self, site):
        rows = rewrite(site, "SELECT id, path, size FROM media"
                       " WHERE original_name = ?", self.name)
        if not rows:
            return False
        (number, path, size), = rows
        files = [(path, size), *rewrite(
            site, "SELECT path, size FROM media_variant WHERE media_id = ?",
            number)]
        assert len(files) >= (3 if self.size > 480 else 1), files
        for name, size in files:
            equal((site.path / "media" / name).stat().st_size, size, name)
        return True


class Publish(Attempt):
    """A draft becomes public."""

    def prepare(self, rng):
        self.size = 0
        self.number = self.browser.write("Title " + self.word, desk.text_with(
            self.word, 100), tags="tag-" + self.word)
        self.target = "/desk/articles/%d/publication" % self.number
        form = page_of(self.browser.get(self.target)).form(
            self.target, "publish")
        name = next(n for n, value in form.buttons if value == "publish")
        self.fields = {**form.fields, name: "publish"}

    def send(self):
        return self.browser.post(self.target, self.fields)

    def is_stored(self, site):
        desk.assert_article_is_whole(site, self.number)
        status, published_at = rewrite(
            site, "SELECT status, published_at FROM article WHERE id = ?",
            self.number)[0]
        equal(published_at is not None, status == "published", "its date")
        return status == "published"


KINDS = (Save, Save, Create, Autosave, Upload, Publish)


# ---- a moment ----

class Trial:
    """Two authors act at once, and something is killed meanwhile."""

    def __init__(self, place, browsers, seed):
        self.place, self.browsers = place, browsers
        self.rng = random.Random(seed)
        self.times = collections.defaultdict(lambda: [0.03])
        self.done = []
        self.counts = collections.Counter()

    def attempt(self, browser):
        return self.rng.choice(KINDS)(browser, self.rng)

    def measure(self, attempts):
        for one in attempts:
            if one.is_acknowledged:
                self.times[one.kind].append(one.ended_at - one.began_at)

    def act(self, attempts, delay, kill):
        """`kill` is called `delay` seconds after they began, or before that."""
        together = threading.Barrier(len(attempts) + 1)

        def run(one):
            together.wait()
            time.sleep(max(0, -delay))
            one.act()
        threads = [threading.Thread(target=run, args=(one,), daemon=True)
                   for one in attempts]
        for thread in threads:
            thread.start()
        together.wait()
        time.sleep(max(0, delay))  # a random moment is what is tried
        killed_at = time.monotonic()
        kill()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive(), "it hangs"
        return killed_at

    def kill_worker(self):
        os.kill(self.rng.choice(self.place.program.workers()), signal.SIGKILL)

    def kill_all(self):
        os.killpg(self.place.program.process.pid, signal.SIGKILL)

    def come_back(self, is_all):
        if is_all:
            self.place.stop()
            self.place.start(2)
            for browser in self.browsers:
                browser.place = self.place.program
        wait_for(lambda: len(self.place.program.workers()) == 2,
                 what="workers", between=0.001)

    def judge(self, one, killed_at):
        """When the moment came for it."""
        is_stored = one.is_stored(self.place.site)
        if one.is_acknowledged:
            assert is_stored, "%s of %s was acknowledged" % (one.kind, one.word)
            if one.ended_at <= killed_at:
                return "after"
            return "spared"  # the other worker had it
        if one.began_at >= killed_at:
            return "before"
        return "inside, stored" if is_stored else "inside, absent"

    def moment(self, number):
        attempts = [self.attempt(browser) for browser in self.browsers]
        is_all = number % 2 == 0
        usual = statistics.median(
            self.times[self.rng.choice(attempts).kind][-9:])

        killed_at = self.act(
            attempts, self.rng.uniform(-0.1, 1.1) * usual,
            self.kill_all if is_all else self.kill_worker)

        self.come_back(is_all)
        self.measure(attempts)
        found = [self.judge(one, killed_at) for one in attempts]
        self.done.extend(zip(attempts, found))
        for one, when in zip(attempts, found):
            self.counts[type(one).__name__, when.split(",")[0]] += 1
        for when in {when.split(",")[0] for when in found}:
            self.counts[when] += 1
        self.counts.update(when for when in found if "," in when)
        if number % 20 == 0:
            desk.assert_whole(self.place.site)


def assert_all_is_there(site, done):
    """At the end as after each moment: what is not acknowledged may have come
    since (a worker was killed between writing the last page of it and telling
    the others; who opens the database next finds it), but nothing went."""
    for one, when in done:
        if type(one) is not Autosave:
            assert one.is_stored(site) or when in (
                "before", "inside, absent"), one.kind + " " + when
    for number, in rewrite(site, "SELECT id FROM article"):
        desk.assert_article_is_whole(site, number)
    desk.assert_indexes_are_whole(site)
    desk.assert_whole(site)


def assert_files_are_those_of_rows(site):
    """Once what was left is swept, which `byline work` does in time."""
    long_ago = time.time() - 3700
    for folder in (site.path / "uploads").iterdir():
        os.utime(folder, (long_ago, long_ago))
    site.tool("work", "--once")
    equal(list((site.path / "uploads").iterdir()), [], "uploads/")
    equal(sorted(path.name for path in (site.path / "media").iterdir()),
          sorted(name for name, in rewrite(
              site, "SELECT path FROM media UNION SELECT path FROM"
              " media_variant")), "media/")


def test_01_kills_at_random_moments_lose_nothing():
    """200 moments, a fair part of them inside of what authors do; and as many more
    as it takes until one fell inside of each thing often enough."""
    print("BYLINE_TEST_SEED=%d" % SEED, flush=True)
    place = desk.Desk(2)
    browsers = [place.browser(AUTHOR), place.browser(EDITOR)]
    trial = Trial(place, browsers, SEED)
    has_images = (web.programs / "byline-image").exists()
    for kind in KINDS:
        if kind is not Upload or has_images:
            for browser in browsers * 2:
                one = kind(browser, trial.rng)
                one.act()
                assert one.is_acknowledged, one.answer
                trial.measure([one])

    tried = set(KINDS) - (set() if has_images else {Upload})

    def missed():
        return [kind.__name__ for kind in tried
                if trial.counts[kind.__name__, "inside"] <= 5 / SHARE]

    number = 0
    while number < MOMENTS or (missed() and number < 2 * MOMENTS):
        trial.moment(number)
        number += 1

    print("of %d moments: %s" % (number, ", ".join(
        "%s %d" % (key, count) for key, count in sorted(
            trial.counts.items(), key=str) if isinstance(key, str))),
          flush=True)
    print(", ".join("%s %s %d" % (*key, count) for key, count in sorted(
        trial.counts.items(), key=str) if not isinstance(key, str)), flush=True)
    assert trial.counts["inside"] >= number * 0.4, trial.counts
    assert trial.counts["inside, absent"] > 0, trial.counts
    equal(missed(), [], "never killed inside of")
    assert_all_is_there(place.site, trial.done)
    assert_files_are_those_of_rows(place.site)
    place.stop()


desk.run(globals())
