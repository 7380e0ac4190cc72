"""The acts of a case in words, as its time line tells them: what happened, who did it, on which ground."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.ledger.queries import TimelineRow
from core.lifecycle.dates import SHANGHAI
from licensing.actions.decision import EvidenceInsufficient
from licensing.actions.effects import LicenceEnded
from licensing.actions.filing import Barred
from licensing.correction import TARGETS
from licensing.lifecycle import HELD_ACTS
from licensing.models import AcceptanceRefusal, Outcome, PauseEnd, PauseGround, RecusalReason, Track
from licensing.verdict_words import TITLES as VERDICTS

TITLES = {
    "licensing.submit": _("企业提交了申请"),
    "licensing.receive_forwarded": _("收到转来的申请"),
    "licensing.accept": _("受理"),
    "licensing.deem_accepted": _("视为受理"),
    "licensing.request_correction": _("一次告知补正"),
    "licensing.correction_reminder": _("提醒企业补正"),
    "licensing.resubmit": _("企业提交了补正"),
    "licensing.lapse": _("逾期未补正，申请终止"),
    "licensing.not_required": _("告知不需许可"),
    "licensing.forward_elsewhere": _("不属本机关，转有权机关"),
    "licensing.refuse_acceptance": _("不予受理"),
    "licensing.open_review": _("进入审查"),
    "licensing.take_review": _("审查人员承办"),
    "licensing.record_evidence": _("登记审查结果"),
    "licensing.complete_review": _("审查完成，报送决定"),
    "licensing.fail_review": _("审查不合格，报送决定"),
    "licensing.forward": _("转入待决定"),
    "licensing.return_to_review": _("退回审查"),
    "licensing.grant": _("准予许可"),
    "licensing.refuse": _("不予许可"),
    "licensing.issue_certificate": _("电子证书已签发"),
    "licensing.deliver": _("送达"),
    "licensing.retract": _("企业撤回申请"),
    "licensing.hand_over": _("审查人员变更"),
    "licensing.assign_review": _("指派审查人员"),
    "licensing.take_over": _("代为承办审查"),
    "licensing.recuse": _("声明回避"),
    "licensing.take_back": _("委托机关收回办理"),
    "licensing.due_recomputed": _("节假日安排变动，期限重新计算"),
    "licensing.pause": _("时限停计"),
    "licensing.resume": _("程序结束"),
    "licensing.propose_extension": _("建议延长时限"),
    "licensing.extend": _("批准延长时限"),
    "licensing.decline_extension": _("没有批准延长"),
    "licensing.open_decision": _("转入待决定"),
    "licensing.deem_renewed": _("视为准予延续"),
    "licensing.confirm_renewal": _("确认延续，制发证书"),
    "licensing.deliver_notice": _("注销决定送达"),
    "licensing.licence_replaced": _("许可证换为省级许可证，申请继续办理"),
    "licensing.terminate": _("终止办理"),
    "licensing.evidence_weighed": _("核对免于和采信的条件"),
    "licensing.settle_review": _("免于核查、检验已有结论，直接报送决定"),
    "licensing.reopen_review": _("免于或采信的条件不再具备，恢复审查"),
    "licensing.choose_test_timing": _("企业选择实地核查前检验"),
    "licensing.grant_by_order": _("准予许可"),
    "licensing.hold_decision": _("作出决定，等待生效"),
    "licensing.recall_decision": _("撤回尚未生效的决定"),
    "licensing.held_decision_lapsed": _("决定没有生效"),
}
LEGAL = frozenset(
    f"licensing.{act}"
    for act in (
        "accept",
        "deem_accepted",
        "request_correction",
        "not_required",
        "refuse_acceptance",
        "forward_elsewhere",
        "lapse",
        "pause",
        "resume",
        "extend",
        "grant",
        "grant_by_order",
        "refuse",
        "issue_certificate",
        "deem_renewed",
        "confirm_renewal",
        "terminate",
    )
)
SYSTEM_STEPS = frozenset({"licensing.open_review", "licensing.open_decision", "licensing.forward"})


def timeline_items(rows: Iterable[TimelineRow]) -> list[dict[str, Any]]:
    """Acts as the time line component draws them; steps of the system itself are left out."""
    return [
        {"title": TITLES.get(row.act, row.act), "at": row.effective_at, "law": row.act in LEGAL, "text": _facts(row),
         "note": _note(row)}
        for row in rows
        if row.act not in SYSTEM_STEPS
    ]  # fmt: skip


def _facts(row: TimelineRow) -> str:
    public = row.public
    if row.act == "licensing.record_evidence":
        result = (Track(public["track"]).label, Outcome(public["outcome"]).label, public["concluded_on"])
        return " · ".join(str(part) for part in (*result, row.personal.get("verifiers")) if part)
    if row.act in HANDS:
        return _hands(row.personal)
    if row.act in ("licensing.accept", "licensing.deem_accepted"):
        return _decide_by(public)
    if row.act in ("licensing.pause", "licensing.resume"):
        return _paused(row)
    if row.act == "licensing.extend":
        days = str(_("延长 %(days)s 个工作日")) % {"days": public["days"]}
        return " · ".join(filter(None, [days, _decide_by(public)]))
    if row.act in ("licensing.grant", "licensing.grant_by_order"):
        return _granted(public)
    if row.act in WEIGHED:
        return _evidence(public)
    if row.act.removeprefix("licensing.") in HELD_ACTS:
        return _held(row.internal)
    if row.act == "licensing.refuse_acceptance":
        return str(AcceptanceRefusal.Ground(public["ground"]).label)
    if row.act == "licensing.forward_elsewhere":
        return str(_("新的编号 %(number)s")) % {"number": public["new_number"]}
    if row.act == "licensing.receive_forwarded":
        return str(_("原编号 %(number)s，首次收到 %(day)s")) % {
            "number": public["from"], "day": public["first_received_on"]}  # fmt: skip
    if row.act == "licensing.request_correction":
        return str(_("、")).join(str(TARGETS[code].label) for code in public["targets"])
    if row.act == "licensing.correction_reminder":
        return str(_("最迟 %(day)s 提交")) % {"day": public["lapses_after"]}
    if row.act == "licensing.resubmit":
        return str(_("、")).join(str(TARGETS[code].label) for code in public["changed"])
    if row.act == "licensing.licence_replaced":
        return f"{public['replaces']} → {public['licence']}"
    if row.act == "licensing.due_recomputed":
        return " · ".join(
            part for part in (f"{public['from']} → {public['to']}", public.get("notice")) if part
        )
    return (
        str(row.personal.get("reasons", ""))
        if row.act == "licensing.return_to_review" and row.actor_label
        else ""
    )


def _paused(row: TimelineRow) -> str:
    """A procedure that stopped the clock, or its end and what follows."""
    public, ground = row.public, PauseGround(row.public["ground"]).label
    if row.act == "licensing.pause":
        return str(_("%(ground)s，自 %(day)s 起，预计到 %(until)s")) % {
            "ground": ground, "day": public["from"], "until": public["expected_until"]}  # fmt: skip
    over = str(_("%(ground)s，%(day)s 结束")) % {"ground": ground, "day": public["to"]}
    why = str(PauseEnd(public["because"]).label) if public["because"] == PauseEnd.BARRED else ""
    then = _decide_by(public) or str(_("另一项程序还在进行，时限仍停计"))
    return " · ".join(filter(None, [over, why, then]))


WEIGHED = frozenset({"licensing.evidence_weighed", "licensing.reopen_review"})


def _evidence(public: dict[str, Any]) -> str:
    """What the rules now say of a track, or on which tracks they changed their mind."""
    if "tracks" in public:
        return str(_("、")).join(str(Track(track).label) for track in public["tracks"])
    return str(VERDICTS[public["track"], public["outcome"]])


def _granted(public: dict[str, Any]) -> str:
    """The number, and the order where the system granted (R-85)."""
    number = str(_("证书编号 %(number)s")) % {"number": public["licence_number"]}
    if "order" not in public:
        return number
    return " · ".join([number, str(_("由系统依常设审批令 %(order)s 作出")) % {"order": public["order"]}])


def _held(internal: dict[str, Any]) -> str:
    """A decision before it took effect: for officials alone, as every word of it."""
    if "because" in internal:
        return str(LAPSED.get(internal["because"], _("其间情况有变，请重新决定")))
    said = str(HELD[internal["decision"]])
    if "effective_at" not in internal:
        return said
    at = datetime.fromisoformat(internal["effective_at"]).astimezone(SHANGHAI)
    return str(_("%(decision)s，%(time)s 生效")) % {"decision": said, "time": at.strftime("%H:%M")}


HELD = {"grant": _("准予许可"), "refuse": _("不予许可")}
LAPSED = {
    "evidence": _("免于或采信的条件不再具备"),
    EvidenceInsufficient.code: EvidenceInsufficient.message,
    Barred.code: _("企业在不得申请的期限内"),
    LicenceEnded.code: _("许可证已不在有效状态"),
}
"""Why a held decision did not take effect, by the code of what forbade it."""

HANDS = frozenset({"licensing.assign_review", "licensing.take_over", "licensing.recuse"})


def _hands(personal: dict[str, str]) -> str:
    """Who got the case, for whom, and why: for officials, the names and reasons are personal."""
    found = []
    if "to" in personal:
        found.append(str(_("指派给%(name)s")) % {"name": personal["to"]})
    if "for" in personal:
        found.append(str(_("原承办人%(name)s")) % {"name": personal["for"]})
    if "ground" in personal:
        found.append(str(RecusalReason(personal["ground"]).label))
    return " · ".join([*found, *(personal[key] for key in ("reason", "explanation") if key in personal)])


def _decide_by(public: dict[str, Any]) -> str:
    """The due date as an act left it; nothing while it is unknown."""
    return str(_("最迟 %(day)s 作出决定")) % {"day": public["due_on"]} if public["due_on"] else ""


def _note(row: TimelineRow) -> str:
    who = " ".join(part for part in (row.organisation_label, row.actor_label) if part)
    if row.actor_kind == "system":
        who = row.organisation_label or str(_("系统"))
    basis = str(_("、")).join(str(clause) for clause in row.basis if clause.instrument != "DESIGN")
    return " · ".join(part for part in (who, basis) if part)
