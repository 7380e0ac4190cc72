"""Uploads in flight at 200 MB a minute for three minutes: memory of the web process before, at its peak and after."""

import argparse
import http.cookiejar
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from portal.embedded import faults, processes
from portal.embedded.environment import REPO, Servers

MEGABYTE = 1_048_576
MB_PER_MINUTE = 200
SECONDS = 180
SIZES_MB = (18, 10, 5, 1)
IN_FLIGHT = 6
USER = "jinsui"
WEB = ("--no-control-socket", "--workers", "1", "--threads", "8", "--worker-class", "gthread", "--bind")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
DRAFT = re.compile(r"/apply/([0-9a-f-]{36})/")
VERSION = re.compile(r'name="draft_version" value="(\d+)"')


@dataclass
class Watch:
    """Resident memory of the web worker, and of the largest process it started, sampled while uploads run."""

    pid: int
    before: float = 0.0
    peak: float = 0.0
    child_peak: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Sample five times a second until `done`."""
        while not self.done.wait(0.2):
            self.peak = max(self.peak, resident(self.pid))
            self.child_peak = max([self.child_peak, *(resident(pid) for pid in children(self.pid))])


def run() -> None:
    """Measure on the installation's own data (a demo world: the uploads are those of one of its people)."""
    port = processes.free_port()
    with Servers(port=port) as env:
        env |= {"LOG_LEVEL": "ERROR", "FILES_DIR": str(Path(env["STATE_DIR"]) / "bench-files")}
        subprocess.run([sys.executable, "-m", "portal.embedded.prepare"], env=env, cwd=REPO, check=True)
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", *WEB, f"127.0.0.1:{port}"]
        web = processes.spawn(command, log=Path(env["STATE_DIR"]) / "log" / "bench.log", env=env, cwd=REPO)
        try:
            processes.wait_until(lambda: not processes.is_port_free(port), 30)
            link = subprocess.run(
                [sys.executable, "manage.py", "demo_login", USER],
                env=env,
                cwd=REPO,
                capture_output=True,
                text=True,
            )
            if link.returncode != 0:
                raise faults.Fault("这项测量需要演示数据。", "This bench needs a demo world.")
            found = re.search(r"/\S*demo\S*", urllib.parse.urlsplit(link.stdout.strip().split()[-1]).path)
            assert found is not None, link.stdout
            measure(f"http://127.0.0.1:{port}", found[0], children(web.pid)[0])
        finally:
            processes.stop(web)
            shutil.rmtree(env["FILES_DIR"], ignore_errors=True)


class Person:
    """Somebody signed in, each with a draft of his own, who uploads into it again and again."""

    def __init__(self, base: str, cookies: http.cookiejar.CookieJar) -> None:
        self.base = base
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(cookies))
        self.opener = urllib.request.build_opener(*handlers)
        start = self.get("/apply/")
        enterprise = re.search(r'name="enterprise" value="([^"]+)"', start)
        assert enterprise is not None
        chosen = {
            "enterprise": enterprise[1],
            "draft": str(uuid.uuid4()),
            "csrfmiddlewaretoken": token(start),
        }
        with self.opener.open(f"{base}/apply/", urllib.parse.urlencode(chosen).encode()) as answer:
            draft = DRAFT.search(answer.geturl())
        assert draft is not None
        self.draft = draft[1]
        self.address = f"/apply/{self.draft}/business-licence/"
        self.turn = threading.Lock()

    def get(self, path: str) -> str:
        """One page."""
        with self.opener.open(self.base + path) as answer:
            return str(answer.read().decode())

    def upload(self, content: bytes, ending: str) -> float:
        """Seconds from the first byte to the page with the preview. AssertionError when it was refused."""
        with self.turn:
            return self._upload(content, ending)

    def discard(self) -> None:
        """Delete the draft, and its document with it."""
        sent = {"csrfmiddlewaretoken": token(self.get(self.address))}
        self.opener.open(
            f"{self.base}/apply/{self.draft}/discard/", urllib.parse.urlencode(sent).encode()
        ).close()

    def _upload(self, content: bytes, ending: str) -> float:
        page = self.get(self.address)
        version = VERSION.search(page)
        assert version is not None
        edge = uuid.uuid4().hex
        fields = {"csrfmiddlewaretoken": token(page), "draft_version": version[1]}
        head = (
            "".join(
                f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                for name, value in fields.items()
            )
            + f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="scan.{ending}"\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}", "X-Upload": "1"}
        began = time.monotonic()
        with self.opener.open(urllib.request.Request(self.base + self.address, body, kind)) as answer:
            assert "data-uploaded" in answer.read().decode()
        return time.monotonic() - began


