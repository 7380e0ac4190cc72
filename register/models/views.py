"""What lower floors publish, read as it stands there: the calendar, the catalogue, who decides, documents."""

from django.db import models
from django.utils.translation import get_language

from register.models.base import PublicView, table_of


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
        db_table = table_of("calendar_day")


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
        db_table = table_of("desk")


class Freshness(PublicView):
    """One row: when the oldest news not yet taken in was written, None when there is none."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    pending_since = models.DateTimeField(null=True)

    class Meta(PublicView.Meta):
        db_table = table_of("freshness")


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
        db_table = table_of("catalogue_category")


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
        db_table = table_of("catalogue_unit")


class TrustedIssuer(PublicView):
    """A root certificate that signatures on licence certificates must lead to (DER); public by its nature."""

    id = models.BigIntegerField(primary_key=True)
    certificate = models.BinaryField()

    class Meta(PublicView.Meta):
        db_table = table_of("trusted_issuer")


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
        db_table = table_of("catalogue_edition")


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
        db_table = table_of("authority")


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
        db_table = table_of("delegation")


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
        db_table = table_of("standing_order")


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
        db_table = table_of("policy_profile")

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
        db_table = table_of("official_document")

    @property
    def name(self) -> str:
        """What paper it is, in the reader's language."""
        return self.title_en if (get_language() or "").startswith("en") else self.title

    @property
    def authority(self) -> str:
        """Who gave it, in the reader's language."""
        return self.authority_name_en if (get_language() or "").startswith("en") else self.authority_name
