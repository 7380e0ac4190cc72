"""The language of an answer: what `Accept-Language` prefers, Chinese when it names neither."""

from django.utils.translation.trans_real import parse_accept_lang_header


def preferred(header: str) -> str:
    """`zh-hans` or `en`."""
    for code, weight in parse_accept_lang_header(header):
        if weight and code.startswith("en"):
            return "en"
        if weight and code.startswith("zh"):
            return "zh-hans"
    return "zh-hans"
