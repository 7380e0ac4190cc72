"""How far a draft has come."""

from datetime import date

from licensing.changes import group_rows, same_places
from licensing.commitment import CommitmentText, text_for
from licensing.exemptions import QUESTIONS, answered_no
from licensing.kinds import Kind
from licensing.models import Application, CorrectionItem, Slot

CONDITIONS = ("equipment", "instruments", "process", "staff")


def sections_done(application: Application) -> dict[str, bool]:
    """Which sections of this kind's form are complete, in their order; at most three queries."""
    return {section: _DONE[section](application) for section in application.rules.all_sections}


def followed_on(application: Application) -> date | None:
    """The day on which the draft was brought up to its licence, until it is signed anew; None if it was not."""
    day = application.draft.get("followed_on")
    return date.fromisoformat(day) if day else None


def _enterprise(application: Application) -> bool:
    return bool(application.draft.get("enterprise", {}).get("confirmed"))


def _product(application: Application) -> bool:
    """Units are chosen; for an extension, units the licence does not have yet, or further members of the group."""
    if application.category_id is None:
        return False
    units = application.units.all()
    if application.kind != Kind.SCOPE_EXTENSION:
        return units.exists()
    return bool(group_rows(application.draft)) or units.exclude(unit_id__in=_licensed(application)).exists()


def _licensed(application: Application) -> list[int]:
    assert application.licence is not None
    return [unit["id"] for unit in application.licence.content["units"]]


def _sites(application: Application) -> bool:
    """Places are named; for a relocation, others than the licence has."""
    rows = application.draft.get("sites", {}).get("rows")
    if application.kind != Kind.RELOCATION or application.licence is None:
        return bool(rows)
    return bool(rows) and not same_places(rows, application.licence.content["sites"])


def _conditions(application: Application) -> bool:
    """Every part is there, and what the licence brought along has been looked at."""
    conditions = application.draft.get("conditions", {})
    return conditions.get("confirmed", True) and all(conditions.get(part) for part in CONDITIONS)


def _statement(application: Application) -> bool:
    """Stated; a renewal has answered every question, unless it was filed before there were any (R-23)."""
    statement = application.draft.get("statement", {})
    if application.kind == Kind.RENEWAL:
        if application.filed and "statement" not in application.filed:
            return True
        return all(statement.get(name) in ("yes", "no") for name in QUESTIONS)
    return bool(statement)


def _business_licence(application: Application) -> bool:
    return application.documents.filter(slot=Slot.BUSINESS_LICENCE).exists()


def _commitment(application: Application) -> bool:
    """Signed, in the words of today: a text that changed since is read and signed again before filing (R-28)."""
    signed = getattr(application, "commitment", None)
    return signed is not None and signed.text_version == letter_of(application).version


def letter_of(application: Application) -> CommitmentText:
    """The letter this draft asks to be signed."""
    return text_for(application.kind, unchanged=answered_no(application.draft.get("statement", {})))


def _optional(application: Application) -> bool:
    return True


_DONE = {
    "enterprise": _enterprise, "product": _product, "sites": _sites, "conditions": _conditions,
    "group": _optional, "statement": _statement, "business_licence": _business_licence, "commitment": _commitment,
}  # fmt: skip


def cited_in(application: Application) -> tuple[str, ...]:
    """Targets the correction notice of a case cites, in the order of the notice; nothing for a draft."""
    if application.is_draft:
        return ()
    rows = CorrectionItem.objects.filter(notice__application=application).order_by("pk")
    return tuple(rows.values_list("target", flat=True))
