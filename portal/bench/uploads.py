"""Uploads in flight at 200 MB a minute for three minutes, over slow lines: memory of the web process."""

import argparse
import http.cookiejar
import os
import re
import shutil
import statistics
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from portal.bench.paper import print_result
from portal.bench.results import Facts, Result
from portal.bench.servers import PREFIX, BenchServers
from portal.bench.web import opener_of, signed_in
from portal.embedded import faults, processes
from portal.embedded.environment import REPO

MEGABYTE = 1_048_576
PIECE = 64 * 1024
SIZES_MB = (18, 10, 5, 1)
PEOPLE = 12
USER = "jinsui"
WEB = ("--no-control-socket", "--workers", "1", "--threads", "8", "--worker-class", "gthread", "--bind")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
DRAFT = re.compile(r"/apply/([0-9a-f-]{36})/")
VERSION = re.compile(r'name="draft_version" value="(\d+)"')
ENTERPRISE = re.compile(r'name="enterprise" value="([^"]+)"')


@dataclass(frozen=True)
class Pace:
    """What is offered: megabytes a minute in all, over lines of so many megabytes a second.

    It is measured for `seconds`, once as many uploads are under way as will be.
    """

    rate: int = 200
    seconds: int = 180
    line: float = 1.0

    @property
    def rise(self) -> float:
        """Seconds until the first of the largest uploads is through."""
        return max(SIZES_MB) / self.line + 2


@dataclass(frozen=True)
class Sample:
    """One look: resident memory of the web worker, bytes sent so far, uploads under way."""

    web: float
    sent: int
    flying: int


