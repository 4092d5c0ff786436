"""The served skill through the eyes of others: virtual-alexa, a client that knows the interaction model and no more."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import RunningClock
from tests.door.running import ROOT, Served
from tests.javascript import node_for

CLIENT = ROOT / ".engines" / "virtual-alexa"
PROGRAM = Path(__file__).parent / "virtual_alexa" / "conversation.js"
MODEL = ROOT / "interaction_models" / "en-US.json"

FIFTEEN = {"fifteen minutes": "PT15M"}


@pytest.fixture
def node() -> str:
    """The program that runs JavaScript, where it and virtual-alexa are to be had."""
    return node_for("virtual-alexa", CLIENT, Path(__file__).parent / "virtual_alexa")


def converse(node: str, url: str, cloud: AlexaCloud, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the skill answers to each step (see conversation.js)."""
    whole = {
        "modules": str(CLIENT),
        "url": url,
        "model": str(MODEL),
        "endpoint": cloud.endpoint,
        "token": cloud.token,
        "steps": steps,
    }
    done = subprocess.run([node, str(PROGRAM)], input=json.dumps(whole), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    assert len(answers) == len(steps)
    return answers


def words(answer: dict[str, Any]) -> str:
    return html.unescape(re.sub("<[^>]*>", "", answer["outputSpeech"]["ssml"]))


def test_a_session_of_cold_a_question_and_an_emergency(node: str, tmp_path: Path) -> None:
    cloud = AlexaCloud(RunningClock(), timers="granted")
    cloud.session_open = True
    with Served(
        "--insecure-loopback", "--data", str(tmp_path), environment={"HIP_COACH_ALLOW_LOOPBACK_API": "yes"}
    ) as served:
        answers = converse(
            node,
            served.url,
            cloud,
            [
                {"launch": True},
                {"say": "start cold therapy for fifteen minutes", "durations": FIFTEEN},
                # By name: virtual-alexa takes a lone "yes" for "yes {minutes}" without the minutes.
                {"intend": "AMAZON.YesIntent"},
                {"say": "how much time is left"},
                {"say": "stop the session"},
                {"say": "what does AS pain feel like"},
                {"say": "my chest hurts"},
            ],
        )
        records = [served.record() for _ in answers]
    assert [record["outcome"] for record in records] == [
        "welcome",
        "safety_asked",
        "therapy_started",
        "therapy_remaining",
        "therapy_stopped",
        "answer",
        "red_flag",
    ]
    assert (records[2]["details"]["modality"], records[2]["details"]["seconds"]) == ("cold", 900)
    hello, safety, started, left, stopped, answer, red_flag = answers
    assert words(hello).startswith("Hello, this is Hip Coach.")
    assert safety["shouldEndSession"] is False
    assert words(started).startswith("Fifteen minutes of cold, starting now.")
    assert 0 < records[3]["details"]["remaining_seconds"] <= 900
    assert words(left).endswith("of cold left.")
    assert words(stopped)
    assert "ache" in words(answer)
    assert words(red_flag).startswith("Call nine one one now.")
    # Two timers were set, one for the skin and one for the end, and both taken away again.
    assert [call.method for call in cloud.calls if call.method in ("POST", "DELETE")] == ["POST"] * 2 + ["DELETE"] * 2
    assert cloud.timers == []
