#!/usr/bin/env python3
"""Files that authors upload: what becomes of them on the disk, in the library, in an
article and for its readers; and of what is no image, is damaged, or is too large."""
import concurrent.futures
import contextlib
import fcntl
import os
import re
import shutil
import signal
import sqlite3
import struct
import sys
import time
import zlib

sys.dont_write_bytecode = True
import harness as web
from desk import (AUTHOR, OWNER, Desk, assert_whole, page_of, rewrite, run,
                  text_of)
from harness import Program, equal
from tracing import (calls_of, commits, index_of, killed_at, moves_to,
                     syncs)

made = {}


def the_desk():
    if "desk" not in made:
        if not (web.programs / "byline-image").exists():
            raise web.suite.Skip("built without images")
        made["desk"] = Desk()
    return made["desk"]


def chunk(kind, content):
    return (struct.pack(">I", len(content)) + kind + content +
            struct.pack(">I", zlib.crc32(kind + content)))


def png(width, height):
    rows = b"".join(b"\0" + bytes((x % 256, y % 256, 128)[i] for x in
                                  range(width) for i in range(3))
                    for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0,
                                       0)) +
            chunk(b"tEXt", b"Author\0Somebody in particular") +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def upload(browser, name, content, alt="What it shows"):
    boundary = "a-boundary-that-is-in-no-file"
    fields = "".join(
        '--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (
            boundary, key, value)
        for key, value in (("form_token", browser.form_token), ("alt", alt)))
    body = (fields.encode() +
            ('--%s\r\nContent-Disposition: form-data; name="file"; '
             'filename="%s"\r\n\r\n' % (boundary, name)).encode() +
            content + ("\r\n--%s--\r\n" % boundary).encode())
    return browser.ask(
        "/desk/media", "POST", body,
        CONTENT_TYPE="multipart/form-data; boundary=" + boundary)


def media_folder():
    return the_desk().site.path / "media"


def row_of(answer, columns):
    number = int(re.search(r"/desk/media/(\d+)", answer["location"])[1])
    return number, rewrite(the_desk().site, "SELECT " + columns +
                           " FROM media WHERE id = ?", number)[0]


def test_47_image_is_made_anew_in_all_sizes():
    author = the_desk().browser(AUTHOR)

    answer = upload(author, "A View of the Harbour.png", png(1000, 500))

    equal(answer.status, 303, "uploading")
    number, (path, alt, width, height) = row_of(
        answer, "path, alt, width, height")
    equal((alt, width, height), ("What it shows", 1000, 500), "the row")
    assert re.fullmatch(r"[0-9a-f]{16}-a-view-of-the-harbour\.png", path), path
    assert b"Somebody" not in (media_folder() / path).read_bytes()
    variants = rewrite(the_desk().site, "SELECT path, content_type, width FROM"
                       " media_variant WHERE media_id = ?", number)
    assert {480, 960} <= {width for _, _, width in variants}, variants
    assert "image/webp" in {kind for _, kind, _ in variants}, variants
    for name, _, _ in variants:
        assert (media_folder() / name).stat().st_mode & 0o777 == 0o644, name
    equal(list((the_desk().site.path / "uploads").iterdir()), [],
          "what is left in uploads/")


def test_the_same_file_twice_is_one():
    author = the_desk().browser(AUTHOR)
    before = upload(author, "twice.png", png(40, 40))
    files = sorted(media_folder().iterdir())

    after = upload(author, "twice.png", png(40, 40))

    equal(after["location"].split("?")[0], before["location"].split("?")[0],
          "where it leads")
    equal(sorted(media_folder().iterdir()), files, "the files")


