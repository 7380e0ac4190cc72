"""The portal's settings with a clock that stands (almost) still, so that the same code gives the same pictures."""

import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from portal.settings import *  # noqa: F403

MOMENT = datetime(2026, 10, 28, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Wednesday after the autumn holidays, so that rulers have a break in them."""
SLOWER = 100
"""Later acts stay later, but five minutes of work are three seconds here."""

_real = timezone.now
_began = datetime.fromisoformat(os.environ.get("SCREENSHOTS_BEGAN") or _real().isoformat())


def slow_now() -> datetime:
    """What time it is in the pictures."""
    passed: timedelta = _real() - _began
    return MOMENT + passed / SLOWER


timezone.now = slow_now
