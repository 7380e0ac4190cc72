"""Every hostile file is refused for its own reason, by a process that cannot hurt anybody, and nothing is kept."""

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from core.files import sandbox
from core.files.child.__main__ import verdict_of
from core.files.errors import (
    ACTIVE,
    BY_REASON,
    FileActive,
    FileDamaged,
    FileEmpty,
    FileRefused,
    FileTooLarge,
)
from core.files.intake import prepare
from core.files.rules import LIMITS
from tests.core_files.hostile import FILES, Hostile
from tests.core_files.hostile.making import written


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(django_settings, "FILES_DIR", tmp_path)
    return tmp_path


def refused(content: bytes, filename: str) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        prepare(content=content, filename=filename, slot="paper").close()
    return caught.value


def what_becomes_of(file: Hostile) -> tuple[str, str]:
    """The code it is refused with, and what was found in it; said at the field, in words."""
    try:
        prepare(content=file.make(), filename=file.filename, slot="paper").close()
    except FileRefused as error:
        assert error.field == "paper" and str(error)
        return error.code, error.finding if isinstance(error, FileActive) else ""
    return "taken", ""


@pytest.mark.req("R-29")
def test_every_hostile_file_is_refused_for_its_own_reason(
    files: Path, record_property: Callable[[str, object], None]
) -> None:
    expected = {file.title: (file.code, file.finding) for file in FILES}
    found = {file.title: what_becomes_of(file) for file in FILES}
    right = sum(found[title] == reason for title, reason in expected.items())
    record_property("refused_for_the_right_reason", f"{right} of {len(FILES)}")
    print(f"refused for the right reason: {right} of {len(FILES)}")
    assert found == expected and len(expected) == len(FILES)
    assert list(files.iterdir()) == []


def test_every_reason_is_met_at_least_once() -> None:
    one_by_one = {error.code for error in BY_REASON.values()} | {FileTooLarge.code, FileEmpty.code}
    assert {file.code for file in FILES} == one_by_one | {FileActive.code}
    assert {file.finding for file in FILES} - {""} == set(ACTIVE)


def laughing(depth: int) -> bytes:
    """Drawings that each draw the next one ten times."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 140]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    )
    forms = []
    for number in range(5, 5 + depth):
        body = b"/X Do " * 10 if number < 4 + depth else b"0 0 9 9 re f " * 50
        forms.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 200 140]/Resources<</XObject<</X %d 0 R>>>>/Length %d>>\nstream\n%s\nendstream"  # noqa: E501
            % (number + 1 if number < 4 + depth else number, len(body), body)
        )
    contents = b"<</Length 5>>\nstream\n/X Do\nendstream"
    return written(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, contents, *forms
    )


@pytest.mark.parametrize("limits", [{"cpu_seconds": 1}, {"wall_seconds": 1}], ids=str)
def test_a_file_that_would_be_drawn_for_ever_is_refused_when_the_time_is_up(
    limits: dict[str, int], monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    monkeypatch.setattr(sandbox, "LIMITS", replace(LIMITS, **limits))
    assert isinstance(refused(laughing(12), "a.pdf"), FileDamaged)
    assert list(files.iterdir()) == []


def test_the_process_knows_nothing_of_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    class Spy(sandbox.subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, command: list[str], **options: object) -> None:
            seen.update(options)
            super().__init__(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(sandbox.subprocess, "Popen", Spy)
    refused(b"%PDF-1.7\n%%EOF\n", "a.pdf")
    assert set(seen["env"]) == {"LC_ALL", "PYTHONPATH", "MALLOC_ARENA_MAX"}  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "error", [KeyError("/Width"), ValueError("nan"), OSError("broken data"), IndexError()]
)
def test_an_error_of_a_library_is_the_file_s_fault(error: Exception) -> None:
    def work() -> dict[str, object]:
        raise error

    assert verdict_of(work) == {"refused": "damaged", "params": {}}


def test_a_full_disk_is_not_the_file_s_fault() -> None:
    def work() -> dict[str, object]:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        verdict_of(work)


def test_memory_that_runs_out_is_a_bomb() -> None:
    def work() -> dict[str, object]:
        raise MemoryError

    assert verdict_of(work) == {"refused": "bomb", "params": {}}


def test_a_process_that_cannot_work_is_a_fault_of_the_installation_and_not_of_the_file(
    tmp_path: Path,
) -> None:
    with pytest.raises(sandbox.InspectorBroken, match="FileNotFoundError"):
        sandbox.inspect_pdf(tmp_path / "missing.pdf", "0" * 64, "paper")
