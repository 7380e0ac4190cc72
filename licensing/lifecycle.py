"""The life cycle of an application of any kind: acts, states and the clause each act rests on (DOMAIN §3.2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle.law import Clause
from core.lifecycle.transitions import LifeCycle, Transition
from core.parties.models import Stage
from licensing.kinds import RULES, Kind


class Status(TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    CORRECTION_REQUESTED = "correction_requested", _("待补正")
    NOT_REQUIRED = "not_required", _("不需许可")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    ACCEPTED = "accepted", _("已受理")
    UNDER_REVIEW = "under_review", _("审查中")
    REVIEW_COMPLETED = "review_completed", _("审查完成")
    REVIEW_FAILED = "review_failed", _("审查不合格")
    DECISION_PENDING = "decision_pending", _("待决定")
    GRANTED = "granted", _("准予许可")
    DEEMED_RENEWED = "deemed_renewed", _("视为准予延续")
    REFUSED = "refused", _("不予许可")
    CERTIFICATE_ISSUED = "certificate_issued", _("已发证")
    DELIVERED = "delivered", _("已送达")
    RETRACTED = "retracted", _("已撤回申请")
    LAPSED = "lapsed", _("逾期未补正")
    TERMINATED = "terminated", _("终止办理")


FINAL = frozenset(
    {
        Status.NOT_REQUIRED,
        Status.NOT_ACCEPTED,
        Status.DELIVERED,
        Status.RETRACTED,
        Status.LAPSED,
        Status.TERMINATED,
    }
)
UNDECIDED = frozenset(
    {
        Status.SUBMITTED,
        Status.CORRECTION_REQUESTED,
        Status.ACCEPTED,
        Status.UNDER_REVIEW,
        Status.REVIEW_COMPLETED,
        Status.REVIEW_FAILED,
        Status.DECISION_PENDING,
    }
)
UNDER_CLOCK = UNDECIDED - {Status.SUBMITTED, Status.CORRECTION_REQUESTED}
"""Accepted and undecided: the decision is awaited."""
HELD_ACTS = frozenset({"hold_decision", "recall_decision", "held_decision_lapsed"})
"""A decision before it takes effect: whoever applied learns nothing of it (DOMAIN §3.2)."""
INSIDE = HELD_ACTS | {"propose_extension", "decline_extension", "recuse"}
"""Acts inside the office: they changed nothing for the applicant, who is not told of them."""


def _row(
    act: str, label: object, sources: object, target: Status, duty: str, *clauses: Clause, stage: str = ""
) -> Transition:
    origin = sources if isinstance(sources, frozenset) else frozenset({sources})
    return Transition(act, label, origin, target, duty, clauses, stage)  # type: ignore[arg-type]


def _staying(act: str, label: object, clause: Clause, *duties: str) -> tuple[Transition, Transition]:
    """An act on the clock: while under review and while awaiting the decision, by whom each; the state stays."""
    stages = {"review": Stage.REVIEW, "approval": Stage.APPROVAL}
    review, pending = (
        _row(act, label, status, status, duty, clause, stage=stages.get(duty, ""))
        for status, duty in zip((Status.UNDER_REVIEW, Status.DECISION_PENDING), duties, strict=True)
    )
    return review, pending


L1, L2, SEED = "L1", "L2", "SEED"
IMPARTIAL = (Clause(L1, "第五条"), Clause("DESIGN", "回避"))
HOLDING = Clause("DESIGN", "决定生效前的撤回")
PEOPLE = (Clause(L2, "第十四条"), Clause("DESIGN", "人员和职责管理"))

GRANT_BASIS = RULES[Kind.NEW].basis
REFUSAL_BASIS = (
    Clause(L1, "第三十八条第二款"),
    Clause(L2, "第九条"),
    Clause(L2, "第十九条"),
    Clause(L2, "第二十四条"),
    Clause(L1, "第七十八条"),
    Clause(L1, "第七十九条"),
    Clause(L2, "第五十五条"),
)

LIFE_CYCLE = LifeCycle(
    name="application",
    states={choice.value: choice.label for choice in Status},  # type: ignore[misc]
    final=FINAL,
    transitions=(
        _row(
            "submit",
            _("提交申请"),
            Status.DRAFT,
            Status.SUBMITTED,
            "enterprise",
            Clause(L2, "第十一条"),
            Clause(SEED, "四(二)"),
        ),
        _row(
            "receive_forwarded",
            _("收到转来的申请"),
            Status.DRAFT,
            Status.SUBMITTED,
            "system",
            Clause(L1, "第三十二条第一款第二项"),
        ),
        _row(
            "accept",
            _("受理"),
            Status.SUBMITTED,
            Status.ACCEPTED,
            "acceptance",
            Clause(L1, "第三十二条第一款第五项"),
            stage=Stage.ACCEPTANCE,
        ),
        _row(
            "deem_accepted",
            _("视为受理"),
            Status.SUBMITTED,
            Status.ACCEPTED,
            "system",
            Clause(L1, "第三十二条第一款第四项"),
        ),
        _row(
            "request_correction",
            _("一次告知补正"),
            Status.SUBMITTED,
            Status.CORRECTION_REQUESTED,
            "acceptance",
            Clause(L1, "第三十二条第一款第四项"),
            stage=Stage.ACCEPTANCE,
        ),
        _row(
            "resubmit",
            _("补正后重新提交"),
            Status.CORRECTION_REQUESTED,
            Status.SUBMITTED,
            "enterprise",
            Clause(L1, "第三十二条第一款第五项"),
        ),
        _row(
            "lapse",
            _("逾期未补正"),
            Status.CORRECTION_REQUESTED,
            Status.LAPSED,
            "system",
            Clause("DESIGN", "补正期限"),
        ),
        _row(
            "not_required",
            _("告知不需许可"),
            Status.SUBMITTED,
            Status.NOT_REQUIRED,
            "acceptance",
            Clause(L1, "第三十二条第一款第一项"),
            stage=Stage.ACCEPTANCE,
        ),
        _row(
            "refuse_acceptance",
            _("不予受理"),
            Status.SUBMITTED,
            Status.NOT_ACCEPTED,
            "acceptance",
            Clause(L1, "第三十二条"),
            stage=Stage.ACCEPTANCE,
        ),
        _row(
            "forward_elsewhere",
            _("不属本机关，转有权机关"),
            frozenset({Status.SUBMITTED, Status.UNDER_REVIEW}),
            Status.NOT_ACCEPTED,
            "acceptance",
            Clause(L1, "第三十二条第一款第二项"),
            Clause(L1, "第三十二条第二款"),
            stage=Stage.ACCEPTANCE,
        ),
        _row(
            "open_review",
            _("进入审查"),
            Status.ACCEPTED,
            Status.UNDER_REVIEW,
            "system",
            Clause(L2, "第十四条"),
        ),
        _row(
            "open_decision",
            _("转入待决定（不需审查的申请）"),
            Status.ACCEPTED,
            Status.DECISION_PENDING,
            "system",
            Clause(L1, "第三十四条"),
        ),
        _row(
            "take_review",
            _("承办审查"),
            Status.UNDER_REVIEW,
            Status.UNDER_REVIEW,
            "review",
            Clause(L2, "第十四条"),
            stage=Stage.REVIEW,
        ),
        _row(
            "record_evidence",
            _("登记审查结果"),
            Status.UNDER_REVIEW,
            Status.UNDER_REVIEW,
            "review",
            Clause(L2, "第十四条"),
            stage=Stage.REVIEW,
        ),
        _row(
            "complete_review",
            _("审查完成，报送决定"),
            Status.UNDER_REVIEW,
            Status.REVIEW_COMPLETED,
            "review",
            Clause(L2, "第十四条"),
            stage=Stage.REVIEW,
        ),
        _row(
            "fail_review",
            _("审查不合格，报送决定"),
            Status.UNDER_REVIEW,
            Status.REVIEW_FAILED,
            "review",
            Clause(L2, "第十四条"),
            stage=Stage.REVIEW,
        ),
        _row(
            "forward",
            _("转入待决定"),
            frozenset({Status.REVIEW_COMPLETED, Status.REVIEW_FAILED}),
            Status.DECISION_PENDING,
            "system",
            Clause(L2, "第二十四条"),
        ),
        _row(
            "settle_review",
            _("免于核查、检验已有结论，直接报送决定"),
            Status.UNDER_REVIEW,
            Status.REVIEW_COMPLETED,
            "system",
            Clause(SEED, "四(一)"),
        ),
        _row(
            "reopen_review",
            _("免于或采信的条件不再具备，恢复审查"),
            Status.DECISION_PENDING,
            Status.UNDER_REVIEW,
            "system",
            Clause(SEED, "四(一)"),
        ),
        _row(
            "choose_test_timing",
            _("选择实地核查前检验"),
            Status.UNDER_REVIEW,
            Status.UNDER_REVIEW,
            "enterprise",
            Clause(SEED, "四(三)"),
        ),
        *(
            _row(act, label, Status.DECISION_PENDING, Status.DECISION_PENDING, duty, HOLDING, stage=stage)
            for act, label, duty, stage in (
                ("hold_decision", _("作出决定，等待生效"), "approval", Stage.APPROVAL),
                ("recall_decision", _("撤回尚未生效的决定"), "approval", ""),
            )
        ),
        _row(
            "grant_by_order",
            _("依常设审批令准予许可"),
            Status.DECISION_PENDING,
            Status.GRANTED,
            "system",
            Clause(L1, "第三十八条第一款"),
            Clause(L2, "第二十四条"),
            Clause(SEED, "四(一)"),
        ),
        _row(
            "return_to_review",
            _("退回审查"),
            Status.DECISION_PENDING,
            Status.UNDER_REVIEW,
            "approval",
            Clause(L2, "第二十四条"),
            stage=Stage.APPROVAL,
        ),
        _row(
            "grant",
            _("准予许可"),
            Status.DECISION_PENDING,
            Status.GRANTED,
            "approval",
            Clause(L1, "第三十八条第一款"),
            Clause(L2, "第二十四条"),
            stage=Stage.APPROVAL,
        ),
        _row(
            "refuse",
            _("不予许可"),
            Status.DECISION_PENDING,
            Status.REFUSED,
            "approval",
            Clause(L1, "第三十八条第二款"),
            Clause(L2, "第二十四条"),
            stage=Stage.APPROVAL,
        ),
        _row(
            "deem_renewed",
            _("视为准予延续"),
            UNDER_CLOCK,
            Status.DEEMED_RENEWED,
            "system",
            Clause(L1, "第五十条第二款"),
        ),
        _row(
            "confirm_renewal",
            _("确认延续，制发证书"),
            Status.DEEMED_RENEWED,
            Status.DEEMED_RENEWED,
            "approval",
            Clause(L1, "第五十条第二款"),
            Clause(L1, "第四十四条"),
            stage=Stage.APPROVAL,
        ),
        _row(
            "issue_certificate",
            _("制发证书"),
            frozenset({Status.GRANTED, Status.DEEMED_RENEWED}),
            Status.CERTIFICATE_ISSUED,
            "system",
            Clause(L1, "第四十四条"),
            Clause("ESL", "第十四条"),
        ),
        _row(
            "deliver",
            _("送达"),
            frozenset({Status.CERTIFICATE_ISSUED, Status.REFUSED}),
            Status.DELIVERED,
            "enterprise",
            Clause(L1, "第四十四条"),
        ),
        _row(
            "deliver_notice",
            _("送达注销决定"),
            Status.GRANTED,
            Status.DELIVERED,
            "system",
            Clause(L1, "第四十四条"),
        ),
        _row(
            "terminate",
            _("终止办理"),
            UNDECIDED,
            Status.TERMINATED,
            "system",
            Clause("DESIGN", "终止办理"),
        ),
        *(
            _row(act, label, Status.UNDER_REVIEW, Status.UNDER_REVIEW, duty, *PEOPLE, stage=stage)
            for act, label, duty, stage in (
                ("assign_review", _("指派审查人员"), "head", ""),
                ("take_over", _("代为承办"), "review", Stage.REVIEW),
            )
        ),
        *(
            _row("recuse", _("声明回避"), status, status, "official", *IMPARTIAL)
            for status in (
                Status.SUBMITTED,
                Status.CORRECTION_REQUESTED,
                Status.UNDER_REVIEW,
                Status.DECISION_PENDING,
            )
        ),
        *_staying("pause", _("停计时限"), Clause(L1, "第四十五条"), "review", "approval"),
        *_staying("resume", _("恢复计时"), Clause(L1, "第四十五条"), "review", "approval"),
        *_staying("propose_extension", _("建议延长"), Clause(L1, "第四十二条第一款"), "approval", "approval"),
        *_staying("extend", _("批准延长"), Clause(L1, "第四十二条第一款"), "head", "head"),
        *_staying("decline_extension", _("不批准延长"), Clause(L1, "第四十二条第一款"), "head", "head"),
        _row(
            "retract", _("撤回申请"), UNDECIDED, Status.RETRACTED, "enterprise", Clause("DESIGN", "撤回申请")
        ),
    ),
)
