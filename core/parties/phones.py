"""What a telephone number looks like, wherever one is typed."""

from typing import Final

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

MAX_LENGTH: Final = 32
is_phone = RegexValidator(r"^[0-9+()（）\- ]{7,32}$", _("请填写电话号码，只用数字、空格、括号和短横"))
"""Digits, blanks, brackets and hyphens, 7 to 32 of them."""
