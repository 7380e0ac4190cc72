"""Papers of a case that ends undecided: its licence is no more, or a notice was left unanswered (DOMAIN §3.2, S6)."""

from certificates.documents.facts import Kind, rows, text
from core.lifecycle.law import Clause
from licensing.documents.frame import Act, Content, about_en, case_rows, en, sealing_authority, zh
from licensing.remedies import REMEDIES_EN, remedies_text

ENDED_ON = {
    "licence_expired": (Clause("L1", "第七十条第一项"), Clause("L2", "第二十五条")),
    "licence_ended": (Clause("L1", "第七十条"), Clause("L2", "第三十一条")),
}
UNANSWERED_ON = (Clause("L1", "第三十二条第一款第四项"),)
WHY = {
    "licence_expired": ("有效期已经届满，没有延续", "has expired and was not renewed"),
    "licence_ended": ("已经注销或者终止", "has ended"),
}


def termination(act: Act) -> Content:
    """The licence the case was about is no more."""
    case, because = act.case, act.public["because"]
    stage = "approval" if case.accepted_on else "acceptance"
    words, told = WHY[because]
    number = act.public["licence"]
    return Content(
        Kind.TERMINATION, "Notice that the case is closed",
        (
            text(f"你单位提出的下列申请所据的许可证 {number} {words}，申请事项不复存在，本机关决定终止办理。"),
            rows(*case_rows(case), ("许可证编号", number), ("终止日期", zh(act.day))),
            text("继续生产列入目录的产品的，请重新申请许可。"),
        ),
        (
            f"Application: {about_en(case)}. Licence {number} {told}; the case is closed as of {en(act.day)}.",
            REMEDIES_EN,
        ),
        stage,
        clauses=ENDED_ON[because],
        remedies=remedies_text(sealing_authority(case, stage)),
    )  # fmt: skip


def lapse(act: Act) -> Content:
    """Nothing came in answer to the notice of correction."""
    case, last = act.case, act.public["lapses_after"]
    assert case.filing_authority is not None
    return Content(
        Kind.TERMINATION, "Notice that the case is closed",
        (
            text(
                f"你单位提出的下列申请，本机关已一次告知需要补正的全部内容。到补正期限届满（{zh(last)}）没有收到补正，"
                "申请失效，本机关终止办理。"
            ),
            rows(*case_rows(case), ("终止日期", zh(act.day))),
            text("你单位可以随时重新申请。"),
        ),
        (
            f"Application: {about_en(case)}. No correction came by {en(last)}; the case is closed.",
            "You may file anew at any time.",
        ),
        "acceptance",
        clauses=UNANSWERED_ON,
        remedies=remedies_text(case.filing_authority),
    )  # fmt: skip
