"""What stands on a certificate (DOMAIN §7.1), as one frozen value with one canonical form."""

import dataclasses
import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

SCHEMA = "production-licence-certificate/1"
ATTACHMENT = "licence.json"
"""Name under which the canonical JSON travels inside the PDF."""

PUBLIC_ID = re.compile(r"^[2-7a-z]{20}$")
NUMBER = re.compile(
    r"^(?:\(([京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新兵])\))?XK(\d{2})-(\d{3})-(\d{5})$"
)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_DATES = ("issue_date", "valid_from", "valid_until")
_WORDS = ("holder_name", "uscc", "registered_address", "category_name", "authority_code", "authority_name")
_TUPLES = ("production_addresses", "units")


def new_public_id() -> str:
    """A permanent, unguessable ASCII id for `/l/<id>`: 20 base32 characters, 100 bits from `secrets`."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(20))


@dataclass(frozen=True)
class CertificateFacts:
    """The licence as printed; legal dates, Asia/Shanghai. Raises ValueError on facts no certificate may show.

    `issue_date` is the date of the decision; `units` and `production_addresses` keep their order on paper.
    `group_members` are licensed together with the holder and stand in the annex. The annual self-inspection has no
    place here (R-48).
    """

    licence_number: str
    version: int
    holder_name: str
    uscc: str
    registered_address: str
    production_addresses: tuple[str, ...]
    category_name: str
    units: tuple[str, ...]
    issue_date: date
    valid_from: date
    valid_until: date
    authority_code: str
    authority_name: str
    public_id: str
    demo: bool
    delegation_note: str = ""
    group_members: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not NUMBER.match(self.licence_number):
            raise ValueError(f"not a licence number: {self.licence_number!r}")
        if not PUBLIC_ID.match(self.public_id):
            raise ValueError(f"not a public id: {self.public_id!r}")
        if self.version < 1:
            raise ValueError("versions count from 1")
        if self.valid_until < self.valid_from:
            raise ValueError("a term ends after it begins")
        for name in _WORDS:
            if not str(getattr(self, name)).strip():
                raise ValueError(f"{name} is empty")
        if not self.production_addresses or not all(a.strip() for a in self.production_addresses):
            raise ValueError("a production address is missing")

    def as_json(self) -> dict[str, Any]:
        values = dataclasses.asdict(self)
        values |= {name: values[name].isoformat() for name in _DATES}
        values |= {name: list(values[name]) for name in _TUPLES}
        if self.group_members:
            values["group_members"] = list(self.group_members)
        else:
            del values["group_members"]
        return {"schema": SCHEMA, **values}

    @property
    def canonical(self) -> bytes:
        """The bytes that are embedded, hashed and compared: sorted keys, no blanks, UTF-8."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def printed_text(self) -> str:
        """Every character that comes from the case and is set in type."""
        return "".join(
            (
                self.licence_number,
                self.holder_name,
                self.uscc,
                self.registered_address,
                *self.production_addresses,
                self.category_name,
                *self.units,
                self.authority_name,
                self.delegation_note,
                *self.group_members,
            )
        )


def facts_from_json(values: Any) -> CertificateFacts:
    """Facts as stored or embedded, back as a value. Raises ValueError on anything else, hostile input too."""
    if not isinstance(values, dict) or values.get("schema") != SCHEMA:
        raise ValueError("not certificate facts of a known schema")
    fields = {field.name for field in dataclasses.fields(CertificateFacts)}
    given: dict[str, Any] = {key: value for key, value in values.items() if key in fields}
    for name, kind in (("version", int), ("demo", bool)):
        if type(given.get(name)) is not kind:
            raise ValueError(f"{name} has the wrong type")
    for name in _TUPLES:
        if not isinstance(given.get(name), list) or not all(isinstance(v, str) for v in given[name]):
            raise ValueError(f"{name} is not a list of texts")
        given[name] = tuple(given[name])
    given["group_members"] = _texts(given.get("group_members", []))
    for name in fields - {"version", "demo", *_TUPLES, "delegation_note", "group_members"}:
        if not isinstance(given.get(name), str):
            raise ValueError(f"{name} is not a text")
    if not isinstance(given.get("delegation_note", ""), str):
        raise ValueError("delegation_note is not a text")
    for name in _DATES:
        given[name] = date.fromisoformat(given[name])
    return CertificateFacts(**given)


def _texts(value: Any) -> tuple[str, ...]:
    """A list of texts as a tuple. Raises ValueError on anything else."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError("group_members is not a list of texts")
    return tuple(value)
