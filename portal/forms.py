"""How a form field is drawn: its kind of control, and what is heard together with it (WCAG 3.3)."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

WIDTHS = {"xs": "w-xs", "s": "w-s", "m": "w-m", "l": "w-l", "full": "w-full", "": ""}

# Django's own words, said our way in locale/zh_Hans: what to do, not what is wrong.
SAID_OUR_WAY = (gettext_noop("This field is required."),)


@dataclass(frozen=True)
class FieldView:
    """A field ready for components/field.html."""

    field: BoundField
    kind: str
    control: str
    options: list[dict[str, Any]]
    hint_id: str
    error_id: str
    described_by: str
    errors: list[str]
    first_id: str
    optional: bool
    max_bytes: int


def kind_of(widget: forms.Widget) -> str:
    """hidden, file, options (radios, checkboxes), tick (one checkbox) or input."""
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "options"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "input"


def first_control_id(field: BoundField) -> str:
    """The id of the first control a link in the error summary can put the focus on."""
    base = str(field.field.widget.attrs.get("id") or field.auto_id)
    return f"{base}_0" if kind_of(field.field.widget) == "options" or _is_multi(field) else base


def _is_multi(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.MultiWidget)


def view_of(field: BoundField, width: str = "") -> FieldView:
    """Collect what the template draws. Raises KeyError for an unknown width."""
    kind = kind_of(field.field.widget)
    base = str(field.field.widget.attrs.get("id") or field.auto_id)
    errors = [str(error) for error in field.errors]
    hint_id = f"{base}_helptext" if field.help_text else ""
    error_id = f"{base}_error" if errors else ""
    described_by = " ".join(part for part in (hint_id, error_id) if part)
    attrs = _attrs(field, kind, width, described_by, bool(errors))
    return FieldView(
        field=field,
        kind=kind,
        control="" if kind == "options" else field.as_widget(attrs=attrs, widget=_plain_file(field)),
        options=_options(field, bool(errors)) if kind == "options" else [],
        hint_id=hint_id,
        error_id=error_id,
        described_by=described_by,
        errors=errors,
        first_id=first_control_id(field),
        optional=not (field.field.required or getattr(field.field, "one_of", False))
        and kind not in {"hidden", "tick"},
        max_bytes=int(getattr(field.field, "max_bytes", 0) or 0),
    )


def _plain_file(field: BoundField) -> forms.Widget | None:
    """A file is replaced by choosing another; the "currently … clear" markup of Django is not ours."""
    widget = field.field.widget
    if isinstance(widget, forms.ClearableFileInput):
        return forms.FileInput(attrs=widget.attrs)
    return None


def _attrs(field: BoundField, kind: str, width: str, described_by: str, bad: bool) -> dict[str, Any]:
    attrs: dict[str, Any] = {}
    if kind == "input":
        own = str(field.field.widget.attrs.get("class", ""))
        attrs["class"] = " ".join(part for part in ("input", WIDTHS[width], own) if part)
    if kind in {"input", "tick", "file"}:
        if described_by:
            attrs["aria-describedby"] = described_by
        if bad:
            attrs["aria-invalid"] = "true"
        if "placeholder" in field.field.widget.attrs:
            attrs["placeholder"] = False  # the label says it, and stays when one types
    return attrs


def _options(field: BoundField, bad: bool) -> list[dict[str, Any]]:
    rows = []
    for option in field.subwidgets:
        option.data["attrs"].pop("required", None)
        if bad:
            option.data["attrs"]["aria-invalid"] = "true"
        option.data["wrap_label"] = False
        label = option.data["label"] if option.data["value"] != "" else _("不选")
        rows.append({"control": option.tag(), "id": option.data["attrs"].get("id", ""), "label": label})
    return rows


def problems(*parts: Any) -> list[dict[str, str]]:
    """Every error of forms and formsets in page order, with the id of the control to go to ("" if none)."""
    found: list[dict[str, str]] = []
    for part in parts:
        if not part or not getattr(part, "is_bound", False):
            continue
        if hasattr(part, "forms") and hasattr(part, "management_form"):
            found += [{"id": "", "text": str(error), "label": ""} for error in part.non_form_errors()]
            found += problems(*part.forms)
            continue
        found += [{"id": "", "text": str(error), "label": ""} for error in part.non_field_errors()]
        for field in part:
            found += [
                {"id": first_control_id(field), "text": str(error), "label": str(field.label or "")}
                for error in field.errors
            ]
    return found
