"""Official documents of a case, for whoever may read the case: the same question as for its other papers."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from certificates.documents.facts import Kind
from certificates.models import OfficialDocument
from certificates.queries import documents_about
from core.messages.kinds import Enclosure
from core.messages.models import Message
from core.parties.competence import Standing
from licensing.models import Application
from licensing.queries.cases import visible

SUBJECT = "licensing.application"


def documents_of_case(application: Application) -> list[OfficialDocument]:
    """All of a case its reader has open, in the order of their acts; one query. Old cases have none."""
    return list(documents_about(SUBJECT, str(application.public_id)))


def newest(application: Application, kind: Kind) -> OfficialDocument | None:
    """The last signed document of a kind, for the page that says the same on the screen; None while there is none."""
    rows = documents_about(SUBJECT, str(application.public_id)).filter(kind=kind, pdf__isnull=False)
    return rows.last()


def document_for(standing: Standing, public_id: UUID | str, code: str) -> OfficialDocument | None:
    """One signed document of a case this person may read today; None for hidden, absent and unsigned alike."""
    if not visible(standing).filter(public_id=public_id).exists():
        return None
    return documents_about(SUBJECT, str(public_id)).filter(public_id=code, pdf__isnull=False).first()


def is_addressee(standing: Standing, public_id: UUID | str) -> bool:
    """Whether this person belongs to the enterprise the case is of; one who only claims to does not."""
    own = Application.objects.filter(public_id=public_id, enterprise_id__in=standing.enterprise_ids)
    return bool(standing.enterprise_ids) and own.exists()


def title_of(document: OfficialDocument) -> str:
    """Its name in the reader's language; the paper itself has both."""
    english = (get_language() or "").startswith("en")
    return str(document.facts["title_en"]) if english else document.title


def enclosures(standing: Standing, messages: Iterable[Message]) -> dict[int, Enclosure]:
    """The signed document that came with the act a message tells of, by the message's key, where it may be read."""
    told = {(row.subject_id, row.subject_version): row.pk for row in messages if row.subject_kind == SUBJECT}
    readable = visible(standing).filter(public_id__in={case for case, _version in told})
    cases = {str(public_id) for public_id in readable.values_list("public_id", flat=True)}
    rows = OfficialDocument.objects.filter(
        subject_kind=SUBJECT, subject_id__in=cases, subject_version__in={version for _case, version in told},
        pdf__isnull=False,
    )  # fmt: skip
    return {
        told[row.subject_id, row.subject_version]: Enclosure(
            title_of(row), row.number,
            reverse("licensing:official_document", args=(row.subject_id, row.public_id)),
        )
        for row in rows
        if (row.subject_id, row.subject_version) in told
    }  # fmt: skip
