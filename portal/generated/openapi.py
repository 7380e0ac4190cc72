"""The interface's description, OpenAPI 3.1, once in Chinese and once in English; a warning is a failure."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from portal.api_docs import path_of

LANGUAGES = ("zh-hans", "en")


def description(language: str) -> str:
    """The document as text. Raises CommandError for anything that cannot be described."""
    out = StringIO()
    call_command(
        "spectacular", lang=language, format="openapi-json", fail_on_warn=True, validate=True, urlconf="portal.urls",
        stdout=out,
    )  # fmt: skip
    return out.getvalue().rstrip() + "\n"


def documents() -> dict[Path, str]:
    """File and content of each language."""
    return {path_of(language): description(language) for language in LANGUAGES}
