"""Refusals of the calendar's acts."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Conflict, Invalid, NotAllowed


class OnlyNationalAdministrator(NotAllowed):
    code = "workdays.only_national_administrator"
    message = _("只有国家级管理员可以公布工作日历")


class YearImplausible(Invalid):
    code = "workdays.year_implausible"
    message = _("年份应在 1949 年至 2199 年之间")


class DayOutsideYear(Invalid):
    code = "workdays.day_outside_year"
    message = _("%(day)s 不在 %(year)s 年内。请放到它所在的年份里公布")


class DayTwice(Invalid):
    code = "workdays.day_twice"
    message = _("%(day)s 出现了两次。同一天不能既放假又上班，也不能重复")


class MakeupOnWeekday(Invalid):
    code = "workdays.makeup_on_weekday"
    message = _("%(day)s 本来就是周一至周五，不需要列为上班日。请核对日期")


class SourceMissing(Invalid):
    code = "workdays.source_missing"
    message = _("请写明依据的文件，例如 国发明电〔2015〕1号")


class ReasonMissing(Invalid):
    code = "workdays.reason_missing"
    message = _("请写明公布或修改的理由")


class ScopeUnknown(Invalid):
    code = "workdays.scope_unknown"
    message = _("没有代码为 %(scope)s 的省级或地市级行政区划")


class NothingChanged(Invalid):
    code = "workdays.nothing_changed"
    message = _("与现行版本相同，没有可公布的改动")


class StaleVersion(Conflict):
    code = "workdays.stale_version"
    message = _("%(year)s 年的日历已有新的版本（第 %(version)s 版）。请在新版本上重新修改")


class NoPackageData(Invalid):
    code = "workdays.no_package_data"
    message = _("chinesecalendar 没有 %(year)s 年的数据")
