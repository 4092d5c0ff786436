"""The session log on real engines, through the same boto3 code that runs in AWS."""

from __future__ import annotations

import io
import itertools
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast, get_args

import pytest
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.exceptions import ConnectionClosedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.local_dynamodb import Fault, TableFaults
from skill.session_log import (
    JSON,
    KEPT_FOR,
    PROFILE,
    TABLE_DEFINITION,
    LogEntry,
    LogUnavailable,
    Saved,
    SessionLog,
    create_table,
    make_client,
)
from tests.skill.engines import ENGINES, endpoint_of, patient_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = b"a secret for tests"
TABLE = "session-log-tests"

_people = itertools.count()


@pytest.fixture(scope="module", params=ENGINES)
def client(request: pytest.FixtureRequest) -> Iterator[DynamoDBClient]:
    """A client of each engine in turn, where the table stands ready."""
    with closing(patient_client(endpoint_of(request.param))) as made:
        create_table(made, TABLE)
        yield made


@pytest.fixture(scope="module")
def log(client: DynamoDBClient) -> SessionLog:
    return SessionLog(TABLE, SECRET, lambda: client, lambda: NOW)


@pytest.fixture
def person(log: SessionLog) -> str:
    """Somebody of whom nothing is known yet."""
    return somebody(log)


@pytest.fixture
def faults(client: DynamoDBClient) -> Iterator[TableFaults]:
    made = TableFaults()
    made.attach(client)
    yield made
    made.detach(client)


def somebody(log: SessionLog) -> str:
    return log.person(f"amzn1.ask.account.TEST{next(_people)}")


def profile(revision: int = 1, changed_by: str = "first", **fields: JSON) -> LogEntry:
    return LogEntry(PROFILE, "profile", revision, changed_by, fields)


def therapy(
    when: str = "2026-03-02T09:00:00Z", revision: int = 1, changed_by: str = "first", **fields: JSON
) -> LogEntry:
    return LogEntry(f"log#{when}#ab12cd34", "therapy", revision, changed_by, fields)


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


def as_read(value: Any) -> Any:
    """What a JSON value is read back as: floats without a fraction become ints, as long as both are exact."""
    match value:
        case float() if value.is_integer() and abs(value) <= 2**53:
            return int(value)
        case list():
            return [as_read(part) for part in value]
        case dict():
            return {name: as_read(part) for name, part in value.items()}
    return value


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(-(2**53), 2**53) | st.floats(-1e125, 1e125).filter(lambda x: not x or abs(x) >= 1e-129)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(texts.filter(bool), parts, max_size=4),
    max_leaves=12,
)
json_fields = st.dictionaries(texts.filter(bool), json_values, max_size=6)


# ---- Reading and writing


def test_a_new_person_has_no_entries(log: SessionLog, person: str) -> None:
    assert log.newest(person) == []


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fields=json_fields)
def test_what_was_saved_is_read_back(log: SessionLog, fields: dict[str, JSON]) -> None:
    person = somebody(log)
    entry = LogEntry(therapy().entry, "therapy", 1, "first", fields)
    assert log.save(person, [entry]) == Saved(written=(entry,))
    [read] = log.newest(person)
    # As JSON text, for which True is not 1. The order of a map's names is not kept, and need not be.
    assert json.dumps(read.as_dict(), sort_keys=True) == json.dumps(as_read(entry.as_dict()), sort_keys=True)


def test_names_that_dynamodb_reserves_can_be_used_as_fields(log: SessionLog, person: str) -> None:
    entry = therapy(duration=900, timestamp="2026-03-02T09:00:00Z", status="ended", entry="x", revision=7)
    log.save(person, [entry])
    assert log.newest(person) == [entry]


def test_the_profile_comes_first_and_then_the_newest(log: SessionLog, person: str) -> None:
    days = [therapy(f"2026-02-{day:02}T09:00:00Z") for day in range(1, 21)]
    log.save(person, [*days, profile(name_of_nobody=True)])
    assert log.newest(person) == [profile(name_of_nobody=True), *reversed(days[-11:])]
    assert log.newest(person, limit=2) == [profile(name_of_nobody=True), days[-1]]


