"""Clocks for the simulated world: one that is moved by hand, one that runs (as fast as one likes)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Where a standing clock starts: a Monday morning, so that weekdays and times of day read naturally in tests."""


class Clock(Protocol):
    """What the simulated world asks of a clock. Calling it tells the time, as the skill's own clock does."""

    def __call__(self) -> datetime:
        """The present moment, in UTC."""
        ...


class StandingClock:
    """A clock that stands still until it is moved.

    Those who must notice what happens on the way (timers that ring, sessions that fall silent) register with
    `on_move`; they are called with the new time after each move and look themselves at what became due.
    """

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._watchers: list[Callable[[datetime], None]] = []

    def __call__(self) -> datetime:
        """The present moment, in UTC."""
        return self._now

    def on_move(self, watcher: Callable[[datetime], None]) -> None:
        """Call `watcher` with the new time after each move."""
        self._watchers.append(watcher)

    def advance(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0, days: float = 0) -> None:
        """Move the clock forward.

        Raises:
            ValueError: for a move of less than nothing; time does not run backwards here.
        """
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if step < timedelta(0):
            raise ValueError(f"a clock can only be moved forward, not by {step}")
        self._now += step
        for watcher in self._watchers:
            watcher(self._now)


class RunningClock:
    """The machine's own time, or a faster one: with `speed` 60 a minute passes in a second."""

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError(f"a clock's speed must be above zero, not {speed}")
        self.speed = speed
        self._started_at = datetime.now(UTC)
        self._started = time.monotonic()

    def __call__(self) -> datetime:
        """The present moment, in UTC."""
        return self._started_at + timedelta(seconds=(time.monotonic() - self._started) * self.speed)

    def skip(self, seconds: float) -> None:
        """Jump forward, for somebody who doesn't want to wait for a timer."""
        self._started_at += timedelta(seconds=max(0.0, seconds))
