"""Whether a PDF would do more than show pages: scripts, programs, attachments, forms that call home."""

from typing import Any

import pikepdf

from core.files.child.refused import Refused

ACTIONS = {
    "/JavaScript": "javascript", "/Launch": "launch", "/SubmitForm": "submit", "/ImportData": "submit",
    "/GoToR": "external", "/GoToE": "external", "/Thread": "external", "/Rendition": "media", "/Movie": "media",
    "/Sound": "media", "/RichMediaExecute": "media", "/GoTo3DView": "media",
}  # fmt: skip
ANNOTATIONS = {
    "/RichMedia": "media", "/Screen": "media", "/Movie": "media", "/Sound": "media", "/3D": "media",
    "/FileAttachment": "attachment",
}  # fmt: skip
KEYS = {
    "/JS": "javascript", "/JavaScript": "javascript", "/XFA": "xfa", "/EF": "attachment",
    "/EmbeddedFiles": "attachment", "/Collection": "attachment", "/RichMediaContent": "media", "/OPI": "external",
}  # fmt: skip
HOLDS = {"/JS": (pikepdf.String, pikepdf.Stream), "/EF": pikepdf.Dictionary}
AT_OPENING = ("/OpenAction", "/AA")
LINKS = ("http:", "https:", "mailto:", "tel:", "ftp:")
DEEPEST = 200


def text(value: Any) -> str:
    """A name or string of a PDF as text; empty for anything else."""
    return str(value) if isinstance(value, pikepdf.Name | pikepdf.String) else ""


def look_at(value: Any) -> None:
    """Judge one indirect object with everything written directly inside it. Raises Refused."""
    waiting = [(value, 0, False)]
    while waiting:
        current, depth, opening = waiting.pop()
        if depth > DEEPEST:
            raise Refused("bomb")
        if isinstance(current, pikepdf.Dictionary | pikepdf.Stream):
            judge(current, opening)
            for key, inner in current.items():
                at_opening = opening or key in AT_OPENING
                if belongs_here(inner, at_opening):
                    waiting.append((inner, depth + 1, at_opening))
        elif isinstance(current, pikepdf.Array):
            waiting += [(item, depth + 1, opening) for item in current if belongs_here(item, opening)]


def belongs_here(inner: Any, at_opening: bool) -> bool:
    """What is written directly inside; and the actions of an opening wherever they stand, to know them as such."""
    if not getattr(inner, "is_indirect", False):
        return True
    return at_opening and isinstance(inner, pikepdf.Dictionary) and ("/S" in inner or "/Type" not in inner)


def judge(entry: Any, opening: bool) -> None:
    """One dictionary. `opening`: it is carried out when the file or a page is opened, so not even a link may be."""
    for key, what in KEYS.items():
        if key in entry and (key not in HOLDS or isinstance(entry[key], HOLDS[key])):  # type: ignore[arg-type]
            raise Refused("active", what=what)
    kind, action, subtype = (text(entry.get(key)) for key in ("/Type", "/S", "/Subtype"))
    if action in ACTIONS:
        raise Refused("active", what=ACTIONS[action])
    if subtype in ANNOTATIONS and (kind == "/Annot" or "/Rect" in entry):
        raise Refused("active", what=ANNOTATIONS[subtype])
    if kind == "/EmbeddedFile":
        raise Refused("active", what="attachment")
    if action == "/URI" and (opening or not is_link(entry)):
        raise Refused("active", what="external")
    if points_outside(entry, kind, subtype):
        raise Refused("active", what="external")


def is_link(entry: Any) -> bool:
    """An address one may click: of the web, of a mail box, of a telephone; or one without a scheme."""
    target = text(entry.get("/URI")).strip().lower()
    scheme = target.split(":", 1)[0] + ":" if ":" in target.split("/", 1)[0] else ""
    return not scheme or scheme in LINKS


def points_outside(entry: Any, kind: str, subtype: str) -> bool:
    """Content that stands in another file: file specifications, reference XObjects, streams kept elsewhere."""
    if kind in ("/Filespec", "/FileSpec"):
        return True
    if subtype == "/Form" and isinstance(entry.get("/Ref"), pikepdf.Dictionary):
        return True
    return isinstance(entry, pikepdf.Stream) and ("/F" in entry or "/FFilter" in entry)
