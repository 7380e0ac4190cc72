"""The work list at 1,000 and at 1,000,000 cases, signed in through the real page, beside the empty view."""

import json
from contextlib import ExitStack

from portal.bench.results import Figure, Result, Table
from portal.bench.runner import interleave
from portal.bench.servers import PREFIX, BenchServers, run_step
from portal.bench.web import EMPTY, Target, header_of, rate_bodies, requests_per_second, serving, signed_in
from portal.embedded import processes

VOLUMES = (1_000, 1_000_000)
FLOOR = "empty view"
PAGES = (
    ("clerk of a province: what waits for him", "js-clerk", "/work/"),
    ("his whole desk", "js-clerk", "/work/?scope=desk"),
    ("all his cases", "js-clerk", "/work/?scope=all"),
    ("a name by two characters", "js-clerk", "/work/?scope=all&q=%E6%81%92%E9%92%A2"),
    ("one state", "js-clerk", "/work/?scope=all&status=delivered"),
    ("auditor: every case of the country", "auditor", "/work/?scope=all"),
    ("auditor: a name by two characters", "auditor", "/work/?scope=all&q=%E6%81%92%E9%92%A2"),
)
ABOUT = """
Three years of cases, one in eight of them open, spread over thirty places in twenty provinces, all categories, and
four officials of each duty in each province; Jiangsu, whose clerk looks, has a tenth. The page is the real one with
its session cookie: filters, counts, 25 rows with their rulers. Two portals run on one core, each on its database, and
are asked by turns: one gunicorn worker of four threads each, `wrk` with eight connections on the other core, three
seconds a run, median of five interleaved runs. The floor is the empty view for a visitor; the empty view signed in
shows what session, account and duties cost on every page. *To the floor* is how many times its cost one answer has.
"""


def run() -> Result:
    """Both volumes loaded and served at once, asked by turns."""
    ports = [processes.free_port() for _volume in VOLUMES]
    with BenchServers(port=ports[0]) as servers, ExitStack() as stack:
        targets: dict[str, Target] = {}
        queries: dict[str, int] = {}
        for volume, port in zip(VOLUMES, ports, strict=True):
            name = servers.clone(f"{PREFIX}cases_{volume}")
            env = servers.env(name) | {"PUBLIC_BASE_URL": f"http://127.0.0.1:{port}"}
            print(f"  {run_step(('-m', 'portal.bench.load', 'cases', str(volume)), env).strip()}", flush=True)
            base = stack.enter_context(serving(env, port))
            targets |= _targets(base, env, volume)
            queries |= _queries(env, volume)
        for target in targets.values():
            requests_per_second(target, 1)
        rates = interleave(rate_bodies(targets), unit="req/s")
        stack.close()
        for volume in VOLUMES:
            servers.drop(f"{PREFIX}cases_{volume}")
    figures = tuple(Figure(f.name, f.unit, f.runs, str(queries.get(f.name, 0) or "")) for f in rates)
    return Result(
        "work-list", "Work list", ABOUT, (Table("The page", figures, floor=FLOOR, beside="queries"),)
    )


def _targets(base: str, env: dict[str, str], volume: int) -> dict[str, Target]:
    """The pages of one volume; the floor is asked of the first portal only."""
    cookies = {user: header_of(signed_in(base, env, user)) for user in sorted({page[1] for page in PAGES})}
    found: dict[str, Target] = {}
    if volume == VOLUMES[0]:
        found[FLOOR] = Target(base + EMPTY)
        found["empty view, signed in"] = Target(base + EMPTY, cookies["js-clerk"])
    for label, user, path in PAGES:
        found[f"{label}, {volume:,} cases"] = Target(base + path, cookies[user])
    return found


def _queries(env: dict[str, str], volume: int) -> dict[str, int]:
    """How many queries each page takes, by the label of its figure."""
    found: dict[str, int] = {}
    for user in sorted({page[1] for page in PAGES}):
        paths = [page[2] for page in PAGES if page[1] == user]
        counts = json.loads(run_step(("-m", "portal.bench.counted", user, *paths), env))
        found |= {f"{label}, {volume:,} cases": counts[path] for label, who, path in PAGES if who == user}
    return found
