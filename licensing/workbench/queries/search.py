"""One box for officials: a case, an enterprise, a licence. Only what the person's standing may see.

Exact things first: a whole number of a visible case or licence leads straight to it; nothing is told of any other.
"""

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.lifecycle.errors import DomainError
from core.parties.competence import Standing
from core.parties.identifiers import normalise_licence_number, normalise_uscc
from core.parties.models import Duty, Enterprise
from core.parties.queries import named
from licensing.kinds import RULES
from licensing.lifecycle import Status
from licensing.models import Application, ProductionLicence
from licensing.queries.cases import visible
from licensing.workbench.filters import folded
from licensing.workbench.queries.lists import WorkRow
from licensing.workbench.rules import desk_of

SHOWN = 10
SHORTEST = 2
"""Characters of a name: one alone finds half of the country and no index."""
_KIND = Duty.Kind
_READERS = (_KIND.ACCEPTANCE, _KIND.REVIEW, _KIND.APPROVAL, _KIND.HEAD, _KIND.AUDIT, _KIND.SUPERVISION)
_HYPHENS = re.compile(r"[‐‑‒–—―−－﹣]")
_NUMBER = re.compile(r"[0-9A-Z]{4,6}-[A-Z](?:-[0-9]{1,4}(?:-[0-9]{1,6}(?:-[0-9A-Z]{0,2})?)?)?")
_SHORT = re.compile(r"(?P<prefix>[一-鿿]?)(?P<kind>[一-鿿]) ?(?P<year>20[0-9]{2})-(?P<serial>[0-9]{1,6})")
_CODE = re.compile(r"[0-9A-Z]{18}")
_LICENCE_LIKE = re.compile(r"XK", re.IGNORECASE)
_LETTERS = {rules.short: rules.letter for rules in RULES.values()}


@dataclass(frozen=True)
class Found:
    """What there is, by group; `exact` is the address of the one thing that was named in full. `more` groups have
    further rows."""

    words: str
    exact: str = ""
    cases: tuple[WorkRow, ...] = ()
    enterprises: tuple[Enterprise, ...] = ()
    licences: tuple[ProductionLicence, ...] = ()
    more: frozenset[str] = frozenset()
    too_short: bool = False

    @property
    def nothing(self) -> bool:
        return not (self.cases or self.enterprises or self.licences)


def found_for(standing: Standing, raw: str) -> Found:
    """At most six queries, each by an index."""
    words = folded(raw)
    if len(words) < SHORTEST:
        return Found(words, too_short=bool(words))
    exact = _exact(standing, words)
    if exact:
        return Found(words, exact=exact)
    enterprises = list(_enterprises(standing, words)[: SHOWN + 1])
    cases = list(_cases(standing, words, enterprises)[: SHOWN + 1])
    licences = list(_licences(standing, words, enterprises)[: SHOWN + 1])
    counted = {"cases": len(cases), "enterprises": len(enterprises), "licences": len(licences)}
    return Found(
        words,
        cases=tuple(WorkRow(case, None, desk=desk_of(standing, case)) for case in cases[:SHOWN]),
        enterprises=tuple(enterprises[:SHOWN]), licences=tuple(licences[:SHOWN]),
        more=frozenset(name for name, number in counted.items() if number > SHOWN),
    )  # fmt: skip


def _exact(standing: Standing, words: str) -> str:
    """Straight to a case or licence named in full."""
    number = case_number(words)
    if number:
        case = visible(standing).filter(number=number).values_list("public_id", flat=True).first()
        return reverse("licensing:case", args=[case]) if case else ""
    licence = licence_number(words)
    if licence and licences_seen(standing).filter(number=licence).exists():
        return reverse("register:licence", args=[licence])
    return ""


def case_number(words: str) -> str:
    """What may be a case number or its beginning, in its one spelling; else nothing."""
    text = _HYPHENS.sub("-", words.upper()).replace(" ", "")
    return text if _NUMBER.fullmatch(text) else ""


def licence_number(words: str) -> str:
    """A licence number in its one spelling, however it was typed; else nothing."""
    if not _LICENCE_LIKE.search(words):
        return ""
    try:
        return normalise_licence_number(words)
    except DomainError:
        return ""


def short_number(words: str) -> Q | None:
    """苏新 2026-000341 as people say it: kind, year and serial; the province's character narrows it."""
    said = _SHORT.fullmatch(_HYPHENS.sub("-", words))
    letter = _LETTERS.get(said["kind"]) if said else None
    if said is None or letter is None:
        return None
    found = Q(number__contains=f"-{letter}-{said['year']}-{int(said['serial']):06d}-")
    return found & Q(filing_authority__licence_prefix=said["prefix"]) if said["prefix"] else found


def _enterprises(standing: Standing, words: str) -> QuerySet[Enterprise]:
    """By part of the name or the whole code, those of which the person sees a case."""
    code = normalise_uscc(words).upper()
    asked = Enterprise.objects.filter(uscc=code) if _CODE.fullmatch(code) else named(words)
    seen = visible(standing).exclude(status=Status.DRAFT).filter(enterprise__in=asked.values("pk"))
    return Enterprise.objects.filter(pk__in=seen.values("enterprise_id")).order_by("name", "pk")


def _cases(standing: Standing, words: str, enterprises: list[Enterprise]) -> QuerySet[Application]:
    """By number, long or short, else the cases of the enterprises found; the newest first."""
    rows = visible(standing).exclude(status=Status.DRAFT)
    number, short = case_number(words), short_number(words)
    if number:
        rows = rows.filter(number__startswith=number)
    elif short is not None:
        rows = rows.filter(short)
    else:
        rows = rows.filter(enterprise__in=enterprises[:SHOWN])
    return rows.select_related("enterprise", "filing_authority", "licence").defer("draft").order_by("-pk")


def licences_seen(standing: Standing) -> QuerySet[ProductionLicence]:
    """Licences the person's authorities issued or take filings for; all for those who read the whole country."""
    rows = ProductionLicence.objects.all()
    if standing.audits_everything or standing.is_national_admin:
        return rows
    mine = standing.authorities(*_READERS)
    return rows.filter(Q(issuing_authority_id__in=mine) | Q(filing_authority_id__in=mine))


def _licences(standing: Standing, words: str, enterprises: list[Enterprise]) -> QuerySet[ProductionLicence]:
    """Those of the enterprises found. A number in full has led straight to its licence."""
    held = licences_seen(standing).filter(enterprise__in=enterprises[:SHOWN])
    return held.order_by("-valid_until", "number")
