"""Which rules hold on a day: the pilot of the province, else the nation's newest profile, else REFORM_2015 (R-5)."""

from dataclasses import replace
from datetime import date

from django.db.models import F, Q

from core.lifecycle.memo import remembered
from licensing.models import PolicyProfile
from licensing.profile import REFORM_2015, Profile


@remembered
def profile_on(day: date, province_id: int | None) -> Profile:
    """The rules for what is received or accepted on a day in a province; one query."""
    rows = PolicyProfile.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        Q(province__isnull=True) | Q(province_id=province_id),
        effective_from__lte=day,
    )
    row = rows.order_by(F("province_id").asc(nulls_last=True), "-effective_from").first()
    return REFORM_2015 if row is None else profile_of(row)


def profile_of(row: PolicyProfile) -> Profile:
    """A published row as the rules read it: REFORM_2015 with other figures."""
    base = REFORM_2015
    return replace(
        base,
        code=row.code,
        intake=replace(base.intake, days=row.intake_days),
        decision=replace(base.decision, days=row.decision_days),
        simple=replace(base.simple, days=row.simple_days),
        correction=replace(base.correction, days=row.correction_days),
        delegation_allowed=row.delegation_allowed,
    )
