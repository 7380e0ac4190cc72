"""The kinds of application and what each needs and gives (DOMAIN §3.3). Pure: one table, read everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.rules import FilingKind
from core.lifecycle.law import Clause
from licensing.profile import PROFILE, Limit


class Kind(TextChoices):
    NEW = "new", _("新申请")
    RENEWAL = "renewal", _("延续")
    CHANGE = "change", _("变更")
    CONDITION_CHANGE = "condition_change", _("生产条件变更")
    RELOCATION = "relocation", _("迁址")
    SCOPE_EXTENSION = "scope_extension", _("增项")
    REPLACEMENT = "replacement", _("补领")
    DEREGISTRATION = "deregistration", pgettext_lazy("kind", "注销")


Effect = Literal["new", "renew", "reissue", "deregister"]
"""What a grant does to the licence: a new one, a new term, a new certificate of the same term, or its end."""

THREE: Final = PROFILE.documents
FORM, COPY = ("application_form",), ("application_form", "business_licence")


@dataclass(frozen=True)
class Rules:
    """What one kind needs and gives.

    `letter` and `short` stand in case numbers; `sections` are those of its form that must be complete, `optional`
    those that may stay empty; `documents` is the whole set (R-29). `reviewed`: both tracks, and with them a review.
    `basis` are the provisions a grant rests on, the usual ones first.
    """

    letter: str
    short: str
    sections: tuple[str, ...]
    documents: tuple[str, ...]
    reviewed: bool
    limit: Limit
    effect: Effect
    when: Clause
    basis: tuple[Clause, ...]
    optional: tuple[str, ...] = ()

    @property
    def all_sections(self) -> tuple[str, ...]:
        """Sections in the order of the form."""
        return tuple(name for name in ORDER if name in (*self.sections, *self.optional))

    @property
    def required(self) -> tuple[str, ...]:
        """Sections that must be complete, in the order of the form: the steps."""
        return tuple(name for name in ORDER if name in self.sections)

    @property
    def has_commitment(self) -> bool:
        return "commitment_letter" in self.documents


ORDER: Final = (
    "enterprise", "product", "sites", "conditions", "group", "statement", "business_licence", "commitment",
)  # fmt: skip
_GRANT = Clause("L1", "第三十八条第一款")

RULES: Mapping[str, Rules] = {
    Kind.NEW: Rules(
        "N", "新", ("enterprise", "product", "sites", "conditions", "business_licence", "commitment"), THREE,
        True, PROFILE.decision, "new", Clause("L2", "第五条"),
        (_GRANT, Clause("L2", "第九条"), Clause("L2", "第二十四条")), ("group",),
    ),
    Kind.RENEWAL: Rules(
        "R", "延", ("enterprise", "conditions", "statement", "business_licence", "commitment"), THREE,
        True, PROFILE.decision, "renew", Clause("L2", "第二十五条"),
        (_GRANT, Clause("L1", "第五十条"), Clause("L2", "第二十五条"), Clause("L2", "第二十四条")),
    ),
    Kind.CHANGE: Rules(
        "C", "变", ("enterprise", "sites", "statement", "business_licence"), COPY,
        False, PROFILE.simple, "reissue", Clause("L2", "第二十九条"),
        (Clause("L1", "第四十九条"), Clause("L2", "第二十九条")),
    ),
    Kind.CONDITION_CHANGE: Rules(
        "M", "改", ("enterprise", "conditions", "statement", "business_licence", "commitment"), THREE,
        True, PROFILE.decision, "reissue", Clause("L2", "第二十六条第二款"),
        (_GRANT, Clause("L2", "第二十六条第二款"), Clause("L2", "第二十四条")),
    ),
    Kind.RELOCATION: Rules(
        "L", "迁", ("enterprise", "sites", "conditions", "statement", "business_licence", "commitment"), THREE,
        True, PROFILE.decision, "reissue", Clause("L2", "第二十六条第二款"),
        (_GRANT, Clause("L2", "第二十六条第二款"), Clause("L2", "第二十四条")),
    ),
    Kind.SCOPE_EXTENSION: Rules(
        "E", "增", ("enterprise", "product", "conditions", "business_licence", "commitment"), THREE,
        True, PROFILE.decision, "reissue", Clause("L2", "第五条"),
        (_GRANT, Clause("L2", "第九条"), Clause("L2", "第二十四条")), ("group",),
    ),
    Kind.REPLACEMENT: Rules(
        "P", "补", ("enterprise", "statement"), FORM,
        False, PROFILE.simple, "reissue", Clause("L2", "第三十条"), (Clause("L2", "第三十条"),),
    ),
    Kind.DEREGISTRATION: Rules(
        "D", "注", ("enterprise", "statement"), FORM,
        False, PROFILE.simple, "deregister", Clause("L2", "第三十一条"),
        (Clause("L2", "第三十一条"), Clause("L1", "第七十条")),
    ),
}  # fmt: skip

FROM_LICENCE: Final = tuple(kind for kind in Kind if kind is not Kind.NEW)
"""Kinds that begin from a licence the enterprise holds."""

HELD_ENTERPRISE: Final = ("name", "uscc", "province", "division", "address", "full_address", "xpcc")
"""Facts of the enterprise that stand on the licence: only a change may alter them (L2 art. 29)."""

CAUSES: Mapping[str, Mapping[str, Promise]] = {
    Kind.CONDITION_CHANGE: {
        "line": _("生产线、关键生产设备"), "inspection": _("检验手段"), "technology": _("重大技术改造"),
        "process": _("生产工艺"),
    },
    Kind.RELOCATION: {"moved": _("生产场所搬迁"), "added": _("增加生产场所"), "closed": _("减少生产场所")},
    Kind.REPLACEMENT: {"lost": _("遗失"), "damaged": _("毁损")},
    Kind.DEREGISTRATION: {
        "stopped": _("不再生产这类产品"), "dissolved": _("企业终止"), "delisted": _("产品已不再实行许可管理"),
        "other": _("其他原因"),
    },
}  # fmt: skip
"""What the statement of a kind may name; a closed list."""


def rules_of(kind: str) -> Rules:
    return RULES[kind]


def is_reviewed(kind: str) -> bool:
    """Whether the kind has the two tracks."""
    return RULES[kind].reviewed


def filing_kind(kind: str) -> FilingKind:
    """The kind as the catalogue distinguishes it: a relocation is a condition change (DOMAIN §1)."""
    return "condition_change" if kind == Kind.RELOCATION else kind  # type: ignore[return-value]
