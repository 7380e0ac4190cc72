"""How far a draft has come."""

from licensing.models import Application, CorrectionItem, Slot

CONDITIONS = ("equipment", "instruments", "process", "staff")


def sections_done(application: Application) -> dict[str, bool]:
    """Which of the six sections are complete; three queries."""
    draft = application.draft
    has_licence = application.documents.filter(slot=Slot.BUSINESS_LICENCE).exists()
    return {
        "enterprise": bool(draft.get("enterprise", {}).get("confirmed")),
        "product": application.category_id is not None and application.units.exists(),
        "sites": bool(draft.get("sites", {}).get("rows")),
        "conditions": all(draft.get("conditions", {}).get(part) for part in CONDITIONS),
        "business_licence": has_licence,
        "commitment": hasattr(application, "commitment"),
    }


def cited_in(application: Application) -> tuple[str, ...]:
    """Targets the correction notice of a case cites, in the order of the notice; nothing for a draft."""
    if application.is_draft:
        return ()
    rows = CorrectionItem.objects.filter(notice__application=application).order_by("pk")
    return tuple(rows.values_list("target", flat=True))
