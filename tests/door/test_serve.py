"""`hip-coach serve` as it is started: a conversation over HTTP, and a stop in order."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from simulator import Echo
from simulator.cli import main
from simulator.clock import RunningClock
from tests.door.running import Served


class _Behind:
    """The served skill, in the place of the one in this process."""

    def __init__(self, served: Served, records: list[Any]) -> None:
        self._served = served
        self._records = records

    def handle(self, event: object, context: object = None) -> dict[str, Any]:
        answer = self._served.handle(event)
        self._records.append(self._served.record())
        return answer


def echo_at(served: Served, **options: Any) -> Echo:
    """An Echo whose skill is served over HTTP, with timers and a clock that runs."""
    echo = Echo(clock=RunningClock(), **options)
    echo.skill = _Behind(served, echo._records)  # type: ignore[assignment]
    return echo


def test_a_conversation_over_http(tmp_path: Path) -> None:
    with Served(
        "--insecure-loopback", "--data", str(tmp_path), environment={"HIP_COACH_ALLOW_LOOPBACK_API": "yes"}
    ) as served:
        echo = echo_at(served, timers="granted")
        assert echo.launch().outcome == "welcome"
        assert echo.say("start cold therapy for fifteen minutes").outcome == "safety_asked"
        started = echo.say("yes")
        assert (started.outcome, started.details["seconds"]) == ("therapy_started", 900)
        assert [timer["status"] for timer in echo.timers] == ["ON", "ON"]
        assert echo.say("how much time is left").outcome == "therapy_remaining"
        assert echo.say("what does AS pain feel like").outcome == "answer"
        assert echo.say("stop the session").outcome == "therapy_stopped"
        assert echo.timers == []
        assert echo.say("my chest hurts and i can't breathe").outcome == "red_flag"
        assert served.stop() == 0
    # The log is there in the next run.
    with Served("--insecure-loopback", "--data", str(tmp_path)) as served:
        again = echo_at(served, timers="granted", user_id=echo._device.user_id)
        assert again.launch().speech.startswith("Hello again.")
        assert served.stop(signal.SIGINT) == 0


def test_it_says_what_it_does_and_does_not() -> None:
    with Served("--insecure-loopback") as served:
        assert served.stop() == 0
    text = "\n".join(served.notes)
    assert "WARNING: signatures are not checked." in text
    assert "No sessions are logged, for HIP_COACH_LOG_SECRET is not set." in text
    assert served.notes[-1] == "Hip Coach has stopped."
    with Served("--skill-id", "amzn1.ask.skill.x", environment={"HIP_COACH_LOG_SECRET": "s"}) as served:
        assert served.stop() == 0
    text = "\n".join(served.notes)
    assert "Alexa speaks HTTPS on port 443: put a proxy that does in front" in text
    assert "WARNING" not in text
    assert "logged" not in text


@contextmanager
def slow_alexa() -> Iterator[tuple[str, threading.Event, threading.Event]]:
    """Alexa's API on this machine, whose answer waits: its address, when it is asked, and when it may go on."""
    asked, go_on = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.set()
            go_on.wait(60)
            content = json.dumps({"totalCount": 0, "timers": []}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_DELETE = do_GET  # noqa: N815 - as HTTP spells it

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked, go_on
        finally:
            go_on.set()
            server.shutdown()
            thread.join()


def test_who_is_being_answered_when_it_stops_gets_the_answer() -> None:
    echo = Echo(timers="granted")
    echo.say("start cold therapy for fifteen minutes")
    event = json.loads(json.dumps(echo.say("yes").request))
    answers: list[dict[str, Any]] = []
    with (
        slow_alexa() as (address, asked, go_on),
        Served("--insecure-loopback", environment={"HIP_COACH_ALLOW_LOOPBACK_API": "yes"}) as served,
    ):
        event["context"]["System"]["apiEndpoint"] = address
        talking = threading.Thread(target=lambda: answers.append(served.handle(event)))
        talking.start()
        assert asked.wait(60)
        served.process.send_signal(signal.SIGTERM)
        go_on.set()
        talking.join()
        assert served.wait() == 0
    assert answers[0]["response"]["outputSpeech"]["ssml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give --skill-id or set HIP_COACH_SKILL_ID"),
        (["--insecure-loopback", "--host", "0.0.0.0"], "only on 127.0.0.1"),
        (["--insecure-loopback", "--host", "nowhere"], "must be an IP address"),
        (["--skill-id", "x", "--data", "somewhere"], "with --insecure-loopback only"),
    ],
)
def test_what_would_be_unsafe_is_not_started(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HIP_COACH_SKILL_ID", raising=False)
    assert main(["serve", *arguments]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("hip-coach: ")
    assert said in line


def test_what_is_not_installed_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "door.server", raising=False)
    monkeypatch.setitem(sys.modules, "waitress.server", None)
    assert main(["serve", "--insecure-loopback"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line == "hip-coach: serve needs waitress, which isn't installed: pip install 'hip-coach[server]'"


@pytest.mark.parametrize("port", ["-1", "65536", "http", "٨"])
def test_a_port_is_a_number(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--port", port])
    assert ended.value.code == 2
    assert "must be a number from 0 to 65535" in capsys.readouterr().err
