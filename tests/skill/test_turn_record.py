"""Turn records as CloudWatch reads them: metrics by the rules of its embedded metric format, and nothing personal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from simulator import Echo
from skill.app import create_skill
from skill.settings import Settings
from skill.turn_record import METRICS, recorder, with_metrics
from tests.skill.emf import emf_faults

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FUNCTION = "hip-coach-skill"


def record_of(utterance: str, **table_fault: Any) -> Mapping[str, Any]:
    echo = Echo.returning()
    if table_fault:
        echo.table.fail(**table_fault)
    return echo.say(utterance).record


@pytest.mark.parametrize(
    "utterance",
    ["start cold therapy for fifteen minutes", "what does as pain feel like", "i can't feel my legs", "purple monday"],
)
def test_a_record_on_lambda_keeps_to_the_embedded_metric_format(utterance: str) -> None:
    record = record_of(utterance)
    measured = with_metrics(record, FUNCTION, NOON)
    assert emf_faults(json.dumps(measured)) == []
    assert {name: measured[name] for name in record} == dict(record)
    assert measured["function"] == FUNCTION
    assert measured["_aws"]["Timestamp"] == NOON.timestamp() * 1000
    defined = measured["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    assert {metric["Name"]: metric["Unit"] for metric in defined} == METRICS


def test_the_rules_themselves_find_faults() -> None:
    good = with_metrics(record_of("help"), FUNCTION, NOON)
    assert emf_faults(json.dumps({**good, "turns": "one"})) == ["metric turns is no number"]
    assert emf_faults(json.dumps({**good, "function": None})) == ["dimension function is no text"]
    assert emf_faults(json.dumps({**good, "_aws": {**good["_aws"], "Timestamp": 1772452800}})) == [
        "Timestamp is not in milliseconds since 1970"
    ]


def test_a_turn_counts_as_what_it_came_to() -> None:
    def counts(record: Mapping[str, Any]) -> dict[str, int]:
        measured = with_metrics(record, FUNCTION, NOON)
        return {name: measured[name] for name in ("turns", "unavailable", "red_flags", "log_failures")}

    usual = {"turns": 1, "unavailable": 0, "red_flags": 0, "log_failures": 0}
    assert counts(record_of("help")) == usual
    assert counts(record_of("i can't feel my legs")) == {**usual, "red_flags": 1}
    assert counts({**record_of("help"), "outcome": "unavailable"}) == {**usual, "unavailable": 1}
    throttled = record_of("start cold therapy for fifteen minutes", how="throttled", times=5)
    assert counts(throttled) == {**usual, "log_failures": 1}
    assert throttled["log_error"] == "throttled (ProvisionedThroughputExceededException)"


@pytest.mark.parametrize(
    ("how", "reason"),
    [("unreachable", "unreachable (EndpointConnectionError)"), ("refused", "refused (AccessDeniedException)")],
)
def test_a_record_says_why_the_log_failed(how: str, reason: str) -> None:
    assert record_of("start cold therapy for fifteen minutes", how=how, times=5)["log_error"] == reason
    assert record_of("help")["log_error"] is None


def test_only_on_lambda_are_records_printed_with_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    event = Echo().envelope({"type": "LaunchRequest"})
    create_skill(Settings(), clock=lambda: NOON).handle(event)
    create_skill(Settings(function_name=FUNCTION), clock=lambda: NOON).handle(event)
    plain, measured = map(json.loads, capsys.readouterr().out.splitlines())
    assert "_aws" not in plain
    assert set(measured) - set(plain) == {"_aws", "function", "turns", "unavailable", "red_flags", "log_failures"}
    assert Settings.from_environment({"AWS_LAMBDA_FUNCTION_NAME": FUNCTION}).function_name == FUNCTION


def test_a_printed_record_is_one_line_even_where_it_holds_several(capsys: pytest.CaptureFixture[str]) -> None:
    recorder(FUNCTION, lambda: NOON)({**record_of("help"), "details": {"a\nb": "c\x1b\u2028"}})
    [line] = capsys.readouterr().out.splitlines()
    assert emf_faults(line) == []


@pytest.mark.parametrize(("start", "loaded"), [("snap-start", True), ("on-demand", False)])
def test_what_is_loaded_late_is_loaded_early_for_a_snapshot_only(start: str, loaded: bool) -> None:
    program = "import json, sys, lambda_function; print(json.dumps(sorted(sys.modules)))"
    environment = {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "lambda")]),
        "HIP_COACH_LOG_SECRET": "s",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_LAMBDA_INITIALIZATION_TYPE": start,
    }
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    modules = json.loads(done.stdout)
    assert "skill.app" in modules
    assert ("botocore.client" in modules) is loaded
