"""Numbers of official documents, as GB/T 9704 writes them: sign of the authority, year in full, serial without zeros.

`苏质监许受〔2015〕12号`. A number is given when the document is signed, so that a paper which cannot be made uses none
up; one that was given and rolled back is given again, one that was committed never.
"""

from typing import Any

from certificates.models import DocumentCounter


def next_serial(*, authority_code: str, series: str, year: int) -> int:
    """The next serial; the counter's row stays locked until the transaction ends, so two at once get two numbers."""
    key: dict[str, Any] = {"authority_code": authority_code, "series": series, "year": year}
    DocumentCounter.objects.get_or_create(**key)
    counter = DocumentCounter.objects.select_for_update().get(**key)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def document_number(*, series: str, year: int, serial: int) -> str:
    """The number as printed."""
    return f"{series}〔{year}〕{serial}号"