def test_what_is_known_of_a_file_stays():
    """Who uploads it again adds what nobody has said of it."""
    desk = the_desk()
    author, owner = desk.browser(AUTHOR), desk.browser(OWNER)
    columns = ("alt, (SELECT handle FROM author WHERE id = uploaded_by)")
    first = upload(author, "known.bin", b"known", alt="")
    number, row = row_of(first, columns)
    equal(row, ("", AUTHOR.handle), "at first")
    equal(page_of(author.follow(first)).notices, ["Uploaded."], "notice")

    for typed in ("What the owner sees", "", "Something else"):
        again = upload(owner, "known.bin", b"known", alt=typed)
        equal(row_of(again, columns), (number, (
            "What the owner sees", AUTHOR.handle)), typed)
        notice, = page_of(owner.follow(again)).notices
        assert notice.startswith("It was here already."), notice

    rewrite(desk.site, "UPDATE media SET uploaded_by = NULL WHERE id = ?",
            number)
    upload(owner, "known.bin", b"known")
    equal(row_of(again, columns)[1][1], OWNER.handle, "of whom nobody knows")


def test_article_offers_all_sizes_and_names_its_files():
    desk = the_desk()
    author = desk.browser(AUTHOR)
    number, (path,) = row_of(
        upload(author, "offered.png", png(1000, 300)), "path")
    stem = path[:-len(".png")]

    article = author.write("Offered", "![A coast](/media/%s)" % path)
    author.publish(article)

    program = Program(desk.site)
    shown = text_of(program.ask("/articles/offered"))
    assert '<source type="image/webp" srcset="/media/%s_480.webp 480w' % (
        stem) in shown, shown
    assert 'srcset="/media/%s_480.png 480w, ' % stem in shown, shown
    assert 'width="1000" height="300"' in shown, shown
    program.stop()
    file_page = text_of(author.get("/desk/media/%d" % number))
    assert '/desk/articles/%d"' % article in file_page, file_page
    author.revise(article, body="Without it.")
    assert "<p>Nowhere.</p>" in text_of(author.get("/desk/media/%d" % number))


def test_cover_is_offered_in_all_sizes():
    """In the preview before it is saved, and on the page."""
    desk = the_desk()
    author = desk.browser(AUTHOR)
    _, (path,) = row_of(upload(author, "cover.png", png(1100, 400)), "path")
    stem = path.rpartition(".")[0]
    number = author.write("With a cover", "Text.")
    target = "/desk/articles/%d" % number
    fields = {"cover_path": "/media/" + path, "cover_alt": "A strip"}
    wanted = re.compile(
        r'<picture>\s*<source type="image/webp" srcset="/media/%s_480\.webp 480w,'
        r'[^"]*" sizes="[^"]+">\s*<img class="u-featured" src="/media/%s" srcset='
        r'"/media/%s_480\.png 480w, /media/%s_960\.png 960w, /media/%s 1100w"'
        r' sizes="[^"]+" alt="A strip" width="1100" height="400"' % (
            stem, path, stem, stem, path))

    key = page_of(author.get(target)).form(target, "save").fields["key"]
    answer = author.send(target, target, "preview", key=key, **fields)
    equal(answer.status, 303, "a preview")
    shown = text_of(author.get(target + "/preview?key=" + key))
    assert wanted.search(shown), shown
    author.revise(number, **fields)
    author.publish(number)
    program = Program(desk.site)
    shown = text_of(program.ask("/articles/with-a-cover"))
    program.stop()

    assert wanted.search(shown), shown


def test_49_what_is_no_image_is_a_download():
    author = the_desk().browser(AUTHOR)
    for name, content in (
            ("shell.php.jpg", b"<?php echo 1;"),
            ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg">'
                            b"<script>alert(1)</script></svg>"),
            ("page.html", b"<script>alert(1)</script>"),
            (".htaccess", b"SetHandler cgi-script")):
        _, (path, kind) = row_of(
            upload(author, name, content), "path, content_type")
        assert path.endswith(".bin"), (name, path)
        equal(kind, "application/octet-stream", name)
        equal((media_folder() / path).read_bytes(), content, name)


