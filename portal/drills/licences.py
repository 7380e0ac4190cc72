"""Licences whose term ends around a drill, and the cases about them, made by the acts themselves."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from core.lifecycle.dates import shanghai_date
from core.workdays.rules import add_months
from licensing.actions import clockwork, delivery, drafts, filing
from licensing.kinds import Kind
from licensing.models import Application, ProductionLicence
from portal.demo import samples
from portal.drills.cases import NAME, PERSON, Cast, actor_at, moment, saves

ONE_DAY = timedelta(days=1)
MONTHS = 60
STATEMENTS: dict[Kind, dict[str, Any]] = {
    Kind.CHANGE: {"detail": "企业改制，名称变更。", "not_moved": True},
    Kind.RENEWAL: {"site": "no", "equipment": "no", "technology": "no", "inspection": "no"},
}


def ending(cast: Cast, ends_on: date) -> ProductionLicence:
    """A licence whose last day this is, its certificate long delivered."""
    granted_on = add_months(ends_on + ONE_DAY, -MONTHS)
    case = cast.decided(granted_on - timedelta(days=45), moment(granted_on, 16), granted=True)
    delivery.note_certificate(public_id=case.public_id, at=moment(granted_on, 17))
    delivery.deliver(
        public_id=case.public_id,
        actor=actor_at(cast.applicant, moment(granted_on, 18)),
        at=moment(granted_on, 18),
    )
    licence = Application.objects.select_related("licence").get(pk=case.pk).licence
    assert licence is not None and licence.valid_until == ends_on
    return licence


def bare(cast: Cast, ends_on: date) -> Application:
    """A licence nobody renews; its first case stands for it."""
    licence = ending(cast, ends_on)
    assert licence.application_id is not None
    return Application.objects.get(pk=licence.application_id)


def filed(cast: Cast, licence: ProductionLicence, kind: Kind, at: datetime) -> Application:
    """A case of a kind begun from the licence and filed; what it is about differs from the licence."""
    actor = actor_at(cast.applicant, at)
    case = drafts.start_draft(
        public_id=uuid.uuid4(), enterprise=cast.enterprise, actor=actor, at=at, kind=kind, licence=licence
    )
    common: dict[str, Any] = {"public_id": case.public_id, "actor": actor, "at": at}
    for section, data in _sections(case, kind, shanghai_date(at)).items():
        if section in case.rules.sections:
            drafts.save_section(**common, section=section, data=data, draft_version=saves(case))
    picture = samples.business_licence(NAME, cast.enterprise.uscc, PERSON, "春晖路 88 号")
    with samples.known_good(picture, "营业执照.png") as upload:
        drafts.attach_licence(**common, upload=upload, filename="营业执照.png", draft_version=saves(case))
    if case.rules.has_commitment:
        drafts.sign_commitment(**common, signer=PERSON, draft_version=saves(case))
    return filing.submit(**common, draft_version=saves(case))


def _sections(case: Application, kind: Kind, day: date) -> dict[str, dict[str, Any]]:
    draft = case.draft
    named = {"name": NAME.replace("有限公司", "股份有限公司")} if kind is Kind.CHANGE else {}
    kept = {key: value for key, value in draft["conditions"].items() if key != "confirmed"}
    until = str(day + timedelta(days=300))
    instruments = [{**row, "valid_until": until} for row in kept["instruments"]]
    return {
        "enterprise": {**draft["enterprise"], **named, "confirmed": True}, "sites": draft["sites"],
        "conditions": {**kept, "instruments": instruments}, "statement": STATEMENTS.get(kind, {}),
    }  # fmt: skip


def accepted(cast: Cast, ends_on: date, kind: Kind, days_before: int) -> Application:
    """A case about a licence that ends, received so many days before and accepted by silence."""
    received = moment(ends_on - timedelta(days=days_before), 10)
    case = filed(cast, ending(cast, ends_on), kind, received)
    assert case.next_check_at is not None
    clockwork.tick(public_id=case.public_id, at=case.next_check_at)
    return Application.objects.get(pk=case.pk)
