"""From the entries of the log to sessions. Pure: entries in, sessions out.

An entry that cannot be read is counted and never guessed at; one of a kind that is not known here is counted as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final, Literal, TypeAlias

from skill.coaching import stretch_session
from skill.coaching.stored import SHORTEST_SECONDS, moment, one_of, whole
from skill.coaching.therapy_session import HEAT, TherapySession
from skill.session_log import LogEntry, moment_of

Kind: TypeAlias = Literal["heat", "cold", "stretch"]
Outcome: TypeAlias = Literal["finished", "stopped early", "end not known", "still running"]

KINDS: Final[tuple[Kind, ...]] = ("heat", "cold", "stretch")
OUTCOMES: Final[tuple[Outcome, ...]] = ("finished", "stopped early", "end not known", "still running")
YEARS: Final = range(2000, 2101)
"""A time outside of these years is a mistake in the entry, not a session."""

_LONGEST_STRETCH: Final = timedelta(hours=3)
"""A routine that took longer was left open; how long it really took, nobody knows."""
_LONGEST_TEXT: Final = 60
_OUTCOMES: Final[Mapping[str, Outcome]] = {
    "running": "still running",
    "paused": "still running",
    "finished": "finished",
    "stopped": "stopped early",
    "replaced": "stopped early",
    "elsewhere": "end not known",
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
    return (session.ended_at - session.started_at).total_seconds() < SHORTEST_SECONDS or session.steps_done == 0


def _therapy(fields: Mapping[str, Any], zone: tzinfo, now: datetime) -> Session:
    """A session of heat or cold, as it must have gone by now.

    Raises:
        ValueError: when a field is missing or out of its domain.
    """
    session = TherapySession.from_fields("", fields).settled(now)
    return Session(
        kind="heat" if session.modality == HEAT else "cold",
        started_at=_local(session.started_at, zone),
        outcome=_OUTCOMES[session.outcome],
        ended_at=session.ended_at and _local(session.ended_at, zone),
        # Its timer ends it; a later end only says when the log heard of it.
        seconds=min(session.planned_seconds, session.done(now)),
        planned_seconds=session.planned_seconds,
        area=session.area,
        side=session.side,
    )


def _stretch(fields: Mapping[str, Any], zone: tzinfo, now: datetime) -> Session:
    """A stretching routine, likewise. Its place isn't read: what Hip Coach no longer knows was done all the same.

    Raises:
        KeyError, TypeError, ValueError: when a field is missing or out of its domain.
    """
    started, ended = moment(fields["started_at"]), _moment_or_none(fields.get("ended_at"))
    outcome = one_of(fields["outcome"], stretch_session.OUTCOMES)
    heard = _moment_or_none(fields.get("heard_at")) or started
    if outcome in ("running", "paused") and now - heard > stretch_session.KEPT_OPEN:
        outcome, ended = "stopped", heard
    if ended and ended - started > _LONGEST_STRETCH:
        ended = None
    return Session(
        kind="stretch",
        started_at=_local(started, zone),
        outcome=_OUTCOMES[outcome],
        ended_at=ended and _local(ended, zone),
        seconds=max(0, round((ended - started).total_seconds())) if ended else None,
        routine=_name(fields.get("routine")),
        steps_done=whole(fields["steps_done"]) if fields.get("steps_done") is not None else None,
    )


def _visit(entry: LogEntry, zone: tzinfo) -> datetime:
    """When Hip Coach was opened: by the entry's key, "visit#" and then the time."""
    began = moment_of(entry.entry)
    if began is None:
        raise ValueError("a key without a time")
    return _local(began, zone)


def _local(at: datetime, zone: tzinfo) -> datetime:
    local = at.astimezone(zone)
    if local.year not in YEARS:
        raise ValueError("a time of another age")
    return local


def _moment_or_none(value: object) -> datetime | None:
    return None if value is None else moment(value)


def _name(value: object) -> str | None:
    """A short name; anything else is left out, for it decides nothing."""
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT else None
