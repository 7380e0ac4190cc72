"""Words and tones of corrections, as pages show them."""

from django import template

from licensing.corrections.lifecycle import Asked, Status
from licensing.corrections.models import CertificateCorrection, CorrectionRequest
from licensing.corrections.queries import is_stale
from licensing.corrections.words import groups_in, wrong_words
from licensing.models import Application
from licensing.numbers import short_case_number

register = template.Library()
TONES = {
    Status.PROPOSED: "go", Status.APPROVED: "ok", Status.DECLINED: "stop",
    Asked.OPEN: "wait", Asked.TAKEN_UP: "go", Asked.ANSWERED: "ok", Asked.SETTLED: "ok",
}  # fmt: skip


@register.filter
def correction_tone(row: CertificateCorrection | CorrectionRequest) -> str:
    """Tone of the pill that says where it stands."""
    return TONES.get(row.status, "")  # type: ignore[call-overload,no-any-return]


@register.filter
def corrected_words(row: CertificateCorrection) -> str:
    """What is corrected, in a few words."""
    return groups_in(row)


@register.filter
def asked_words(row: CorrectionRequest) -> str:
    """What the holder says is wrong."""
    return wrong_words(row.wrong)


@register.filter
def stale(row: CertificateCorrection) -> bool:
    """Whether another act has moved the licence since."""
    return is_stale(row)


@register.filter
def short_case(case: Application) -> str:
    """The short number of a case: 苏新 2026-000341."""
    filing = case.filing_authority
    return short_case_number(case.number or "", filing.licence_prefix if filing else "", case.kind)
