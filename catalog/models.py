"""Categories and units, and what each catalogue version says of them (R-7, R-13, R-16).

Exactly two levels: category and unit. Varieties and specifications are plain attributes of a unit version
(R-7). A published category or unit version holds over `[valid_from, valid_to)`; a draft has no `valid_from`.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.rules import CategoryFacts, certificate_code
from core.parties.models import DateSpan

DEFAULT_TIMELINE = "reform-2015"


class ProductCategory(models.Model):
    """A category through all versions. `ordinal` never changes and numbers it in the demo world."""

    key = models.SlugField(max_length=40, unique=True)
    ordinal = models.PositiveSmallIntegerField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "product categories"
        constraints = [
            models.CheckConstraint(condition=Q(ordinal__range=(1, 999)), name="category_ordinal_three_digits")
        ]

    def __str__(self) -> str:
        return self.key


class ProductUnit(models.Model):
    """The smallest thing a licence covers; belongs to one category for good (R-7)."""

    key = models.SlugField(max_length=48, unique=True)
    category = models.ForeignKey(ProductCategory, on_delete=models.PROTECT, related_name="units")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key


class CatalogueVersion(models.Model):
    """One edition of the list on one timeline, with the instrument that made it.

    A change of scope is published with co-sponsors and the State Council's approval (R-13). The first import,
    an editorial edition and a change of level alone are no change of scope.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("草案")
        PUBLISHED = "published", _("已公布")

    class Kind(models.TextChoices):
        IMPORT = "import", _("初始导入")
        EDITORIAL = "editorial", _("文字修订")
        LEVEL = "level", _("审批层级调整")
        SCOPE = "scope", _("范围调整")

    timeline = models.CharField(max_length=32, default=DEFAULT_TIMELINE)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    instrument_name = models.CharField(max_length=200, blank=True)
    instrument_number = models.CharField(max_length=64, blank=True)
    instrument_date = models.DateField(null=True, blank=True)
    co_sponsors = models.CharField(max_length=400, blank=True)
    state_council_number = models.CharField(max_length=64, blank=True)
    state_council_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["timeline", "number"], name="catalogue_number_once"),
            models.UniqueConstraint(
                fields=["timeline"], condition=Q(kind="import"), name="catalogue_one_import"
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | (Q(effective_from__isnull=False, instrument_date__isnull=False) & ~Q(instrument_number="")),
                name="catalogue_published_by_instrument",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(kind__in=["import", "editorial", "level"])
                | (Q(state_council_date__isnull=False) & ~Q(state_council_number="") & ~Q(co_sponsors="")),
                name="catalogue_scope_needs_approval",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="catalogue_dates_ordered",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published"])
                & Q(kind__in=["import", "editorial", "level", "scope"]),
                name="catalogue_known_values",
            ),
            ExclusionConstraint(
                name="catalogue_no_overlap",
                expressions=[
                    ("timeline", RangeOperators.EQUAL),
                    (DateSpan("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.timeline}/{self.number}"


class Named(models.Model):
    """A name in both languages."""

    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        """The name in the language of the request."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class CategoryVersion(Named):
    """A category as one catalogue edition has it.

    `xk_mark`, `level_mark`, `evidence` and `unverified` say how far each value can be trusted; they are
    shown, not hidden. `delisted_on` and `acceptance_closed_from` are law in force here; `delisted_on_history`
    is what became of the category on the historical timeline (a date or a month) and binds nobody.
    """

    class CodeMark(models.TextChoices):
        CONFIRMED = "confirmed", _("已核实")
        INFERRED = "inferred", _("推定")
        MEMORY = "memory", _("待核实")

    class AuthorityLevel(models.TextChoices):
        NATIONAL = "national", _("质检总局审批")
        PROVINCIAL = "provincial", _("省级审批")

    class LevelReason(models.TextChoices):
        SENSITIVE = "sensitive", _("个别敏感产品")
        INDUSTRIAL_POLICY = "industrial_policy", _("涉及产业政策限制")
        RECONSTRUCTED = "reconstructed", _("按后续文件还原，原始理由未见")

    class LevelMark(models.TextChoices):
        SOURCE = "src", _("有文件依据")
        MEMORY = "memory", _("待核实")
        UNCERTAIN = "uncertain", _("不详，按下放处理")

    class Evidence(models.TextChoices):
        SOURCE = "S", _("有文件依据")
        DERIVED = "D", _("由文件推定")
        MEMORY = "M", _("待核实")

    category = models.ForeignKey(ProductCategory, on_delete=models.PROTECT, related_name="versions")
    catalogue_version = models.ForeignKey(
        CatalogueVersion, on_delete=models.PROTECT, related_name="categories"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    sort_key = models.CharField(max_length=200)
    xk_code = models.CharField(max_length=8, blank=True)
    xk_mark = models.CharField(max_length=10, choices=CodeMark.choices, blank=True)
    xk_source = models.CharField(max_length=100, blank=True)
    authority_level = models.CharField(max_length=10, choices=AuthorityLevel.choices)
    level_mark = models.CharField(max_length=10, choices=LevelMark.choices)
    level_reason = models.CharField(max_length=20, choices=LevelReason.choices, blank=True)
    group = models.CharField(max_length=1, blank=True)
    unverified = models.BooleanField(default=False)
    evidence = models.CharField(max_length=1, choices=Evidence.choices)
    evidence_note = models.CharField(max_length=200, blank=True)
    acceptance_closed_from = models.DateField(null=True, blank=True)
    delisted_on = models.DateField(null=True, blank=True)
    delisted_on_history = models.CharField(max_length=10, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["sort_key"])]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "catalogue_version"], name="category_once_per_catalogue"
            ),
            models.CheckConstraint(
                condition=Q(authority_level="provincial")
                | Q(
                    authority_level="national",
                    level_reason__in=["sensitive", "industrial_policy", "reconstructed"],
                ),
                name="category_national_needs_reason",
            ),
            models.CheckConstraint(
                condition=Q(xk_code="", xk_mark="")
                | Q(xk_code__regex=r"^XK\d{2}-\d{3}$", xk_mark__in=["confirmed", "inferred", "memory"]),
                name="category_code_with_mark",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="category_dates_ordered",
            ),
            models.CheckConstraint(
                condition=Q(delisted_on__isnull=True)
                | Q(acceptance_closed_from__isnull=True)
                | Q(acceptance_closed_from__lte=F("delisted_on")),
                name="category_closes_before_delisting",
            ),
            ExclusionConstraint(
                name="category_no_overlap",
                expressions=[
                    ("category", RangeOperators.EQUAL),
                    (DateSpan("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(valid_from__isnull=False),
            ),
            ExclusionConstraint(
                name="category_code_no_overlap",
                expressions=[
                    ("xk_code", RangeOperators.EQUAL),
                    (DateSpan("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(valid_from__isnull=False) & ~Q(xk_code=""),
            ),
        ]

    @property
    def facts(self) -> CategoryFacts:
        """The values the rules ask for."""
        return CategoryFacts(
            key=self.category.key,
            ordinal=self.category.ordinal,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            authority_level=self.authority_level,
            xk_code=self.xk_code,
            xk_mark=self.xk_mark,
            acceptance_closed_from=self.acceptance_closed_from,
            delisted_on=self.delisted_on,
        )

    def certificate_code(self, world: str) -> str | None:
        """Product part of the certificate number, or None where none may be issued; see `catalog.rules`."""
        return certificate_code(self.facts, world)


class UnitVersion(Named):
    """A unit as one catalogue edition has it. `attributes` maps a word to a list of plain values (R-7)."""

    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT, related_name="versions")
    catalogue_version = models.ForeignKey(CatalogueVersion, on_delete=models.PROTECT, related_name="units")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    ordinal = models.PositiveSmallIntegerField()
    attributes = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "catalogue_version"], name="unit_once_per_catalogue"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="unit_dates_ordered",
            ),
            ExclusionConstraint(
                name="unit_no_overlap",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (DateSpan("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(valid_from__isnull=False),
            ),
        ]

    @property
    def varieties(self) -> list[str]:
        """Varieties named by the rules of the product; information, nothing to choose."""
        return self.attributes.get("varieties", [])
