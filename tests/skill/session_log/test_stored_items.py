"""What DynamoDB holds: hashed people, plain items, and what is made of items that are old, odd or corrupt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.session_log import (
    KEPT_FOR,
    PROFILE,
    TABLE_DEFINITION,
    Saved,
    SessionLog,
    create_table,
)
from tests.skill.session_log.entries import NOW, SECRET, TABLE, profile, stored_item, therapy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def test_user_ids_are_hashed_with_the_secret(log: SessionLog, client: DynamoDBClient) -> None:
    user_id = "amzn1.ask.account.SOMEBODYREAL"
    person = log.person(user_id)
    assert len(person) == 64
    assert int(person, 16)
    assert person == log.person(user_id)
    assert person != log.person(user_id.lower())
    assert person != SessionLog(TABLE, b"another secret", lambda: client, lambda: NOW).person(user_id)
    log.save(person, [profile()])
    assert user_id not in str(client.scan(TableName=TABLE)["Items"])


@given(st.text())
def test_any_user_id_can_be_hashed(user_id: str) -> None:
    log = SessionLog(TABLE, SECRET, lambda: pytest.fail("no client is needed for that"), lambda: NOW)
    assert len(log.person(user_id)) == 64


def test_without_a_secret_there_is_no_log(client: DynamoDBClient) -> None:
    with pytest.raises(ValueError, match="secret"):
        SessionLog(TABLE, b"", lambda: client, lambda: NOW)


def test_an_item_says_all_that_a_report_needs(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    log.save(person, [therapy(modality="cold", seconds=900, warned=False)])
    [item] = client.query(
        TableName=TABLE,
        KeyConditionExpression="person = :person",
        ExpressionAttributeValues={":person": {"S": person}},
    )["Items"]
    assert item == {
        "person": {"S": person},
        "entry": {"S": "log#2026-03-02T09:00:00Z#ab12cd34"},
        "kind": {"S": "therapy"},
        "schema": {"N": "1"},
        "revision": {"N": "1"},
        "changed_by": {"S": "first"},
        "expires_at": {"N": str(int(datetime(2027, 3, 2, 9, 0, tzinfo=UTC).timestamp()))},
        "fields": {"M": {"modality": {"S": "cold"}, "seconds": {"N": "900"}, "warned": {"BOOL": False}}},
    }


def test_what_has_expired_is_gone_at_once(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    log.save(person, [profile()])
    day_before = SessionLog(TABLE, SECRET, lambda: client, lambda: NOW + KEPT_FOR - timedelta(days=1))
    assert day_before.newest(person) == [profile()]
    day_after = SessionLog(TABLE, SECRET, lambda: client, lambda: NOW + KEPT_FOR + timedelta(days=1))
    assert day_after.newest(person) == []
    # DynamoDB has not deleted it yet, but it is not in the way of a new beginning.
    assert day_after.save(person, [profile(changed_by="anew")]).written
    assert day_after.newest(person) == [profile(changed_by="anew")]


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": None},
        {"fields": {"S": "{}"}},
        {"fields": {"M": {"picture": {"B": b"no JSON"}}}},
        {"fields": {"M": {"huge": {"N": "9E+125"}}}},
        {"kind": None},
        {"kind": {"S": ""}},
        {"revision": {"S": "first"}},
        {"revision": {"N": "1.5"}},
        {"revision": {"N": "0"}},
        {"changed_by": {"L": []}},
        {"expires_at": None},
        {"schema": None},
        {"schema": {"N": "2"}},
        {"entry": {"S": "zebra"}},
    ],
    ids=str,
)
def test_corrupt_items_are_skipped(
    log: SessionLog, client: DynamoDBClient, person: str, changes: dict[str, Any]
) -> None:
    log.save(person, [profile(), therapy()])
    client.put_item(TableName=TABLE, Item=stored_item(person, "log#2026-03-02T10:00:00Z#bad", **changes))
    assert log.newest(person) == [profile(), therapy()]


def test_what_stands_in_the_way_may_be_unreadable(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    client.put_item(TableName=TABLE, Item=stored_item(person, PROFILE, schema={"N": "2"}, changed_by={"S": "later"}))
    assert log.save(person, [profile()]) == Saved(stale=(profile(),), held=(None,))


@pytest.mark.parametrize(
    "changes", [{"fields": {"S": "{}"}}, {"changed_by": {"L": []}}, {"kind": None}, {"expires_at": None}]
)
def test_a_corrupt_item_of_this_schema_does_not_stand_in_the_way(
    log: SessionLog, client: DynamoDBClient, person: str, changes: dict[str, Any]
) -> None:
    client.put_item(TableName=TABLE, Item=stored_item(person, PROFILE, revision={"N": "7"}, **changes))
    mended = profile(8, told_safety=True)
    assert log.save(person, [profile(told_safety=True), therapy()]) == Saved(written=(mended, therapy()))
    assert log.newest(person) == [mended, therapy()]


def test_items_of_an_older_schema_are_read(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    client.put_item(TableName=TABLE, Item=stored_item(person, therapy().entry, schema={"N": "0"}))
    assert log.newest(person) == [therapy()]


def test_the_table_is_made_once_and_as_defined(client: DynamoDBClient) -> None:
    create_table(client, TABLE)
    table = client.describe_table(TableName=TABLE)["Table"]
    assert table["KeySchema"] == TABLE_DEFINITION["KeySchema"]
    assert table["BillingModeSummary"]["BillingMode"] == TABLE_DEFINITION["BillingMode"]
    time_to_live = client.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    assert time_to_live == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
