#!/usr/bin/env python3
"""How byline.fcgi is started, ended, renewed and killed, and that readers do not
notice. What is lost is counted by readers who come through nginx, and by ones who
speak FastCGI with the program itself."""
import os
import pathlib
import re
import shutil
import signal
import socket
import sys
import time

sys.dont_write_bytecode = True
import harness as web
from harness import Load, Program, Server, ask, equal, wait_for

site = None


def the_site():
    global site
    site = site or web.Site("site").fill()
    return site


def is_fine(answer, target="/about"):
    """Why this is not the page, or nothing."""
    if answer.status == 200 and answer.body.rstrip().endswith(b"</html>"):
        return None
    return "%s: %r" % (target, answer)


def load_through(server):
    return Load(lambda: is_fine(server.fetch("/about")))


def load_on(address):
    """Readers who connect; whom nobody lets in any more was not accepted."""
    def visit():
        try:
            return is_fine(ask(address, "/about"))
        except (FileNotFoundError, ConnectionRefusedError):
            time.sleep(0.001)
            return None
    return Load(visit)


def pages_differ_from_plain(address):
    equal(ask(address, "/about").status, 200, "/about")
    equal(ask(address, "/nothing").status, 404, "/nothing")


# ---- how it is started ----

LAUNCHER = """
import os, socket, sys
number, way, *argv = sys.argv[1:]
fd = int(number)
if way == "systemd":
    if fd != 3:
        os.dup2(fd, 3)
        os.close(fd)
    os.set_inheritable(3, True)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
else:
    os.dup2(fd, 0)
os.execv(argv[0], argv)
"""


def launch(way, *arguments):
    """Start the program with a socket that listens already."""
    place = web.folder("%s %s" % (way, " ".join(arguments)), 0o750)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(place / "sock"))
    listening.listen(16)
    (place / "sock").chmod(0o660)
    web.give(place / "sock")
    process = web.start(
        [web.PYTHON, "-c", LAUNCHER, listening.fileno(), way,
         web.programs / "byline.fcgi", "--site", the_site().path, *arguments],
        place / "log", pass_fds=[listening.fileno()])
    listening.close()
    return process, place / "sock"


def test_socket_of_systemd_is_served():
    process, address = launch("systemd", "--workers", "2")

    pages_differ_from_plain(address)

    web.wait_for(lambda: len(web.children(process.pid)) == 2, what="2 workers")
    equal(web.stop(process), 0, "exit code")
    assert address.exists(), "the socket is systemd's, not ours to remove"


def test_socket_of_systemd_survives_an_upgrade():
    process, address = launch("systemd", "--workers", "1")
    pages_differ_from_plain(address)
    before = web.children(process.pid)
    load = load_on(address)

    process.send_signal(signal.SIGHUP)
    wait_for(lambda: not set(before) & set(web.children(process.pid)), 20,
             "new workers")
    load.wait(20)

    equal(load.stop(), [], "failures")
    equal(web.stop(process), 0, "exit code")


def test_socket_as_standard_input_is_served():
    process, address = launch("mod_fcgid")

    pages_differ_from_plain(address)

    equal(web.children(process.pid), [], "workers: it is one itself")
    equal(web.stop(process), 0, "exit code")


def test_spawn_fcgi_starts_it():
    web.need("spawn-fcgi")
    place = web.folder("spawn", 0o750)
    process = web.start(
        ["spawn-fcgi", "-n", "-s", place / "sock", "-M", "0660", "--",
         web.programs / "byline.fcgi", "--site", the_site().path,
         "--workers", "2"], place / "log")
    wait_for(lambda: (place / "sock").exists(), what="the socket")

    pages_differ_from_plain(place / "sock")

    equal(web.stop(process), 0, "exit code")


def test_loopback_port_is_served_and_no_other_address():
    port = web.free_port()
    program = Program(the_site(), listen="127.0.0.1:%d" % port, wait=False)

    def answers():
        try:
            return ask(port, "/healthz").status == 200
        except ConnectionRefusedError:
            return False
    wait_for(answers, what="the port")

    rows = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
    listening = [row.split()[1] for row in rows if row.split()[3] == "0A"
                 and row.split()[1].endswith(":%04X" % port)]
    equal(listening, ["0100007F:%04X" % port], "sockets at the port")
    equal(program.stop(), 0, "exit code")


def refuse(listen, words):
    result = web.call(web.programs / "byline.fcgi", "--site", the_site().path,
                      "--listen", listen)
    equal(result.returncode, 1, "exit code with " + listen)
    assert words in result.stderr.decode(), result.stderr


def test_address_of_the_world_is_refused():
    for listen in ("0.0.0.0:9000", ":9000", "[::]:9000", "192.0.2.1:9000"):
        refuse(listen, "127.0.0.1")


