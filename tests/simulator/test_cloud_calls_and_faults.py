"""The other services of Alexa's cloud, its connections, and the faults that tests may order."""

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit

import pytest
import urllib3

from simulator.alexa_cloud import AlexaCloud, Call
from tests.simulator.cloud_calls import (
    DIRECTIVES,
    TIME_ZONE,
    TIMERS,
    Caller,
    Json,
    a_timer,
)

# Other services


def test_the_time_zone_is_a_json_string(cloud: AlexaCloud, caller: Caller) -> None:
    assert caller.call(cloud, "GET", TIME_ZONE) == (200, "America/New_York")


@pytest.mark.parametrize(
    "body",
    [None, b"nonsense", [], {}, {"header": {"requestId": "r"}}]
    + [
        {"header": {"requestId": "r"}, "directive": {"type": "VoicePlayer.Speak", "speech": speech}}
        for speech in ("", 7)
    ]
    + [{"header": {}, "directive": {"type": "VoicePlayer.Speak", "speech": "Hello"}}],
)
def test_a_malformed_progressive_response_is_refused(cloud: AlexaCloud, caller: Caller, body: object) -> None:
    assert caller.call(cloud, "POST", DIRECTIVES, body)[0] == 400
    assert cloud.progressive == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/alerts/alarms"),
        ("PUT", TIMERS),
        ("PATCH", f"{TIMERS}/x"),
        ("POST", TIME_ZONE),
        ("GET", DIRECTIVES),
        ("GET", "/v2/devices/d/settings/System.unknown"),
        ("GET", "//["),
    ],
)
def test_what_is_not_served_is_not_found(cloud: AlexaCloud, caller: Caller, method: str, path: str) -> None:
    status, error = caller.call(cloud, method, path)

    assert (status, error["code"]) == (404, "NOT_FOUND")


# Calls, connections and faults


def test_every_call_is_recorded(cloud: AlexaCloud, caller: Caller) -> None:
    caller.call(cloud, "GET", TIMERS)
    caller.call(cloud, "POST", TIMERS, {})

    assert cloud.calls == [Call("GET", TIMERS, 200), Call("POST", TIMERS, 400)]


def test_a_connection_is_kept_whatever_the_answers_are(cloud: AlexaCloud, caller: Caller) -> None:
    for body in (a_timer(), a_timer(), b"\0" * 300_000, None):
        caller.call(cloud, "POST", TIMERS, body)
    caller.call(cloud, "DELETE", TIMERS)

    pool = caller.pool.connection_from_url(cloud.endpoint)
    assert (pool.num_connections, pool.num_requests) == (1, 5)


@pytest.mark.parametrize("header", ["Content-Length: -1", "Content-Length: x", "Transfer-Encoding: chunked"])
def test_a_body_of_unclear_length_ends_the_connection(cloud: AlexaCloud, header: str) -> None:
    address = urlsplit(cloud.endpoint)
    request = f"POST {TIMERS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {cloud.token}\r\n{header}\r\n\r\n"

    with socket.create_connection((address.hostname, address.port or 0), timeout=5) as connection:
        connection.sendall(request.encode())
        reply = b"".join(iter(lambda: connection.recv(4096), b""))

    assert reply.startswith(b"HTTP/1.1 400 ")
    assert b"Connection: close" in reply


def test_many_callers_at_once_lose_nothing(cloud: AlexaCloud) -> None:
    def make(number: int) -> None:
        caller = Caller()
        caller.call(cloud, "POST", TIMERS, a_timer(label=f"timer {number}"))
        caller.pool.clear()

    threads = [threading.Thread(target=make, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(cloud.timers) == len(cloud.calls) == 20


@pytest.mark.parametrize(
    ("status", "code"), [(401, "UNAUTHORIZED"), (429, "TOO_MANY_REQUESTS"), (503, "SERVICE_UNAVAILABLE")]
)
def test_a_failing_service_sends_an_error_body_and_does_nothing(
    cloud: AlexaCloud, caller: Caller, status: int, code: str
) -> None:
    cloud.fail("timers", status=status, times=2)

    for _ in range(2):
        failed, error = caller.call(cloud, "POST", TIMERS, a_timer())
        assert (failed, error["code"]) == (status, code)
        assert cloud.timers == []
    assert caller.call(cloud, "POST", TIMERS, a_timer())[0] == 200
    assert [call.status for call in cloud.calls] == [status, status, 200]


def test_faults_follow_each_other_and_leave_other_services_alone(cloud: AlexaCloud, caller: Caller) -> None:
    cloud.fail("timers", status=504)
    cloud.fail("timers", status=403, code="MAX_TIMERS_EXCEEDED")
    cloud.fail("directives", status=403)
    cloud.fail("settings", status=500)

    assert caller.call(cloud, "GET", TIMERS)[0] == 504
    assert caller.call(cloud, "GET", TIMERS)[1]["code"] == "MAX_TIMERS_EXCEEDED"
    assert caller.call(cloud, "GET", TIMERS)[0] == 200
    assert caller.call(cloud, "POST", DIRECTIVES, {})[0] == 403
    assert caller.call(cloud, "GET", TIME_ZONE)[0] == 500
    assert caller.call(cloud, "GET", TIME_ZONE)[0] == 200


def test_odd_bodies_of_failures(cloud: AlexaCloud, caller: Caller) -> None:
    cloud.fail("timers", status=401, how="empty")
    cloud.fail("timers", status=502, how="html")
    cloud.fail("timers", status=200, body="half a {")
    headers = {"Authorization": f"Bearer {cloud.token}"}

    empty, html, broken = (caller.pool.request("GET", cloud.endpoint + TIMERS, headers=headers) for _ in range(3))

    assert (empty.status, empty.data) == (401, b"")
    assert (html.status, html.headers["Content-Type"]) == (502, "text/html")
    assert html.data.startswith(b"<html>")
    assert (broken.status, broken.data) == (200, b"half a {")


def test_a_dropped_call_gets_no_answer(cloud: AlexaCloud, caller: Caller) -> None:
    cloud.fail("timers", how="dropped")

    with pytest.raises(urllib3.exceptions.ProtocolError):
        caller.call(cloud, "GET", TIMERS)
    assert cloud.calls == [Call("GET", TIMERS, None)]
    assert caller.call(cloud, "GET", TIMERS)[0] == 200


def test_a_slow_call_is_held_until_the_caller_gives_up(cloud: AlexaCloud, caller: Caller) -> None:
    cloud.fail("timers", how="slow")
    headers = {"Authorization": f"Bearer {cloud.token}"}

    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        caller.pool.request("GET", cloud.endpoint + TIMERS, headers=headers, timeout=0.1)
    assert cloud.calls == [Call("GET", TIMERS, None)]
    assert caller.call(cloud, "GET", TIMERS)[0] == 200


@pytest.mark.parametrize(
    "order", [{"service": "weather"}, {"how": "sideways"}, {"times": 0}, {"status": 99}, {"status": 600}]
)
def test_a_fault_that_cannot_be_is_refused(cloud: AlexaCloud, order: Json) -> None:
    with pytest.raises(ValueError, match=r"none of|cannot fail"):
        cloud.fail(**{"service": "timers", **order})
