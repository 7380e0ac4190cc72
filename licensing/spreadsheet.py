"""Cells of tables that go out: text, whatever somebody wrote into them. Pure."""

import re
from typing import Any, Final

_FORMULA: Final = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")
"""What a spreadsheet takes for the beginning of a formula, in full width as well: behind blanks, which it skips, behind
marks nobody sees, and behind what it takes for the end of a cell."""


def defused(value: Any) -> str:
    """A cell as text: what could begin a formula gets an apostrophe before it; a NUL, which ends a file, is left out.

    The one rule of every table to take away (OWASP, CSV injection)."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text
