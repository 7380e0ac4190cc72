"""Words of the public register: stages of a case, acts on a licence, three answers about a certificate."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.authenticity import Finding
from core.lifecycle.dates import SHANGHAI
from licensing.lifecycle import Status
from register.need import Answer
from register.queries.licences import EventView
from register.queries.need import Step
from register.queries.progress import ProgressView
from register.queries.verification import Verification

register = template.Library()

EVENTS: dict[str, Promise] = {
    "licensing.licence_granted": _("首次发证"),
    "licensing.licence_imported": _("发证（纸质证书，记录由档案导入）"),
    "licensing.licence_renewed": _("延续"),
    "licensing.licence_deemed_renewed": _("视为准予延续"),
    "licensing.licence_confirmed": _("延续的证书已制发"),
    "licensing.licence_changed": _("变更名称或者地址"),
    "licensing.licence_conditions_changed": _("生产条件变更，经审查合格"),
    "licensing.licence_relocated": _("迁址，经审查合格"),
    "licensing.licence_extended": _("增项"),
    "licensing.certificate_replaced": _("补发证书"),
    "licensing.licence_corrected": _("更正"),
    "licensing.licence_renumbered": _("编号有误，此后用更正后的编号"),
    "licensing.licence_expired": _("有效期届满"),
    "licensing.licence_deregistered": _("注销"),
    "certificates.issued": _("电子证书签发，第 %(version)s 版"),
}
STEPS: dict[str, Promise] = {
    "submitted": _("提交"),
    "accepted": _("受理"),
    "reviewed": _("审查"),
    "decided": _("决定"),
    "issued": _("发证"),
    "not_accepted": _("不予受理"),
    "refused": _("不予许可"),
    "retracted": _("申请人撤回"),
    "not_required": _("不需许可"),
    "lapsed": _("逾期未补正"),
    "terminated": _("终止办理"),
}
_STOPPED = frozenset({Status.NOT_ACCEPTED, Status.REFUSED, Status.LAPSED, Status.TERMINATED})
_DONE = frozenset({Status.GRANTED, Status.DEEMED_RENEWED, Status.CERTIFICATE_ISSUED, Status.DELIVERED})


@register.filter
def clocktime(value: datetime) -> str:
    """15:20, in Shanghai."""
    return value.astimezone(SHANGHAI).strftime("%H:%M")


@register.filter
def event_title(event: EventView) -> str:
    """One line of a licence's history in words; an act this page does not know yet shows its code."""
    return str(EVENTS.get(event.kind, event.kind)) % {"version": event.version}


@register.filter
def case_status_label(status: str) -> Any:
    """The state of a case in the words of DOMAIN §3.2."""
    return Status(status).label


@register.filter
def case_tone(status: str) -> str:
    """Tone of the pill beside the number."""
    if status in _STOPPED:
        return "stop"
    if status in (Status.RETRACTED, Status.NOT_REQUIRED):
        return ""
    if status == Status.CORRECTION_REQUESTED:
        return "wait"
    return "ok" if status in _DONE else "go"


@register.filter
def rail_steps(case: ProgressView) -> list[dict[str, Any]]:
    """The stations as the rail component draws them."""
    return [
        {"label": STEPS[step.key], "who": "", "when": _day(step.on), "state": step.state}
        for step in case.steps
    ]


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


@dataclass(frozen=True)
class Words:
    """A verdict in words: the headline, what to do, and the three answers."""

    title: Any
    text: Any
    answers: tuple[dict[str, Any], ...]


_TITLES: dict[Finding, tuple[Promise, Promise]] = {
    Finding.NOT_A_PDF: (
        _("这不是 PDF 文件"),
        _("请上传电子证书的原文件，不要上传照片、截图或压缩包。"),
    ),
    Finding.TOO_LARGE: (
        _("文件超过 10 MB"),
        _("电子证书不会这么大，请确认选对了文件。"),
    ),
    Finding.DAMAGED: (
        _("这份文件不可信：内容损坏，无法读取"),
        _("请向持证企业索取原文件，或者按证书编号查登记。"),
    ),
    Finding.NOT_SIGNED: (
        _("这份文件不可信：没有发证机关的签名"),
        _("打印后扫描或另存的文件会丢失签名。请索取原文件，或者按证书编号查登记。"),
    ),
    Finding.SIGNED_BY_ANOTHER: (
        _("这份文件不可信：不是发证机关签的"),
        _("签名人不在本系统信任的签发机构之列。请不要据此认为企业已获许可，可以按证书编号查登记。"),
    ),
    Finding.ALTERED: (
        _("这份文件不可信：签发之后被改动过"),
        _("其中的内容与发证机关签名时不同。请以登记为准。"),
    ),
    Finding.CHANGED_AFTER_SIGNING: (
        _("这份文件不可信：签发之后被追加了内容"),
        _("看到的可能不是发证机关签名的内容。请以登记为准。"),
    ),
    Finding.NO_FACTS: (
        _("这份文件不可信：不是许可证书，也不是文书"),
        _("签名来自发证机关，但文件里没有许可证书或者文书的内容。"),
    ),
}
_WORDS: dict[str, Promise] = {
    "yes": _("是"), "no": _("否"), "unknown": _("无法判断"), "none": _("没有有效期"),
}  # fmt: skip


