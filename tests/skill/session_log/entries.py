"""What the tests of the session log share: the table, a person, and entries to write."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from skill.session_log import (
    JSON,
    KEPT_FOR,
    PROFILE,
    SESSION_KEY,
    VISIT_KEY,
    LogEntry,
    SessionLog,
    key_of,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = b"a secret for tests"
TABLE = "session-log-tests"
KINDS = ("therapy", "stretch")
_people = itertools.count()

# What JSON and DynamoDB both keep exactly.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(-(2**53), 2**53) | st.floats(-1e125, 1e125).filter(lambda x: not x or abs(x) >= 1e-129)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(texts.filter(bool), parts, max_size=4),
    max_leaves=12,
)
json_fields = st.dictionaries(texts.filter(bool), json_values, max_size=6)


def somebody(log: SessionLog) -> str:
    return log.person(f"amzn1.ask.account.TEST{next(_people)}")


def profile(revision: int = 1, changed_by: str = "first", **fields: JSON) -> LogEntry:
    return LogEntry(PROFILE, "profile", revision, changed_by, fields)


def therapy(
    when: str = "2026-03-02T09:00:00Z", revision: int = 1, changed_by: str = "first", **fields: JSON
) -> LogEntry:
    return LogEntry(f"log#{when}#ab12cd34", "therapy", revision, changed_by, fields)


def session(days_ago: float, kind: str = "therapy", **fields: Any) -> LogEntry:
    began = NOW - timedelta(days=days_ago)
    return LogEntry(key_of(SESSION_KEY, began, "ab12"), kind, 1, "first", {"modality": "cold", **fields})


def visit(days_ago: float) -> LogEntry:
    return LogEntry(key_of(VISIT_KEY, NOW - timedelta(days=days_ago), "ab12"), "visit", 1, "first", {})


def stored_item(person: str, key: str, /, **changes: Any) -> dict[str, Any]:
    """An item as the log stores it, with some attributes changed, or left out where the change is None."""
    item = {
        "person": {"S": person},
        "entry": {"S": key},
        "kind": {"S": "therapy"},
        "schema": {"N": "1"},
        "revision": {"N": "1"},
        "changed_by": {"S": "first"},
        "expires_at": {"N": str(int((NOW + KEPT_FOR).timestamp()))},
        "fields": {"M": {}},
    } | changes
    return {name: value for name, value in item.items() if value is not None}


def fill(client: DynamoDBClient, log: SessionLog, person: str, entries: list[LogEntry]) -> None:
    """Put many entries there quickly."""
    for place in range(0, len(entries), 25):
        puts: Any = [
            {"PutRequest": {"Item": log._put(person, entry, must_be_there=False)["Item"]}}
            for entry in entries[place : place + 25]
        ]
        client.batch_write_item(RequestItems={TABLE: puts})


def keys(log: SessionLog, person: str) -> list[str]:
    return [entry.entry for entry in log.everything(person)]


class before_sending:  # noqa: N801 - reads as what it does
    """While it lasts, call the function before each request of one kind; a response it gives is taken as the answer."""

    def __init__(self, client: DynamoDBClient, operation: str, function: Callable[..., Any]) -> None:
        self._events = client.meta.events
        self._event = f"before-send.dynamodb.{operation}"
        self._function = function

    def __enter__(self) -> None:
        self._events.register(self._event, self._function)

    def __exit__(self, *_error: object) -> None:
        self._events.unregister(self._event, self._function)
