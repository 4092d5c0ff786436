"""The sessions in entries of the log."""

from __future__ import annotations

from collections.abc import Iterable

from skill.coaching.stretch_session import StretchSession
from skill.coaching.therapy_session import TherapySession
from skill.session_log import LogEntry


def therapy_sessions(entries: Iterable[LogEntry]) -> list[TherapySession]:
    """Heat and cold sessions, newest first; unreadable ones left out."""
    found = []
    for entry in entries:
        if entry.kind == "therapy":
            try:
                found.append(TherapySession.from_fields(entry.entry, entry.fields))
            except ValueError:
                continue
    return sorted(found, key=lambda session: session.started_at, reverse=True)


def stretch_sessions(entries: Iterable[LogEntry]) -> list[StretchSession]:
    """Stretch sessions, newest first; unreadable ones left out."""
    found = []
    for entry in entries:
        if entry.kind == "stretch":
            try:
                found.append(StretchSession.from_fields(entry.entry, entry.fields))
            except ValueError:
                continue
    return sorted(found, key=lambda session: session.started_at, reverse=True)
