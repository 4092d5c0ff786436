"""The HTTP client underneath the SDK, on real sockets: whom it calls, what it tries again, and when it gives up."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError, ReadTimeoutError

from skill.alexa import api_client
from skill.alexa.api_client import AMAZON_HOSTS, AlexaApiClient, ForbiddenHost, TurnTimeSpent

TOKEN = "Atza|a-token-that-nobody-may-see"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
DROP = b""
SILENCE = None

Script = list[bytes | None]


class Server:
    """A server on the loopback interface that answers by a script, one line of it for each request."""

    def __init__(self, script: Script) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._script = iter(script)
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1/alerts/timers"

    def close(self) -> None:
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            while request := _whole_request(connection):
                self.requests.append(request)
                answer = next(self._script, OK)
                if answer == DROP:
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                if answer is not None:
                    connection.sendall(answer)


def _whole_request(connection: socket.socket) -> bytes:
    """One request with its body, which may arrive in pieces; empty when the connection was closed."""
    request = b""
    while not _is_whole(request):
        piece = connection.recv(65536)
        if not piece:
            return b""
        request += piece
    return request


def _is_whole(request: bytes) -> bool:
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(*script: bytes | None) -> Server:
        servers.append(Server(list(script)))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def client(read_seconds: float = 1.0) -> AlexaApiClient:
    made = AlexaApiClient(allow_loopback=True, read_seconds=read_seconds)
    made.begin_turn()
    return made


def call(method: str, url: str, body: Any = None, token: str = TOKEN) -> Any:
    """A request as the SDK's service clients make them."""
    return SimpleNamespace(method=method, url=url, body=body, headers=[("Authorization", f"Bearer {token}")])


def refused_port() -> int:
    """A port on which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
    return port


# ---- Whom it calls


def allowed(url: str, loopback: bool = False) -> bool:
    """Whether a call would be made; without a turn's time none is, so nothing leaves this machine."""
    with pytest.raises((ForbiddenHost, TurnTimeSpent)) as stopped:
        AlexaApiClient(allow_loopback=loopback).invoke(call("GET", url))
    assert TOKEN not in str(stopped.value)
    return stopped.type is TurnTimeSpent


@pytest.mark.parametrize("host", AMAZON_HOSTS)
def test_amazons_own_hosts_are_called(host: str) -> None:
    assert allowed(f"https://{host}/v1/alerts/timers")
    assert allowed(f"https://{host}:443/v1/alerts/timers")
    assert allowed(f"HTTPS://{host.upper()}/v1/alerts/timers")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.amazonalexa.com/v1",
        "ftp://api.amazonalexa.com/v1",
        "file:///etc/passwd",
        "//api.amazonalexa.com/v1",
        "api.amazonalexa.com/v1",
        "/v1/alerts/timers",
        "",
        "https://",
        "https:///v1",
        "https://evil.example/v1",
        "https://api.amazonalexa.com.evil.example/v1",
        "https://evil.example/api.amazonalexa.com",
        "https://evil.example?api.amazonalexa.com",
        "https://evil.example#api.amazonalexa.com",
        "https://evilapi.amazonalexa.com/v1",
        "https://api.amazonalexa.com@evil.example/v1",
        "https://api.amazonalexa.com:443@evil.example/v1",
        "https://someone@api.amazonalexa.com/v1",
        "https://someone:secret@api.amazonalexa.com/v1",
        "https://evil.example\\@api.amazonalexa.com/v1",
        "https://api.amazonalexa.com\\@evil.example/v1",
        "https://api.amazonalexa.com\\.evil.example/v1",
        "https://api.amazonalexa.com:8443/v1",
        "https://api.amazonalexa.com:80/v1",
        "https://api.amazonalexa.com:0/v1",
        "https://api.amazonalexa.com:99999/v1",
        "https://api.amazonalexa.com:port/v1",
        "https://api.amazonalexa.com./v1",
        "https://api%2eamazonalexa.com/v1",
        "https://\uff41pi.amazonalexa.com/v1",
        "https://52.94.236.248/v1",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:127.0.0.1]/v1",
        "https://[api.amazonalexa.com/v1",
        "http://127.0.0.1/v1",
        "https://localhost/v1",
    ],
)
def test_nobody_else_is(url: str) -> None:
    assert not allowed(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_called_only_where_that_is_allowed(host: str) -> None:
    assert allowed(f"http://{host}:8080/v1", loopback=True)
    assert not allowed(f"http://{host}:8080/v1")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.evil.example/v1",
        "http://localhost.evil.example/v1",
        "http://127.0.0.2/v1",
        "http://0.0.0.0/v1",
        "http://someone@127.0.0.1/v1",
        "http://127.0.0.1@evil.example/v1",
        "http://api.amazonalexa.com/v1",
    ],
)
def test_allowing_this_machine_allows_no_other(url: str) -> None:
    assert not allowed(url, loopback=True)


@example("\n")
@given(st.text(max_size=60) | st.text(alphabet="https:/@.#?\\[]%apimzonlexcv127", max_size=60))
def test_any_text_in_place_of_an_address_is_refused_or_is_amazons(text: str) -> None:
    for url in (text, f"https://{text}", f"https://api.amazonalexa.com{text}"):
        if allowed(url):
            from urllib3.util import parse_url

            assert parse_url(url).host in AMAZON_HOSTS


