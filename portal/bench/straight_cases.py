"""The cases of the straight-through bench: `prepare N` files them, `measure` records their reports one by one."""

import os
import sys
import time
from datetime import datetime, timedelta
from typing import Any

from portal.bench.results import Figure
from portal.bench.straight_through import FLOOR, WHOLE

DAYS_LEFT = 200
"""Until the terms end: in time, with the sweep of expiry far away."""
POLL_SECONDS = 0.01
PATIENCE_SECONDS = 300


def prepare(number: int) -> None:
    """A pilot, the standing order of the demo world, and so many honest renewals in the hands of their reviewer."""
    from core.parties.competence import in_force
    from core.parties.models import Authority
    from licensing.actions import pilots, review
    from licensing.kinds import Kind
    from licensing.models import PilotSwitch, StandingOrder
    from portal.drills import licences
    from portal.drills.cases import PROVINCE, Cast, actor_at

    now = _now()
    today = now.date()
    cast, province = Cast(), Authority.objects.get(code=PROVINCE)
    PilotSwitch.objects.filter(province=province).delete()
    early = now - timedelta(days=60)
    pilots.switch_on(
        measure=PilotSwitch.Measure.ONSITE_EXEMPTION, province=province, category=None, least_class="",
        effective_from=early.date(), valid_to=None, basis_instrument="质检监函〔2015〕1号", basis_article="第二条",
        actor=actor_at(cast.national, early), at=early,
    )  # fmt: skip
    assert StandingOrder.objects.filter(in_force(today), authority=province, revoked_at=None).exists()
    for place in range(number):
        case = licences.accepted(
            cast, today + timedelta(days=DAYS_LEFT + place % 10), Kind.RENEWAL, DAYS_LEFT + 14
        )
        review.take_review(
            public_id=case.public_id, expected_version=case.version, no_conflict=True,
            actor=actor_at(cast.reviewer, now), at=now,
        )  # fmt: skip


def measure() -> list[Figure]:
    """Seconds for each case, and for an event that nothing but the queue delays."""
    from core.parties.models import User
    from licensing.actions import review
    from licensing.models import Application
    from portal.demo import samples
    from portal.drills.cases import NAME, actor_at

    whole, floor = [], []
    rows = Application.objects.filter(kind="renewal", enterprise__name=NAME, status="under_review")
    for case in rows.order_by("pk"):
        assert case.reviewer_id is not None
        reviewer = User.objects.get(pk=case.reviewer_id)
        paper = samples.record("产品检验报告", NAME, "合格", "省质检院", "")
        with samples.known_good(paper, "报告.pdf") as document:
            now = _now()
            began = time.perf_counter()
            review.record_evidence(
                public_id=case.public_id, expected_version=case.version, track="testing", outcome="passed",
                body="省质检院", concluded_on=now.date(), finding="合格", document=document, filename="报告.pdf",
                actor=actor_at(reviewer, now), at=now,
            )  # fmt: skip
        _until(lambda case=case: _told(case))
        whole.append(time.perf_counter() - began)
        floor.append(_through_the_queue(case))
    return [Figure(FLOOR, "s", tuple(floor)), Figure(WHOLE, "s", tuple(whole))]


def _told(case: Any) -> bool:
    """Whether the applicant has the message that the certificate can be fetched."""
    from core.messages.models import Message

    return Message.objects.filter(kind="licensing.issue_certificate", subject_id=str(case.public_id)).exists()


def _through_the_queue(case: Any) -> float:
    """Seconds until a worker has answered old news: the case is granted already, and there is nothing to do."""
    from django.db import transaction

    from core.lifecycle.subjects import Subject
    from core.outbox.actions import emit
    from core.outbox.models import Delivery

    began = time.perf_counter()
    with transaction.atomic():
        event = emit(
            type="licensing.forward",
            subject=Subject("licensing.application", str(case.public_id), case.version),
        )
    _until(lambda: not Delivery.objects.filter(event=event).exclude(status="done").exists())
    return time.perf_counter() - began


def _until(holds: Any) -> None:
    """Ask until it holds. Raises TimeoutError."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError("the workers did not come")
        time.sleep(POLL_SECONDS)


def _now() -> datetime:
    from django.utils import timezone

    from core.lifecycle.dates import SHANGHAI

    return timezone.now().astimezone(SHANGHAI)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    import portal.celery  # noqa: F401

    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        sys.stdout.write(Figure.write_all(measure()))