def test_nobody_sees_another_persons_entries(log: SessionLog, person: str) -> None:
    log.save(person, [profile()])
    assert log.newest(somebody(log)) == []


def test_a_change_is_the_next_revision(log: SessionLog, person: str) -> None:
    first = profile(told_safety=True, usual_seconds=900)
    second = first.changed("second", usual_seconds=1200)
    assert second == profile(2, "second", told_safety=True, usual_seconds=1200)
    log.save(person, [first])
    assert log.save(person, [second]) == Saved(written=(second,))
    assert log.newest(person) == [second]


def test_nothing_to_save_is_no_round_trip(log: SessionLog, person: str) -> None:
    log.round_trips = 0
    assert log.save(person, []) == Saved()
    assert log.round_trips == 0


def test_of_several_revisions_the_newest_is_written(log: SessionLog, person: str) -> None:
    first = therapy(outcome="planned")
    second = first.changed("second", outcome="started")
    assert log.save(person, [second, first]) == Saved(written=(second,))
    assert log.newest(person) == [second]


# ---- Twice, and two at once


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


# ---- What is stored


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


# ---- When DynamoDB fails


@pytest.mark.parametrize("how", get_args(Fault))
def test_each_fault_has_its_reason_and_nothing_is_lost(
    log: SessionLog, faults: TableFaults, person: str, how: Fault
) -> None:
    faults.fail(how, times=3)
    entries = [profile(secret_of_mine="confidential"), therapy()]
    attempts: list[Callable[[], object]] = [
        lambda: log.newest(person),
        lambda: log.save(person, entries[:1]),
        lambda: log.save(person, entries),
    ]
    for attempt in attempts:
        log.round_trips = 0
        with pytest.raises(LogUnavailable) as caught:
            attempt()
        assert caught.value.reason == how
        assert log.round_trips == 1
        assert "confidential" not in str(caught.value)
        assert caught.value.__suppress_context__
    assert faults.met == 3
    assert log.save(person, entries) == Saved(written=tuple(entries))


def test_a_read_and_a_write_are_one_round_trip_each(log: SessionLog, person: str) -> None:
    log.round_trips = 0
    log.newest(person)
    assert log.round_trips == 1
    log.save(person, [profile()])
    assert log.round_trips == 2
    log.save(person, [profile(2), therapy()])
    assert log.round_trips == 3


def test_a_connection_that_died_in_lambdas_sleep_is_made_anew(
    log: SessionLog, client: DynamoDBClient, person: str
) -> None:
    deaths = iter([True, False])

    def die(**_request: object) -> None:
        if next(deaths):
            raise ConnectionClosedError(endpoint_url="http://localhost")

    log.round_trips = 0
    with before_sending(client, "PutItem", die):
        assert log.save(person, [profile()]) == Saved(written=(profile(),))
    assert log.round_trips == 1


def test_connections_that_keep_dying_are_unreachable(log: SessionLog, client: DynamoDBClient, person: str) -> None:
    def die(**_request: object) -> None:
        raise ConnectionClosedError(endpoint_url="http://localhost")

    log.round_trips = 0
    with before_sending(client, "Query", die), pytest.raises(LogUnavailable) as caught:
        log.newest(person)
    assert caught.value.reason == "unreachable"
    assert log.round_trips == 1


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with closing(socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))
        assert failure_at(f"http://127.0.0.1:{nobody.getsockname()[1]}") == "unreachable"


def test_silence_is_slow() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        assert failure_at(f"http://127.0.0.1:{silent.getsockname()[1]}") == "slow"


def test_no_call_outlasts_what_alexa_waits() -> None:
    config: Any = make_client("http://127.0.0.1:1", "us-east-1").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout <= 2


def test_a_missing_table_is_told_apart(client: DynamoDBClient) -> None:
    log = SessionLog("no-such-table", SECRET, lambda: client, lambda: NOW)
    for attempt in (
        lambda: log.newest("x"),
        lambda: log.save("x", [profile()]),
        lambda: log.save("x", [profile(), therapy()]),
    ):
        with pytest.raises(LogUnavailable) as caught:
            attempt()
        assert caught.value.reason == "missing_table"


