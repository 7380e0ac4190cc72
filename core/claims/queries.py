"""The read side of claims: pages, lists, what is waiting, and which facts a claimant may see (R-88)."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.claims import rules
from core.claims.lifecycle import OPEN, Status
from core.claims.models import Claim, Invitation, Statement
from core.lifecycle.dates import shanghai_date
from core.parties.competence import Standing, in_force
from core.parties.jurisdiction import XINJIANG, Matter, jurisdiction
from core.parties.models import Authority, AuthorityTerritory, Enterprise, Membership, PowerOfAttorney, User
from core.parties.queries import place
from core.workdays.queries import calendar_for
from core.workdays.rules import due_date

DESK_DUTIES = ("acceptance", "approval")
_ROLE = Membership.Role


def authority_of(division: str, on: date) -> Authority:
    """The province (or the Corps, for its own cities) that reviews claims of enterprises registered there.

    Raises DivisionUnknown where no authority of this licence is in charge.
    """
    ladder = tuple(dict.fromkeys((division, f"{division[:4]}00", f"{division[:2]}0000")))
    known = frozenset(Authority.objects.filter(code__in=ladder).values_list("code", flat=True))
    corps = AuthorityTerritory.objects.filter(in_force(on), division_code=division).exists()
    matter = Matter(division, (), "provincial", xpcc_chosen=corps and division.startswith(XINJIANG))
    found = jurisdiction(
        matter,
        xpcc_territory=frozenset(),
        ancestry=lambda code: tuple(part for part in ladder if part in known) if code == division else (),
    )
    return Authority.objects.get(code=found.filing_authority)


def addresses_of(user: User) -> frozenset[str]:
    """Under which words an invitation reaches a person: the user name, and e-mail addresses proved to be his.

    A user name that looks like an e-mail is none: it would let anybody answer for the address's owner.
    """
    mails = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    name = user.username.lower()
    return frozenset([mail.lower() for mail in mails] + ([] if "@" in name else [name]))


def people_at(address: str) -> list[int]:
    """The accounts an invitation to this address reaches: none or one."""
    if "@" in address:
        rows = EmailAddress.objects.filter(email__iexact=address, verified=True, user__is_active=True)
        return list(rows.values_list("user_id", flat=True))
    return list(
        User.objects.filter(username__iexact=address, is_active=True).values_list("pk", flat=True)[:1]
    )


def heard_until(claim: Claim) -> date | None:
    """The last day on which a silent legal representative in place may still speak before being replaced.

    None once heard, or where there is nobody to hear: five working days after the dispute opened (R-88).
    """
    if claim.disputed_at is None or claim.holder_id is None:
        return None
    if Statement.objects.filter(claim=claim, side=Statement.Side.HOLDER).exists():
        return None
    opened = shanghai_date(claim.disputed_at)
    return due_date(opened, rules.HEARING_WORKDAYS, "workday", (), calendar_for(claim.registered_division))


def _represented(on: date) -> Exists:
    return Exists(
        Membership.objects.filter(
            in_force(on), enterprise=OuterRef("enterprise"), role=_ROLE.LEGAL_REPRESENTATIVE
        )
    )


def _visible(standing: Standing) -> Q:
    """Claims a person reads as a party: his own, those disputed with him, agents' claims for him to answer."""
    led = [m.enterprise_id for m in standing.memberships if m.role == _ROLE.LEGAL_REPRESENTATIVE]
    me = standing.user_id or 0
    return Q(claimant_id=me) | Q(holder_id=me) | Q(enterprise_id__in=led, role=Claim.Role.AGENT)


def party_claim(standing: Standing, public_id: UUID) -> Claim:
    """A claim for one of its parties. Raises Claim.DoesNotExist for everybody else, official or not."""
    rows = Claim.objects.select_related("enterprise", "claimant", "authority", "document__blob", "decided_by")
    return rows.get(_visible(standing), public_id=public_id)


def visible_ids(standing: Standing, ids: frozenset[str]) -> frozenset[str]:
    """Of these claims, those whose page this person may open."""
    rows = Claim.objects.filter(_visible(standing), public_id__in=ids).values_list("public_id", flat=True)
    return frozenset(str(row) for row in rows)


def _reviewable(standing: Standing) -> Q:
    """Claims shown as something to review: of the authorities served; all of them to the national auditor.

    A bare claim, with nothing shown for it, is nobody's business but the claimant's.
    """
    shown = Q(proof_at__isnull=False)
    if standing.audits_everything:
        return shown
    return shown & Q(authority_id__in=standing.authorities(*DESK_DUTIES))