def test_second_program_on_one_socket_is_refused():
    program = Program(the_site())

    refuse("unix:%s" % program.socket, str(program.process.pid))

    pages_differ_from_plain(program.socket)
    equal(program.stop(), 0, "exit code")


def test_socket_of_one_that_was_killed_is_taken_over():
    program = Program(the_site())
    web.stop(program.process, number=signal.SIGKILL)
    assert program.socket.exists()
    wait_for(lambda: is_refused(program.socket), what="the workers to end")

    program.process = web.start(program.process.args, program.log)
    wait_for(lambda: not is_refused(program.socket), what="the new one")

    pages_differ_from_plain(program.socket)
    equal(program.stop(), 0, "exit code")
    assert not program.socket.exists(), "the socket is left behind"


def is_refused(address):
    try:
        web.connect(address).close()
        return False
    except (ConnectionRefusedError, FileNotFoundError):
        return True


def test_no_site_is_said_in_words():
    program = web.programs / "byline.fcgi"
    nowhere = web.work / "nowhere"

    result = web.call(program, "--site", nowhere, "--listen", "127.0.0.1:9")
    equal(result.returncode, 1, "exit code")
    assert str(nowhere) in result.stderr.decode(), result.stderr

    result = web.call(program, env=web.environment(
        **web.variables("/"), BYLINE_SITE=str(nowhere)))
    equal(web.cgi_answer(result.stdout).status, 503, "as CGI")


def test_a_trial_changes_nothing():
    """--test: not even the static files, which the real start writes."""
    site = web.Site("a site on trial")
    shutil.rmtree(site.path / "public/static", ignore_errors=True)

    def files():
        return {path.relative_to(site.path): path.is_file() and
                path.read_bytes() for path in site.path.rglob("*")
                # Whoever looks into a database has these.
                if path.name not in ("byline.db-shm", "byline.db-wal")}
    before = files()

    for name in ("byline.fcgi", "desk.fcgi"):
        done = web.call(web.programs / name, "--site", site.path, "--test")

        equal((done.returncode, done.stderr), (0, b""), name)
        equal(sorted(map(str, files())), sorted(map(str, before)), name)
        equal(files(), before, name)
    Program(site).stop()
    assert (site.path / "public/static").is_dir(), "nothing to see"


def test_units_of_systemd_are_well_formed():
    web.need("systemd-analyze")
    place = web.folder("units")
    for name in ("byline.service", "byline.socket"):
        text = (web.SOURCE / "cgi-bin" / name).read_text()
        web.write(place / name, text.replace(
            "/usr/local/libexec/byline", str(web.programs)))

    result = web.call("systemd-analyze", "verify", "--man=no",
                      place / "byline.service", place / "byline.socket")

    said = (result.stdout + result.stderr).decode()
    assert "byline." not in said, said
    equal(result.returncode, 0, "exit code: " + said)


def test_folder_of_the_socket_is_the_web_servers():
    """What byline.socket does before the socket, done as ourselves."""
    text = (web.SOURCE / "cgi-bin/byline.socket").read_text()
    command = re.search(r"(?m)^ExecStartPre=(.*) /run/byline$", text)[1]
    words = command.split()
    equal(words[-4:], ["-o", "byline", "-g", "www-data"], "its owners")
    place = web.work / "run of byline"

    result = web.call(*words[:-4], place)

    equal(result.returncode, 0, "exit code: " + result.stderr.decode())
    equal(oct(place.stat().st_mode & 0o777), "0o750", "mode")


# ---- how it is ended ----

def test_sigterm_finishes_what_was_accepted():
    for _ in range(3):
        program = Program(the_site())
        load = load_on(program.socket)
        load.wait(100)

        code = program.stop()

        equal(code, 0, "exit code")
        equal(load.stop(), [], "failures")


def test_sigterm_waits_for_a_request_that_is_half_here():
    program = Program(the_site())
    request = web.fastcgi_request("/about")
    connection = web.connect(program.socket)
    connection.sendall(request[:40])
    # Once another was served, this one has been accepted, too.
    ask(program.socket, "/healthz")

    program.process.send_signal(signal.SIGTERM)
    wait_for(lambda: is_refused(program.socket), what="the end to begin")
    connection.sendall(request[40:])

    data = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b"</html>" in data, data
    equal(program.process.wait(10), 0, "exit code")


def test_sigterm_ends_within_ten_seconds_whoever_stalls():
    program = Program(the_site())
    stalled = [web.connect(program.socket) for _ in range(4)]
    for connection in stalled:
        connection.sendall(web.fastcgi_request("/about")[:40])
    began = time.monotonic()

    code = program.stop()

    equal(code, 0, "exit code")
    assert time.monotonic() - began < 10.5


# ---- how it is renewed ----

