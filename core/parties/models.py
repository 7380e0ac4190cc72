"""Divisions, authorities, enterprises, people and what each may do, with dates (DOMAIN §6, §8; R-19)."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class DateSpan(Func):
    """`[from, to)` as a date range for exclusion constraints; an empty end is open."""

    function = "daterange"
    output_field = DateRangeField()


class Level(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    PREFECTURE = "prefecture", _("地市级")
    COUNTY = "county", _("县级")


class Division(models.Model):
    """An administrative division as one data set knew it; codes change over time, so rows carry dates (DOMAIN §6.1)."""

    class DivisionLevel(models.TextChoices):
        PROVINCE = "province"
        PREFECTURE = "prefecture"
        COUNTY = "county"

    code = models.CharField(max_length=6)
    name = models.CharField(max_length=64)
    level = models.CharField(max_length=10, choices=DivisionLevel.choices)
    parent_code = models.CharField(max_length=6, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    successor_code = models.CharField(max_length=6, blank=True)
    sort_key = models.CharField(max_length=200)
    source = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="division_once_per_start"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{6}$"), name="division_code_six_digits"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="division_dates_ordered",
            ),
        ]
        indexes = [
            models.Index(fields=["parent_code", "sort_key"]),
            models.Index(fields=["level", "sort_key"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Authority(models.Model):
    """An organ of the state that acts under this licence: national, 32 provincial, prefecture, county."""

    code = models.CharField(max_length=6, unique=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    short_zh = models.CharField(max_length=64)
    licence_prefix = models.CharField(max_length=1, blank=True)
    division_code = models.CharField(max_length=6, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    valid_from = models.DateField()

    class Meta:
        verbose_name_plural = "authorities"
        constraints = [
            models.UniqueConstraint(
                fields=["licence_prefix"], condition=~Q(licence_prefix=""), name="authority_prefix_once"
            ),
            models.CheckConstraint(
                condition=Q(level=Level.NATIONAL, parent__isnull=True)
                | (~Q(level=Level.NATIONAL) & Q(parent__isnull=False)),
                name="authority_only_nation_without_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        """The name in the language of the request."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class AuthorityTerritory(models.Model):
    """Divisions an authority holds beyond its own code (XPCC); dated, with its source."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="territory")
    division_code = models.CharField(max_length=6)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "authority territories"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "division_code", "valid_from"], name="territory_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.authority_id}: {self.division_code}"


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Rights come from memberships and duties, never from flags here."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Enterprise(models.Model):
    """A producer, individual businesses included (L2 art. 69). Addresses keep the division as registered.

    Until `proved_at` the facts are only what a claimant typed (R-88); an authority's record proves them too (R-90).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    uscc = models.CharField(max_length=18, unique=True)
    legacy_registration_number = models.CharField(max_length=15, blank=True)
    name = models.CharField(max_length=100)
    legal_representative = models.CharField(max_length=100)
    registered_division = models.CharField(max_length=6)
    registered_address = models.CharField(max_length=200)
    phone = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    proved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uscc__regex=r"^[0-9A-HJ-NP-RTUW-Y]{18}$"), name="enterprise_uscc_alphabet"
            ),
            models.CheckConstraint(
                condition=Q(registered_division__regex=r"^\d{6}$"), name="enterprise_division_six_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductionSite(models.Model):
    """A place where an enterprise produces; supervision follows the site (R-66)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="sites")
    division = models.CharField(max_length=6)
    address = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "division", "address"], name="site_once"),
            models.CheckConstraint(condition=Q(division__regex=r"^\d{6}$"), name="site_division_six_digits"),
        ]

    def __str__(self) -> str:
        return self.address


class Dated(models.Model):
    """`[valid_from, valid_to)`: the end day no longer counts; an open end is NULL."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


def _no_overlap(name: str, *fields: str) -> ExclusionConstraint:
    expressions: list[tuple[str | Func, str]] = [(field, RangeOperators.EQUAL) for field in fields]
    expressions.append((DateSpan("valid_from", "valid_to"), RangeOperators.OVERLAPS))
    return ExclusionConstraint(name=name, expressions=expressions)


class Membership(Dated):
    """A person acting for an enterprise: its legal representative, an agent, or one who only claims to (R-88).

    A claimant may keep drafts nobody else sees. An agent files only under a power of attorney in force.
    """

    class Role(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
        AGENT = "agent", _("代理人")
        CLAIMANT = "claimant", _("待证明身份")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=Role.choices)

    class Meta:
        constraints = [
            _no_overlap("membership_no_overlap", "user", "enterprise"),
            ExclusionConstraint(
                name="one_legal_representative_at_a_time",
                expressions=[
                    ("enterprise", RangeOperators.EQUAL),
                    (DateSpan("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(role="legal_representative"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.enterprise_id}"


class PowerOfAttorney(Dated):
    """What lets an agent file for an enterprise: granted by its legal representative, dated, revocable at once.

    Belongs to the account and never to a case (R-29, R-88; L1 art. 29). `revoked_at` counts from that instant.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="powers")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="powers")
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="powers_granted")
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "powers of attorney"
        constraints = [
            ExclusionConstraint(
                name="power_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("enterprise", RangeOperators.EQUAL),
                    (DateSpan("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(valid_to__isnull=False), name="power_has_an_end"),
            models.CheckConstraint(condition=~Q(user=F("granted_by")), name="power_granted_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.enterprise_id}"


class Stage(models.TextChoices):
    """The three stages a province may delegate one by one (R-19)."""

    ACCEPTANCE = "acceptance", _("受理")
    REVIEW = "review", _("审查")
    APPROVAL = "approval", _("审批")


class Duty(Dated):
    """A duty an official holds at an authority, with dates (DOMAIN §8).

    `substitute_for` names the absent colleague whose duty it is; such a duty ends with the absence. Nobody grants a
    duty to himself; `granted_by` is empty for duties that came with the installation.
    """

    class Kind(models.TextChoices):
        ACCEPTANCE = "acceptance", _("受理")
        REVIEW = "review", _("审查")
        APPROVAL = "approval", _("审批")
        HEAD = "head", _("负责人")
        SUPERVISION = "supervision", _("监督")
        NATIONAL_ADMIN = "national_admin", _("国家级管理")
        ORGANISATION_ADMIN = "organisation_admin", _("单位管理")
        AUDIT = "audit", _("审计")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duties")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    substitute_for = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="duties_stood_in_for"
    )
    granted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="duties_granted"
    )

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            _no_overlap("duty_no_overlap", "user", "authority", "kind"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="duty_dates_ordered",
            ),
            models.CheckConstraint(
                condition=Q(substitute_for__isnull=True)
                | (~Q(substitute_for=F("user")) & Q(valid_to__isnull=False)),
                name="duty_stood_in_for_another_until",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
                name="duty_granted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} @ {self.authority_id}"


class Delegation(Dated):
    """A province entrusts one stage to a prefecture, by category or for all (R-19, R-20; L1 art. 24).

    Never 撤销, 吊销, 撤回: those are no stages. `category_key` empty means every category.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    delegator = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="delegations_held")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    category_key = models.CharField(max_length=48, blank=True)
    basis_instrument = models.CharField(max_length=100)
    basis_article = models.CharField(max_length=50)
    announced_on = models.DateField()
    suspended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            _no_overlap("delegation_no_overlap", "delegator", "delegate", "stage", "category_key"),
            models.CheckConstraint(
                condition=~Q(basis_instrument="") & ~Q(basis_article=""), name="delegation_names_its_basis"
            ),
            models.CheckConstraint(condition=~Q(delegator=F("delegate")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.delegator_id} → {self.delegate_id}: {self.stage}"
