"""The CloudFormation template: clean by cfn-lint, and in step with the code that it carries."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml

from deployment import stack
from skill import turn_record
from skill.session_log import TABLE_DEFINITION, TIME_TO_LIVE
from skill.settings import Settings

ROOT = Path(__file__).parents[2]
TEMPLATE: Mapping[str, Any] = cfn_yaml.load(str(stack.TEMPLATE))
RESOURCES = TEMPLATE["Resources"]
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")

CALLS = {
    "query": {"Query"},
    "put_item": {"PutItem"},
    "transact_write_items": {"PutItem"},
    "batch_write_item": {"BatchWriteItem"},
}
"""The permissions that each call of the session log takes (a transaction: those of the writes in it)."""
FOR_THE_DESK = {"create_table", "describe_table", "describe_time_to_live", "update_time_to_live"}
"""Calls of `create_table` in the session log, which the function never makes."""


def properties(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = RESOURCES[name]["Properties"]
    return found


def alarms() -> dict[str, Mapping[str, Any]]:
    return {name: properties(name) for name, one in RESOURCES.items() if one["Type"] == "AWS::CloudWatch::Alarm"}


def test_cfn_lint_finds_nothing() -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--include-checks", "I", "--", str(stack.TEMPLATE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_the_table_is_the_one_that_the_session_log_uses() -> None:
    table = properties("LogTable")
    assert {name: table[name] for name in TABLE_DEFINITION} == dict(TABLE_DEFINITION)
    assert table["TimeToLiveSpecification"] == dict(TIME_TO_LIVE)
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_what_lasts_outlives_the_stack_and_its_mistakes() -> None:
    for name in ("LogTable", "LogSecret"):
        assert RESOURCES[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


def test_the_role_may_do_what_the_session_log_does_to_its_table_and_no_more() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "skill" / "session_log").glob("*.py")]
    calls = set(re.findall(r"\bclient\.([a-z_]+)\(", "".join(sources))) - FOR_THE_DESK
    needed = set().union(*(CALLS[call] for call in calls))
    policies = {one["PolicyName"]: one["PolicyDocument"]["Statement"] for one in properties("SkillRole")["Policies"]}
    [statement] = policies["session-log"]
    assert set(statement["Action"]) == {f"dynamodb:{action}" for action in needed}
    assert "*" not in json.dumps(policies)
    assert set(policies) == {"session-log", "turn-records"}


def test_the_function_s_variables_are_ones_that_the_settings_read() -> None:
    variables = properties("SkillFunction")["Environment"]["Variables"]
    given = {name: f"given {name}" for name in variables}
    settings = Settings.from_environment(given)
    assert [settings.table_name, settings.skill_id, settings.log_secret] == [
        given["HIP_COACH_TABLE"],
        given["HIP_COACH_SKILL_ID"],
        given["HIP_COACH_LOG_SECRET"],
    ]
    assert len(variables) == 3


def test_the_function_is_the_one_that_the_bundle_has() -> None:
    function = properties("SkillFunction")
    module, handler = function["Handler"].split(".")
    namespace = (ROOT / "lambda" / f"{module}.py").read_text(encoding="utf-8")
    assert f"as {handler}" in namespace
    assert function["Timeout"] == 7  # Alexa gives up after eight seconds.
    assert function["LoggingConfig"]["LogFormat"] == "JSON"


def test_only_the_alias_can_be_called_and_only_by_the_skill() -> None:
    [permission] = [one["Properties"] for one in RESOURCES.values() if one["Type"] == "AWS::Lambda::Permission"]
    assert permission["FunctionName"] == {"Ref": "LiveAlias"}
    assert permission["Principal"] == "alexa-appkit.amazon.com"
    assert permission["EventSourceToken"] == {"Ref": "SkillId"}


def test_alarms_and_dashboard_know_the_metrics_of_the_turn_records() -> None:
    ours = [alarm for alarm in alarms().values() if alarm["Namespace"] == turn_record.NAMESPACE]
    assert {alarm["MetricName"] for alarm in ours} == {"unavailable", "log_failures"}
    for alarm in ours:
        assert alarm["MetricName"] in turn_record.METRICS
        assert [one["Name"] for one in alarm["Dimensions"]] == [turn_record.DIMENSION]
    body = properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(body)["widgets"]
    first = [widget["properties"]["metrics"][0] for widget in widgets if widget["type"] == "metric"]
    shown = {metric[1] for metric in first if metric[0] == turn_record.NAMESPACE} | set(
        re.findall(r'\["\.", "(\w+)", "\.", "\."\]', body)
    )
    assert shown == set(turn_record.METRICS)


@pytest.mark.parametrize("name", alarms())
def test_each_alarm_tells_where_the_runbook_is(name: str) -> None:
    alarm = alarms()[name]
    heading = re.search(r'See docs/operating\.md, "(.+)"\.', alarm["AlarmDescription"])
    assert heading is not None
    assert f"\n### {heading[1]}\n" in OPERATING
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmActions"] == alarm["OKActions"]


def test_the_skill_id_is_checked_alike_here_and_there() -> None:
    assert TEMPLATE["Parameters"]["SkillId"]["AllowedPattern"] == stack.SKILL_ID.pattern


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        ("SkillId", "amzn1.ask.skill.0a1b2c3d-0000-4000-8000-0123456789ab", "amzn1.ask.skill.x"),
        ("CodeBucket", "hip-coach-code-123456789012-eu-west-1", "Hip_Coach"),
        ("AlarmEmail", "operator@example.org", "operator"),
        ("AlarmEmail", "", "a@b@c.d"),
        ("ExistingTable", "hip-coach-LogTable-1ABC", "no table"),
        ("ExistingSecret", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:log-AbCdEf", "log"),
    ],
)
def test_parameters_are_checked(parameter: str, good: str, bad: str) -> None:
    pattern = TEMPLATE["Parameters"][parameter]["AllowedPattern"]
    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, bad)
