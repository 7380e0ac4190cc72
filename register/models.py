"""The read model in the schema `public_register`: all that the public login can see (DESIGN §3, DOMAIN §7.4).

Tables hold only what anybody may know. `objects` writes, under the application's login; `public` reads, on
the connection that sees nothing else. Views over lower floors are unmanaged and read only.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language


def _table(name: str) -> str:
    return f'"public_register"."{name}"'


class PublicManager(models.Manager):
    """Reads on the public connection; its login is refused any write by the database."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().using("public")


class Readable(models.Model):
    """A table of the read model."""

    objects = models.Manager()
    public = PublicManager()

    class Meta:
        abstract = True


class PublicView(models.Model):
    """A view over what a lower floor publishes; nothing can be written through it."""

    public = PublicManager()

    class Meta:
        abstract = True
        managed = False


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
        db_table = _table("licence")
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
        db_table = _table("licence_event")
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
        db_table = _table("progress")
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


class CalendarDay(PublicView):
    """The calendar in force: one row per exceptional day, and one without a date for a year that has none."""

    row = models.TextField(primary_key=True)
    scope = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    date = models.DateField(null=True)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=50)
    source = models.CharField(max_length=200)

    class Meta(PublicView.Meta):
        db_table = _table("calendar_day")


class Desk(PublicView):
    """One row with what every search page needs beside its results.

    `categories` and `provinces` are the choices of the filters; `pending_since` is when the oldest news that
    the register has not taken in was written, None when it has taken in everything.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    categories = models.JSONField()
    provinces = models.JSONField()
    pending_since = models.DateTimeField(null=True)

    class Meta(PublicView.Meta):
        db_table = _table("desk")


class Freshness(PublicView):
    """One row: when the oldest news not yet taken in was written, None when there is none."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    pending_since = models.DateTimeField(null=True)

    class Meta(PublicView.Meta):
        db_table = _table("freshness")


class CatalogueCategory(PublicView):
    """A category of the published catalogue over `[valid_from, valid_to)`; the view is catalog's."""

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=40)
    ordinal = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=200)
    xk_code = models.CharField(max_length=8)
    xk_mark = models.CharField(max_length=10)
    level = models.CharField(max_length=10)
    level_mark = models.CharField(max_length=10)
    level_reason = models.CharField(max_length=20)
    group_code = models.CharField(max_length=1)
    evidence = models.CharField(max_length=1)
    unverified = models.BooleanField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    acceptance_closed_from = models.DateField(null=True)
    delisted_on = models.DateField(null=True)
    instrument_name = models.CharField(max_length=200)
    instrument_number = models.CharField(max_length=64)
    instrument_date = models.DateField(null=True)

    class Meta(PublicView.Meta):
        db_table = _table("catalogue_category")


class CatalogueUnit(PublicView):
    """A unit of the published catalogue; the view is catalog's."""

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=48)
    category_key = models.CharField(max_length=40)
    ordinal = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    attributes = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta(PublicView.Meta):
        db_table = _table("catalogue_unit")


class TrustedIssuer(PublicView):
    """A root certificate that signatures on licence certificates must lead to (DER); public by its nature."""

    id = models.BigIntegerField(primary_key=True)
    certificate = models.BinaryField()

    class Meta(PublicView.Meta):
        db_table = _table("trusted_issuer")


class CatalogueEdition(PublicView):
    """One published edition of the list over `[effective_from, effective_to)`, with the instrument that made it."""

    id = models.BigIntegerField(primary_key=True)
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    instrument_name = models.CharField(max_length=200)
    instrument_number = models.CharField(max_length=64)
    instrument_date = models.DateField(null=True)

    class Meta(PublicView.Meta):
        db_table = _table("catalogue_edition")


class PublicAuthority(PublicView):
    """An authority that takes or decides applications: the national one and those of the provinces."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=6)
    level = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    short_zh = models.CharField(max_length=64)
    enquiries = models.CharField(max_length=32, default="")
    address = models.CharField(max_length=200, default="")
    hours = models.CharField(max_length=100, default="")

    class Meta(PublicView.Meta):
        db_table = _table("authority")


class PublicDelegation(PublicView):
    """A stage that a province has entrusted to a prefecture: announced to everybody (R-20)."""

    id = models.BigIntegerField(primary_key=True)
    province_code = models.CharField(max_length=6)
    province_zh = models.CharField(max_length=100)
    province_en = models.CharField(max_length=200)
    delegate_code = models.CharField(max_length=6)
    delegate_zh = models.CharField(max_length=100)
    delegate_en = models.CharField(max_length=200)
    stage = models.CharField(max_length=12)
    category_key = models.CharField(max_length=48)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    suspended_on = models.DateField(null=True)
    announced_on = models.DateField()
    basis_instrument = models.CharField(max_length=100)
    basis_article = models.CharField(max_length=50)

    class Meta(PublicView.Meta):
        db_table = _table("delegation")


class PublicOrder(PublicView):
    """What the system may grant at once in an authority's name; who signed it is nobody's business here (R-85)."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=40)
    authority_code = models.CharField(max_length=6)
    authority_zh = models.CharField(max_length=100)
    authority_en = models.CharField(max_length=200)
    category_key = models.CharField(max_length=48)
    profile = models.CharField(max_length=24)
    rules_version = models.CharField(max_length=24)
    valid_from = models.DateField()
    valid_to = models.DateField()
    sampling_percent = models.PositiveSmallIntegerField()
    signed_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(PublicView.Meta):
        db_table = _table("standing_order")


class PublicProfile(PublicView):
    """A set of rules published for the nation or one province (R-5)."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=24)
    province_zh = models.CharField(max_length=100)
    province_en = models.CharField(max_length=200)
    effective_from = models.DateField()
    valid_to = models.DateField(null=True)
    intake_days = models.PositiveSmallIntegerField()
    decision_days = models.PositiveSmallIntegerField()
    simple_days = models.PositiveSmallIntegerField()
    correction_days = models.PositiveSmallIntegerField()
    delegation_allowed = models.BooleanField()
    basis_instrument = models.CharField(max_length=100)
    basis_article = models.CharField(max_length=50)

    class Meta(PublicView.Meta):
        db_table = _table("policy_profile")

    @property
    def province(self) -> dict[str, str] | None:
        """The province of a pilot, by its name in the reader's language; None for the nation."""
        if not self.province_zh:
            return None
        english = (get_language() or "").startswith("en")
        return {"name": self.province_en if english else self.province_zh}


class PublicDocument(PublicView):
    """An official document by the code printed on it: enough to hold a paper against, and nobody's name (R-47)."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32)
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=200)
    number = models.CharField(max_length=40)
    authority_code = models.CharField(max_length=6)
    authority_name = models.CharField(max_length=100)
    authority_name_en = models.CharField(max_length=200)
    dated_on = models.DateField()
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta(PublicView.Meta):
        db_table = _table("official_document")

    @property
    def name(self) -> str:
        """What paper it is, in the reader's language."""
        return self.title_en if (get_language() or "").startswith("en") else self.title

    @property
    def authority(self) -> str:
        """Who gave it, in the reader's language."""
        return self.authority_name_en if (get_language() or "").startswith("en") else self.authority_name
