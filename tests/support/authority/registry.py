"""How an act of the matrix is performed: as a call of the action or the query, and as a request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.lifecycle.actors import Actor
from core.parties.competence import Standing
from core.parties.models import User
from tests.support.authority.cases import Office


@dataclass(frozen=True)
class Attempt:
    """One person trying one act on one thing."""

    office: Office
    thing: Any
    person: User | None
    actor: Actor
    standing: Standing
    at: datetime

    @classmethod
    def by(cls, office: Office, thing: Any, person: User | None) -> "Attempt":
        people = office.people
        return cls(office, thing, person, people.actor(person), people.standing(person), timezone.now())

    @property
    def who(self) -> dict[str, Any]:
        """What every action asks for."""
        return {"actor": self.actor, "at": self.at}

    @property
    def case(self) -> dict[str, Any]:
        """The same for an act on a case or a claim, whose version the page was drawn with."""
        return {"public_id": self.thing.public_id, "expected_version": self.thing.version, **self.who}


@dataclass(frozen=True)
class Page:
    """One request: GET without `sent`, else POST."""

    address: str
    sent: dict[str, Any] | None = None


@dataclass(frozen=True)
class Act:
    """One act or reading.

    `thing`: what it is done to, by its name in `cases.MAKERS`. `run` does it and raises what the action raises; a
    reading raises too where it shows nothing. `page` is the request that does it, None where the act has no page.
    """

    thing: str
    run: Callable[[Attempt], Any]
    page: Callable[[Attempt], Page] | None = None
