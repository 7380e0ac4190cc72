"""Loading: by a second person of the same authority, once, resumable, with counters, ledger and enterprises (R-90)."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.ledger.models import LedgerEntry
from core.ledger.queries import verify
from core.lifecycle.errors import DomainError
from core.outbox.models import Event
from core.parties.models import Authority, Enterprise, Membership
from licensing.imports import tasks
from licensing.imports.actions import load, upload
from licensing.imports.actions.failing import MOST_FAILURES
from licensing.imports.models import Batch, Row
from licensing.models import Application, LicenceStatus, NumberCounter, ProductionLicence
from licensing.numbers import next_licence_number
from tests.support import claims, imports, world
from tests.support.clients import signed_in
from tests.support.imports import Office, as_csv, row

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-90")]


def refused(code: str, act: Any) -> DomainError:
    with pytest.raises(DomainError) as error:
        act()
    assert error.value.code == code
    return error.value


def test_a_licence_is_what_the_paper_says_with_provenance_and_no_certificate() -> None:
    batch = Office().loaded(as_csv(row(7, production_addresses="320102 中山路 1 号；优比路 12 号")))
    licence = ProductionLicence.objects.get(number="(苏)XK13-002-00007")
    assert (batch.status, batch.rows_loaded, licence.application, licence.certificate_version) == (
        "loaded",
        1,
        None,
        0,
    )
    assert (licence.imported_on, licence.imported_from, licence.import_ref) == (
        imports.DAY, imports.SOURCE, batch.public_id,
    )  # fmt: skip
    assert licence.is_on_paper
    assert licence.production_addresses == ["中山路 1 号", "优比路 12 号"]
    assert licence.content["sites"][0] == {
        "division": "320102", "address": "中山路 1 号", "full_address": "江苏省南京市玄武区中山路 1 号",
    }  # fmt: skip
    assert (licence.issuing_authority.code, licence.filing_authority.code) == ("320000", "320000")
    assert list(licence.units.values_list("name", flat=True)) == ["化肥(磷肥)"]
    assert licence.next_check_at is not None


def test_each_licence_has_its_entry_dated_as_it_was_issued_and_the_chain_holds() -> None:
    Office().loaded(
        as_csv(row(1), row(2, issued_on="2022-09-01", valid_from="2022-09-01", valid_until="2027-08-31"))
    )
    entries = LedgerEntry.objects.filter(act="licensing.licence_imported").order_by("subject_id")
    assert [entry.effective_at.astimezone(world.SHANGHAI).date() for entry in entries] == [
        date(2023, 3, 1), date(2022, 9, 1),
    ]  # fmt: skip
    assert {(entry.dating, entry.actor_kind, entry.subject_version) for entry in entries} == {
        ("import", "system", 1)
    }
    assert entries[0].public["imported_from"] == imports.SOURCE
    assert verify().ok


def test_the_decision_names_the_second_person_and_what_he_knew() -> None:
    office = Office()
    batch = office.checked(as_csv(row(1), row(2, status="?")))
    office.ordered(batch, clean_only=True)
    entry = LedgerEntry.objects.get(act="imports.order")
    assert (entry.actor_kind, entry.organisation, entry.public["wrong"], entry.public["ready"]) == (
        "user", "320000", 1, 1,
    )  # fmt: skip
    assert imports.fresh(batch).clean_only


def test_the_next_grant_takes_a_free_serial() -> None:
    """R-90: when loaded, then next grant takes a free serial."""
    Office().loaded(as_csv(row(41), row(12)))
    assert NumberCounter.objects.get(code="13-002").last == 41
    assert world.granted_licence().number == "(苏)XK13-002-00042"


def test_a_counter_that_is_further_stays() -> None:
    jiangsu = Authority.objects.get(code="320000")
    NumberCounter.objects.create(authority=jiangsu, code="13-002", last=500)
    Office().loaded(as_csv(row(41)))
    with transaction.atomic():
        assert next_licence_number(authority=jiangsu, xk_code="XK13-002") == "(苏)XK13-002-00501"


def test_rows_with_errors_stay_out_only_when_that_was_said() -> None:
    office = Office()
    batch = office.checked(as_csv(row(1), row(2, status="?")))
    error = refused("imports.rows_wrong", lambda: office.ordered(batch))
    assert (error.field, error.params["wrong"]) == ("clean_only", 1)
    office.ordered(batch, clean_only=True)
    assert imports.finish(batch, world.at()).rows_loaded == 1
    assert not ProductionLicence.objects.filter(number__endswith="00002").exists()


def test_the_uploader_does_not_decide() -> None:
    both = world.official("320000", "acceptance", "approval", name="沈兼职")
    office = Office()
    batch = imports.check(office.uploaded(as_csv(row(1)), by=both), world.at())
    refused("imports.same_person", lambda: office.ordered(batch, by=both))
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(decided_by=both)
    office.ordered(batch)


@pytest.mark.parametrize(
    ("authority", "duty"), [("330000", "approval"), ("320000", "review"), ("320500", "approval")]
)
def test_nobody_else_decides(authority: str, duty: str) -> None:
    office = Office()
    batch = office.checked(as_csv(row(1)))
    other = world.official(authority, duty)
    refused("imports.not_yours", lambda: office.ordered(batch, by=other))


@pytest.mark.parametrize(("authority", "duty"), [("320000", "approval"), ("320500", "acceptance")])
def test_only_a_clerk_of_an_issuing_authority_uploads(authority: str, duty: str) -> None:
    person = world.official(authority, duty)
    refused("imports.not_issuing", lambda: Office().uploaded(as_csv(row(1)), by=person))
    assert not Batch.objects.exists()


def test_what_was_loaded_is_not_loaded_again() -> None:
    office, content = Office(), as_csv(row(1), row(2))
    batch = office.loaded(content)
    refused("lifecycle.wrong_state", lambda: office.ordered(batch))
    again = office.checked(content)
    assert (again.rows_same, again.rows_ready) == (2, 0)
    refused("imports.nothing_to_load", lambda: office.ordered(again))
    assert ProductionLicence.objects.count() == 2
    assert LedgerEntry.objects.filter(act="licensing.licence_imported").count() == 2


def test_the_same_file_is_not_open_twice() -> None:
    office, content = Office(), as_csv(row(1))
    first = office.uploaded(content)
    refused("imports.same_file_open", lambda: office.uploaded(content))
    upload.withdraw(public_id=first.public_id, actor=world.actor(office.clerk), at=world.at())
    assert office.uploaded(content).pk != first.pk


def test_a_withdrawn_import_loads_nothing() -> None:
    office = Office()
    batch = office.checked(as_csv(row(1)))
    upload.withdraw(public_id=batch.public_id, actor=world.actor(office.clerk), at=world.at())
    refused("lifecycle.wrong_state", lambda: office.ordered(batch))
    assert tasks.go_on(world.at) == 0


def test_after_a_crash_in_the_middle_the_loading_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the broken portion stays, everything of the others does, and nothing is there twice."""
    monkeypatch.setattr(load, "PORTION", 2)
    office = Office()
    batch = office.checked(as_csv(*(row(serial) for serial in range(1, 6))))
    office.ordered(batch)
    loader = load.Loader(batch.public_id, world.at())
    assert loader.portion(world.at()) == 2
    real = load.record_many

    def dies(**given: Any) -> int:
        real(**given)
        raise RuntimeError("the power goes")

    with monkeypatch.context() as patched:
        patched.setattr(load, "record_many", dies)
        with pytest.raises(RuntimeError):
            loader.portion(world.at())
    assert ProductionLicence.objects.count() == 2 and imports.fresh(batch).rows_loaded == 2
    assert NumberCounter.objects.get(code="13-002").last == 2
    assert tasks.go_on(world.at) == 3
    batch = imports.fresh(batch)
    assert (batch.status, batch.rows_loaded, batch.part) == ("loaded", 5, 3)
    assert LedgerEntry.objects.filter(act="licensing.licence_imported").count() == 5
    assert Event.objects.filter(type="imports.part_loaded").count() == 3
    assert verify().ok


