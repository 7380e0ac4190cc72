"""One enterprise's cases in every state, with their files, for the tests of who may reach them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from certificates.models import Certificate
from core.files.actions import put_generated
from core.files.models import StoredFile
from core.ledger.models import LedgerEntry
from core.lifecycle.actors import SYSTEM
from core.lifecycle.dates import shanghai_date
from core.lifecycle.subjects import Subject
from core.outbox.models import Event
from licensing.actions import correction, decision, delivery
from licensing.actions.papers import write_papers
from licensing.forms.officials import REFUSAL_BASIS
from licensing.models import Application, ApplicationDocument, Decision, Evidence, ProductionLicence
from tests.support import world


@dataclass
class Cases:
    """One enterprise's cases, one for each state in which somebody has something to do."""

    cast: world.Cast
    draft: Application
    submitted: Application
    noticed: Application
    waiting: Application
    untaken: Application
    taken: Application
    pending: Application
    refused: Application
    granted: Application

    def all(self) -> dict[str, Application]:
        return {name: row for name, row in vars(self).items() if isinstance(row, Application)}

    def filed(self) -> dict[str, Application]:
        return {name: row for name, row in self.all().items() if name != "draft"}

    def fresh(self, name: str) -> Application:
        return Application.objects.get(pk=getattr(self, name).pk)

    def state(self) -> dict[str, Any]:
        """Everything an act would have changed."""
        return {
            "ledger": LedgerEntry.objects.count(), "events": Event.objects.count(),
            "files": sorted(StoredFile.objects.values_list("pk", flat=True)),
            "cases": list(Application.objects.order_by("pk").values()),
            "documents": list(ApplicationDocument.objects.order_by("pk").values()),
            "evidence": list(Evidence.objects.order_by("pk").values()),
            "decisions": Decision.objects.count(), "licences": ProductionLicence.objects.count(),
        }  # fmt: skip


def build_cases() -> Cases:
    """An enterprise of Kunshan in Jiangsu and the officials of its province."""
    cast = world.Cast()
    submitted = world.submitted(cast)
    write_papers(public_id=submitted.public_id, at=world.at(hour=10))
    failed = world.pending(cast, failed=True)
    refused = decision.refuse(
        public_id=failed.public_id, expected_version=failed.version, basis=REFUSAL_BASIS, reasons="设备不符",
        no_conflict=True, actor=world.actor(cast.approver), at=world.at(hour=16),
    )  # fmt: skip
    return Cases(
        cast,
        draft=world.signed_draft(cast),
        submitted=submitted,
        noticed=noticed(cast),
        waiting=waiting(cast),
        untaken=world.accepted(cast),
        taken=world.taken(cast),
        pending=world.pending(cast),
        refused=refused,
        granted=signed(world.granted_licence(cast)),
    )


def waiting(cast: world.Cast) -> Application:
    """A filing of yesterday, so that the desk is still in time today."""
    day = shanghai_date(timezone.now()) - timedelta(days=1)
    application = world.submitted(cast, day=day)
    write_papers(public_id=application.public_id, at=world.at(day, 11))
    return application


def noticed(cast: world.Cast) -> Application:
    """A case sent back with a correction notice."""
    application = world.submitted(cast)
    write_papers(public_id=application.public_id, at=world.at(hour=10))
    return correction.request_correction(
        public_id=application.public_id, expected_version=application.version,
        items={"enterprise.phone": "号码少一位"}, actor=world.actor(cast.clerk), at=world.at(hour=11),
    )  # fmt: skip


def signed(licence: ProductionLicence) -> Application:
    """The case of a licence whose certificate lies there to be fetched (any PDF will do)."""
    certificate = Certificate.objects.get(licence_number=licence.number)
    stored = put_generated(
        content=world.PDF, filename="证书.pdf", content_type="application/pdf", slot="certificate", actor=SYSTEM,
        owner=Subject("certificates.certificate", licence.number), at=timezone.now(),
    )  # fmt: skip
    Certificate.objects.filter(pk=certificate.pk).update(
        status="issued",
        pdf=stored,
        pdf_sha256=stored.sha256,
        signed_at=timezone.now(),
        signer_fingerprint="f" * 64,
    )
    delivery.note_certificate(public_id=licence.application.public_id, at=world.at(hour=17))
    return Application.objects.get(pk=licence.application_id)
