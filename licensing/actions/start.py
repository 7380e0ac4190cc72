"""A draft that begins with its product chosen, as the public guide hands it over (R-95)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.lifecycle.actors import Actor
from core.parties.models import Enterprise
from licensing.actions.drafts import choose_category, choose_units, start_draft
from licensing.kinds import Kind
from licensing.models import Application, ProductionLicence
from licensing.queries.choices import ChosenProduct


@transaction.atomic
def start_chosen(
    *,
    public_id: UUID,
    enterprise: Enterprise,
    product: ChosenProduct | None,
    actor: Actor,
    at: datetime,
    kind: str = Kind.NEW,
    licence: ProductionLicence | None = None,
) -> Application:
    """Open a draft, its category and units chosen where they can be applied for.

    Sent twice it is one draft: what was chosen in it meanwhile stays. Raises what `start_draft` raises.
    """
    draft = start_draft(
        public_id=public_id, enterprise=enterprise, actor=actor, at=at, kind=kind, licence=licence
    )
    if product is None or product.reason or not draft.is_draft or draft.category_id is not None:
        return draft
    draft = choose_category(
        public_id=public_id, category=product.category, draft_version=draft.draft_version, actor=actor, at=at
    )
    if product.units:
        draft = choose_units(
            public_id=public_id,
            units=list(product.units),
            draft_version=draft.draft_version,
            actor=actor,
            at=at,
        )
    return draft
