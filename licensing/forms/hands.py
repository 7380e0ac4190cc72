"""In whose hands a review is: taking it, giving it to somebody, letting go of it for a conflict of interest."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.forms.officials import NoConflictField
from licensing.models import RecusalReason
from licensing.queries.hands import Candidate


class TakeForm(forms.Form):
    """Taking a case in hand, also for somebody away."""

    no_conflict = NoConflictField()


class AssignForm(forms.Form):
    """Only reviewers who can review this case are offered, those with the least work first."""

    reviewer = forms.ChoiceField(
        label=_("审查人员"), widget=forms.RadioSelect, error_messages={"required": _("请选择一名审查人员")},
        help_text=_("只列出本机关能办理这件申请的审查人员"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("指派的理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        help_text=_("记录在案，本机关人员可以看到，申请人看不到"),
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: Iterable[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["reviewer"].choices = [(str(row.user.public_id), _offer(row)) for row in candidates]


def _offer(row: Candidate) -> str:
    """赵磊（在办 3 件，不在岗）."""
    words = _("%(name)s（在办 %(n)s 件，不在岗）") if row.away else _("%(name)s（在办 %(n)s 件）")
    return str(words) % {"name": row.user.name, "n": row.in_hand}


class RecuseForm(forms.Form):
    """Why somebody takes no part in a case."""

    reason = forms.ChoiceField(
        label=_("回避的理由"), choices=RecusalReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选择回避的理由")},
    )  # fmt: skip
    explanation = forms.CharField(
        label=_("具体情况"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1000,
        error_messages={"required": _("请写明具体情况，供机关负责人了解")},
        help_text=_("供机关负责人了解，申请人看不到"),
    )  # fmt: skip
