"""Drafts about a licence follow what is made of it, by decision or by law, while they are written (DOMAIN §3.3)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from licensing.actions.drafts import take_units, withdraw_signature
from licensing.changes import rebased
from licensing.lifecycle import Status
from licensing.models import Application, ProductionLicence


def follow_licence(licence: ProductionLicence, before: Mapping[str, Any], on: date) -> None:
    """Bring the drafts about a licence up to what was made of it on a day; what was signed is signed anew.

    `before` is its content until then. Whoever calls holds the lock of the licence.
    """
    drafts = Application.objects.select_for_update(of=("self",), no_key=True)
    wider = any(licence.content.get(part, []) != before.get(part, []) for part in ("units", "group"))
    for draft in drafts.filter(licence=licence, status=Status.DRAFT).order_by("pk"):
        draft.licence = licence
        take_units(draft)
        now = rebased(draft.kind, draft.draft, licence.content)
        if wider or now != draft.draft:
            draft.draft = {**now, "followed_on": on.isoformat()}
            draft.draft_version += 1
            draft.save(update_fields=["draft", "draft_version"])
            withdraw_signature(draft)
