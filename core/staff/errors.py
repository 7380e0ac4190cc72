"""What can be wrong with an act on people, each with a stable code."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Conflict, Invalid, NotAllowed


class NotTheirAdministrator(NotAllowed):
    code = "staff.not_their_administrator"
    message = _("你不是这个单位的管理员，不能办理")


class NotOneself(NotAllowed):
    code = "staff.not_oneself"
    message = _("不能给自己办理，请由另一位管理员办理")


class SuperiorOnlyAppointsAdministrators(NotAllowed):
    code = "staff.superior_only_appoints_administrators"
    message = _("对下级单位只能任免其单位管理员")


class NotAtThisLevel(Invalid):
    code = "staff.not_at_this_level"
    message = _("本级单位没有这项职责")


class NotEntrusted(Invalid):
    code = "staff.not_entrusted"
    message = _("省级机关没有把这一环节委托给本单位，不能设这项职责")


class InThePast(Invalid):
    code = "staff.in_the_past"
    message = _("日期不能早于今天")


class EndBeforeStart(Invalid):
    code = "staff.end_before_start"
    message = _("结束日期须晚于开始日期")


class Overlaps(Invalid):
    code = "staff.overlaps"
    message = _("与已有的任期重叠：%(span)s 已任这项职责")


class AbsencesOverlap(Invalid):
    code = "staff.absences_overlap"
    message = _("与已登记的离岗时间重叠")


class AlreadyEnded(Conflict):
    code = "staff.already_ended"
    message = _("已经结束，不用再办")


class AccountClosed(Conflict):
    code = "staff.account_closed"
    message = _("此人已离岗，账号已停用。请先恢复账号")


class AccountOpen(Conflict):
    code = "staff.account_open"
    message = _("账号在用，不用恢复")


class Leaving(Invalid):
    code = "staff.leaving"
    message = _("此人 %(day)s 离岗，任期不能超过这一天")


class LastAdministrator(NotAllowed):
    code = "staff.last_administrator"
    message = _("全国至少要有一位管理员。请先任命另一位，再办理")


class NameTaken(Invalid):
    code = "staff.name_taken"
    message = _("这个用户名已有人使用")


class AddressTaken(Invalid):
    code = "staff.address_taken"
    message = _("这个电子邮箱已用于另一个账号")


class SuccessorLacksDuty(Invalid):
    code = "staff.successor_lacks_duty"
    message = _("接手人 %(day)s 没有同一职责，不能接手")


class SubstituteIsAbsent(Invalid):
    code = "staff.substitute_self"
    message = _("不能由本人代理")


class SubstituteNotHere(Invalid):
    code = "staff.substitute_none"
    message = _("代理人在本单位没有自己的职责，不能代理")


class NoChain(Invalid):
    code = "staff.substitute_chain"
    message = _("代理人这段时间也不在岗；代理不能再转代理")


class SubstituteNotThroughout(Invalid):
    code = "staff.substitute_not_throughout"
    message = _("代理人自己的职责没有覆盖整个离岗时间")


class NothingToStandInFor(Invalid):
    code = "staff.nothing_to_stand_in_for"
    message = _("此人这段时间没有职责，或代理人都已具备，不用代理")


class NoSecondFactor(Conflict):
    code = "staff.no_second_factor"
    message = _("此人没有设置第二重验证，不用重置")


class ResetOpen(Conflict):
    code = "staff.reset_open"
    message = _("已有一项重置在等第二人确认")


class IdentityNotChecked(Invalid):
    code = "staff.identity_not_checked"
    message = _("请写明怎样核对了本人身份（至少 10 个字）")


class SamePerson(NotAllowed):
    code = "staff.reset_same_person"
    message = _("提出的人不能自己确认，须由另一位管理员确认")


class ResetLate(Conflict):
    code = "staff.reset_late"
    message = _("已过 24 小时，作废。请重新提出")


class ResetClosed(Conflict):
    code = "staff.reset_closed"
    message = _("这项重置已经办结")


class WindowIncomplete(Invalid):
    code = "staff.window_incomplete"
    message = _("请填写完整：电话、地址、办公时间都要公布")


class WindowMoved(Conflict):
    code = "staff.window_moved"
    message = _("别人刚刚改过受理窗口。你填的还在，请核对上面的现有内容后再发布")
