"""A message in words: title and text in the reader's language, never the sender's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.lifecycle.dates import long_date
from core.messages.kinds import CATEGORIES, Category, Enclosure, Kind, kind_of
from core.messages.models import Message


@dataclass(frozen=True)
class Words:
    title: str
    body: str


def words_of(kind: Kind, params: Mapping[str, Any]) -> Words:
    """Title (one line) and text of a kind with these values. Raises KeyError when a value is missing."""
    values = {name: _value(name, value) for name, value in params.items()}
    title = str(kind.title) % values if "%" in str(kind.title) else str(kind.title)
    body = str(kind.body) % values if "%" in str(kind.body) else str(kind.body)
    return Words(" ".join(title.split()), body)


def _value(name: str, value: Any) -> str:
    english = (get_language() or "").startswith("en")
    if isinstance(value, Mapping):
        return str((value.get("en") if english else None) or value.get("zh", ""))
    if name.endswith("_on") and value:
        return long_date(date.fromisoformat(str(value)))
    return str(value)


@dataclass(frozen=True)
class Notice:
    """A message as pages and mails show it; `url` is empty where it leads nowhere any more."""

    message: Message
    title: str
    body: str
    category: Category | None
    urgent: bool
    url: str
    enclosure: Enclosure | None = None

    @property
    def unread(self) -> bool:
        return self.message.read_at is None


def notice_of(message: Message, *, reachable: bool = True, enclosure: Enclosure | None = None) -> Notice:
    """The message in the active language. One of a kind no longer known still says that it was there."""
    kind = kind_of(message.kind)
    if kind is None:
        return Notice(message, _("一条旧通知"), _("这类通知已经停用，内容不再显示。"), None, False, "")
    words = words_of(kind, message.params)
    url = _address(kind, message) if reachable else ""
    return Notice(message, words.title, words.body, CATEGORIES[kind.category], kind.urgent, url, enclosure)


def _address(kind: Kind, message: Message) -> str:
    try:
        return reverse(kind.url_name, kwargs=message.url_kwargs)
    except NoReverseMatch:
        return ""
