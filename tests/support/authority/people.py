"""The people of the authority matrix, by the names the csv gives them: a role, and where it is held."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from core.lifecycle.actors import ANYONE, Actor
from core.lifecycle.dates import shanghai_date
from core.parties.actors import actor_of
from core.parties.competence import NOBODY, Standing, standing_of
from core.parties.models import Enterprise, PowerOfAttorney, User
from core.staff.models import Official
from tests.support import claims, world

PLACES = {
    "own province": "320000", "other province": "330000", "AQSIQ": "AQSIQ", "prefecture": "320500",
    "other prefecture": "320100", "county": "320583",
}  # fmt: skip
"""Where officials serve, seen from an enterprise of Kunshan (320583), which lies in Suzhou (320500) in Jiangsu."""

DUTIES = {
    "acceptance clerk": ("acceptance",), "reviewer": ("review",), "approver": ("approval",),
    "head of authority": ("head",), "supervisor": ("supervision",), "national administrator": ("national_admin",),
    "organisation administrator": ("organisation_admin",), "auditor": ("audit",),
    "reviewer who accepted the case": ("acceptance", "review"),
    "approver who accepted the case": ("acceptance", "approval"),
    "approver who reviewed the case": ("review", "approval"),
    "approver who proposed it": ("review", "approval"),
}  # fmt: skip


EARLIER = {
    "reviewer who accepted the case": "clerk", "approver who accepted the case": "clerk",
    "approver who reviewed the case": "reviewer", "approver who proposed it": "proposed_by",
}  # fmt: skip
"""Whom the case remembers from an earlier step; `find` writes it, inside the savepoint of its cell."""


class People:
    """One enterprise with everybody who acts or says to act for it, its neighbour, and officials at every place."""

    def __init__(self) -> None:
        self.today: date = shanghai_date(timezone.now())
        self.day = self.today - timedelta(days=1)
        """What the acts of the matrix find was done the day before, so that every limit still runs."""
        self.enterprise, self.neighbour = world.enterprise("320583"), world.enterprise("320583")
        self.holder, other = world.member(self.enterprise), world.member(self.neighbour, name="邻厂")
        self._standings: dict[int, Standing] = {}
        self._officials = {
            (role, place): self._official(code, *duties, name=f"{place} {role}")
            for role, duties in DUTIES.items() for place, code in PLACES.items()
        }  # fmt: skip
        self._private = {
            ("legal representative", "own enterprise"): self.holder,
            ("legal representative", "other enterprise"): other,
            ("agent with authorisation", "own enterprise"): self._agent(self.enterprise, self.holder),
            ("agent with authorisation", "other enterprise"): self._agent(self.neighbour, other),
            ("agent without authorisation", "own enterprise"): claims.agent_of(self.enterprise, "钱未授权"),
            ("claimant", "own enterprise"): self._claimant(), ("claimant", "other claim"): world.user("吴他人"),
        }  # fmt: skip

        self.power = PowerOfAttorney.objects.get(enterprise=self.enterprise)
        self.colleague = self._official("320000", "acceptance", name="孙同事")
        """Somebody in the service of the province, to whom its administrator's acts are done."""
        self.successor = self._official("320000", "acceptance", name="接手人")
        self.absent = self._official("320000", "acceptance", name="何离岗")
        self.substitute = self._official("320000", "review", name="代理人")
        self.stand_in = self._official("320000", "review", name="在代理")

    def _agent(self, of: Enterprise, by: User) -> User:
        person = claims.agent_of(of)
        claims.granted(of, person, by, first=self.day, last=self.today + timedelta(days=90), at=self.at(8))
        return person

    def _claimant(self) -> User:
        person = world.user("吴认领")
        claims.filed(person, at=self.at(8), uscc=self.enterprise.uscc, role="agent")
        return person

    def at(self, hour: int):  # type: ignore[no-untyped-def]
        """An hour of the day before."""
        return world.at(self.day, hour)

    def find(self, role: str, place: str, thing: Any = None) -> User | None:
        """The person a row of the matrix names, of the thing the act is done to; None is the public."""
        if role == "public":
            return None
        if role == "reviewer in charge":
            return thing.reviewer
        if (role, place) == ("claimant", "own claim"):
            return thing.claimant
        if role not in DUTIES:
            return self._private[role, place]
        person = self.official(role, place)
        if field := EARLIER.get(role):
            type(thing).objects.filter(pk=thing.pk).update(**{field: person})
            thing.refresh_from_db()
        return person

    def official(self, role: str, place: str) -> User:
        return self._officials[role, place]

    def _official(self, code: str, *duties: str, name: str) -> User:
        person = world.official(code, *duties, name=name)
        authority = person.duties.first().authority
        Official.objects.create(user=person, authority=authority, created_at=self.at(8))
        return person

    def actor(self, person: User | None) -> Actor:
        return actor_of(person, self.standing(person)) if person else ANYONE

    def standing(self, person: User | None) -> Standing:
        """What a person holds today; asked once, since no cell leaves anything behind."""
        if person is None:
            return NOBODY
        if person.pk not in self._standings:
            self._standings[person.pk] = standing_of(person, self.today)
        return self._standings[person.pk]
