"""How fast it is, measured: to the prompt, a typed turn, a warm turn, a cold start. Figures, not verdicts.

Every figure is taken several times; the median counts, for machines are noisy.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from simulator import compare
from simulator.evaluate import read_lines
from skill.coaching.understanding import understand

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

HELLO_WORLD = """
import json, sys
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import is_request_type
builder = CustomSkillBuilder()
@builder.request_handler(can_handle_func=is_request_type("LaunchRequest"))
def launch(handler_input):
    return handler_input.response_builder.speak("Hello").ask("Hello").response
handle = builder.lambda_handler()
"""

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

ONCE = "handle(event, None)\n"

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

IMPORT_UNDERSTANDING = """
import skill.coaching.therapy, time
started = time.perf_counter()
import skill.coaching.understanding
print((time.perf_counter() - started) * 1000)
"""


def main() -> int:
    """Print the figures. Returns 0: a figure is not a test."""
    print(f"{'what':56}{'median':>9}{'slowest':>9}  bar")
    _row("hip-coach talk, start to prompt", [_start_talk() for _ in range(6)][1:], "1500 ms")
    _row("a typed turn (understood, answered, logged, timers set)", _typed_turns(), "30 ms")
    _cold("cold start to the first answer, no database", "1.15 x the first")
    _warm()
    _understanding()
    print("\nSentences that nobody learnt from, the same model for all:")
    print(compare.table(compare.compare(read_lines(compare.HELD_OUT))))
    return 0


def _understanding() -> None:
    """The skill's own understanding: a sentence, the first one of a process, and what it adds to the start."""
    lines = read_lines(compare.HELD_OUT)
    taken = []
    for line in lines:
        started = time.perf_counter()
        understand(line.utterance)
        taken.append(time.perf_counter() - started)
    _row("understanding a sentence", taken, "5 ms")
    first = [float(_run(FIRST_UNDERSTANDING)) / 1000 for _ in range(5)]
    _row("understanding the first sentence of a process", first, "15 ms")
    added = [float(_run(IMPORT_UNDERSTANDING)) / 1000 for _ in range(5)]
    _row("importing the understanding", added, "5 ms")


def _row(what: str, seconds: Sequence[float], bar: str = "") -> None:
    print(f"{what:56}{statistics.median(seconds) * 1000:6.1f} ms{max(seconds) * 1000:6.1f} ms  {bar}")


def _times(run: Callable[[], None], times: int) -> list[float]:
    run()  # Once for the caches of the machine, not counted.
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return taken


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


def _cold(what: str, bar: str) -> None:
    hello = _times(lambda: _quiet(HELLO_WORLD + LAUNCH + ONCE), 7)
    ours = _times(lambda: _quiet(HIP_COACH + LAUNCH + ONCE), 7)
    _row("hello-world ask-sdk skill: " + what, hello)
    _row("Hip Coach: " + what, ours, bar)
    print(f"{'  ratio':56}{statistics.median(ours) / statistics.median(hello):6.2f}")


def _quiet(program: str) -> None:
    _run(program)


def _warm() -> None:
    hello = float(_run(HELLO_WORLD + LAUNCH + WARM))
    ours = float(_run(HIP_COACH + LAUNCH + WARM))
    print(f"{'hello-world ask-sdk skill: a warm turn':56}{hello:6.2f} ms")
    print(f"{'Hip Coach: a warm turn':56}{ours:6.2f} ms{'':11}2 x the first")
    print(f"{'  ratio':56}{ours / hello:6.2f}")
