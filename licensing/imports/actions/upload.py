"""The clerk's acts: upload a file, which is then checked, and withdraw it while nothing was loaded (R-90)."""

import uuid
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from core.files.actions import store
from core.files.intake import Prepared, prepare_data
from core.files.rules import CSV, JSON
from core.lifecycle.actors import Actor
from core.lifecycle.subjects import Subject
from licensing.actions.act import acting_for
from licensing.imports.actions.act import SUBJECT, advance, counts, duty_of, locked, require
from licensing.imports.errors import NotIssuing, SameFileOpen, SourceMissing
from licensing.imports.models import Batch
from licensing.imports.parsing import FIELD, Table, read_table


def upload(*, content: bytes, filename: str, source: str, actor: Actor, at: datetime) -> Batch:
    """Keep the file and put it up for checking; nothing is written to licences.

    Raises NotIssuing, SourceMissing, SameFileOpen, and a `FileRefused` for a file that is wrong as a whole, before
    anything is kept.
    """
    duty = duty_of(actor, "acceptance", at)
    if duty is None:
        raise NotIssuing()
    if not source.strip():
        raise SourceMissing("source")
    table = read_table(content)
    kind = JSON if table.format == "json" else CSV
    with prepare_data(content=content, filename=filename, content_type=kind, slot=FIELD) as prepared:
        acting = acting_for(actor, duty.authority_code, duty.authority_name)
        return _begin(prepared, table, source, duty.authority_id, acting, at)


@transaction.atomic
def _begin(
    prepared: Prepared, table: Table, source: str, authority_id: int, actor: Actor, at: datetime
) -> Batch:
    open_ones = Batch.objects.filter(authority_id=authority_id, sha256=prepared.sha256)
    if open_ones.filter(status__in=["checking", "checked", "loading"]).exists():
        raise SameFileOpen(FIELD)
    public_id = uuid.uuid4()
    owner = Subject(SUBJECT, str(public_id))
    document = store(content=prepared, filename="", owner=owner, slot=FIELD, actor=actor, at=at)
    batch = Batch(
        public_id=public_id, authority_id=authority_id, source=" ".join(source.split()), document=document,
        sha256=document.sha256, format=table.format, encoding=table.encoding, uploaded_by_id=actor.user_id,
        uploaded_at=at, rows_total=len(table.rows),
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
    except IntegrityError as error:
        raise SameFileOpen(FIELD) from error
    facts = {"source": batch.source, "sha256": batch.sha256, "rows": batch.rows_total}
    return advance(batch, "upload", actor=actor, at=at, public=facts)


@transaction.atomic
def withdraw(
    *, public_id: UUID | str, actor: Actor, at: datetime, expected_version: int | None = None
) -> Batch:
    """Take an import off the list before anything was loaded: to correct the file and upload it anew.

    Raises NotYourImport, Stale, or WrongState once loading was decided.
    """
    batch = locked(public_id, expected_version=expected_version)
    acting = require(batch, "acceptance", actor, at)
    batch.closed_at = at
    return advance(batch, "withdraw", actor=acting, at=at, public=counts(batch))