def test_48_what_cannot_be_taken_is_said_in_words():
    author = the_desk().browser(AUTHOR)
    files = sorted(media_folder().iterdir())
    huge = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
        ">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)) + chunk(b"IEND", b""))
    for name, content, words in (
            ("empty.png", b"", "The file empty.png is empty."),
            ("damaged.png", png(300, 300)[:700], "is damaged"),
            ("huge.png", huge, "40 megapixels")):
        answer = upload(author, name, content, alt="Typed with care")
        equal(answer.status, 422, name)
        page = page_of(answer)
        assert any(words in problem for problem in page.problems), (
            name, page.problems)
        equal(page.form("/desk/media").fields["alt"], "Typed with care", name)
    equal(page_of(upload(author, "long.txt", b"Words", alt="x" * 501)).problems,
          ["The file long.txt is described in more than 500 characters."],
          "too long a description")
    equal(sorted(media_folder().iterdir()), files, "the files")
    assert_whole(the_desk().site)


def test_file_is_described_and_deleted():
    desk = the_desk()
    author, owner = desk.browser(AUTHOR), desk.browser(OWNER)
    number, (path,) = row_of(
        upload(author, "short-lived.png", png(600, 20)), "path")
    target = "/desk/media/%d" % number

    equal(author.send(target, target, alt="A strip").status, 303, "describing")
    equal(rewrite(desk.site, "SELECT alt FROM media WHERE id = ?", number),
          [("A strip",)], "what it shows")
    equal(page_of(author.send(target, target, alt="x" * 501)).problems,
          ["The description is longer than 500 characters."], "too long")
    equal(author.send(target, target + "/delete").status, 403, "an author")
    equal(owner.send(target, target + "/delete").status, 303, "the owner")

    assert not (media_folder() / path).exists()
    equal(owner.get(target).status, 404, "after it")
    equal(rewrite(desk.site, "SELECT count(*) FROM media_variant WHERE"
                  " media_id = ?", number), [(0,)], "its sizes")
    assert_whole(desk.site)


def test_what_a_killed_worker_left_is_swept():
    """Folders of ours that are old; nothing else, and through no link."""
    desk = the_desk()
    author = desk.browser(AUTHOR)
    uploads = desk.site.path / "uploads"
    upload(author, "first.bin", b"There are uploads.")
    outside = web.folder("outside of uploads")
    (outside / "original").write_bytes(b"kept")
    names = {"old": "o" * 16, "new": "-_n" + "n" * 13, "strange": "a.bc" * 4,
             "long": "o" * 17, "linked": "l" * 16, "inside": "i" * 16}
    paths = {key: uploads / name for key, name in names.items()}
    for key, path in paths.items():
        if key == "linked":
            path.symlink_to(outside)
            continue
        path.mkdir()
        (path / "original").write_bytes(b"a photograph")
        if key == "inside":
            (path / "made").symlink_to(outside)
        else:
            (path / "made").mkdir()
            (path / "made" / "full.png").write_bytes(b"half an image")
    for path in [*uploads.rglob("*"), outside, outside / "original"]:
        web.give(path)
    long_ago = time.time() - 3700
    for key in ("old", "strange", "long", "linked", "inside"):
        os.utime(paths[key], (long_ago, long_ago))
    os.utime(paths["new"], (time.time() - 3000,) * 2)

    equal(upload(author, "second.bin", b"They are swept.").status, 303, "")

    left = {key for key, path in paths.items() if os.path.lexists(path)}
    equal(left, {"new", "strange", "long", "linked"}, "what is left")
    for key in ("new", "strange", "long"):
        assert (paths[key] / "made" / "full.png").exists(), key
    equal((outside / "original").read_bytes(), b"kept", "outside")
    for key in left - {"linked"}:
        shutil.rmtree(paths[key])
    paths["linked"].unlink()


def age_uploads():
    """As if all that is in uploads/ had been left there long ago."""
    long_ago = time.time() - 3700
    for folder in (the_desk().site.path / "uploads").iterdir():
        os.utime(folder, (long_ago, long_ago))


