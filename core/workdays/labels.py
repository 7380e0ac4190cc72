"""Names for people of the codes in `rules`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.workdays.rules import DayRow, DayStatus, Ground, Reason

GROUNDS: dict[str, Promise] = {
    Ground.TESTING: _("产品检验"),
    Ground.HEARING: _("听证"),
    Ground.APPRAISAL: _("鉴定"),
    Ground.EXPERT_REVIEW: _("专家评审"),
}

REASONS: dict[str, Promise] = {
    Reason.WORKDAY: _("工作日"),
    Reason.MAKEUP_WORKDAY: _("调休上班"),
    Reason.WEEKEND: _("周末"),
    Reason.HOLIDAY: _("法定节假日"),
    Reason.OVERLAY_HOLIDAY: _("地方节假日"),
    Reason.CALENDAR_DAY: _("非工作日，按自然日计入"),
    Reason.PAUSE: _("不计入时限"),
    Reason.ACCEPTANCE_DAY: _("起算日，当天不计"),
    Reason.CARRIED_OVER: _("期满日逢休息日，顺延"),
}


def ground_label(ground: str) -> Promise | str:
    """The ground of a pause in the reader's language; an unknown code speaks for itself."""
    return GROUNDS.get(ground, ground)


def status_label(status: DayStatus) -> str:
    """A day of the calendar in words: kind and name of the holiday."""
    label = str(REASONS[status.reason])
    return f"{label} · {status.name}" if status.name else label


def row_label(row: DayRow) -> str:
    """Why a day of an explanation counts or not, with ground and clause of a pause."""
    if row.reason == Reason.PAUSE:
        return " · ".join([str(REASONS[Reason.PAUSE]), *dict.fromkeys(_pause_label(p) for p in row.pauses)])
    if row.reason == row.status.reason:
        return status_label(row.status)
    return str(REASONS[row.reason])


def _pause_label(pause: object) -> str:
    ground, clause = getattr(pause, "ground", ""), getattr(pause, "clause", None)
    label = str(ground_label(ground))
    return label if clause is None else f"{label}（{clause.label}）"
