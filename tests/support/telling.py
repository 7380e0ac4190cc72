"""Shorthands of these tests."""

import itertools

from core.lifecycle.subjects import Subject
from core.messages.actions import notify
from core.messages.actions.sending import plan
from core.messages.models import Message
from tests.support import world

PARAMS = {
    "number": "苏新 2026-000341",
    "until_on": "2026-11-12",
    "product": {"zh": "磷肥", "en": "Phosphate"},
}
_versions = itertools.count(1)


def tell(*people, kind="test.told", at=None, version=None, params=PARAMS):
    subject = Subject("test.thing", "t1", version or next(_versions))
    return notify(
        kind=kind,
        recipients=[person.pk for person in people],
        subject=subject,
        params=params,
        at=at or world.at(),
    )


def planned(*people, at=None, **more):
    """Tell people and plan the deliveries, as the subscriber does; returns the newest message of the first."""
    at = at or world.at()
    tell(*people, at=at, **more)
    message = Message.objects.filter(recipient=people[0]).latest("id")
    plan(batch=message.batch, at=at)
    return message
