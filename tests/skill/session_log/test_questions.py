"""What is asked of the log: one query whatever there is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from skill.session_log import (
    Outline,
    Outlines,
    SessionLog,
)
from tests.skill.session_log.entries import KINDS, NOW, TABLE, fill, profile, session, visit

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def test_sessions_of_a_stretch_of_time_come_newest_first_with_what_was_asked_for(log: SessionLog, person: str) -> None:
    entries = [session(8), session(3, outcome="finished"), session(2, "stretch", routine="short"), session(0.5)]
    log.save(person, [*entries, visit(1), profile(safety_answered=True)])
    log.round_trips = 0
    found = log.outlines(person, NOW - timedelta(days=7), NOW, KINDS, ("modality", "outcome"), 10)
    assert found == Outlines(
        (
            Outline(entries[3].entry, "therapy", {"modality": "cold"}),
            Outline(entries[2].entry, "stretch", {"modality": "cold"}),
            Outline(entries[1].entry, "therapy", {"modality": "cold", "outcome": "finished"}),
        ),
        complete=True,
    )
    assert log.round_trips == 1


def test_the_stretch_of_time_holds_its_first_second_and_not_its_last(log: SessionLog, person: str) -> None:
    log.save(person, [session(2), session(1)])
    found = log.outlines(person, NOW - timedelta(days=2), NOW - timedelta(days=1), KINDS, ("modality",), 10).found
    assert [outline.entry for outline in found] == [session(2).entry]
    assert len(log.outlines(person, None, NOW, KINDS, ("modality",), 10).found) == 2


def test_where_there_is_more_than_the_limit_it_says_so(log: SessionLog, person: str) -> None:
    log.save(person, [session(number) for number in range(1, 6)])
    found = log.outlines(person, None, NOW, KINDS, ("modality",), 3)
    assert [outline.entry for outline in found.found] == [session(number).entry for number in (1, 2, 3)]
    assert not found.complete


def test_what_expired_what_is_of_a_later_version_and_what_is_no_session_is_left_out(
    log: SessionLog, client: DynamoDBClient, person: str
) -> None:
    log.save(person, [session(1), session(2, "something-else")])
    for days, changes in ((3, {"schema": {"N": "2"}}), (4, {"expires_at": {"N": str(int(NOW.timestamp()))}})):
        item = log._put(person, session(days), must_be_there=False)["Item"]
        client.put_item(TableName=TABLE, Item=cast("Any", {**item, **changes}))
    found = log.outlines(person, None, NOW, KINDS, ("modality",), 10).found
    assert [outline.entry for outline in found] == [session(1).entry]


def test_visits_never_crowd_out_the_latest_sessions(log: SessionLog, person: str) -> None:
    log.save(person, [session(0.01), profile(safety_answered=True), *(visit(number / 1000) for number in range(15))])
    assert log.newest(person) == [profile(safety_answered=True), session(0.01)]


def test_everything_comes_whole_page_by_page(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    # More than the megabyte that DynamoDB gives at once
    entries = [session(300 - number, note="x" * 12_000) for number in range(100)]
    fill(client, log, person, entries)
    log.save(person, [visit(1), profile()])
    log.round_trips = 0
    assert list(log.everything(person)) == [*entries, profile(), visit(1)]
    assert log.round_trips == 2
