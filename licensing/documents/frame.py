"""What every document of a case shares: whose seal, whose number, the case in rows, dates in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import override

from certificates.documents.facts import Block, Kind
from core.lifecycle.dates import long_date, shanghai_date
from core.lifecycle.law import Clause
from core.parties.models import Authority
from licensing.models import Application
from licensing.numbers import short_case_number

NATIONAL_SIGN, PROVINCIAL_SIGN = "国质检", "质监"
WORDS = {
    Kind.RECEIPT: "收", Kind.ACCEPTANCE: "受", Kind.CORRECTION: "补", Kind.NON_ACCEPTANCE: "不受",
    Kind.NOT_REQUIRED: "免", Kind.PAUSE: "停", Kind.HEARING: "听", Kind.EXTENSION: "延", Kind.GRANT: "准",
    Kind.REFUSAL: "不准", Kind.RENEWAL: "续", Kind.DEREGISTRATION: "注", Kind.TERMINATION: "终",
}  # fmt: skip
"""The word of a kind in the sign of a document, behind 许."""


@dataclass(frozen=True)
class Act:
    """One act of a case as the ledger has it: what was done, when by law, on which provisions, with which facts."""

    name: str
    case: Application
    version: int
    at: datetime
    clauses: tuple[Clause, ...]
    public: Mapping[str, Any]

    @property
    def day(self) -> date:
        return shanghai_date(self.at)


@dataclass(frozen=True)
class Content:
    """What one document says. `stage` is the desk that acted: `acceptance`, `review`, `approval`, or `head` for what
    no delegate may do. `clauses` empty: those of the act."""

    kind: Kind
    title_en: str
    body: tuple[Block, ...]
    summary: tuple[str, ...]
    stage: str
    title: str = ""
    clauses: tuple[Clause, ...] = ()
    remedies: str = ""


def sealing_authority(case: Application, stage: str) -> Authority:
    """In whose name: the province files and organises the review, the deciding authority decides; a delegate acts in
    its delegator's name (L1 art. 24; R-20)."""
    found = case.filing_authority if stage in ("acceptance", "review") else case.deciding_authority
    assert found is not None
    return found


def delegation_note(case: Application, stage: str, sealed_by: Authority) -> str:
    """Who handled it for whom; empty where no stage is entrusted."""
    handling = getattr(case, f"{stage}_authority", None)
    if handling is None or handling.pk == sealed_by.pk:
        return ""
    return f"受{sealed_by.name_zh}委托，由{handling.name_zh}办理。"


def series_of(kind: Kind, authority: Authority) -> str:
    """The sign before the year: 苏质监许受, 国质检许准."""
    office = f"{authority.licence_prefix}{PROVINCIAL_SIGN}" if authority.licence_prefix else NATIONAL_SIGN
    return f"{office}许{WORDS[kind]}"


def reference(case: Application) -> str:
    """The case by its number and its Chinese short form."""
    assert case.number is not None and case.filing_authority is not None
    return (
        f"{case.number}（{short_case_number(case.number, case.filing_authority.licence_prefix, case.kind)}）"
    )


def printed_clauses(clauses: tuple[Clause, ...]) -> tuple[str, ...]:
    """Provisions as a document cites them; a rule of this system is no law and is never printed as one."""
    return tuple(str(clause) for clause in clauses if clause.instrument != "DESIGN")


def matter(case: Application) -> str:
    """What was applied for: 工业产品生产许可证延续."""
    return f"工业产品生产许可证{case.get_kind_display()}"


def product(case: Application) -> str:
    """Category and units as filed; a category that is its own only unit is named once."""
    category, units = case.filed["category"]["name_zh"], "；".join(u["name_zh"] for u in case.filed["units"])
    return category if units in ("", category) else f"{category}：{units}"


def sites(case: Application) -> str:
    return "；".join(site["full_address"] for site in case.filed["sites"])


def case_rows(case: Application) -> tuple[tuple[str, str], ...]:
    """The case as every document names it."""
    return (("受理编号", reference(case)), ("申请事项", matter(case)), ("产品", product(case)))


def about_en(case: Application) -> str:
    """Kind of application and product for the English summary."""
    with override("en"):
        kind = str(case.get_kind_display()).lower()
    named = case.filed["category"]["name_en"] or case.filed["category"]["name_zh"]
    return f"{kind}, {named} (case {case.number})"


def zh(day: date | str) -> str:
    """A date in Chinese words."""
    with override("zh-hans"):
        return long_date(_date(day))


def en(day: date | str) -> str:
    """A date in English words."""
    with override("en"):
        return long_date(_date(day))


def _date(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def english(label: Any) -> str:
    """A label of our own in English."""
    with override("en"):
        return str(label)