def measure(base: str, login: str, worker: int) -> None:
    """Warm up with one of each size, then keep the pace, then let the process rest."""
    cookies = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(cookies)
    )
    opener.open(base + login).close()
    people = [Person(base, cookies) for _number in range(IN_FLIGHT)]
    for content, ending in documents(2 * len(SIZES_MB)):
        people[0].upload(content, ending)
    watch = Watch(worker, before=resident(worker))
    sampler = threading.Thread(target=watch.run)
    sampler.start()
    try:
        sent, seconds, took = keep_pace(people)
    finally:
        watch.done.set()
        sampler.join()
        for person in people:
            person.discard()
    report(sent, seconds, took, watch)


def keep_pace(people: list[Person]) -> tuple[float, float, list[float]]:
    """Offer `MB_PER_MINUTE` from several people at once; megabytes sent, seconds, and each upload's time."""
    sent, took, futures = 0.0, [], []
    began = time.monotonic()
    with ThreadPoolExecutor(len(people)) as pool:
        for number, (content, ending) in enumerate(documents(10_000)):
            due = sent / MB_PER_MINUTE * 60
            if due > SECONDS:
                break
            while time.monotonic() - began < due:
                time.sleep(0.02)
            futures.append(pool.submit(people[number % len(people)].upload, content, ending))
            sent += len(content) / MEGABYTE
        took = [future.result() for future in futures]
    return sent, time.monotonic() - began, took


def documents(count: int) -> Iterator[tuple[bytes, str]]:
    """Scans and photos in turn, no two alike: PDFs of one full-page picture, and photos of the same weight."""
    for number in range(count):
        size = SIZES_MB[number % len(SIZES_MB)] * MEGABYTE
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


def token(page: str) -> str:
    """The form's token."""
    found = TOKEN.search(page)
    assert found is not None
    return found[1]


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


def report(sent: float, seconds: float, took: list[float], watch: Watch) -> None:
    """The figures."""
    after = resident(watch.pid)
    print(f"\nuploads (offered {MB_PER_MINUTE} MB/min, {IN_FLIGHT} people, up to {max(SIZES_MB)} MB each)")
    rows = {
        "uploads": f"{len(took)}, none refused",
        "sent": f"{sent:.0f} MB in {seconds:.0f} s = {sent / seconds * 60:.0f} MB/min",
        "time per upload": f"median {statistics.median(took):.2f} s, longest {max(took):.2f} s",
        "web process, resident": f"before {watch.before:.0f} MB, peak {watch.peak:.0f} MB, after {after:.0f} MB",
        "largest inspecting process": f"{watch.child_peak:.0f} MB",
    }
    for name, value in rows.items():
        print(f"  {name:<28}{value}")


def main() -> None:
    """Shorter or faster by hand: `python -m portal.bench.uploads --seconds 30`."""
    global SECONDS, MB_PER_MINUTE
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--rate", type=int, default=MB_PER_MINUTE)
    given = parser.parse_args()
    SECONDS, MB_PER_MINUTE = given.seconds, given.rate
    run()


if __name__ == "__main__":
    main()
