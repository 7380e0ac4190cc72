"""Another system with a token of its own, for tests of the interface."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from core.parties.actors import actor_of
from core.parties.competence import standing_of
from core.parties.models import Enterprise, User
from core.rest import actions
from core.rest.models import ApiToken
from core.rest.scopes import ENTERPRISE, OFFICIAL
from tests.support.clients import today
from tests.support.world import PDF

ROOT = "/api/v1/"
BOUNDARY = "BoUnDaRyStRiNg"


def token_for(
    person: User,
    enterprise: Enterprise | None = None,
    *scopes: str,
    at: datetime | None = None,
    days: int = 30,
) -> tuple[ApiToken, str]:
    """A token as the page issues it: for an enterprise, else for the person's duties."""
    actor = actor_of(person, standing_of(person, today()))
    common: dict[str, Any] = {
        "public_id": uuid.uuid4(),
        "name": "测试系统",
        "actor": actor,
        "at": at or timezone.now(),
    }
    if enterprise is None:
        return actions.issue_for_official(scopes=scopes or tuple(OFFICIAL), **common)
    return actions.issue_for_enterprise(
        enterprise=enterprise, scopes=scopes or tuple(ENTERPRISE), days=days, **common
    )


class Robot:
    """Speaks to the interface with one token; remembers the ETag of what it read last."""

    def __init__(self, secret: str = "", language: str = "zh") -> None:
        self.client = Client()
        self.headers = {"Accept-Language": language}
        if secret:
            self.headers["Authorization"] = f"Bearer {secret}"
        self.etag = ""

    @classmethod
    def of(
        cls, person: User, enterprise: Enterprise | None = None, *scopes: str, language: str = "zh"
    ) -> "Robot":
        return cls(token_for(person, enterprise, *scopes)[1], language)

    def get(self, path: str, **headers: str) -> Any:
        answer = self.client.get(ROOT + path, headers=self.headers | headers)
        self.etag = answer.get("ETag", self.etag)
        return answer

    def send(
        self, method: str, path: str, body: Any = None, *, match: str | None = None, **headers: str
    ) -> Any:
        """POST or PUT, as JSON or as a form with files, with the ETag read last unless told otherwise."""
        sent = {"If-Match": self.etag if match is None else match, **self.headers, **headers}
        files = isinstance(body, dict) and any(isinstance(v, SimpleUploadedFile) for v in body.values())
        kind = MULTIPART_CONTENT if files else "application/json"
        content = encode_multipart(BOUNDARY, body) if files else _json(body)
        answer = self.client.generic(
            method, ROOT + path, content, content_type=kind,
            headers={name: value for name, value in sent.items() if value},
        )  # fmt: skip
        self.etag = answer.get("ETag", self.etag)
        return answer

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.send("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.send("PUT", path, body, **more)


def _json(body: Any) -> str:
    return "" if body is None else json.dumps(body)


def pdf(name: str = "文件.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")
