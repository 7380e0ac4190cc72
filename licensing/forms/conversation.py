"""What applicant and official type to each other: text alone, no file anywhere (R-86, R-31)."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.actions.conversation import LONGEST

ROOM_FOR_LINE_ENDS = 2
"""A browser counts a line end as one character and sends two; the act counts what is kept."""


class MessageForm(forms.Form):
    """One message; `message_id` is made when the form is drawn, so that sending twice is sending once."""

    text = forms.CharField(
        label=_("写给对方"), strip=False, max_length=ROOM_FOR_LINE_ENDS * LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("最多 2000 字，只能写文字。"), error_messages={"required": _("请写下要说的话")},
    )  # fmt: skip
    message_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message_id"].initial = uuid.uuid4
        self.fields["text"].widget.attrs["maxlength"] = LONGEST

    def with_fresh_id(self) -> None:
        """Drawn again after a refusal: what is sent next is a message of its own."""
        self.data = {**self.data.dict(), "message_id": str(uuid.uuid4())}  # type: ignore[attr-defined]


class QuestionForm(MessageForm):
    """The applicant's form: a question is owed an answer, a mere word of thanks is not."""

    wants_reply = forms.BooleanField(label=_("请机关答复"), required=False, initial=True)
