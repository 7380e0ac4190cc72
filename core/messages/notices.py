"""The inbox's own kinds of notices."""

from django.utils.translation import gettext_lazy as _

from core.messages.kinds import register_kind

register_kind(
    "inbox.address_changed",
    title=_("你接收通知的手机或推送地址已改动"),
    body=_("如果不是你本人改的，请马上改回来，并修改密码。"),
    url_name="inbox:settings",
    category="security",
)
