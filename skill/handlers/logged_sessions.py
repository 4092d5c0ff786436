"""The sessions in entries of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from skill.coaching.stretch_session import StretchSession
from skill.coaching.therapy_session import TherapySession
from skill.session_log import LogEntry

_Session = TypeVar("_Session", TherapySession, StretchSession)


def therapy_sessions(entries: Iterable[LogEntry]) -> list[TherapySession]:
    """Heat and cold sessions, newest first; unreadable ones left out."""
    return _sessions(entries, "therapy", TherapySession.from_fields)


def stretch_sessions(entries: Iterable[LogEntry]) -> list[StretchSession]:
    """Stretch sessions, newest first; unreadable ones left out."""
    return _sessions(entries, "stretch", StretchSession.from_fields)


def _sessions(
    entries: Iterable[LogEntry], kind: str, read: Callable[[str, Mapping[str, Any]], _Session]
) -> list[_Session]:
    found: list[_Session] = []
    for entry in entries:
        if entry.kind == kind:
            try:
                found.append(read(entry.entry, entry.fields))
            except ValueError:
                continue
    return sorted(found, key=lambda session: session.started_at, reverse=True)
