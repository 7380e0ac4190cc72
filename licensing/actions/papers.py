"""Put the papers this system writes into the case, once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.files.actions import put_generated
from core.files.rules import PDF
from core.lifecycle.actors import SYSTEM
from core.lifecycle.subjects import Subject
from licensing.actions.act import SUBJECT
from licensing.models import Application, ApplicationDocument
from licensing.papers import FILENAMES, TEMPLATES, render_paper


@transaction.atomic
def write_papers(*, public_id: UUID | str, at: datetime) -> int:
    """Write those of the two papers that are not there yet; returns how many. Safe to run again."""
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("commitment", "licence")
        .get(public_id=public_id)
    )
    present = set(application.documents.values_list("slot", flat=True))
    wanted = [slot for slot in TEMPLATES if slot not in present and slot in application.rules.documents]
    for slot in wanted:
        stored = put_generated(
            content=render_paper(application, slot), filename=FILENAMES[slot], content_type=PDF,
            owner=Subject(SUBJECT, str(application.public_id)), slot=slot, actor=SYSTEM, at=at,
        )  # fmt: skip
        ApplicationDocument.objects.create(application=application, slot=slot, file=stored)
    return len(wanted)