# ---- What it sends and gets


def test_an_answer_comes_with_its_status_headers_and_body(serve: Callable[..., Server]) -> None:
    server = serve(b'HTTP/1.1 404 Not Found\r\nX-Id: 7\r\nContent-Length: 17\r\n\r\n{"code": "GONE"} ')
    made = client()
    answer = made.invoke(call("POST", server.url, {"label": "ice"}))
    assert (answer.status_code, answer.body) == (404, '{"code": "GONE"} ')
    assert ("X-Id", "7") in answer.headers
    assert made.last_status == 404
    assert b'{"label": "ice"}' in b"".join(server.requests)
    assert f"Authorization: Bearer {TOKEN}".encode() in server.requests[0]


def test_an_empty_body_is_none(serve: Callable[..., Server]) -> None:
    server = serve(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert client().invoke(call("DELETE", server.url)).body is None


def test_a_redirect_is_not_followed(serve: Callable[..., Server]) -> None:
    elsewhere = serve()
    server = serve(f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n".encode())
    assert client().invoke(call("GET", server.url)).status_code == 302
    assert elsewhere.connections == 0


def test_connections_are_kept(serve: Callable[..., Server]) -> None:
    server = serve()
    made = client()
    for method in ("GET", "POST", "DELETE", "GET"):
        assert made.invoke(call(method, server.url)).status_code == 200
    assert (len(server.requests), server.connections) == (4, 1)


# ---- What it tries again


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_only_looks_or_removes_is_tried_once_more(serve: Callable[..., Server], method: str) -> None:
    server = serve(DROP, OK)
    assert client().invoke(call(method, server.url)).status_code == 200
    assert len(server.requests) == 2


def test_and_only_once_more(serve: Callable[..., Server]) -> None:
    server = serve(DROP, DROP, OK)
    with pytest.raises(ProtocolError):
        client().invoke(call("GET", server.url))
    assert len(server.requests) == 2


def test_a_post_is_never_sent_twice(serve: Callable[..., Server]) -> None:
    server = serve(DROP, OK)
    made = client()
    with pytest.raises(ProtocolError):
        made.invoke(call("POST", server.url, {"label": "ice"}))
    assert len(server.requests) == 1
    assert made.last_status is None


def test_an_error_status_is_an_answer_and_not_tried_again(serve: Callable[..., Server]) -> None:
    server = serve(b"HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n")
    assert client().invoke(call("GET", server.url)).status_code == 503
    assert len(server.requests) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_where_nobody_listens_it_gives_up_after_a_second_try(monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    tries: list[str] = []
    send = AlexaApiClient._send

    def counted(self: AlexaApiClient, request: Any) -> Any:
        tries.append(request.method)
        return send(self, request)

    monkeypatch.setattr(AlexaApiClient, "_send", counted)
    with pytest.raises(NewConnectionError):
        client().invoke(call(method, f"http://127.0.0.1:{refused_port()}/v1"))
    assert tries == [method, method]


# ---- When it gives up


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_silent_service_is_not_waited_for(serve: Callable[..., Server], method: str) -> None:
    server = serve(SILENCE)
    with pytest.raises(ReadTimeoutError):
        client(read_seconds=0.05).invoke(call(method, server.url))
    assert len(server.requests) == 1


def test_all_calls_of_a_turn_share_its_time(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a turn with a fifth of a second for its calls, and a service that never answers
    monkeypatch.setattr(api_client, "TURN_SECONDS", 0.2)
    server = serve(*[SILENCE] * 9)
    made = client(read_seconds=30)
    # THEN the first call uses it up, and no other is made
    with pytest.raises(ReadTimeoutError):
        made.invoke(call("GET", server.url))
    for _ in range(3):
        with pytest.raises(TurnTimeSpent):
            made.invoke(call("GET", server.url))
    assert len(server.requests) == 1
    # AND the next turn has its own
    made.begin_turn()
    with pytest.raises(ReadTimeoutError):
        made.invoke(call("GET", server.url))


def test_a_second_try_is_within_the_same_time(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_client, "TURN_SECONDS", 0.2)
    server = serve(DROP, SILENCE)
    with pytest.raises(ReadTimeoutError):
        client(read_seconds=30).invoke(call("GET", server.url))
    assert len(server.requests) == 2


@pytest.mark.parametrize("token", [TOKEN, f"{TOKEN}\r\nHost: evil.example", f"{TOKEN}\u00fc\u2603"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "script", [(DROP, DROP), (SILENCE,), (b"nonsense\r\n\r\n",) * 2], ids=["drop", "silence", "nonsense"]
)
def test_no_failure_tells_the_token(serve: Callable[..., Server], script: Script, method: str, token: str) -> None:
    server = serve(*script)
    with pytest.raises((HTTPError, ValueError)) as caught:
        client(read_seconds=0.05).invoke(call(method, server.url, token=token))
    problem: BaseException | None = caught.value
    while problem is not None:
        assert "nobody-may-see" not in f"{problem} {problem!r}"
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