def upgrade(program):
    before = program.workers()
    program.process.send_signal(signal.SIGHUP)

    def is_renewed():
        workers = program.workers()
        return len(workers) == len(before) and not set(workers) & set(before)
    wait_for(is_renewed, 20, "new workers: " + program.said())


def test_ten_upgrades_cost_no_request():
    program = Program(the_site())
    server = Server("nginx", the_site(), program)
    loads = [load_through(server), load_on(program.socket)]

    for _ in range(10):
        upgrade(program)
        loads[0].wait(5)

    for load in loads:
        equal(load.stop(), [], "failures")
    equal(program.process.poll(), None, "exit code of the same process")
    equal(program.stop(), 0, "exit code")
    server.stop()


def test_upgrade_takes_a_new_configuration():
    copy = the_site().copy("renewed")
    program = Program(copy)
    copy.configure("site", "base_url", "http://other.example")

    upgrade(program)

    assert b"http://other.example/" in program.ask("/feed.xml").body
    program.stop()


def test_upgrade_says_that_its_socket_stays():
    copy = the_site().copy("moving")
    program = Program(copy)
    upgrade(program)
    assert "listen.unchanged" not in program.said(), program.said()
    copy.configure("fastcgi", "socket_group", os.getgid())

    upgrade(program)

    equal(program.said().count("listen.unchanged"), 1, program.said())
    pages_differ_from_plain(program.socket)
    program.stop()


def test_upgrade_to_a_broken_configuration_is_refused():
    copy = the_site().copy("broken")
    program = Program(copy)
    before = program.workers()
    (copy.path / "byline.conf").write_text("[site]\nbase_url = ftp://x\n")

    program.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "upgrade.refused" in program.said(), 20, "a refusal")

    assert "byline.conf:2:" in program.said(), program.said()
    equal(program.workers(), before, "workers")
    pages_differ_from_plain(program.socket)
    program.stop()


# ---- how it is killed ----

def kill_one(program):
    """Kill a worker; how long until another stands in its place."""
    victim, *_ = program.workers()
    count = len(program.workers())
    os.kill(victim, signal.SIGKILL)
    began = time.monotonic()

    def is_replaced():
        workers = program.workers()
        return victim not in workers and len(workers) == count
    wait_for(is_replaced, what="a new worker")
    return time.monotonic() - began


def test_killed_worker_is_replaced_within_100_ms():
    program = Program(the_site())

    times = sorted(kill_one(program) for _ in range(20))

    # The machine may be busy with other tests: all but a few are in time.
    assert times[17] < 0.1, times
    assert times[10] < 0.06, times
    program.stop()


def test_kills_cost_at_most_one_request_each():
    program = Program(the_site())
    load = load_on(program.socket)
    load.wait(50)

    for _ in range(20):
        kill_one(program)

    load.wait(50)
    failures = load.stop()
    assert len(failures) <= 20, "%d failures: %s" % (
        len(failures), failures[:3])
    program.stop()


def test_kills_are_hidden_by_nginx():
    """It asks once more: who is killed next must not have that request too."""
    program = Program(the_site())
    server = Server("nginx", the_site(), program)
    load = load_through(server)
    load.wait(50)

    for _ in range(20):
        kill_one(program)
        load.wait(10)

    load.wait(50)
    equal(load.stop(), [], "failures")
    program.stop()
    server.stop()


def test_workers_end_with_their_supervisor():
    program = Program(the_site())
    workers = program.workers()

    os.kill(program.process.pid, signal.SIGKILL)
    program.process.wait()

    wait_for(lambda: not any(pathlib.Path("/proc/%d" % pid).exists() and
                             "(zombie)" not in pathlib.Path(
                                 "/proc/%d/status" % pid).read_text()
                             for pid in workers), what="the workers to end")


# ---- memory ----

def memory_of(pid):
    """Kilobytes, what is shared counted in part; of a process and all below."""
    text = pathlib.Path("/proc/%d/smaps_rollup" % pid).read_text()
    return int(re.search(r"(?m)^Pss:\s+(\d+)", text)[1]) + sum(
        map(memory_of, web.children(pid)))


def test_idle_programs_take_10_megabytes():
    """All that runs for a blog: both programs, each with two workers, and
    `byline work`."""
    if web.is_sanitized():
        raise web.suite.Skip("a sanitizer takes much more")
    site = the_site()
    programs = [Program(site), Program(site, name="desk.fcgi")]
    work = web.start([web.programs / "byline", "--site", site.path, "work"],
                     web.work / "work log")
    pids = [work.pid, *(program.process.pid for program in programs)]

    # Each has come to rest.
    wait_for(lambda: sum(map(memory_of, pids)) <= 10 << 10, 20,
             "10 MB: %s" % list(map(memory_of, pids)))

    web.stop(work)
    for program in programs:
        program.stop()


web.run(globals())
