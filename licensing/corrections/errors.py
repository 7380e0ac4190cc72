"""Why something is no correction, or cannot be done now: stable codes, each at the field that caused it."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Conflict, Invalid, Moved, NotAllowed


class NotYourCorrection(NotAllowed):
    code = "corrections.not_yours"
    message = _("这张许可证的更正不由你提出或者批准：由办理、发证机关提出，发证机关的审批人员批准")


class ProposerDecides(NotAllowed):
    code = "corrections.proposer_decides"
    message = _("提出或者确认更正的人不能自己批准")


class OwnInterest(NotAllowed):
    code = "corrections.own_interest"
    message = _("你代表持证企业，不能办理这件更正")


class NotAuthorised(NotAllowed):
    code = "corrections.not_authorised"
    message = _("请求更正由法定代表人，或由其授权且授权在有效期内的代理人提出")


class NoSuchLicence(Invalid):
    code = "corrections.no_such_licence"
    message = _("没有这个证书编号，或者不由你所在的机关办理")


class LicenceEnded(Conflict):
    code = "corrections.licence_ended"
    message = _("许可证 %(number)s 今天不在有效状态，不能更正")


class RenewalUnwritten(Conflict):
    code = "corrections.renewal_unwritten"
    message = _("许可证 %(number)s 依法视为准予延续，正在登记。请稍后再办")


class RenewalToConfirm(Conflict):
    code = "corrections.renewal_to_confirm"
    message = _("许可证 %(number)s 已视为准予延续。请先确认延续、制发证书，再办更正")


class OpenAlready(Conflict):
    code = "corrections.open_already"
    message = _("许可证 %(number)s 已有一件更正在办")


class AskedAlready(Conflict):
    code = "corrections.asked_already"
    message = _("许可证 %(number)s 已有一件更正请求在办")


class RequestElsewhere(Conflict):
    code = "corrections.request_elsewhere"
    message = _("这件请求不是这张许可证的，或者已经答复")


class CorrectionMoved(Moved):
    code = "corrections.moved"
    message = _("你打开页面之后，这件更正有了新的进展。请看过最新情况再办")


class LicenceMoved(Moved):
    code = "corrections.licence_moved"
    message = _("提出更正之后，这张许可证上又办了别的事。请提出方核对现在的内容，重新确认后再批准")


class NothingMoved(Conflict):
    code = "corrections.nothing_moved"
    message = _("许可证没有变动，不用重新确认")


class NothingWrong(Invalid):
    code = "corrections.nothing_wrong"
    message = _("填的和证书上现在印的一样，没有要更正的")


class UnknownWord(Invalid):
    code = "corrections.unknown_word"
    message = _("证书上没有这一项：%(key)s")


class WordMissing(Invalid):
    code = "corrections.word_missing"
    message = _("请填上正确的内容。更正不能去掉证书上的一项")


class WordTooLong(Invalid):
    code = "corrections.word_too_long"
    message = _("最多 %(limit)s 个字")


class NotPrintable(Invalid):
    code = "corrections.not_printable"
    message = _("证书的字体印不出：%(characters)s")


class OtherHolder(Invalid):
    code = "corrections.other_holder"
    message = _("这不是持证企业的统一社会信用代码（%(uscc)s）。许可证不能改给别的企业")


class OtherPlace(Invalid):
    code = "corrections.other_place"
    message = _("区县不同，就不是同一个地方：地址须以“%(place)s”开头。搬迁由企业申请")


class OtherScope(Invalid):
    code = "corrections.other_scope"
    message = _("“%(name)s”是目录里的另一项。增加、减少许可范围不是更正")


class IsAChange(Invalid):
    code = "corrections.is_a_change"
    message = _("这是企业自己的变化，不是机关的差错：由企业申请变更")


class DatesRight(Invalid):
    code = "corrections.dates_right"
    message = _("日期与决定依法给的相符，没有要更正的")


class TermUnknown(Invalid):
    code = "corrections.term_unknown"
    message = _("这张许可证在本系统里没有作出决定的案卷，依法应有的期限无从核对，日期不能在这里更正")


class TermNotLawful(Invalid):
    code = "corrections.term_not_lawful"
    message = _("更正后的有效期只能是决定依法给的：%(first)s至 %(last)s")


class IssueNotLawful(Invalid):
    code = "corrections.issue_not_lawful"
    message = _("更正后的发证日期只能是制发这张证书的那一天：%(day)s")


class RenewalOpen(Conflict):
    code = "corrections.renewal_open"
    message = _("有延续申请在办，作出决定之前不更正日期")


class NumberReasonMissing(Invalid):
    code = "corrections.number_reason_missing"
    message = _("请写明编号错在哪里")


class NoCertificateCode(Invalid):
    code = "corrections.no_certificate_code"
    message = _("该产品类别没有证书编号代码，不能取新的编号")


class ReasonMissing(Invalid):
    code = "corrections.reason_missing"
    message = _("请写明错在哪里、怎么错的")


class SourceMissing(Invalid):
    code = "corrections.source_missing"
    message = _("请选择案卷里哪一份材料写着正确的内容")


class SourceNoteMissing(Invalid):
    code = "corrections.source_note_missing"
    message = _("请写明是哪一份材料")


class ExplanationMissing(Invalid):
    code = "corrections.explanation_missing"
    message = _("请写明哪里错了、正确的是什么")


class AnswerMissing(Invalid):
    code = "corrections.answer_missing"
    message = _("请写明理由，企业会看到")