@register.filter
def verification_words(result: Verification) -> Words:
    """Three separate answers and a headline; never "unlicensed" (DOMAIN §7.4)."""
    title, text = _headline(result)
    return Words(
        title,
        text,
        (
            _answer(_("是发证机关签发的吗？"), result.authentic, _authentic_note(result)),
            _answer(_("签发之后没有改动吗？"), result.unaltered, _unaltered_note(result)),
            _answer(_("今天有效吗？"), result.in_force, _in_force_note(result)),
        ),
    )


def _headline(result: Verification) -> tuple[Any, Any]:
    if not result.verdict.genuine:
        return _TITLES[result.verdict.finding]
    if result.is_document:
        return _document_headline(result)
    if result.licence is None:
        return _("证书真实，但本系统中没有查到这份许可证"), _("没有查到不等于没有许可，请向发证机关询问。")
    if result.contradicted:
        return _("签名有效，但与登记的证书不符"), _("请勿采信，并把这份文件告知发证机关。")
    if result.superseded:
        return _("证书真实，但已有更新的版本"), _("请向持证企业索取最新的证书，或者看登记。")
    if not result.licence.in_force:
        return _("证书真实，但今天不在有效期内或许可已终止"), _("签名证明它当时是真的，不证明许可现在有效。")
    return _("证书真实、未被改动，许可今天有效"), _("以下内容读自证书本身，状态读自登记。")


def _document_headline(result: Verification) -> tuple[Any, Any]:
    if result.registered is None:
        return _("签名有效，但本系统中没有查到这份文书"), _("没有查到不等于没有作出，请向署名机关询问。")
    if result.contradicted:
        return _("签名有效，但与登记的文书不符"), _("请勿采信，并把这份文件告知署名机关。")
    return _("文书真实、未被改动"), _("以下内容读自文书本身。它说的是当时的事，许可现在是否有效请查登记。")


def _answer(question: Promise, answer: str, note: Any) -> dict[str, Any]:
    return {"question": question, "answer": answer, "word": _WORDS[answer], "note": note}


def _authentic_note(result: Verification) -> Any:
    if result.verdict.authentic:
        return _("签名者：%(signer)s") % {"signer": result.verdict.signer}
    return _("没有找到本系统信任的签发机构的签名")


def _unaltered_note(result: Verification) -> Any:
    if result.unaltered == "unknown":
        return _("没有可信的签名，就没有可以对照的原样")
    return _("与签名时逐字节相同") if result.unaltered == "yes" else _("与签名时不同")


def _in_force_note(result: Verification) -> Any:
    if result.verdict.document:
        title = result.verdict.document.title
        return _("这是一份%(title)s，文书没有有效期") % {"title": title}
    if result.licence is None:
        return _("文件不可信，或者本系统中没有查到许可证；可以按证书编号查登记")
    return _("登记状态：%(status)s") % {"status": result.licence.status_label}


_NEED: dict[str, tuple[str, Promise, Promise]] = {
    "needed": ("wait", _("需要生产许可证"), _("这类产品在目录里。取得许可证之前不得生产。")),
    "licensed_goods": (
        "ok",
        _("不需要申请生产许可证"),
        _("许可证由生产企业取得。但没有许可证的这类产品，任何单位和个人不得销售，也不得在经营活动中使用。"),
    ),
    "other_law": (
        "",
        _("进口另有规定"),
        _(
            "列入目录产品的进出口，按法律、行政法规和国家有关规定办理，不由这份目录回答。在境内生产这类产品，需要许可证。"
        ),
    ),
    "delisted": ("ok", _("不需要生产许可证"), _("这类产品自 %(since)s 起不再实行生产许可管理。")),
    "not_yet": (
        "wait",
        _("现在不需要，将来需要"),
        _(
            "这类产品自 %(since)s 起列入目录。从那天起，没有许可证不得生产；没有许可证的产品不得销售或在经营中使用。"
        ),
    ),
    "unlisted": ("ok", _("不需要生产许可证"), _("这类产品不在目录里。")),
}
_NEED_STEPS: dict[str, Promise] = {
    "intake": _(
        "收到申请后 %(days)s 个工作日内：受理，或者一次告知要补正的全部内容；逾期不告知，自收到之日起视为受理"
    ),
    "onsite": _("受理后 %(days)s 个工作日内：实地核查"),
    "decision": _("受理后 %(days)s 个工作日内：作出决定"),
    "delivery": _("决定后 %(days)s 个工作日内：发给并送达证书"),
}


@register.filter
def need_tone(answer: Answer) -> str:
    """Tone of the answer's banner."""
    return _NEED[answer.code][0]


@register.filter
def need_title(answer: Answer) -> Promise:
    """The answer in one line."""
    return _NEED[answer.code][1]


@register.filter
def need_text(answer: Answer, since: str) -> str:
    """The answer in a sentence or two; `since` is the day of the change in words."""
    return str(_NEED[answer.code][2]) % {"since": since}


@register.filter
def need_step(step: Step) -> str:
    """One step of the procedure with its limit."""
    return str(_NEED_STEPS[step.key]) % {"days": step.limit.days}
