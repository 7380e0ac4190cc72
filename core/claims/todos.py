"""What claims put on a person's desk: rows of label, url, hint, count; nothing when nothing waits."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.claims.lifecycle import Status
from core.claims.models import Claim, Statement
from core.claims.queries import to_decide, to_review
from core.lifecycle.dates import shanghai_date
from core.parties.competence import Standing
from core.parties.models import Membership


def waiting(standing: Standing) -> Iterable[dict[str, Any]]:
    """To-dos of clerks, approvers, claimants and legal representatives; at most one query for each of these."""
    if standing.is_official:
        yield from _official(standing)
    if standing.claims:
        yield from _claimant(standing)
    if any(m.role == Membership.Role.LEGAL_REPRESENTATIVE for m in standing.memberships):
        yield from _representative(standing)


def _todo(label: str, url: str, hint: str, count: int) -> dict[str, Any]:
    return {"label": label, "url": url, "hint": hint, "count": count}


def _official(standing: Standing) -> Iterable[dict[str, Any]]:
    today = shanghai_date(timezone.now())
    page = reverse("claims:review_list")
    if standing.authorities("acceptance") and (count := to_review(standing, today).count()):
        yield _todo(_("核对盖章授权书"), page, _("企业认领账号，等你核对"), count)
    if standing.authorities("approval") and (count := to_decide(standing).count()):
        yield _todo(_("裁定认领争议"), page, _("两个人都称是法定代表人"), count)


def _claimant(standing: Standing) -> Iterable[dict[str, Any]]:
    bare = Claim.objects.filter(
        claimant_id=standing.user_id, status=Status.PENDING, proof_at__isnull=True
    ).order_by("filed_at")
    rows = list(bare.values_list("public_id", "name")[:5])
    for public_id, name in rows:
        page = reverse("claims:claim", kwargs={"public_id": public_id})
        yield _todo(_("证明你代表“%(name)s”") % {"name": name}, page, _("证明之前只能填草稿，不能提交"), 1)


def _representative(standing: Standing) -> Iterable[dict[str, Any]]:
    led = [m.enterprise_id for m in standing.memberships if m.role == Membership.Role.LEGAL_REPRESENTATIVE]
    me = standing.user_id
    heard = Exists(Statement.objects.filter(claim=OuterRef("pk"), author_id=me))
    counted = Claim.objects.filter(
        Q(enterprise_id__in=led, role=Claim.Role.AGENT, status=Status.PENDING)
        | Q(holder_id=me, status=Status.DISPUTED) & ~heard
    ).aggregate(
        asking=Count("pk", filter=Q(status=Status.PENDING)),
        disputed=Count("pk", filter=Q(status=Status.DISPUTED)),
    )
    if counted["disputed"]:
        yield _todo(
            _("有人认领你的企业，请陈述意见"), reverse("claims:mine"), _("你的权限不变，由许可机关裁定"),
            counted["disputed"],
        )  # fmt: skip
    if counted["asking"]:
        yield _todo(
            _("有人申请作你企业的代理人"), reverse("claims:mine"), _("由你决定是否同意"), counted["asking"]
        )
