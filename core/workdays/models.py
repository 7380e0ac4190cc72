"""The calendar of record: the State Council's notices year by year, in dated versions (DOMAIN §4.2, K20).

A version is never edited: a correction is the next version. `scope` is the whole country or the six-digit
code of the province or prefecture whose local holidays it holds.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

NATIONAL = "CN"


class CalendarVersion(models.Model):
    """One published state of a year; the current one has no `superseded_at`."""

    scope = models.CharField(max_length=6, default=NATIONAL)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    note = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=64)
    publisher_label = models.CharField(max_length=200, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "year", "version"], name="calendar_version_once"),
            models.UniqueConstraint(
                fields=["scope", "year"], condition=Q(superseded_at__isnull=True), name="calendar_one_current"
            ),
            models.CheckConstraint(
                condition=Q(scope__regex=r"^(CN|[0-9]{4}00)$"), name="calendar_scope_known"
            ),
            models.CheckConstraint(condition=Q(year__range=(1949, 2199)), name="calendar_year_plausible"),
            models.CheckConstraint(
                condition=Q(version=1, supersedes__isnull=True) | Q(version__gt=1, supersedes__isnull=False),
                name="calendar_supersedes_the_one_before",
            ),
            models.CheckConstraint(condition=~Q(source="") & ~Q(note=""), name="calendar_names_its_source"),
        ]
        ordering = ["scope", "-year", "-version"]

    def __str__(self) -> str:
        return f"{self.scope}:{self.year} v{self.version}"


class CalendarDay(models.Model):
    """A day that differs from its weekday, and the notice that says so.

    `year` repeats the version's and is held equal to it by a compound foreign key, so that the database
    itself refuses a day of another year.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("放假")
        MAKEUP_WORKDAY = "makeup_workday", _("上班")

    version = models.ForeignKey(CalendarVersion, on_delete=models.CASCADE, related_name="days")
    year = models.PositiveSmallIntegerField()
    date = models.DateField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=50, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "date"], name="calendar_day_once"),
            models.CheckConstraint(condition=Q(date__year=F("year")), name="calendar_day_within_year"),
            models.CheckConstraint(
                condition=Q(kind__in=["holiday", "makeup_workday"]), name="calendar_day_kind_known"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="calendar_day_names_its_source"),
        ]
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"
