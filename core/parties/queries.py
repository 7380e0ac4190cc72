"""Divisions as a form needs them, enterprises by name, and who is to be told: members and holders of a duty."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db.models import Exists, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Upper

from core.parties.competence import in_force
from core.parties.models import Division, Duty, Enterprise, Membership, PowerOfAttorney


class NamePairs(Func):
    """Pairs of neighbouring characters, by the database's own function: the index on enterprises' names holds them."""

    function = "name_pairs"
    output_field = ArrayField(TextField())


def named(words: str) -> QuerySet[Enterprise]:
    """Enterprises with these words in their names, small and capital letters alike; two characters use the index."""
    found = Enterprise.objects.filter(name__icontains=words)
    if len(words) < 2:
        return found
    pairs = NamePairs(Upper(Cast("name", TextField())))
    return found.alias(pairs=pairs).filter(pairs__contains=NamePairs(Upper(Value(words))))


_LEVEL = Division.DivisionLevel


@dataclass(frozen=True)
class Place:
    """A division with the names of everything above it."""

    code: str
    province: str
    prefecture: str
    county: str

    @property
    def full_name(self) -> str:
        """江苏省苏州市昆山市; the nodes 市辖区 and 县 of a municipality add nothing and are left out."""
        parts = (self.province, self.prefecture, self.county)
        return "".join(part for part in parts if part and part not in ("市辖区", "县"))


def provinces(on: date) -> list[tuple[str, str]]:
    """(code, name) of the provinces in force, one query."""
    rows = Division.objects.filter(in_force(on), level=_LEVEL.PROVINCE).order_by("code")
    return list(rows.values_list("code", "name").distinct())


def places_of(province: str, on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices below one province: prefecture name → (code, name) of its counties; one query.

    A prefecture without counties (东莞, 中山) stands for itself.
    """
    rows = list(
        Division.objects.filter(in_force(on), code__startswith=province[:2])
        .exclude(level=_LEVEL.PROVINCE)
        .order_by("code")
        .values_list("code", "name", "level")
    )
    prefectures = {code: name for code, name, level in rows if level == _LEVEL.PREFECTURE}
    groups: dict[str, list[tuple[str, str]]] = {code: [] for code in prefectures}
    loose: list[tuple[str, str]] = []
    for code, name, level in rows:
        if level == _LEVEL.COUNTY and name not in ("市辖区", "县"):
            groups.get(f"{code[:4]}00", loose).append((code, name))
    choices = [
        (prefectures[code], counties or [(code, prefectures[code])]) for code, counties in groups.items()
    ]
    return [*choices, *([("—", loose)] if loose else [])]


def place(code: str, on: date) -> Place | None:
    """A division in force with its ladder, one query; None for an unknown code."""
    ladder = (code, f"{code[:4]}00", f"{code[:2]}0000")
    names = dict(Division.objects.filter(in_force(on), code__in=ladder).values_list("code", "name"))
    if code not in names:
        return None
    county = "" if code.endswith("00") else names[code]
    return Place(code, names.get(ladder[2], ""), names.get(ladder[1], ""), county)


def members_of(enterprise_id: int, on: date, *, filing_only: bool = False) -> list[int]:
    """User keys of the proved members of an enterprise on a day; with `filing_only` those who may file (R-88)."""
    rows = Membership.objects.filter(in_force(on), enterprise_id=enterprise_id, user__is_active=True)
    rows = rows.exclude(role=Membership.Role.CLAIMANT)
    if filing_only:
        power = PowerOfAttorney.objects.filter(
            in_force(on), user=OuterRef("user"), enterprise=OuterRef("enterprise"), revoked_at__isnull=True
        )
        rows = rows.filter(Q(role=Membership.Role.LEGAL_REPRESENTATIVE) | Exists(power))
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())


def holders_of(kind: str, authority_id: int, on: date) -> list[int]:
    """User keys of those who hold a duty at an authority on a day."""
    rows = Duty.objects.filter(in_force(on), kind=kind, authority_id=authority_id, user__is_active=True)
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())
