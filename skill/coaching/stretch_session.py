"""One stretch session as the log keeps it: where it got to, and whether it still waits. A frozen value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from skill.coaching.stored import LIVE, Outcome, moment, one_of, stamp
from skill.coaching.stretching import Place

OUTCOMES = (*LIVE, "finished", "stopped")

KEPT_OPEN = timedelta(days=1)
"""How long after the last word a session waits to be gone on with; then it counts as stopped."""
WEEK = timedelta(days=7)
_MOST_EARLIER = 21
"""How many earlier sessions of a week are counted: three a day."""


@dataclass(frozen=True)
class StretchSession(Outcome):
    """A routine, or a single stretch, that somebody has begun. Times are in UTC."""

    id: str
    place: Place
    started_at: datetime
    heard_at: datetime
    """When the person last said something in it."""
    outcome: str = "running"
    ended_at: datetime | None = None
    earlier: tuple[datetime, ...] = ()
    """When the sessions ended that came before it within a week and came to something, oldest first."""
    settle_first: bool = False
    """Whether something spoke against stretching on the way (S15, S16, a red flag): before anything is stretched again,
    somebody must say that it is settled. What it was isn't kept."""

    @property
    def number_in_week(self) -> int:
        """Which session within seven days it is: 1 for the first."""
        return 1 + len(self.earlier)

    def is_left(self, now: datetime) -> bool:
        """Whether there is something left of it, and it is fresh enough to be gone on with; also after "stop"."""
        return self.outcome != "finished" and not self.place.is_over and self._is_fresh(now)

    def is_held(self, now: datetime) -> bool:
        """Whether it must be asked first if what spoke against stretching is settled; not for ever."""
        return self.settle_first and self._is_fresh(now)

    def _is_fresh(self, now: datetime) -> bool:
        return now - self.heard_at <= KEPT_OPEN

    def at(self, place: Place, outcome: str, now: datetime) -> StretchSession:
        """The session after one more turn."""
        ended = now if outcome in ("finished", "stopped") else None
        return replace(self, place=place, outcome=outcome, heard_at=now, ended_at=ended)

    def stopped(self) -> StretchSession:
        """The session, stopped where the person last said something."""
        return replace(self, outcome="stopped", ended_at=self.heard_at)

    def held(self) -> StretchSession:
        """The session, not to be gone on with before what came up is settled."""
        return replace(self, settle_first=True)

    def freed(self) -> StretchSession:
        """The session, when that is settled."""
        return replace(self, settle_first=False)

    def settled(self, now: datetime) -> StretchSession:
        """The session as it must have gone by now: stopped, when nobody came back to it for a day."""
        return self.stopped() if self.is_live and not self._is_fresh(now) else self

    def as_fields(self) -> dict[str, Any]:
        """Plain JSON for the log."""
        fields: dict[str, Any] = {
            "routine": self.place.routine,
            "place": self.place.as_json(),
            "steps_done": len(self.place.done),
            "started_at": stamp(self.started_at),
            "heard_at": stamp(self.heard_at),
            "outcome": self.outcome,
        }
        if self.ended_at:
            fields["ended_at"] = stamp(self.ended_at)
        if self.earlier:
            fields["earlier"] = [stamp(ended) for ended in self.earlier]
        if self.settle_first:
            fields["settle_first"] = True
        return fields

    @classmethod
    def from_fields(cls, entry_id: str, fields: Mapping[str, Any]) -> StretchSession:
        """The session that `as_fields` wrote.

        Raises:
            ValueError: when a field is missing or out of its domain; such an entry is skipped, never guessed at.
        """
        try:
            return cls(
                id=entry_id,
                place=Place.from_json(fields["place"]),
                started_at=moment(fields["started_at"]),
                heard_at=moment(fields["heard_at"]),
                outcome=one_of(fields["outcome"], OUTCOMES),
                ended_at=moment(fields["ended_at"]) if "ended_at" in fields else None,
                earlier=tuple(moment(ended) for ended in fields.get("earlier", ())),
                settle_first=bool(fields.get("settle_first")),
            )
        except (KeyError, TypeError) as problem:
            raise ValueError(f"not a stretch session: {problem}") from problem


def new_stretch_session(entry_id: str, place: Place, now: datetime, before: Sequence[StretchSession]) -> StretchSession:
    """A session that begins now.

    Args:
        before: earlier ones as far as they are known, newest first. The newest knows those before itself, so that the
            week is counted rightly from it alone.
    """
    last = before[0] if before else None
    earlier = [*last.earlier, *([last.heard_at] if last.place.done else [])] if last else []
    recent = tuple(ended for ended in earlier if now - ended <= WEEK)
    return StretchSession(entry_id, place, now, now, earlier=recent[-_MOST_EARLIER:])
