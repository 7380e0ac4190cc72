"""What happens to open cases when their licence ends, and what time does to a licence (DOMAIN §3.3, §3.7)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from core.ledger.models import Dating
from core.lifecycle.actors import SYSTEM
from core.lifecycle.law import Clause
from licensing.actions.act import advance_system
from licensing.actions.effects import write
from licensing.actions.ex_officio import open_for_expiry
from licensing.actions.filing import close
from licensing.clock import midnight_after, renewal_facts
from licensing.kinds import Kind
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, LicenceStatus, ProductionLicence

EXPIRED = (Clause("L2", "第二十五条"), Clause("L1", "第七十条第一项"))
LOOK_AGAIN = timedelta(hours=12)


def terminate_cases(licence: ProductionLicence, *, because: str, at: datetime, dating: str = "") -> int:
    """End every other open case about a licence that is no more; whoever calls holds the lock of the licence.

    A renewal by law that nobody confirmed has no certificate to expect any more, so that its delay is no longer told.
    `because` is a stable word for the notice; a case ends at the moment the licence did. Returns how many were ended.
    """
    unconfirmed = Application.objects.filter(licence=licence, status=Status.DEEMED_RENEWED)
    unconfirmed.filter(approver__isnull=True).update(next_check_at=None)
    rows = Application.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.filter(licence=licence, status__in=UNDECIDED)
    cases = list(rows.order_by("pk"))
    for application in cases:
        application.licence = licence
        close(application, at)
        advance_system(
            application,
            "terminate",
            at=at,
            public={"because": because, "licence": licence.number},
            dating=dating,
        )
    return len(cases)


def due_licences(*, at: datetime, most: int, leave_out: Collection[str] = ()) -> list[str]:
    """Numbers of licences whose term asks for a look, longest waiting first; one query on the index."""
    rows = ProductionLicence.objects.filter(next_check_at__lte=at).exclude(number__in=leave_out)
    return list(rows.order_by("next_check_at", "pk").values_list("number", flat=True)[:most])


@transaction.atomic
def tick_licence(*, number: str, at: datetime) -> str:
    """Let a licence expire whose last day is past, once; returns the act done, empty when nothing was.

    While a renewal is open that the law may still grant, the licence waits for it (L1 art. 50 ¶2).
    """
    rows = ProductionLicence.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    licence = rows.filter(number=number).first()
    if licence is None or licence.next_check_at is None or licence.next_check_at > at:
        return ""
    if licence.status == LicenceStatus.EXPIRED:
        return _wait_for_renewal(licence, at)
    end = midnight_after(licence.valid_until)
    if not licence.is_running or end > at:
        return _look(licence, end if licence.is_running else None)
    renewals = list(Application.objects.filter(licence=licence, kind=Kind.RENEWAL, status__in=UNDECIDED))
    if any(facts.may_be_deemed for row in renewals if (facts := renewal_facts(row))):
        return _look(licence, at + LOOK_AGAIN)
    return _expire(licence, bool(renewals), end, at)


def _look(licence: ProductionLicence, when: datetime | None) -> str:
    licence.next_check_at = when
    licence.save(update_fields=["next_check_at"])
    return ""


def _expire(licence: ProductionLicence, renewing: bool, end: datetime, at: datetime) -> str:
    """The term is over: expired as of 00:00; the task of deregistration opens, other cases end.

    A late renewal goes on and may revive the licence; what else is open then waits with it.
    """
    licence.status = LicenceStatus.EXPIRED
    licence.next_check_at = at + LOOK_AGAIN if renewing else None
    write(
        licence, "licence_expired", basis=EXPIRED, actor=SYSTEM, at=end, dating=Dating.LEGAL_DATE,
        public={"valid_until": str(licence.valid_until), "renewal_open": renewing},
    )  # fmt: skip
    open_for_expiry(licence, end=end, at=at)
    if not renewing:
        terminate_cases(licence, because="licence_expired", at=end, dating=Dating.LEGAL_DATE)
    return "licence_expired"


def _wait_for_renewal(licence: ProductionLicence, at: datetime) -> str:
    """A renewal that came to nothing revives nothing: what waited with the expired licence ends."""
    if Application.objects.filter(licence=licence, kind=Kind.RENEWAL, status__in=UNDECIDED).exists():
        return _look(licence, at + LOOK_AGAIN)
    terminate_cases(licence, because="licence_expired", at=at)
    return _look(licence, None)


def postpone_licence(*, number: str, at: datetime) -> None:
    """A licence whose look failed is looked at again later, behind those that wait."""
    ProductionLicence.objects.filter(number=number, next_check_at__lte=at).update(
        next_check_at=at + timedelta(minutes=10)
    )
