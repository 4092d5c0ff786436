"""Reads and writes the values that log entries are made of. What is not as it should be is refused, never guessed."""

from __future__ import annotations

from datetime import UTC, datetime

LIVE = ("running", "paused")
"""The outcomes of a session that isn't over."""
SHORTEST_SECONDS = 60
"""Seconds that a session must have lasted to count: what was stopped at once was a slip."""


class Outcome:
    """What sessions of every kind say of themselves by their outcome."""

    outcome: str

    @property
    def is_live(self) -> bool:
        """Whether it goes on, or waits to be gone on with, as far as the log knows."""
        return self.outcome in LIVE


def stamp(at: datetime) -> str:
    """A moment as the log keeps it: in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def moment(value: object) -> datetime:
    """The moment that `stamp` wrote, in UTC.

    Raises:
        ValueError: for anything else.
    """
    if not isinstance(value, str):
        raise ValueError("not a time")
    read = datetime.fromisoformat(value)
    if read.tzinfo is None:
        raise ValueError("a time without a zone")
    try:
        return read.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time at the edge of all time") from None


def one_of(value: object, allowed: tuple[str, ...]) -> str:
    """The value, which must be one of these.

    Raises:
        ValueError: when it isn't.
    """
    if not isinstance(value, str) or value not in allowed:
        raise ValueError("not one of the known values")
    return value


def whole(value: object) -> int:
    """The value, which must be a whole number from 0 on.

    Raises:
        ValueError: when it isn't.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("not a whole number")
    return value


def text(value: object) -> str | None:
    """The value, which must be a text or None.

    Raises:
        ValueError: when it isn't.
    """
    if value is not None and not isinstance(value, str):
        raise ValueError("not text")
    return value
