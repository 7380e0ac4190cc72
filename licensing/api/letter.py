"""The commitment letter to read before it is signed; once signed, the text as it was signed."""

from typing import Any

from rest_framework import serializers as s

from core.rest.base import ApiRequest
from licensing.actions.drafts import catalogue_name
from licensing.models import Application
from licensing.queries.drafts import letter_of


class LetterSerializer(s.Serializer):
    """The full text and its version."""

    version = s.CharField()
    text = s.CharField()
    signed = s.BooleanField()


def letter_facts(request: ApiRequest, case: Application) -> dict[str, Any]:
    """The letter of a case for its reader."""
    signed = getattr(case, "commitment", None)
    if signed is not None:
        return {"version": signed.text_version, "text": signed.text, "signed": True}
    facts = case.draft.get("enterprise", {}) if case.is_open_to_applicant else case.filed["enterprise"]
    letter = letter_of(case)
    text = letter.fill(enterprise=facts.get("name", ""), product=catalogue_name(case, request.at))
    return {"version": letter.version, "text": text, "signed": False}
