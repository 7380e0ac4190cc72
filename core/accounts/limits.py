"""Every limit on attempts, in one place: what is counted, by whom, and for how long.

Two dangers pull in opposite directions. Too lax, and passwords and codes can be guessed; too strict, and an office of
sixty behind one address, or anybody whose user name is known, is locked out by somebody else. Therefore:

* Signing in is never counted by network address. It is counted by account, apart for devices that have signed in
  before (a signed cookie, see `core.accounts.devices`) and for all the others together. Whoever guesses from outside
  uses up the budget of the unknown devices; the owner on his own device has another (OWASP "device cookies").
* A code of the second factor costs growing waits per account, again apart for known and unknown devices, and the
  fifth wrong code in one session leads back to the password (`WRONG_CODES_PER_SESSION`).
* Only what anybody may do without an account (signing up, asking for mail) is also counted by network, generously.

**Concurrency.** A counter is one row, changed by one statement (`INSERT … ON CONFLICT DO UPDATE … WHERE`), so that two
requests at the same moment queue for the row and never both take the last place. A place is taken *before* the
password is checked and given back when it was right: a hundred guesses sent at once get no more than the limit.
Counters must not stand in a transaction that may be rolled back; views here run in autocommit.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Counter
from core.lifecycle.errors import NotAllowed


@dataclass(frozen=True)
class Window:
    """At most `amount` within `length`, counted from the first."""

    name: str
    amount: int
    length: timedelta


@dataclass(frozen=True)
class Slowdown:
    """`free` tries without a pause; then each one makes the next wait twice as long, up to `longest`.

    Everything is forgotten `forget` after the first try, and at once after a success.
    """

    name: str
    free: int
    first: timedelta
    longest: timedelta
    forget: timedelta


SIGN_IN = Window("sign_in", 10, timedelta(minutes=15))
"""Wrong passwords per account: ten from one known device, ten from all unknown ones together."""

SECOND_FACTOR = Slowdown("second_factor", 5, timedelta(seconds=30), timedelta(hours=1), timedelta(hours=24))
"""Wrong codes per account: some 35 a day at most against a million possible codes."""

WRONG_CODES_PER_SESSION = 5
"""After so many wrong codes in one session the password is asked again."""

SIGN_UP = Window("sign_up", 120, timedelta(hours=1))
"""Sign-up forms sent per network: a business park may sit behind one address."""

RESET = Window("reset", 120, timedelta(hours=1))
"""Requests for a new password per network."""

MAIL_FROM_HERE = Window("mail_from_here", 6, timedelta(hours=1))
"""Codes and links sent to one address on the request of one network."""

MAIL = Window("mail", 40, timedelta(hours=1))
"""Codes and links sent to one address, whoever asked: nobody's mailbox is flooded through us."""


class TooMany(NotAllowed):
    """The limit is reached; `wait` says for how long, the message tells it in words."""

    code = "accounts.too_many"
    message = _("尝试次数太多，请等 %(wait)s再试")

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(None, wait=in_words(wait))


def in_words(wait: timedelta) -> str:
    """How long to wait, rounded up: 45 秒, 12 分钟."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    if seconds < 60:
        return str(_("%(n)s 秒") % {"n": seconds})
    return str(_("%(n)s 分钟") % {"n": math.ceil(seconds / 60)})


@dataclass(frozen=True)
class Place:
    """A place taken in a counter."""

    key: str
    ends_at: datetime

    def give_back(self) -> None:
        """The try was good after all: it does not count."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE accounts_counter SET count = count - 1 WHERE key = %s AND ends_at = %s AND count > 0",
                [self.key, self.ends_at],
            )

    def forget(self) -> None:
        """Start anew: nothing tried so far counts any more."""
        Counter.objects.filter(key=self.key).delete()


def take(limit: Window, *who: object, at: datetime) -> Place:
    """Take a place for whoever is counted. Raises TooMany when none is left."""
    key = _key(limit.name, *who)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_counter AS c (key, count, ends_at) VALUES (%(key)s, 1, %(end)s)"
            " ON CONFLICT (key) DO UPDATE SET"
            " count = CASE WHEN c.ends_at <= %(at)s THEN 1 ELSE c.count + 1 END,"
            " ends_at = CASE WHEN c.ends_at <= %(at)s THEN excluded.ends_at ELSE c.ends_at END"
            " WHERE c.ends_at <= %(at)s OR c.count < %(amount)s RETURNING c.ends_at",
            {"key": key, "at": at, "end": at + limit.length, "amount": limit.amount},
        )
        row = cursor.fetchone()
    if row is None:
        raise TooMany(_until(key, "ends_at", at))
    return Place(key, row[0])


def slow_down(limit: Slowdown, *who: object, at: datetime) -> Place:
    """Take one try, which sets the pause before the next. Raises TooMany during a pause."""
    key = _key(limit.name, *who)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_counter AS c (key, count, ends_at, free_at) VALUES (%(key)s, 1, %(end)s, %(at)s)"
            " ON CONFLICT (key) DO UPDATE SET"
            " count = CASE WHEN c.ends_at <= %(at)s THEN 1 ELSE c.count + 1 END,"
            " ends_at = CASE WHEN c.ends_at <= %(at)s THEN excluded.ends_at ELSE c.ends_at END,"
            " free_at = CASE WHEN c.ends_at <= %(at)s OR c.count + 1 < %(free)s THEN %(at)s ELSE %(at)s +"
            " make_interval(secs => least(%(longest)s, %(first)s * power(2, least(c.count + 1 - %(free)s, 20))))"
            " END WHERE c.ends_at <= %(at)s OR c.free_at <= %(at)s RETURNING c.ends_at",
            {
                "key": key, "at": at, "end": at + limit.forget, "free": limit.free,
                "first": limit.first.total_seconds(), "longest": limit.longest.total_seconds(),
            },
        )  # fmt: skip
        row = cursor.fetchone()
    if row is None:
        raise TooMany(_until(key, "free_at", at))
    return Place(key, row[0])


def sweep(*, at: datetime) -> int:
    """Remove counters whose time is over; returns how many."""
    return Counter.objects.filter(ends_at__lte=at).delete()[0]


def _until(key: str, field: str, at: datetime) -> timedelta:
    end = Counter.objects.filter(key=key).values_list(field, flat=True).first()
    return max(end - at, timedelta(seconds=1)) if end else timedelta(seconds=1)


def _key(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()
