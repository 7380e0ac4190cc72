"""What certificates do when they hear news; on the queue of the one process that reaches a key."""

from django.utils import timezone

from certificates.actions import issue_untried, try_to_issue
from certificates.documents.actions import REQUESTED, try_to_issue_document
from certificates.models import Certificate, OfficialDocument
from core.outbox.subscriptions import Heard, subscribe


@subscribe("certificates.requested", name="certificates.issue", queue="certificates")
def issue_requested(heard: Heard) -> None:
    """The event names licence number and version."""
    requested = Certificate.objects.get(
        licence_number=heard.subject.id, licence_version=heard.subject.version
    )
    try_to_issue(certificate_id=requested.pk, at=timezone.now())


@subscribe(REQUESTED, name="certificates.issue_document", queue="certificates")
def issue_requested_document(heard: Heard) -> None:
    """The event names the document. Certificates that wait go first: no notice is missed as they are."""
    at = timezone.now()
    issue_untried(at=at)
    document = OfficialDocument.objects.filter(public_id=heard.subject.id).only("pk").first()
    if document is not None:
        try_to_issue_document(document_id=document.pk, at=at)
