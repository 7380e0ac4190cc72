"""A claimant on the way to the identity port and back, with the demo provider behind the test client."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from requests.adapters import BaseAdapter

from core.claims import identity as port
from core.claims.models import Claim
from tests.support import claims, world
from tests.support.clients import signed_in


class ToTestClient(BaseAdapter):
    """The portal's own address, answered by the test client instead of a socket."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        headers = {
            f"HTTP_{k.upper().replace('-', '_')}": str(v)
            for k, v in request.headers.items()
            if k == "Authorization"
        }
        path = urlsplit(str(request.url)).path
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body or "")
        client = Client()
        answer = (
            client.post(path, dict(parse_qsl(body)), **headers)
            if request.method == "POST"
            else client.get(path)
        )
        response = requests.Response()
        response.status_code, response.raw, response.request = (
            answer.status_code,
            BytesIO(answer.content),
            request,
        )
        response.headers["Content-Type"] = answer["Content-Type"]
        response.url = str(request.url)
        return response

    def close(self) -> None:
        return None


@contextmanager
def wired(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The port speaks to the portal's own provider; nothing it fetched is kept from one test to the next."""
    cache.clear()
    plain = port._session

    def session(redirect_uri: str = "") -> Any:
        made = plain(redirect_uri)
        made.mount("http://", ToTestClient())
        return made

    monkeypatch.setattr(port, "_session", session)
    yield
    cache.clear()


class Traveller:
    """A claimant on the way to the provider and back."""

    def __init__(self, **changes: str) -> None:
        self.person = world.user("周敏")
        self.claim = claims.filed(self.person, at=timezone.now(), **changes)
        self.client = signed_in(self.person)

    def leave(self) -> str:
        """Where the portal sends the browser."""
        answer = self.client.post(reverse("claims:identity", kwargs={"public_id": self.claim.public_id}))
        assert answer.status_code == 302
        return str(answer["Location"])

    def confirm(self, url: str, **changes: str) -> str:
        """Say at the provider who one is; the address it sends back to."""
        typed = {
            "who": "other", "role": "legal_representative", "person_name": "周敏", "uscc": self.claim.enterprise.uscc,
            "enterprise_name": "昆山认证肥业有限公司", "legal_representative": "周敏",
        } | changes  # fmt: skip
        answer = Client().post(url[url.index("/identity/") :], typed)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def arrive(self, back: str) -> str:
        """Come back; the words on the page then shown."""
        parts = urlsplit(back)
        return self.client.get(f"{parts.path}?{parts.query}", follow=True).content.decode()

    def travel(self, **changes: str) -> str:
        return self.arrive(self.confirm(self.leave(), **changes))

    def state(self) -> str:
        return Claim.objects.get(pk=self.claim.pk).status


def query_of(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
