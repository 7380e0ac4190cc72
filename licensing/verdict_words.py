"""Verdicts on both tracks in words: what is needed or spared, why, and by which clause (R-4, R-23…R-27, R-40).

One place says it for pages, papers and the interface; every rule code of `licensing.exemptions` has its words here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.lifecycle.law import Clause, clauses_from_json
from licensing.exemptions import Verdict
from licensing.kinds import Kind
from licensing.models import Evidence, HolderClass, Outcome, Track

TITLES: Mapping[tuple[str, str], Promise] = {
    (Track.ONSITE, Outcome.EXEMPT): _("免于实地核查"),
    (Track.ONSITE, Outcome.REQUIRED): _("需要实地核查"),
    (Track.ONSITE, Outcome.PASSED): _("实地核查合格"),
    (Track.ONSITE, Outcome.FAILED): _("实地核查不合格"),
    (Track.ONSITE, Outcome.NOT_APPLICABLE): _("不需实地核查"),
    (Track.TESTING, Outcome.EXEMPT): _("免于产品检验"),
    (Track.TESTING, Outcome.ADOPTED): _("采信已有的检验报告"),
    (Track.TESTING, Outcome.REQUIRED): _("需要产品检验"),
    (Track.TESTING, Outcome.PASSED): _("产品检验合格"),
    (Track.TESTING, Outcome.FAILED): _("产品检验不合格"),
    (Track.TESTING, Outcome.NOT_APPLICABLE): _("不需产品检验"),
}
EXPECTED: Mapping[tuple[str, str], Promise] = {
    (Track.ONSITE, Outcome.EXEMPT): _("预计免于实地核查"),
    (Track.TESTING, Outcome.EXEMPT): _("预计免于产品检验"),
    (Track.TESTING, Outcome.ADOPTED): _("预计采信已有的检验报告"),
}
"""Titles before filing: an exemption is given at acceptance, on the facts of that day."""
ASKED: Mapping[str, Promise] = {
    "site": _("生产场所"),
    "equipment": _("生产线、关键生产设备"),
    "technology": _("生产工艺、技术"),
    "inspection": _("检验手段"),
}
"""What each question of a renewal is about."""

WORDS: Mapping[str, Promise] = {
    "onsite_major_change": _("申请中说明有重大变化：%(questions)s"),
    "onsite_unanswered": _("还没有说明生产条件有没有重大变化"),
    "onsite_conditions_differ": _("答的是没有变化，填报的生产条件却与许可证所据的不同：%(questions)s"),
    "onsite_uncommitted": _("还没有签署“没有重大变化”的承诺书"),
    "onsite_pilot_off": _("企业所在的省没有对这类产品试行免于实地核查"),
    "onsite_class_unmet": _("试点要求企业类别不低于 %(least)s，现在是 %(class)s"),
    "onsite_no_major_change": _("生产条件没有重大变化，并有书面承诺；试点依据：%(basis)s"),
    "testing_spot_check": _("国家级或者省级监督抽查合格，抽样在首次收到申请前六个月内：%(records)s"),
    "testing_report": _("核查前的检验合格，同一单元、同一生产地址：%(records)s"),
    "testing_failed_check": _("%(on)s 抽样的监督抽查不合格，须检验的单元：%(units)s"),
    "testing_outside_transition": _("列入目录的过渡期之外已有产品被抽查，抽查不能代替检验：%(records)s"),
    "recorded_by_reviewer": _("%(body)s，结论日期 %(on)s"),
}
ON_RECORD: Promise = _("受理时没有免于实地核查的情形")
UNNAMED: Mapping[str, Promise] = {
    Track.ONSITE: _("这一类申请一律实地核查"),
    Track.TESTING: _("没有可以代替检验的监督抽查或者检验报告"),
}
"""Why, where nothing but the kind of the case speaks."""
NEVER_SPARED: Promise = _("生产场所或者条件变了，一律重新检验")
COVERED: Promise = _("还有没被覆盖的单元：%(units)s")
NOT_REVIEWED: Promise = _("这一类申请不经审查")


@dataclass(frozen=True)
class Said:
    """One track in words: `title` the outcome, `why` the rule with its facts, `clause` the law."""

    track: str
    outcome: str
    rule: str
    title: str
    why: str
    clause: str

    @property
    def track_label(self) -> str:
        return str(Track(self.track).label)


def words_of(track: str, outcome: str, rule: str, facts: Mapping[str, Any]) -> str:
    """Why a track stands where it stands. Raises KeyError for a rule nobody gave words to."""
    if outcome == Outcome.NOT_APPLICABLE:
        return str(NOT_REVIEWED)
    if rule.startswith("kind_"):
        return _by_kind(track, rule.removeprefix("kind_"), facts)
    shown = {"basis": "", "records": "", "units": "", "on": "", "body": "", "least": "", **facts}
    shown["questions"] = str(_("、")).join(
        str(ASKED[name]) for name in str(facts.get("questions", "")).split(",") if name in ASKED
    )
    shown["class"] = facts.get("class") or _("没有评定")
    return str(WORDS[rule]) % shown


def _by_kind(track: str, kind: str, facts: Mapping[str, Any]) -> str:
    if track == Track.TESTING and kind in (Kind.CONDITION_CHANGE, Kind.RELOCATION):
        return str(NEVER_SPARED)
    if track == Track.ONSITE and kind == Kind.RENEWAL:
        return str(ON_RECORD)
    if facts.get("units"):
        return str(COVERED) % facts
    return str(UNNAMED[track])


def said_of(row: Evidence) -> Said:
    """An evidence record in words."""
    facts = {**row.facts, "body": row.body, "on": row.concluded_on or row.facts.get("on", "")}
    return _said(row.track, row.outcome, row.rule, facts, clauses_from_json([row.clause])[0])


def said_of_case(rows: Iterable[Evidence]) -> list[Said]:
    """Both tracks of a case that has them."""
    return [said_of(row) for row in rows if row.outcome != Outcome.NOT_APPLICABLE]


def forecast_of(verdicts: Mapping[Track, Verdict]) -> list[Said]:
    """What the rules would say if the case were accepted today."""
    return [
        _said(track, found.outcome, found.rule, found.facts, found.clause, EXPECTED)
        for track, found in verdicts.items()
    ]


def _said(
    track: str,
    outcome: str,
    rule: str,
    facts: Mapping[str, Any],
    clause: Clause,
    titles: Mapping[tuple[str, str], Promise] = TITLES,
) -> Said:
    title = titles.get((track, outcome)) or TITLES[track, outcome]
    return Said(track, outcome, rule, str(title), words_of(track, outcome, rule, facts), str(clause))


def class_label(level: str) -> str:
    """A class of supervision, or that there is none."""
    return level if level in HolderClass.Class.values else str(_("没有评定"))
