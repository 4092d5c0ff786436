"""The real server, on a free port of this machine."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest

from door.certificates import SigningCertificates
from door.server import Address, ServeError, make_server
from skill.settings import Settings
from tests.door.running import post, running
from tests.door.signing import SKILL_ID, amazon, body

SETTINGS = Settings(skill_id=SKILL_ID)


@pytest.fixture
def url() -> Iterator[str]:
    """Where the real skill is served, with signatures checked."""
    certificates = SigningCertificates([amazon().root.certificate], amazon().fetch)
    with running(make_server(SETTINGS, Address(port=0), certificates)) as url:
        yield url


def status_of(connection: http.client.HTTPConnection) -> int:
    response = connection.getresponse()
    response.read()
    return response.status


def test_alexa_is_answered_and_nobody_else(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    data = body()
    answer = post(url, data, amazon().headers(data))
    assert answer["response"]["outputSpeech"]["ssml"].startswith("<speak>Hello, this is Hip Coach.")
    with pytest.raises(HTTPError) as refused:
        post(url, data)
    with refused.value as error:
        assert error.code == 400
    [record] = capfd.readouterr().out.splitlines()
    assert json.loads(record)["outcome"] == "welcome"


def test_a_request_that_is_sent_twice_is_answered_once(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    data = body()
    first = post(url, data, amazon().headers(data))
    assert post(url, data, amazon().headers(data)) == first
    outcomes = [json.loads(line)["outcome"] for line in capfd.readouterr().out.splitlines()]
    assert outcomes == ["welcome", "repeated"]


def test_a_body_that_is_announced_as_too_large_is_not_waited_for(url: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    assert status_of(connection) == 413
    connection.close()


def test_it_says_nothing_of_what_it_is_made_of(url: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", "/health")
    response = connection.getresponse()
    assert json.load(response)["status"] == "ok"
    assert response.headers["Server"] is None
    connection.close()


def test_an_unguarded_door_is_for_this_machine_alone() -> None:
    with running(make_server(SETTINGS, Address(port=0), None)) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        connection.request("POST", "/", body(), {"Content-Type": "application/json"})
        assert status_of(connection) == 200
        # A web page whose name was made to lead to this machine.
        connection.request("POST", "/", body(), {"Content-Type": "application/json", "Host": "evil.example"})
        assert status_of(connection) == 400
        connection.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_signatures_are_checked_wherever_others_can_reach_it(host: str) -> None:
    with pytest.raises(ServeError, match="--insecure-loopback checks no signatures"):
        make_server(SETTINGS, Address(host, 0), None)


def test_it_wants_to_know_whose_requests_are_answered() -> None:
    with pytest.raises(ServeError, match="--skill-id"):
        make_server(Settings(), Address(port=0), SigningCertificates([amazon().root.certificate]))


def test_a_name_is_no_address() -> None:
    with pytest.raises(ServeError, match="must be an IP address"):
        make_server(SETTINGS, Address("localhost", 0), None)


def test_a_port_that_is_taken_is_named() -> None:
    with running(make_server(SETTINGS, Address(port=0), None)) as url:
        port = int(url.rsplit(":")[-1])
        with pytest.raises(ServeError, match=f"can't listen on 127.0.0.1 port {port}: "):
            make_server(SETTINGS, Address(port=port), None)
