"""The public licence page and the search at 300,000 licences, beside the empty view."""

from urllib.parse import quote

from portal.bench.results import Figure, Result, Table
from portal.bench.runner import interleave
from portal.bench.servers import PREFIX, BenchServers, run_step
from portal.bench.web import EMPTY, Target, milliseconds, rate_bodies, requests_per_second, serving
from portal.embedded import processes

LICENCES = 300_000
FLOOR = "empty view"
WORDS = {
    "two characters of 750 names": "?q=恒钢",
    "two characters in nearly every name": "?q=有限",
    "two characters in no name": "?q=甪直",
    "a longer part of a name": "?q=恒钢化肥有限",
    "a whole name": "?q={name}",
    "a category": "?category={category}",
    "a category and two characters": "?category={category}&q=恒钢",
    "a province and a status": "?province=320000&status=valid",
}
ABOUT = f"""
A register of {LICENCES:,} licences with two events each (DOMAIN §9), filled by the loader into a database of its own.
One gunicorn worker of four threads on the first core, `wrk` with eight connections on the last one, three seconds a
run, median of five interleaved runs; PostgreSQL takes what it needs of both. The floor is the empty view: same
server, middleware and base template, no query. *To the floor* is how many times its cost one answer has.
"""


def run() -> Result:
    """Load, serve, measure, drop."""
    port = processes.free_port()
    with BenchServers(port=port) as servers:
        name = servers.clone(f"{PREFIX}register")
        env = servers.env(name)
        print(
            f"  {run_step(('-m', 'portal.bench.load', 'register', str(LICENCES)), env).strip()}", flush=True
        )
        with serving(env, port) as base:
            pages = _pages(base, servers, name)
            for target in pages.values():
                requests_per_second(target, 1)
            rates = interleave(rate_bodies(pages), unit="req/s")
            slow = [Figure(label, "ms", (milliseconds(target)[1],)) for label, target in pages.items()]
        servers.drop(name)
    beside = {figure.name: f"{figure.median:.1f} ms" for figure in slow}
    figures = tuple(Figure(f.name, f.unit, f.runs, beside[f.name]) for f in rates)
    note = "The last column is one run of one request after the other: 95 of 100 came within that time."
    return Result(
        "register", "Licence page and search", ABOUT,
        (Table(f"{LICENCES:,} licences", figures, floor=FLOOR, beside="p95 alone", note=note),),
    )  # fmt: skip


def _pages(base: str, servers: BenchServers, name: str) -> dict[str, Target]:
    row = servers.one(
        name, "SELECT number, holder_name, category_key FROM public_register.licence WHERE status = 'valid'"
        " ORDER BY holder_sort OFFSET 30000 LIMIT 1",
    )  # fmt: skip
    number, holder, category = (str(value) for value in row)
    pages = {FLOOR: base + EMPTY, "licence page": f"{base}/licences/{quote(number)}/"}
    pages["the exact number (leads to its page)"] = f"{base}/licences/?q={quote(number)}"
    for label, words in WORDS.items():
        pages[label] = f"{base}/licences/{quote(words.format(name=holder, category=category), safe='?=&')}"
    return {label: Target(url) for label, url in pages.items()}
