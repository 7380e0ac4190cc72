"""The catalogues: every Chinese message has its English, extraction and compilation need no GNU gettext."""

import gettext
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal import i18n


@pytest.mark.req("R-49")
def test_every_message_has_an_english_entry():
    assert i18n.missing(i18n.updated("en")) == []


def test_the_catalogues_on_disk_hold_exactly_the_messages_of_the_source():
    for locale in i18n.LOCALES:
        assert i18n.catalogue_path(locale).read_bytes() == i18n.written(i18n.updated(locale)), (
            f"run ./dev manage messages ({locale})"
        )


def test_placeholders_survive_translation():
    for message in i18n.read("en"):
        key = i18n._id(message) if message.id else ""
        for string in message.string if isinstance(message.string, list | tuple) else [message.string]:
            assert not string or not key or placeholders(string) <= placeholders(key), key
        if isinstance(message.string, str) and message.string and key:
            assert placeholders(message.string) == placeholders(key), key


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "portal").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "portal" / "a.py").write_text(
        'A = _("受理")\nB = ngettext("%(n)s 件", "%(n)s 件", 2)\nC = _(A)\n'
    )
    (tmp_path / "templates" / "a.html").write_text(
        "{% load i18n %}<p>它's</p>{% translate '决定' %}\n"
        "   {% blocktranslate trimmed with n=x %}\n  还剩 {{ n }} 日，\n  100%\n{% endblocktranslate %}"
    )
    return tmp_path


def test_messages_are_found_in_code_and_templates(tree: Path):
    assert {found.id for found in i18n.extract(tree)} == {
        "受理",
        ("%(n)s 件", "%(n)s 件"),
        "决定",
        "还剩 %(n)s 日， 100%%",
    }


def test_a_translation_is_kept_while_its_message_stands_and_goes_with_it(tree: Path):
    path = i18n.catalogue_path("en", tree)
    path.parent.mkdir(parents=True)
    first = i18n.updated("en", tree)
    first.get("受理").string = "Acceptance"
    first.get("决定").string = "Decision"
    path.write_bytes(i18n.written(first))
    (tree / "templates" / "a.html").write_text("{% load i18n %}{% translate '发证' %}")

    second = i18n.updated("en", tree)

    assert second.get("受理").string == "Acceptance"
    assert second.get("决定") is None
    assert set(i18n.missing(second)) == {"%(n)s 件", "发证"}


def test_compilation_works_before_django_is_set_up(tree: Path):
    path = i18n.catalogue_path("en", tree)
    path.parent.mkdir(parents=True)
    catalogue = i18n.updated("en", tree)
    catalogue.get("受理").string = "Acceptance"
    path.write_bytes(i18n.written(catalogue))
    i18n.compile_all(tree)
    with path.with_suffix(".mo").open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("受理") == "Acceptance"
    code = "import sys, portal.i18n; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=i18n.REPO).returncode == 0


def test_the_command_reports_what_english_lacks(tree: Path, monkeypatch: pytest.MonkeyPatch):
    for function in (
        i18n.updated,
        i18n.catalogue_path,
        i18n.compile_all,
        i18n.read,
        i18n.extract,
        i18n.sources,
    ):
        monkeypatch.setattr(function, "__defaults__", (tree,))
    out = StringIO()
    call_command("messages", stdout=out)
    assert (
        "发证" not in out.getvalue() and "受理" in out.getvalue() and "English missing: 4" in out.getvalue()
    )
    with pytest.raises(CommandError):
        call_command("messages", "--check", stdout=StringIO())
