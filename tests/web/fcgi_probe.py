#!/usr/bin/env python3
"""fcgi_probe.py - speaks FastCGI byte by byte, and mostly wrong, with a program that
should stand it: the cases of fcgi_probe.txt.

  fcgi_probe.py /run/byline.sock [--uri /healthz]
  fcgi_probe.py SOCKET --only NAME[,NAME] -v   some cases, with the records seen
  fcgi_probe.py SOCKET --echo                  a program that says what it saw, as
                                               tests/http/fcgi_responder.c: more of
                                               each case can be asked then
  --json FILE                                  results for a program to read

Prints PASS, FAIL or SKIP for each case. The exit code is 1 if one failed.

A case is a list of statements, one a line, with the quoting of a shell. Texts
understand \\xNN, \\0, \\n and @rep(TEXT,N).

  case NAME DESCRIPTION
  connect                 open one more connection, which becomes the current one
  begin [id=] [role=] [flags=] [len=]     BEGIN_REQUEST of any length
  pair [id=] NAME VALUE [nl=4] [vl=4]     one pair in a PARAMS record of its own;
                                          nl, vl: with lengths of four bytes
  params [id=] NAME=VALUE ...             several pairs in one record
  endparams [id=] [pad=]
  endstdin [id=] [pad=]
  stdin [id=] TEXT [chunk=] [pad=]
  req [id=] [flags=] [method=] [uri=] [role=] [pad=] [NAME=VALUE ...]
                          BEGIN_REQUEST, PARAMS and their end
  rec type= [id=] [ver=] [len=] [pad=] [rsv=] [body=]
                          one record, any field of it wrong
  raw TEXT                bytes as they are
  many N STATEMENT        a statement again and again, in one write
  opendrop N              open and close N connections, sending nothing
  needs echo              skip the case without --echo
  smuggle OFFSET          a body that carries a whole request at that place of what
                          is held
  hold, flush             keep what is sent; send it in one write
  drip SECONDS            send what is held one byte at a time
  gap SECONDS             wait
  half, drop, rst         end our side; close; close with RST
  trickle N SECONDS       N bytes of zero, one each so many seconds
  slowread N SECONDS      read N pieces of 64 KiB from now on, one each so many
                          seconds
  signal NAME             to the worker (echo only)
  want end [id=] [proto=] [within=]       END_REQUEST came
  want closed [within=]                   the connection was closed
  want status CODE[/CODE..] [id=]         the status of the answer
  want refused [id=] [within=]            closed, END_REQUEST with an error, an
                                          empty answer, or a status of 400 and more
  want answered [id=] [within=]           anything but silence
  want type N [min=]                      a record of that type came
  want alive [within=]                    somebody else gets an answer in time
  want has TEXT [id=], want lacks TEXT [id=], want samepid, want dispatched N,
  want rss KIB, want gone [within=]       (echo only)

Each case begins and ends with an ordinary request on a connection of its own.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shlex
import signal
import socket
import struct
import sys
import time

CASES = pathlib.Path(__file__).with_suffix(".txt")

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT = range(1, 7)
# How long a record or a pair of PARAMS may be by its header.
RECORD_SIZE = 65535


class Failure(Exception):
    """What was wanted did not happen, and what did."""


class NeedsEcho(Exception):
    """The program does not say what this asks for."""


# ---- bytes ----

def record(kind, number, body=b"", version=1, length=None, pad=0, reserved=0):
    size = len(body) if length is None else length
    return struct.pack(">BBHHBB", version, kind, number, size & 0xffff,
                       pad & 0xff, reserved) + body + b"\0" * pad


def begin_body(role=1, flags=0):
    return struct.pack(">HB5x", role, flags)


def pair_length(size, form):
    if form == 4 or size > 127:
        return struct.pack(">I", (size | 1 << 31) & 0xffffffff)
    return bytes([size])


def pair(name, value, name_form=0, value_form=0):
    return (pair_length(len(name), name_form) +
            pair_length(len(value), value_form) + name + value)


def records(kind, number, data, chunk=RECORD_SIZE, pad=0):
    return b"".join(record(kind, number, data[at:at + chunk], pad=pad)
                    for at in range(0, len(data), chunk))


def text(word):
    """The bytes that a word of a statement stands for."""
    word = re.sub(r"@rep\((.*?),(\d+)\)",
                  lambda found: found[1] * int(found[2]), word)
    if "\\" in word:
        word = word.encode("latin-1").decode("unicode_escape")
    return word.encode("latin-1", "replace")


def options_of(words, names):
    """NAME=VALUE among `words` whose names are `names`, and the other words."""
    options, rest = {}, []
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name in names:
            options[name] = value if name in (
                "body", "method", "uri", "within") else int(value)
        else:
            rest.append(word)
    return options, rest


# ---- a connection ----

class Connection:
    def __init__(self, address):
        if isinstance(address, str):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(5)
            self.socket.connect(address)
        else:
            self.socket = socket.create_connection(address, 5)
        self.rest = b""
        self.records = []
        self.closed = self.wrong = self.send_error = None
        self.slow_reads, self.slow_seconds = 0, 0

    def send(self, data):
        self.socket.settimeout(10)
        try:
            self.socket.sendall(data)
        except OSError as error:
            self.send_error = error

    def read_until(self, condition, seconds):
        """Whether `condition()` became true in so many seconds."""
        deadline = time.monotonic() + seconds
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0 or self.closed:
                return bool(condition())
            if self.slow_reads > 0:
                self.slow_reads -= 1
                time.sleep(min(self.slow_seconds, left))
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            self._read()
        return True

    def _read(self):
        try:
            data = self.socket.recv(65536)
        except socket.timeout:
            return
        except OSError as error:
            self.closed = str(error)
            return
        if not data:
            self.closed = "eof"
        self.rest += data
        while len(self.rest) >= 8:
            version, kind, number, size, pad = struct.unpack(
                ">BBHHBx", self.rest[:8])
            if version != 1:
                self.wrong = "version %d in an answer" % version
                self.rest = b""
            if len(self.rest) < 8 + size + pad:
                return
            self.records.append((kind, number, self.rest[8:8 + size]))
            self.rest = self.rest[8 + size + pad:]

    def output(self, number):
        return b"".join(body for kind, of, body in self.records
                        if kind == STDOUT and of == number)

    def end(self, number):
        """The application's and the protocol's status of END_REQUEST."""
        for kind, of, body in self.records:
            if kind == END and of == number and len(body) == 8:
                return struct.unpack(">IB3x", body)
        return None

    def status(self, number):
        head, blank, _ = self.output(number).replace(
            b"\r\n", b"\n").partition(b"\n\n")
        if not blank:
            return None
        found = re.search(rb"(?im)^status:\s*(\d{3})", head)
        return int(found[1]) if found else 200

    def close(self, with_reset=False):
        with contextlib.suppress(OSError):
            if with_reset:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack("ii", 1, 0))
            self.socket.close()


# ---- a case ----

class Case:
    """Runs the statements of one case: do_NAME() each, want_NAME() what is
    wanted."""

    def __init__(self, address, uri, is_echo):
        self.address, self.uri, self.is_echo = address, uri, is_echo
        self.connections = []
        self.held = None
        self.before = {}
        self.notes = []

    def run(self, lines):
        skipped = 0
        self.before = self.ask_ordinarily(8)
        if self.is_echo and "PID" not in self.before:
            raise Failure("the program does not say what it saw")
        try:
            for line in lines:
                try:
                    self.do(shlex.split(line))
                except NeedsEcho:
                    skipped += 1
        finally:
            for connection in self.connections:
                connection.close()
        for connection in self.connections:
            if connection.wrong:
                raise Failure(connection.wrong)
        self.ask_ordinarily(6)
        if skipped:
            self.notes.append("%d checks need an echo" % skipped)

    def ask_ordinarily(self, seconds=3.0):
        """An ordinary request must be answered; what the program says of
        itself."""
        connection = Connection(self.address)
        connection.send(record(BEGIN, 1, begin_body()) +
                        records(PARAMS, 1, self.variables(self.uri)) +
                        record(PARAMS, 1) + record(STDIN, 1))
        is_answered = connection.read_until(lambda: connection.end(1), seconds)
        status = connection.status(1)
        connection.close()
        if not is_answered:
            raise Failure("not alive: no answer to an ordinary request within "
                          "%.1f s" % seconds)
        if status is None or status >= 400:
            raise Failure("not alive: status %s of an ordinary one" % status)
        return {name.decode(): int(value) for name, value in re.findall(
            rb"(?m)^(PID|REQNO|MAXRSS_KB) (\d+)\r?$", connection.output(1))}

    def variables(self, uri, method="GET", **more):
        values = {
            "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1",
            "REQUEST_METHOD": method, "REQUEST_URI": uri, "SCRIPT_NAME": "",
            "PATH_INFO": uri.split("?")[0],
            "QUERY_STRING": uri.partition("?")[2], "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "192.0.2.1", "CONTENT_LENGTH": "", **more}
        return b"".join(pair(name.encode("latin-1"), text(value))
                        for name, value in values.items())

    @property
    def connection(self):
        if not self.connections:
            self.do_connect()
        return self.connections[-1]

    def send(self, data):
        if self.held is not None:
            self.held += data
        else:
            self.connection.send(data)

    def release(self):
        held, self.held = self.held, None
        return held

    def do(self, words):
        act = getattr(self, "do_" + words[0], None)
        if act is None:
            raise Failure("no statement %s" % words[0])
        act(*words[1:])

    # ---- what is sent ----

    def do_connect(self):
        self.connections.append(Connection(self.address))

    def do_opendrop(self, count):
        for _ in range(int(count)):
            Connection(self.address).close()

    def do_needs(self, _):
        pass  # it was looked at before

    def do_begin(self, *words):
        options, _ = options_of(words, ("id", "role", "flags", "len"))
        body = begin_body(options.get("role", 1), options.get("flags", 0))
        self.send(record(BEGIN, options.get("id", 1),
                         body.ljust(300, b"\0")[:options.get("len", 8)]))

    def do_pair(self, *words):
        options, (name, value) = options_of(words, ("id", "nl", "vl"))
        self.send(records(PARAMS, options.get("id", 1), pair(
            text(name), text(value), options.get("nl", 0),
            options.get("vl", 0))))

    def do_params(self, *words):
        options, rest = options_of(words, ("id",))
        self.send(records(PARAMS, options.get("id", 1), b"".join(
            pair(*map(text, word.split("=", 1))) for word in rest)))

    def do_endparams(self, *words):
        options, _ = options_of(words, ("id", "pad"))
        self.send(record(PARAMS, options.get("id", 1),
                         pad=options.get("pad", 0)))

    def do_endstdin(self, *words):
        options, _ = options_of(words, ("id", "pad"))
        self.send(record(STDIN, options.get("id", 1),
                         pad=options.get("pad", 0)))

    def do_stdin(self, *words):
        options, rest = options_of(words, ("id", "chunk", "pad"))
        self.send(records(
            STDIN, options.get("id", 1), text(" ".join(rest)),
            options.get("chunk", RECORD_SIZE), options.get("pad", 0)))

    def do_req(self, *words):
        options, rest = options_of(
            words, ("id", "flags", "method", "uri", "role", "pad"))
        number = options.get("id", 1)
        more = dict(word.split("=", 1) for word in rest)
        self.send(record(BEGIN, number, begin_body(
            options.get("role", 1), options.get("flags", 0))))
        self.send(records(PARAMS, number, self.variables(
            options.get("uri", self.uri), options.get("method", "GET"),
            **more), pad=options.get("pad", 0)))
        self.send(record(PARAMS, number))

    def do_rec(self, *words):
        options, _ = options_of(
            words, ("type", "id", "ver", "len", "pad", "rsv", "body"))
        self.send(record(
            options["type"], options.get("id", 1),
            text(options.get("body", "")), options.get("ver", 1),
            options.get("len"), options.get("pad", 0), options.get("rsv", 0)))

    def do_raw(self, *words):
        self.send(text(" ".join(words)))

    def do_many(self, count, *words):
        is_held = self.held is not None
        if not is_held:
            self.do_hold()
        for _ in range(int(count)):
            self.do(words)
        if not is_held:
            self.do_flush()

    def do_hold(self):
        self.held = b""

    def do_flush(self):
        self.send(self.release())

    def do_drip(self, seconds):
        for byte in self.release():
            self.send(bytes([byte]))
            time.sleep(float(seconds))

    def do_smuggle(self, offset):
        inner = (record(BEGIN, 9, begin_body(flags=1)) +
                 record(PARAMS, 9, self.variables(
                     "/smuggled", "POST", REMOTE_USER="admin",
                     REMOTE_ADDR="127.0.0.1")) +
                 record(PARAMS, 9) + record(STDIN, 9))
        filler = b"A" * (int(offset) - len(self.held) - 8)
        self.send(records(STDIN, 1, filler + inner))

    def do_gap(self, seconds):
        time.sleep(float(seconds))

    def do_half(self):
        self.connection.socket.shutdown(socket.SHUT_WR)

    def do_drop(self):
        self.connection.close()
        self.connection.closed = "by us"

    def do_rst(self):
        self.connection.close(with_reset=True)
        self.connection.closed = "by us"

    def do_trickle(self, count, seconds):
        for _ in range(int(count)):
            self.connection.send(b"\0")
            time.sleep(float(seconds))

    def do_slowread(self, count, seconds):
        self.connection.slow_reads = int(count)
        self.connection.slow_seconds = float(seconds)

    def do_signal(self, name):
        self.need_echo()
        os.kill(self.before["PID"], getattr(signal, "SIG" + name))

    # ---- what is wanted ----

    def do_want(self, what, *words):
        options, rest = options_of(words, ("id", "proto", "within", "min"))
        options.setdefault("id", 1)
        options["within"] = float(options.get("within", 3))
        want = getattr(self, "want_" + what, None)
        if want is None:
            raise Failure("nothing is called want %s" % what)
        want(options, *rest)

    def need_echo(self):
        if not self.is_echo:
            raise NeedsEcho()

    def same_worker(self):
        """What the worker says of itself, if it is still the one that it
        was."""
        self.need_echo()
        now = self.ask_ordinarily(6)
        if now["PID"] != self.before["PID"]:
            raise Failure("the worker died or was replaced (%d, %d)" % (
                self.before["PID"], now["PID"]))
        return now

    def want_samepid(self, _):
        self.same_worker()

    def want_dispatched(self, _, count):
        ran = self.same_worker()["REQNO"] - self.before["REQNO"] - 1
        if ran != int(count):
            raise Failure("%d requests ran, not %s" % (ran, count))

    def want_rss(self, _, limit):
        grown = self.same_worker()["MAXRSS_KB"] - self.before["MAXRSS_KB"]
        self.notes.append("%d KiB more memory" % grown)
        if grown > int(limit):
            raise Failure("more than %s KiB" % limit)

    def want_gone(self, options):
        self.need_echo()
        deadline = time.monotonic() + options["within"]
        place = pathlib.Path("/proc/%d/stat" % self.before["PID"])
        while time.monotonic() < deadline:
            try:
                if place.read_text().rpartition(")")[2].split()[0] == "Z":
                    return
            except OSError:
                return
            time.sleep(0.02)
        raise Failure("the worker did not end within %.1f s" %
                      options["within"])

    def want_alive(self, options):
        began = time.monotonic()
        self.ask_ordinarily(options["within"])
        self.notes.append("alive after %.2f s" % (time.monotonic() - began))

    def want_end(self, options):
        connection, number = self.connection, options["id"]
        if not connection.read_until(lambda: connection.end(number),
                                     options["within"]):
            raise Failure("no END_REQUEST of %d within %.1f s (closed: %s)" % (
                number, options["within"], connection.closed))
        status = connection.end(number)[1]
        if status != options.get("proto", status):
            raise Failure("END_REQUEST says %d, not %d" % (
                status, options["proto"]))
        ends = [kind for kind, of, body in connection.records if of == number
                and (kind == END or kind == STDOUT and not body)]
        if status == 0 and ends[0] != STDOUT:
            raise Failure("STDOUT was not ended before END_REQUEST")

    def want_closed(self, options):
        connection = self.connection
        if not connection.read_until(lambda: connection.closed,
                                     options["within"]):
            raise Failure("not closed within %.1f s" % options["within"])

    def want_status(self, options, codes):
        connection, number = self.connection, options["id"]
        connection.read_until(lambda: connection.end(number),
                              options["within"])
        if str(connection.status(number)) not in codes.split("/"):
            raise Failure("status %s, not %s" % (
                connection.status(number), codes))

    def want_refused(self, options):
        connection, number = self.connection, options["id"]
        connection.read_until(
            lambda: connection.end(number) or connection.closed,
            options["within"])
        end, status = connection.end(number), connection.status(number)
        if status is not None and status < 400:
            raise Failure("it was served, with status %d" % status)
        if not (connection.closed or end):
            raise Failure("neither refused nor closed within %.1f s" %
                          options["within"])
        self.notes.append("status %s, END_REQUEST %s, closed: %s" % (
            status, end, connection.closed))

    def want_answered(self, options):
        connection, number = self.connection, options["id"]
        if not connection.read_until(
                lambda: connection.end(number) or connection.closed,
                options["within"]):
            raise Failure("silence for %.1f s" % options["within"])

    def says(self, options, wanted):
        self.need_echo()
        connection, number = self.connection, options["id"]
        connection.read_until(lambda: connection.end(number),
                              options["within"])
        return text(wanted) in connection.output(number)

    def want_has(self, options, wanted):
        if not self.says(options, wanted):
            raise Failure("it does not say %s: %r" % (
                wanted, self.connection.output(options["id"])[:160]))

    def want_lacks(self, options, unwanted):
        if self.says(options, unwanted):
            raise Failure("it says %s" % unwanted)

    def want_type(self, options, kind):
        connection, least = self.connection, options.get("min", 1)

        def has_come():
            return sum(of == int(kind)
                       for of, _, _ in connection.records) >= least
        if not connection.read_until(has_come, options["within"]):
            raise Failure("not %d records of type %s" % (least, kind))


# ---- all of them ----

def read_cases(uri):
    """(name, description, lines) of each."""
    cases = []
    for line in CASES.read_text().replace("/echo", uri).splitlines():
        line = line.strip()
        if line.startswith("case "):
            cases.append((*line.split(" ", 2)[1:], []))
        elif line and not line.startswith("#"):
            cases[-1][2].append(line)
    return cases


def say_records(connections):
    for place, connection in enumerate(connections):
        for kind, number, body in connection.records:
            print("      %d: type=%d id=%d len=%d %r" % (
                place, kind, number, len(body), body[:60]))
        print("      %d: closed: %s, sending: %s" % (
            place, connection.closed, connection.send_error))


def probe(address, uri="/echo", is_echo=False, only=(), is_verbose=False):
    """Run the cases against the program at `address`, a path or a (host, port);
    a list of {"case", "result", "why"}."""
    results = []
    for name, description, lines in read_cases(uri):
        if only and name not in only:
            continue
        case = Case(address, uri, is_echo)
        result, why = "PASS", []
        if "needs echo" in lines and not is_echo:
            result = "SKIP"
        else:
            try:
                case.run(lines)
            except (Failure, OSError) as error:
                result, why = "FAIL", [repr(error)]
        why = "; ".join(why + case.notes)
        print("%s %-22s %s%s" % (result, name, description,
                                 why and "\n     -> " + why), flush=True)
        if is_verbose:
            say_records(case.connections)
        results.append({"case": name, "result": result, "why": why})
    return results


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--uri", default="/echo")
    parser.add_argument("--only", default="")
    parser.add_argument("--echo", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("-v", "--verbose", action="store_true")
    asked = parser.parse_args()
    address = asked.target
    host, _, port = address.rpartition(":")
    if port.isdigit() and not os.path.exists(address):
        address = (host or "127.0.0.1", int(port))
    results = probe(address, asked.uri, asked.echo,
                    list(filter(None, asked.only.split(","))), asked.verbose)
    if asked.json:
        pathlib.Path(asked.json).write_text(json.dumps(results, indent=1))
    failed = sum(one["result"] == "FAIL" for one in results)
    print("%d cases, %d failed" % (len(results), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
