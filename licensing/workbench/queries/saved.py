"""A person's own saved views and habits; nobody else's are ever read."""

from django.db.models import QuerySet

from core.parties.competence import Standing
from licensing.workbench.models import Habit, SavedView


def views_of(standing: Standing) -> QuerySet[SavedView]:
    """The views of this person in their order."""
    return SavedView.objects.filter(user_id=standing.user_id or 0).order_by("place")


def default_of(standing: Standing) -> SavedView | None:
    """The view that opens where no list is asked for."""
    return views_of(standing).filter(is_default=True).first()


def keys_on(user_id: int | None) -> bool:
    """Whether single keys act for this person; they do unless he has switched them off."""
    return Habit.objects.filter(user_id=user_id or 0).values_list("keys_on", flat=True).first() is not False
