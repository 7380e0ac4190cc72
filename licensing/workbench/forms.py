"""What officials type and choose at the workbench."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.forms.hands import AssignForm
from licensing.forms.officials import GrantForm
from licensing.workbench.actions.notes import LONGEST
from licensing.workbench.models import VIEW_NAME
from licensing.workbench.queries.warnings import Warning

ROOM_FOR_LINE_ENDS = 2


class NoteForm(forms.Form):
    """One note; `note_id` is made when the form is drawn, so that sending twice is writing once."""

    text = forms.CharField(
        label=_("备注"), strip=False, max_length=ROOM_FOR_LINE_ENDS * LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只有办理这件申请的机关人员能看到，申请人和公众都看不到。写下之后不能修改，可以撤回。"),
        error_messages={"required": _("请写下备注内容")},
    )  # fmt: skip
    pinned = forms.BooleanField(label=_("置顶"), required=False)
    note_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note_id"].initial = uuid.uuid4
        self.fields["text"].widget.attrs["maxlength"] = LONGEST

    def with_fresh_id(self) -> None:
        """Drawn again after a refusal: what is sent next is a note of its own."""
        self.data = {**self.data.dict(), "note_id": str(uuid.uuid4())}  # type: ignore[attr-defined]


class ViewForm(forms.Form):
    """The name of a view."""

    name = forms.CharField(
        label=_("视图名称"), max_length=VIEW_NAME,
        error_messages={"required": _("请给这个视图起个名字")},
    )  # fmt: skip


class SeenField(forms.MultipleChoiceField):
    """Every open warning ticked. One that has gone meanwhile is no obstacle and is not kept, a new one is."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, warnings: Sequence[Warning], **kwargs: Any) -> None:
        self.codes = {row.code for row in warnings}
        super().__init__(
            label=_("请逐项确认已看过"),
            choices=[(row.code, row.text) for row in warnings], **kwargs,
        )  # fmt: skip

    def validate(self, value: Any) -> None:
        missing = self.codes - set(value)
        if missing:
            raise forms.ValidationError(_("准予之前，请逐项确认上面的提示都已看过"), code="unseen")

    def clean(self, value: Any) -> list[str]:
        return [code for code in super().clean(value) if code in self.codes]


class GrantSeenForm(GrantForm):
    """A grant over open warnings: each is acknowledged; without any, the form asks nothing more."""

    def __init__(self, *args: Any, warnings: Iterable[Warning] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asking = [row for row in warnings if row.asks]
        if asking:
            self.fields["seen"] = SeenField(asking)
        self.order_fields(["basis", "seen", "no_conflict"])

    def clean(self) -> dict[str, Any]:
        """What was seen goes into the record with the grant."""
        data = super().clean() or self.cleaned_data
        return data | {"acknowledged": data.pop("seen", [])}


class AssignManyForm(AssignForm):
    """One reviewer and one reason for all chosen cases; whether he can review each, each case answers for itself."""
