"""Who may do what: the one competence query for pages, downloads, exports and tests (DESIGN §3, DOMAIN §8).

Default deny. What a person holds on a day is a `Standing`; which authority handles each stage of a case is
`handlers`; both are values, so that lists filter in SQL by the same ids the single act is checked against.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.parties.models import Authority, Delegation, Duty, Level, Membership, PowerOfAttorney, Stage, User


def in_force(on: date) -> Q:
    """Rows of a dated table in force on a day: `[valid_from, valid_to)`."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


@dataclass(frozen=True)
class HeldDuty:
    """`stands_for` is the absent colleague whose duty it is, until the day before `valid_to`; empty for one's own."""

    kind: str
    authority_id: int
    authority_code: str
    authority_name: str
    level: str
    stands_for: str = ""
    valid_to: date | None = None

    @property
    def kind_label(self) -> str:
        return str(Duty.Kind(self.kind).label)


@dataclass(frozen=True)
class HeldMembership:
    """`may_file`: the legal representative, or an agent whose power of attorney is in force (R-88)."""

    enterprise_id: int
    enterprise_name: str
    uscc: str
    role: str
    may_file: bool = False


@dataclass(frozen=True)
class Standing:
    """Everything a person holds on one day; empty for a visitor.

    `memberships` are proved; `claims` are enterprises the person only says to act for: good for drafts of their own,
    and called by their code, since a claim reveals nothing of the enterprise (R-88). `interests` are the enterprises
    the person belongs to, also where a token leaves the memberships themselves out: own interest has no off switch.
    `on` is that day, for questions about others on the same day: is the colleague away?
    """

    user_id: int | None = None
    duties: tuple[HeldDuty, ...] = ()
    memberships: tuple[HeldMembership, ...] = ()
    claims: tuple[HeldMembership, ...] = ()
    interests: frozenset[int] = frozenset()
    on: date | None = None
    enterprise_ids: frozenset[int] = field(init=False)
    claimed_ids: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "enterprise_ids", frozenset(m.enterprise_id for m in self.memberships))
        object.__setattr__(self, "interests", self.interests | self.enterprise_ids)
        object.__setattr__(self, "claimed_ids", frozenset(m.enterprise_id for m in self.claims))

    def authorities(self, *kinds: str) -> frozenset[int]:
        """Authorities at which any of the duties is held."""
        return frozenset(d.authority_id for d in self.duties if d.kind in kinds)

    def holds(self, kind: str, authority_id: int | None) -> bool:
        return any(d.kind == kind and d.authority_id == authority_id for d in self.duties)

    @property
    def is_official(self) -> bool:
        return bool(self.duties)

    @property
    def is_national_admin(self) -> bool:
        return any(d.kind == Duty.Kind.NATIONAL_ADMIN and d.level == Level.NATIONAL for d in self.duties)

    @property
    def audits_everything(self) -> bool:
        return any(d.kind == Duty.Kind.AUDIT and d.level == Level.NATIONAL for d in self.duties)


NOBODY = Standing()


def standing_of(user: User, on: date) -> Standing:
    """Duties and memberships in force on `on`, in two queries; nothing for an inactive account."""
    if not user.is_active:
        return NOBODY
    rows = Duty.objects.filter(in_force(on), user=user).select_related("authority", "substitute_for")
    held = [_held(row) for row in _members(user, on)]
    return Standing(
        user.pk,
        tuple(_duty(row) for row in rows.order_by("id")),
        tuple(row for row in held if row.role != Membership.Role.CLAIMANT),
        tuple(row for row in held if row.role == Membership.Role.CLAIMANT),
        on=on,
    )


def _duty(row: Duty) -> HeldDuty:
    authority, absent = row.authority, row.substitute_for
    return HeldDuty(
        row.kind, authority.pk, authority.code, authority.name_zh, authority.level, absent.name if absent else "",
        row.valid_to if absent else None,
    )  # fmt: skip


def _members(user: User, on: date) -> QuerySet[Membership]:
    power = PowerOfAttorney.objects.filter(
        in_force(on), user=OuterRef("user"), enterprise=OuterRef("enterprise"), revoked_at__isnull=True
    )
    rows = Membership.objects.filter(in_force(on), user=user).select_related("enterprise")
    return rows.annotate(authorised=Exists(power)).order_by("id")


def _held(row: Membership) -> HeldMembership:
    role = Membership.Role(row.role)
    files = role == Membership.Role.LEGAL_REPRESENTATIVE or (role == Membership.Role.AGENT and row.authorised)  # type: ignore[attr-defined]
    uscc = row.enterprise.uscc
    name = uscc if role == Membership.Role.CLAIMANT else row.enterprise.name
    return HeldMembership(row.enterprise_id, name, uscc, row.role, files)


@dataclass(frozen=True)
class Handlers:
    """Which authority handles each stage of one case, delegations included (R-17, R-19)."""

    filing: Authority
    deciding: Authority
    acceptance: Authority
    review: Authority
    approval: Authority


def handlers(
    *, filing: Authority, deciding: Authority, division: str, category_key: str, on: date
) -> Handlers:
    """Resolve the stages: the province files and organises the review, the deciding authority approves.

    A delegation in force moves one stage of a provincial case to a prefecture whose territory holds the
    filing address; never of a national case, never further down (R-19, R-20).
    """
    stages = {Stage.ACCEPTANCE: filing, Stage.REVIEW: filing, Stage.APPROVAL: deciding}
    if deciding.level == Level.PROVINCIAL:
        rows = (
            Delegation.objects.filter(
                in_force(on),
                Q(suspended_on__isnull=True) | Q(suspended_on__gt=on),
                Q(category_key=category_key) | Q(category_key=""),
                delegator=deciding,
                delegate__level=Level.PREFECTURE,
                delegate__division_code=division[:4] + "00",
            )
            .select_related("delegate")
            .order_by("category_key")
        )
        for row in rows:
            stages[Stage(row.stage)] = row.delegate
    return Handlers(filing, deciding, stages[Stage.ACCEPTANCE], stages[Stage.REVIEW], stages[Stage.APPROVAL])


def standing_for(actor: Actor, at: datetime) -> Standing:
    """What the actor of an act holds at `at`, read afresh: acts never trust a page's older view."""
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    return standing_of(user, shanghai_date(at)) if user else NOBODY