def review_claim(standing: Standing, public_id: UUID) -> Claim:
    """A claim for an official of its authority. Raises Claim.DoesNotExist elsewhere."""
    rows = Claim.objects.select_related(
        "enterprise", "claimant", "authority", "document__blob", "decided_by", "holder"
    )
    return rows.get(_reviewable(standing), public_id=public_id)


def reviewable_ids(standing: Standing, ids: frozenset[str]) -> frozenset[str]:
    """Of these claims, those whose review page this person may open."""
    rows = Claim.objects.filter(_reviewable(standing), public_id__in=ids).values_list("public_id", flat=True)
    return frozenset(str(row) for row in rows)


def to_review(standing: Standing, on: date) -> QuerySet[Claim]:
    """Sealed authorisations waiting for a clerk of these authorities, the oldest first."""
    return Claim.objects.filter(
        ~_represented(on), status=Status.PENDING, document__isnull=False,
        authority_id__in=standing.authorities("acceptance"),
    ).order_by("proof_at", "pk")  # fmt: skip


def to_decide(standing: Standing) -> QuerySet[Claim]:
    """Disputes waiting for an approver of these authorities, the oldest first."""
    rows = Claim.objects.filter(status=Status.DISPUTED, authority_id__in=standing.authorities("approval"))
    return rows.order_by("disputed_at", "pk")


def decided(standing: Standing) -> QuerySet[Claim]:
    """What was decided here, the latest first."""
    rows = Claim.objects.filter(_reviewable(standing)).exclude(status__in=OPEN)
    return rows.select_related("claimant", "enterprise").order_by("-proof_at", "-pk")


def agents_asking(enterprise_ids: list[int]) -> QuerySet[Claim]:
    """Claims of would-be agents that wait for the legal representative's word."""
    rows = Claim.objects.filter(
        enterprise_id__in=enterprise_ids, role=Claim.Role.AGENT, status=Status.PENDING
    )
    return rows.select_related("claimant").order_by("filed_at")


def awaits_clerk(claim: Claim, on: date) -> bool:
    """Whether the acceptance desk has something to decide in this claim."""
    if claim.status != Status.PENDING or claim.document_id is None:
        return False
    return not Membership.objects.filter(
        in_force(on), enterprise_id=claim.enterprise_id, role=_ROLE.LEGAL_REPRESENTATIVE
    ).exists()


def typed_facts(user_id: int, enterprise_ids: frozenset[int]) -> dict[int, dict[str, str]]:
    """What this person typed of each enterprise in a claim still open; one query.

    The one source for a claimant's drafts and headings: never the enterprise's row, which may be another's truth.
    """
    rows = Claim.objects.filter(claimant_id=user_id, enterprise_id__in=enterprise_ids, status__in=OPEN)
    return {
        row.enterprise_id: {
            "name": row.name, "legal_representative": row.legal_representative,
            "division": row.registered_division, "address": row.registered_address, "phone": row.phone,
        }
        for row in rows
    }  # fmt: skip


def full_address(claim: Claim, on: date) -> str:
    """The registered address with the names of its division."""
    found = place(claim.registered_division, on)
    return (found.full_name if found else "") + claim.registered_address


def statements_of(claim: Claim) -> list[Statement]:
    return list(claim.statements.select_related("author", "document__blob").order_by("made_at"))


@dataclass(frozen=True)
class PowerRow:
    """A power of attorney as pages show it; `last` is its last day."""

    power: PowerOfAttorney
    state: rules.PowerState
    last: date


def _row(power: PowerOfAttorney, today: date) -> PowerRow:
    until = power.valid_to or power.valid_from
    state = rules.power_state(
        valid_from=power.valid_from, valid_to=until, revoked=power.revoked_at is not None, today=today
    )
    return PowerRow(power, state, date.fromordinal(until.toordinal() - 1))


def _gone_on(row: PowerRow) -> date:
    return shanghai_date(row.power.revoked_at) if row.power.revoked_at else row.last


