"""What the register does when it hears news: read the matter again and copy it. Safe any number of times."""

from django.utils import timezone

from core.outbox.subscriptions import Heard, subscribe
from register.actions import refresh_case, refresh_decided, refresh_licence
from register.taking_over import copy_part

CASE_ACTS = (
    "submit", "receive_forwarded", "accept", "deem_accepted", "request_correction", "correction_reminder", "resubmit",
    "lapse", "not_required", "refuse_acceptance", "forward_elsewhere", "open_review", "take_review", "record_evidence",
    "complete_review", "fail_review", "forward", "return_to_review", "grant", "refuse", "issue_certificate",
    "deliver", "retract", "due_recomputed", "open_decision", "deem_renewed", "confirm_renewal", "deliver_notice",
    "terminate", "pause", "resume", "propose_extension", "extend", "decline_extension", "assign_review", "take_over",
    "recuse", "licence_replaced", "evidence_weighed", "settle_review", "reopen_review", "choose_test_timing",
    "grant_by_order",
)  # fmt: skip
"""Every act on a case; a new act of licensing belongs here too (held by a test). A decision that waits to take effect
is none: the public learns nothing of it (DOMAIN §3.2)."""


LICENCE_ACTS = (
    "licence_renewed", "licence_deemed_renewed", "licence_confirmed", "licence_changed",
    "licence_conditions_changed", "licence_relocated", "licence_extended", "certificate_replaced",
    "licence_deregistered", "licence_expired", "licence_corrected", "licence_renumbered",
)  # fmt: skip
"""Every act on a licence but its grant; a new one belongs here too (held by a test)."""


@subscribe("licensing.licence_granted", name="register.licence.granted")
@subscribe("certificates.issued", name="register.licence.certificate")
def copy_licence(heard: Heard) -> None:
    """Both events name the licence by its number."""
    refresh_licence(number=heard.subject.id, at=timezone.now())


@subscribe("imports.part_loaded", name="register.licence.imported")
def copy_imported(heard: Heard) -> None:
    """The event names an import and one portion of it."""
    copy_part(import_id=heard.subject.id, part=heard.subject.version, at=timezone.now())


for _act in LICENCE_ACTS:
    subscribe(f"licensing.{_act}", name=f"register.licence.{_act}")(copy_licence)


def copy_progress(heard: Heard) -> None:
    """The event names the case by its public id."""
    refresh_case(public_id=heard.subject.id, at=timezone.now())


for _act in CASE_ACTS:
    subscribe(f"licensing.{_act}", name=f"register.progress.{_act}")(copy_progress)


@subscribe("workdays.calendar_published", name="register.working_days")
def count_again(heard: Heard) -> None:
    """The event names scope and year of the calendar: `CN:2026`."""
    refresh_decided(year=int(heard.subject.id.rpartition(":")[2]), at=timezone.now())
