"""The door of `./dev`: what it answers to the shell."""

import pytest

from portal.embedded import __main__ as dev
from portal.embedded import faults


def _raising(error: BaseException) -> object:
    def command(*_arguments: object) -> int:
        raise error

    return command


def test_ctrl_c_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.embedded.checks.check", _raising(KeyboardInterrupt()))
    assert dev.main(["check"]) == 130


def test_a_fault_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("portal.embedded.checks.check", _raising(faults.Fault("没有", "missing")))
    assert dev.main(["check"]) == 1
    assert "missing" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--help"], 0), (["nothing-like-it"], 2)])
def test_help_and_an_unknown_word(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(arguments) == code
    said = capsys.readouterr()
    assert "./dev COMMAND" in (said.err if code else said.out)
