"""Claims, agents and powers for tests, made through the acts themselves."""

import itertools
from datetime import date, datetime
from typing import Any

from core.claims.actions import agents, filing, powers, proof, review
from core.claims.models import Claim
from core.parties.models import Enterprise, Membership, PowerOfAttorney, User
from portal.demo.people import demo_uscc
from tests.support import world

_serial = itertools.count(70_000)


def new_uscc(division: str = "320583") -> str:
    """A code that passes every check and belongs to nobody yet."""
    return demo_uscc(division, next(_serial))


def facts(uscc: str = "", **changes: str) -> dict[str, str]:
    """What a claimant of Kunshan types."""
    return {
        "uscc": uscc or new_uscc(), "role": "legal_representative", "ground": "first", "name": "昆山新丰肥业有限公司",
        "legal_representative": "周敏", "division": "320583", "address": "春晖路 88 号", "phone": "0512-57000000",
    } | changes  # fmt: skip


def filed(person: User, at: datetime | None = None, **changes: str) -> Claim:
    """A claim with nothing shown for it."""
    moment = at or world.at()
    return filing.file_claim(actor=world.actor(person), at=moment, **facts(**changes))


def shown(claim: Claim, at: datetime | None = None, content: bytes = world.PDF) -> Claim:
    """The claim with a sealed authorisation handed in."""
    claim.refresh_from_db()
    return proof.submit_document(
        public_id=claim.public_id, content=content, filename="授权书.pdf", expected_version=claim.version,
        actor=world.actor(claim.claimant), at=at or world.at(hour=10),
    )  # fmt: skip


def accepted(claim: Claim, clerk: User, at: datetime | None = None) -> Claim:
    claim.refresh_from_db()
    return review.accept(
        public_id=claim.public_id, checked=["公章和名称一致"], expected_version=claim.version,
        actor=world.actor(clerk), at=at or world.at(hour=11),
    )  # fmt: skip


def disputed(holder_of: Enterprise, person: User | None = None, ground: str = "changed") -> Claim:
    """A second claimant's claim of an enterprise that has its legal representative, with a document."""
    claim = filed(person or world.user("吴新任"), uscc=holder_of.uscc, ground=ground)
    return shown(claim)


def agent_of(enterprise: Enterprise, name: str = "吴代理") -> User:
    """An agent without any power."""
    person = world.user(name)
    Membership.objects.create(user=person, enterprise=enterprise, role="agent", valid_from=world.EPOCH)
    return person


def granted(
    enterprise: Enterprise,
    agent: User,
    by: User,
    first: date = world.DAY,
    last: date = date(2026, 12, 31),
    **more: Any,
) -> PowerOfAttorney:
    """A power of attorney through the act."""
    return powers.grant(
        enterprise_id=enterprise.public_id, agent=agent.public_id, first=first, last=last, actor=world.actor(by),
        at=more.get("at", world.at()),
    )  # fmt: skip


def invited(enterprise: Enterprise, by: User, address: str, at: datetime | None = None):  # type: ignore[no-untyped-def]
    return agents.invite(
        enterprise_id=enterprise.public_id, address=address, actor=world.actor(by), at=at or world.at()
    )


def proved(enterprise: Enterprise) -> Enterprise:
    """An enterprise whose facts are proved since long ago."""
    Enterprise.objects.filter(pk=enterprise.pk).update(proved_at=world.at(date(2020, 1, 2)))
    enterprise.refresh_from_db()
    return enterprise


def acts_on(claim: Claim) -> list[tuple[str, int]]:
    """The ledger of a claim: act and version."""
    from core.ledger.models import LedgerEntry

    rows = LedgerEntry.objects.filter(subject_kind="claims.claim", subject_id=str(claim.public_id))
    return list(rows.order_by("subject_version").values_list("act", "subject_version"))


def told(person: User) -> list[str]:
    """Kinds of notices a person got, in order."""
    from core.messages.models import Message

    return list(Message.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))
