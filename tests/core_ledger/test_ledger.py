"""The ledger: complete, chained, append-only, and without personal values (DESIGN §3)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from core.ledger.actions import erase, record
from core.ledger.models import LedgerEntry, PersonalValue
from core.ledger.queries import timeline, verify
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject

pytestmark = pytest.mark.database

BASIS = (Clause("L1", "第三十二条"),)
PERSON = Actor("user", "u-1", "周敏", "320000", "江苏省质量技术监督局", 7)


def write(version=1, **changes):
    values = {
        "act": "test.act", "subject": Subject("test.thing", "t1", version), "actor": PERSON,
        "effective_at": timezone.now(), "legal_basis": BASIS, "public": {"a": 1},
        "personal": {"phone": "13800000000"},
    } | changes  # fmt: skip
    return record(**values)


@pytest.mark.django_db
@pytest.mark.req("R-4")
def test_an_entry_without_basis_is_refused():
    with pytest.raises(ValueError, match="legal basis"):
        write(legal_basis=())


@pytest.mark.django_db
@pytest.mark.req("R-4")
def test_the_database_refuses_an_empty_basis_too():
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            act="x", subject_kind="k", subject_id="i", subject_version=1, actor_kind="system", actor_code="system",
            effective_at=timezone.now(), legal_basis=[],
        )  # fmt: skip


def test_an_entry_belongs_to_a_transaction(fresh_database):
    with pytest.raises(RuntimeError):
        write()


@pytest.mark.django_db
def test_the_database_stamps_and_chains():
    first, second = write(1), write(2)
    first.refresh_from_db()
    second.refresh_from_db()
    assert abs(first.recorded_at - timezone.now()) < timedelta(seconds=5)
    assert bytes(second.prev_hash) == bytes(first.entry_hash)
    assert verify().ok


@pytest.mark.django_db
def test_recorded_at_cannot_be_set():
    entry = LedgerEntry.objects.create(
        act="x", subject_kind="k", subject_id="i", subject_version=1, actor_kind="system", actor_code="system",
        effective_at=timezone.now(), recorded_at=timezone.now() - timedelta(days=400),
        legal_basis=[BASIS[0].as_json()],
    )  # fmt: skip
    entry.refresh_from_db()
    assert timezone.now() - entry.recorded_at < timedelta(seconds=5)


@pytest.mark.django_db
@pytest.mark.parametrize("version", [1, 3])
def test_versions_follow_without_gap_or_repeat(version):
    write(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(version)


@pytest.mark.django_db
def test_personal_values_leave_only_a_digest():
    entry = write()
    raw = str(LedgerEntry.objects.filter(pk=entry.pk).values())
    assert "13800000000" not in raw and "周敏" not in raw
    assert set(entry.personal) == {"phone", "actor_label"}
    stored = PersonalValue.objects.get(entry=entry, field="phone")
    assert b"13800000000" not in bytes(stored.ciphertext)
    assert timeline("test.thing", "t1", personal=True)[0].personal["phone"] == "13800000000"
    assert timeline("test.thing", "t1", personal=False)[0].personal == {}


@pytest.mark.django_db
def test_the_same_value_has_another_digest_each_time():
    assert write(1).personal["phone"] != write(2).personal["phone"]


@pytest.mark.django_db
def test_after_erasure_the_ledger_is_whole_and_says_erased():
    entry = write()
    assert erase(entry_id=entry.pk, fields=("phone",)) == 1
    result = verify()
    assert result.ok and result.personal_erased == 1
    assert "phone" not in timeline("test.thing", "t1", personal=True)[0].personal


def test_the_application_login_cannot_change_the_ledger(fresh_database):
    with transaction.atomic():
        write()
    for statement in (
        "UPDATE ledger_ledgerentry SET act = 'x'",
        "DELETE FROM ledger_ledgerentry",
        "TRUNCATE ledger_ledgerentry CASCADE",
        "ALTER TABLE ledger_ledgerentry DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_keep ON ledger_ledgerentry",
        "SET ROLE portal_owner",
        "SET session_replication_role = 'replica'",
        "INSERT INTO ledger_world (id, simulated, timeline, created_at) VALUES (1, true, 'x', now())",
        "CREATE TABLE public.mine (id int)",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(statement)
    assert verify().ok


def test_even_the_owner_meets_the_trigger(fresh_database):
    with transaction.atomic():
        write()
    for statement in ("UPDATE ledger_ledgerentry SET act = 'x'", "DELETE FROM ledger_ledgerentry",
                      "TRUNCATE ledger_ledgerentry CASCADE"):  # fmt: skip
        refused = pytest.raises(DatabaseError, match="append-only")
        with refused, transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute(statement)


def test_a_forged_entry_is_found(fresh_database):
    with transaction.atomic():
        write(1)
        write(2)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_ledgerentry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE ledger_ledgerentry SET public = '{}' WHERE subject_kind = 'test.thing' AND subject_version = 1"
        )
    assert len(verify().broken_chain) == 1


def test_a_removed_entry_is_found(fresh_database):
    with transaction.atomic():
        write(1, personal={}, actor=SYSTEM)
        write(2, personal={}, actor=SYSTEM)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_ledgerentry DISABLE TRIGGER USER")
        cursor.execute(
            "DELETE FROM ledger_ledgerentry WHERE subject_kind = 'test.thing' AND subject_version = 1"
        )
    assert not verify().ok


@pytest.mark.parametrize(("simulated", "dating", "refused"), [
    (False, "clock", True), (False, "legal_date", False), (False, "import", False), (True, "clock", False),
])  # fmt: skip
def test_two_times(fresh_database, simulated, dating, refused):
    call_command("create_world", *(["--simulated"] if simulated else []))
    earlier = timezone.now() - timedelta(seconds=90)
    if refused:
        with pytest.raises(IntegrityError, match="60 s"), transaction.atomic():
            write(effective_at=earlier, dating=dating, actor=SYSTEM)
    else:
        with transaction.atomic():
            write(effective_at=earlier, dating=dating, actor=SYSTEM)


@pytest.mark.django_db
@pytest.mark.parametrize("dating", ["legal_date", "import"])
def test_a_person_always_acts_on_the_clock(dating):
    with pytest.raises(IntegrityError, match="only the system"), transaction.atomic():
        write(dating=dating)


def test_a_world_is_created_once_and_stays(fresh_database):
    call_command("create_world", "--simulated")
    call_command("create_world")
    with pytest.raises(DatabaseError), transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE ledger_world SET simulated = false")
