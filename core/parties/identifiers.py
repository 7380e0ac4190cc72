"""Identifiers and names as people type them, made canonical or refused with the reason. Pure: no database.

Unified social credit code: GB 32100-2015 with the inner organisation code of GB 11714 (DOMAIN §6.2).
Licence number: DOMAIN §7.2.
"""

import re
import unicodedata
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as stdnum_uscc

from core.lifecycle.errors import Invalid

USCC_LENGTH: Final = 18
USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LICENCE_PREFIXES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新兵"
LICENCE_NUMBER: Final = re.compile(
    rf"^(?:\(([{LICENCE_PREFIXES}])\))?XK(\d{{2}})-(\d{{3}})-(\d{{5}})$", re.ASCII
)
NAME_LENGTH: Final = range(2, 101)

_SPACE_OR_HYPHEN = re.compile(r"[\s\-‐‑‒–—―−－﹣]+")
_HYPHENS = re.compile(r"[‐‑‒–—―−－﹣]")
_LOOSE_NUMBER = re.compile(r"^\(?([^\x00-\x7f])?\)?XK-?(\d{2})-?(\d{3})-?(\d{5})$", re.ASCII)
_FULL_WIDTH = {point: chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}
_SMALL = {ord(letter): letter.upper() for letter in ascii_lowercase}
_PLAIN = {**_SMALL, **{point: character.upper() for point, character in _FULL_WIDTH.items()}}
"""Full-width to half-width, small to capital; nothing else is read as a character it is not."""
_BRACKETS = str.maketrans("〔〕【】[]{}", "()()()()")
_DISGUISED = frozenset("\u2139\u203c\u2049\u3030\u034f\u115f\u1160\u3164\uffa0\u180b\u180c\u180d")
"""Emoji that Unicode counts as letters or punctuation, and letters and marks that print nothing."""
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class UsccLength(Invalid):
    code = "uscc.length"
    message = _("统一社会信用代码应为 18 位，现在是 %(length)s 位")


class UsccCharacter(Invalid):
    code = "uscc.character"
    message = _(
        "统一社会信用代码第 %(position)s 位是“%(character)s”；只能用数字和大写字母，不用 I、O、S、V、Z"
    )


class UsccDigitExpected(Invalid):
    code = "uscc.digit_expected"
    message = _("统一社会信用代码前 8 位应为数字，第 %(position)s 位是“%(character)s”")


class UsccCheckDigit(Invalid):
    code = "uscc.check_digit"
    message = _("统一社会信用代码的校验位不符，请逐位核对营业执照")


class UsccOrganisationCheckDigit(Invalid):
    code = "uscc.organisation_check_digit"
    message = _("统一社会信用代码第 9 至 17 位（主体标识码）的校验位不符，请逐位核对营业执照")


class LicenceNumberInvalid(Invalid):
    code = "licence_number.invalid"
    message = _("证书编号的格式应如 (苏)XK13-002-00001 或 XK13-002-00001")


class LicencePrefixUnknown(Invalid):
    code = "licence_number.prefix"
    message = _("“%(prefix)s”不是省级发证机关的简称")


class NameLength(Invalid):
    code = "name.length"
    message = _("名称应为 2 至 100 个字，现在是 %(length)s 个字")


class NameCharacter(Invalid):
    code = "name.character"
    message = _("名称第 %(position)s 个字符不能使用（%(codepoint)s）：不接受表情、控制字符和自造字")


def normalise_uscc(raw: str) -> str:
    """Compact form: half-width, upper case, without spaces and hyphens. Checks nothing and is idempotent."""
    return _SPACE_OR_HYPHEN.sub("", raw.translate(_PLAIN))


