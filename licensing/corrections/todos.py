"""What corrections put on a person's desk (R-89)."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.lifecycle.dates import shanghai_date
from core.parties.competence import Standing
from licensing.corrections.queries import to_answer, to_confirm, to_decide

LISTED = 10


def todos(standing: Standing) -> Iterator[dict[str, Any]]:
    """Requests by name with their last day, proposals to confirm anew, and how many wait for an approver."""
    if not standing.is_official:
        return
    today = shanghai_date(timezone.now())
    for asked in to_answer(standing)[:LISTED]:
        due = asked.reply_due_on
        yield {
            "label": _("答复更正请求：%(number)s") % {"number": asked.licence.number}, "count": 1,
            "url": reverse("corrections:request", args=[asked.public_id]), "late": due < today,
            "hint": (_("答复已超期，应于 %(due)s 前") if due < today else _("最迟 %(due)s")) % {"due": due},
        }  # fmt: skip
    for row in to_confirm(standing)[:LISTED]:
        yield {
            "label": _("重新确认更正：%(number)s") % {"number": row.licence.number}, "count": 1, "late": False,
            "url": reverse("corrections:correction", args=[row.public_id]),
            "hint": _("许可证上又办了别的事，须按现在的内容确认"),
        }  # fmt: skip
    if count := to_decide(standing):
        yield {
            "label": _("等你批准的更正"), "url": reverse("corrections:corrections"), "count": count,
            "hint": _("证书印错，提出人以外的审批人员批准"), "late": False,
        }  # fmt: skip
