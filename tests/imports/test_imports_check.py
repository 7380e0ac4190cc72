"""The dry run on the database: duplicates, the register, enterprises; interrupted and gone on with; nothing written."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.ledger.models import LedgerEntry
from core.outbox.models import Event
from core.parties.models import Enterprise
from licensing.imports import tasks
from licensing.imports.actions import check
from licensing.imports.actions.check import Checker
from licensing.imports.actions.failing import FIRST_PAUSE, MOST_FAILURES
from licensing.imports.models import Batch, Found, Row
from licensing.models import NumberCounter, ProductionLicence
from tests.support import imports, world
from tests.support.imports import Office, as_csv, as_json, row

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-90")]
OTHER = "昆山别的肥业有限公司"


def test_a_duplicate_and_a_bad_number_are_both_named_and_nothing_is_written() -> None:
    """R-90: Given file with a duplicate and a bad number, when dry run, then both named, nothing written."""
    batch = Office().checked(as_csv(row(1), row(1, name=OTHER), row(3, number="(苏)XK13-2-00003"), row(4)))
    assert imports.found(batch, severity="error") == [
        (2, "number", "imports.contradicts_in_file"),
        (3, "number", "imports.contradicts_in_file"),
        (4, "number", "licence_number.invalid"),
    ]
    assert (batch.status, batch.rows_ready, batch.rows_same, batch.rows_wrong) == ("checked", 1, 0, 3)
    assert not ProductionLicence.objects.exists() and not Enterprise.objects.exists()
    assert not NumberCounter.objects.exists()


def test_a_file_in_gbk_with_full_width_numbers_and_duplicates() -> None:
    """The issue's own bad file: read, normalised, said; identical duplicates counted once, others not at all."""
    wide = "（苏）ＸＫ１３－００２－００００１"
    content = as_csv(
        row(1, number=wide), row(1), row(2), row(2, valid_until="2027-01-01"), row(3, number=wide.replace("１", "９")),
        encoding="gbk",
    )  # fmt: skip
    batch = Office().checked(content)
    assert batch.encoding == "gb18030"
    assert imports.found(batch) == [
        (2, "number", "imports.normalised"),
        (3, "number", "imports.same_in_file"),
        (4, "number", "imports.contradicts_in_file"),
        (5, "number", "imports.contradicts_in_file"),
        (6, "number", "imports.normalised"),
        (6, "number", "imports.code_mismatch"),
    ]
    first = Found.objects.get(batch=batch, line=2)
    assert (first.value, first.params) == (wide, {"to": "(苏)XK13-002-00001"})
    assert Found.objects.get(batch=batch, line=4).params == {"lines": "5"}
    assert (batch.rows_ready, batch.rows_same, batch.rows_wrong) == (1, 1, 3)


def test_rows_that_are_wrong_and_the_same_are_twins_too() -> None:
    batch = Office().checked(as_csv(row(1, units="无"), row(1, units="无")))
    assert (2, "units", "imports.unit_unknown") in imports.found(batch)
    assert (3, "number", "imports.same_in_file") in imports.found(batch)
    assert batch.rows_wrong == 2


def test_what_the_register_has_is_reconciled_or_contradicted() -> None:
    office = Office()
    office.loaded(as_csv(row(1), row(2)))
    batch = office.checked(as_csv(row(1), row(2, name=OTHER, valid_until="2028-01-01"), row(3)))
    assert imports.found(batch)[0] == (2, "number", "imports.same_in_register")
    clash = Found.objects.get(batch=batch, line=3, severity="error")
    assert (clash.code, clash.params) == ("imports.contradicts_register", {"columns": "name,valid_until"})
    assert (batch.rows_ready, batch.rows_same, batch.rows_wrong) == (1, 1, 1)


def test_a_licence_granted_here_is_compared_as_well() -> None:
    licence = world.granted_licence()
    facts = {
        "number": licence.number, "name": licence.holder_name, "uscc": licence.uscc,
        "registered_address": licence.registered_address, "production_addresses": licence.production_addresses[0],
        "units": "；".join(unit.name for unit in licence.units.all()), "issued_on": str(licence.issued_on),
        "valid_from": str(licence.valid_from), "valid_until": str(licence.valid_until),
    }  # fmt: skip
    office = Office()
    assert "imports.same_in_register" in imports.codes(office.checked(as_csv(row(**facts))))
    facts["issued_on"] = "2026-11-08"
    assert "imports.contradicts_register" in imports.codes(office.checked(as_csv(row(**facts))))


def test_enterprises_are_matched_by_code_or_by_the_old_number() -> None:
    known = world.enterprise(name="昆山老字号肥业有限公司")
    known.legacy_registration_number, known.proved_at = "320583000012345", timezone.now()
    known.save()
    batch = Office().checked(
        as_csv(
            row(1, uscc="", legacy="320583000012345", name=known.name),
            row(2, uscc="", legacy="320583000099999"),
            row(3, uscc=known.uscc),
            row(4, uscc=row(5)["uscc"]),
            row(5),
        )
    )
    assert imports.found(batch) == [
        (2, "legacy", "imports.legacy_matched"),
        (3, "legacy", "imports.legacy_unknown"),
        (4, "name", "imports.other_name"),
        (6, "name", "imports.two_names"),
    ]
    assert Row.objects.get(batch=batch, line=2).facts["uscc"] == known.uscc


