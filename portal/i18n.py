"""Message catalogues without GNU gettext: extraction and compilation by Babel.

Chinese is the source language: message ids are Chinese, so the Chinese catalogue needs no entries and
English must have every one. `python -m portal.i18n compile` needs neither settings nor a database;
`./dev manage messages` extracts. The compiled files are not kept in the repository.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

REPO = Path(__file__).resolve().parent.parent
LOCALES = ("zh_Hans", "en")
CODE = (
    "core",
    "catalog",
    "certificates",
    "licensing",
    "inspections",
    "labs",
    "supervision",
    "register",
    "portal",
)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
STABLE = datetime(2015, 8, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Found:
    """One message in the source: id (a pair for plurals), context, the file it stands in."""

    id: str | tuple[str, str]
    context: str | None
    place: str


def catalogue_path(locale: str, root: Path = REPO) -> Path:
    return root / "locale" / locale / "LC_MESSAGES" / "django.po"


def sources(root: Path = REPO) -> Iterator[Path]:
    """Python of the product and all templates, in a stable order."""
    for folder in CODE:
        yield from sorted(path for path in (root / folder).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(
        path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt", ".svg"}
    )


def extract(root: Path = REPO) -> list[Found]:
    """Every message of the source."""
    found: list[Found] = []
    for path in sources(root):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = as_python(text, path)
        place = path.relative_to(root).as_posix()
        found += [Found(id_, context, place) for id_, context in messages_of(text)]
    return found


def as_python(text: str, path: Path) -> str:
    """A template as Django sees it for extraction, one statement a line."""
    from django.utils.translation.template import templatize

    return "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())


def messages_of(source: str) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """(id, context) of each call of a translation function with literal arguments."""
    calls: Any = extract_python(BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    for _line, name, arguments, _comments in calls:
        parts = arguments if isinstance(arguments, tuple) else (arguments,)
        shape = KEYWORDS[name] or (1,)
        context = next((parts[item[0] - 1] for item in shape if isinstance(item, tuple)), None)
        words = [parts[item - 1] for item in shape if isinstance(item, int) and len(parts) >= item]
        if not words or not all(isinstance(word, str) and word for word in words):
            continue
        yield (words[0] if len(words) == 1 else (words[0], words[1])), context


def updated(locale: str, root: Path = REPO) -> Catalog:
    """The catalogue of a locale with exactly the messages of the source; translations that exist are kept."""
    old = read(locale, root)
    new = Catalog(
        locale=locale,
        domain="django",
        project="licence-portal",
        version="1",
        charset="utf-8",
        fuzzy=False,
        creation_date=STABLE,
        revision_date=STABLE,
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
    )
    new.header_comment = "# Messages of the portal. Source language: Chinese (msgid)."
    for item in sorted(extract(root), key=lambda found: (found.place, str(found.id))):
        key = item.id[0] if isinstance(item.id, tuple) else item.id
        new.add(item.id, locations=[(item.place, None)], context=item.context)  # type: ignore[list-item]
        before, after = old.get(key, item.context), new.get(key, item.context)
        if before is not None and after is not None and _usable(before, after):
            after.string = before.string
    return new


def _usable(before: Message, after: Message) -> bool:
    return bool(before.string) and isinstance(before.string, str) == isinstance(after.id, str)


def read(locale: str, root: Path = REPO) -> Catalog:
    """The catalogue on disk; empty when there is none yet."""
    path = catalogue_path(locale, root)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as stream:
        return read_po(stream, locale=locale, domain="django")


def written(catalogue: Catalog) -> bytes:
    """The bytes of a .po file: file names without line numbers, so that edits elsewhere do not churn it."""
    out = BytesIO()
    write_po(out, catalogue, width=110, include_lineno=False, omit_header=False)
    return out.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """Ids without a complete translation."""
    return [_id(message) for message in catalogue if message.id and not _complete(message)]


def _complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(strings) and all(strings)


def _id(message: Message) -> str:
    return message.id[0] if isinstance(message.id, list | tuple) else message.id


def compile_all(root: Path = REPO) -> list[Path]:
    """Write a .mo beside every .po. Raises babel's PoFileError for a broken catalogue."""
    done = []
    for path in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=path.parts[-3], domain=path.stem, abort_invalid=True)
        fresh = path.with_suffix(".mo.new")
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.replace(path.with_suffix(".mo"))
        done.append(path)
    return done


def main(arguments: list[str]) -> int:
    if arguments != ["compile"]:
        print("usage: python -m portal.i18n compile", file=sys.stderr)
        return 2
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
