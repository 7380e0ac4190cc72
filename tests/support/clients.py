"""Signed-in test clients, and one form payload that every act of a case would take."""

from datetime import date
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone

from core.lifecycle.dates import shanghai_date
from core.parties.competence import standing_of
from core.parties.models import User
from licensing.models import Application
from tests.support.world import PDF


def today() -> date:
    """The legal day the pages see."""
    return shanghai_date(timezone.now())


def signed_in(person: User, *, second_factor: bool | None = None) -> Client:
    """A browser of this person. Officials have shown their second factor, unless told otherwise."""
    client = Client()
    client.force_login(person)
    official = standing_of(person, today()).is_official
    if official if second_factor is None else second_factor:
        request = RequestFactory().get("/")
        request.session = client.session
        record_authentication(request, person, "mfa", type="totp")
        request.session.save()
    return client


def upload(content: bytes = PDF, name: str = "文件.pdf", kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def everything(application: Application, **changes: Any) -> dict[str, Any]:
    """A payload every form of the case accepts, with the versions of this moment and fresh files.

    The parts that choose one of several acts (`category`, `act`, `remove` …) are for the caller to add.
    """
    application = Application.objects.get(pk=application.pk)
    enterprise = application.enterprise
    rows = {
        "equipment-TOTAL_FORMS": "1", "equipment-INITIAL_FORMS": "0", "equipment-0-name": "造粒机",
        "equipment-0-model": "ZL-9", "equipment-0-quantity": "3", "instruments-TOTAL_FORMS": "1",
        "instruments-INITIAL_FORMS": "0", "instruments-0-name": "天平", "instruments-0-number": "TP-1",
        "instruments-0-valid_until": f"{today().year + 1}-06-30", "process": "另一种工艺", "staff": "检验员 9 人",
    }  # fmt: skip
    return {
        "version": application.version, "draft_version": application.draft_version,
        "enterprise": enterprise.uscc, "name": enterprise.name, "uscc": enterprise.uscc,
        "legal_representative": enterprise.legal_representative,
        "province": f"{enterprise.registered_division[:2]}0000",
        "division": enterprise.registered_division, "address": "别处 1 号", "contact": "周敏", "phone": "0512-57009999",
        "units": [str(row.unit_id) for row in application.units.all()], **rows,
        "file": upload(), "document": upload(), "agreed": "on", "signer": enterprise.legal_representative,
        "no_conflict": "on", "verifiers": "钱核查\n孙核查", "reason": "interest",
        "outcome": "passed", "body": "省质检院", "concluded_on": today().isoformat(), "finding": "相符",
        "basis": ["0", "2"], "reasons": "理由充分", "ground": "wrong_authority", "explanation": "请向有权机关申请",
        "right_authority": "", "enterprise.phone": "号码少一位", **changes,
    }  # fmt: skip
