"""What stands on an official document, as one frozen value with one canonical form; it knows paper, not cases.

The Chinese text is the document; the English summary beside it is for information and says so on the paper.
"""

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from certificates.facts import PUBLIC_ID

SCHEMA = "production-licence-document/1"
ATTACHMENT = "document.json"
"""Name under which the canonical JSON travels inside the PDF."""

TITLES = ("准予变更决定书", "准予补领决定书", "准予延续决定书")
"""Names of documents beside those of their kinds: a grant is called by what it grants."""

BlockKind = Literal["text", "rows", "items"]
_BLOCKS = ("text", "rows", "items")


class Kind(TextChoices):
    """The papers an authority gives in a case; the word is the one on the paper (L1 arts. 32, 38, 42, 44, 45, 48)."""

    RECEIPT = "receipt", _("接收凭证")
    ACCEPTANCE = "acceptance", _("受理通知书")
    CORRECTION = "correction", _("补正告知书")
    NON_ACCEPTANCE = "non_acceptance", _("不予受理决定书")
    NOT_REQUIRED = "not_required", _("不需许可告知书")
    PAUSE = "pause", _("停计时限告知书")
    HEARING = "hearing", _("听证告知书")
    EXTENSION = "extension", _("延长期限告知书")
    GRANT = "grant", _("准予许可决定书")
    REFUSAL = "refusal", _("不予许可决定书")
    RENEWAL = "renewal", _("延续确认书")
    DEREGISTRATION = "deregistration", _("准予注销决定书")
    TERMINATION = "termination", _("终止办理通知书")


@dataclass(frozen=True)
class Block:
    """One piece of the body: a paragraph, a table of label and value, or numbered items of a head and a text."""

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in _BLOCKS or not (self.text or self.rows):
            raise ValueError("a block of a document says something")


def text(words: str) -> Block:
    """A paragraph."""
    return Block("text", text=words)


def rows(*pairs: tuple[str, str]) -> Block:
    """A table of label and value; a pair without value is left out."""
    return Block("rows", rows=tuple((label, value) for label, value in pairs if value))


def items(*pairs: tuple[str, str]) -> Block:
    """A numbered list."""
    return Block("items", rows=pairs)


@dataclass(frozen=True)
class DocumentFacts:
    """A document as printed. Raises ValueError on facts no document may show.

    `kind` is the paper's, `title` its name, `reference` the case it belongs to. `basis` are provisions as printed and
    never empty (R-4); `remedies` where the addressee may turn. `dated_on` is the legal date of the act. `issued_for`
    names who handled it under a delegation (R-20). `number` is empty until it is issued.
    """

    kind: str
    title: str
    authority_code: str
    authority_name: str
    addressee: str
    addressee_code: str
    reference: str
    dated_on: date
    body: tuple[Block, ...]
    basis: tuple[str, ...]
    summary: tuple[str, ...]
    title_en: str
    authority_en: str
    public_id: str
    demo: bool
    remedies: str = ""
    issued_for: str = ""
    number: str = ""

    def __post_init__(self) -> None:
        if not PUBLIC_ID.match(self.public_id):
            raise ValueError(f"not a public id: {self.public_id!r}")
        if self.kind not in Kind.values:
            raise ValueError(f"no kind of document is named {self.kind!r}")
        for name in ("title", "authority_code", "authority_name", "addressee", "reference", "title_en"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} is empty")
        if not self.body or not self.basis or not self.summary:
            raise ValueError(
                "a document says what is decided, on which provisions, and in English what it is"
            )

    def as_json(self) -> dict[str, Any]:
        values = dataclasses.asdict(self)
        values["dated_on"] = self.dated_on.isoformat()
        values["body"] = [
            {"kind": block.kind, "text": block.text, "rows": [list(pair) for pair in block.rows]}
            for block in self.body
        ]
        values |= {name: list(values[name]) for name in ("basis", "summary")}
        return {"schema": SCHEMA, **values}

    @property
    def canonical(self) -> bytes:
        """The bytes that are embedded: sorted keys, no blanks, UTF-8."""
        plain = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return plain.encode()

    @property
    def printed_text(self) -> str:
        """Every character that comes from the case and is set in type; line ends are the layout's."""
        return "".join(self._pieces()).replace("\n", "").replace("\t", "")

    def _pieces(self) -> Iterator[str]:
        yield from (self.title, self.authority_name, self.addressee, self.addressee_code, self.reference)
        yield from (self.number, self.remedies, self.issued_for, self.title_en, self.authority_en)
        yield from (*self.basis, *self.summary)
        for block in self.body:
            yield block.text
            for pair in block.rows:
                yield from pair


def document_from_json(values: Any) -> DocumentFacts:
    """Facts as stored or embedded, back as a value. Raises ValueError on anything else, hostile input too."""
    if not isinstance(values, dict) or values.get("schema") != SCHEMA:
        raise ValueError("not a document of a known schema")
    fields = {field.name for field in dataclasses.fields(DocumentFacts)}
    given: dict[str, Any] = {key: value for key, value in values.items() if key in fields}
    if type(given.get("demo")) is not bool:
        raise ValueError("demo has the wrong type")
    for name in ("basis", "summary"):
        given[name] = _texts(given.get(name))
    given["body"] = tuple(_block(block) for block in _list(given.get("body")))
    for name in fields - {"demo", "basis", "summary", "body"}:
        if not isinstance(given.get(name, ""), str):
            raise ValueError(f"{name} is not a text")
    given["dated_on"] = date.fromisoformat(given["dated_on"])
    return DocumentFacts(**given)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not all(isinstance(piece, str) for piece in _list(value)):
        raise ValueError("not a list of texts")
    return tuple(value)


def _block(value: Any) -> Block:
    if not isinstance(value, dict) or not isinstance(value.get("text", ""), str):
        raise ValueError("not a block of a document")
    pairs = [_texts(pair) for pair in _list(value.get("rows", []))]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError("a row has a label and a value")
    return Block(value.get("kind", ""), value.get("text", ""), tuple((a, b) for a, b in pairs))
