"""The same change twice, two devices at once, and many writers: nothing is lost, and nothing doubled."""

from __future__ import annotations

import io
import itertools
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.awsrequest import AWSResponse, HeadersDict

from skill.session_log import (
    PROFILE,
    SESSION_KEY,
    VISIT_KEY,
    LogEntry,
    LogUnavailable,
    Saved,
    SessionLog,
    key_of,
)
from tests.skill.engines import patient_client
from tests.skill.session_log.entries import NOW, SECRET, TABLE, before_sending, keys, profile, session, therapy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def test_the_same_request_twice_is_written_once(log: SessionLog, person: str) -> None:
    entry = therapy(seconds=900)
    log.save(person, [entry])
    assert log.save(person, [entry]) == Saved(repeated=(entry,))
    assert log.save(person, [entry, profile()]) == Saved(written=(profile(),), repeated=(entry,))
    assert log.save(person, [entry, profile()]) == Saved(repeated=(entry, profile()))


@pytest.mark.parametrize("late", [profile(2, "somebody-else"), profile(1, "first"), profile(1, "somebody-else")])
def test_what_came_too_late_is_stale(log: SessionLog, person: str, late: LogEntry) -> None:
    log.save(person, [profile(2, "second")])
    assert log.save(person, [late]) == Saved(stale=(late,), held=(profile(2, "second"),))
    assert log.newest(person) == [profile(2, "second")]


def test_a_stale_entry_does_not_keep_the_others_from_being_written(log: SessionLog, person: str) -> None:
    log.save(person, [profile(3, "somebody-else")])
    entries = [therapy("2026-03-01T09:00:00Z"), profile(2), therapy("2026-03-02T09:00:00Z")]
    log.round_trips = 0
    assert log.save(person, entries) == Saved(
        written=(entries[0], entries[2]), stale=(entries[1],), held=(profile(3, "somebody-else"),)
    )
    assert log.round_trips == 2
    assert log.newest(person) == [profile(3, "somebody-else"), entries[2], entries[0]]


def test_two_devices_at_once_lose_nothing(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    devices, turns = 4, 12
    log.save(person, [profile(visits=0)])
    start = threading.Barrier(devices)

    def device(number: int) -> None:
        with closing(patient_client(client.meta.endpoint_url)) as own_client:
            own = SessionLog(TABLE, SECRET, lambda: own_client, lambda: NOW)
            start.wait()
            for turn in range(turns):
                visit = therapy(f"2026-03-02T09:{number:02}:{turn:02}Z", changed_by=f"{number}-{turn}")
                while True:
                    known = own.newest(person, limit=1)[0]
                    changed = known.changed(f"{number}-{turn}", visits=cast("int", known.fields["visits"]) + 1)
                    if not own.save(person, [changed, visit]).stale:
                        break

    with ThreadPoolExecutor(devices) as pool:
        list(pool.map(device, range(devices)))
    entries = log.newest(person, limit=100)
    assert entries[0].fields == {"visits": devices * turns}
    assert entries[0].revision == 1 + devices * turns
    assert len(entries) == 1 + devices * turns


def test_when_others_write_in_between_again_nothing_is_half_written(
    log: SessionLog, client: DynamoDBClient, person: str
) -> None:
    log.save(person, [profile(2, "somebody-else")])
    entries = [profile(), therapy("2026-03-01T09:00:00Z"), therapy("2026-03-02T09:00:00Z")]
    theirs = therapy("2026-03-01T09:00:00Z", changed_by="somebody-else")
    calls = itertools.count()

    def meddle(**_request: object) -> None:
        if next(calls) == 1:
            other = SessionLog(TABLE, SECRET, lambda: client, lambda: NOW)
            assert other.save(person, [theirs]).written

    with before_sending(client, "TransactWriteItems", meddle), pytest.raises(LogUnavailable) as caught:
        log.save(person, entries)
    assert caught.value.reason == "throttled"
    assert log.newest(person) == [profile(2, "somebody-else"), theirs]
    assert log.save(person, entries) == Saved(
        written=(entries[2],), stale=(entries[0], entries[1]), held=(profile(2, "somebody-else"), theirs)
    )


def test_a_transaction_that_met_another_one_is_tried_once_more(
    log: SessionLog, client: DynamoDBClient, person: str
) -> None:
    entries = [profile(), therapy()]
    answers = iter([transaction_cancelled("None", "TransactionConflict")])
    log.round_trips = 0
    with before_sending(client, "TransactWriteItems", lambda **_request: next(answers, None)):
        assert log.save(person, entries) == Saved(written=tuple(entries))
    assert log.round_trips == 2


@pytest.mark.parametrize(
    ("code", "reason"),
    [("ThrottlingError", "throttled"), ("ProvisionedThroughputExceeded", "throttled"), ("ValidationError", "refused")],
)
def test_a_transaction_cancelled_for_another_reason_is_not_written(
    log: SessionLog, client: DynamoDBClient, person: str, code: str, reason: str
) -> None:
    cancelled = transaction_cancelled("ConditionalCheckFailed", code)
    with (
        before_sending(client, "TransactWriteItems", lambda **_request: cancelled),
        pytest.raises(LogUnavailable) as caught,
    ):
        log.save(person, [profile(), therapy()])
    assert caught.value.reason == reason
    assert caught.value.code == code


def transaction_cancelled(*codes: str) -> AWSResponse:
    """What DynamoDB answers when it cancels a transaction."""

    class Body(io.BytesIO):
        def stream(self, **_how: object) -> list[bytes]:
            return [self.read()]

    body = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "Transaction cancelled",
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    headers: Any = HeadersDict({"Content-Type": "application/x-amz-json-1.0"})
    return AWSResponse("http://localhost", 400, headers, Body(json.dumps(body).encode()))


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
