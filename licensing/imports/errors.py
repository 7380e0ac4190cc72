"""Why an import is refused: the file as a whole, or the person, or the moment. Rows have findings of their own."""

from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Conflict, Invalid, Moved, NotAllowed


class FileRefused(Invalid):
    """Base of everything that is wrong with the file as a whole."""

    code = "imports.file_refused"


class FileEmpty(FileRefused):
    code = "imports.file_empty"
    message = _("文件里没有数据行。请检查导出的内容")


class FileTooLarge(FileRefused):
    code = "imports.file_too_large"
    message = _("文件太大，上限 %(limit)s MB。请分成几份上传")


class FileIsWorkbook(FileRefused):
    code = "imports.file_is_workbook"
    message = _(
        "这是 Excel 或 WPS 工作簿，只改文件名不行。请打开它，“另存为”选“CSV UTF-8（逗号分隔）”，再上传新的文件"
    )


class FileIsOther(FileRefused):
    code = "imports.file_is_other"
    message = _("这不是 CSV 或 JSON 文件。请从台账软件里导出 CSV，或照样表整理")


class FileHasNul(FileRefused):
    code = "imports.file_has_nul"
    message = _("第 %(line)s 行有空字符（NUL），文件可能已经损坏。请重新导出")


class FileHasSurrogate(FileRefused):
    code = "imports.file_has_surrogate"
    message = _("第 %(line)s 行有不成对的代理码（U+D800 至 U+DFFF），不是文字，文件可能已经损坏。请重新导出")


class FileEncoding(FileRefused):
    code = "imports.file_encoding"
    message = _("认不出文字编码：既不是 UTF-8，也不是 GB18030（GBK）。请用“CSV UTF-8（逗号分隔）”另存")


class FileQuotes(FileRefused):
    code = "imports.file_quotes"
    message = _("第 %(line)s 行的引号没有成对，后面的内容都连在了一起。请核对这一行再导出")


class HeaderWrong(FileRefused):
    code = "imports.header_wrong"
    message = _("表头与样表不一致：缺少 %(missing)s；不认识 %(unknown)s；重复 %(twice)s")


class HeaderTooWide(FileRefused):
    code = "imports.header_too_wide"
    message = _("表头有 %(cells)s 列，最多 %(most)s 列。请对照样表，只留样表里的列")


class RowTooLong(FileRefused):
    code = "imports.row_too_long"
    message = _("第 %(line)s 行超过 %(most)s 个字符，像是没有换行，或者引号没有成对。请核对这一行再导出")


class JsonShape(FileRefused):
    code = "imports.json_shape"
    message = _("JSON 应当是一个数组，每一项是一张许可证的对象；第 %(row)s 项不是")


class JsonBroken(FileRefused):
    code = "imports.json_broken"
    message = _("JSON 在第 %(line)s 行第 %(column)s 列读不下去。请重新导出")


class TooManyRows(FileRefused):
    code = "imports.too_many_rows"
    message = _("文件里的行太多，一次最多 %(most)s 行。请分成几份上传")


class SourceMissing(Invalid):
    code = "imports.source_missing"
    message = _("请写明数据从哪份台账来，公众查询时会看到")


class NotIssuing(NotAllowed):
    code = "imports.not_issuing"
    message = _("只有国家级、省级发证机关的受理人员可以上传；受委托的机关不导入许可证")


class NotYourImport(NotAllowed):
    code = "imports.not_yours"
    message = _("只有本机关的审批人员可以决定加载，本机关的受理人员可以撤下")


class SamePerson(NotAllowed):
    code = "imports.same_person"
    message = _("上传的人不能决定加载，须由本机关另一名审批人员办理")


class SameFileOpen(Conflict):
    code = "imports.same_file_open"
    message = _("这份文件已经上传，还没有办完。请看原来的一次")


class NothingToLoad(Conflict):
    code = "imports.nothing_to_load"
    message = _("没有可以加载的行：全部有错误，或者登记中都已有了")


class RowsWrong(Invalid):
    code = "imports.rows_wrong"
    message = _("有 %(wrong)s 行有错误，不会加载。请确认只加载没有错误的 %(ready)s 行，或者改正后重新上传")


class Stale(Moved):
    code = "imports.stale"
    message = _("你打开页面之后，这次导入已经有了新的进展。请看过最新情况再办")
