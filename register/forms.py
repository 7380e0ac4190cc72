"""The one form of the register that is more than a box: a file, or the number or QR text on a certificate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.queries.verification import MAX_BYTES
from register.search import Question, document_code, understand

TOO_LARGE = _("文件超过 10 MB。电子证书不会这么大，请确认选对了文件")


class VerifyForm(forms.Form):
    """Exactly one of the two is enough; a file wins when both are given."""

    file = forms.FileField(
        label=_("电子证书或文书 PDF"),
        required=False,
        help_text=_("不超过 10 MB。只用于这一次核验，不保存"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    text = forms.CharField(
        label=_("证书编号、文书核验码或二维码内容"),
        required=False,
        max_length=5000,
        help_text=_("例如 (苏)XK13-002-00001；扫码得到的整行网址也可以"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].max_bytes = MAX_BYTES  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.one_of = True  # type: ignore[attr-defined]

    @classmethod
    def too_large(cls) -> "VerifyForm":
        """A form that says so, for a body that was not even read."""
        form = cls({})
        form.errors.clear()
        form.add_error("file", TOO_LARGE)
        return form

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload is not None and upload.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return upload

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors or data.get("file"):
            return data
        question: Question = understand(data.get("text", ""))
        if question.kind == "nothing":
            raise forms.ValidationError(_("请选择电子证书文件，或者输入证书编号"))
        data["document"] = document_code(data.get("text", ""))
        if question.kind not in ("number", "opaque") and not data["document"]:
            self.add_error("text", _("这不是证书编号，也不是证书或文书上的二维码。企业名称请到“查许可”里查"))
        data["question"] = question
        return data
