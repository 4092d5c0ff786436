"""From the entries of the log to sessions. Pure: entries in, sessions out.

An entry that cannot be read is counted and never guessed at; one of a kind that is not known here is counted as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final, Literal, TypeAlias

from skill.session_log import LogEntry

Kind: TypeAlias = Literal["heat", "cold", "stretch"]
Outcome: TypeAlias = Literal["finished", "stopped early", "end not known", "still running"]

KINDS: Final[tuple[Kind, ...]] = ("heat", "cold", "stretch")
OUTCOMES: Final[tuple[Outcome, ...]] = ("finished", "stopped early", "end not known", "still running")
YEARS: Final = range(2000, 2101)
"""A time outside of these years is a mistake in the entry, not a session."""

_LONGEST_THERAPY: Final = 20 * 60
"""Seconds: no session of heat or cold is planned for longer (F22)."""
_SHORTEST: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=1)
"""A session of heat or cold that is paused for longer is over, as it is for the skill."""
_LONGEST_STRETCH: Final = timedelta(hours=3)
"""A routine that took longer was left open; how long it really took, nobody knows."""
_STRETCH_KEPT_OPEN: Final = timedelta(days=1)
"""A routine that nobody came back to for so long was stopped where the person last spoke, as it is for the skill."""
_LONGEST_TEXT: Final = 60
_THERAPY_OUTCOMES: Final[Mapping[str, Outcome]] = {
    "running": "still running",
    "paused": "still running",
    "finished": "finished",
    "stopped": "stopped early",
    "replaced": "stopped early",
    "elsewhere": "end not known",
}
_STRETCH_OUTCOMES: Final[Mapping[str, Outcome]] = {
    name: outcome for name, outcome in _THERAPY_OUTCOMES.items() if name not in ("replaced", "elsewhere")
}


@dataclass(frozen=True)
class Session:
    """One session of heat, cold or stretching. Times are in the zone of the report."""

    kind: Kind
    started_at: datetime
    outcome: Outcome
    ended_at: datetime | None = None
    """None while it runs, and where nobody knows."""
    seconds: int | None = None
    """How long it lasted so far, pauses left out; None where nobody knows."""
    planned_seconds: int | None = None
    area: str | None = None
    side: str | None = None
    routine: str | None = None
    steps_done: int | None = None

    @property
    def day(self) -> date:
        """The one day that it counts on: the day it began, in the zone of the report."""
        return self.started_at.date()


@dataclass(frozen=True)
class PersonLog:
    """What the log holds of a person.

    Attributes:
        sessions: the sessions, oldest first.
        visits: when Hip Coach was opened, oldest first.
        unreadable: how many entries could not be read.
        unknown: how many entries are of a kind that this report does not know.
        too_short: how many sessions were stopped before they came to anything, and don't count.
    """

    sessions: tuple[Session, ...] = ()
    visits: tuple[datetime, ...] = ()
    unreadable: int = 0
    unknown: int = 0
    too_short: int = 0


def read_log(entries: Iterable[LogEntry], zone: tzinfo, now: datetime, unreadable: int = 0) -> PersonLog:
    """Make sessions of the entries of one person.

    Args:
        entries: in any order. The profile is passed over.
        zone: the zone that times are told in.
        now: the present moment; sessions whose time is up by then are over, though nobody has told the log.
        unreadable: how many entries could not even be read from the table.
    """
    sessions: list[Session] = []
    visits: list[datetime] = []
    unknown = too_short = 0
    for entry in entries:
        try:
            match entry.kind:
                case "profile":
                    pass
                case "therapy" | "stretch":
                    read = _therapy if entry.kind == "therapy" else _stretch
                    session = read(entry.fields, zone, now)
                    if _came_to_nothing(session):
                        too_short += 1
                    else:
                        sessions.append(session)
                case "visit":
                    visits.append(_visit(entry, zone))
                case _:
                    unknown += 1
        except (KeyError, IndexError, TypeError, ValueError, ArithmeticError):
            unreadable += 1
    sessions.sort(key=lambda session: (session.started_at, session.kind))
    return PersonLog(tuple(sessions), tuple(sorted(visits)), unreadable, unknown, too_short)


def _came_to_nothing(session: Session) -> bool:
    """Whether it was stopped within its first minute, or before the first stretch. Spoken counts leave it out too."""
    if session.outcome not in ("stopped early", "end not known") or session.ended_at is None:
        return False
    return session.ended_at - session.started_at < _SHORTEST or session.steps_done == 0


def _therapy(fields: Mapping[str, Any], zone: tzinfo, now: datetime) -> Session:
    """A session of heat or cold, as it must have gone by now.

    Raises:
        KeyError, TypeError, ValueError, ArithmeticError: when a field is missing or out of its domain.
    """
    kind: Kind = "heat" if _one_of(fields["modality"], ("heat", "cold")) == "heat" else "cold"
    planned = _whole(fields["planned_seconds"])
    if not 0 < planned <= _LONGEST_THERAPY:
        raise ValueError("its length is out of bounds")
    started, ends = _moment(fields["started_at"], zone), _moment(fields["ends_at"], zone)
    paused, ended = _moment_or_none(fields, "paused_at", zone), _moment_or_none(fields, "ended_at", zone)
    state = _one_of(fields["outcome"], tuple(_THERAPY_OUTCOMES))
    if state == "paused" and paused:
        if now - paused > _LONGEST_PAUSE:
            state, ended = "stopped", paused
    elif state in ("running", "paused") and now >= ends:
        state, ended = "finished", ends
    until = ended or paused or min(now, ends)
    seconds = round((until - started).total_seconds()) - _whole(fields.get("rested_seconds", 0))
    return Session(
        kind=kind,
        started_at=started,
        outcome=_THERAPY_OUTCOMES[state],
        ended_at=ended,
        # Its timer ends it; a later end only says when the log heard of it.
        seconds=min(planned, max(0, seconds)),
        planned_seconds=planned,
        area=_text(fields.get("area")),
        side=_text(fields.get("side")),
    )


def _stretch(fields: Mapping[str, Any], zone: tzinfo, now: datetime) -> Session:
    """A stretching routine.

    Raises:
        KeyError, TypeError, ValueError, ArithmeticError: when a field is missing or out of its domain.
    """
    started, ended = _moment(fields["started_at"], zone), _moment_or_none(fields, "ended_at", zone)
    state = _one_of(fields["outcome"], tuple(_STRETCH_OUTCOMES))
    heard = _moment_or_none(fields, "heard_at", zone) or started
    if state in ("running", "paused") and now - heard > _STRETCH_KEPT_OPEN:
        state, ended = "stopped", heard
    if ended and ended - started > _LONGEST_STRETCH:
        ended = None
    seconds = None
    if ended:
        seconds = max(0, round((ended - started).total_seconds()) - _whole(fields.get("rested_seconds", 0)))
    return Session(
        kind="stretch",
        started_at=started,
        outcome=_STRETCH_OUTCOMES[state],
        ended_at=ended,
        seconds=seconds,
        routine=_text(fields.get("routine")),
        steps_done=_whole(fields["steps_done"]) if fields.get("steps_done") is not None else None,
    )


def _visit(entry: LogEntry, zone: tzinfo) -> datetime:
    """When Hip Coach was opened: by the entry's key, "visit#" and then the time."""
    return _moment(entry.entry.split("#")[1], zone)


def _moment(value: object, zone: tzinfo) -> datetime:
    if not isinstance(value, str):
        raise TypeError("not a time")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    local = moment.astimezone(zone)
    if local.year not in YEARS:
        raise ValueError("a time of another age")
    return local


def _moment_or_none(fields: Mapping[str, Any], name: str, zone: tzinfo) -> datetime | None:
    return None if fields.get(name) is None else _moment(fields[name], zone)


def _one_of(value: object, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError("not one of the known values")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("not a whole number")
    return value


def _text(value: object) -> str | None:
    """A short text; anything else is left out, for it decides nothing."""
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT else None
