"""How long a question about the past takes when one person's log holds ten thousand sessions, on DynamoDB Local.

    .venv/bin/python -m tests.engines.measure_history

Figures, no verdicts: what a turn takes on this machine, the median of nine. The bar is 100 milliseconds.
"""

# ruff: noqa: T201

from __future__ import annotations

import statistics
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from simulator import Echo
from skill.coaching.therapy_session import new_session
from skill.session_log import SESSION_KEY, LogEntry, key_of
from skill.session_log.stored_values import item_of
from tests.engines.strict_dynamodb import missing, strict_endpoint

SESSIONS = 10_000
MINUTES_APART = 52
"""So that ten thousand sessions fill a year."""
QUESTIONS = (
    "what did i do today",
    "what did i do this week",
    "how many times did i use ice this month",
    "what did i do this year",
    "when did i last use heat",
    "how long have i kept it up",
)


def main() -> int:
    """Fill the log, ask, and print the figures."""
    reason = missing()
    if reason:
        print(reason, file=sys.stderr)
        return 2
    engine: Any = SimpleNamespace(endpoint=strict_endpoint())
    echo = Echo.returning(dynamodb=engine)
    _fill(echo)
    for question in QUESTIONS:
        turns = [echo.say(question) for _ in range(9)]
        median = statistics.median(turn.record["ms"] for turn in turns)
        trips = turns[-1].record["db_calls"]
        print(f"{median:7.1f} ms  {trips} round trip(s)  {question}: {turns[-1].speech}")
    return 0


def _fill(echo: Echo) -> None:
    log = echo._log()
    person = log.person(echo._device.user_id)
    expires_at = int((echo.clock() + timedelta(days=365)).timestamp())
    entries = []
    for number in range(1, SESSIONS + 1):
        began = echo.clock() - timedelta(minutes=MINUTES_APART * number)
        key = key_of(SESSION_KEY, began, "ab12cd34ab12")
        session = new_session(key, "heat" if number % 3 else "cold", 900, "hip", "left", began)
        entries.append(LogEntry(key, "therapy", 2, "ab12", session.end("finished", session.ends_at).as_fields()))
    for place in range(0, SESSIONS, 25):
        puts: Any = [
            {"PutRequest": {"Item": item_of(person, entry, expires_at)}} for entry in entries[place : place + 25]
        ]
        echo._client.batch_write_item(RequestItems={echo.settings.table_name: puts})


if __name__ == "__main__":
    sys.exit(main())