def test_json_is_checked_like_csv() -> None:
    batch = Office().checked(as_json({**row(1), "units": ["化肥(磷肥)"]}, row(2, status="?")))
    assert imports.found(batch) == [(2, "status", "imports.status_unknown")]
    assert (batch.format, batch.rows_ready) == ("json", 1)


def test_after_a_crash_the_check_goes_on_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "PORTION", 2)
    batch = Office().uploaded(as_csv(*(row(serial) for serial in range(1, 6))))
    assert Checker(batch.public_id).portion(world.at()) == 2
    broken = Checker(batch.public_id)

    def fails(*given: Any) -> None:
        raise RuntimeError("the power goes")

    with monkeypatch.context() as patched:
        patched.setattr(check, "_write", fails)
        with pytest.raises(RuntimeError):
            broken.portion(world.at())
    assert imports.fresh(batch).rows_checked == 2
    batch = imports.check(batch, world.at())
    assert (batch.status, batch.rows_ready) == ("checked", 5)
    assert list(Row.objects.filter(batch=batch).order_by("line").values_list("line", flat=True)) == [
        2,
        3,
        4,
        5,
        6,
    ]


def test_twins_are_found_across_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "PORTION", 2)
    batch = Office().checked(as_csv(row(1), row(2), row(3), row(1, name=OTHER)))
    assert [line for line, _column, _code in imports.found(batch, severity="error")] == [2, 5]


def test_a_round_of_the_task_does_what_there_is_to_do() -> None:
    office = Office()
    first, second = office.uploaded(as_csv(row(1))), office.uploaded(as_csv(row(2), row(3)))
    assert tasks.go_on(world.at) == 3
    assert {imports.fresh(first).status, imports.fresh(second).status} == {"checked"}
    assert tasks.go_on(world.at) == 0


def test_one_import_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    bad, good = office.uploaded(as_csv(row(1))), office.uploaded(as_csv(row(2)))
    real = check.judge

    def judge(raw: Any, reference: Any) -> Any:
        if raw.cells["number"].endswith("00001"):
            raise RuntimeError("a row that nobody thought of")
        return real(raw, reference)

    monkeypatch.setattr(check, "judge", judge)
    tasks.go_on(world.at)
    assert (imports.fresh(bad).status, imports.fresh(good).status) == ("checking", "checked")


def test_an_import_that_always_fails_waits_longer_and_longer_and_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a bound the same file was read again every ten seconds for ever."""
    batch, now, tried = Office().uploaded(as_csv(row(1))), world.at(), 0

    def judge(raw: Any, reference: Any) -> Any:
        nonlocal tried
        tried += 1
        raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")

    with monkeypatch.context() as patched:
        patched.setattr(check, "judge", judge)
        for _attempt in range(200):
            tasks.go_on(lambda moment=now: moment)
            now += timedelta(minutes=5)
    batch = imports.fresh(batch)
    assert (batch.status, batch.failures, tried) == ("stopped", MOST_FAILURES, MOST_FAILURES)
    assert batch.closed_at is not None and batch.next_attempt_at is None
    stop = LedgerEntry.objects.get(subject_kind="imports.batch", act="imports.stop")
    assert stop.actor_kind == "system"
    assert Office().uploaded(as_csv(row(1))).status == "checking", "the file can be uploaded anew"


def test_after_a_failure_the_next_round_waits_and_success_begins_the_count_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch, now = Office().uploaded(as_csv(row(1))), world.at()

    def fails(*given: Any) -> None:
        raise RuntimeError("the power goes")

    with monkeypatch.context() as patched:
        patched.setattr(check, "_write", fails)
        tasks.go_on(lambda: now)
    assert tasks.go_on(lambda: now) == 0, "it waits"
    assert imports.fresh(batch).next_attempt_at == now + timedelta(seconds=FIRST_PAUSE)
    assert tasks.go_on(lambda: now + timedelta(seconds=FIRST_PAUSE)) == 1
    batch = imports.fresh(batch)
    assert (batch.status, batch.failures, batch.next_attempt_at) == ("checked", 0, None)


def test_a_file_that_is_gone_ends_the_import() -> None:
    batch = Office().uploaded(as_csv(row(1)))
    batch.document.blob.location.unlink()
    assert Checker(batch.public_id).portion(world.at()) == 0
    assert imports.fresh(batch).status == Batch.Status.STOPPED


def test_upload_and_check_are_acts_with_their_basis() -> None:
    batch = Office().checked(as_csv(row(1)))
    entries = LedgerEntry.objects.filter(subject_kind="imports.batch", subject_id=str(batch.public_id))
    acts = list(entries.order_by("subject_version").values_list("act", "actor_kind", "organisation"))
    assert acts == [("imports.upload", "user", "320000"), ("imports.check", "system", "")]
    assert {"instrument": "SEED", "article": "四(五)"} in entries.first().legal_basis
    assert Event.objects.filter(type="imports.check", subject_id=str(batch.public_id)).count() == 1