def test_a_loading_that_always_fails_stops_and_what_was_loaded_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is loaded from the same file uploaded anew, and nothing twice."""
    monkeypatch.setattr(load, "PORTION", 2)
    office, now = Office(), world.at(hour=12)
    content = as_csv(row(1), row(2), row(3))
    batch = office.checked(content)
    office.ordered(batch)
    assert load.Loader(batch.public_id, now).portion(now) == 2
    monkeypatch.setattr(load, "PORTION", 1)
    with monkeypatch.context() as patched:
        patched.setattr(load, "record_many", lambda **given: 1 / 0)
        for _attempt in range(MOST_FAILURES):
            put_off_until = imports.fresh(batch).next_attempt_at
            now = max(now, put_off_until) if put_off_until else now
            tasks.go_on(lambda moment=now: moment)
    batch = imports.fresh(batch)
    assert (batch.status, batch.rows_loaded, batch.failures) == ("stopped", 2, MOST_FAILURES)
    page = signed_in(office.clerk).get(reverse("imports:batch", args=[batch.public_id])).content.decode()
    assert "加载一再出错，已停下：加载了 2 张" in page
    assert office.loaded(content).rows_loaded == 1 and ProductionLicence.objects.count() == 3


def test_a_number_taken_since_the_check_is_left_out_and_said() -> None:
    office, other = Office(), Office()
    late = office.checked(as_csv(row(1), row(2)))
    other.loaded(as_csv(row(1), row(2, name="昆山别的肥业有限公司"), row(3)))
    office.ordered(late)
    late = imports.finish(late, world.at())
    assert (late.status, late.rows_loaded, late.rows_left_out) == ("loaded", 0, 2)
    assert imports.found(late) == [
        (2, "number", "imports.same_in_register"),
        (3, "number", "imports.contradicts_register"),
    ]
    assert Row.objects.filter(batch=late, left_out=True).count() == 2
    assert ProductionLicence.objects.get(number__endswith="00002").holder_name == "昆山别的肥业有限公司"


def test_enterprises_are_made_once_without_members() -> None:
    Office().loaded(as_csv(row(1), row(2, uscc=row(1)["uscc"], name=row(1)["name"])))
    enterprise = Enterprise.objects.get()
    assert (enterprise.name, enterprise.registered_address, enterprise.legal_representative) == (
        "苏州旧证1号肥业有限公司", "春晖路 88 号", "钱旧",
    )  # fmt: skip
    assert enterprise.proved_at is not None and enterprise.licences.count() == 2
    assert not Membership.objects.filter(enterprise=enterprise).exists()


def test_an_enterprise_known_here_stays_as_it_is() -> None:
    known = claims.filed(world.user("周敏")).enterprise
    Enterprise.objects.filter(pk=known.pk).update(proved_at=world.at())
    Office().loaded(as_csv(row(1, uscc=known.uscc, name="从前的名称肥业有限公司")))
    known.refresh_from_db()
    assert known.name == "昆山新丰肥业有限公司"
    assert known.licences.get().holder_name == "从前的名称肥业有限公司"


@pytest.mark.req("R-88")
def test_what_a_mere_claimant_typed_gives_way_to_the_record() -> None:
    typed = claims.filed(world.user("周敏"), name="随便写的有限公司").enterprise
    Office().loaded(as_csv(row(1, uscc=typed.uscc)))
    typed.refresh_from_db()
    assert (typed.name, typed.proved_at is not None) == ("苏州旧证1号肥业有限公司", True)


def test_every_word_of_the_record_is_taken_over() -> None:
    old = {"issued_on": "2015-03-01", "valid_from": "2015-03-01", "valid_until": "2020-02-29"}
    Office().loaded(
        as_csv(
            row(1, status="过期", **old),
            row(2, status="注销", deregistered_on="2019-05-01", **old),
            row(3, status="吊销"),
            row(4, status="撤回", deregistered_on="2024-01-02"),
            row(5, status="撤销"),
            row(6, status="有效", **old),
        )
    )
    rows = ProductionLicence.objects.order_by("number")
    assert [row.status for row in rows] == [
        "expired", "deregistered", "penalty_revoked", "withdrawn", "revoked", "expired",
    ]  # fmt: skip
    assert [str(row.deregistered_on or "") for row in rows] == ["", "2019-05-01", "", "2024-01-02", "", ""]
    assert not any(row.next_check_at for row in rows)
    assert rows[1].deregistered_basis


def test_a_term_that_runs_out_between_check_and_load_has_run_out() -> None:
    office = Office()
    batch = office.checked(as_csv(row(1)), at=world.at(date(2028, 2, 29)))
    after = world.at(date(2028, 3, 1))
    office.ordered(batch, at=after)
    imports.finish(batch, after)
    assert ProductionLicence.objects.get().status == LicenceStatus.EXPIRED


def test_the_nation_imports_its_own_and_files_with_the_province() -> None:
    Office("AQSIQ").loaded(as_csv(row(number="XK13-002-00001", registered_division="330109")))
    licence = ProductionLicence.objects.get()
    assert (licence.issuing_authority.code, licence.filing_authority.code) == ("AQSIQ", "330000")


def test_the_corps_has_its_mark_in_the_content() -> None:
    place = {"registered_division": "659001", "registered_address": "石河子市北四路 22 号"}
    Office("XPCC").loaded(as_csv(row(number="(兵)XK13-002-00001", **place)))
    assert ProductionLicence.objects.get().content["enterprise"]["xpcc"] is True


def test_a_licence_comes_from_a_case_or_from_a_record() -> None:
    """The invariants stand in the database too."""
    Office().loaded(as_csv(row(1)))
    for change in (
        {"imported_on": None, "imported_from": "", "import_ref": None, "import_print": ""},
        {"imported_from": ""},
        {"certificate_version": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProductionLicence.objects.update(**change)
    assert not Application.objects.exists()
