"""Kinds of notices and their categories. Apps register theirs in `<app>/notices.py`, found at start.

A message stores values; its words are made at reading time, in the reader's language, from the kind's templates.
Values in `params`: text; `…_on` an ISO date, written out in words; `{"zh": …, "en": …}` a name in two languages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from core.parties.competence import Standing

AT_ONCE, DAILY, OFF = "at_once", "daily", "off"

Audience = Literal["all", "enterprise", "official"]
Visible = Callable[[Standing, frozenset[str]], frozenset[str]]
"""Of these subject ids, those whose pages this person may open today."""


@dataclass(frozen=True)
class Enclosure:
    """A paper that came with what a message tells of: its name, its number, and the page that shows it."""

    label: str
    number: str
    url: str


Enclosures = Callable[[Standing, list[Any]], dict[int, Enclosure]]
"""Of these messages, what came with each that the person may open today, by the message's key."""


@dataclass(frozen=True)
class Category:
    """What a person switches as one: how its mails come unless chosen otherwise; a fixed one cannot be switched off."""

    code: str
    label: Any
    hint: Any
    default: str = AT_ONCE
    fixed: bool = False
    audience: Audience = "all"


@dataclass(frozen=True)
class Kind:
    """One kind of notice. `urgent` goes out at once even where a daily digest was chosen."""

    code: str
    title: Any
    body: Any
    url_name: str
    category: str
    urgent: bool = False
    visible: Visible | None = None
    enclosures: Enclosures | None = None


CATEGORIES: dict[str, Category] = {
    row.code: row
    for row in (
        Category("cases", _("我的申请"), _("受理、补正、决定、证书"), audience="enterprise"),
        Category("deadlines", _("到期提醒"), _("快要到期、逾期就会失效的事"), audience="enterprise"),
        Category("conversation", _("案件往来"), _("案件里对方发来的消息")),
        Category("claims", _("企业账号"), _("认领、代理授权、成员变动")),
        Category("desk", _("待办案件"), _("到了你这里等你办的案件"), DAILY, audience="official"),
        Category("staff", _("单位和职责"), _("职责、代班、工作移交"), DAILY, audience="official"),
        Category(
            "security", _("账号安全"), _("密码、动态口令、登录、接收方式的变动；不能关闭"), AT_ONCE, True
        ),
    )
}
_kinds: dict[str, Kind] = {}


def register_kind(
    code: str,
    *,
    title: Any,
    body: Any,
    url_name: str,
    category: str,
    urgent: bool = False,
    visible: Visible | None = None,
    enclosures: Enclosures | None = None,
) -> Kind:
    """Register a kind under a permanent code; title and body are lazy strings with `%(name)s` places.

    `visible` answers for the page behind it: people who may no longer open it get no mail, and no link in the inbox.
    `enclosures` names the papers that came with such notices.
    Raises ValueError when the code is taken or the category unknown.
    """
    if code in _kinds:
        raise ValueError(f"kind {code!r} is registered already")
    if category not in CATEGORIES:
        raise ValueError(f"unknown category {category!r}; known: {', '.join(CATEGORIES)}")
    _kinds[code] = Kind(code, title, body, url_name, category, urgent, visible, enclosures)
    return _kinds[code]


def kind_of(code: str) -> Kind | None:
    """The kind under a code; None for one that no installed app knows any more."""
    return _kinds.get(code)


def codes_of(category: str) -> list[str]:
    """The codes of all kinds of a category."""
    return [kind.code for kind in _kinds.values() if kind.category == category]
