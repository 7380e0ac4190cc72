"""The workers beside a case in a machine: papers of a filing, and certificates signed in the order the day brings."""

from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

from certificates import actions
from certificates.models import Certificate
from core.files.actions import put_generated
from core.lifecycle.actors import SYSTEM
from core.lifecycle.subjects import Subject
from licensing.actions.delivery import note_certificate
from licensing.models import Application
from tests.support import world
from tests.support.keys import self_signed

PAPER = b"%PDF-1.4\n%%EOF\n"
"""What stands in for a typeset paper."""


@cache
def _signer() -> Any:
    """As much of a signer as a signed certificate names."""
    return SimpleNamespace(certificate=self_signed())


def sign(*, newest_first: bool, at: datetime) -> None:
    """Issue what was ordered, without typesetting, and tell the case of each, as the subscriber does."""
    order = "-licence_version" if newest_first else "licence_version"
    for certificate in Certificate.objects.filter(status="requested").order_by("licence_number", order):
        stored = put_generated(
            content=world.PDF, filename="证书.pdf", content_type="application/pdf", slot="certificate", actor=SYSTEM,
            owner=Subject(actions.KIND, certificate.licence_number, certificate.licence_version), at=at,
        )  # fmt: skip
        actions._mark_issued(certificate, stored, _signer(), at)
        case = Application.objects.get(
            licence__number=certificate.licence_number, licence_version=certificate.licence_version
        )
        note_certificate(public_id=case.public_id, at=at)
