"""What the rules have checked, in words: the finding, the facts it rests on, the clause."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.lifecycle.law import clauses_from_json
from licensing.models import Outcome
from licensing.rules import Check
from licensing.verdict_words import TITLES, words_of

CHECKS = {
    "documents_complete": _("材料齐全"),
    "competent": _("属于本机关职权范围"),
    "as_registered": _("与账号登记的企业信息一致"),
    "category_open": _("产品在目录中并正在受理"),
    "commitment_signed": _("承诺书已由法定代表人签署"),
    "onsite_passed": _("实地核查合格"),
    "testing_passed": _("产品检验合格"),
    "not_barred": _("不在不得申请的期限内"),
    "within_limit": _("在承诺时限内"),
    "licence_running": _("所据许可证有效"),
    "renewal_timely": _("在期满六个月前提出"),
    "nothing_running": _("没有进行中的检验、听证、鉴定或专家评审"),
    "visit_exempt": _("属于免于实地核查的延续"),
    "still_stands": _("免于、采信的条件今天仍然具备"),
    "no_yes_taken_back": _("没有把“有重大变化”改成“没有”的记录"),
    "nothing_against_holder": _("对企业没有未了结的线索和监管措施"),
    "signer_apart": _("签署常设审批令的人与企业没有利害关系，也没有对本件声明回避"),
}
"""Every check by its code; one without words is an error."""
TRACKS = {"onsite_passed": "onsite", "testing_passed": "testing"}
GOOD = frozenset({Outcome.EXEMPT, Outcome.ADOPTED})


def items_of(checks: Iterable[Check], *, inside: bool = True) -> list[dict[str, Any]]:
    """Checks as the component draws them. Outside the office the facts of a track are told, the rest by finding and
    clause alone (R-47)."""
    return [
        {
            "text": _text(check),
            "state": "yes" if check.ok else "open" if check.pending else "no",
            "note": " · ".join(filter(None, [_pending(check), *_facts(check, inside), str(check.clause)])),
        }
        for check in checks
    ]


def kept_checks(rows: Iterable[dict[str, Any]]) -> tuple[Check, ...]:
    """Checks as they were kept with a decision (R-85)."""
    return tuple(
        Check(row["code"], row["ok"], clauses_from_json([row["clause"]])[0], row["facts"]) for row in rows
    )


def _text(check: Check) -> str:
    """A track that needs no visit or test says so; it has not been passed."""
    track = TRACKS.get(check.code)
    if track and check.facts.get("outcome") in GOOD:
        return str(TITLES[track, check.facts["outcome"]])
    return str(CHECKS[check.code])


def _facts(check: Check, inside: bool) -> list[str]:
    track = TRACKS.get(check.code)
    if track is None:
        return [fact for fact in check.facts.values() if fact] if inside else []
    facts = check.facts
    if "rule" not in facts:
        return []
    told = {key.removeprefix("fact_"): value for key, value in facts.items() if key.startswith("fact_")}
    told |= {"body": facts["body"], "on": facts["on"] or told.get("on", "")}
    return [words_of(track, facts["outcome"], facts["rule"], told), *([facts["finding"]] if inside else [])]


def _pending(check: Check) -> str:
    return str(_("正在生成，片刻后刷新")) if check.pending else ""
