"""In whose hands a review is, who could take it, and who takes no part: read with the case, in its own query."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from core.parties.competence import Standing, in_force
from core.parties.models import Duty, Membership, User
from core.staff.models import Absence
from licensing.lifecycle import Status
from licensing.models import Application, Recusal

HANDLING = (
    ("review", "review_authority_id"),
    ("acceptance", "acceptance_authority_id"),
    ("approval", "approval_authority_id"),
    ("head", "review_authority_id"),
    ("head", "deciding_authority_id"),
)
"""Duties by which somebody handles a case or could come to: with any of them a conflict can be declared."""
RECUSABLE = frozenset(
    {Status.SUBMITTED, Status.CORRECTION_REQUESTED, Status.UNDER_REVIEW, Status.DECISION_PENDING}
)
"""States in which somebody still handles the case."""


def recused_from(standing: Standing) -> Exists:
    """Cases in which this person has declared a conflict."""
    return Exists(Recusal.objects.filter(application=OuterRef("pk"), user_id=standing.user_id or 0))


def to_take_over(standing: Standing) -> Q:
    """Cases under review that this reviewer may take over: its reviewer is away and he stands in, or holds the duty no
    more. The rule of `actions.hands.take_over` in SQL, on the day of `standing`."""
    authorities = standing.authorities(Duty.Kind.REVIEW)
    if standing.on is None or not authorities:
        return Q(pk__in=())
    of_reviewer = {"user": OuterRef("reviewer"), "authority": OuterRef("review_authority")}
    away = Absence.objects.filter(in_force(standing.on), substitute_id=standing.user_id, **of_reviewer)
    there = Duty.objects.filter(
        in_force(standing.on), kind=Duty.Kind.REVIEW, user__is_active=True, **of_reviewer
    )
    in_other_hands = Q(
        status=Status.UNDER_REVIEW, review_authority_id__in=authorities, reviewer__isnull=False
    ) & ~Q(reviewer_id=standing.user_id)
    return in_other_hands & (Q(Exists(away)) | ~Q(Exists(there)))


def seen_by(cases: QuerySet[Application], standing: Standing) -> QuerySet[Application]:
    """The cases with what this person may not or may do in each, in the same query."""
    return cases.annotate(
        viewer_recused=recused_from(standing),
        viewer_takes_over=ExpressionWrapper(to_take_over(standing), output_field=BooleanField()),
    )


def is_recused(application: Application) -> bool:
    """Whether the viewer the case was read for has declared a conflict in it."""
    return bool(getattr(application, "viewer_recused", False))


def hand_acts(standing: Standing, application: Application) -> dict[str, bool]:
    """Which acts on the hands to offer: take in hand, take over, assign, recuse."""
    me, status = standing.user_id, application.status
    able = not (
        application.enterprise_id in standing.interests
        or application.created_by_id == me
        or is_recused(application)
    )
    under_review = able and status == Status.UNDER_REVIEW
    apart = me not in {application.clerk_id, application.approver_id}
    given = application.reviewer_id == me and not application.reviewer_stated
    return {
        "take_review": under_review
        and apart
        and (application.reviewer_id is None or given)
        and standing.holds("review", application.review_authority_id),
        "take_over": under_review and apart and bool(getattr(application, "viewer_takes_over", False)),
        "assign": under_review and standing.holds("head", application.review_authority_id),
        "recuse": able
        and status in RECUSABLE
        and any(standing.holds(duty, getattr(application, place) or 0) for duty, place in HANDLING),
    }


@dataclass(frozen=True)
class Candidate:
    """A reviewer a case could be given to, with the work he has and whether he is away today."""

    user: User
    in_hand: int
    away: bool


def candidates(application: Application, on: date, *, but: int | None) -> list[Candidate]:
    """Reviewers of the authority who can review this case, those with the least work first; one query.

    `but`: the head who asks. Who has it already, did another duty in it, belongs to the enterprise or has recused
    himself is left out.
    """
    authority = application.review_authority_id or 0
    held = Duty.objects.filter(
        in_force(on), kind=Duty.Kind.REVIEW, user=OuterRef("pk"), authority_id=authority
    )
    member = Membership.objects.filter(
        in_force(on), user=OuterRef("pk"), enterprise_id=application.enterprise_id
    ).exclude(role=Membership.Role.CLAIMANT)
    away = Absence.objects.filter(in_force(on), user=OuterRef("pk"), authority_id=authority)
    others = {
        but, application.reviewer_id, application.clerk_id, application.approver_id, application.created_by_id,
    }  # fmt: skip
    found = (
        User.objects.filter(Exists(held), ~Exists(member), is_active=True)
        .exclude(pk__in=[person for person in others if person is not None])
        .exclude(Exists(Recusal.objects.filter(application=application, user=OuterRef("pk"))))
        .annotate(
            in_hand=Count("cases_reviewed", filter=Q(cases_reviewed__status=Status.UNDER_REVIEW)),
            is_away=Exists(away),
        )
        .order_by("is_away", "in_hand", "name", "pk")
    )
    return [Candidate(user, user.in_hand, user.is_away) for user in found]  # type: ignore[attr-defined]


def able(application: Application, people: list[int]) -> list[int]:
    """Of these people, those who have not recused themselves from the case."""
    recused = set(application.recusals.values_list("user_id", flat=True))
    return [person for person in people if person not in recused]
