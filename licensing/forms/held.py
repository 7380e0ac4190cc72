"""What a correction notice did not ask for stands as it is (R-31), and so does what only a change alters."""

from django import forms

from licensing.correction import TARGETS
from licensing.forms.drafts import RowsFormSet
from licensing.kinds import HELD_ENTERPRISE, Kind
from licensing.queries.notices import NoticeView

BESIDE_THE_ADDRESS = ("province", "division", "xpcc")
"""An address has several fields; its reason stands at the one people type in."""


def keep_unnoticed(notice: NoticeView, section: str, form: forms.Form, **tables: RowsFormSet) -> None:
    """Put each reason at its field; fields and tables that were not noticed keep their content, whatever is sent."""
    items = {item.target.code: item for item in notice.of_section(section)}
    for name, field in form.fields.items():
        item = items.get(_target_of(section, name))
        field.disabled = item is None
        if item is not None and name not in BESIDE_THE_ADDRESS:
            field.notice = item.reason  # type: ignore[attr-defined]
    for name, table in tables.items():
        if f"{section}.{name}" not in items:
            table.held = [dict(row) for row in table.initial or ()]
            for row in table.forms:
                for field in row.fields.values():
                    field.disabled = True


def keep_licensed(kind: str, section: str, form: forms.Form) -> None:
    """Name and address stand as on the licence: only a change alters them (L2 art. 29)."""
    if section == "enterprise" and kind not in (Kind.NEW, Kind.CHANGE):
        for name in HELD_ENTERPRISE:
            if name in form.fields:
                form.fields[name].disabled = True


def _target_of(section: str, name: str) -> str:
    return next((code for code, row in TARGETS.items() if row.section == section and name in row.keys), "")
