"""What officials keep for their work: views they saved, habits at the keyboard, notes on cases."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q

from licensing.models import Application

MOST_VIEWS = 20
"""Saved views of one person: as many as can be told apart in a menu."""
VIEW_NAME = 40
"""Characters of a view's name."""
VIEW_QUERY = 1200
"""Characters of its filters as an address: a hundred Chinese ones looked for are nine hundred of these."""


class SavedView(models.Model):
    """A list with its filters under a name of its owner's; nobody else sees it.

    `query` is what `filters.Filters` writes and nothing else. Places run from 1 to the most there may be, each once,
    so that the database itself holds the limit.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=VIEW_NAME)
    query = models.CharField(max_length=VIEW_QUERY)
    place = models.PositiveSmallIntegerField()
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=["user", "place"], name="saved_view_place_once", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
            models.CheckConstraint(
                condition=Q(place__range=(1, MOST_VIEWS)), name="saved_view_at_most_twenty"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_view_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.name}"


class Habit(models.Model):
    """How a person works: whether single keys act on pages (WCAG 2.1.4). No row is the usual: they do."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="work_habit"
    )
    keys_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {'keys' if self.keys_on else 'no keys'}"


class CaseNote(models.Model):
    """A note among officials on a case. It is no part of what the applicant may see, and no act on the case.

    What was written stays as it was written: the author may take it back, which the record shows. A trigger keeps the
    words, the author and the time (migration 0002); they can only be erased, when personal data are, and then the note
    is a withdrawn one without words.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_notes")
    author_label = models.CharField(max_length=100)
    organisation_label = models.CharField(max_length=100)
    written_at = models.DateTimeField()
    pinned = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(withdrawn_at__isnull=False), name="case_note_says_something"
            ),
            models.CheckConstraint(
                condition=Q(pinned=False) | Q(withdrawn_at__isnull=True), name="case_note_pinned_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.author_id} {self.written_at:%Y-%m-%d}"
