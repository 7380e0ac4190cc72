"""Saved views and the keyboard habit: a person's own tools. No legal acts, so nothing stands in the ledger of them."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.errors import Conflict, Invalid
from core.parties.models import User
from licensing.workbench.filters import Filters
from licensing.workbench.models import MOST_VIEWS, VIEW_NAME, VIEW_QUERY, Habit, SavedView


class NameMissing(Invalid):
    code = "workbench.view_name_missing"
    message = _("请给这个视图起个名字")


class NameTooLong(Invalid):
    code = "workbench.view_name_too_long"
    message = _("名字最多 %(most)s 个字，现在有 %(length)s 个")


class NameTaken(Invalid):
    code = "workbench.view_name_taken"
    message = _("你已有一个叫“%(name)s”的视图，请换个名字")


class QueryTooLong(Invalid):
    code = "workbench.view_query_too_long"
    message = _("筛选条件太长，不能存为视图，请把查找的文字缩短一些")


class EnoughViews(Conflict):
    code = "workbench.enough_views"
    message = _("最多保存 %(most)s 个视图，请先删掉不用的")


class NoSuchView(Conflict):
    code = "workbench.no_such_view"
    message = _("这个视图已经不在了")


@transaction.atomic
def save_view(*, name: str, query: str, actor: Actor) -> SavedView:
    """Keep a list with its filters under a name.

    Raises NameMissing, NameTooLong, NameTaken, EnoughViews, or QueryTooLong for filters no address can carry.
    """
    owner = _owner(actor)
    words = _name(name)
    places = list(_views(owner).values_list("place", flat=True))
    _require_free(owner, words)
    trail = Filters.parse(query).trail
    if len(trail) > VIEW_QUERY:
        raise QueryTooLong()
    if len(places) >= MOST_VIEWS:
        raise EnoughViews("name", most=MOST_VIEWS)
    place = max(places, default=0) + 1
    if place > MOST_VIEWS:
        _close_up(owner)
        place = len(places) + 1
    return SavedView.objects.create(user_id=owner, name=words, query=trail, place=place)


@transaction.atomic
def rename_view(*, public_id: UUID | str, name: str, actor: Actor) -> SavedView:
    """Give a view another name. Raises NoSuchView, NameMissing, NameTooLong or NameTaken."""
    row = _own(public_id, _owner(actor))
    words = _name(name)
    _require_free(_owner(actor), words, but=row.pk)
    row.name = words
    row.save(update_fields=["name"])
    return row


@transaction.atomic
def delete_view(*, public_id: UUID | str, actor: Actor) -> None:
    """Let go of a view. Raises NoSuchView."""
    _own(public_id, _owner(actor)).delete()


@transaction.atomic
def move_view(*, public_id: UUID | str, up: bool, actor: Actor) -> None:
    """Change places with the neighbour; at the end of the row nothing happens. Raises NoSuchView."""
    row = _own(public_id, _owner(actor))
    others = _views(row.user_id)
    other = (
        others.filter(place__lt=row.place).order_by("-place")
        if up
        else others.filter(place__gt=row.place).order_by("place")
    ).first()
    if other is not None:
        row.place, other.place = other.place, row.place
        row.save(update_fields=["place"])
        other.save(update_fields=["place"])


@transaction.atomic
def choose_default(*, public_id: UUID | str | None, actor: Actor) -> None:
    """The view that opens first, or none. Raises NoSuchView."""
    owner = _owner(actor)
    row = _own(public_id, owner) if public_id else None
    _views(owner).filter(is_default=True).update(is_default=False)
    if row is not None:
        SavedView.objects.filter(pk=row.pk).update(is_default=True)


def switch_keys(*, on: bool, actor: Actor) -> None:
    """Whether single keys act on the pages of this person (WCAG 2.1.4)."""
    Habit.objects.update_or_create(user_id=actor.user_id or 0, defaults={"keys_on": on})


def _owner(actor: Actor) -> int:
    """The person, locked: two tabs never pass the limit together."""
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.user_id or 0).pk


def _views(owner: int) -> "QuerySet[SavedView]":
    return SavedView.objects.filter(user_id=owner)


def _own(public_id: UUID | str, owner: int) -> SavedView:
    row = _views(owner).filter(public_id=public_id).first()
    if row is None:
        raise NoSuchView()
    return row


def _name(raw: str) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in raw).split())
    if not words:
        raise NameMissing("name")
    if len(words) > VIEW_NAME:
        raise NameTooLong("name", most=VIEW_NAME, length=len(words))
    return words


def _require_free(owner: int, name: str, but: int | None = None) -> None:
    if _views(owner).filter(name=name).exclude(pk=but or 0).exists():
        raise NameTaken("name", name=name)


def _close_up(owner: int) -> None:
    """Places without gaps again; the constraint on them waits for the end of the transaction."""
    for place, row in enumerate(_views(owner).order_by("place"), start=1):
        SavedView.objects.filter(pk=row.pk).update(place=place)
