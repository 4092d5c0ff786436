"""Turns of a conversation, and sessions, for the tests of the memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from skill.coaching.therapy_session import TherapySession, new_session
from skill.handlers.memory import Memory
from skill.session_log import LogEntry, SessionLog

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TABLE = "memory-tests"


def next_turn(before: Memory, log: SessionLog, person: str, request: str = "next") -> Memory:
    """The memory of the next turn of the same conversation."""
    return Memory(log, person, request, before.known, before.unsaved)


def session(number: int = 0, modality: str = "cold") -> TherapySession:
    started = NOW - timedelta(minutes=number)
    return new_session(f"log#{started:%Y-%m-%dT%H:%M:%S}Z#ab12cd34", modality, 900, "hip", None, started)


def held(log: SessionLog, person: str) -> dict[str, LogEntry]:
    return {entry.entry: entry for entry in log.newest(person)}
