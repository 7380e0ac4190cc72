"""Why a document is refused: each reason with words that say what to do."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Conflict, Invalid


class FileRefused(Invalid):
    """Base of all refusals by content."""

    code = "files.refused"


class FileTooLarge(FileRefused):
    code = "files.too_large"
    message = _("文件有 %(size)s MB，上限 %(limit)s MB。请压缩或降低扫描分辨率后再传")


class FilesTooLargeTogether(FileRefused):
    code = "files.too_large_together"
    message = _("这一次上传的内容合计超过 %(limit)s MB。请分几次上传")


class FileEmpty(FileRefused):
    code = "files.empty"
    message = _("文件是空的。请重新选择文件")


class FileKindRefused(FileRefused):
    code = "files.kind_refused"
    message = _("文件内容不是 PDF、JPEG 或 PNG。请另存为其中一种格式，只改文件名不行")


class FileHeic(FileRefused):
    code = "files.heic"
    message = _(
        "这是 HEIC 照片，很多电脑打不开。请在手机“设置 → 相机 → 格式”里选“兼容性最佳”再拍，或另存为 JPEG"
    )


class FileOtherPicture(FileRefused):
    code = "files.other_picture"
    message = _("这种图片格式不能用。请另存为 JPEG 或 PNG 再传")


class FileOffice(FileRefused):
    code = "files.office"
    message = _("这是 Word、WPS 或 OFD 文档。请在原软件里“另存为 PDF”再传")


class FileArchive(FileRefused):
    code = "files.archive"
    message = _("这是压缩包。请解压后上传其中的 PDF 或图片")


class FileTwoKinds(FileRefused):
    code = "files.two_kinds"
    message = _("PDF 里夹带了另一种文件。请打印或扫描成新的 PDF 再传")


class FileDamaged(FileRefused):
    code = "files.damaged"
    message = _("文件打不开，可能不完整或已经损坏。请重新导出 PDF，或重新扫描、拍照")


class FileWithoutPages(FileRefused):
    code = "files.no_pages"
    message = _("PDF 里一页也没有。请重新导出或扫描")


class FileEncrypted(FileRefused):
    code = "files.encrypted"
    message = _("PDF 有密码或限制。请去掉密码再传：用浏览器打开它，打印，选“另存为 PDF”")


class FileTooManyPages(FileRefused):
    code = "files.too_many_pages"
    message = _("PDF 有 %(pages)s 页，上限 %(limit)s 页。请只保留这份材料的页")


class FileBomb(FileRefused):
    code = "files.bomb"
    message = _("文件解开后大得异常，不能收。请重新导出 PDF，或重新扫描、拍照")


class FileTooManyPixels(FileRefused):
    code = "files.too_many_pixels"
    message = _("图片像素太多，上限 %(limit)s 万像素。请降低扫描分辨率或拍照尺寸后再传")


class FileAnimated(FileRefused):
    code = "files.animated"
    message = _("这是动画图片。请上传一张静止的照片或扫描件")


class FileInfected(FileRefused):
    code = "files.infected"
    message = _("文件带有病毒（%(name)s），没有保存。请先给电脑杀毒，再换一份文件")


ACTIVE: dict[str, str | Promise] = {
    "javascript": _("脚本"),
    "launch": _("启动程序的指令"),
    "attachment": _("附件"),
    "media": _("音视频或三维内容"),
    "xfa": _("动态表单（XFA）"),
    "submit": _("向外发送表单的按钮"),
    "external": _("指向其他文件的链接"),
}


class FileActive(FileRefused):
    """A PDF that would do something when opened; `what` is a key of ACTIVE."""

    code = "files.active_content"
    message = _("PDF 里有%(what)s，不能收。请用浏览器打开它，打印，选“另存为 PDF”，再上传新的文件")

    def __init__(self, field: str | None = None, *, finding: str, **params: Any) -> None:
        self.finding = finding
        super().__init__(field, what=ACTIVE[finding], **params)


class InspectionBusy(Conflict):
    code = "files.busy"
    message = _("正在检查的文件太多，请过一分钟再传")


BY_REASON: dict[str, type[FileRefused]] = {
    "unknown": FileKindRefused,
    "heic": FileHeic,
    "picture": FileOtherPicture,
    "office": FileOffice,
    "archive": FileArchive,
    "two_kinds": FileTwoKinds,
    "damaged": FileDamaged,
    "no_pages": FileWithoutPages,
    "encrypted": FileEncrypted,
    "pages": FileTooManyPages,
    "bomb": FileBomb,
    "pixels": FileTooManyPixels,
    "animated": FileAnimated,
}


def refusal(reason: str, slot: str | None, **params: Any) -> FileRefused:
    """The typed error of a finding of the inspection. KeyError for a finding nobody has words for."""
    if reason == "active":
        return FileActive(slot, finding=str(params["what"]))
    return BY_REASON[reason](slot, **params)
