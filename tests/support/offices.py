"""People of an authority for the tests of staff."""

from datetime import date, datetime, timedelta

from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.parties.actors import actor_of
from core.parties.competence import standing_of
from core.parties.models import Authority, User
from tests.support import world

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def now() -> datetime:
    return timezone.now()


def day(offset: int = 0) -> date:
    """Today and days around it, as the acts see them."""
    return shanghai_date(timezone.now()) + timedelta(days=offset)


def acting(person: User) -> Actor:
    return actor_of(person, standing_of(person, day()))


class Jiangsu:
    """Two administrators, a clerk, two reviewers, an approver; the administrators of the nation and of Zhejiang."""

    def __init__(self) -> None:
        self.authority = Authority.objects.get(code="320000")
        self.admin = world.official("320000", "organisation_admin", name="高管理")
        self.second = world.official("320000", "organisation_admin", name="林管理")
        self.clerk = world.official("320000", "acceptance", name="王晓岚")
        self.reviewer = world.official("320000", "review", name="赵磊")
        self.colleague = world.official("320000", "review", name="孙审查")
        self.approver = world.official("320000", "approval", name="李建国")
        self.nation = world.official("AQSIQ", "national_admin", name="何清")
        self.zhejiang = world.official("330000", "organisation_admin", name="浙管理")
        for person in (self.clerk, self.admin):
            TOTP.activate(person, SECRET)
