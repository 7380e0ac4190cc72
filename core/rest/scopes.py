"""What a token may be used for. A scope only ever narrows what its person may do; it never adds anything."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    APPLICATIONS_READ = "applications:read", _("读取本企业的申请、文件和往来")
    APPLICATIONS_WRITE = "applications:write", _("填写草稿、准备补正、发消息")
    APPLICATIONS_FILE = "applications:file", _("签署承诺书、提交、撤回、签收")
    WORK_READ = "work:read", _("读取本职责范围内的案件")
    WORK_ACT = "work:act", _("办理本职责范围内的案件")


ENTERPRISE = (Scope.APPLICATIONS_READ, Scope.APPLICATIONS_WRITE, Scope.APPLICATIONS_FILE)
"""Scopes of a token that acts for one enterprise."""

OFFICIAL = (Scope.WORK_READ, Scope.WORK_ACT)
"""Scopes of an official's token."""

READING = (Scope.APPLICATIONS_READ, Scope.WORK_READ)
"""Either of them opens what both sides read: cases, papers, days, conversation."""

WRITING = (Scope.APPLICATIONS_WRITE, Scope.WORK_ACT)
"""Either of them lets its side speak in the conversation of a case."""
