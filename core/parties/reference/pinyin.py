"""Pinyin for sorting and for English names: pure, no database."""

from collections.abc import Mapping, Sequence

from pypinyin import lazy_pinyin

PLACE_READINGS: Mapping[str, str] = {
    "三都": "san du", "乐陵": "lao ling", "六合": "lu he", "南乐": "nan le", "单县": "shan xian",
    "大城县": "dai cheng xian", "子长": "zi chang", "曾都": "zeng du", "朝阳": "chao yang", "民乐": "min le",
    "泊头": "bo tou", "洪洞": "hong tong", "浚县": "xun xian", "浪卡子": "lang ka zi", "涡阳": "guo yang",
    "漯河": "luo he", "珲春": "hun chun", "筠连": "jun lian", "荥经": "ying jing", "覃塘": "qin tang",
    "长子县": "zhang zi xian", "闵行": "min hang", "马尾": "ma wei", "区划": "qu hua",
}  # fmt: skip
"""Readings of place names that the general dictionary gets wrong; where two match, the longer one wins."""

PLACE_CHARACTERS: Mapping[str, str] = {"都": "du", "长": "chang", "什": "shi", "圩": "xu"}
"""Characters that have one reading in every division name except those listed above."""


def syllables(text: str) -> list[str]:
    """One lower-case syllable without tone per Han character; other runs of characters stay as they are."""
    return [part.strip().lower() for part in lazy_pinyin(text) if part.strip()]


def sort_key(text: str) -> str:
    """Key by which Chinese text sorts as in a dictionary: syllables joined by spaces, ASCII order."""
    return " ".join(syllables(text))[:200]


def place_syllables(name: str) -> list[str]:
    """One syllable per character of a division name, with the readings of place names."""
    read = lazy_pinyin(name)
    if len(read) != len(name):
        raise ValueError(f"{name!r} is not written in Han characters only")
    for index, character in enumerate(name):
        read[index] = PLACE_CHARACTERS.get(character, read[index])
    for word in sorted(PLACE_READINGS, key=len):
        start = name.find(word)
        if start >= 0:
            read[start : start + len(word)] = PLACE_READINGS[word].split()
    return read


def romanise(parts: Sequence[str]) -> str:
    """Syllables as one English word: `["xi", "an"]` → `Xi'an`, `["lv", "liang"]` → `Lüliang`."""
    word = ""
    for part in parts:
        part = part.replace("v", "ü")
        word += f"'{part}" if word and part[0] in "aeo" else part
    return word[:1].upper() + word[1:]
