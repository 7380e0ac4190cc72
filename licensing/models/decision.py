"""The decision, the licence it gives, and the counters its number comes from (DOMAIN §7)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory, ProductUnit
from core.parties.models import Authority, Enterprise
from licensing.models.application import Application


class Decision(models.Model):
    """The decision of a case: never without basis, a refusal never without reasons and remedies (R-4)."""

    class Result(models.TextChoices):
        GRANTED = "granted", _("准予许可")
        REFUSED = "refused", _("不予许可")

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    result = models.CharField(max_length=8, choices=Result.choices)
    legal_basis = models.JSONField()
    reasons = models.TextField(blank=True)
    remedies = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(legal_basis=[]), name="decision_names_its_basis"),
            models.CheckConstraint(
                condition=Q(result="granted") | (Q(result="refused") & ~Q(reasons="") & ~Q(remedies="")),
                name="refusal_gives_reasons_and_remedies",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.result}"


class LicenceStatus(models.TextChoices):
    """The words of DOMAIN §3.7; expiry of the term is derived from the date as well as stored when it is closed."""

    VALID = "valid", _("有效")
    VALID_DEEMED = "valid_deemed", _("视为延续")
    EXPIRED = "expired", _("过期")
    WITHDRAWN = "withdrawn", _("撤回")
    REVOKED = "revoked", _("撤销")
    PENALTY_REVOKED = "penalty_revoked", _("吊销")
    DEREGISTERED = "deregistered", _("注销")


class ProductionLicence(models.Model):
    """The right to produce. Names and addresses are as granted; `opaque_id` is the permanent path in the QR code."""

    number = models.CharField(max_length=24, unique=True)
    opaque_id = models.CharField(max_length=32, unique=True)
    version = models.PositiveIntegerField(default=1)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="licences")
    category = models.ForeignKey(ProductCategory, on_delete=models.PROTECT, related_name="licences")
    issuing_authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="licences")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="licence")
    status = models.CharField(max_length=16, choices=LicenceStatus.choices, default=LicenceStatus.VALID)
    holder_name = models.CharField(max_length=100)
    uscc = models.CharField(max_length=18)
    registered_address = models.CharField(max_length=300)
    production_addresses = models.JSONField()
    category_name = models.CharField(max_length=100)
    issued_on = models.DateField()
    valid_from = models.DateField()
    term_start = models.DateField()
    valid_until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="licence_term_ordered"),
            models.CheckConstraint(condition=Q(status__in=LicenceStatus.values), name="licence_status_known"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^(\([^)]\))?XK\d{2}-\d{3}-\d{5}$"), name="licence_number_shape"
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "valid_until"])]

    def __str__(self) -> str:
        return self.number


class LicenceUnit(models.Model):
    """A unit within the scope of a licence, under the name it was granted with."""

    licence = models.ForeignKey(ProductionLicence, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["licence", "unit"], name="licence_unit_once")]

    def __str__(self) -> str:
        return self.name


class NumberCounter(models.Model):
    """The last serial given per issuing authority and product code; locked inside the grant (DOMAIN §7.2)."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    code = models.CharField(max_length=6)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "code"], name="counter_once"),
            models.CheckConstraint(condition=Q(last__lte=99_999), name="counter_five_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id} {self.code}: {self.last}"
