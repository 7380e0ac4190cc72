"""The only writer of the read model. Every act reads the current state again and replaces what stood there.

The source row is locked while its copy is written, so two refreshes of one licence or case come one after the
other and the later one has read the later state: order, duplicates and sweeps of events do not matter.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from certificates.queries import issued_versions
from core.ledger.queries import TimelineRow, timeline
from core.lifecycle.dates import shanghai_date
from core.parties.reference.pinyin import sort_key
from core.workdays.queries import calendar_book
from core.workdays.rules import days_used
from licensing.actions.act import SUBJECT
from licensing.actions.effects import LICENCE
from licensing.clock import kept_pauses, running_clock
from licensing.corrections.queries import former_numbers, licence_numbered
from licensing.kinds import Kind
from licensing.models import Application, Commitment, Decision, ProductionLicence
from licensing.queries.terms import renewed_by_law
from licensing.terms import deemed_term
from register.models import Licence, LicenceEvent, Progress
from register.search import searchable

CERTIFICATE = "certificates.issued"

_LICENCE_SOURCES = ("filing_authority", "category", "issuing_authority", "replaces")


@transaction.atomic
def refresh_licence(*, number: str, at: datetime) -> bool:
    """Copy a licence, its history and its certificate into the register; False when there is no such one.

    Under a number it had in error too: the copy is known by the path that never changes (R-89).
    """
    found = licence_numbered(number)
    if found is None:
        Licence.objects.filter(number=number).delete()
        return False
    source = (
        ProductionLicence.objects.select_for_update(of=("self",), no_key=True)
        .select_related(*_LICENCE_SOURCES)
        .get(pk=found.pk)
    )
    former = former_numbers(source)
    certificates = issued_versions(source.number)
    values = licence_values(
        source,
        renews_until=_renews_until(source),
        successor=_successor(source),
        commitments=_commitments(source),
    )
    values |= certificate_values(certificates[-1] if certificates else None)
    values |= {"number": source.number, "former_numbers": former, "as_of": at}
    copy, _created = Licence.objects.update_or_create(opaque_id=source.opaque_id, defaults=values)
    _replace_history(copy, _acts_on(source, former), certificates)
    return True


def _acts_on(source: ProductionLicence, former: list[str]) -> list[TimelineRow]:
    """All acts on a licence, in one count: under a corrected number they begin anew in the ledger (R-89)."""
    found: list[TimelineRow] = []
    for number in (*former, source.number):
        before = max((row.version for row in found), default=0)
        acts = timeline(LICENCE, number, personal=False)
        found += [replace(row, version=before + row.version) for row in acts]
    return found


def licence_values(
    source: ProductionLicence,
    *,
    renews_until: date | None,
    successor: str,
    commitments: Sequence[dict[str, str]] = (),
) -> dict[str, Any]:
    """What the register says of a licence, from the row and what was read with it."""
    authority, content = source.issuing_authority, source.content
    province = source.filing_authority
    english = {unit["id"]: unit.get("name_en", "") for unit in content.get("units", ())}
    units = [
        {"zh": u.name, "en": english.get(u.unit_id, "")} for u in sorted(source.units.all(), key=_by_key)
    ]
    category_en = content.get("category", {}).get("name_en", "")
    folded, grams = searchable([
        source.number, source.holder_name, source.uscc, source.category_name, category_en,
        *(name for unit in units for name in unit.values()), province.short_zh,
    ])  # fmt: skip
    return {
        "version": source.certificate_version,
        "status": source.status,
        "holder_name": source.holder_name,
        "holder_sort": sort_key(source.holder_name),
        "uscc": source.uscc,
        "registered_address": source.registered_address,
        "production_addresses": source.production_addresses,
        "category_key": source.category.key,
        "category_name": source.category_name,
        "category_name_en": category_en,
        "units": units,
        "issued_on": source.issued_on,
        "valid_from": source.valid_from,
        "valid_until": source.valid_until,
        "renews_until": renews_until,
        "commitments": list(commitments),
        "deregistered_on": source.deregistered_on,
        **_history_values(source, successor),
        "authority_code": authority.code,
        "authority_name": authority.name_zh,
        "authority_name_en": authority.name_en,
        "province": province.code,
        "folded": folded,
        "grams": grams,
    }


def _commitments(source: ProductionLicence) -> list[dict[str, str]]:
    """What the holder committed to in the cases that were granted, newest first: the text, never the signer (R-28)."""
    granted = Q(application__decision__result=Decision.Result.GRANTED) | Q(
        application__deemed_renewal_on__isnull=False
    )
    rows = Commitment.objects.filter(granted, application__licence=source).select_related("application")
    return [
        {
            "kind": row.application.kind, "version": row.text_version, "text": row.text,
            "signed_on": shanghai_date(row.signed_at).isoformat(), "sha256": row.sha256,
        }
        for row in rows.order_by("-signed_at", "-pk")
    ]  # fmt: skip


def _renews_until(source: ProductionLicence) -> date | None:
    """The last day of the term the law adds if the renewal under way stays undecided; None without one (K21)."""
    return deemed_term(source.valid_until).valid_until if renewed_by_law([source]) else None


def _by_key(row: Any) -> int:
    return int(row.pk)


def _history_values(source: ProductionLicence, successor: str) -> dict[str, Any]:
    """Days no licence covered, members of the group, and the licence before or after (R-84)."""
    gaps = sorted(source.gaps.all(), key=lambda gap: gap.gap_from)
    shown = ("name", "uscc", "full_address")
    return {
        "gaps": [{"from": str(gap.gap_from), "to": str(gap.gap_to)} for gap in gaps],
        "group_members": [{key: row[key] for key in shown} for row in source.content.get("group", ())],
        "imported_on": source.imported_on,
        "imported_from": source.imported_from,
        "replaces": source.replaces.number if source.replaces else "",
        "replaced_by": successor,
    }


def _successor(source: ProductionLicence) -> str:
    """The provincial licence in whose favour this one ended (R-84); empty for none."""
    found = ProductionLicence.objects.filter(replaces=source).values_list("number", flat=True).first()
    return found or ""


def certificate_values(certificate: Any) -> dict[str, Any]:
    if certificate is None:
        return {
            "certificate_version": None, "certificate_signed_at": None, "certificate_sha256": "",
            "certificate_algorithm": "",
        }  # fmt: skip
    return {
        "certificate_version": certificate.version,
        "certificate_signed_at": certificate.signed_at,
        "certificate_sha256": certificate.sha256,
        "certificate_algorithm": certificate.algorithm,
    }


def _replace_history(copy: Licence, acts: list[TimelineRow], certificates: Any) -> None:
    """The acts on the licence and the versions of its certificate, in the order of their dates."""
    rows = [
        (
            shanghai_date(row.effective_at),
            0,
            row.version,
            row.act,
            basis_of(row),
            _stated(row),
            _corrected(row),
        )
        for row in acts
    ] + [(shanghai_date(c.signed_at), 1, c.version, CERTIFICATE, [], {}, {}) for c in certificates]
    copy.events.all().delete()
    LicenceEvent.objects.bulk_create(
        LicenceEvent(
            licence=copy,
            position=position,
            kind=kind,
            on=on,
            version=version,
            basis=basis,
            stated=stated,
            corrected=corrected,
        )
        for position, (on, _order, version, kind, basis, stated, corrected) in enumerate(
            sorted(rows, key=lambda row: row[:3])
        )
    )


def basis_of(row: TimelineRow) -> list[dict[str, str]]:
    """The clauses of an act as the register keeps them."""
    return [clause.as_json() for clause in row.basis]


def _stated(row: TimelineRow) -> dict[str, Any]:
    """What a holder declared for everybody to read: the loss of a certificate."""
    found: dict[str, Any] = row.public.get("statement", {})
    return {key: found[key] for key in ("cause", "happened_on", "detail") if key in found}


def _corrected(row: TimelineRow) -> dict[str, Any]:
    """What was wrong on the certificate, and why, in the authority's words; nothing for any other act."""
    if row.act != "licensing.licence_corrected":
        return {}
    return {key: row.public[key] for key in ("reason", "wrong", "former_number") if key in row.public}


