"""Rows of a table in a form: two more on request, without a script, nothing judged yet."""

from typing import Any

from core.parties.access import PortalRequest
from licensing.forms.results import items_from

MOST = 60


def more_rows(request: PortalRequest, form: Any) -> tuple[Any, Any]:
    """The form as typed and two more lines of the report; nothing is checked and nothing is red."""
    data = request.POST.copy()
    total = data.get("items-TOTAL_FORMS", "")
    data["items-TOTAL_FORMS"] = str(min(int(total) + 2, MOST) if total.isdecimal() else 2)
    items = items_from(data)
    items._errors = [{} for _row in items.forms]
    items._non_form_errors = items.error_class()
    for row in [form, *items.forms]:
        row._errors = {}
        row.cleaned_data = {}
    return form, items
