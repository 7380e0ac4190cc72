"""How large a PDF becomes when it is opened: every stream is measured piece by piece before anything draws it."""

import base64
import zlib
from typing import Any

import pikepdf

from core.files.child.refused import Refused

FLATE = ("/FlateDecode", "/Fl")
LZW = ("/LZWDecode", "/LZW")
RUNS = ("/RunLengthDecode", "/RL")
PIECE = 1 << 20
METADATA_BYTES = 4 << 20


class Measure:
    """Adds up what the streams of one document hold. Raises Refused when one, or all together, hold too much."""

    def __init__(self, limits: dict[str, Any]) -> None:
        self.limits = limits
        self.total = 0

    def add(self, stream: pikepdf.Stream) -> None:
        """Measure one stream; a picture may hold more than text, up to its pixels."""
        picture = str(stream.get("/Subtype", "")) == "/Image"
        if picture:
            pixels = self._pixels(stream)
            if pixels > self.limits["pixels"]:
                raise Refused("pixels", limit=int(self.limits["pixels"]) // 10_000)
        limit = int(self.limits["picture_bytes" if picture else "stream_bytes"])
        self.total += self._size(stream, limit)
        if self.total > self.limits["total_bytes"]:
            raise Refused("bomb")
        if str(stream.get("/Type", "")) == "/Metadata":
            refuse_entities(stream)

    @staticmethod
    def _pixels(stream: pikepdf.Stream) -> int:
        try:
            return int(stream.get("/Width", 0)) * int(stream.get("/Height", 0))
        except (TypeError, ValueError):
            raise Refused("damaged") from None

    def _size(self, stream: pikepdf.Stream, limit: int) -> int:
        filters = filters_of(stream)
        if any(name in LZW for name in filters):
            return self._by_library(stream, limit)
        data = stream.read_raw_bytes()
        for number, name in enumerate(filters):
            keep = number + 1 < len(filters)
            if name in FLATE:
                data = inflate(data, limit, keep=keep)
            elif name in RUNS:
                data = run_out(data, limit, keep=keep)
            elif name in TEXTS:
                data = TEXTS[name](data)
            else:
                break
            if isinstance(data, int):
                return data
        return len(data)

    def _by_library(self, stream: pikepdf.Stream, limit: int) -> int:
        """An old filter, seldom met: the process's memory limit is the guard. Nobody packs pictures twice with it."""
        try:
            size = len(stream.read_bytes())
        except pikepdf.PdfError:
            raise Refused("damaged") from None
        if size > limit:
            raise Refused("bomb")
        return size


def filters_of(stream: pikepdf.Stream) -> list[str]:
    """The names of the filters, outermost first. Raises Refused for a chain nobody writes honestly."""
    found = stream.get("/Filter")
    names = (
        [str(item) for item in found] if isinstance(found, pikepdf.Array) else [str(found)] if found else []
    )
    if len(names) > 8:
        raise Refused("bomb")
    return names


def inflate(data: bytes, limit: int, *, keep: bool) -> Any:
    """The size of what Flate holds, or with `keep` its bytes; never more than `limit`. Raises Refused."""
    machine, size, kept = zlib.decompressobj(), 0, []
    rest = data
    while rest and not machine.eof:
        try:
            piece = machine.decompress(rest, PIECE)
        except zlib.error:
            break
        size += len(piece)
        if size > limit:
            raise Refused("bomb")
        if keep:
            kept.append(piece)
        if not piece and machine.unconsumed_tail == rest:
            break
        rest = machine.unconsumed_tail
    return b"".join(kept) if keep else size


def run_out(data: bytes, limit: int, *, keep: bool) -> Any:
    """As `inflate`, for run lengths."""
    size, kept, at = 0, [], 0
    while at < len(data) and data[at] != 128:
        length = data[at]
        step, count = (length + 2, length + 1) if length < 128 else (2, 257 - length)
        if keep:
            kept.append(data[at + 1 : at + step] if length < 128 else data[at + 1 : at + 2] * count)
        size, at = size + count, at + step
        if size > limit:
            raise Refused("bomb")
    return b"".join(kept) if keep else size


def from_85(data: bytes) -> bytes:
    """ASCII base 85, four bytes at most for one. Raises Refused when it is none."""
    try:
        return base64.a85decode(data.split(b"~>", 1)[0], ignorechars=WHITE)
    except ValueError:
        raise Refused("damaged") from None


def from_hex(data: bytes) -> bytes:
    """Hexadecimal digits. Raises Refused when they are none."""
    digits = data.split(b">", 1)[0].translate(None, WHITE)
    try:
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii", "replace"))
    except ValueError:
        raise Refused("damaged") from None


WHITE = b" \t\n\r\x0b\x0c\0"
TEXTS = {"/ASCII85Decode": from_85, "/A85": from_85, "/ASCIIHexDecode": from_hex, "/AHx": from_hex}


def refuse_entities(stream: pikepdf.Stream) -> None:
    """Metadata is XML; a document type in it serves only to make a reader expand entities."""
    try:
        raw = stream.read_bytes()
    except pikepdf.PdfError:
        return
    if len(raw) > METADATA_BYTES:
        raise Refused("bomb")
    plain = raw.replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refused("bomb")
