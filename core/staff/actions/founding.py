"""The first administrator of an installation: appointed by whoever runs it, once, and on record."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.accounts import names
from core.accounts.actions import open_account
from core.lifecycle.actors import SYSTEM
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from core.parties.competence import in_force
from core.parties.models import Authority, Duty, Level, User
from core.staff.actions.common import write
from core.staff.models import Official
from core.staff.rules import ADMINISTRATION


class FoundedAlready(Conflict):
    code = "staff.founded_already"
    message = _("国家级机关已经有管理员，请由其新建人员")


class AddressOdd(Invalid):
    code = "staff.address_odd"
    message = _("邮箱地址不正确")


class FounderNameOdd(Invalid):
    code = "staff.founder_name_odd"
    message = _("用户名不符合要求，或已有人使用")


@transaction.atomic
def appoint_first_administrator(*, username: str, name: str, email: str, at: datetime) -> User:
    """Open the account of the national authority's first administrator, without a password yet.

    He appoints everybody else on the pages, a second administrator first. The authority's row is locked, so that two
    at once do not both become the first. Raises FoundedAlready, FounderNameOdd or AddressOdd.
    """
    nation = Authority.objects.select_for_update(of=("self",)).get(level=Level.NATIONAL)
    today = shanghai_date(at)
    if Duty.objects.filter(in_force(today), authority=nation, kind__in=ADMINISTRATION).exists():
        raise FoundedAlready()
    user = open_account(username=_username(username), name=" ".join(name.split()), email=_email(email))
    official = Official.objects.create(user=user, authority=nation, created_at=at)
    for kind in sorted(ADMINISTRATION):
        Duty.objects.create(user=user, authority=nation, kind=kind, valid_from=today)
    write(
        official, "first_administrator", actor=SYSTEM, at=at, internal={"authority": nation.code},
        personal={"name": user.name, "username": user.username, "email": user.email},
    )  # fmt: skip
    return user


def _username(given: str) -> str:
    username = names.normalise(given)
    try:
        names.VALIDATORS[0](username)
    except ValidationError as error:
        raise FounderNameOdd("username") from error
    if username in names.RESERVED or User.objects.filter(username=username).exists():
        raise FounderNameOdd("username")
    return username


def _email(given: str) -> str:
    email = given.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise AddressOdd("email") from error
    return email
