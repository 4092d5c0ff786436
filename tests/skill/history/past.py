"""Sessions of the past and moments, for the tests of what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from simulator import Echo
from skill.coaching.history import (
    PastSession,
)
from skill.session_log import LogEntry

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
"""A Wednesday afternoon."""

moments = st.integers(-365 * 86400, 365 * 86400).map(lambda seconds: NOW + timedelta(seconds=seconds))
zones = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati")]
) | st.just(None)


def ago(kind: str = "cold", *, live: bool = False, **length: float) -> PastSession:
    return PastSession(kind, NOW - timedelta(**length), live)


def log_of(echo: Echo, entries: Sequence[LogEntry]) -> None:
    """Put these entries into the person's log."""
    log = echo._log()
    person = log.person(echo._device.user_id)
    for place in range(0, len(entries), 25):
        puts: Any = [
            {"PutRequest": {"Item": log._put(person, entry, must_be_there=False)["Item"]}}
            for entry in entries[place : place + 25]
        ]
        echo._client.batch_write_item(RequestItems={echo.settings.table_name: puts})
