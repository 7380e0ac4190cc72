"""Papers about the time limit: a pause and what it is for, a hearing, the one extension (L1 arts. 42, 45–48)."""

from certificates.documents.facts import Block, Kind, rows, text
from core.lifecycle.law import Clause
from licensing.documents.frame import Act, Content, about_en, case_rows, en, english, zh
from licensing.models import ClockPause, Extension, PauseGround
from licensing.profile import PROFILE

HEARD_ON = (Clause("L1", "第四十六条"), Clause("L1", "第四十七条"), Clause("L1", "第四十八条"))
RIGHTS = (
    "你单位可以在听证中陈述意见、提供证据、进行申辩和质证，可以申请审查人员和主持人回避；组织听证的费用由行政机关承担。"
    "听证应当制作笔录，本机关根据听证笔录作出决定。"
)


def pause(act: Act) -> Content:
    """The written notice without which no time is taken out of the limit (L1 art. 45; K7)."""
    row = act.case.pauses.get(told_at=act.at, ground=act.public["ground"])
    if row.ground == PauseGround.HEARING:
        return _hearing(act, row)
    ground = str(PauseGround(row.ground).label)
    stage = "review" if act.case.status == "under_review" else "approval"
    return Content(
        Kind.PAUSE, "Notice that the time limit stands still",
        (
            text(f"你单位提出的下列申请，需要进行{ground}。{ground}所需时间依法不计入办理期限，现书面告知。"),
            rows(*case_rows(act.case), *_times(act, row)),
            text(f"说明：{row.notice}"),
        ),
        (f"Application: {about_en(act.case)}. {_stopped(act, row, english(PauseGround(row.ground).label))}",),
        stage,
    )  # fmt: skip


def _hearing(act: Act, row: ClockPause) -> Content:
    stopped = _stopped(act, row, "hearing")
    body: tuple[Block, ...] = (
        text("你单位提出的下列申请，本机关依法举行听证，现书面告知。"),
        rows(*case_rows(act.case), *_times(act, row)),
        text(f"听证事项：{row.notice}"),
        text(RIGHTS),
    )
    return Content(
        Kind.HEARING, "Notice of a hearing", body,
        (
            f"Application: {about_en(act.case)}. A hearing is held; it costs you nothing. {stopped}",
            "You may state your case, give evidence, and challenge those who conduct it.",
        ),
        "approval",
        clauses=(*HEARD_ON, *act.clauses),
    )  # fmt: skip


def _times(act: Act, row: ClockPause) -> tuple[tuple[str, str], ...]:
    due = act.public["due_on"]
    counts = (
        f"期满日 {zh(due)}不变" if due else f"{zh(row.counts_from)}的次日起不计入办理期限，程序结束后接着计算"
    )
    return (
        ("程序", str(PauseGround(row.ground).label)), ("开始日期", zh(row.started_on)),
        ("所需时间", f"预计到 {zh(row.expected_until)}"), ("办理期限", counts),
    )  # fmt: skip


def _stopped(act: Act, row: ClockPause, ground: str) -> str:
    if due := act.public["due_on"]:
        return (
            f"Under way: {ground}, until about {en(row.expected_until)}; the decision stays due by {en(due)}."
        )
    return (
        f"Under way: {ground}. The time limit stands still after {en(row.counts_from)}, until about "
        f"{en(row.expected_until)}, and goes on afterwards."
    )


def extension(act: Act) -> Content:
    """The extension with its reasons, told before the limit ends (L1 art. 42 ¶1; K11)."""
    row = act.case.extensions.get(result=Extension.Result.GRANTED)
    due = act.public["due_on"]
    until = f"延长后最迟 {zh(due)}作出决定" if due else "时限正在停计，恢复后按延长后的期限计算"
    until_en = f"The decision is now due by {en(due)}." if due else "The limit stands still at present."
    statutory = PROFILE.statutory.days
    return Content(
        Kind.EXTENSION, "Notice of an extended time limit",
        (
            text(f"你单位提出的下列申请，经本机关负责人批准，办理期限延长 {row.days} 个工作日，现将理由告知如下。"),
            rows(*case_rows(act.case), ("延长", f"{row.days} 个工作日，只能延长一次"), ("办理期限", until)),
            text(f"理由：{row.reasons}"),
            text(f"延长不影响法定的 {statutory} 日期限，也不影响延续申请依法视为准予的日期。"),
        ),
        (f"Application: {about_en(act.case)}. The limit is extended once, by {row.days} working days. {until_en}",),
        "head",
    )  # fmt: skip
