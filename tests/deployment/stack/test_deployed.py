"""What is there after a deployment, and what it does."""

from __future__ import annotations

import json
from pathlib import Path

from deployment.account import Account
from skill.session_log import SessionLog
from tests.deployment.local_aws import SKILL_ID, echo_on
from tests.deployment.stack.running import function_of, run
from tests.skill.emf import emf_faults


def secret_of(account: Account, outputs: dict[str, str]) -> str:
    client = account.client("secretsmanager")
    return str(client.get_secret_value(SecretId=outputs["SecretArn"])["SecretString"])


def test_every_resource_of_the_template_is_made(account: Account, outputs: dict[str, str]) -> None:
    resources = account.client("cloudformation").describe_stack_resources(StackName="hip-coach")["StackResources"]
    assert {one["ResourceStatus"] for one in resources} == {"CREATE_COMPLETE"}
    assert sorted(one["ResourceType"] for one in resources) == sorted(
        [
            "AWS::CloudWatch::Dashboard",
            *["AWS::CloudWatch::Alarm"] * 5,
            "AWS::DynamoDB::Table",
            "AWS::IAM::Role",
            "AWS::Lambda::Alias",
            "AWS::Lambda::Function",
            "AWS::Lambda::Permission",
            "AWS::Lambda::Version",
            "AWS::Logs::LogGroup",
            "AWS::SecretsManager::Secret",
        ]
    )
    assert outputs["SkillEndpoint"].endswith(":function:hip-coach-skill:live")


def test_only_this_skill_may_call_the_alias(account: Account, outputs: dict[str, str]) -> None:
    policy = account.client("lambda").get_policy(FunctionName="hip-coach-skill", Qualifier="live")["Policy"]
    [statement] = json.loads(policy)["Statement"]
    assert "alexa-appkit.amazon.com" in statement["Principal"].values()
    assert statement["Condition"] == {"StringEquals": {"lambda:EventSourceToken": SKILL_ID}}
    assert statement["Resource"] == outputs["SkillEndpoint"]


def test_the_function_is_as_the_template_has_it(account: Account, outputs: dict[str, str]) -> None:
    function = function_of(account, outputs)
    assert function["SnapStart"] == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"}
    assert (function["MemorySize"], function["Timeout"]) == (512, 7)
    assert function["LoggingConfig"]["LogFormat"] == "JSON"
    assert function["LoggingConfig"]["LogGroup"] == outputs["LogGroupName"]
    [group] = account.client("logs").describe_log_groups(logGroupNamePrefix=outputs["LogGroupName"])["logGroups"]
    assert group["retentionInDays"] == 30


def test_a_person_talks_to_the_deployed_skill_and_it_remembers(account: Account, outputs: dict[str, str]) -> None:
    # WHEN somebody opens the skill and starts a session
    echo = echo_on(account, outputs)
    assert echo.launch().outcome == "welcome"
    echo.say("start cold therapy for fifteen minutes")
    assert echo.say("yes").outcome == "therapy_started"
    # THEN the table holds it, under the person's hash with the stack's secret
    user = echo.turns[-1].request["session"]["user"]["userId"]
    client = account.client("dynamodb")
    log = SessionLog(outputs["TableName"], secret_of(account, outputs).encode(), lambda: client, echo.clock)
    entries = {entry.kind: entry for entry in log.newest(log.person(user))}
    assert set(entries) == {"profile", "therapy"}
    assert entries["therapy"].fields["planned_seconds"] == 900
    # AND another visit knows of it
    assert echo_on(account, outputs, user_id=user).say("how much time is left").outcome == "therapy_remaining"


def test_each_turn_leaves_one_line_that_makes_metrics(account: Account, outputs: dict[str, str]) -> None:
    echo = echo_on(account, outputs)
    echo.launch()
    echo.say("what does as pain feel like")
    for turn in echo.turns:
        assert emf_faults(json.dumps(turn.record)) == []
        assert turn.record["function"] == "hip-coach-skill"
        assert turn.record["log_error"] is None
    events = account.client("logs").filter_log_events(logGroupName=outputs["LogGroupName"])["events"]
    assert json.dumps(echo.turns[-1].record) in [event["message"] for event in events]


def test_the_role_may_do_just_what_it_says(account: Account, bundle: Path) -> None:
    # GIVEN a stack whose role has lost its leave to write
    outputs, _ = run(account, "hip-coach-readonly", bundle, SkillId=SKILL_ID)
    iam = account.client("iam")
    [role] = [one["RoleName"] for one in iam.list_roles()["Roles"] if "hip-coach-readonly" in one["RoleName"]]
    policy = iam.get_role_policy(RoleName=role, PolicyName="session-log")["PolicyDocument"]
    policy["Statement"][0]["Action"].remove("dynamodb:PutItem")
    iam.put_role_policy(RoleName=role, PolicyName="session-log", PolicyDocument=json.dumps(policy))
    # WHEN somebody talks to it
    echo = echo_on(account, outputs)
    echo.say("start cold therapy for fifteen minutes")
    turn = echo.say("yes")
    # THEN the session runs all the same, and the operator reads why it wasn't logged
    assert turn.outcome == "therapy_started"
    assert turn.record["log_error"] == "refused (AccessDeniedException)"
    assert turn.record["log_failures"] == 1


def test_a_request_for_another_skill_is_refused(account: Account, outputs: dict[str, str]) -> None:
    event = echo_on(account, outputs).envelope({"type": "LaunchRequest"})
    result = account.client("lambda").invoke(FunctionName=outputs["SkillEndpoint"], Payload=json.dumps(event).encode())
    said = json.loads(result["Payload"].read())["response"]["outputSpeech"]["ssml"]
    assert "Hip Coach" not in said
