"""Three documents and never a fourth, by whatever door it is tried (R-31, S6)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.files.actions import share
from core.files.models import StoredFile
from core.lifecycle.subjects import Subject
from licensing.models import Application, ApplicationDocument
from tests.support import world
from tests.support.clients import everything, signed_in, upload

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-31", "R-29")]
FOURTH = "environmental_report"


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def draft(cast: world.Cast) -> Application:
    return world.filled_draft(cast)


def test_a_file_sent_along_under_another_name_is_not_kept(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    before = StoredFile.objects.count()
    for section in ("enterprise", "product", "sites", "conditions", "commitment"):
        sent: dict[str, Any] = {**everything(draft), FOURTH: upload(), "file": upload(), "slot": FOURTH}
        client.post(reverse(f"licensing:{section}", args=[draft.public_id]), sent)
    assert StoredFile.objects.count() == before
    sent = {**everything(draft), FOURTH: upload(), "file": upload(), "slot": FOURTH}
    client.post(reverse("licensing:business_licence", args=[draft.public_id]), sent)
    assert {row.slot for row in ApplicationDocument.objects.filter(application=draft)} <= {
        "business_licence", "application_form", "commitment_letter",
    }  # fmt: skip
    assert not StoredFile.objects.filter(slot=FOURTH).exists()


def test_no_address_takes_or_shows_a_fourth(cast: world.Cast) -> None:
    case = world.submitted(cast)
    client = signed_in(cast.applicant)
    for address in (
        f"/apply/{case.public_id}/{FOURTH}/",
        f"/cases/{case.public_id}/documents/{FOURTH}/",
        f"/cases/{case.public_id}/documents/",
    ):
        assert client.post(address, {"file": upload()}).status_code == 404


def test_the_database_knows_three_places(cast: world.Cast) -> None:
    row = ApplicationDocument.objects.filter(application=world.submitted(cast)).first()
    assert row is not None
    with pytest.raises(IntegrityError, match="document_slot_known"), transaction.atomic():
        ApplicationDocument.objects.create(application=row.application, slot="other", file=row.file)
    other = share(
        stored=row.file, owner=Subject("licensing.application", str(row.application.public_id)), slot=row.slot,
        actor=world.actor(cast.applicant), at=world.at(),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="document_slot_once"), transaction.atomic():
        ApplicationDocument.objects.create(application=row.application, slot=row.slot, file=other)
