"""A process that is alive and does nothing ends itself, so that whoever started it starts it anew.

After the broker has gone away in the middle of a task, Celery may log a failed acknowledgement and never consume
again, while its process lives on. Heartbeats come through every queue each ten seconds as long as beat publishes them;
none for `SILENT_SECONDS` although beat and broker are there means this worker is deaf. Likewise a beat that has
published nothing for long although the broker answers.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable

import redis

from portal import heartbeats

log = logging.getLogger(__name__)
SILENT_SECONDS = 3 * heartbeats.INTERVAL_SECONDS
LOOK_SECONDS = 5


class Watchdog:
    """Notes what the consumer received; `deaf` is the rule, `run` asks it again and again."""

    verdict = f"nothing consumed for {SILENT_SECONDS} s although beat publishes"

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.heard = clock()

    def note(self) -> None:
        """A task came through the queue."""
        self.heard = self.clock()

    def deaf(self, beat_age: float | None) -> bool:
        """Nothing received for too long, although beat spoke to the broker a moment ago (`beat_age` in seconds)."""
        speaking = beat_age is not None and beat_age <= 2 * heartbeats.INTERVAL_SECONDS
        return speaking and self.clock() - self.heard > SILENT_SECONDS

    def run(self, broker: redis.Redis, prefix: str, end: Callable[[], None]) -> None:
        """Look every few seconds; a broker that does not answer is waited for, and then given time to speak."""
        while True:
            time.sleep(LOOK_SECONDS)
            try:
                beat_age = heartbeats.age(broker, prefix, heartbeats.BEAT)
            except redis.RedisError:
                self.note()
                continue
            if self.deaf(beat_age):
                log.error("%s: ending this process", self.verdict)
                end()
                return


class BeatWatchdog(Watchdog):
    """Notes what beat published. Looks happen only while the broker answers, so silence is beat's own."""

    verdict = f"nothing published for {heartbeats.STALE_SECONDS} s although the broker answers"

    def deaf(self, beat_age: float | None) -> bool:
        """Nothing published for too long; how old the last sign is says nothing, it is beat's own."""
        return self.clock() - self.heard > heartbeats.STALE_SECONDS


def end_this_process() -> None:
    """Ask for a warm end; what runs is acknowledged late and comes again (acks_late). Then insist."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def start(watchdog: Watchdog, url: str, prefix: str) -> None:
    """Watch from a thread of the main process."""
    thread = threading.Thread(
        target=watchdog.run,
        args=(heartbeats.client(url), prefix, end_this_process),
        name="watchdog",
        daemon=True,
    )
    watchdog.note()
    thread.start()
