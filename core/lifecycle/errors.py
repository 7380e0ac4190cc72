"""Typed errors of legal acts: a stable code, a message in the user's language, the field that caused it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.lifecycle.dates import long_date


class DomainError(Exception):
    """Base of every refusal by a rule or an act. Subclasses set `code` and `message`."""

    code: str = "error"
    message: str | Promise = _("操作没有完成")
    kept: bool = False
    """Whether what was done beside the refused act stands, such as sending a matter back: it is not to be undone."""

    def __init__(self, field: str | None = None, **params: Any) -> None:
        self.field = field
        self.params: Mapping[str, Any] = params
        super().__init__(self.code, field, params)

    def __str__(self) -> str:
        text = str(self.message)
        return text % {name: _in_words(value) for name, value in self.params.items()} if self.params else text


def _in_words(value: Any) -> Any:
    return long_date(value) if isinstance(value, date) and not isinstance(value, datetime) else value


class Invalid(DomainError):
    """The input cannot stand; the field says where."""


class NotAllowed(DomainError):
    """The actor lacks the competence for this act on this matter."""

    code = "not_allowed"
    message = _("你没有办理这一事项的权限")


class Conflict(DomainError):
    """The matter has moved on since the actor last saw it, or the act was done already."""

    code = "conflict"
    message = _("事项状态已经变化，请刷新后再办")


class Moved(Conflict):
    """Somebody else went on with the matter since the actor read it: read again, then decide."""
