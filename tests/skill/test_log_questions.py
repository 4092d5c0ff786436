"""What is asked of the log, and deleting it, on real engines: one query whatever there is, and nothing left over."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from simulator.local_dynamodb import TableFaults
from skill.session_log import (
    KEPT_FOR,
    PROFILE,
    SESSION_KEY,
    VISIT_KEY,
    Forgotten,
    LogEntry,
    LogUnavailable,
    Outline,
    Outlines,
    Saved,
    SessionLog,
    create_table,
    key_of,
    moment_of,
)
from tests.skill.engines import ENGINES, endpoint_of, patient_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TABLE = "log-question-tests"
KINDS = ("therapy", "stretch")
_people = itertools.count()


@pytest.fixture(scope="module", params=ENGINES)
def client(request: pytest.FixtureRequest) -> Iterator[DynamoDBClient]:
    with closing(patient_client(endpoint_of(request.param))) as made:
        create_table(made, TABLE)
        yield made


@pytest.fixture
def log(client: DynamoDBClient) -> SessionLog:
    return SessionLog(TABLE, b"a secret for tests", lambda: client, lambda: NOW, pause=lambda _seconds: None)


@pytest.fixture
def person(log: SessionLog) -> str:
    return log.person(f"questions {next(_people)}")


def session(days_ago: float, kind: str = "therapy", **fields: Any) -> LogEntry:
    began = NOW - timedelta(days=days_ago)
    return LogEntry(key_of(SESSION_KEY, began, "ab12"), kind, 1, "first", {"modality": "cold", **fields})


def visit(days_ago: float) -> LogEntry:
    return LogEntry(key_of(VISIT_KEY, NOW - timedelta(days=days_ago), "ab12"), "visit", 1, "first", {})


def profile(revision: int = 1, **fields: Any) -> LogEntry:
    return LogEntry(PROFILE, "profile", revision, "first", fields)


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


# ---- Keys


@pytest.mark.parametrize("moment", [NOW, datetime(2026, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)])
def test_a_key_tells_when_it_began(moment: datetime) -> None:
    assert moment_of(key_of(SESSION_KEY, moment, "ab12")) == moment.replace(microsecond=0)
    assert moment_of(key_of(VISIT_KEY, moment, "ab12")) == moment.replace(microsecond=0)


@pytest.mark.parametrize("key", [PROFILE, "log#unplaced", "log#2026-02-30T00:00:00Z#ab"])
def test_a_key_without_a_moment_has_none(key: str) -> None:
    assert moment_of(key) is None


# ---- One query


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


# ---- Many at once


def test_eight_writers_at_once_lose_and_double_nothing(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    """Eight threads, 200 mixed writes each: new sessions, changes, repeats, latecomers, visits, and the one profile."""
    writers, rounds = 8, 40
    log.save(person, [profile(count=0)])
    start = threading.Barrier(writers)

    def one_more(ours: LogEntry, held: LogEntry | None) -> LogEntry:
        assert held is not None
        return held.changed(ours.changed_by, count=cast("int", held.fields["count"]) + 1)

    def count_up(own: SessionLog, request: str) -> None:
        """Change the profile on top of whatever the others have written, as often as that takes."""
        while True:
            ours = one_more(LogEntry(PROFILE, "profile", 1, request, {}), own.newest(person, limit=1)[0])
            try:
                assert own.save(person, [ours], rebase=one_more).written
            except LogUnavailable:
                continue  # others came between twice
            return

    def write(writer: int) -> None:
        own = SessionLog(TABLE, b"a secret for tests", lambda: client, lambda: NOW)
        start.wait()
        for number in range(rounds):
            request, began = f"{writer}-{number}", NOW - timedelta(days=writer, seconds=number)
            first = LogEntry(key_of(SESSION_KEY, began, f"{writer}"), "therapy", 1, request, {"writer": writer})
            changed, late = first.changed(request, outcome="finished"), first.changed("late", outcome="stopped")
            assert own.save(person, [first]).written == (first,)
            assert own.save(person, [changed], only_onto_what_is_there=True).written == (changed,)
            assert own.save(person, [changed]).repeated == (changed,)
            assert own.save(person, [late]).stale == (late,)
            if number % 10 == 0:
                count_up(own, request)
            else:
                mark = LogEntry(key_of(VISIT_KEY, began, f"{writer}"), "visit", 1, request, {})
                assert own.save(person, [mark]).written == (mark,)

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    entries = list(log.everything(person))
    sessions = [entry for entry in entries if entry.kind == "therapy"]
    assert len(sessions) == writers * rounds
    assert all((entry.revision, entry.fields["outcome"]) == (2, "finished") for entry in sessions)
    assert sum(entry.kind == "visit" for entry in entries) == writers * (rounds - rounds // 10)
    [shared] = [entry for entry in entries if entry.kind == "profile"]
    assert shared.fields == {"count": writers * rounds // 10}
    assert shared.revision == 1 + writers * rounds // 10


# ---- A change made anew


def test_a_stale_change_is_made_anew_in_the_second_round_trip(log: SessionLog, person: str) -> None:
    log.save(person, [profile(3, theirs=1), session(1)])
    ours, new = profile(2, ours=1), session(2)

    def rebase(entry: LogEntry, held: LogEntry | None) -> LogEntry | None:
        return held.changed("again", **entry.fields) if held else None

    log.round_trips = 0
    saved = log.save(person, [ours, new], rebase=rebase)
    assert saved.written == (LogEntry(PROFILE, "profile", 4, "again", {"theirs": 1, "ours": 1}), new)
    assert saved.stale == ()
    assert log.round_trips == 2


def test_with_one_round_trip_left_a_stale_change_has_to_wait(log: SessionLog, person: str) -> None:
    log.save(person, [profile(3, theirs=1)])
    log.round_trips = 0
    with pytest.raises(LogUnavailable) as caught:
        log.save(person, [profile(2)], at_most=1, rebase=lambda _ours, held: held and held.changed("again"))
    assert (caught.value.reason, log.round_trips) == ("throttled", 1)


def test_a_change_of_what_was_deleted_does_not_bring_it_back(log: SessionLog, person: str) -> None:
    first = session(1)
    log.save(person, [first, profile()])
    log.forget(person, 5)
    ended, new = first.changed("ended", outcome="stopped"), session(0.5)
    saved = log.save(person, [ended, new], only_onto_what_is_there=True)
    assert saved == Saved(written=(new,), stale=(ended,), held=(None,))
    assert keys(log, person) == [new.entry]


def test_what_has_expired_is_written_over(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    item = log._put(person, session(1), must_be_there=False)["Item"]
    client.put_item(TableName=TABLE, Item=cast("Any", {**item, "expires_at": {"N": str(int(NOW.timestamp()))}}))
    changed = session(1).changed("second", outcome="finished")
    assert log.save(person, [changed], only_onto_what_is_there=True).written == (changed,)


# ---- Deleting


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
