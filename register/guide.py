"""The state of the guide "do I need a licence?" is its address: what was answered so far, and what to ask next.

Nothing is kept anywhere: every page can be sent to somebody else, and going back is a link.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.need import MAKERS, Activity
from register.queries.need import Product

UNSURE = "unsure"
LATER = "later"
ANYWHERE = "any"
TODAY = "today"
EARLIEST, LATEST = date(1949, 10, 1), date(2199, 12, 31)

Question = Literal["product", "unit", "unsure", "activity", "date", "place", "answer"]

ACTIVITIES: Mapping[Activity, tuple[Promise, Promise]] = {
    Activity.MAKE: (_("自己生产"), _("在自己的工厂里生产，包括贴自己的牌子")),
    Activity.PROCESS: (_("为别人加工"), _("受别人委托生产，产品交给委托方")),
    Activity.SELL: (_("销售"), _("买进别人生产的，再卖出去")),
    Activity.USE: (_("在经营活动中使用"), _("用在自己的工程、生产或者服务里")),
    Activity.IMPORT: (_("进口"), _("从境外买进")),
}
"""Each activity with what is meant by it."""


@dataclass(frozen=True)
class Asked:
    """The answers in an address. Anything odd counts as not answered."""

    words: str = ""
    browse: bool = False
    listed: bool = True
    category: str = ""
    units: tuple[str, ...] = ()
    activity: Activity | None = None
    start: str = ""
    place: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "Asked":
        wish = query.get("do", "")
        return cls(
            words=_plain(query.get("q", ""))[:100],
            browse="browse" in query,
            listed=query.get("listed") != "none",
            category=_plain(query.get("category", ""))[:40],
            units=tuple(dict.fromkeys(_plain(unit)[:48] for unit in query.getlist("unit")[:60] if unit)),
            activity=Activity(wish) if wish in set(Activity) else None,
            start=_plain(query.get("on", ""))[:20],
            place=_plain(query.get("place", ""))[:6],
        )

    def start_day(self, today: date) -> date | None:
        """The day of the start; None when it is not given or is no day this system can think of."""
        if self.start == TODAY:
            return today
        try:
            day = date.fromisoformat(self.start)
        except ValueError:
            return None
        return day if EARLIEST <= day <= LATEST else None

    def chosen(self, product: Product) -> tuple[str, ...]:
        """The named units that belong to the product."""
        own = {unit.key for unit in product.units}
        return tuple(key for key in self.units if key in own)

    def next_question(self, product: Product, today: date) -> Question:
        """What to ask next about a product that is or was on the list."""
        if product.listing.state == "delisted":
            return "answer"
        if UNSURE in self.units:
            return "unsure"
        if len(product.units) > 1 and not self.chosen(product) and LATER not in self.units:
            return "unit"
        if self.activity is None:
            return "activity"
        if self.start_day(today) is None:
            return "date"
        if self.activity in MAKERS and not self.place:
            return "place"
        return "answer"

    def url(self, **changes: Any) -> str:
        """This address with other answers; an empty one is taken out."""
        values: dict[str, Any] = {
            "category": self.category, "unit": list(self.units), "do": self.activity or "", "on": self.start,
            "place": self.place,
        } | changes  # fmt: skip
        return "?" + urlencode({name: value for name, value in values.items() if value}, doseq=True)


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isprintable()).strip()


@dataclass(frozen=True)
class Told:
    """One answer given so far, and the address at which it can be changed."""

    label: Any
    value: Any
    url: str


def told(asked: Asked, product: Product, today: date) -> list[Told]:
    """The answers so far, in the order of the questions; changing one keeps those before it."""
    rows = [Told(_("产品"), product.name, "?")]
    names = {unit.key: unit.name for unit in product.units}
    if len(product.units) > 1 and (chosen := asked.chosen(product)):
        rows.append(
            Told(
                _("单元"), "；".join(names[key] for key in chosen), _back(asked, "unit", "do", "on", "place")
            )
        )
    if asked.activity:
        rows.append(Told(_("要做的"), ACTIVITIES[asked.activity][0], _back(asked, "do", "on", "place")))
    if day := asked.start_day(today):
        rows.append(
            Told(_("开始"), _("今天或已经开始") if asked.start == TODAY else day, _back(asked, "on", "place"))
        )
    return rows


def _back(asked: Asked, *without: str) -> str:
    return asked.url(**dict.fromkeys(without, ""))
