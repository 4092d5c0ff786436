"""Deleting all that the log holds of a person, however much it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from skill.session_log.connection import Connection
from skill.session_log.entries import PROFILE, SESSION_KEY, stamp

_KEYS_A_PAGE: Final = 500
_DELETED_AT_ONCE: Final = 25
"""As many as BatchWriteItem takes."""
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 0.8


@dataclass(frozen=True)
class Forgotten:
    """What became of a deletion."""

    count: int
    """Entries that were deleted."""
    complete: bool
    """Whether nothing is left of what was to be deleted; False when the time was over first."""


class Deletion:
    """Deletes one person's entries page by page, until all are gone or the time is over.

    Args:
        seconds: how long it may take; begun requests are finished.
        pause: waits between two tries, when DynamoDB is too busy to take all at once.
    """

    def __init__(
        self, connection: Connection, table_name: str, person: str, seconds: float, pause: Callable[[float], None]
    ) -> None:
        self._connection = connection
        self._table_name = table_name
        self._person = person
        self._ends_at = time.monotonic() + seconds
        self._pause = pause

    def run(self, before: datetime | None) -> Forgotten:
        """Delete everything, or all sessions and visits that began before that second.

        Raises:
            LogUnavailable: when DynamoDB gives no answer; part may be deleted by then.
        """
        count = 0
        for keys in self._pages():
            doomed = [key for key in keys if before is None or _is_older(key, before)]
            for place in range(0, len(doomed), _DELETED_AT_ONCE):
                batch = doomed[place : place + _DELETED_AT_ONCE]
                left = self._delete(batch)
                count += len(batch) - left
                if left or (self._is_time_over() and place + _DELETED_AT_ONCE < len(doomed)):
                    return Forgotten(count, complete=False)
        return Forgotten(count, complete=not self._more)

    def _pages(self) -> Iterator[Sequence[str]]:
        """The sort keys of all that the person has, page by page while there is time."""
        start: Mapping[str, Any] = {}
        self._more = True
        while self._more and not (start and self._is_time_over()):
            query: dict[str, Any] = {
                "TableName": self._table_name,
                "KeyConditionExpression": "#person = :person",
                "ProjectionExpression": "#entry",
                "ExpressionAttributeNames": {"#person": "person", "#entry": "entry"},
                "ExpressionAttributeValues": {":person": {"S": self._person}},
                "ConsistentRead": True,
                "ScanIndexForward": False,
                "Limit": _KEYS_A_PAGE,
                **start,
            }
            answer = self._connection.send(lambda client, query=query: client.query(**query))  # type: ignore[misc]
            last = answer.get("LastEvaluatedKey")
            start = {"ExclusiveStartKey": last}
            self._more = last is not None
            yield [item["entry"]["S"] for item in answer["Items"]]

    def _delete(self, keys: Sequence[str]) -> int:
        """Delete these; says how many DynamoDB would not take before the time was over."""
        requests: Any = [
            {"DeleteRequest": {"Key": {"person": {"S": self._person}, "entry": {"S": key}}}} for key in keys
        ]
        pause = _FIRST_PAUSE
        while True:
            waiting = requests
            answer = self._connection.send(
                lambda client, waiting=waiting: client.batch_write_item(  # type: ignore[misc]
                    RequestItems={self._table_name: waiting}
                )
            )
            requests = answer.get("UnprocessedItems", {}).get(self._table_name, [])
            if not requests or self._is_time_over():
                return len(requests)
            self._pause(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _is_time_over(self) -> bool:
        return time.monotonic() >= self._ends_at


def _is_older(key: str, before: datetime) -> bool:
    """Whether this is a session or a visit that began before that second."""
    return key != PROFILE and key.partition("#")[2] < stamp(SESSION_KEY, before).partition("#")[2]
