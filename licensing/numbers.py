"""Licence numbers and case numbers (DOMAIN §7.2): never reused, safe under concurrent grants."""

import secrets
from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import Invalid
from core.parties.identifiers import LicenceNumber
from core.parties.models import Authority
from licensing.kinds import rules_of
from licensing.models import CaseCounter, NumberCounter

CHECK_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class NumbersExhausted(Invalid):
    code = "licensing.numbers_exhausted"
    message = _("%(code)s 的证书序号已经用完，请报国家级管理员处理")


def next_licence_number(*, authority: Authority, xk_code: str) -> str:
    """`(苏)XK13-002-00001`, or without prefix for a national licence. Call inside the grant's transaction.

    The counter row is locked until the transaction ends, so two grants at once get two numbers; a rolled back
    grant leaves no gap, and a number once committed is never given again.
    """
    code = xk_code.removeprefix("XK")
    NumberCounter.objects.get_or_create(authority=authority, code=code)
    counter = NumberCounter.objects.select_for_update().get(authority=authority, code=code)
    if counter.last >= 99_999:
        raise NumbersExhausted(code=xk_code)
    counter.last = F("last") + 1
    counter.save(update_fields=["last"])
    counter.refresh_from_db()
    prefix = f"({authority.licence_prefix})" if authority.licence_prefix else ""
    return f"{prefix}XK{code}-{counter.last:05d}"


def advance_counters(*, authority: Authority, numbers: Iterable[LicenceNumber]) -> None:
    """Numbers that an import takes over are given: the next grant takes a higher one (R-90).

    The counters stay locked until the transaction ends, so that no grant takes a number between the look whether it is
    free and its use; in the order of codes, so that two imports do not wait for each other.
    """
    highest: dict[str, int] = {}
    for number in numbers:
        code = number.product_code.removeprefix("XK")
        highest[code] = max(highest.get(code, 0), int(number.serial))
    for code, serial in sorted(highest.items()):
        NumberCounter.objects.get_or_create(authority=authority, code=code)
        counter = NumberCounter.objects.select_for_update().get(authority=authority, code=code)
        if counter.last < serial:
            counter.last = serial
            counter.save(update_fields=["last"])


def next_case_number(*, authority: Authority, kind: str, year: int) -> str:
    """ASCII and not guessable: `320000-N-2026-000341-7K`, the last two characters random."""
    CaseCounter.objects.get_or_create(authority=authority, kind=kind, year=year)
    counter = CaseCounter.objects.select_for_update().get(authority=authority, kind=kind, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    check = "".join(secrets.choice(CHECK_ALPHABET) for _place in range(2))
    return f"{authority.code}-{rules_of(kind).letter}-{year}-{counter.last:06d}-{check}"


def short_case_number(number: str, prefix: str, kind: str) -> str:
    """The Chinese short form beside the number: `苏新 2026-000341`."""
    _authority, _letter, year, serial, _check = number.rsplit("-", 4)
    return f"{prefix}{rules_of(kind).short} {year}-{serial}"
