"""What an import puts on a person's desk: one that waits for a second person, one whose file is to be corrected."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.parties.competence import Standing
from licensing.imports.queries import waiting_for_correction, waiting_for_second

LISTED = 5


def todos(standing: Standing) -> Iterator[dict[str, Any]]:
    """By the competence query of the pages; nothing for anybody else."""
    if standing.authorities("approval"):
        for row in waiting_for_second(standing).order_by("pk")[:LISTED]:
            yield {
                "label": _("决定是否加载：%(source)s") % {"source": row.source}, "count": 1, "late": False,
                "url": reverse("imports:batch", args=[row.public_id]),
                "hint": _("纸质许可证 %(rows)s 张，须由上传人以外的人决定") % {"rows": row.rows_ready},
            }  # fmt: skip
    if standing.authorities("acceptance"):
        for row in waiting_for_correction(standing).order_by("pk")[:LISTED]:
            yield {
                "label": _("改正导入文件：%(source)s") % {"source": row.source}, "count": 1, "late": False,
                "url": reverse("imports:batch", args=[row.public_id]),
                "hint": _("%(rows)s 行有错误") % {"rows": row.rows_wrong},
            }  # fmt: skip
