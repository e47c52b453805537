"""tracing.py - what a program puts on the disk, and in which order: seen by strace, for
what would be lost in a power cut is there for whoever merely looks."""
import contextlib
import itertools
import re
import shutil
import signal
import subprocess

import harness as web

numbers = itertools.count(1)


@contextlib.contextmanager
def traced(program, calls, *options):
    """strace is at all processes of `program`; yields the file it writes of those
    `calls`, which is whole afterwards."""
    if not shutil.which("strace"):
        raise web.suite.Skip("strace is not installed")
    trace = web.folder("trace %d" % next(numbers)) / "calls"
    processes = [program.process.pid]
    for pid in processes:  # and theirs, as they are found
        processes.extend(web.children(pid))
    tracer = subprocess.Popen(
        ["strace", "-f", "-y", "-s", "4096", "-o", trace, "-e",
         "trace=" + ",".join("?" + call for call in calls), *options] +
        ["--attach=%d" % pid for pid in processes],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        for _ in processes:  # a line each, once it is held
            if "Operation not permitted" in tracer.stderr.readline():
                raise web.suite.Skip("strace may not look")
        yield trace
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(10)
        tracer.stderr.close()


@contextlib.contextmanager
def calls_of(program):
    """A list that holds, afterwards, what `program` meanwhile asked the system to
    put on the disk or to move: (call, paths), of calls that were granted, in
    their order."""
    found = []
    with traced(program, ("fsync", "fdatasync", "rename", "renameat",
                          "renameat2")) as trace:
        yield found
    found.extend(read(trace.read_text()))


def killed_at(program, *calls, when=1):
    """Whichever process of `program` comes to one of `calls`, for the `when`th
    time, is ended at that."""
    return traced(program, calls, "-e", "inject=%s:signal=KILL:when=%d" % (
        ",".join("?" + call for call in calls), when))


def read(trace):
    """The calls of what strace wrote; one that others came in between of stands
    where it was done."""
    begun = {}
    for line in trace.splitlines():
        pid, _, said = line.partition(" ")
        said = re.sub(r"^ *(<\.\.\. \w+ resumed>)?",
                      lambda lead: begun.pop(pid) if lead[1] else "", said)
        if said.endswith(" <unfinished ...>"):
            begun[pid] = said.removesuffix(" <unfinished ...>")
            continue
        call = re.match(r"(\w+)\((.*)\) += 0$", said)
        if call:
            yield call[1], re.findall(r'[<"](/[^>"]*)[>"]', call[2])


def index_of(calls, wanted, after=-1):
    """Where the first such call stands behind that at `after`."""
    for i in range(after + 1, len(calls)):
        if wanted(*calls[i]):
            return i
    raise AssertionError("not after %d: %r" % (after, calls))


def syncs(path):
    return lambda call, paths: (call in ("fsync", "fdatasync") and
                                paths == [str(path)])


def moves_to(path):
    return lambda call, paths: (call.startswith("rename") and
                                paths[-1] == str(path))


def commits(call, paths):
    return call == "fdatasync" and paths[0].endswith("-wal")
