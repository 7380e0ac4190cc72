"""What certificates do when they hear news; on the queue of the one process that reaches a key."""

from django.utils import timezone

from certificates.actions import try_to_issue
from certificates.models import Certificate
from core.outbox.subscriptions import Heard, subscribe


@subscribe("certificates.requested", name="certificates.issue", queue="certificates")
def issue_requested(heard: Heard) -> None:
    """The event names licence number and version."""
    requested = Certificate.objects.get(
        licence_number=heard.subject.id, licence_version=heard.subject.version
    )
    try_to_issue(certificate_id=requested.pk, at=timezone.now())
