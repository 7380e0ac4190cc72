"""Identifiers and names as people type them (DOMAIN §6.2, §7.2; K-values from there, not from the code)."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.lifecycle.errors import Invalid
from core.parties import identifiers
from core.parties.identifiers import (
    clean_name,
    is_valid_uscc,
    normalise_licence_number,
    normalise_uscc,
    parse_licence_number,
    validate_uscc,
)

VALID = (
    "91110108MA00AB124B", "91320102MA1X5C7DXJ", "9144030050112233XU", "92510107MA6C0K9P5B",
    "93370181MA3E7F2G8Y",
)  # fmt: skip
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("code", VALID)
def test_a_valid_code_stands_as_it_is(code: str) -> None:
    assert validate_uscc(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "9111 0108 MA00 AB12 4B",
        "91110108-MA00AB124-B",
        "９１１１０１０８ＭＡ００ＡＢ１２４Ｂ",
        " 91110108ma00ab124b\n",
    ],
)
def test_spelling_does_not_matter(typed: str) -> None:
    assert validate_uscc(typed) == "91110108MA00AB124B"


@pytest.mark.parametrize(
    ("code", "error", "params"),
    [
        ("91110108MA00AB1241", identifiers.UsccCheckDigit, {}),
        ("91320102MA1X5C7D2I", identifiers.UsccCharacter, {"position": 18, "character": "I"}),
        ("9144030050112233", identifiers.UsccLength, {"length": 16}),
        ("A1440300501122337X", identifiers.UsccDigitExpected, {"position": 1, "character": "A"}),
        ("91110108MA00AB124O", identifiers.UsccCharacter, {"position": 18, "character": "O"}),
        ("", identifiers.UsccLength, {"length": 0}),
    ],
)
def test_a_wrong_code_is_refused_and_the_error_says_what_is_wrong(
    code: str, error: type[Invalid], params: dict[str, object]
) -> None:
    with pytest.raises(error) as caught:
        validate_uscc(code)
    assert dict(caught.value.params) == params
    assert caught.value.field == "uscc"
    assert "%(" not in str(caught.value)


def outer_check(body: str) -> str:
    """GB 32100-2015, written from the standard: weights 3^(i−1) mod 31."""
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]


def test_the_inner_organisation_code_is_checked_too() -> None:
    body = "91110108MA00AB125"  # the right inner digit is 4
    with pytest.raises(identifiers.UsccOrganisationCheckDigit):
        validate_uscc(body + outer_check(body))


@given(code=st.sampled_from(VALID), place=st.integers(0, 17), new=st.sampled_from(ALPHABET + "IOSVZ中"))
def test_one_changed_character_is_always_refused(code: str, place: int, new: str) -> None:
    changed = code[:place] + new + code[place + 1 :]
    assert is_valid_uscc(changed) == (changed == code)


@given(st.text(max_size=40))
@example("R¸")
def test_normalising_a_code_twice_changes_nothing(text: str) -> None:
    once = normalise_uscc(text)
    assert normalise_uscc(once) == once


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("（苏）XK06-001-00238", "(苏)XK06-001-00238"),
        ("苏XK06-001-00238", "(苏)XK06-001-00238"),
        ("(苏) xk06-001-00238", "(苏)XK06-001-00238"),
        ("〔苏〕ＸＫ０６－００１－００２３８", "(苏)XK06-001-00238"),
        ("苏 XK06 001 00238", "(苏)XK06-001-00238"),
        ("(苏XK06—001—00238", "(苏)XK06-001-00238"),
        ("xk1300200001", "XK13-002-00001"),
        ("(兵)XK13-002-00001", "(兵)XK13-002-00001"),
        ("XK05-001-00001", "XK05-001-00001"),
    ],
)
def test_a_licence_number_in_any_spelling(typed: str, canonical: str) -> None:
    assert normalise_licence_number(typed) == canonical
    assert identifiers.LICENCE_NUMBER.match(canonical)


@pytest.mark.parametrize(
    "typed", ["", "XK6-001-00238", "XK06-001-0238", "QS06-001-00238", "苏苏XK06-001-00238", "S XK"]
)
def test_what_is_no_licence_number_is_refused(typed: str) -> None:
    with pytest.raises(identifiers.LicenceNumberInvalid):
        parse_licence_number(typed)


def test_an_unknown_province_is_named() -> None:
    with pytest.raises(identifiers.LicencePrefixUnknown) as caught:
        parse_licence_number("(港)XK06-001-00238")
    assert "港" in str(caught.value)


def test_a_number_in_parts() -> None:
    number = parse_licence_number("（苏）XK13-002-00001")
    assert (number.prefix, number.product_code, number.serial) == ("苏", "XK13-002", "00001")
    assert parse_licence_number("XK13-002-00001").prefix == ""


@given(
    prefix=st.sampled_from(["", *"京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新兵"]),
    digits=st.text(string.digits, min_size=10, max_size=10),
)
def test_a_canonical_number_stays_as_it_is(prefix: str, digits: str) -> None:
    front = f"({prefix})" if prefix else ""
    number = f"{front}XK{digits[:2]}-{digits[2:5]}-{digits[5:]}"
    assert normalise_licence_number(number) == number


@pytest.mark.parametrize(
    "name",
    [
        "苏州工业园区㐀𠮷镕甦有限公司", "阿卜杜拉·买买提", "𠮷田", "北京A&B（集团）有限公司", "龙〇",
        "\U0002ebf0\U000323af", "3M中国有限公司",
    ],
)  # fmt: skip
def test_rare_characters_are_welcome(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "好公司😀", "公司❤", "公\u200b司", "公\u202e司", "公\x00司", "公司\ue863", "葛\U000e0100城",
        "1\ufe0f\u20e3号", "公\n司", "公司™", "公司‼", "公\ufffd司",
    ],
)  # fmt: skip
def test_emoji_and_invisible_characters_are_refused_with_their_place(name: str) -> None:
    with pytest.raises(identifiers.NameCharacter) as caught:
        clean_name(name)
    refused = name[caught.value.params["position"] - 1]
    assert caught.value.params["codepoint"] == f"U+{ord(refused):04X}"
    assert refused not in "好公司葛城号1"


def test_names_are_composed_trimmed_and_measured() -> None:
    assert clean_name("  Cafe\u0301　Ltd ") == "Café Ltd"
    for name in ("苏", " 苏 ", "苏" * 101, ""):
        with pytest.raises(identifiers.NameLength):
            clean_name(name)


@given(st.text(max_size=120))
def test_a_clean_name_is_clean(text: str) -> None:
    try:
        name = clean_name(text)
    except Invalid:
        return
    assert clean_name(name) == name
    assert 2 <= len(name) <= 100
