"""The bundle does its work as on Lambda: run by Amazon's own runtime client, with nothing else at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deployment.lambda_runtime import FunctionFailed, LambdaRuntime
from simulator import Echo
from simulator.clock import RunningClock
from simulator.echo import SECRET, TABLE
from simulator.envelopes import SKILL_ID
from simulator.local_dynamodb import shared_engine
from tests.deployment.bundles import client, unpacked


class SkillOnLambda:
    """In the place of an Echo's skill: the bundle, on the other side of the Runtime API."""

    def __init__(self, runtime: LambdaRuntime, records: list[Any]) -> None:
        self._runtime = runtime
        self._records = records

    def handle(self, event: object, context: object = None) -> Any:
        """Send the envelope to the function; its turn record is the last line that it wrote."""
        response = self._runtime.invoke(event)
        self._records.append(json.loads(self._runtime.output.splitlines()[-1]))
        return response


def settings() -> dict[str, str]:
    return {
        "HIP_COACH_TABLE": TABLE,
        "HIP_COACH_LOG_SECRET": SECRET,
        "HIP_COACH_SKILL_ID": SKILL_ID,
        "HIP_COACH_ALLOW_LOOPBACK_API": "yes",
        "AWS_ENDPOINT_URL_DYNAMODB": shared_engine().endpoint,
    }


@pytest.fixture(scope="module")
def runtime() -> Iterator[LambdaRuntime]:
    with LambdaRuntime(unpacked(), client(), settings()) as running:
        yield running


def echo_on(runtime: LambdaRuntime, **options: Any) -> Echo:
    echo = Echo.returning(clock=RunningClock(), **options)
    echo.skill = SkillOnLambda(runtime, echo._records)  # type: ignore[assignment]
    return echo


def test_a_whole_conversation(runtime: LambdaRuntime) -> None:
    echo = echo_on(runtime)
    welcome = echo.launch()
    assert (welcome.outcome, welcome.errors) == ("welcome", ())

    started = echo.say("start cold therapy for fifteen minutes")
    assert (started.outcome, started.details["modality"], started.details["seconds"]) == (
        "therapy_started",
        "cold",
        900,
    )
    assert len(echo.timers) == 2  # the look at the skin, and the end
    session = echo.log_entries()[0]
    assert (session["kind"], session["modality"], session["planned_seconds"]) == ("therapy", "cold", 900)

    left = echo.say("how much time is left")
    assert left.outcome == "therapy_remaining"
    assert re.search("minutes? of cold", left.speech)

    stopped = echo.say("stop the ice")
    assert stopped.outcome == "therapy_stopped"
    assert echo.timers == []
    assert [turn.record["db_calls"] for turn in echo.turns if turn.record["db_calls"] > 2] == []


def test_a_new_person_without_timers_is_guided_too(runtime: LambdaRuntime) -> None:
    echo = Echo(clock=RunningClock(), timers="unsupported")
    echo.skill = SkillOnLambda(runtime, echo._records)  # type: ignore[assignment]
    assert echo.say("start cold therapy for fifteen minutes").outcome == "safety_asked"
    started = echo.say("yes")
    assert (started.outcome, started.errors) == ("therapy_started", ())
    assert [entry["kind"] for entry in echo.log_entries()] == ["therapy", "profile", "visit"]


def test_what_it_writes_are_turn_records_and_nothing_personal(runtime: LambdaRuntime) -> None:
    echo = echo_on(runtime)
    echo.say("could you please help me with my terrible neighbour")
    lines = runtime.output.splitlines()
    assert all("outcome" in json.loads(line) for line in lines)
    assert "neighbour" not in runtime.output
    assert echo.envelope({"type": "LaunchRequest"})["context"]["System"]["user"]["userId"] not in runtime.output


PROBE = """
import importlib.util, sys
def lambda_handler(event, context):
    if event == "fail":
        raise ValueError("as it was told")
    return {"path": sys.path, "found": [name for name in event if importlib.util.find_spec(name)]}
"""


def function(folder: Path, source: str) -> Path:
    (folder / "lambda_function.py").write_text(source, encoding="utf-8")
    return folder


def test_a_function_sees_its_own_folder_the_client_and_the_standard_library_alone(tmp_path: Path) -> None:
    with LambdaRuntime(function(tmp_path, PROBE), client(), {}) as runtime:
        names = ["skill", "simulator", "tests", "ask_sdk_core", "boto3", "urllib3", "flask", "pytest", "json"]
        seen = runtime.invoke(names)
    assert seen["found"] == ["json"]
    assert seen["path"][:2] == [str(tmp_path), str(client())]
    assert not [place for place in seen["path"] if "site-packages" in place]


def test_what_goes_wrong_in_a_function_is_told(tmp_path: Path) -> None:
    with LambdaRuntime(function(tmp_path, PROBE), client(), {}) as runtime:
        with pytest.raises(FunctionFailed, match="ValueError"):
            runtime.invoke("fail")
        assert runtime.invoke(["json"])["found"] == ["json"]


def test_a_function_that_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    with (
        LambdaRuntime(function(tmp_path, "import no_such_module"), client(), {}) as runtime,
        pytest.raises(FunctionFailed, match="no_such_module"),
    ):
        runtime.invoke({})


def test_a_function_that_ends_itself_is_noticed(tmp_path: Path) -> None:
    with (
        LambdaRuntime(
            function(tmp_path, "import os; print('that is it', flush=True); os._exit(3)"), client(), {}
        ) as runtime,
        pytest.raises(FunctionFailed, match="that is it"),
    ):
        runtime.invoke({})
