"""One heat or cold session: when it runs, rests and ends. A frozen value; each change gives a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from skill.coaching.amounts import LONGEST, SHORTEST
from skill.coaching.stored import LIVE, Outcome, moment, one_of, stamp, text, whole

HEAT = "heat"
COLD = "cold"
MODALITIES = (HEAT, COLD)
AREAS = ("hip", "groin", "pelvis_back")
"""Where the article has heat and cold go: the hip (F21), the groin and the back of the pelvis (F19)."""
SIDES = ("left", "right", "both")
TIMERS = ("alexa", "audio", "none")
OUTCOMES = (*LIVE, "finished", "stopped", "replaced", "elsewhere")

LONGEST_PAUSE = 60 * 60
"""Seconds: a session paused for longer is over; the skin has long been back to normal."""


@dataclass(frozen=True)
class TherapySession(Outcome):
    """A session of heat or cold as the log keeps it. Times are in UTC, lengths in seconds."""

    id: str
    modality: str
    planned_seconds: int
    started_at: datetime
    ends_at: datetime
    """When it ends if nothing changes; meaningless while paused."""
    outcome: str = "running"
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    rested_seconds: int = 0
    """How long it was paused so far."""
    area: str | None = None
    side: str | None = None
    timer: str = "none"
    """What tells of the end: Alexa's timer, guided audio, or nothing but the clock."""
    timer_id: str | None = None
    """Alexa's timer for the end, kept until it is surely gone: also beyond the session's end."""
    check_timer_id: str | None = None
    """Alexa's timer for the skin check, likewise."""
    timer_number: int = 1
    """Counts the timers made for this session, so that their labels differ."""

    @property
    def is_paused(self) -> bool:
        """Whether it is paused."""
        return self.outcome == "paused"

    @property
    def has_timers(self) -> bool:
        """Whether Alexa may still hold timers of it."""
        return bool(self.timer_id or self.check_timer_id)

    @property
    def out_of_step(self) -> bool:
        """Whether its timers don't do what the log says, because Alexa could not be reached when that changed."""
        return self.timer == "none" and self.has_timers

    def remaining(self, now: datetime) -> int:
        """Seconds still to go, never below zero."""
        at = self.paused_at if self.is_paused and self.paused_at else now
        return max(0, round((self.ends_at - at).total_seconds())) if self.is_live else 0

    def done(self, now: datetime) -> int:
        """Seconds of heat or cold so far, pauses left out."""
        until = self.ended_at or self.paused_at or min(now, self.ends_at)
        return max(0, round((until - self.started_at).total_seconds()) - self.rested_seconds)

    def is_over(self, now: datetime) -> bool:
        """Whether it ran out, or was paused for longer than a pause may last."""
        if self.is_paused and self.paused_at:
            return (now - self.paused_at).total_seconds() > LONGEST_PAUSE
        return self.is_live and now >= self.ends_at

    def pause(self, now: datetime) -> TherapySession:
        """The session, paused."""
        return replace(self, outcome="paused", paused_at=now)

    def resume(self, now: datetime) -> TherapySession:
        """The session, running again with the time that was left."""
        if not self.paused_at:
            return self
        rest = now - self.paused_at
        return replace(
            self,
            outcome="running",
            paused_at=None,
            ends_at=self.ends_at + rest,
            rested_seconds=self.rested_seconds + round(rest.total_seconds()),
        )

    def end(self, outcome: str, at: datetime) -> TherapySession:
        """The session, over. A pause that it ends in counts as rest. Its timers are yet to be removed."""
        rest = max(0, round((at - self.paused_at).total_seconds())) if self.paused_at else 0
        return replace(self, outcome=outcome, ended_at=at, paused_at=None, rested_seconds=self.rested_seconds + rest)

    def without_timers(self) -> TherapySession:
        """The session when Alexa holds no timers of it (any more)."""
        return replace(self, timer_id=None, check_timer_id=None)

    def as_seen_without_log(self, seen: TherapySession) -> TherapySession:
        """This session with what was done to it while the log was away and only its timer was known."""
        if seen.ended_at:
            return self.end(seen.outcome, max(self.started_at, seen.ended_at))
        if seen.paused_at:
            return self.pause(max(self.started_at, seen.paused_at))
        if not self.paused_at:
            return self
        # It was resumed: the pause lasted for as long as its end has moved.
        resumed = self.resume(max(self.paused_at, self.paused_at + (seen.ends_at - self.ends_at)))
        return replace(resumed, timer=seen.timer, timer_id=seen.timer_id, check_timer_id=seen.check_timer_id)

    def settled(self, now: datetime) -> TherapySession:
        """The session as it must have gone by now: finished when its time is up, closed when paused for too long."""
        if not self.is_over(now):
            return self
        return self.end("stopped", self.paused_at) if self.paused_at else self.end("finished", self.ends_at)

    def room_to_extend(self, had_before: int = 0) -> int:
        """Seconds that may be added before the limit of twenty minutes in all (F22), what was had before included."""
        return max(0, LONGEST - had_before - self.planned_seconds)

    def lengthened(self, seconds: int) -> TherapySession:
        """The session with `seconds` more, or fewer where negative."""
        return replace(
            self, planned_seconds=self.planned_seconds + seconds, ends_at=self.ends_at + timedelta(seconds=seconds)
        )

    def as_fields(self) -> dict[str, Any]:
        """Plain JSON for the log."""
        fields: dict[str, Any] = {
            "modality": self.modality,
            "planned_seconds": self.planned_seconds,
            "started_at": stamp(self.started_at),
            "ends_at": stamp(self.ends_at),
            "outcome": self.outcome,
            "timer": self.timer,
        }
        optional = {
            "paused_at": self.paused_at and stamp(self.paused_at),
            "ended_at": self.ended_at and stamp(self.ended_at),
            "rested_seconds": self.rested_seconds or None,
            "area": self.area,
            "side": self.side,
            "timer_id": self.timer_id,
            "check_timer_id": self.check_timer_id,
            "timer_number": self.timer_number if self.timer_number > 1 else None,
        }
        return fields | {name: value for name, value in optional.items() if value is not None}

    @classmethod
    def from_fields(cls, entry_id: str, fields: Mapping[str, Any]) -> TherapySession:
        """The session that `as_fields` wrote.

        Raises:
            ValueError: when a field is missing or out of its domain; such an entry is skipped, never guessed at.
        """
        try:
            session = cls(
                id=entry_id,
                modality=one_of(fields["modality"], MODALITIES),
                planned_seconds=whole(fields["planned_seconds"]),
                started_at=moment(fields["started_at"]),
                ends_at=moment(fields["ends_at"]),
                outcome=one_of(fields["outcome"], OUTCOMES),
                paused_at=moment(fields["paused_at"]) if "paused_at" in fields else None,
                ended_at=moment(fields["ended_at"]) if "ended_at" in fields else None,
                rested_seconds=whole(fields.get("rested_seconds", 0)),
                area=one_of(fields["area"], AREAS) if "area" in fields else None,
                side=one_of(fields["side"], SIDES) if "side" in fields else None,
                timer=one_of(fields["timer"], TIMERS),
                timer_id=text(fields.get("timer_id")),
                check_timer_id=text(fields.get("check_timer_id")),
                timer_number=whole(fields.get("timer_number", 1)),
            )
        except (KeyError, TypeError) as problem:
            raise ValueError(f"not a heat or cold session: {problem}") from problem
        if not 0 < session.planned_seconds <= LONGEST:
            raise ValueError("not a heat or cold session: its length is out of bounds")
        return session


def new_session(
    entry_id: str, modality: str, seconds: int, area: str | None, side: str | None, now: datetime
) -> TherapySession:
    """A session that starts now.

    Raises:
        ValueError: for a length outside ten to twenty minutes (F22): the last guard, whatever was decided before.
    """
    if not SHORTEST <= seconds <= LONGEST:
        raise ValueError(f"a session lasts {SHORTEST} to {LONGEST} seconds, not {seconds}")
    return TherapySession(entry_id, modality, seconds, now, now + timedelta(seconds=seconds), area=area, side=side)


def same_skin(one: str | None, other: str | None) -> bool:
    """Whether two sides may be one and the same skin: left and right are not, anything else may be."""
    return {one, other} != {"left", "right"}
