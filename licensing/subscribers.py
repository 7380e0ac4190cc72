"""What licensing does when it hears news: each handler re-reads current state and may run any number of times."""

from django.utils import timezone

from core.outbox.subscriptions import Heard, subscribe
from core.staff.actions.handovers import HANDED_OVER
from core.workdays.queries import current_version
from licensing.actions.delivery import note_certificate, recompute_due
from licensing.actions.handover import hand_over_cases, reassign_returned
from licensing.actions.papers import write_papers
from licensing.actions.straight_through import OFFERED, go_through, offer, waiting_for, waiting_of
from licensing.corrections.queries import licence_numbered
from licensing.documents.requests import OWED, request_owed
from licensing.models import Application, Bar, OpenMatter, StandingOrder


@subscribe("licensing.submit", name="licensing.papers")
@subscribe("licensing.resubmit", name="licensing.papers_anew")
@subscribe("licensing.receive_forwarded", name="licensing.papers_forwarded")
def write_papers_of_filing(heard: Heard) -> None:
    """A filed case gets its application form and commitment letter: after an answer they are written anew, and a
    forwarded case gets those that were not there yet when it was copied."""
    write_papers(public_id=heard.subject.id, at=timezone.now())


@subscribe(OWED, name="licensing.document_owed")
def put_together_what_is_owed(heard: Heard) -> None:
    """A document whose facts could not be put together with its act is asked for again, by what the ledger says."""
    request_owed(subject=heard.subject)


@subscribe("certificates.issued", name="licensing.certificate_issued")
def note_issued_certificate(heard: Heard) -> None:
    """The case moves on once its certificate is signed and stored; the subject names licence number and version.

    The certificate of a correction belongs to no case (R-89); a number corrected meanwhile still leads to its licence.
    """
    licence = licence_numbered(heard.subject.id)
    case = Application.objects.filter(licence=licence, licence_version=heard.subject.version).first()
    if licence is not None and case is not None:
        note_certificate(public_id=case.public_id, at=timezone.now())


@subscribe("workdays.calendar_published", name="licensing.recompute_due")
def recompute_open_cases(heard: Heard) -> None:
    """A changed calendar moves the due dates of open cases; each move has its own entry and reason."""
    scope, _separator, year = heard.subject.id.partition(":")
    version = current_version(scope, int(year))
    notice = version.source if version else ""
    open_cases = Application.objects.filter(next_due_on__isnull=False).order_by("pk")
    for public_id in open_cases.values_list("public_id", flat=True).iterator(chunk_size=500):
        recompute_due(public_id=public_id, at=timezone.now(), notice=notice)


@subscribe("staff.handed_over", name="licensing.hand_over")
@subscribe("licensing.return_to_review", name="licensing.reassign_returned")
def pass_on_open_cases(heard: Heard) -> None:
    """Work of an official who handed over passes on: at once, and when a case of his comes back to review later."""
    if heard.type == HANDED_OVER:
        hand_over_cases(public_id=heard.subject.id, at=timezone.now())
    else:
        reassign_returned(public_id=heard.subject.id, at=timezone.now())


@subscribe("licensing.forward", name="licensing.straight_through")
@subscribe(OFFERED, name="licensing.offered_to_order")
def decide_by_order(heard: Heard) -> None:
    """A renewal whose last evidence is in goes through at once where an order is in force (R-85)."""
    go_through(public_id=heard.subject.id, at=timezone.now())


@subscribe("licensing.order_signed", name="licensing.order_signed")
def offer_to_new_order(heard: Heard) -> None:
    """What waits for a decision when an order is signed goes through under it."""
    offer(waiting_for(StandingOrder.objects.get(number=heard.subject.id)))


@subscribe("licensing.matter_closed", name="licensing.matter_closed")
def offer_without_matter(heard: Heard) -> None:
    """With the last lead or measure closed, what waited for it may go through."""
    offer(waiting_of(OpenMatter.objects.get(public_id=heard.subject.id).enterprise_id))


@subscribe("licensing.bar_lifted", name="licensing.bar_lifted")
def offer_without_bar(heard: Heard) -> None:
    """With a bar lifted, too."""
    offer(waiting_of(Bar.objects.get(public_id=heard.subject.id).enterprise_id))
