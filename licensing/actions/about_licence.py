"""What a case about a licence must withstand before it is filed: the licence, what it alters, no second of its kind."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from licensing.changes import fault
from licensing.lifecycle import UNDECIDED
from licensing.models import Application, LicenceStatus, ProductionLicence
from licensing.queries.terms import renewed_by_law
from licensing.terms import Held, obstacle, renewal_opens_on


class LicenceNotRunning(Conflict):
    code = "licensing.licence_not_running"
    message = _("许可证 %(number)s 已经终止，不能据此申请")


class LicenceExpired(Conflict):
    code = "licensing.licence_expired"
    message = _("许可证 %(number)s 已于 %(day)s过期，不能再据此申请；继续生产须重新申请")


class RenewalUnwritten(Conflict):
    code = "licensing.renewal_unwritten"
    message = _("许可证 %(number)s 已依法视为准予延续，系统正在登记；请过几分钟再办")


class RenewalTooEarly(Conflict):
    code = "licensing.renewal_too_early"
    message = _("许可证 %(number)s 自 %(day)s起可以申请延续")


class RenewalUnconfirmed(Conflict):
    code = "licensing.renewal_unconfirmed"
    message = _("许可证 %(number)s 已视为准予延续，证书制发之后才能再申请延续")


class UnderWay(Conflict):
    code = "licensing.under_way"
    message = _("许可证 %(number)s 已有一件同类申请在办")


class SiteMoved(Invalid):
    code = "licensing.site_moved"
    message = _("生产地址的市县或处数变了，这是迁址，不是变更。请改为申请迁址，或把生产地址改回原处")


class NothingChanged(Invalid):
    code = "licensing.nothing_changed"
    message = _("所填内容与许可证上的相同，没有要变更的内容")


class NothingAdded(Invalid):
    code = "licensing.nothing_added"
    message = _("没有增加产品单元，也没有增加集团公司所属单位")


def check_licence(
    kind: str, licence: ProductionLicence, at: datetime, renewed: Collection[int] | None = None
) -> None:
    """Whether a case of this kind can be filed for this licence today (DOMAIN §3.3).

    `renewed` from `queries.terms.renewed_by_law` where many are asked about; read when needed otherwise.
    """
    today = shanghai_date(at)
    if renewed is None:
        renewed = renewed_by_law([licence]) if today > licence.valid_until else ()
    match obstacle(kind, held_of(licence, renewed), today):
        case "ended":
            raise LicenceNotRunning("licence", number=licence.number)
        case "expired":
            raise LicenceExpired("licence", number=licence.number, day=licence.valid_until)
        case "renewing":
            raise RenewalUnwritten("licence", number=licence.number)
        case "too_early":
            opens = renewal_opens_on(licence.valid_until)
            raise RenewalTooEarly("licence", number=licence.number, day=opens)
        case "unconfirmed":
            raise RenewalUnconfirmed("licence", number=licence.number)


def check_alteration(application: Application, facts: Mapping[str, Any]) -> None:
    """Raises SiteMoved, NothingChanged or NothingAdded when the facts are no case of this kind."""
    assert application.licence is not None
    match fault(application.kind, application.licence.content, facts):
        case "site_moved":
            raise SiteMoved("sites")
        case "nothing_changed":
            raise NothingChanged("statement")
        case "nothing_added":
            raise NothingAdded("product")


def held_of(licence: ProductionLicence, renewed: Collection[int]) -> Held:
    """A licence as the rules of its term ask for it."""
    return Held(
        licence.is_running,
        licence.status == LicenceStatus.VALID_DEEMED,
        licence.valid_until,
        licence.pk in renewed,
    )


def require_only_one(application: Application) -> None:
    """One case of a kind at a time about one licence, whose lock the caller holds. Raises UnderWay."""
    licence, same = application.licence, {"kind": application.kind, "status__in": UNDECIDED}
    if licence is not None and Application.objects.filter(licence=licence, **same).exists():
        raise UnderWay("licence", number=licence.number)
