"""Decisions: grant, refusal with remedies, a renewal the law gave, deregistration on request (L1 arts. 38, 50, 70)."""

from dataclasses import replace

from certificates.documents.facts import Kind as Paper
from certificates.documents.facts import items, rows, text
from certificates.facts import CertificateFacts
from certificates.models import Certificate
from core.lifecycle.dates import shanghai_date
from licensing.check_words import items_of, kept_checks
from licensing.documents.frame import Act, Content, about_en, case_rows, en, zh
from licensing.kinds import Kind
from licensing.remedies import REMEDIES_EN

CERTIFICATE = (
    "电子许可证证书由本机关另行制发，自本决定之日起十日内送达。请按许可的范围组织生产，并接受监督检查。"
)
GRANTS: dict[str, tuple[str, str, str, str]] = {
    Kind.RENEWAL: (
        "准予延续决定书", "Decision granting renewal", "经审查，符合法定条件，准予延续。", "The renewal is granted.",
    ),
    Kind.CHANGE: (
        "准予变更决定书", "Decision granting a change", "经审查，符合规定，准予变更。", "The change is granted.",
    ),
    Kind.REPLACEMENT: (
        "准予补领决定书", "Decision granting a replacement", "经审查，符合规定，准予补领证书，原证书不再使用。",
        "A replacement certificate is granted; the earlier one is void.",
    ),
}  # fmt: skip
GRANTED = (
    "准予许可决定书", "Decision granting a licence", "经审查，符合取得工业产品生产许可证的法定条件，准予许可。",
    "The licence is granted.",
)  # fmt: skip


def _ordered(act: Act) -> CertificateFacts:
    """What the certificate says that the act ordered: the licence as it was granted, whatever was granted since."""
    number, version = act.public["licence_number"], act.case.licence_version
    assert version is not None
    return Certificate.objects.get(licence_number=number, licence_version=version).printed


def grant(act: Act) -> Content:
    """What is granted, under which number and until when; a deregistration has a paper of its own kind."""
    case = act.case
    if case.kind == Kind.DEREGISTRATION:
        return _deregistered(act)
    licence = _ordered(act)
    title, title_en, words, told = GRANTS.get(case.kind, GRANTED)
    return Content(
        Paper.GRANT, title_en,
        (
            text(f"你单位提出的下列申请，{words}"),
            rows(*case_rows(case), *_granted(licence)),
            text(CERTIFICATE),
        ),
        (
            f"Application: {about_en(case)}. {told}",
            f"Licence {licence.licence_number}, valid from {en(licence.valid_from)} until {en(licence.valid_until)}. "
            "The electronic certificate follows.",
        ),
        "approval",
        title=title,
    )  # fmt: skip


def grant_by_order(act: Act) -> Content:
    """A renewal granted under a standing order: what it rests on and what was checked stand on the paper (R-85)."""
    granted, decided = grant(act), act.case.decision
    order = decided.standing_order
    assert order is not None
    said = text(
        f"本决定由系统依据本机关 {zh(shanghai_date(order.signed_at))}签署的常设审批令 {order.number} 作出，"
        f"适用规则版本 {decided.rules_version}。作出决定前逐项核对："
    )
    checked = items(
        *((row["text"], row["note"]) for row in items_of(kept_checks(decided.checked), inside=False))
    )
    return replace(
        granted,
        body=(*granted.body, said, checked),
        summary=(
            *granted.summary,
            f"Made by the system under standing order {order.number} of this authority.",
        ),
    )


def _granted(licence: CertificateFacts) -> tuple[tuple[str, str], ...]:
    return (
        ("许可证编号", licence.licence_number), ("企业名称", licence.holder_name), ("住所", licence.registered_address),
        ("生产地址", "；".join(licence.production_addresses)),
        ("有效期", f"{zh(licence.valid_from)}至 {zh(licence.valid_until)}"),
    )  # fmt: skip


def _deregistered(act: Act) -> Content:
    number = act.public["licence_number"]
    return Content(
        Paper.DEREGISTRATION, "Decision on deregistration",
        (
            text("你单位提出的注销申请，经审查，符合规定，准予注销。许可证自本决定之日起注销，并予公布。"),
            rows(*case_rows(act.case), ("许可证编号", number), ("注销日期", zh(act.day))),
            text("注销之后，不得再据该许可证生产列入目录的产品；继续生产须重新取得许可。"),
        ),
        (
            f"Application: {about_en(act.case)}. Licence {number} is deregistered as of {en(act.day)}; it no "
            "longer covers production.",
        ),
        "approval",
    )  # fmt: skip


def refusal(act: Act) -> Content:
    """Reasons, provisions and where to turn: a refusal is never without them (L1 art. 38 ¶2; R-4)."""
    case, made = act.case, act.case.decision
    assert case.accepted_on is not None
    return Content(
        Paper.REFUSAL, "Decision refusing a licence",
        (
            text(
                f"你单位提出的下列申请，本机关于 {zh(case.accepted_on)}受理。经审查，不符合法定条件、标准，"
                "现依法作出不予许可的决定。"
            ),
            rows(*case_rows(case)),
            text(f"理由：{made.reasons}"),
        ),
        (f"Application: {about_en(case)}. It is refused; the reasons are in the Chinese text.", REMEDIES_EN),
        "approval",
        remedies=made.remedies,
    )  # fmt: skip


def renewal(act: Act) -> Content:
    """The confirmation of a renewal that the law has granted; there was nothing left to decide (L1 art. 50 ¶2)."""
    case, licence = act.case, _ordered(act)
    assert case.term_ends_on is not None and case.deemed_renewal_on is not None
    return Content(
        Paper.RENEWAL, "Confirmation of a renewal by law",
        (
            text(
                f"你单位按时提出的延续申请，到许可证有效期届满（{zh(case.term_ends_on)}）没有作出决定，"
                f"依法自 {zh(case.deemed_renewal_on)}起视为准予延续，现予确认。"
            ),
            rows(*case_rows(case), *_granted(licence)),
            text(CERTIFICATE),
        ),
        (
            f"Application: {about_en(case)}. Nobody decided by {en(case.term_ends_on)}: renewed by law as of "
            f"{en(case.deemed_renewal_on)}, hereby confirmed.",
            f"Licence {licence.licence_number}, valid until {en(licence.valid_until)}. "
            "The electronic certificate follows.",
        ),
        "approval",
    )  # fmt: skip
