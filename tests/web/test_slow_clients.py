#!/usr/bin/env python3
"""A thousand visitors who never finish what they say (requirement 12): the others
are answered as before."""
import pathlib
import resource
import signal
import sys

sys.dont_write_bytecode = True
import harness as web
from harness import Load, Program, Server, equal, wait_for

SLOW = 1000
# Below this a p99 says more about the machine than about us.
NOISE = 0.1

made = {}


def the_program():
    if not made:
        made["site"] = web.Site("site").fill()
        made["program"] = Program(made["site"], workers=4)
    return made["program"]


def raise_limit():
    """Each slow visitor needs a descriptor, here and in the server."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def established(port):
    """How many visitors are connected to `port`."""
    rows = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(1 for row in rows if row.split()[3] == "01" and
               row.split()[1].endswith(":%04X" % port))


def p99(server, count=500):
    def visit():
        answer = server.fetch("/about")
        return None if answer.status == 200 else repr(answer)
    load = Load(visit)
    load.wait(count)
    equal(load.stop(), [], "failures")
    return load.percentile(0.99)


def have_threads(text):
    """Apache starts threads as they are needed, a process a second: here all at
    once, since it is not that what we measure."""
    return text.replace("ServerLimit 16", "ServerLimit 16\nStartServers 14\n"
                        "MaxSpareThreads 1600")


def check(name, *options):
    web.need("slowhttptest")
    raise_limit()
    program = the_program()
    server = Server(name, made["site"], program, have_threads)
    before = p99(server)
    url = "http://127.0.0.1:%d/about" % server.port
    slow = web.start(
        ["slowhttptest", "-c", SLOW, "-r", SLOW, "-l", "30", "-i", "5", "-p",
         "20", "-u", url, *options], server.place / "slow log")
    wait_for(lambda: established(server.port) > SLOW * 9 // 10, 10,
             "%d slow visitors" % SLOW, between=0.1)

    during = p99(server)

    print("p99: %.1f ms, among slow visitors %.1f ms" % (
        before * 1000, during * 1000))
    assert during <= max(2 * before, NOISE), (before, during)
    web.stop(slow, number=signal.SIGKILL)
    server.stop()


def test_slow_headers_before_nginx():
    check("nginx", "-H")


def test_slow_bodies_before_nginx():
    check("nginx", "-B", "-s", "10000")


def test_slow_reading_before_nginx():
    check("nginx", "-X", "-w", "1", "-y", "2", "-n", "5", "-z", "1")


def test_slow_headers_before_apache():
    check("apache_proxy", "-H")


def test_slow_bodies_before_apache():
    check("apache_proxy", "-B", "-s", "10000")


def test_half_requests_on_the_socket():
    """The web server itself stalls: each worker gives up after some seconds, and
    those that are left go on."""
    program = the_program()
    stalled = [web.connect(program.socket) for _ in range(3)]
    for connection in stalled:
        connection.sendall(web.fastcgi_request("/about")[:30])

    load = Load(lambda: None if program.ask("/about").status == 200
                else "not 200", 2)
    load.wait(200)

    equal(load.stop(), [], "failures")
    # However long they had to wait for, it was no longer than a silence may be.
    assert max(load.times) < 5, max(load.times)


web.run(globals())
