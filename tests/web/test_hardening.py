#!/usr/bin/env python3
"""What the readers' program has given up when it meets a visitor, and how it is
built: requirements 57 and 58."""
import os
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import harness as web
import suite
from harness import Program, equal

site = None


def the_site():
    global site
    site = site or web.Site("site")
    return site


# ---- 57: processes ----

def wait_for_filter(pid):
    """A process has been started before it is confined."""
    def is_confined():
        text = pathlib.Path("/proc/%d/status" % pid).read_text()
        return re.search(r"Seccomp:\s*(\d)", text)[1] == "2"
    web.wait_for(is_confined, what="the filter of system calls")


def test_57_workers_are_confined():
    if web.is_sanitized():
        raise suite.Skip("sanitizers need what a worker gives up")
    program = Program(the_site())
    for pid in program.workers():
        wait_for_filter(pid)
        status = pathlib.Path("/proc/%d/status" % pid).read_text()
        limits = pathlib.Path("/proc/%d/limits" % pid).read_text()
        equal(re.search(r"NoNewPrivs:\s*(\d)", status)[1], "1", "privileges")
        equal(re.search(r"CapEff:\s*(\w+)", status)[1], 16 * "0", "rights")
        for name, pattern in (("core", r"core file size +(\d+)"),
                              ("processes", r"Max processes +(\d+)")):
            equal(re.search(pattern, limits)[1], "0", name)
        assert re.search(r"data size +\d+", limits), limits
        assert int(re.search(r"open files +(\d+)", limits)[1]) <= 1024, limits
    program.stop()


def start_cgi(log, **more):
    """The program asked by POST, and its body not sent yet."""
    return web.start([web.programs / "byline.fcgi"], web.work / log,
                     stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                     env=web.environment(
                         **web.variables("/about", "POST", CONTENT_LENGTH="9"),
                         **more))


def test_57_plain_cgi_is_confined():
    if web.is_sanitized():
        raise suite.Skip("sanitizers need what a worker gives up")
    process = start_cgi("cgi.log", BYLINE_SITE=str(the_site().path))
    wait_for_filter(process.pid)

    output, _ = process.communicate(b"a=1&b=2&c", timeout=20)
    equal(web.cgi_answer(output).status, 405, "afterwards")
    equal(web.stop(process), 0, "exit code")
    equal((web.work / "cgi.log").read_text(), "", "log")


def test_57_plain_cgi_does_not_wait_for_ever():
    """A body that comes byte by byte is never silent, and never here."""
    site = web.Site("impatient")
    site.configure("fastcgi", "request_seconds", "1")
    process = start_cgi("slow cgi.log", BYLINE_SITE=str(site.path))

    def has_ended():
        try:
            os.write(process.stdin.fileno(), b"a")
        except BrokenPipeError:
            pass
        return process.poll() is not None
    web.wait_for(has_ended, 8, "its end", between=0.3)

    equal(web.cgi_answer(process.stdout.read()).status, 400, "answer")
    equal(web.stop(process), 0, "exit code")


# ---- 58: the program itself ----

def program_file():
    return str(web.programs / "byline.fcgi")


def readelf(path, option):
    web.need("readelf")
    return subprocess.run(["readelf", "-W", option, path],
                          capture_output=True, text=True, check=True).stdout


def check_hardening(path):
    config = (web.BUILD / "config.log").read_text(errors="replace")
    if web.is_sanitized() or "enable_hardening=no" in config:
        raise suite.Skip("built without hardening")
    head, segments, dynamic = [readelf(path, "-" + o) for o in "hld"]
    notes, symbols = readelf(path, "-n"), readelf(path, "-s")

    assert re.search(r"Type:\s+DYN", head), "not PIE"
    assert "GNU_RELRO" in segments, "no RELRO"
    assert re.search(r"\bNOW\b|BIND_NOW", dynamic), "no immediate binding"
    assert re.search(r"GNU_STACK.* RW ", segments), "executable stack"
    assert "__stack_chk_fail" in symbols, "no stack protector"
    if "X86-64" in head:
        assert "IBT" in notes and "SHSTK" in notes or \
            "endbr64" in start_of_main(path), "no CET"


def start_of_main(path):
    """A static program is marked only if every library in it is."""
    done = subprocess.run(["objdump", "-d", "--no-show-raw-insn", path],
                          capture_output=True, text=True)
    found = re.search(r"<main>:\n(.*\n.*)\n", done.stdout)
    return found[1] if found else ""


def test_58_program_is_hardened():
    check_hardening(program_file())
    assert re.search(r"__\w+_chk\b", readelf(program_file(), "-s")), \
        "no fortified functions"


def test_58_image_program_is_hardened():
    path = str(web.BUILD / "byline-image")
    if not os.path.exists(path):
        raise suite.Skip("built without images")
    check_hardening(path)


# What only writing needs, by a name that each has inside: libraries, and our own
# reading of uploads.
WRITING = {"cmark": rb"\bcmark_\w+", "gumbo": rb"\bgumbo_\w+",
           "gmime": rb"\bg_mime_\w+", "curl": rb"\bcurl_easy_\w+",
           "vips": rb"\bvips_\w+", "source-highlight": rb"srchilite",
           "fyaml": rb"\bfy_\w+", "jansson": rb"\bjson_dumps\b",
           "oath": rb"\boath_\w+", "qrencode": rb"\bQRcode_\w+",
           "uploads": rb"\bform_parse_multipart\b"}


def test_readers_program_links_nothing_of_writing():
    linked = subprocess.run(["ldd", program_file()], capture_output=True,
                            text=True).stdout
    inside = pathlib.Path(program_file()).read_bytes() + subprocess.run(
        ["nm", str(web.BUILD / "byline.fcgi")], capture_output=True).stdout
    assert rb"site_respond" in inside or "lib" in linked, "no symbols to read"
    for library, pattern in WRITING.items():
        assert library not in linked, linked
        found = re.search(pattern, inside)
        assert not found, "%s: %s" % (library, found)


web.run(globals())
