"""Papers of the acceptance desk: receipt, acceptance, correction, refusal to accept, no licence needed (L1 art. 32)."""

from certificates.documents.facts import Kind, items, rows, text
from core.lifecycle.dates import SHANGHAI
from core.lifecycle.law import Clause
from licensing.clock import compute_due, intake_limit, received_on
from licensing.correction import TARGETS
from licensing.documents.frame import Act, Content, about_en, case_rows, en, english, sites, zh
from licensing.models import Ground, Slot
from licensing.remedies import REMEDIES_EN, remedies_text

RECEIVED_ON = (Clause("L1", "第三十二条"), Clause("ESL", "第十一条"))


def receipt(act: Act) -> Content:
    """A dated receipt of a filing, of the answer to a notice, or of a file that another authority forwarded (S1)."""
    case = act.case
    assert case.received_at is not None and case.first_received_at is not None
    answer = compute_due(received_on(case.received_at), intake_limit(case), case.filing_division).on
    what = "补正后的申请材料" if act.name == "resubmit" else "申请材料"
    came = "由其他机关转来" if act.name == "receive_forwarded" else "你单位通过网上办理系统提交"
    first = received_on(case.first_received_at)
    return Content(
        Kind.RECEIPT, "Receipt of an application",
        (
            text(f"{came}的下列{what}，本机关已经收到。"),
            rows(
                *case_rows(case), ("生产地址", sites(case)),
                ("收到时间", f"{zh(act.day)} {act.at.astimezone(SHANGHAI):%H:%M}"),
                ("首次收到", zh(first) if first != received_on(case.received_at) else ""),
                ("材料", "、".join(_documents(act))), ("最迟答复", zh(answer)),
            ),
            text(
                f"本机关最迟在 {zh(answer)}告知是否受理；需要补正的，一次告知全部内容。"
                "逾期不告知的，自收到申请材料之日起即为受理。"
            ),
        ),
        (
            f"Received on {en(act.day)}: application, {about_en(case)}.",
            f"You will be told by {en(answer)} whether it is accepted. Without an answer by then it counts as accepted "
            "from the day of receipt.",
        ),
        "acceptance",
        clauses=RECEIVED_ON,
    )  # fmt: skip


def _documents(act: Act) -> tuple[str, ...]:
    return tuple(str(Slot(slot).label) for slot in act.case.rules.documents)


def acceptance(act: Act) -> Content:
    """Acceptance, by the desk or by silence; the time limit runs from it (L1 arts. 32, 42)."""
    case = act.case
    accepted, due, days = act.public["accepted_on"], act.public["due_on"], act.public["days"]
    if act.public["deemed"]:
        words = (
            f"你单位提出的下列申请，本机关收到后 {case.intake_days} 个工作日内没有告知是否受理。"
            f"依法自收到申请材料之日（{zh(accepted)}）起即为受理。"
        )
        told = f"The authority did not answer in time: accepted by law as of {en(accepted)}."
    else:
        words = "你单位提出的下列申请，申请材料齐全、符合法定形式，本机关决定予以受理。"
        told = f"Accepted on {en(accepted)}."
    return Content(
        Kind.ACCEPTANCE, "Notice of acceptance",
        (
            text(words),
            rows(
                *case_rows(case), ("生产地址", sites(case)), ("受理日期", zh(accepted)),
                ("办理期限", f"{days} 个工作日，最迟 {zh(due)}作出决定"),
            ),
            text("产品检验、听证、鉴定和专家评审所需时间依法不计入办理期限，有这些情形的另行书面告知。"),
        ),
        (
            f"Application: {about_en(case)}. {told}",
            f"The decision is due within {days} working days, by {en(due)}.",
        ),
        "acceptance",
    )  # fmt: skip


def correction(act: Act) -> Content:
    """The one notice, listing everything that is to be put right (L1 art. 32 ¶1(4); R-31)."""
    case = act.case
    notice = case.correction
    listed = [(TARGETS[row.target].label, row.reason) for row in notice.items.order_by("pk")]
    last = act.public["lapses_after"]
    named = "; ".join(english(label) for label, _reason in listed)
    return Content(
        Kind.CORRECTION, "Notice of correction",
        (
            text("你单位提出的下列申请，需要补正以下全部内容。没有列出的内容，本机关不再提出补正要求。"),
            rows(*case_rows(case), ("补正期限", f"最迟 {zh(last)}提交，逾期申请失效，可以重新申请")),
            items(*((str(label), reason) for label, reason in listed)),
        ),
        (
            f"Application: {about_en(case)}. To be put right, once and completely: {named}.",
            f"Answer by {en(last)}; afterwards the application lapses and may be filed anew.",
        ),
        "acceptance",
    )  # fmt: skip


def non_acceptance(act: Act) -> Content:
    """A refusal to accept on the closed list; a file for another authority is forwarded with it (L1 art. 32; S2)."""
    case = act.case
    refusal = case.acceptance_refusal
    assert case.filing_authority is not None
    ground = Ground(refusal.ground)
    right = refusal.right_authority
    forwarded = (
        (text(
            f"本机关已将申请和材料转送有权机关{right.name_zh}，新的受理编号 {act.public['new_number']}，"
            "首次收到日期保留，不用重新提交。"
        ),)
        if right else ()
    )  # fmt: skip
    missing = "、".join(str(TARGETS[code].label) for code in act.public.get("missing", ()))
    onward = (
        (f"The file has been forwarded to {right.name_en}; nothing is to be sent again.",) if right else ()
    )
    return Content(
        Kind.NON_ACCEPTANCE, "Decision not to accept",
        (
            text("你单位提出的下列申请，依法不予受理。"),
            rows(*case_rows(case), ("不予受理的情形", str(ground.label)), ("仍未补正", missing)),
            text(f"理由：{refusal.explanation}"),
            *forwarded,
        ),
        (
            f"Application: {about_en(case)}. Not accepted: {english(ground.label)}.",
            "The reasons are in the Chinese text.",
            *onward,
            REMEDIES_EN,
        ),
        "acceptance",
        remedies=remedies_text(case.filing_authority),
    )  # fmt: skip


def not_required(act: Act) -> Content:
    """What was applied for needs no licence (L1 art. 32 ¶1(1))."""
    case = act.case
    return Content(
        Kind.NOT_REQUIRED, "Notice that no licence is needed",
        (
            text("你单位提出的下列申请，依法不需要取得工业产品生产许可证，特此告知。"),
            rows(*case_rows(case)),
            text(f"说明：{case.not_required.explanation}"),
        ),
        (f"Application: {about_en(case)}. What was applied for needs no production licence.",),
        "acceptance",
    )  # fmt: skip