def validate_uscc(raw: str, field: str = "uscc") -> str:
    """The compact code, if every rule of GB 32100-2015 holds, the inner check digit included.

    Raises UsccLength, UsccCharacter, UsccDigitExpected, UsccCheckDigit or UsccOrganisationCheckDigit, the
    first that applies. Letters are never guessed: an O stays wrong and is not read as 0.
    """
    code = normalise_uscc(raw)
    if len(code) != USCC_LENGTH:
        raise UsccLength(field, length=len(code))
    for position, character in enumerate(code, start=1):
        if character not in USCC_ALPHABET:
            raise UsccCharacter(field, position=position, character=character)
        if position <= 8 and not character.isdigit():
            raise UsccDigitExpected(field, position=position, character=character)
    if not stdnum_uscc.is_valid(code):
        raise UsccCheckDigit(field)
    if organisation_check_digit(code[8:16]) != code[16]:
        raise UsccOrganisationCheckDigit(field)
    return code


def is_valid_uscc(raw: str) -> bool:
    """`validate_uscc` as a yes or no."""
    try:
        validate_uscc(raw)
    except Invalid:
        return False
    return True


def organisation_check_digit(body: str) -> str:
    """Check character of an organisation code's eight characters (GB 11714): 0–9 or X."""
    total = sum(
        int(character, 36) * weight for character, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


@dataclass(frozen=True)
class LicenceNumber:
    """A number in parts: province's character (empty for a national licence), industry, product, serial."""

    prefix: str
    industry: str
    product: str
    serial: str

    @property
    def product_code(self) -> str:
        """Product part as the catalogue writes it: `XK13-002`."""
        return f"XK{self.industry}-{self.product}"

    def __str__(self) -> str:
        return (
            f"({self.prefix}){self.product_code}-{self.serial}"
            if self.prefix
            else f"{self.product_code}-{self.serial}"
        )


def parse_licence_number(raw: str, field: str = "number") -> LicenceNumber:
    """Read a number in any usual spelling: full-width, lower case, spaced, brackets or hyphens missing.

    Raises LicencePrefixUnknown when only the province's character is wrong, LicenceNumberInvalid otherwise.
    """
    text = unicodedata.normalize("NFKC", raw).translate(_BRACKETS).upper()
    text = _HYPHENS.sub("-", "".join(text.split()))
    found = _LOOSE_NUMBER.match(text)
    if found is None:
        raise LicenceNumberInvalid(field)
    prefix = found[1] or ""
    if prefix not in LICENCE_PREFIXES:
        raise LicencePrefixUnknown(field, prefix=prefix)
    return LicenceNumber(prefix, found[2], found[3], found[4])


def normalise_licence_number(raw: str, field: str = "number") -> str:
    """Canonical spelling, idempotent: `（苏）xk06-001-00238` → `(苏)XK06-001-00238`."""
    return str(parse_licence_number(raw, field))


def clean_name(raw: str, field: str = "name") -> str:
    """A person's or an enterprise's name in NFC, runs of blanks as one space, 2–100 characters.

    Every Han character is welcome, extensions A–H included, and so is `·`. Refused, because they are no part
    of a name on a business licence or cannot be printed: emoji and other symbols, control and invisible
    characters, private-use characters (a rare character entered in a home-made font), variation selectors.
    Raises NameCharacter or NameLength.
    """
    text = unicodedata.normalize("NFC", raw)
    for position, character in enumerate(text, start=1):
        if not _may_stand_in_a_name(character):
            raise NameCharacter(field, position=position, codepoint=f"U+{ord(character):04X}")
    text = " ".join(text.split())
    if len(text) not in NAME_LENGTH:
        raise NameLength(field, length=len(text))
    return text


def _may_stand_in_a_name(character: str) -> bool:
    """Letters, numbers, punctuation, blanks; planes 2 and 3 as a whole, so that a newer Han extension is not
    refused because this Python's Unicode tables are older."""
    point = ord(character)
    if 0x20000 <= point <= 0x3FFFD and point & 0xFFFF < 0xFFFE:
        return True
    if character in _DISGUISED or 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF:
        return False
    category = unicodedata.category(character)
    return category[0] in "LNP" or category in {"Mn", "Mc", "Zs"} or character in "+"