def test_what_a_killed_worker_put_into_media_is_swept():
    """It waits to store the rows of its files when it is killed."""
    desk = the_desk()
    author = desk.browser(AUTHOR)
    upload(author, "swept before.png", png(50, 50))
    before = sorted(media_folder().iterdir())
    by_hand = media_folder() / "0123456789abcdef-by-hand.png"
    by_hand.write_bytes(b"put there by somebody")
    workers = desk.program.workers()

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with contextlib.closing(sqlite3.connect(
                desk.site.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            coming = pool.submit(upload, author, "swept.png", png(600, 20))
            web.wait_for(lambda: len(list(media_folder().glob(
                "*-swept.png"))) == 1, what="its files")
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(OSError):
                equal(coming.result().status, 0, "what was cut off")
    equal(rewrite(desk.site, "SELECT count(*) FROM media WHERE original_name"
                  " = 'swept.png'"), [(0,)], "rows")
    desk.site.tool("work", "--once")
    assert list(media_folder().glob("*-swept.png")), "it may be at work still"
    age_uploads()
    desk.site.tool("work", "--once")

    equal(sorted(media_folder().iterdir()), sorted([*before, by_hand]),
          "media/")
    equal(list((desk.site.path / "uploads").iterdir()), [], "uploads/")
    by_hand.unlink()
    web.wait_for(lambda: len(desk.program.workers()) == 2, what="workers")


def test_what_a_killed_worker_was_about_to_delete_is_swept():
    """It has removed the row when it is killed at the first of the files."""
    desk = the_desk()
    author, owner = desk.browser(AUTHOR), desk.browser(OWNER)
    upload(author, "kept.png", png(60, 60))
    before = sorted(media_folder().iterdir())
    number, _ = row_of(upload(author, "going.png", png(600, 21)), "path")
    target = "/desk/media/%d" % number
    page = owner.get(target)
    files = files_of(number)

    with killed_at(desk.program, "unlink", "unlinkat"):
        with contextlib.suppress(OSError):
            equal(owner.send(page, target + "/delete").status, 0, "cut off")
    equal(files_of(number), [], "rows")
    assert any(path.exists() for path in files), "nothing was left"
    web.wait_for(lambda: len(desk.program.workers()) == 2, what="workers")
    age_uploads()
    desk.site.tool("work", "--once")

    equal(sorted(media_folder().iterdir()), before, "media/")
    equal(list((desk.site.path / "uploads").iterdir()), [], "uploads/")


def test_deletion_that_was_killed_before_its_end_keeps_all():
    """It has written down what it is about to delete, which has its row still."""
    desk = the_desk()
    author, owner = desk.browser(AUTHOR), desk.browser(OWNER)
    number, _ = row_of(upload(author, "staying.png", png(600, 22)), "path")
    target = "/desk/media/%d" % number
    page = owner.get(target)
    files = files_of(number)

    with killed_at(desk.program, "fsync", when=3):
        with contextlib.suppress(OSError):
            equal(owner.send(page, target + "/delete").status, 0, "cut off")
    web.wait_for(lambda: len(desk.program.workers()) == 2, what="workers")
    folder, = (desk.site.path / "uploads").iterdir()
    equal(sorted((folder / "names").read_text().split()),
          sorted(path.name for path in files), "what is written down")
    age_uploads()
    desk.site.tool("work", "--once")

    equal(files_of(number), files, "rows")
    equal([path for path in files if not path.exists()], [], "what is gone")
    equal(list((desk.site.path / "uploads").iterdir()), [], "uploads/")
    assert_whole(desk.site)


def test_sweeping_takes_what_no_row_names_alone():
    """A folder says which names its files got; another may have them by now,
    and it cannot name what is elsewhere."""
    desk = the_desk()
    author = desk.browser(AUTHOR)
    number, (path,) = row_of(upload(author, "named.png", png(70, 70)), "path")
    folder = desk.site.path / "uploads" / ("n" * 16)
    folder.mkdir()
    (folder / "names").write_text("%s\n../byline.conf\n%s\n\n" % (
        path, "a/../../byline.conf"))
    for made_by_us in (folder, folder / "names"):
        web.give(made_by_us)
    age_uploads()

    desk.site.tool("work", "--once")

    assert not folder.exists()
    assert (media_folder() / path).exists()
    assert (desk.site.path / "byline.conf").exists()


# ---- after a power cut ----

def assert_on_disk(calls, path):
    """The file came to its name when its bytes were on the disk, and a row named
    it when its name was."""
    moved = index_of(calls, moves_to(path))
    made = calls[moved][1][0]
    assert index_of(calls, syncs(made)) < moved, calls
    named = index_of(calls, syncs(path.parent), moved)
    index_of(calls, commits, named)
    assert not any(commits(*call) for call in calls[moved:named]), calls
    folder = os.path.dirname(made).removesuffix("/made")
    noted = index_of(calls, moves_to(folder + "/names"))
    noted = index_of(calls, syncs(folder), noted)
    assert index_of(calls, syncs(os.path.dirname(folder)), noted) < moved, calls


def test_files_are_on_the_disk_before_a_row_names_them():
    author = the_desk().browser(AUTHOR)
    for name, content, count in (("durable.png", png(600, 20), 3),
                                 ("durable.zip", b"no image", 1)):
        with calls_of(the_desk().program) as calls:
            number, _ = row_of(upload(author, name, content), "path")
        files = files_of(number)
        assert len(files) >= count, files
        for path in files:
            assert_on_disk(calls, path)


# ---- at once ----

@contextlib.contextmanager
def turn_of_another():
    """Somebody else changes what is in media/."""
    folder = os.open(media_folder(), os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(folder)


def files_of(number):
    return [media_folder() / name for name, in rewrite(
        the_desk().site, "SELECT path FROM media WHERE id = ?1 UNION"
        " SELECT path FROM media_variant WHERE media_id = ?1", number)]


def test_files_come_and_go_in_one_turn():
    """While another does so, neither rows nor files change."""
    desk = the_desk()
    author, owner = desk.browser(AUTHOR), desk.browser(OWNER)
    number, _ = row_of(upload(author, "going.png", png(30, 30)), "path")
    target = "/desk/media/%d" % number
    page = owner.get(target)
    files = sorted(media_folder().iterdir())

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        with turn_of_another():
            coming = pool.submit(upload, author, "coming.bin", b"coming")
            going = pool.submit(owner.send, page, target + "/delete")
            time.sleep(1)
            assert not coming.done() and not going.done()
            equal(sorted(media_folder().iterdir()), files, "meanwhile")
            equal(len(files_of(number)) > 0, True, "its rows")
        equal((coming.result().status, going.result().status), (303, 303),
              "afterwards")


def test_no_row_is_without_its_file():
    """The same file comes and goes in all workers at once."""
    desk = the_desk()
    browsers = [desk.browser(OWNER) for _ in range(4)]

    def come_and_go(n):
        for _ in range(12):
            answer = upload(browsers[n], "raced.bin", b"raced")
            equal(answer.status, 303, "uploading")
            target = answer["location"].partition("?")[0]
            with contextlib.suppress(AssertionError):  # gone already
                browsers[n].send(target, target + "/delete")
            upload(browsers[n], "raced.bin", b"raced")

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(come_and_go, range(4)))

    for path, in rewrite(desk.site, "SELECT path FROM media"):
        assert (media_folder() / path).exists(), path


def test_no_name_is_that_of_a_size_of_another():
    """The same image under the name that one of its sizes might have: each has
    all of its own files, also when one is gone."""
    desk = the_desk()
    owner = desk.browser(OWNER)
    content = png(600, 30)
    number, (path,) = row_of(upload(owner, "wide.png", content), "path")
    first = {file: file.read_bytes() for file in files_of(number)}
    target = None
    for name in ("wide-480.png", "wide_480.png", "wide 480.png"):
        other, (path, width) = row_of(upload(owner, name, content),
                                      "path, width")
        equal(width, 600, path)
        equal((media_folder() / path).read_bytes()[16:20],
              struct.pack(">I", 600), path)
        equal(set(files_of(other)) & set(first), set(), "files of both")
        target = "/desk/media/%d" % other

    equal(owner.send(target, target + "/delete").status, 303, "deleting")

    equal({file: file.read_bytes() for file in files_of(number)}, first,
          "what is left")


if __name__ == "__main__":
    run(globals())
