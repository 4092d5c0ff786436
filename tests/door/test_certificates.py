"""Alexa's certificates: fetched with bounds, kept while they are good."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from door.certificates import (
    LARGEST_FILE,
    SigningCertificates,
    UntrustedCertificate,
    fetch_certificates,
    trusted_roots,
)
from tests.door.signing import FOLDER, TODAY, Amazon, amazon

GOOD = f"{FOLDER}good.pem"


class MovedClock:
    """A clock that says what it is told."""

    def __init__(self) -> None:
        self.now = TODAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def shop() -> Amazon:
    shop = amazon()
    shop.fetched.clear()
    return shop


# ---- Kept


def test_a_certificate_is_fetched_once_a_day(shop: Amazon, clock: MovedClock) -> None:
    certificates = SigningCertificates([shop.root.certificate], shop.fetch, clock)
    first = certificates.at(GOOD)
    clock.now += timedelta(hours=23, minutes=59)
    assert certificates.at(GOOD) is first
    assert shop.fetched == [GOOD]
    clock.now += timedelta(minutes=1)
    assert certificates.at(GOOD) == first
    assert shop.fetched == [GOOD, GOOD]


def test_one_that_has_run_out_is_believed_no_longer(shop: Amazon, clock: MovedClock) -> None:
    certificates = SigningCertificates([shop.root.certificate], shop.fetch, clock)
    ends = certificates.at(GOOD).not_valid_after_utc
    clock.now = ends - timedelta(hours=1)
    certificates.at(GOOD)
    clock.now = ends + timedelta(seconds=1)
    with pytest.raises(UntrustedCertificate, match="isn't to be believed"):
        certificates.at(GOOD)


def test_what_was_refused_is_not_kept(shop: Amazon, clock: MovedClock) -> None:
    certificates = SigningCertificates([shop.root.certificate], shop.fetch, clock)
    for _ in range(2):
        with pytest.raises(UntrustedCertificate):
            certificates.at(f"{FOLDER}expired.pem")
    assert len(shop.fetched) == 2


def test_only_a_few_are_kept(shop: Amazon, clock: MovedClock) -> None:
    """Whoever floods the door with addresses fills no memory with them."""
    fetched: list[str] = []

    def fetch(address: str) -> bytes:
        fetched.append(address)
        return shop.files["good"]

    certificates = SigningCertificates([shop.root.certificate], fetch, clock)
    addresses = [f"{FOLDER}{number}.pem" for number in range(9)]
    for address in [*addresses, addresses[8], addresses[0]]:
        certificates.at(address)
    assert fetched == [*addresses, addresses[0]]


def test_the_roots_are_those_that_everybody_trusts() -> None:
    names = {root.subject.rfc4514_string() for root in trusted_roots()}
    assert len(names) > 50
    assert any("Amazon Root CA 1" in name for name in names)


# ---- Fetched


class _Shop(ThreadingHTTPServer):
    """A server on this machine that answers in a way of its own."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.paths: list[str] = []
        paths = self.paths

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                paths.append(self.path)
                answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Print nothing."""

        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that gave up is what some tests want."""


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[_Shop]:
    with _Shop(answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def address_of(server: _Shop) -> str:
    return f"http://127.0.0.1:{server.server_port}/echo.api/good.pem"


def send(status: int, content: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def test_a_file_is_fetched_as_it_is() -> None:
    with serving(send(200, b"certificate" * 1000)) as server:
        assert fetch_certificates(address_of(server)) == b"certificate" * 1000


def test_a_redirect_is_not_followed() -> None:
    with serving(send(302, b"moved", Location="/elsewhere.pem")) as server:
        with pytest.raises(UntrustedCertificate, match="can't be fetched"):
            fetch_certificates(address_of(server))
        assert server.paths == ["/echo.api/good.pem"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(send(404), "can't be fetched", id="missing"),
        pytest.param(send(403, b"<xml/>"), "can't be fetched", id="forbidden"),
        pytest.param(send(503), "can't be fetched", id="out of order"),
        pytest.param(send(200, b"x" * (LARGEST_FILE + 1)), "too large", id="too large"),
    ],
)
def test_what_can_not_be_had_is_said(answer: Callable[[BaseHTTPRequestHandler], None], reason: str) -> None:
    with serving(answer) as server, pytest.raises(UntrustedCertificate, match=reason):
        fetch_certificates(address_of(server))


def test_a_server_that_is_not_there_is_given_up() -> None:
    with serving(send(200)) as server:
        address = address_of(server)
    with pytest.raises(UntrustedCertificate, match="can't be fetched"):
        fetch_certificates(address)


def test_a_server_that_says_nothing_is_given_up() -> None:
    given_up = threading.Event()

    def say_nothing(_handler: BaseHTTPRequestHandler) -> None:
        given_up.wait(60)

    with serving(say_nothing) as server:
        with pytest.raises(UntrustedCertificate, match="can't be fetched"):
            fetch_certificates(address_of(server), seconds=0.2)
        given_up.set()


def test_a_server_that_never_gets_done_is_given_up() -> None:
    """Each piece comes in time; all of them together don't."""
    given_up = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not given_up.wait(0.02):
            handler.wfile.write(b"x")

    with serving(drip) as server:
        with pytest.raises(UntrustedCertificate, match="in time"):
            fetch_certificates(address_of(server), seconds=0.3)
        given_up.set()