@pytest.mark.parametrize(("endpoint", "region"), [(None, None), (None, "us-east-1"), ("not a url", "us-east-1")])
def test_no_region_no_credentials_and_no_address_are_refused(
    monkeypatch: pytest.MonkeyPatch, endpoint: str | None, region: str | None
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    assert failure_at(endpoint, region) == "refused"


def failure_at(endpoint: str | None, region: str | None = None) -> str:
    """The reason for which a log at this address is not available."""
    clients: list[DynamoDBClient] = []

    def make() -> DynamoDBClient:
        clients.append(make_client(endpoint, region))
        return clients[0]

    with pytest.raises(LogUnavailable) as caught:
        SessionLog(TABLE, SECRET, make, lambda: NOW).newest("x")
    for made in clients:
        made.close()
    return caught.value.reason


def test_boto3_finds_the_engine_by_its_own_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    with closing(make_client(None, "us-east-1")) as found:
        assert found.meta.endpoint_url == "http://127.0.0.1:1"


def test_the_client_is_made_at_the_first_use_and_kept(client: DynamoDBClient) -> None:
    made: list[DynamoDBClient] = []

    def make() -> DynamoDBClient:
        made.append(client)
        return client

    log = SessionLog(TABLE, SECRET, make, lambda: NOW)
    person = somebody(log)
    assert not made
    log.save(person, [profile()])
    log.newest(person)
    assert made == [client]


# ---- Entries that travel


@given(fields=json_fields, revision=st.integers(1, 2**53))
def test_an_entry_survives_its_travel_in_session_attributes(fields: dict[str, JSON], revision: int) -> None:
    entry = LogEntry(PROFILE, "profile", revision, "first", fields)
    assert LogEntry.from_dict(json.loads(json.dumps(entry.as_dict()))) == entry


anything: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.binary(max_size=4),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=4) | st.integers(), parts, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    data=anything
    | st.fixed_dictionaries(
        {},
        optional={
            "entry": st.just("profile") | st.just("log#x") | anything,
            "kind": st.just("therapy") | anything,
            "revision": st.just(1) | anything,
            "changed_by": st.just("first") | anything,
            "fields": st.just({}) | anything,
        },
    )
)
def test_junk_is_refused_or_harmless(data: Any) -> None:
    try:
        entry = LogEntry.from_dict(data)
    except ValueError:
        return
    assert LogEntry.from_dict(json.loads(json.dumps(entry.as_dict(), allow_nan=False))) == entry


def nested(depth: int) -> JSON:
    value: JSON = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": "log#"},
        {"entry": "zebra"},
        {"entry": "profile\n"},
        {"entry": "log#" + "x" * 200},
        {"kind": ""},
        {"revision": 0},
        {"revision": True},
        {"revision": 1.0},
        {"revision": "1"},
        {"changed_by": None},
        {"fields": []},
        {"fields": {"": 1}},
        {"fields": {1: 1}},
        {"fields": {"x": float("nan")}},
        {"fields": {"x": float("inf")}},
        {"fields": {"x": 1e300}},
        {"fields": {"x": 1e-300}},
        {"fields": {"x": 2**60}},
        {"fields": {"x": "\ud800"}},
        {"fields": {"x": b"bytes"}},
        {"fields": {"x": (1, 2)}},
        {"fields": {"x": nested(100_000)}},
        {"fields": {"x": "long " * 10_000}},
    ],
    ids=lambda changes: f"{changes!r:.40}" if changes.get("fields") is None else None,
)
def test_wrong_shapes_are_refused(changes: dict[str, Any]) -> None:
    good = profile().as_dict()
    assert LogEntry.from_dict(good)
    with pytest.raises(ValueError, match=r"entry's|fields|surrogates"):
        LogEntry.from_dict({**good, **changes})


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(ValueError, match="kind") as caught:
        LogEntry.from_dict({**profile().as_dict(), "kind": "my pain is eight"})
    assert "pain" not in str(caught.value)
