"""Deleting all that is kept of a person: nothing is left over, and nothing of others is touched."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from simulator.table_faults import TableFaults
from skill.session_log import (
    KEPT_FOR,
    PROFILE,
    Forgotten,
    LogUnavailable,
    SessionLog,
)
from tests.skill.session_log.entries import NOW, TABLE, fill, keys, profile, session, visit

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@contextmanager
def answering(client: DynamoDBClient, operation: str, change: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """While it lasts, change the parsed answers of one operation."""

    def handler(parsed: dict[str, Any], **_others: object) -> None:
        change(parsed)

    event = f"after-call.dynamodb.{operation}"
    client.meta.events.register(event, handler)
    try:
        yield
    finally:
        client.meta.events.unregister(event, handler)


def test_everything_of_one_person_is_deleted_and_nothing_of_another(log: SessionLog, person: str) -> None:
    other = log.person("somebody else")
    log.save(other, [profile(), session(1)])
    log.save(person, [profile(), visit(1), visit(2), *(session(number) for number in range(10))])
    log.round_trips = 0
    assert log.forget(person, 5) == Forgotten(13, complete=True)
    assert log.round_trips == 2
    assert (keys(log, person), len(keys(log, other))) == ([], 2)
    assert log.forget(person, 5) == Forgotten(0, complete=True)


def test_also_what_expired_and_what_a_later_version_wrote_is_deleted(
    log: SessionLog, client: DynamoDBClient, person: str
) -> None:
    for changes in ({"schema": {"N": "9"}}, {"expires_at": {"N": "1"}}, {"fields": {"S": "corrupt"}}):
        item = log._put(person, session(len(str(changes))), must_be_there=False)["Item"]
        client.put_item(TableName=TABLE, Item=cast("Any", {**item, **changes}))
    assert log.forget(person, 5).count == 3
    answer = client.query(
        TableName=TABLE,
        KeyConditionExpression="person = :person",
        ExpressionAttributeValues={":person": {"S": person}},
    )
    assert answer["Items"] == []


def test_many_entries_are_deleted_in_batches_and_pages(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    fill(client, log, person, [session(number / 10) for number in range(1, 602)])
    assert log.forget(person, 60) == Forgotten(601, complete=True)
    assert keys(log, person) == []


def test_when_the_time_is_over_the_newest_are_gone_and_the_rest_can_follow(
    log: SessionLog, client: DynamoDBClient, person: str
) -> None:
    entries = [session(number) for number in range(1, 61)]
    fill(client, log, person, entries)
    done = log.forget(person, 0)
    assert done == Forgotten(25, complete=False)
    assert keys(log, person) == [entry.entry for entry in reversed(entries[25:])]
    assert log.forget(person, 60) == Forgotten(35, complete=True)


def test_what_dynamodb_would_not_take_at_once_is_sent_again(
    log: SessionLog, client: DynamoDBClient, person: str
) -> None:
    log.save(person, [session(number) for number in range(1, 11)])
    pauses: list[float] = []
    patient = SessionLog(TABLE, b"a secret for tests", lambda: client, lambda: NOW, pauses.append)
    refused = itertools.count()

    def leave_some(parsed: dict[str, Any]) -> None:
        # DynamoDB has done all, and says twice that it had no time for the last one.
        if next(refused) < 2:
            key = {"person": {"S": person}, "entry": {"S": session(10).entry}}
            parsed["UnprocessedItems"] = {TABLE: [{"DeleteRequest": {"Key": key}}]}

    with answering(client, "BatchWriteItem", leave_some):
        assert patient.forget(person, 60) == Forgotten(10, complete=True)
    assert pauses == [0.05, 0.1]
    assert patient.round_trips == 4


def test_what_dynamodb_would_not_take_in_all_that_time_is_told(
    log: SessionLog, client: DynamoDBClient, person: str
) -> None:
    log.save(person, [session(1), session(2)])

    def leave_one(parsed: dict[str, Any]) -> None:
        key = {"person": {"S": person}, "entry": {"S": session(2).entry}}
        parsed["UnprocessedItems"] = {TABLE: [{"DeleteRequest": {"Key": key}}]}

    with answering(client, "BatchWriteItem", leave_one):
        assert log.forget(person, 0) == Forgotten(1, complete=False)


def test_only_what_is_older_is_deleted_where_that_is_asked(log: SessionLog, person: str) -> None:
    log.save(person, [profile(), visit(3), visit(0.5), session(2), session(1), session(0.1)])
    assert log.forget(person, 5, before=NOW - timedelta(days=1)) == Forgotten(2, complete=True)
    assert keys(log, person) == [session(1).entry, session(0.1).entry, PROFILE, visit(0.5).entry]


def test_a_failure_while_deleting_is_told(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    log.save(person, [profile(), session(1)])
    faults = TableFaults()
    faults.fail("throttled")
    faults.attach(client)
    try:
        with pytest.raises(LogUnavailable):
            log.forget(person, 5)
    finally:
        faults.detach(client)
    assert log.forget(person, 5).count == 2


def test_entries_are_kept_for_a_year() -> None:
    assert timedelta(days=365) == KEPT_FOR
