"""Time of the most used pages in the demo world, in Chinese, beside the empty view."""

from urllib.parse import quote

from portal.bench.results import Figure, Result, Table
from portal.bench.servers import PREFIX, BenchServers
from portal.bench.web import EMPTY, Target, header_of, milliseconds, serving, signed_in
from portal.embedded import processes

ROUNDS = 5
FLOOR = "empty view"
ABOUT = f"""
The demo world as it stands after `./dev run` has told all of it. One request after the other over one connection, so
that the figures are the page's own time and nobody's waiting; one gunicorn worker on the first core, `wrk` on the last
one, three seconds a run. Each figure is the median of {ROUNDS} interleaved runs of that percentile.
"""
APPLICANT, CLERK, APPROVER = "jinsui", "js-clerk", "js-approver"
_QUESTIONS = {
    "licence": "SELECT number FROM public_register.licence ORDER BY number LIMIT 1",
    "progress": "SELECT number FROM public_register.progress ORDER BY number LIMIT 1",
    "case": "SELECT a.public_id FROM licensing_application a JOIN parties_membership m USING (enterprise_id)"
    f" JOIN parties_user u ON u.id = m.user_id WHERE u.username = '{APPLICANT}' AND a.number IS NOT NULL"
    " ORDER BY a.id LIMIT 1",
    "decide": "SELECT a.public_id FROM licensing_application a JOIN parties_duty d"
    " ON d.authority_id = a.approval_authority_id AND d.kind = 'approval' JOIN parties_user u ON u.id = d.user_id"
    f" WHERE u.username = '{APPROVER}' AND a.status = 'decision_pending' ORDER BY a.id LIMIT 1",
}


def run() -> Result:
    """Serve a copy of the demo world and ask page after page."""
    port = processes.free_port()
    with BenchServers(port=port) as servers:
        name = servers.clone(f"{PREFIX}pages")
        env = servers.env(name)
        keys = {key: str(servers.one(name, question)[0]) for key, question in _QUESTIONS.items()}
        with serving(env, port) as base:
            targets = _targets(base, env, keys)
            for target in targets.values():
                milliseconds(target, 1)
            runs: dict[str, list[tuple[float, float]]] = {label: [] for label in targets}
            for _round in range(ROUNDS):
                for label, target in targets.items():
                    runs[label].append(milliseconds(target))
        servers.drop(name)
    tables = tuple(
        Table(
            title,
            tuple(Figure(label, "ms", tuple(run[place] for run in found)) for label, found in runs.items()),
            floor=FLOOR,
        )
        for place, title in enumerate(("Half of the answers within (p50)", "95 of 100 answers within (p95)"))
    )
    return Result("pages", "Most used pages", ABOUT, tables)


def _targets(base: str, env: dict[str, str], keys: dict[str, str]) -> dict[str, Target]:
    people = {user: header_of(signed_in(base, env, user)) for user in (APPLICANT, CLERK, APPROVER)}
    public = {
        FLOOR: EMPTY, "front page": "/", "search": f"/licences/?q={quote('化肥')}",
        "licence": f"/licences/{quote(keys['licence'])}/", "verify": "/verify/",
        "progress of a case": f"/progress/{keys['progress']}/", "catalogue": "/catalog/",
    }  # fmt: skip
    signed = {
        "dashboard, applicant": (APPLICANT, "/desk/"), "own cases": (APPLICANT, "/cases/"),
        "case": (APPLICANT, f"/cases/{keys['case']}/"), "dashboard, clerk": (CLERK, "/desk/"),
        "work list": (CLERK, "/work/"), "decision": (APPROVER, f"/cases/{keys['decide']}/decide/"),
    }  # fmt: skip
    found = {label: Target(base + path) for label, path in public.items()}
    return found | {label: Target(base + path, people[who]) for label, (who, path) in signed.items()}
