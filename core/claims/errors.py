"""Refusals of claims and powers of attorney, each with a stable code."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Conflict, Invalid, NotAllowed


class AlreadyRepresentative(Invalid):
    code = "claims.already_representative"
    message = _("你已经是这家企业的法定代表人账号，不必再认领")


class AlreadyMember(Invalid):
    code = "claims.already_member"
    message = _("你已经是这家企业的代理人，不必再认领")


class ClaimOpenAlready(Conflict):
    code = "claims.open_already"
    message = _("你对这家企业的认领还没有办结，请在“我的企业”里继续")


class TooManyClaims(Invalid):
    code = "claims.too_many"
    message = _("你有 %(count)s 家企业的认领还没有办结。请先办结或者撤回其中的，再认领别的企业")


class RefusedTooOften(Invalid):
    code = "claims.refused_too_often"
    message = _("你对这家企业的认领一年内已有 %(count)s 次未通过。请带证件和盖章材料到许可机关当面办理")


class NoAuthority(Invalid):
    code = "claims.no_authority"
    message = _("这个地方没有对应的许可机关，请核对营业执照上的住所")


class NotYourClaim(NotAllowed):
    code = "claims.not_yours"
    message = _("这件认领不由你办理")


class OwnInterest(NotAllowed):
    code = "claims.own_interest"
    message = _("认领人是你自己，或者你代表这家企业，须由别人办理")


class Stale(Conflict):
    code = "claims.stale"
    message = _("你打开页面之后，这件认领已经有了新的进展。请看过最新情况再办")


class NothingToReview(Conflict):
    code = "claims.nothing_to_review"
    message = _("认领人还没有提交授权书，或者已改由企业的法定代表人决定")


class StatedAlready(Conflict):
    code = "claims.stated_already"
    message = _("你的意见已经提交过。每一方只陈述一次")


class HolderNotHeard(Conflict):
    code = "claims.holder_not_heard"
    message = _("现任法定代表人账号还没有陈述意见，%(until)s 之前可以陈述；在那之前不能裁定由认领人接任")


class IdentityExpired(Conflict):
    code = "claims.identity_expired"
    message = _("这次身份认证已经用过或者超过 10 分钟。请重新认证")


class IdentityFailed(Conflict):
    code = "claims.identity_failed"
    message = _("身份认证没有完成：%(reason)s。认领没有变化，可以重新认证，或者改用盖章授权书")


class IdentityUnavailable(Conflict):
    code = "claims.identity_unavailable"
    message = _("身份认证平台现在连不上。认领没有变化，请稍后再试，或者改用盖章授权书")


class IdentityOfAnother(Conflict):
    code = "claims.identity_of_another"
    message = _("身份认证的结果是另一家企业（代码 %(uscc)s），与认领的代码不符。认领没有变化")


class NotOffered(Conflict):
    code = "claims.identity_not_offered"
    message = _("本平台没有接入身份认证，请用盖章授权书")


class NotRepresentative(NotAllowed):
    code = "claims.not_representative"
    message = _("只有企业的法定代表人账号可以管理代理人")


class AddressMalformed(Invalid):
    code = "claims.address_malformed"
    message = _("请填写对方的用户名或者邮箱，例如 zhangsan 或 zhangsan@example.com")


class InvitedAlready(Conflict):
    code = "claims.invited_already"
    message = _("已经邀请过这个账号，正在等对方接受")


class InvitationClosed(Conflict):
    code = "claims.invitation_closed"
    message = _("这份邀请已经答复、撤回或者过期")


class NotAnAgent(Conflict):
    code = "claims.not_an_agent"
    message = _("这个人现在不是企业的代理人，页面已经更新")


class PowerOverlaps(Invalid):
    code = "claims.power_overlaps"
    message = _(
        "这段时间与已有的授权（%(first)s 至 %(last)s）重叠。要延长，请从那一份续期；要缩短，请先收回它"
    )


class PowerEndedAlready(Invalid):
    code = "claims.power_ended_already"
    message = _("截止日已经过去，这样的授权没有效力。请填写今天或以后的日期")


class PowerStartsBeforeToday(Invalid):
    code = "claims.power_starts_before_today"
    message = _("授权不能从过去的日子开始，最早从今天起")


class PowerStartsTooLate(Invalid):
    code = "claims.power_starts_too_late"
    message = _("授权最迟在一年内开始")


class PowerEndsBeforeStart(Invalid):
    code = "claims.power_ends_before_start"
    message = _("截止日早于开始日，请核对")


class PowerTooLong(Invalid):
    code = "claims.power_too_long"
    message = _("一份授权最长三年，这份最晚到 %(latest)s。到期前可以续期")


class PowerGone(Conflict):
    code = "claims.power_gone"
    message = _("这份授权已经收回，或者已经到期")
