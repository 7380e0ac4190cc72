"""What was typed when the session ended comes back after signing in, to the same person alone."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from licensing.forms import drafts as forms
from licensing.models import Application
from tests.support import world
from tests.support.clients import everything, signed_in
from tests.support.typing_pages import Tab, page_of, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def draft(cast: world.Cast) -> Application:
    return world.filled_draft(cast)


def lose_session(client: Client) -> None:
    Session.objects.filter(session_key=client.session.session_key).delete()


def sign_in_again(client: Client, person: Any) -> None:
    client.force_login(person)


def test_words_sent_after_the_session_ended_come_back_after_sign_in(
    cast: world.Cast, draft: Application
) -> None:
    client = signed_in(cast.applicant)
    lose_session(client)
    answer = client.post(page_of(draft, "enterprise"), everything(draft, contact="顾小满"))
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    assert "已经保留" in client.get(answer["Location"]).content.decode()
    assert row(draft) is None, "nobody is signed in: nothing reaches the draft"
    sign_in_again(client, cast.applicant)
    shown = client.get(page_of(draft, "enterprise")).content.decode()
    assert 'value="顾小满"' in shown and "登录过期前填写的内容" in shown and "尚未保存" in shown
    assert 'value="顾小满"' in client.get(page_of(draft, "enterprise")).content.decode(), (
        "also the second time"
    )
    assert client.post(page_of(draft, "enterprise"), everything(draft, contact="顾小满")).status_code == 302
    assert "尚未保存" not in client.get(page_of(draft, "enterprise")).content.decode()
    assert client.session.get_expiry_age() > 3600, "the session is an ordinary one again"


def test_somebody_else_who_signs_in_does_not_see_them(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    lose_session(client)
    client.post(page_of(draft, "enterprise"), everything(draft, contact="顾小满"))
    sign_in_again(client, world.member(world.enterprise()))
    assert client.get(page_of(draft, "enterprise")).status_code == 404
    assert "words_aside" not in client.session
    assert "顾小满" not in str(dict(client.session))


def test_kept_words_belong_to_one_section_and_expire(
    cast: world.Cast, draft: Application, time_machine: Any
) -> None:
    client = signed_in(cast.applicant)
    lose_session(client)
    client.post(page_of(draft, "enterprise"), everything(draft, contact="顾小满"))
    sign_in_again(client, cast.applicant)
    assert "尚未保存" not in client.get(page_of(draft, "conditions")).content.decode()
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    assert "顾小满" not in client.get(page_of(draft, "enterprise")).content.decode()


def test_typed_words_newer_than_kept_ones_are_shown(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    lose_session(client)
    client.post(page_of(draft, "enterprise"), everything(draft, contact="旧的"))
    sign_in_again(client, cast.applicant)
    Tab(client, draft).keeps(contact="新的")
    text = client.get(page_of(draft, "enterprise")).content.decode()
    assert 'value="新的"' in text and "已自动保存" in text


def test_only_known_fields_of_real_drafts_are_kept_and_not_too_much(
    cast: world.Cast, draft: Application
) -> None:
    client = Client()
    client.post(page_of(draft, "enterprise"), everything(draft, evil="丁"))
    assert set(client.session["words_aside"]["words"]) <= set(forms.EnterpriseForm.base_fields)
    for path, sent in (
        (page_of(draft, "enterprise").replace(str(draft.public_id), str(uuid.uuid4())), {"name": "x"}),
        (page_of(draft, "conditions"), {"process": "字" * 30_000}),
        (reverse("licensing:submit", args=[draft.public_id]), {"draft_version": 1}),
    ):
        other = Client()
        assert other.post(path, sent).status_code == 302
        assert "words_aside" not in other.session


def test_a_file_is_not_kept_and_the_page_says_so(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    lose_session(client)
    client.post(page_of(draft, "business_licence"), everything(draft))
    assert client.session["words_aside"]["words"] == {}
    sign_in_again(client, cast.applicant)
    assert "文件没有保留" in client.get(page_of(draft, "business_licence")).content.decode()
    assert "words_aside" not in client.session


def test_no_signature_survives_the_session(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    lose_session(client)
    client.post(page_of(draft, "commitment"), everything(draft))
    assert client.session["words_aside"]["words"] == {}
    sign_in_again(client, cast.applicant)
    text = client.get(page_of(draft, "commitment")).content.decode()
    assert "承诺书没有签署" in text and 'value="周敏"' not in text
