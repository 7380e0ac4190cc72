"""What the tests of the workbench share: many cases cheaply, and one standing."""

from datetime import date, timedelta
from typing import Any

from core.parties.competence import Standing, standing_of
from core.parties.models import User
from licensing.actions.papers import write_papers
from licensing.models import Application
from tests.support import world
from tests.support.clients import today


def copies(case: Application, number: int, **changes: Any) -> list[Application]:
    """More cases like this one, but for `changes`, with their units left out: lists do not show them."""
    made = []
    for serial in range(number):
        facts = {
            field.attname: getattr(case, field.attname)
            for field in Application._meta.concrete_fields
            if field.attname not in ("id", "public_id", "number")
        }
        head, _dash, _check = (case.number or "").rpartition("-")
        taken = Application.objects.count()
        said = {"number": f"{head[:-6]}{500000 + taken:06d}-7K" if head else None}
        made.append(Application.objects.create(**facts | said | changes))
        assert serial < 1000
    return made


def standing(person: User, day: date | None = None) -> Standing:
    return standing_of(person, day or today())


def to_accept(cast: world.Cast, day: date | None = None) -> Application:
    """A complete filing of yesterday, so that the desk is in time today."""
    on = day or today() - timedelta(days=1)
    case = world.submitted(cast, day=on)
    write_papers(public_id=case.public_id, at=world.at(on, 11))
    return Application.objects.get(pk=case.pk)
