"""The act of issuing: once, signed, one active version; stopped in the open when a part is missing (R-50)."""

import dataclasses
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates import actions, status, tasks
from certificates.actions import issue, request_certificate, retry_waiting, try_to_issue
from certificates.errors import FactsDiffer, GlyphMissing, IssuanceStopped, NoSigningKey
from certificates.facts import CertificateFacts
from certificates.models import Certificate, TrustedIssuer
from certificates.queries import current_certificate, issued_versions, stuck, verify
from core.files.models import StoredFile
from core.ledger.models import LedgerEntry
from core.lifecycle.actors import SYSTEM
from core.outbox.actions import deliver_due
from core.outbox.models import Delivery, Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys_and_files(key_dir: Path) -> None:
    """Every test of this file has its own."""


def requested(facts: CertificateFacts, at: datetime) -> Certificate:
    return request_certificate(facts=facts, actor=SYSTEM, at=at)


def papers() -> int:
    return StoredFile.objects.filter(owner_kind="certificates.certificate").count()


@pytest.mark.req("R-50")
def test_the_worker_issues_what_was_requested(facts: CertificateFacts, at: datetime) -> None:
    requested(facts, at)
    deliver_due(queue="certificates", at=at + timedelta(seconds=5))
    certificate = current_certificate(facts.licence_number)
    assert certificate is not None and certificate.pdf is not None
    assert certificate.status == "issued"
    assert certificate.sha256 == certificate.pdf.sha256
    verdict = verify(certificate.pdf.read())
    assert verdict.genuine and verdict.facts == facts
    assert verdict.signer_fingerprint == certificate.signer_fingerprint
    entry = LedgerEntry.objects.get(act="certificates.issued")
    assert entry.public["sha256"] == certificate.pdf_sha256
    assert entry.legal_basis
    assert Event.objects.filter(type="certificates.issued", subject_id=facts.licence_number).count() == 1


@pytest.mark.req("R-50")
def test_requesting_and_issuing_twice_is_once(facts: CertificateFacts, at: datetime) -> None:
    first, second = requested(facts, at), requested(facts, at)
    assert first.pk == second.pk
    assert issue(certificate_id=first.pk, at=at) is True
    assert issue(certificate_id=first.pk, at=at) is False
    assert papers() == 1
    assert Event.objects.filter(type="certificates.requested").count() == 1


def test_other_facts_for_the_same_version_are_refused(facts: CertificateFacts, at: datetime) -> None:
    requested(facts, at)
    with pytest.raises(FactsDiffer):
        requested(dataclasses.replace(facts, holder_name="另一家公司"), at)


