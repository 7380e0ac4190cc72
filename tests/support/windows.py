"""The window of the Jiangsu authority, published through the act itself."""

from typing import Any

from core.parties.models import Authority
from core.staff.actions.windows import publish_window
from core.staff.models import Window
from tests.support import world

WORDS = {"phone": "025-8000 0000", "address": "草场门大街 107 号", "hours": "工作日 9:00—17:00"}


def published(version: int = 0, **changes: Any) -> Window:
    """By an administrator of the authority, or whoever is named with `by`."""
    person = changes.pop("by", None) or world.official("320000", "organisation_admin")
    authority = Authority.objects.get(code="320000")
    return publish_window(
        authority=authority,
        expected_version=version,
        actor=world.actor(person),
        at=world.at(),
        **WORDS | changes,
    )
