"""The QR code: an ordinary address whose fragment carries the signed facts, so it also verifies offline.

`{base}/l/{public_id}#{digits}`: digits are the decimal form of the byte 0x01 followed by a COSE_Sign1 message
(RFC 9052, ES256). A browser never sends the fragment to the server. The prefix byte keeps leading zeros.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cbor2
import segno

from certificates.errors import NoPublicAddress, QrTooLarge
from certificates.facts import CertificateFacts

NUMBER, VERSION, HOLDER, USCC, CATEGORY, UNITS, UNIT_COUNT = 1, 2, 3, 4, 5, 6, 7
ISSUED, FROM, UNTIL, AUTHORITY, DEMO, PUBLIC_ID, FACTS_SHA256 = 8, 9, 10, 11, 12, 13, 14
"""Keys of the payload map; 6 is left out when not all units fit, 7 and 14 are always there."""

COSE_SIGN1 = 18
ES256 = -7
BUDGET = 360
"""Most bytes of payload: keeps the code at 46 mm readable at 150 dpi."""

LARGEST_VERSION = 21

MASK = 2
"""One of the eight patterns, chosen once: weighing them takes longer than setting the whole page's type."""

SignDigest = Callable[[bytes], bytes]


def payload(facts: CertificateFacts) -> bytes:
    """The facts as a CBOR map with integer keys; units, category, name give way to size."""
    full = {
        NUMBER: facts.licence_number,
        VERSION: facts.version,
        HOLDER: facts.holder_name,
        USCC: facts.uscc,
        CATEGORY: facts.category_name,
        UNITS: list(facts.units),
        UNIT_COUNT: len(facts.units),
        ISSUED: facts.issue_date.isoformat(),
        FROM: facts.valid_from.isoformat(),
        UNTIL: facts.valid_until.isoformat(),
        AUTHORITY: facts.authority_code,
        DEMO: facts.demo,
        PUBLIC_ID: facts.public_id,
        FACTS_SHA256: hashlib.sha256(facts.canonical).digest()[:16],
    }
    without_units = {key: value for key, value in full.items() if key != UNITS}
    short = {key: value for key, value in without_units.items() if key != CATEGORY}
    clipped = short | {HOLDER: facts.holder_name[:40] + "…"}
    sizes = [cbor2.dumps(variant) for variant in (full, without_units, short, clipped)]
    return next((encoded for encoded in sizes if len(encoded) <= BUDGET), sizes[-1])


def cose_sign1(content: bytes, *, key_id: bytes, sign_digest: SignDigest) -> bytes:
    """A tagged COSE_Sign1 message; `sign_digest` returns the raw 64 bytes r‖s over a SHA-256 digest."""
    protected = cbor2.dumps({1: ES256, 4: key_id})
    to_sign = cbor2.dumps(["Signature1", protected, b"", content])
    signature = sign_digest(hashlib.sha256(to_sign).digest())
    return cbor2.dumps(cbor2.CBORTag(COSE_SIGN1, [protected, {}, content, signature]))


def digits(message: bytes) -> str:
    return str(int.from_bytes(b"\x01" + message, "big"))


def message_of(fragment: str) -> bytes:
    """Back from the fragment to the COSE message. Raises ValueError on anything else, hostile input too."""
    if not (fragment.isascii() and fragment.isdigit() and len(fragment) <= 4000):
        raise ValueError("not a certificate fragment")
    value = int(fragment)
    encoded = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if encoded[:1] != b"\x01":
        raise ValueError("not a certificate fragment")
    return encoded[1:]


def address(base_url: str, public_id: str) -> str:
    """The permanent address of a certificate. Raises NoPublicAddress without a base."""
    if not base_url:
        raise NoPublicAddress()
    return f"{base_url}/l/{public_id}"


@dataclass(frozen=True)
class Code:
    """A QR code as rows of modules, without a quiet zone."""

    rows: tuple[tuple[bool, ...], ...]
    url: str

    @cached_property
    def runs(self) -> list[tuple[int, int, int]]:
        """Dark stretches as (column, row, length)."""
        found = []
        for y, row in enumerate(self.rows):
            start = None
            for x, dark in enumerate((*row, False)):
                if dark and start is None:
                    start = x
                elif not dark and start is not None:
                    found.append((start, y, x - start))
                    start = None
        return found


def encode(base_url: str, public_id: str, message: bytes) -> Code:
    """The code for one certificate: byte mode for the address, numeric mode for the message, level M.

    Raises NoPublicAddress, QrTooLarge.
    """
    url, fragment = address(base_url, public_id) + "#", digits(message)
    try:
        code = segno.make([url, fragment], error="m", micro=False, boost_error=False, mask=MASK)  # type: ignore[arg-type]
    except segno.DataOverflowError as error:
        raise QrTooLarge() from error
    if int(code.version) > LARGEST_VERSION:
        raise QrTooLarge()
    rows = tuple(tuple(bool(cell) for cell in row) for row in code.matrix)
    return Code(rows, url + fragment)
