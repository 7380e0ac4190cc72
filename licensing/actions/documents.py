"""A document is opened by its addressee: noted once, in words that neither deliver nor start a time limit."""

from datetime import datetime

from django.db import transaction

from certificates.documents.actions import note_opened
from certificates.models import OfficialDocument
from core.lifecycle.actors import Actor
from core.lifecycle.subjects import Subject
from core.messages.actions import mark_told
from core.parties.competence import standing_for
from licensing.actions.act import NotYourCase, acting_for
from licensing.models import Application


@transaction.atomic
def open_document(*, document: OfficialDocument, actor: Actor, at: datetime) -> bool:
    """Note that a person of the enterprise has the document before his eyes; False when somebody had it before.

    Any proved member counts, as with letters that reach an office. The message about the same act is read with it.
    Raises NotYourCase for everybody else.
    """
    case = Application.objects.only("enterprise_id").get(public_id=document.subject_id)
    held = next(
        (m for m in standing_for(actor, at).memberships if m.enterprise_id == case.enterprise_id), None
    )
    if held is None:
        raise NotYourCase()
    about = Subject(document.subject_kind, document.subject_id, document.subject_version)
    mark_told(subject=about, actor=actor, at=at)
    return note_opened(document=document, actor=acting_for(actor, held.uscc, held.enterprise_name), at=at)
