"""What officials of the demo world keep at their desks: a note on a case and the lists they come back to."""

from typing import TYPE_CHECKING
from uuid import uuid4

from licensing.lifecycle import Status
from licensing.models import Application
from licensing.workbench.actions.notes import write_note
from licensing.workbench.actions.saved import save_view

if TYPE_CHECKING:
    from portal.demo.world import Builder

NOTE = "检验报告和申请书上的规格型号写法不同，已电话核对，是同一种产品。"
VIEWS = (
    ("js-approver", "快到期的", "scope=desk&due=5"),
    ("js-head", "没人承办的新申请", "scope=unassigned&kind=new"),
)


def tell(builder: "Builder") -> None:
    """One note where a decision waits, one saved view each for an approver and a head."""
    case = Application.objects.filter(
        status=Status.DECISION_PENDING, approval_authority__code="320000"
    ).order_by("pk")
    if waiting := case.first():
        write_note(
            public_id=waiting.public_id, note_id=uuid4(), text=NOTE, pinned=True,
            actor=builder.actor("js-reviewer"), at=builder.at(1, 16, 10),
        )  # fmt: skip
    for user, name, query in VIEWS:
        save_view(name=name, query=query, actor=builder.actor(user))