@transaction.atomic
def refresh_case(*, public_id: str | UUID, at: datetime) -> bool:
    """Copy a case, and with a renewal the licence it carries on: whether the law will renew that one hangs on it.

    The licence first, as the acts lock them.
    """
    renewed = Application.objects.filter(public_id=public_id, kind=Kind.RENEWAL, licence__isnull=False)
    if number := renewed.values_list("licence__number", flat=True).first():
        refresh_licence(number=number, at=at)
    return refresh_progress(public_id=public_id, at=at)


@transaction.atomic
def refresh_progress(*, public_id: str | UUID, at: datetime) -> bool:
    """Copy the stage and dates of a filed case into the register; False for a draft or an unknown case."""
    case = (
        Application.objects.select_for_update(of=("self",), no_key=True).filter(public_id=public_id).first()
    )
    if case is None or case.number is None or case.received_at is None:
        return False
    received_on = shanghai_date(case.received_at)
    running = running_clock(case)
    assert running is not None
    Progress.objects.update_or_create(
        number=case.number,
        defaults={
            "kind": case.kind,
            "status": case.status,
            "version": case.version,
            "received_on": received_on,
            "accepted_on": case.accepted_on,
            "decided_on": case.decided_on,
            "closed_on": case.closed_on,
            "due_on": case.due_on,
            "division": case.filing_division,
            "clock_start": running.start,
            "clock_days": running.limit.days,
            "clock_unit": running.limit.unit,
            "clock_pauses": case.clock_pauses,
            "clock_extended": case.extended_by if case.accepted_on else 0,
            "clock_closed_on": running.closed_on,
            "working_days": working_days(case),
            "as_of": at,
            **_stage_dates(case),
        },
    )
    return True