@dataclass
class Seat:
    """One enterprise a person acts for, or one agent of an enterprise, with the powers that count or counted."""

    membership: Membership
    powers: list[PowerRow] = field(default_factory=list)
    asking: int = 0

    @property
    def current(self) -> PowerRow | None:
        """The power in force today."""
        return next((row for row in self.powers if row.state in ("in_force", "ends_soon")), None)

    @property
    def coming(self) -> PowerRow | None:
        """The next one to begin."""
        return next((row for row in self.powers if row.state == "not_yet"), None)

    @property
    def past(self) -> PowerRow | None:
        """The last one that expired or was revoked: what to say when there is none in force."""
        gone = [row for row in self.powers if row.state in ("expired", "revoked")]
        return max(gone, key=_gone_on, default=None)

    @property
    def latest(self) -> PowerRow | None:
        """The one to renew: the last not revoked."""
        rows = [row for row in self.powers if row.state != "revoked"]
        return max(rows, key=lambda row: row.last, default=None)

    @property
    def may_file(self) -> bool:
        return self.membership.role == _ROLE.LEGAL_REPRESENTATIVE or self.current is not None

    @property
    def is_representative(self) -> bool:
        return self.membership.role == _ROLE.LEGAL_REPRESENTATIVE


def _with_powers(seats: list[Seat], powers: QuerySet[PowerOfAttorney], today: date) -> list[Seat]:
    by_key = {(seat.membership.user_id, seat.membership.enterprise_id): seat for seat in seats}
    for power in powers.order_by("valid_from", "pk"):
        seat = by_key.get((power.user_id, power.enterprise_id))
        if seat is not None:
            seat.powers.append(_row(power, today))
    return seats


@dataclass(frozen=True)
class Mine:
    """Everything on the page "my enterprises"."""

    seats: list[Seat]
    claims: list[Claim]
    disputes: list[Claim]
    invitations: list[Invitation]

    @property
    def is_empty(self) -> bool:
        return not (self.seats or self.claims or self.disputes or self.invitations)


def mine(user: User, today: date) -> Mine:
    """Enterprises, claims, disputes and invitations of a person, in a constant number of queries."""
    rows = Membership.objects.filter(in_force(today), user=user).exclude(role=_ROLE.CLAIMANT)
    seats = [Seat(row) for row in rows.select_related("enterprise").order_by("enterprise__name")]
    _with_powers(seats, PowerOfAttorney.objects.filter(user=user), today)
    asking = agents_asking([s.membership.enterprise_id for s in seats if s.is_representative])
    for enterprise_id in asking.values_list("enterprise_id", flat=True):
        for seat in seats:
            seat.asking += seat.membership.enterprise_id == enterprise_id
    both = Claim.objects.filter(Q(claimant=user) | Q(holder=user)).select_related("enterprise", "claimant")
    claims = list(both.order_by("-filed_at")[:50])
    return Mine(
        seats,
        [claim for claim in claims if claim.claimant_id == user.pk],
        [claim for claim in claims if claim.holder_id == user.pk],
        invitations_for(user, today),
    )


def invitations_for(user: User, today: date) -> list[Invitation]:
    """Invitations a person may answer."""
    rows = Invitation.objects.filter(
        address__in=addresses_of(user), status=Invitation.Status.OPEN, expires_on__gt=today
    )
    return list(rows.select_related("enterprise", "invited_by").order_by("invited_at"))


@dataclass(frozen=True)
class AgentsPage:
    """Everything on the legal representative's page of one enterprise."""

    enterprise: Enterprise
    seats: list[Seat]
    invitations: list[Invitation]
    asking: list[Claim]


def led_enterprise(standing: Standing, public_id: UUID) -> Enterprise:
    """An enterprise for its legal representative. Raises Enterprise.DoesNotExist for everybody else."""
    led = [m.enterprise_id for m in standing.memberships if m.role == _ROLE.LEGAL_REPRESENTATIVE]
    return Enterprise.objects.get(pk__in=led, public_id=public_id)


def agents_page(enterprise: Enterprise, today: date) -> AgentsPage:
    """Agents with their powers, open invitations, claims to answer: four queries."""
    rows = Membership.objects.filter(in_force(today), enterprise=enterprise, role=_ROLE.AGENT)
    seats = [Seat(row) for row in rows.select_related("user").order_by("user__name", "pk")]
    _with_powers(seats, PowerOfAttorney.objects.filter(enterprise=enterprise), today)
    open_ones = Invitation.objects.filter(
        enterprise=enterprise, status=Invitation.Status.OPEN, expires_on__gt=today
    )
    return AgentsPage(
        enterprise, seats, list(open_ones.order_by("invited_at")), list(agents_asking([enterprise.pk]))
    )


def open_claim(user_id: int, uscc: str) -> Claim | None:
    """The claim this person has open for a code: where a form sent twice leads."""
    return Claim.objects.filter(claimant_id=user_id, enterprise__uscc=uscc, status__in=OPEN).first()
