"""People who do not yet, or only partly, act for an enterprise, and a question waiting for its answer (R-86, R-88)."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from core.claims.actions import agents, filing, powers, proof
from core.claims.models import Claim
from core.parties.models import Authority, User
from core.parties.queries import place
from core.staff.actions.windows import publish_window
from licensing.actions.conversation import send_message
from licensing.models import Application
from portal.demo import samples
from portal.demo.people import AGENT, CLAIMANT, RIVAL, demo_uscc

if TYPE_CHECKING:
    from portal.demo.world import Builder

QUESTION = "实地核查安排在哪一天？我们好通知车间留人。"
POWER_DAYS = 300


def tell(builder: "Builder") -> None:
    """A claim at the acceptance desk, a dispute at the approver's, an agent whose one power has run out, a question,
    and the window of one authority.
    """
    _new_company(builder)
    _dispute(builder)
    _agent(builder)
    _question(builder)
    _window(builder)


def _new_company(builder: "Builder") -> None:
    person = builder.person(CLAIMANT)
    claim = filing.file_claim(
        uscc=demo_uscc("320583", 17), role="legal_representative", ground="first", name="昆山新丰肥业有限公司",
        legal_representative=person.name, division="320583", address="花桥镇绿地大道 6 号", phone="0512-5760 0000",
        actor=builder.actor(person.username), at=builder.at(1, 9, 5),
    )  # fmt: skip
    _hand_in(builder, claim, 1)


def _dispute(builder: "Builder") -> None:
    """A second person says to be the legal representative; the first keeps every right until it is decided."""
    person, held = builder.person(RIVAL), builder.enterprise("yonggu")
    home = place(held.registered_division, builder.today)
    assert home is not None
    claim = filing.file_claim(
        uscc=held.uscc, role="legal_representative", ground="changed", name=held.name,
        legal_representative=person.name, division=home.code, address=held.registered_address,
        phone="0512-5770 0000", actor=builder.actor(person.username), at=builder.at(2, 10, 40),
    )  # fmt: skip
    _hand_in(builder, claim, 2)


def _hand_in(builder: "Builder", claim: Claim, ago: int) -> None:
    day = builder.day(ago).isoformat()
    text = f"{claim.claimant.name}为本企业法定代表人，办理账号认领"
    paper = samples.record("授权书", claim.name, text, claim.name, day)
    claim.refresh_from_db()
    proof.submit_document(
        public_id=claim.public_id, content=paper, filename="盖章授权书.pdf", expected_version=claim.version,
        actor=builder.actor(claim.claimant.username), at=builder.at(ago, 11),
    )  # fmt: skip


def _agent(builder: "Builder") -> None:
    """One agent of two enterprises: he may file for the first; for the second his power ran out yesterday."""
    person = builder.person(AGENT)
    yesterday, later = builder.today - timedelta(days=1), builder.today + timedelta(days=POWER_DAYS)
    for username, last in (("jinsui", later), ("changfeng", yesterday)):
        _admit(builder, person, username)
        at = builder.at(39, 10)
        powers.grant(
            enterprise_id=builder.enterprise(username).public_id, agent=person.public_id, first=builder.day(39),
            last=last, actor=builder.actor(username), at=at,
        )  # fmt: skip


def _admit(builder: "Builder", person: User, username: str) -> None:
    held = builder.enterprise(username)
    invitation = agents.invite(
        enterprise_id=held.public_id,
        address=person.username,
        actor=builder.actor(username),
        at=builder.at(40, 9),
    )
    agents.accept_invitation(
        public_id=invitation.public_id, actor=builder.actor(person.username), at=builder.at(40, 15)
    )


def _question(builder: "Builder") -> None:
    held = builder.enterprise("haimen")
    send_message(
        public_id=Application.objects.get(enterprise=held).public_id, message_id=uuid.uuid4(), text=QUESTION,
        wants_reply=True, actor=builder.actor("haimen"), at=builder.at(1, 14, 30),
    )  # fmt: skip


def _window(builder: "Builder") -> None:
    """Where the public reaches the Jiangsu authority; the others have not said yet."""
    publish_window(
        authority=Authority.objects.get(code="320000"), phone="025-8000 0000",
        address="南京市草场门大街 107 号（演示）",
        hours="工作日 9:00—12:00，13:30—17:00", expected_version=0, actor=builder.actor("js-admin"),
        at=builder.at(30, 9),
    )  # fmt: skip