def working_days(case: Application) -> int | None:
    """Working days from acceptance to decision, for the public's statistics; None before the decision."""
    if case.accepted_on is None or case.decided_on is None:
        return None
    calendar = calendar_book().for_division(case.filing_division)
    return days_used(case.accepted_on, kept_pauses(case.clock_pauses), calendar, case.decided_on)


def _stage_dates(case: Application) -> dict[str, date | None]:
    """Dates of stages that the case itself does not keep, from its acts; the last act of a kind counts."""
    found: dict[str, date | None] = {"reviewed_on": None, "issued_on": None, "delivered_on": None}
    field_of = {
        "licensing.complete_review": "reviewed_on",
        "licensing.fail_review": "reviewed_on",
        "licensing.settle_review": "reviewed_on",
        "licensing.issue_certificate": "issued_on",
        "licensing.deliver": "delivered_on",
    }
    for row in reversed(timeline(SUBJECT, str(case.public_id), personal=False)):
        if row.act in ("licensing.return_to_review", "licensing.reopen_review"):
            found["reviewed_on"] = None
        elif field := field_of.get(row.act):
            found[field] = shanghai_date(row.effective_at)
    return found


def refresh_decided(*, year: int, at: datetime) -> int:
    """Count the working days of decided cases anew for a changed calendar year; returns how many."""
    numbers = Progress.objects.filter(accepted_on__year__lte=year, decided_on__year__gte=year)
    cases = Application.objects.filter(number__in=numbers.values("number")).order_by("pk")
    count = 0
    for public_id in cases.values_list("public_id", flat=True).iterator(chunk_size=500):
        count += refresh_progress(public_id=public_id, at=at)
    return count


def rebuild(*, at: datetime) -> tuple[int, int]:
    """Copy everything anew and drop what has no source; safe at any time. Returns licences and cases."""
    licences = ProductionLicence.objects.order_by("pk").values_list("number", flat=True)
    cases = (
        Application.objects.filter(number__isnull=False).order_by("pk").values_list("public_id", flat=True)
    )
    counts = (
        sum(refresh_licence(number=number, at=at) for number in licences.iterator(chunk_size=500)),
        sum(refresh_progress(public_id=public_id, at=at) for public_id in cases.iterator(chunk_size=500)),
    )
    Licence.objects.exclude(number__in=ProductionLicence.objects.values("number")).delete()
    Progress.objects.exclude(
        number__in=Application.objects.filter(number__isnull=False).values("number")
    ).delete()
    return counts
