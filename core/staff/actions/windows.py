"""Where the public reaches an authority (L1 art. 30: what concerns licensing is made public; R-95)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.models import Authority
from core.parties.phones import is_phone
from core.staff.actions.common import own_key, require_own
from core.staff.errors import WindowIncomplete, WindowMoved
from core.staff.models import Window

SUBJECT = "staff.window"
BASIS = (Clause("L1", "第三十条"),)


@transaction.atomic
def publish_window(
    *,
    authority: Authority,
    phone: str,
    address: str,
    hours: str,
    expected_version: int,
    actor: Actor,
    at: datetime,
) -> Window:
    """Publish telephone, address and opening hours of the authority's window; the former words are replaced.

    Raises NotTheirAdministrator, WindowMoved when somebody else has published since, WindowIncomplete at the field.
    """
    acting = require_own(actor, authority, at)
    Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
    window = Window.objects.filter(authority=authority).first() or Window(authority=authority)
    if window.version != expected_version:
        raise WindowMoved()
    window.phone, window.address, window.hours = phone.strip(), address.strip(), hours.strip()
    _check(window)
    window.version += 1
    window.published_by_id, window.published_at = own_key(actor), at
    window.save()
    subject = Subject(SUBJECT, authority.code, window.version)
    record(
        act="staff.window_published", subject=subject, actor=acting, effective_at=at, legal_basis=BASIS,
        public={"phone": window.phone, "address": window.address, "hours": window.hours},
    )  # fmt: skip
    emit(type="staff.window_published", subject=subject)
    return window


def _check(window: Window) -> None:
    for field in ("phone", "address", "hours"):
        if not getattr(window, field):
            raise WindowIncomplete(field)
    try:
        is_phone(window.phone)
    except ValidationError as error:
        raise WindowIncomplete("phone") from error
