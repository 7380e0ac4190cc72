"""A worker that has gone deaf is told from one that has nothing to hear (celery #10205)."""

import threading

import redis

from portal import heartbeats, watchdog


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_silence_while_beat_speaks_is_deafness() -> None:
    clock = Clock()
    dog = watchdog.Watchdog(clock)
    clock.now = watchdog.SILENT_SECONDS
    assert not dog.deaf(1.0)
    clock.now += 1
    assert dog.deaf(1.0)
    dog.note()
    assert not dog.deaf(1.0)


def test_silence_of_beat_or_broker_is_no_deafness() -> None:
    clock = Clock()
    dog = watchdog.Watchdog(clock)
    clock.now = 1_000
    assert not dog.deaf(None)
    assert not dog.deaf(heartbeats.INTERVAL_SECONDS * 2 + 1)


def test_a_broker_that_is_away_is_waited_for(monkeypatch) -> None:
    """Three failing looks keep the worker; then beat speaks, nothing comes, and the worker ends once."""
    clock = Clock()
    dog = watchdog.Watchdog(clock)
    answers = iter([redis.ConnectionError(), redis.ConnectionError(), redis.ConnectionError(), *[0.5] * 20])
    ended = threading.Event()

    def age(*args: object) -> float:
        clock.now += watchdog.SILENT_SECONDS / 2
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0)
    monkeypatch.setattr(heartbeats, "age", age)
    dog.run(redis.Redis(), "", ended.set)
    assert ended.is_set() and len(list(answers)) == 17


def test_a_beat_that_publishes_nothing_although_the_broker_answers_ends(monkeypatch) -> None:
    """However old its own last sign is; a broker that is away gives it time again."""
    clock = Clock()
    dog = watchdog.BeatWatchdog(clock)
    answers = iter([None, redis.ConnectionError(), 1.0, 40.0, None, None, None])
    ended: list[float] = []

    def age(*args: object) -> float | None:
        clock.now += heartbeats.STALE_SECONDS / 2
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0)
    monkeypatch.setattr(heartbeats, "age", age)
    dog.run(redis.Redis(), "", lambda: ended.append(clock.now))
    assert ended == [5 * heartbeats.STALE_SECONDS / 2]


def test_publishing_a_heartbeat_is_noted(monkeypatch) -> None:
    from portal import celery

    monkeypatch.setattr(celery, "_sign_of_life", lambda name: None)
    monkeypatch.setattr(celery._beat_watchdog, "heard", -1_000.0)
    celery.note_schedule()
    assert celery._beat_watchdog.heard > 0
