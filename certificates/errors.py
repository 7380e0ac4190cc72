"""Why a certificate could not be made. Every one of them stops the act; none yields an unsigned paper."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Conflict, DomainError


class IssuanceStopped(DomainError):
    """Base of what an operator must put right before the certificate can be issued."""

    code = "certificates.stopped"
    message = _("证书暂不能签发")


class GlyphMissing(IssuanceStopped):
    code = "certificates.glyph_missing"
    message = _("证书字体缺少以下字符：%(characters)s")


class FontMissing(IssuanceStopped):
    code = "certificates.font_missing"
    message = _("证书字体文件不存在：%(font)s")


class TemplateMissing(IssuanceStopped):
    code = "certificates.template_missing"
    message = _("证书模板文件不存在：%(template)s")


class NoSigningKey(IssuanceStopped):
    code = "certificates.no_signing_key"
    message = _("发证机关 %(authority)s 没有可用的签名密钥")


class KeyUnsafe(IssuanceStopped):
    code = "certificates.key_unsafe"
    message = _("签名密钥文件 %(file)s 可被其他用户读取，已拒绝使用")


class KeyUnreadable(IssuanceStopped):
    code = "certificates.key_unreadable"
    message = _("签名密钥文件 %(file)s 无法读取")


class SignerNotValid(IssuanceStopped):
    code = "certificates.signer_not_valid"
    message = _("签名证书在 %(day)s 不在有效期内")


class IssuerNotTrusted(IssuanceStopped):
    code = "certificates.issuer_not_trusted"
    message = _("签名证书的根证书未登记为可信")


class NoPublicAddress(IssuanceStopped):
    code = "certificates.no_public_address"
    message = _("没有设置对外网址，二维码无法生成")


class PaperOverflow(IssuanceStopped):
    code = "certificates.paper_overflow"
    message = _("证书内容超出版面")


class QrTooLarge(IssuanceStopped):
    code = "certificates.qr_too_large"
    message = _("二维码内容过长")


class Unforeseen(IssuanceStopped):
    """Nothing we know of: a mistake of ours, or of the machine. It stands in the log in full."""

    code = "certificates.unforeseen"
    message = _("签发时出现意外错误（%(kind)s），详情见运行日志，稍后自动重试")


class FactsDiffer(Conflict):
    """The same number and version was requested before with other facts."""

    code = "certificates.facts_differ"
    message = _("%(number)s 第 %(version)s 版证书已按其他内容申请签发")


class DocumentDiffers(Conflict):
    """The same act has a paper already, with other facts."""

    code = "certificates.document_differs"
    message = _("这一行为的%(title)s已按其他内容制作")


class SelfCheckFailed(IssuanceStopped):
    """What was just signed does not verify; it is thrown away."""

    code = "certificates.self_check_failed"
    message = _("刚签名的证书未通过自检，未予签发")
