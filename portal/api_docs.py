"""The interface explained to people, from the committed description; and the description itself for machines."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.parties.access import public_page
from core.rest.base import CLIENT, VISITOR
from core.rest.language import preferred
from core.rest.scopes import Scope
from portal.generated.errors import every_error

FOLDER = Path(__file__).parent / "openapi"
TAGS = {
    "token": _("令牌"),
    "register": _("公众登记册"),
    "reference": _("区划"),
    "applications": _("申请"),
    "filling-in": _("填写"),
    "filing": _("提交和往来"),
    "desk": _("许可机关"),
    "delegation": _("委托和本机关的时限"),
    "supervision": _("企业的抽查、类别、线索和监管措施"),
    "standing-orders": _("常设审批令和抽查"),
}


LIMITS = {"client": CLIENT.amount, "visitor": VISITOR.amount}


def path_of(language: str) -> Path:
    """The committed description in a language."""
    return FOLDER / f"{'en' if language.startswith('en') else 'zh-hans'}.json"


@lru_cache(maxsize=2)
def _description(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


@dataclass(frozen=True)
class Operation:
    """One method of one address, as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    parameters: tuple[str, ...]
    example: str
    answers: tuple[str, ...]
    is_open: bool


@public_page
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, in the language asked for."""
    language = request.GET.get("lang") or preferred(request.headers.get("Accept-Language", ""))
    response = HttpResponse(path_of(language).read_bytes(), content_type="application/json")
    response["Vary"] = "Accept-Language"
    response["Content-Disposition"] = 'inline; filename="openapi.json"'
    return response


@public_page
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """How do I connect our system?"""
    groups = grouped(_description(path_of(get_language() or "")))
    shown = [(tag, label, groups.get(tag, [])) for tag, label in TAGS.items()]
    return render(
        request,
        "portal/api_docs.html",
        {"groups": shown, "scopes": Scope.choices, "base": settings.PUBLIC_BASE_URL, "limits": LIMITS},
    )


@public_page
@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """What does this error code mean?"""
    return render(request, "portal/api_errors.html", {"rows": every_error()})


def grouped(description: dict[str, Any]) -> dict[str, list[Operation]]:
    """Operations by tag, in the order of their addresses."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in description["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append(_operation(path, method, told))
    return groups


def _operation(path: str, method: str, told: dict[str, Any]) -> Operation:
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        parameters=tuple(
            name for row in told.get("parameters", ()) if (name := _name(row)) != "Accept-Language"
        ),
        example=_example(told),
        answers=tuple(sorted(told["responses"])),
        is_open=told.get("security") == [{}],
    )


def _name(row: dict[str, Any]) -> str:
    return str(row["name"] if "name" in row else row["$ref"].rpartition("/")[2])


def _example(told: dict[str, Any]) -> str:
    """The request in the reader's language, if it has a body of JSON."""
    content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = content.get("examples", {})
    wanted = ("English", "中文") if (get_language() or "").startswith("en") else ("中文", "English")
    for name in wanted:
        if name in examples:
            return json.dumps(examples[name]["value"], ensure_ascii=False, indent=2)
    return ""
