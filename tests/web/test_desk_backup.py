#!/usr/bin/env python3
"""`byline backup` while authors save, upload and delete through desk.fcgi, and each
backup restored: a committed prefix of what was done, with all files that it names.

BYLINE_TEST_BACKUPS is how many; fault 28 of the requirements asks for 200.
"""
import os
import re
import sys
import threading

sys.dont_write_bytecode = True
import harness as web
from desk import (EDITOR, OWNER, Desk, assert_article_is_whole, assert_whole,
                  page_of, rewrite, run, text_with)
from harness import equal
from test_desk_media import png, upload

BACKUPS = int(os.environ.get("BYLINE_TEST_BACKUPS",
                             4 if web.is_sanitized() else 20))


class Author(threading.Thread):
    """Does one thing after the other until it is told to end. `begun` and `done` are
    how many were sent, and how many were acknowledged."""

    def __init__(self, desk, person):
        super().__init__(daemon=True)
        self.desk, self.browser = desk, desk.browser(person)
        self.begun = self.done = 0
        self.is_over, self.error = False, None
        self.prepare()

    def run(self):
        try:
            while not self.is_over:
                self.begun += 1
                self.act(self.begun)
                self.done += 1
        except BaseException as error:  # whatever it is, the test fails by it
            self.error = error

    def end(self):
        self.is_over = True
        self.join(60)
        assert not self.is_alive() and self.error is None, repr(self.error)


class Saver(Author):
    """Saves two articles by turns: that the second has got a text says that the first
    has, and the other way round."""

    def prepare(self):
        self.numbers = [self.browser.write("Of %d" % turn) for turn in range(2)]
        self.browser.publish(self.numbers[0])

    def act(self, count):
        word = "act%dx" % count
        answer = self.browser.revise(
            self.numbers[count % 2], title="Title %s" % word, tags="tag-" + word,
            body=text_with(word, 30000 if count % 5 == 0 else 600))
        equal(answer.status, 303, "saving: %s" % page_of(answer).problems)

    def assert_prefix(self, site, least, most):
        """All that was acknowledged when the backup was begun, nothing that had not
        been sent when it ended, and nothing left out in between."""
        acts = sorted(int(title[9:-1]) for title, in rewrite(
            site, "SELECT title FROM revision WHERE title LIKE 'Title act%'"
            " AND article_id IN (?, ?)", *self.numbers))
        assert least <= len(acts) <= most, (least, len(acts), most)
        equal(acts, list(range(1, len(acts) + 1)), "the saves")
        for number in self.numbers:
            assert_article_is_whole(site, number)


class Keeper(Author):
    """Uploads a file, and deletes the one before the last, with its sizes."""

    def prepare(self):
        self.targets = []

    def act(self, count):
        answer = upload(self.browser, "file-%d.png" % count, png(500 + count, 3))
        equal(answer.status, 303, "uploading")
        self.targets.append(re.search(r"/desk/media/\d+", answer["location"])[0])
        if len(self.targets) > 2:
            target = self.targets.pop(0)
            equal(self.browser.send(target, target + "/delete").status, 303, "deleting")

    def assert_prefix(self, site, least, most):
        numbers = sorted(int(name[5:-4]) for name, in rewrite(
            site, "SELECT original_name FROM media WHERE original_name LIKE 'file-%'"))
        # The last two, or three while the first of them was being deleted.
        equal(numbers, list(range(numbers[0], numbers[-1] + 1)), "the files")
        assert least <= numbers[-1] <= most, (least, numbers, most)
        assert 2 <= len(numbers) <= 3, numbers


def assert_files(site):
    """media/ holds what rows name, of their sizes, and nothing else."""
    named = dict(rewrite(site, "SELECT path, size FROM media"
                         " UNION SELECT path, size FROM media_variant"))
    found = {path.name: path.stat().st_size for path in (site.path / "media").iterdir()}
    equal(found, named, "media/")


def restored(path, name):
    site = web.Site.__new__(web.Site)
    site.base, site.path = "", web.work / name
    site.tool("restore", path)
    return site


def test_28_each_backup_is_a_committed_prefix():
    if not (web.programs / "byline-image").exists():
        raise web.suite.Skip("built without images")
    desk = Desk(workers=2)
    authors = [Saver(desk, OWNER), Saver(desk, EDITOR), Keeper(desk, OWNER)]
    for author in authors:
        author.start()
    web.wait_for(lambda: any(author.error for author in authors) or all(
        author.done > 3 for author in authors), 60, "authors at work")
    moved = 0
    for count in range(BACKUPS):
        path = web.work / ("backup-%d.tar" % count)
        least = [author.done for author in authors]
        desk.site.tool("backup", path)
        most = [author.begun for author in authors]
        moved += sum(most) - sum(least) > len(authors)
        site = restored(path, "restored-%d" % count)
        assert_whole(site)
        assert_files(site)
        for author, *bounds in zip(authors, least, most):
            assert author.error is None, "%r: %s" % (author.error, desk.said()[-2000:])
            author.assert_prefix(site, *bounds)
    for author in authors:
        author.end()
    # It tells nothing if nobody did anything meanwhile.
    assert moved >= BACKUPS // 2, "%d of %d backups met somebody" % (moved, BACKUPS)
    print("%d backups; %d saves, %d uploads meanwhile" % (
        BACKUPS, sum(author.done for author in authors[:2]), authors[2].done))
    assert_whole(desk.site)
    desk.stop()


def test_28_who_signed_out_since_stays_out():
    desk = Desk()
    browser = desk.browser(OWNER)
    assert browser.is_signed_in()
    desk.site.tool("backup", web.work / "signed-in.tar")
    site = restored(web.work / "signed-in.tar", "signed-in")
    other = Desk(site=site)
    again = other.browser()
    again.cookies = dict(browser.cookies)
    assert not again.is_signed_in(), "a session of the backup"
    equal(other.browser().sign_in(OWNER).status, 303, "with the password")
    other.stop()
    desk.stop()


run(globals())
