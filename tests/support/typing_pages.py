"""Open pages of sections, as autosave sees them: their addresses, what a tab knows, what was kept."""

from typing import Any

from django.test import Client
from django.urls import reverse

from licensing.models import Application, TypedSection


def address(draft: Application, section: str = "enterprise") -> str:
    return reverse("licensing:typed", args=[draft.public_id, section])


def page_of(draft: Application, section: str) -> str:
    return reverse(f"licensing:{section}", args=[draft.public_id])


class Tab:
    """One open page of a section: its id, what it knows, and how often it has spoken."""

    def __init__(self, client: Client, draft: Application, section: str = "enterprise") -> None:
        self.client, self.draft, self.section = client, draft, section
        self.turn = 0
        shown = client.get(page_of(draft, section))
        assert shown.status_code == 200
        self.words = shown.context["words"]
        self.state = self.words.state

    def sends(self, turn: int | None = None, **typing: Any) -> Any:
        self.turn = turn if turn is not None else self.turn + 1
        return self.client.post(
            address(self.draft, self.section),
            {"typed_page": self.words.page, "typed_state": self.state, "turn": self.turn, **typing},
        )

    def keeps(self, **typing: Any) -> "Tab":
        answer = self.sends(**typing)
        assert answer.status_code == 200, answer.content
        self.state = answer.json()["state"]
        return self


def row(draft: Application, section: str = "enterprise") -> TypedSection | None:
    return TypedSection.objects.filter(application=draft, section=section).first()
