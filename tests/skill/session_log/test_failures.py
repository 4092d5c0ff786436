"""DynamoDB that fails: each way has its reason, in time, and nothing is lost."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any, get_args

import pytest
from botocore.exceptions import ConnectionClosedError

from simulator.table_faults import Fault, TableFaults
from skill.session_log import (
    LogUnavailable,
    Saved,
    SessionLog,
    make_client,
)
from tests.skill.session_log.entries import NOW, SECRET, TABLE, before_sending, profile, somebody, therapy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


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
