"""Words about stored documents."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.files.models import Scan, StoredFile

register = template.Library()

CHANGES = {
    "retyped": _("文件名与内容不符，已按内容的格式保存"),
    "rotated": _("已转正"),
    "shrunk": _("已缩小"),
    "metadata_removed": _("已去掉拍摄地点等附带信息"),
    "converted": _("已转成 JPEG"),
}
SCAN_TONES = {Scan.CLEAN: "ok", Scan.NOT_SCANNED: "", Scan.PENDING: "wait", Scan.INFECTED: "stop"}


@register.filter
def changes(stored: StoredFile) -> list[Any]:
    """What was done to the upload before it was kept, in words."""
    return [CHANGES[name] for name in stored.changes if name in CHANGES]


@register.filter
def scan_state(stored: StoredFile) -> dict[str, Any] | None:
    """Label and tone of the scan for {% tag %}; None for the system's own papers."""
    if stored.scan == Scan.GENERATED:
        return None
    return {"label": Scan(stored.scan).label, "tone": SCAN_TONES[Scan(stored.scan)]}


@register.simple_tag
def upload_limit() -> int:
    """The largest upload in bytes."""
    return int(settings.MAX_UPLOAD_BYTES)
