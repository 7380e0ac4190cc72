"""Before many cases are acted on: which of them can be, and why the others cannot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core.lifecycle.memo import remembering
from core.parties.competence import Standing, in_force
from core.parties.models import Duty, User
from core.staff.models import Absence
from licensing.check_words import items_of
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.queries.acts import acts_open_to
from licensing.queries.cases import visible
from licensing.queries.checks import acceptance_checks
from licensing.queries.hands import Candidate, seen_by
from licensing.workbench.actions.bulk import Chosen


@dataclass(frozen=True)
class Standee:
    """One chosen case before the act: `why` it is left out, each in words; empty when it goes along."""

    chosen: Chosen
    application: Application | None
    why: tuple[str, ...] = ()

    @property
    def goes(self) -> bool:
        return self.application is not None and not self.why


def before_acceptance(standing: Standing, chosen: Sequence[Chosen], today: date) -> tuple[Standee, ...]:
    """Cases without an open warning go along: what acceptance asks of each is asked of each."""
    with remembering():
        return tuple(_acceptable(standing, row, case, today) for row, case in _read(standing, chosen))


def _acceptable(standing: Standing, row: Chosen, case: Application | None, today: date) -> Standee:
    if case is None or (why := _closed(standing, row, case, "accept")):
        return Standee(row, case, () if case is None else why)
    failed = [check for check in acceptance_checks(case, today) if not check.ok]
    words = [
        _("核对有问题：%(what)s")
        % {"what": " · ".join(str(part) for part in (item["text"], item["note"]) if part)}
        for item in items_of(failed)
    ]
    if case.next_due_on is not None and today > case.next_due_on:
        words.append(_("答复期限已过，依法视为受理，请单独办理"))
    return Standee(row, case, tuple(words))


def before_assignment(standing: Standing, chosen: Sequence[Chosen]) -> tuple[Standee, ...]:
    """Cases under review at an authority this person heads."""
    return tuple(
        Standee(row, case, () if case is None else _closed(standing, row, case, "assign"))
        for row, case in _read(standing, chosen)
    )


def _closed(standing: Standing, row: Chosen, case: Application, act: str) -> tuple[str, ...]:
    """Why the act is not open to this person on this case, if it is not."""
    if row.version != case.version:
        return (_("你选中之后，这件申请已经有了新的进展"),)
    if not acts_open_to(standing, case)[act]:
        return (_("这一步现在不由你办理：环节已过，或你已办过这件申请的另一环节"),)
    return ()


def _read(standing: Standing, chosen: Iterable[Chosen]) -> list[tuple[Chosen, Application | None]]:
    """The chosen cases the person sees, in their order; two queries."""
    rows = list(chosen)
    cases = seen_by(visible(standing).exclude(status=Status.DRAFT), standing)
    found = {
        case.public_id: case
        for case in cases.filter(public_id__in=[row.public_id for row in rows]).select_related(
            "enterprise", "category", "licence", "commitment", "correction", "reviewer",
            "filing_authority", "acceptance_authority", "deciding_authority", "review_authority",
        )
    }  # fmt: skip
    return [(row, found.get(row.public_id)) for row in rows]


def reviewers(standees: Iterable[Standee], on: date, *, but: int | None) -> list[Candidate]:
    """Reviewers of the authorities whose cases are given out, those with the least work first; one query.

    Whether each can review each case, the act asks case by case.
    """
    places = {
        row.application.review_authority_id or 0
        for row in standees
        if row.goes and row.application is not None
    }
    held = Duty.objects.filter(
        in_force(on), kind=Duty.Kind.REVIEW, user=OuterRef("pk"), authority_id__in=places
    )
    away = Absence.objects.filter(in_force(on), user=OuterRef("pk"), authority_id__in=places)
    found = (
        User.objects.filter(Exists(held), is_active=True)
        .exclude(pk=but or 0)
        .annotate(
            in_hand=Count("cases_reviewed", filter=Q(cases_reviewed__status=Status.UNDER_REVIEW)),
            is_away=Exists(away),
        )
        .order_by("is_away", "in_hand", "name", "pk")
    )
    return [Candidate(user, user.in_hand, user.is_away) for user in found]  # type: ignore[attr-defined]
