"""An act and its paper: what it says is frozen in the act's own transaction, and nothing about it can stop the act.

Making, numbering, sealing and signing come later, on the signing worker's queue. Should the facts not be put together,
which only a mistake of ours can cause, the act stands and the paper is owed: an event asks for it again, and an
operator sees it when that fails too.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from certificates.documents.actions import request_document
from certificates.documents.facts import DocumentFacts
from certificates.facts import new_public_id
from core.ledger.models import LedgerEntry
from core.lifecycle.law import Clause, clauses_from_json
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from licensing.documents import clock, decisions, endings, intake
from licensing.documents.frame import (
    Act,
    Content,
    delegation_note,
    printed_clauses,
    reference,
    sealing_authority,
    series_of,
)
from licensing.documents.past import case_at
from licensing.models import Application

log = logging.getLogger(__name__)

OWED = "licensing.document_owed"
WRITERS: dict[str, Callable[[Act], Content]] = {
    "submit": intake.receipt,
    "receive_forwarded": intake.receipt,
    "resubmit": intake.receipt,
    "accept": intake.acceptance,
    "deem_accepted": intake.acceptance,
    "request_correction": intake.correction,
    "not_required": intake.not_required,
    "refuse_acceptance": intake.non_acceptance,
    "forward_elsewhere": intake.non_acceptance,
    "lapse": endings.lapse,
    "pause": clock.pause,
    "extend": clock.extension,
    "grant": decisions.grant,
    "grant_by_order": decisions.grant_by_order,
    "refuse": decisions.refusal,
    "confirm_renewal": decisions.renewal,
    "terminate": endings.termination,
}
"""Every act of a case that has a legal effect on the applicant and is told to him in writing."""


def freeze(
    case: Application,
    subject: Subject,
    act: str,
    *,
    at: datetime,
    clauses: tuple[Clause, ...],
    public: Mapping[str, Any],
) -> None:
    """Ask for the document of an act, in the act's transaction; acts that have none are passed over."""
    if act not in WRITERS:
        return
    try:
        with transaction.atomic():
            _request(Act(act, case, subject.version, at, clauses, public), subject)
    except Exception:
        log.exception("the document of %s could not be put together; it is owed", act)
        emit(type=OWED, subject=subject)


def request_owed(*, subject: Subject) -> None:
    """Put together what an act still owes, as if it were that moment: by what the ledger says of it, and on the case as
    the act left it. Raises what stops it."""
    entry = LedgerEntry.objects.get(
        subject_kind=subject.kind, subject_id=subject.id, subject_version=subject.version
    )
    act = Act(
        entry.act.removeprefix("licensing."), case_at(subject, entry.effective_at), subject.version, entry.effective_at,
        clauses_from_json(entry.legal_basis), entry.public,
    )  # fmt: skip
    _request(act, subject)


def _request(act: Act, subject: Subject) -> None:
    with override("zh-hans"):
        content = WRITERS[act.name](act)
        facts = facts_of(act, content)
    authority = sealing_authority(act.case, content.stage)
    request_document(facts=facts, series=series_of(content.kind, authority), subject=subject, at=act.at)


def facts_of(act: Act, content: Content) -> DocumentFacts:
    """What one act's document will say, complete but for its number."""
    case, authority = act.case, sealing_authority(act.case, content.stage)
    holder = case.filed["enterprise"]
    return DocumentFacts(
        kind=content.kind.value,
        title=content.title or str(content.kind.label),
        authority_code=authority.code,
        authority_name=authority.name_zh,
        addressee=holder["name"],
        addressee_code=holder["uscc"],
        reference=reference(case),
        dated_on=act.day,
        body=content.body,
        basis=printed_clauses(content.clauses or act.clauses),
        summary=content.summary,
        title_en=content.title_en,
        authority_en=authority.name_en,
        public_id=new_public_id(),
        demo=settings.WORLD == "demo",
        remedies=content.remedies,
        issued_for=delegation_note(case, content.stage, authority),
    )
