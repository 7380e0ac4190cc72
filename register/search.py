"""What somebody typed into the one search box, understood; and the text a search looks through.

A two-character search cannot use a trigram index, so the register indexes pairs of characters.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from core.lifecycle.errors import DomainError
from core.parties.identifiers import normalise_licence_number, normalise_uscc, validate_uscc

MAX_LENGTH = 100
MAX_WORDS = 8
OPAQUE_ID = re.compile(r"^[2-7a-z]{20}$")
CASE_NUMBER = re.compile(r"^[0-9A-Z]{4,6}-[A-Z]-[0-9]{4}-[0-9]{6}-[2-9A-HJ-NP-Z]{2}$")

_USCC_LIKE = re.compile(r"^(?=(?:.*\d){10})[0-9A-Z]{15,20}$")
_DOTS = str.maketrans("•・‧∙⋅･〔〕【】", "······()()")
_HYPHENS = re.compile(r"[‐‑‒–—―−－﹣]")

Kind = Literal["nothing", "number", "opaque", "uscc", "words", "too_short"]


@dataclass(frozen=True)
class Question:
    """`value` of a number, id or code is canonical; `problem` says in words what is wrong with a code."""

    kind: Kind
    text: str
    value: str = ""
    words: tuple[str, ...] = ()
    problem: DomainError | None = None


def fold(text: str) -> str:
    """One spelling for what looks alike: width, case, dots in names, brackets; no blanks or controls.

    A plane-2 character such as 𠮷 is one character here as everywhere.
    """
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", text).translate(_DOTS)).casefold()
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c)[0] != "C")


def grams(text: str) -> set[str]:
    """Pairs of neighbouring characters of folded text."""
    return {text[start : start + 2] for start in range(len(text) - 1)}


def searchable(parts: list[str]) -> tuple[str, list[str]]:
    """Folded text, one part a line so that no word runs across two, and its pairs in order."""
    lines = list(dict.fromkeys(line for part in parts if (line := fold(part))))
    pairs = set[str]().union(*(grams(line) for line in lines))
    return "\n".join(lines), sorted(pairs)


def understand(raw: str) -> Question:
    """Exact things first: a QR code's address, a number in any spelling, a credit code; else words."""
    text = " ".join(_printable(raw)[:MAX_LENGTH].split())
    if not text:
        return Question("nothing", "")
    if opaque := opaque_id(raw):
        return Question("opaque", text, opaque)
    try:
        return Question("number", text, normalise_licence_number(text))
    except DomainError:
        pass
    code = normalise_uscc(text)
    if code.isascii() and _USCC_LIKE.match(code):
        return _credit_code(text, code)
    words = tuple(dict.fromkeys(word for part in text.split() if (word := fold(part))))[:MAX_WORDS]
    if not any(len(word) > 1 for word in words):
        return Question("too_short", text)
    return Question("words", text, words=words)


def _credit_code(text: str, code: str) -> Question:
    try:
        return Question("uscc", text, validate_uscc(code))
    except DomainError as problem:
        return Question("uscc", text, code, problem=problem)


def _printable(raw: str) -> str:
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in raw)


def opaque_id(raw: str) -> str:
    """The permanent id in a scanned QR code, in its address alone, or typed bare; empty if there is none."""
    text = raw.strip()
    if OPAQUE_ID.match(text):
        return text
    try:
        path = urlsplit(text).path
    except ValueError:
        return ""
    head, _slash, last = path.rstrip("/").rpartition("/")
    return last if head.rpartition("/")[2] == "l" and OPAQUE_ID.match(last) else ""


def document_code(raw: str) -> str:
    """The verification code of an official document: in its address, or typed with or without blanks; else empty."""
    text = raw.strip()
    try:
        head, _slash, last = urlsplit(text).path.rstrip("/").rpartition("/")
    except ValueError:
        return ""
    if head.rpartition("/")[2] == "d" and OPAQUE_ID.match(last):
        return last
    typed = "".join(fold(text).split("-"))
    return typed if OPAQUE_ID.match(typed) else ""


def case_number(raw: str) -> str:
    """A case number in its one spelling, or empty when the text cannot be one."""
    text = _HYPHENS.sub("-", unicodedata.normalize("NFKC", raw)).upper()
    text = "".join(text.split())
    return text if CASE_NUMBER.match(text) else ""