@pytest.mark.parametrize("step", ["make_pdf", "put_generated", "record", "emit"])
@pytest.mark.req("R-50")
def test_a_worker_lost_at_any_step_leaves_one_certificate_after_the_retry(
    step: str, facts: CertificateFacts, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = requested(facts, at)
    with monkeypatch.context() as patch:
        patch.setattr(actions, step, _lost)
        with pytest.raises(ConnectionAbortedError):
            issue(certificate_id=certificate.pk, at=at)
    assert papers() == 0
    assert issue(certificate_id=certificate.pk, at=at) is True
    assert papers() == 1
    assert len(issued_versions(facts.licence_number)) == 1


def _lost(*_args: Any, **_kwargs: Any) -> None:
    raise ConnectionAbortedError("the worker is gone")


@pytest.mark.req("R-50")
def test_the_newest_version_is_the_active_one_in_any_order(facts: CertificateFacts, at: datetime) -> None:
    rows = {n: requested(dataclasses.replace(facts, version=n), at) for n in (1, 2, 3)}
    for number in (2, 1, 3):
        issue(certificate_id=rows[number].pk, at=at)
    issued = issued_versions(facts.licence_number)
    assert [c.version for c in issued] == [1, 2, 3]
    assert [c.superseded_at is None for c in issued] == [False, False, True]
    assert [c.superseded_by_id for c in issued] == [rows[2].pk, rows[3].pk, None]


@pytest.mark.req("R-50")
def test_the_database_itself_holds_one_active_version_and_no_unsigned_one(
    facts: CertificateFacts, at: datetime
) -> None:
    first = requested(facts, at)
    issue(certificate_id=first.pk, at=at)
    first.refresh_from_db()
    second = requested(dataclasses.replace(facts, version=2), at)
    for change in (
        {"status": "issued"},
        {
            "status": "issued", "pdf": first.pdf, "pdf_sha256": "0" * 64, "signed_at": at,
            "signer_fingerprint": "0" * 64,
        },
        {"pdf": first.pdf},
        {"licence_version": 1},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.filter(pk=second.pk).update(**change)


def test_a_missing_key_stops_the_act_and_shows(facts: CertificateFacts, at: datetime, settings: Any) -> None:
    keys = settings.KEY_DIR
    settings.KEY_DIR = ""
    certificate = requested(facts, at)
    deliver_due(queue="certificates", at=at + timedelta(seconds=5))
    certificate.refresh_from_db()
    assert (certificate.status, certificate.pdf_id, papers()) == ("requested", None, 0)
    (task,) = stuck()
    assert (task.licence_number, task.attempts) == (facts.licence_number, 1)
    assert "certificates.no_signing_key" in task.last_error
    assert Delivery.objects.get(subscriber="certificates.issue").status == "done"
    assert retry_waiting(at=at) == 0
    settings.KEY_DIR = keys
    assert retry_waiting(at=at + timedelta(hours=1)) == 1
    assert stuck() == []


def test_a_missing_glyph_stops_the_act(facts: CertificateFacts, at: datetime) -> None:
    certificate = requested(dataclasses.replace(facts, holder_name="金穗🏭公司"), at)
    with pytest.raises(GlyphMissing):
        issue(certificate_id=certificate.pk, at=at)
    assert try_to_issue(certificate_id=certificate.pk, at=at) is False
    assert "🏭" in stuck()[0].last_error


def test_what_does_not_verify_is_thrown_away(
    facts: CertificateFacts, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = actions.make_pdf
    monkeypatch.setattr(actions, "make_pdf", lambda *args: make(*args) + b" ")
    certificate = requested(facts, at)
    with pytest.raises(IssuanceStopped):
        issue(certificate_id=certificate.pk, at=at)
    assert papers() == 0


def test_in_the_real_world_a_root_is_trusted_only_by_hand(
    facts: CertificateFacts, at: datetime, settings: Any, tmp_path: Path, signer: Any
) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    settings.WORLD = "real"
    certificate = requested(dataclasses.replace(facts, demo=False), at)
    with pytest.raises(IssuanceStopped) as stop:
        issue(certificate_id=certificate.pk, at=at)
    assert stop.value.code == "certificates.issuer_not_trusted"
    root = tmp_path / "root.pem"
    root.write_bytes(signer.chain[-1].public_bytes(Encoding.PEM))
    call_command("trust_issuer", str(root), stdout=io.StringIO())
    assert issue(certificate_id=certificate.pk, at=at) is True
    with pytest.raises(NoSigningKey):
        other = dataclasses.replace(facts, version=2, authority_code="110000", demo=False)
        issue(certificate_id=requested(other, at).pk, at=at)


def test_the_demo_root_becomes_known_once(facts: CertificateFacts, at: datetime) -> None:
    for version in (1, 2):
        issue(certificate_id=requested(dataclasses.replace(facts, version=version), at).pk, at=at)
    assert TrustedIssuer.objects.count() == 1


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (status.Standing(True, "", 1), 0),
        (status.Standing(False, "revoked", 1), 3),
        (status.Standing(True, "", 2), 3),
        (status.UNKNOWN, 3),
    ],
    ids=["in force", "revoked", "newer version", "unknown"],
)
@pytest.mark.req("R-49")
def test_export_and_verify_tell_by_their_exit_code(
    standing: status.Standing, code: int, facts: CertificateFacts, at: datetime, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(status, "_lookup", lambda number, today: standing)
    issue(certificate_id=requested(facts, at).pk, at=at)
    target = tmp_path / "out.pdf"
    call_command("export_certificate", "（苏）xk90-002-00017", str(target))
    capsys.readouterr()
    with pytest.raises(SystemExit) as done:
        call_command("verify_certificate", str(target), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert done.value.code == code
    assert (answer["authentic"], answer["unaltered"], answer["in_force"]) == (True, True, code == 0)
    altered = bytearray(target.read_bytes())
    altered[5000] ^= 1
    target.write_bytes(altered)
    with pytest.raises(SystemExit) as done:
        call_command("verify_certificate", str(target))
    assert done.value.code == 1


def test_export_any_and_export_nothing(facts: CertificateFacts, at: datetime, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("export_certificate", "--any", str(tmp_path / "x.pdf"))
    issue(certificate_id=requested(facts, at).pk, at=at)
    call_command("export_certificate", "--any", str(tmp_path / "x.pdf"))
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-1.7")


@pytest.fixture
def poisoned(facts: CertificateFacts, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """The first of two certificates that wait: what goes wrong with it nobody has foreseen."""
    bad = requested(facts, at)
    requested(dataclasses.replace(facts, version=2), at + timedelta(seconds=1))
    real = actions.make_pdf

    def make(printed: CertificateFacts, *given: Any) -> bytes:
        if printed.version == 1:
            raise MemoryError("of the renderer")
        return real(printed, *given)

    monkeypatch.setattr(actions, "make_pdf", make)
    return bad


def test_one_unforeseen_failure_holds_up_no_other_certificate(poisoned: Certificate, at: datetime) -> None:
    """It came first every minute, and nothing behind it was ever tried."""
    later = at + timedelta(minutes=2)
    assert retry_waiting(at=later) == 1
    poisoned.refresh_from_db()
    assert (poisoned.status, poisoned.attempts) == ("requested", 1)
    assert poisoned.next_attempt_at is not None and poisoned.next_attempt_at > later
    (task,) = stuck()
    assert "certificates.unforeseen" in task.last_error and "MemoryError" in task.last_error
    assert retry_waiting(at=later) == 0


def test_untried_certificates_behind_an_unforeseen_failure_are_issued(
    poisoned: Certificate, at: datetime
) -> None:
    assert actions.issue_untried(at=at) == 1
    poisoned.refresh_from_db()
    assert poisoned.attempts == 1


def test_documents_are_tried_though_a_certificate_fails(
    poisoned: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[datetime] = []
    Certificate.objects.update(next_attempt_at=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(tasks, "retry_documents", lambda *, at: tried.append(at) or 0)
    assert tasks.retry() == 1 and len(tried) == 1


def test_a_certificate_that_takes_all_the_time_is_put_off_and_ends_the_round(
    facts: CertificateFacts, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(*given: Any) -> bytes:
        raise SoftTimeLimitExceeded()

    certificate = requested(facts, at)
    monkeypatch.setattr(actions, "make_pdf", make)
    with pytest.raises(SoftTimeLimitExceeded):
        retry_waiting(at=at + timedelta(minutes=2))
    certificate.refresh_from_db()
    assert certificate.attempts == 1


@pytest.mark.req("R-50")
def test_the_sweep_issues_what_the_outbox_lost(facts: CertificateFacts, at: datetime) -> None:
    requested(facts, at)
    assert retry_waiting(at=at) == 0
    assert retry_waiting(at=at + timedelta(minutes=2)) == 1
    assert retry_waiting(at=at + timedelta(minutes=2)) == 0
