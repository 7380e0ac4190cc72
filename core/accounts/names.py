"""User names: one spelling for one name (NFKC, small letters), and no name that only looks like another."""

import re
import unicodedata

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

SHAPE = re.compile(r"^[a-z0-9\u4e00-\u9fff][a-z0-9\u4e00-\u9fff._-]{2,31}$")
RESERVED = frozenset(
    {"admin", "administrator", "root", "system", "public", "portal", "support", "管理员", "系统"}
)


def normalise(name: str) -> str:
    """The one spelling of a user name: full-width letters become plain ones, capitals small."""
    return unicodedata.normalize("NFKC", name).strip().lower()


VALIDATORS = [RegexValidator(SHAPE, _("用户名须为 3 至 32 个字：小写字母、数字、汉字，中间可用 . _ -"))]
