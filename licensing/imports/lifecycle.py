"""The life cycle of an import: acts, states, clauses (R-90; SEED §4.5, and a choice of this system)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle.law import Clause
from core.lifecycle.transitions import LifeCycle, Transition


class Status(TextChoices):
    CHECKING = "checking", _("正在检查")
    CHECKED = "checked", _("已检查，待加载")
    LOADING = "loading", _("正在加载")
    LOADED = "loaded", _("已加载")
    WITHDRAWN = "withdrawn", _("已撤下")
    STOPPED = "stopped", _("已停下")


OPEN = (Status.CHECKING, Status.CHECKED, Status.LOADING)
AT_WORK = (Status.CHECKING, Status.LOADING)
"""What the machine has in hand."""
FINAL = frozenset({Status.LOADED, Status.WITHDRAWN, Status.STOPPED})
BASIS = (Clause("SEED", "四(五)"), Clause("DESIGN", "：纸质证书的导入"))
RECORDED = (Clause("L2", "第二十八条"), *BASIS)
"""What a licence of the paper era rests on: the certificate that was issued then, and this act of taking it over."""
ENDED = (Clause("L1", "第七十条"), Clause("L2", "第三十一条"))
"""On what a licence that the record calls deregistered was closed."""


def _row(act: str, label: object, sources: tuple[Status, ...], target: Status, duty: str) -> Transition:
    return Transition(act, label, frozenset(sources), target, duty, BASIS)  # type: ignore[arg-type]


LIFE_CYCLE = LifeCycle(
    name="imports.batch",
    states=dict(Status.choices),
    transitions=(
        _row("upload", _("上传"), (Status.CHECKING,), Status.CHECKING, "acceptance"),
        _row("check", _("检查完成"), (Status.CHECKING,), Status.CHECKED, "system"),
        _row("stop", _("停下"), AT_WORK, Status.STOPPED, "system"),
        _row("withdraw", _("撤下"), (Status.CHECKING, Status.CHECKED), Status.WITHDRAWN, "acceptance"),
        _row("order", _("决定加载"), (Status.CHECKED,), Status.LOADING, "approval"),
        _row("load", _("加载完成"), (Status.LOADING,), Status.LOADED, "system"),
    ),
    final=FINAL,
)