@dataclass
class Watch:
    """Looks at the web worker five times a second, from `begins` to `ends` on the monotonic clock."""

    pid: int
    begins: float = 0.0
    ends: float = 0.0
    before: float = 0.0
    samples: list[Sample] = field(default_factory=list)
    child: float = 0.0
    sent: int = 0
    flying: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Until the end."""
        time.sleep(max(0.0, self.begins - time.monotonic()))
        while time.monotonic() < self.ends:
            self.samples.append(Sample(resident(self.pid), self.sent, self.flying))
            self.child = max([self.child, *(resident(pid) for pid in inspectors(self.pid))])
            time.sleep(0.2)

    def count(self, *, sent: int = 0, flying: int = 0) -> None:
        """What the uploading threads did."""
        with self.lock:
            self.sent += sent
            self.flying += flying

    def peaks(self) -> list[float]:
        """The most memory in each third of the time."""
        third, web = len(self.samples) // 3, [sample.web for sample in self.samples]
        return [max(web[:third]), max(web[third:-third]), max(web[-third:])]


@dataclass(frozen=True)
class Done:
    """One upload: megabytes, and seconds from its last byte to the page with the preview."""

    megabytes: float
    answered_in: float


def run(pace: Pace | None = None) -> Result:
    """Measure in a demo world; what is uploaded goes to a directory of its own and is removed."""
    port = processes.free_port()
    with BenchServers(port=port) as servers:
        name = servers.clone(f"{PREFIX}uploads")
        env = servers.env(name)
        env |= {"LOG_LEVEL": "ERROR", "FILES_DIR": str(Path(env["STATE_DIR"]) / "bench-files")}
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", *WEB, f"127.0.0.1:{port}"]
        web = processes.spawn(command, log=Path(env["STATE_DIR"]) / "log" / "bench.log", env=env, cwd=REPO)
        try:
            if not processes.wait_until(
                lambda: not processes.is_port_free(port) and bool(children(web.pid)), 60
            ):
                raise faults.step_failed("bench uploads")
            cookies = signed_in(f"http://127.0.0.1:{port}", env, USER)
            return measure(f"http://127.0.0.1:{port}", cookies, children(web.pid)[0], pace or Pace())
        finally:
            processes.stop(web)
            shutil.rmtree(env["FILES_DIR"], ignore_errors=True)
            servers.drop(name)


class Person:
    """Somebody signed in, with a draft of his own, who uploads into it again and again, one after the other."""

    def __init__(self, base: str, cookies: http.cookiejar.CookieJar) -> None:
        self.base, self.opener, self.turn = base, opener_of(cookies), threading.Lock()
        start = self.get("/apply/")
        chosen = {"enterprise": found(ENTERPRISE, start), "draft": str(uuid.uuid4())}
        self.draft = found(DRAFT, self.post("/apply/", chosen, start))
        self.address = f"/apply/{self.draft}/business-licence/"

    def get(self, path: str) -> str:
        """One page."""
        with self.opener.open(self.base + path) as answer:
            return str(answer.read().decode())

    def post(self, path: str, chosen: dict[str, str], page: str) -> str:
        """Send a form of a page; the address it led to."""
        sent = urllib.parse.urlencode({**chosen, "csrfmiddlewaretoken": found(TOKEN, page)}).encode()
        with self.opener.open(self.base + path, sent) as answer:
            return str(answer.geturl())

    def upload(self, content: bytes, ending: str, line: float, watch: Watch) -> Done:
        """Send a document at the speed of the line. AssertionError when it was refused."""
        with self.turn:
            page, edge = self.get(self.address), uuid.uuid4().hex
            fields = {name: found(kind, page) for name, kind in SENT_ALONG.items()}
            body = form(fields, f"scan.{ending}", content, edge)
            slow = Slow(body, line, watch)
            kind = {"Content-Type": f"multipart/form-data; boundary={edge}", "Content-Length": str(len(body))}
            request = urllib.request.Request(self.base + self.address, slow, {**kind, "X-Upload": "1"})
            watch.count(flying=1)
            try:
                with self.opener.open(request) as answer:
                    assert "data-uploaded" in answer.read().decode(), "refused"
            finally:
                watch.count(flying=-1)
            return Done(len(content) / MEGABYTE, time.monotonic() - slow.ended)

    def discard(self) -> None:
        """Delete the draft, and its document with it."""
        self.post(f"/apply/{self.draft}/discard/", {}, self.get(self.address))


SENT_ALONG = {"csrfmiddlewaretoken": TOKEN, "draft_version": VERSION}


class Slow:
    """A body that travels piece by piece, no faster than `line` megabytes a second."""

    def __init__(self, body: bytes, line: float, watch: Watch) -> None:
        self.body, self.line, self.watch, self.ended = body, line, watch, 0.0

    def __iter__(self) -> Iterator[bytes]:
        began = time.monotonic()
        for start in range(0, len(self.body), PIECE):
            due = began + start / MEGABYTE / self.line
            time.sleep(max(0.0, due - time.monotonic()))
            yield self.body[start : start + PIECE]
            self.watch.count(sent=PIECE)
        self.ended = time.monotonic()


def form(fields: dict[str, str], filename: str, content: bytes, edge: str) -> bytes:
    """A form with one file, as a browser writes it."""
    rows = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    rows.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n')
    return "".join(rows).encode() + content + f"\r\n--{edge}--\r\n".encode()


def measure(base: str, cookies: http.cookiejar.CookieJar, worker: int, pace: Pace) -> Result:
    """Warm up with each size of each kind from everybody at once, then keep the pace."""
    people = [Person(base, cookies) for _number in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as pool:
        turns = zip(people * 2, documents(2 * PEOPLE), strict=True)
        first = [pool.submit(who.upload, *document, 1_000, Watch(worker)) for who, document in turns]
    assert all(future.result() for future in first)
    begins = time.monotonic() + pace.rise
    watch = Watch(worker, begins, begins + pace.seconds, before=resident(worker))
    looking = threading.Thread(target=watch.run)
    looking.start()
    try:
        done = keep_pace(people, pace, watch)
    finally:
        looking.join()
        for person in people:
            person.discard()
    return report(pace, done, watch)


def keep_pace(people: list[Person], pace: Pace, watch: Watch) -> list[Done]:
    """Begin each upload when its turn comes; wait for the last."""
    offered, began, futures = 0.0, time.monotonic(), []
    with ThreadPoolExecutor(len(people)) as pool:
        for number, (content, ending) in enumerate(documents()):
            due = offered / pace.rate * 60
            if began + due > watch.ends:
                break
            time.sleep(max(0.0, began + due - time.monotonic()))
            who = people[number % len(people)]
            futures.append(pool.submit(who.upload, content, ending, pace.line, watch))
            offered += len(content) / MEGABYTE
    return [future.result() for future in futures]


def documents(count: int = sys.maxsize) -> Iterator[tuple[bytes, str]]:
    """Scans and photos in turn, no two alike: PDFs of one full-page picture, and photos of the same weight."""
    for number in range(count):
        size = SIZES_MB[number // 2 % len(SIZES_MB)] * MEGABYTE
        yield (scan(size), "pdf") if number % 2 == 0 else (photo(size), "jpg")


def scan(size: int) -> bytes:
    """A PDF whose one page is a picture of about `size` bytes."""
    import pikepdf

    edge = int((size / 3) ** 0.5)
    pdf = pikepdf.Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    image = pdf.make_stream(
        os.urandom(edge * edge * 3), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=edge, Height=edge,
        ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
    )  # fmt: skip
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
    page.Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /Im Do")
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def photo(size: int) -> bytes:
    """A noisy photo of about `size` bytes."""
    from PIL import Image

    edge = int((size / 2.2) ** 0.5)
    out = BytesIO()
    Image.frombytes("RGB", (edge, edge), os.urandom(edge * edge * 3)).save(out, "JPEG", quality=90)
    return out.getvalue()


def found(kind: re.Pattern[str], text: str) -> str:
    """What a page must hold."""
    match = kind.search(text)
    assert match is not None, kind.pattern
    return match[1]


def resident(pid: int) -> float:
    """Megabytes of resident memory; 0 for a process that is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def children(pid: int) -> list[int]:
    """The processes started by a process and its threads."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


def inspectors(pid: int) -> list[int]:
    """The inspecting processes of a web worker: not what is about to become one and still shares its memory."""
    return [child for child in children(pid) if b"core.files.child" in command_line(child)]


def command_line(pid: int) -> bytes:
    """How a process was started; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def report(pace: Pace, done: list[Done], watch: Watch) -> Result:
    """The figures. What they mean stands in `uploads.md`; this page is the last run."""
    sent = (watch.samples[-1].sent - watch.samples[0].sent) / MEGABYTE
    flying, answers = [sample.flying for sample in watch.samples], [one.answered_in for one in done]
    thirds = ", ".join(f"{peak:.0f}" for peak in watch.peaks())
    rows = {
        "uploads": f"{len(done)}, {sum(one.megabytes for one in done):.0f} MB, none refused",
        "measured": f"{sent:.0f} MB in {pace.seconds} s = {sent / pace.seconds * 60:.0f} MB/min",
        "in flight": f"{statistics.mean(flying):.1f} on average, {max(flying)} at most",
        "last byte to answer": f"median {statistics.median(answers):.2f} s, longest {max(answers):.2f} s",
        "web process, resident": f"before {watch.before:.0f} MB, after {resident(watch.pid):.0f} MB",
        "its peak in each third": f"{thirds} MB",
        "largest inspecting process": f"{watch.child:.0f} MB",
    }
    offered = (
        f"Offered {pace.rate} MB a minute over lines of {pace.line:g} MB/s by {PEOPLE} people, {min(SIZES_MB)} to "
        f"{max(SIZES_MB)} MB each. How it is done and what it shows: [uploads.md](uploads.md)."
    )
    return Result(
        "uploads", "Uploads, the last run", offered, (Facts("In flight", ("", ""), tuple(rows.items())),),
        page="uploads-run",
    )  # fmt: skip


def main() -> None:
    """Shorter, faster or over other lines by hand: `python -m portal.bench.uploads --seconds 30`."""
    parser, usual = argparse.ArgumentParser(), Pace()
    parser.add_argument("--seconds", type=int, default=usual.seconds)
    parser.add_argument("--rate", type=int, default=usual.rate)
    parser.add_argument("--line", type=float, default=usual.line)
    print_result(run(Pace(**vars(parser.parse_args()))))


if __name__ == "__main__":
    main()
