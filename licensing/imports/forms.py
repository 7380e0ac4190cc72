"""What a clerk uploads, and what whoever decides states."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.files.uploading import OversizedUpload
from licensing.imports.columns import MOST_BYTES
from licensing.imports.errors import FileTooLarge


class UploadForm(forms.Form):
    """The file, and from which record it was taken."""

    source = forms.CharField(
        label=_("数据来源"), max_length=120,
        help_text=_("台账的名称和截止日期，公众查询时会看到，例如：江苏省工业产品生产许可证台账，截至 2015-08-03"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("数据文件"), help_text=_("CSV（UTF-8 或 GBK）或 JSON，一次最多 70000 行、60 MB"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.json,text/csv,application/json"}),
    )  # fmt: skip

    def clean_file(self) -> object:
        """A file over the limit was never kept; it is refused here, at its field."""
        upload = self.cleaned_data["file"]
        if isinstance(upload, OversizedUpload) or upload.size > MOST_BYTES:
            raise forms.ValidationError(str(FileTooLarge(limit=MOST_BYTES // 1_048_576)))
        return upload


UploadForm.base_fields["file"].max_bytes = MOST_BYTES  # type: ignore[attr-defined]


class LoadForm(forms.Form):
    """That the rows with errors stay out: said, not assumed."""

    clean_only = forms.BooleanField(label="", required=False)

    def __init__(self, *args: object, ready: int, wrong: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if wrong:
            self.fields["clean_only"].label = _(
                "只加载没有错误的 %(ready)s 行；有错误的 %(wrong)s 行不加载，以后改正了另行导入"
            ) % {"ready": ready, "wrong": wrong}
        else:
            del self.fields["clean_only"]
