"""What the register copies from the acts for the public: licences, their history, cases on their way."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from register.models.base import Readable, table_of


class Licence(Readable):
    """A licence as the public sees it. `status` is the licence's own word; expiry is derived when read.

    `renews_until` is the last day of the term the law adds at the end of this one, because a renewal filed in time is
    still undecided (L1 art. 50 ¶2); null where nothing of the kind will happen.
    `former_numbers` are numbers it had in error: they lead here (R-89).
    `commitments` are the letters of the cases granted, newest first: kind, version, text, signed_on, sha256; never who
    signed (R-28).
    `gaps` are the days between two terms, both included. `replaces` and `replaced_by` are numbers (R-84).
    `version` is the one whose certificate was ordered last: 0 for a paper certificate, taken over from the record
    `imported_from` on `imported_on` (R-90). `province` is the code of the provincial authority of the holder's
    address. `folded` is what a search looks through, `grams` its pairs of characters: a two-character name needs no
    scan. `as_of` is when the row was last read from the licence.
    """

    number = models.CharField(max_length=24, unique=True)
    opaque_id = models.CharField(max_length=32, unique=True)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=16)
    holder_name = models.CharField(max_length=100)
    holder_sort = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18)
    registered_address = models.CharField(max_length=300)
    production_addresses = models.JSONField()
    category_key = models.CharField(max_length=40)
    category_name = models.CharField(max_length=100)
    category_name_en = models.CharField(max_length=200, blank=True)
    units = models.JSONField()
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    renews_until = models.DateField(null=True)
    commitments = models.JSONField(default=list)
    authority_code = models.CharField(max_length=6)
    authority_name = models.CharField(max_length=100)
    authority_name_en = models.CharField(max_length=200)
    province = models.CharField(max_length=6)
    deregistered_on = models.DateField(null=True)
    gaps = models.JSONField(default=list)
    group_members = models.JSONField(default=list)
    former_numbers = ArrayField(models.CharField(max_length=24), default=list)
    imported_on = models.DateField(null=True)
    imported_from = models.CharField(max_length=120, blank=True)
    replaces = models.CharField(max_length=24, blank=True)
    replaced_by = models.CharField(max_length=24, blank=True)
    certificate_version = models.PositiveIntegerField(null=True)
    certificate_signed_at = models.DateTimeField(null=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    certificate_algorithm = models.CharField(max_length=64, blank=True)
    folded = models.TextField()
    grams = ArrayField(models.CharField(max_length=2))
    as_of = models.DateTimeField()

    class Meta:
        db_table = table_of("licence")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=models.F("valid_from")), name="public_licence_term"
            ),
            models.CheckConstraint(
                condition=Q(imported_on__isnull=True, imported_from="")
                | Q(imported_on__isnull=False) & ~Q(imported_from=""),
                name="public_licence_provenance",
            ),
            models.CheckConstraint(
                condition=Q(renews_until__isnull=True) | Q(renews_until__gt=models.F("valid_until")),
                name="public_licence_renews_later",
            ),
        ]
        indexes = [
            GinIndex(fields=["grams"], name="public_licence_grams"),
            GinIndex(fields=["former_numbers"], name="public_licence_former"),
            models.Index(fields=["holder_sort", "number"], name="public_licence_holder"),
            models.Index(fields=["category_key", "holder_sort", "number"], name="public_licence_category"),
            models.Index(fields=["province", "holder_sort", "number"], name="public_licence_province"),
            models.Index(fields=["uscc"], name="public_licence_uscc"),
            models.Index(fields=["-issued_on", "-number"], name="public_licence_recent"),
            models.Index(fields=["status", "valid_until"], name="public_licence_in_force"),
        ]

    def __str__(self) -> str:
        return self.number


class LicenceEvent(Readable):
    """One act in the history of a licence, or one version of its certificate, with date and basis.

    `stated` is what the holder declared for everybody to read: how a certificate was lost. `corrected` is what of an
    authority's error everybody may read: which things were wrong, and why (R-89).
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="events")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=48)
    on = models.DateField()
    version = models.PositiveIntegerField()
    basis = models.JSONField(default=list)
    stated = models.JSONField(default=dict)
    corrected = models.JSONField(default=dict)

    class Meta:
        db_table = table_of("licence_event")
        constraints = [
            models.UniqueConstraint(fields=["licence", "position"], name="public_licence_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.licence_id}: {self.kind} {self.on}"


class Progress(Readable):
    """A case by its number: stages and dates, nobody's name (R-47).

    The clock's inputs are stored, its result never: the ruler is computed from the calendar of record when
    read. `division` picks that calendar and is not shown. `working_days` is the exception, for the statistics
    of decided cases.
    """

    number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=24)
    version = models.PositiveIntegerField()
    received_on = models.DateField()
    accepted_on = models.DateField(null=True)
    reviewed_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    issued_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    division = models.CharField(max_length=6)
    clock_start = models.DateField()
    clock_days = models.PositiveSmallIntegerField()
    clock_unit = models.CharField(max_length=8)
    clock_extended = models.PositiveSmallIntegerField(default=0)
    clock_pauses = models.JSONField(default=list)
    clock_closed_on = models.DateField(null=True)
    working_days = models.PositiveIntegerField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        db_table = table_of("progress")
        indexes = [
            models.Index(fields=["decided_on"], name="public_progress_decided"),
            models.Index(
                fields=["due_on"],
                name="public_progress_open",
                condition=Q(decided_on__isnull=True, closed_on__isnull=True, due_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number
