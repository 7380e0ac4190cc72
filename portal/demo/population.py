"""The rest of the nation: licences of the last two years and open cases in every state, told after the first stories.

Built one producer at a time, each whole or not at all, so that it can be stopped and taken up again. The same moment
gives the same world: nothing here is drawn by lot.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core.parties.models import Enterprise
from licensing.actions import acceptance, correction, decision, delivery, extension
from licensing.models import Application
from portal.demo import holders, straight
from portal.demo.papers import leave_out_old
from portal.demo.producers import PRODUCERS, Producer
from portal.demo.stories import Staff, Story
from portal.demo.world import Builder, require_demo

STAFF: dict[str, Staff] = {
    "32": ("js-clerk", "js-reviewer", "js-approver"),
    "33": ("zj-clerk", "zj-reviewer", "zj-approver"),
    "50": ("cq-clerk", "cq-reviewer", "cq-approver"),
    "3302": ("nb-clerk", "nb-reviewer", "nb-approver"),
}
"""Who handles a producer's cases: the delegated city before its province."""

OLDEST, YOUNGEST = 480, 12
"""Working days since the first and the last of the licences was granted."""

HEADS = {"32": "js-head", "33": "zj-head"}
MORE_TIME = "关键原料产地须向省外核实，复函尚未收到。"
RETURNED = "检验报告缺少第 3 页，请补齐后再报。"
NOT_REQUIRED = "所产品种不属于目录所列单元，不需要生产许可证。"
MISSING = {"conditions.equipment": "缺少成型设备，请补充型号和数量"}


@dataclass(frozen=True)
class Open:
    """A second case of a producer, still open or lately closed; days are working days before today, as in `Story`."""

    received: int
    accepted: int | None = None
    onsite: tuple[int, bool] | None = None
    testing: tuple[int, bool] | None = None
    decided: int | None = None
    retracted: int | None = None
    sampled: int | None = None
    then: str = ""


OPEN: tuple[Open | None, ...] = (
    Open(1),
    Open(16, 14, (7, True), sampled=4),
    Open(28, 25, (15, True), (6, True), then="proposed"),
    Open(33, 31, (20, True), sampled=17),
    Open(4, then="correction"),
    Open(40, 37, (24, True), (12, True), then="extended"),
    Open(9, 7),
    None,
    Open(26, 24, (16, True), (9, False), 5),
    Open(3),
    Open(29, 27, (14, True), (5, True), then="returned"),
    Open(18, 16, None, None, None, 10),
    None,
    Open(5, then="not_required"),
    Open(38, 36),
)
"""Told in turn, so that every state stands somewhere and some limits have run out."""


def populate(now: datetime) -> int:
    """Tell what is not there yet; returns how many producers were new. Raises NotADemoWorld.

    A world made before these producers were invented stays as it is; `demo_reset` makes it anew.
    """
    require_demo()
    builder = Builder(now)
    if not Enterprise.objects.filter(name=PRODUCERS[-1].enterprise.name).exists():
        return 0
    told = _holdings(builder)
    for index, producer in enumerate(PRODUCERS):
        with transaction.atomic():
            if _is_told(producer):
                continue
            _tell(builder, index, producer)
            leave_out_old(builder.today)
            told += 1
    return told


def _holdings(builder: Builder) -> int:
    """Older licences and what became of them, each in a transaction of its own."""
    told = 0
    for holding in (*straight.HOLDINGS, *holders.HOLDINGS):
        with transaction.atomic():
            told += holders.tell(builder, holding)
            leave_out_old(builder.today)
    return told


def _is_told(producer: Producer) -> bool:
    """Whether its cases are there; the row is locked, so that two at once do not both tell it."""
    held = Enterprise.objects.select_for_update().get(name=producer.enterprise.name)
    return Application.objects.filter(enterprise=held).exists()


def _tell(builder: Builder, index: int, producer: Producer) -> None:
    for story in _stories(index, producer):
        application = builder.tell(story)
        _afterwards(builder, index, story, application)


def _stories(index: int, producer: Producer) -> Iterator[Story]:
    person, category, staff = producer.enterprise.username, producer.makes, _staff(producer)
    if index % 5 != 4:
        granted = OLDEST - index * (OLDEST - YOUNGEST) // len(PRODUCERS)
        yield Story(
            person,
            category,
            staff,
            granted + 27,
            granted + 25,
            (granted + 14, True),
            (granted + 5, True),
            granted,
        )
    second = OPEN[index % len(OPEN)]
    if second is not None:
        yield Story(
            person, category, staff, second.received, second.accepted, second.onsite, second.testing,
            second.decided, second.retracted, second.sampled,
        )  # fmt: skip


def _staff(producer: Producer) -> Staff:
    code = producer.enterprise.division
    return STAFF.get(code[:4]) or STAFF[code[:2]]


def _afterwards(builder: Builder, index: int, story: Story, application: Application) -> None:
    """What a story of this kind goes on with."""
    second = OPEN[index % len(OPEN)]
    then = second.then if second and story.received == second.received else ""
    clerk, _reviewer, approver = story.staff
    common: dict[str, Any] = {
        "public_id": application.public_id,
        "expected_version": builder.version(application),
    }
    if then == "correction":
        correction.request_correction(
            items=MISSING, actor=builder.actor(clerk), at=builder.at(2, 15, 10), **common
        )
    elif then == "not_required":
        acceptance.tell_not_required(
            explanation=NOT_REQUIRED, actor=builder.actor(clerk), at=builder.at(3, 14, 5), **common
        )
    elif then == "returned":
        decision.return_to_review(
            reasons=RETURNED, actor=builder.actor(approver), at=builder.at(2, 9, 40), **common
        )
    elif then in ("proposed", "extended"):
        _ask_for_time(builder, application, approver, decided=then == "extended")


def _ask_for_time(builder: Builder, application: Application, approver: str, *, decided: bool) -> None:
    """An approver proposes eight more days; where the head has `decided`, the due date has moved."""
    head = HEADS.get(application.filing_division[:2])
    facts: dict[str, Any] = {"public_id": application.public_id}
    extension.propose_extension(
        **facts, expected_version=builder.version(application), days=8, reasons=MORE_TIME,
        actor=builder.actor(approver), at=builder.at(9 if decided else 2, 9, 30),
    )  # fmt: skip
    if decided and head:
        extension.decide_extension(
            **facts, expected_version=builder.version(application), granted=True, actor=builder.actor(head),
            at=builder.at(8, 10, 15),
        )  # fmt: skip


def take_delivery(now: datetime) -> int:
    """Two of three holders take delivery of what has been signed by now; returns how many."""
    require_demo()
    builder, done = Builder(now), 0
    for index, producer in enumerate(PRODUCERS):
        if index % 3 == 2:
            continue
        issued = Application.objects.filter(
            enterprise__name=producer.enterprise.name, status="certificate_issued"
        )
        for application in issued:
            actor = builder.actor(producer.enterprise.username)
            done += delivery.deliver(public_id=application.public_id, actor=actor, at=now)
    return done
