"""How fast it is, measured: to the prompt, a typed turn, a warm turn, a cold start. Figures, not verdicts.

Every figure is taken several times; the median counts, for machines are noisy.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deployment.cold_start import HELLO_WORLD, measure
from simulator import compare
from simulator.echo import SECRET, TABLE
from simulator.envelopes import Device, Session, envelope
from simulator.evaluate import read_lines
from simulator.local_dynamodb import REGION, shared_engine
from skill.coaching.understanding import understand
from skill.session_log import create_table, make_client

TYPED = (
    "start cold therapy for fifteen minutes",
    "how much time is left",
    "could you please pause it for a moment",
    "carry on",
    "add three minutes",
    "what can you do",
    "stop the ice",
    "heat for an hour",
    "no",
    "tell me about the weather in london",
)
"""A conversation as somebody might type it: commands, a slip, and something that it can't do."""

HIP_COACH = """
import json, sys
from skill.app import create_skill
from skill.settings import Settings
handle = create_skill(Settings(), record=lambda record: None).handle
"""

LAUNCH = """
import time
event = {"version": "1.0", "session": {"new": True, "sessionId": "s", "application": {"applicationId": "a"},
  "attributes": {}, "user": {"userId": "u"}}, "context": {"System": {"application": {"applicationId": "a"},
  "user": {"userId": "u"}, "device": {"deviceId": "d", "supportedInterfaces": {}},
  "apiEndpoint": "https://api.amazonalexa.com", "apiAccessToken": "t"}},
  "request": {"type": "LaunchRequest", "requestId": "r0", "timestamp": "2026-03-02T09:00:00Z", "locale": "en-US"}}
"""

WARM = """
for index in range(50):
    event["request"]["requestId"] = f"w{index}"
    handle(event, None)
times = []
for index in range(500):
    event["request"]["requestId"] = f"r{index}"
    started = time.perf_counter()
    handle(event, None)
    times.append(time.perf_counter() - started)
print(sorted(times)[250] * 1000)
"""


FIRST_UNDERSTANDING = """
import time
from skill.coaching.understanding import understand
started = time.perf_counter()
understand("why do my hips ache after a day at the desk")
print((time.perf_counter() - started) * 1000)
"""


def main() -> int:
    """Print the figures. Returns 0: a figure is not a test."""
    print(f"{'what':56}{'median':>9}{'slowest':>9}  bar")
    _row("hip-coach talk, start to prompt", [_start_talk() for _ in range(6)][1:], "1500 ms")
    _row("a typed turn (understood, answered, logged, timers set)", _typed_turns(), "30 ms")
    _warm()
    _cold_starts()
    _understanding()
    print("\nSentences that nobody learnt from, the same model for all:")
    print(compare.table(compare.compare(read_lines(compare.HELD_OUT))))
    return 0


def _understanding() -> None:
    """The skill's own understanding: a sentence, and the first one of a process, which also loads it."""
    lines = read_lines(compare.HELD_OUT)
    taken = []
    for line in lines:
        started = time.perf_counter()
        understand(line.utterance)
        taken.append(time.perf_counter() - started)
    _row("understanding a sentence", taken, "5 ms")
    first = [float(_run(FIRST_UNDERSTANDING)) / 1000 for _ in range(5)]
    _row("understanding the first sentence of a process, loading it", first, "20 ms")


def _row(what: str, seconds: Sequence[float], bar: str = "") -> None:
    print(f"{what:56}{statistics.median(seconds) * 1000:6.1f} ms{max(seconds) * 1000:6.1f} ms  {bar}")


def _start_talk() -> float:
    """Seconds from starting the command to the line that says it is ready."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "simulator.cli", "talk", "--json", "--data", folder]
        with subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
        ) as process:
            if process.stdout is None or process.stdin is None:
                raise RuntimeError("the conversation has no input and output")
            process.stdout.readline()
            taken = time.perf_counter() - started
            process.stdin.close()
            process.stdout.read()
    return taken


def _typed_turns() -> list[float]:
    from simulator.echo import Echo

    taken = []
    for _ in range(10):
        echo = Echo.returning()
        for words in TYPED:
            started = time.perf_counter()
            echo.say(words)
            taken.append(time.perf_counter() - started)
    return taken[len(TYPED) :]


def _run(program: str) -> str:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent
    ).stdout


def _cold_starts() -> None:
    """The bundle, a hello-world skill and the usual way, each started by Amazon's runtime client."""
    client = make_client(shared_engine().endpoint, REGION)
    create_table(client, TABLE)
    request = {"type": "LaunchRequest"}
    launch = envelope(Device(), request, datetime.now(UTC), Session(), "https://api.amazonalexa.com", "token")
    settings = {
        "HIP_COACH_TABLE": TABLE,
        "HIP_COACH_LOG_SECRET": SECRET,
        "AWS_ENDPOINT_URL_DYNAMODB": shared_engine().endpoint,
    }
    taken = measure(launch, settings)
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    print(f"cold start, from starting the process to its first answer, by Amazon's runtime client on Python {python}")
    _row("  hello-world ask-sdk skill, the bundle's libraries", taken.hello_world)
    _row("  Hip Coach's bundle, no database", taken.without_log)
    _ratio(taken.without_log, taken.hello_world, "1.15 x hello world")
    _row("  Hip Coach's bundle, reading its log", taken.with_log)
    _ratio(taken.with_log, taken.hello_world, "1.9 x hello world")
    _row("  the usual way: ask-sdk reads a table, all boto3, no pyc", taken.usual_way)
    _ratio(taken.with_log, taken.usual_way, "0.40 x the usual way, reading its log")


def _ratio(ours: Sequence[float], theirs: Sequence[float], bar: str) -> None:
    """The median over the rounds, for what else the machine does meets both in a round."""
    ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    print(f"{'    ratio':56}{ratio:6.2f}{'':14} {bar}")


def _warm() -> None:
    hello = float(_run(HELLO_WORLD + "handle = lambda_handler\n" + LAUNCH + WARM))
    ours = float(_run(HIP_COACH + LAUNCH + WARM))
    print(f"{'hello-world ask-sdk skill: a warm turn':56}{hello:6.2f} ms")
    print(f"{'Hip Coach: a warm turn':56}{ours:6.2f} ms{'':11}2 x the first")
    print(f"{'  ratio':56}{ours / hello:6.2f}")
