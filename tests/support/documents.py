"""Cases on which each kind of official document was asked for, and the documents signed as the worker does."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from certificates.documents import actions
from certificates.documents.actions import issue_document
from certificates.models import OfficialDocument
from core.lifecycle.actors import SYSTEM
from core.lifecycle.subjects import Subject
from core.parties.models import Authority, User
from licensing.actions import forwarding
from licensing.actions.clockwork import tick
from licensing.actions.papers import write_papers
from licensing.models import Application
from tests.support import holders, world
from tests.support.moves import MOVES

BASE_URL = "https://licence.example"
HOUR = 11


def with_keys(settings: Any, directory: Path) -> None:
    """Keys of the test's own, in the demo world, under an address."""
    settings.KEY_DIR, settings.WORLD, settings.PUBLIC_BASE_URL = str(directory / "keys"), "demo", BASE_URL


def now() -> datetime:
    """Real time, which signatures carry whatever the legal date."""
    return datetime.now(UTC)


def move(name: str, case: Application, who: User, day: Any = world.DAY, hour: int = HOUR) -> Application:
    """One act by its name, on the case as it stands."""
    case = Application.objects.get(pk=case.pk)
    MOVES[name](case, who, world.at(day, hour), case.version)
    return Application.objects.get(pk=case.pk)


def on_desk(cast: world.Cast) -> Application:
    """A filing with its papers."""
    case = world.submitted(cast)
    write_papers(public_id=case.public_id, at=world.at(hour=10))
    return case


def asked_to_correct(cast: world.Cast) -> Application:
    return move("request_correction", on_desk(cast), cast.clerk)


def answered(cast: world.Cast) -> Application:
    case = move("correct", asked_to_correct(cast), cast.applicant, hour=13)
    return move("resubmit", case, cast.applicant, hour=14)


def forwarded(cast: world.Cast) -> Application:
    case = on_desk(cast)
    forwarding.forward_elsewhere(
        public_id=case.public_id, expected_version=case.version,
        right_authority=Authority.objects.get(code="330000"), explanation="住所在浙江", at=world.at(hour=HOUR),
        actor=world.actor(cast.clerk),
    )  # fmt: skip
    return Application.objects.get(pk=case.pk)


def silent(cast: world.Cast) -> Application:
    case = on_desk(cast)
    tick(public_id=case.public_id, at=world.at(world.DAY + timedelta(days=14)))
    return Application.objects.get(pk=case.pk)


def lapsed(cast: world.Cast) -> Application:
    case = asked_to_correct(cast)
    tick(public_id=case.public_id, at=world.at(world.DAY + timedelta(days=60)))
    return Application.objects.get(pk=case.pk)


def extended(cast: world.Cast) -> Application:
    head = world.official("320000", "head", name="陈局长")
    case = move("propose_extension", world.taken(cast), cast.approver, hour=14)
    return move("extend", case, head, hour=15)


def sampled(cast: world.Cast) -> Application:
    case = world.taken(cast)
    world.record(cast, case, "onsite")
    return move("pause_testing", case, cast.reviewer, hour=15)


def deemed(_cast: world.Cast) -> Application:
    """A timely renewal that nobody decided, confirmed by an approver."""
    holder = holders.Holder()
    case = holders.accepted(holder, "renewal")
    day = holders.ENDS_ON + timedelta(days=1)
    tick(public_id=case.public_id, at=world.at(day, 1))
    return move("confirm_renewal", case, holder.approver, day, 9)


def ended(_cast: world.Cast) -> Application:
    """A change whose licence was deregistered meanwhile."""
    holder = holders.Holder()
    case = holders.accepted(holder, "change")
    holders.grant(holder, holders.accepted(holder, "deregistration"), holders.TIMELY)
    return Application.objects.get(pk=case.pk)


def _granted(kind: str) -> Callable[[world.Cast], Application]:
    return lambda _cast: holders.granted(holders.Holder(), kind)


def _acting(
    name: str, before: Callable[[world.Cast], Application], who: str, hour: int = HOUR
) -> Callable[[world.Cast], Application]:
    """The act by name, by one of the cast, on a case made so far."""
    return lambda cast: move(name, before(cast), getattr(cast, who), hour=hour)


def _failed(cast: world.Cast) -> Application:
    return world.pending(cast, failed=True)


SCENES: Mapping[str, Callable[[world.Cast], Application]] = {
    "receipt": on_desk,
    "receipt of an answer": answered,
    "acceptance": _acting("accept", on_desk, "clerk"),
    "acceptance by silence": silent,
    "correction": asked_to_correct,
    "non_acceptance": _acting("refuse_acceptance", answered, "clerk", 15),
    "non_acceptance, forwarded": forwarded,
    "not_required": _acting("tell_not_required", on_desk, "clerk"),
    "pause": sampled,
    "hearing": _acting("pause_hearing", world.pending, "approver", 16),
    "extension": extended,
    "grant": _acting("grant", world.pending, "approver", 16),
    "grant of a renewal": _granted("renewal"),
    "grant of a change": _granted("change"),
    "grant of a replacement": _granted("replacement"),
    "refusal": _acting("refuse", _failed, "approver", 16),
    "renewal": deemed,
    "deregistration": _granted("deregistration"),
    "termination": ended,
    "termination by lapse": lapsed,
}
"""By the kind of document that the last act of the case asks for, and the variant."""


def last_of(case: Application) -> OfficialDocument:
    """The newest document of a case."""
    found = (
        OfficialDocument.objects.filter(subject_id=str(case.public_id)).order_by("-subject_version").first()
    )
    assert found is not None
    return found


def signed(document: OfficialDocument) -> OfficialDocument:
    """The document as the worker leaves it."""
    assert issue_document(document_id=document.pk, at=now())
    document.refresh_from_db()
    return document


def placed(document: OfficialDocument) -> OfficialDocument:
    """The document as if signed, with any PDF: for pages, which do not look into it."""
    from core.files.actions import put_generated

    stored = put_generated(
        content=world.PDF, filename=f"{document.title}.pdf", content_type="application/pdf", slot="document",
        owner=Subject("certificates.document", document.public_id), actor=SYSTEM, at=now(),
    )  # fmt: skip
    OfficialDocument.objects.filter(pk=document.pk).update(
        status="issued", pdf=stored, pdf_sha256=stored.sha256, signed_at=now(), signer_fingerprint="f" * 64,
        serial=document.pk, next_attempt_at=None,
        number=f"{document.series}〔{document.dated_on.year}〕{document.pk}号",
    )  # fmt: skip
    document.refresh_from_db()
    actions._note_issue(document, now())
    return document
