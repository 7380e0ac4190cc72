"""A correction notice as its two readers see it: what was asked, what has changed since (S4, K14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from catalog.queries import open_units
from core.lifecycle.dates import shanghai_date
from licensing.changes import filed_content, group_rows
from licensing.correction import TARGETS, Difference, Target, changed_targets, differences, lines_of
from licensing.models import Application, CorrectionItem, CorrectionNotice, Ground
from licensing.queries.bars import bar_against


@dataclass(frozen=True)
class ItemView:
    """One item: why it was noticed, its content then and now, and whether it has changed."""

    target: Target
    reason: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    changed: bool
    still_missing: bool


@dataclass(frozen=True)
class NoticeView:
    """The notice of a case. `others` are changes beyond the items, which signing anew can bring along."""

    issued_at: datetime
    lapses_after: date
    answered_at: datetime | None
    items: tuple[ItemView, ...]
    others: tuple[Difference, ...]
    days_left: int
    old_documents: frozenset[str]

    @property
    def changed(self) -> int:
        return sum(item.changed for item in self.items)

    def of_section(self, section: str) -> tuple[ItemView, ...]:
        return tuple(item for item in self.items if item.target.section == section)


def notice_of(application: Application, today: date, *, working: bool = False) -> NoticeView | None:
    """The notice of a case, against the answer as sent or, with `working`, as the applicant has it now.

    Officials never get `working`: what is prepared and not sent is the applicant's own.
    """
    notice = getattr(application, "correction", None)
    if notice is None:
        return None
    items = list(notice.items.order_by("pk"))
    if working and notice.answered_at is None:
        before, after = application.filed, _working_facts(application)
        documents = _prepared(application)
    else:
        filings = [row.facts for row in application.filings.order_by("ordinal")]
        before, after = filings[0], filings[-1]
        documents = frozenset(application.superseded_documents.values_list("slot", flat=True))
    return _view(notice, items, before, after, documents, today)


def _view(
    notice: CorrectionNotice,
    items: list[CorrectionItem],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    documents: frozenset[str],
    today: date,
) -> NoticeView:
    changed = changed_targets(before, after) | documents
    cited = {item.target for item in items}
    return NoticeView(
        issued_at=notice.issued_at,
        lapses_after=notice.lapses_after,
        answered_at=notice.answered_at,
        items=tuple(
            ItemView(
                TARGETS[item.target],
                item.reason,
                lines_of(before, item.target),
                lines_of(after, item.target),
                item.target in changed,
                item.still_missing,
            )
            for item in items
        ),
        others=tuple(row for row in differences(before, after) if row.target.code not in cited),
        days_left=(notice.lapses_after - today).days,
        old_documents=documents if notice.answered_at else frozenset(),
    )


def _working_facts(application: Application) -> dict[str, Any]:
    """The draft in the shape of a filing; units by their key only, as the choice stands now."""
    draft = application.draft
    chosen = set(application.units.values_list("unit_id", flat=True))
    filed = {unit["id"]: unit for unit in application.filed.get("units", ())}
    units = [filed[key] for key in filed if key in chosen]
    if new := chosen - filed.keys():
        assert application.category is not None
        listed = open_units(application.category.key, shanghai_date(application.draft_saved_at))
        units += [
            {"id": u.unit_id, "name_zh": u.name_zh, "name_en": u.name_en} for u in listed if u.unit_id in new
        ]
    if application.licence is not None:
        known = {unit["id"] for unit in application.licence.content["units"]}
        new_units = [unit for unit in units if unit["id"] not in known]
        return filed_content(application.kind, application.licence.content, draft, new_units)
    return {
        "enterprise": draft.get("enterprise", {}),
        "sites": draft.get("sites", {}).get("rows", []),
        "conditions": draft.get("conditions", {}),
        "units": units,
        "group": group_rows(draft),
    }


def _prepared(application: Application) -> frozenset[str]:
    """Documents that will differ when the answer is sent."""
    slots = set(application.replacements.values_list("slot", flat=True))
    signed = getattr(application, "commitment", None)
    if not application.rules.has_commitment:
        return frozenset(slots)
    if signed is None or signed.sha256 != application.filed.get("commitment", {}).get(
        "sha256", signed.sha256
    ):
        slots.add("commitment_letter")
    return frozenset(slots)


def grounds_open(application: Application, today: date, *, category_open: bool) -> tuple[Ground, ...]:
    """Grounds of the closed list the record bears out today; the page offers no other (S5).

    A case about a licence stays with its province, and no bar stops one that needs no review.
    """
    notice = getattr(application, "correction", None)
    found = [Ground.WRONG_AUTHORITY] if application.licence_id is None else []
    if application.rules.reviewed and bar_against(application, today):
        found.append(Ground.BARRED)
    if notice is not None and notice.answered_at is not None:
        found.append(Ground.ITEMS_MISSING)
    if not category_open:
        found.append(Ground.CATEGORY_CLOSED)
    return tuple(found)
