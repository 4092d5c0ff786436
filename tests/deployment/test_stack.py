"""The whole way to AWS, on an engine of this machine: the same template, the same code, and a function that runs.

The engine (ministack) has every type of resource of the template, takes snapshots of versions and enforces permissions.
It does not do what `NOT_PROVED_HERE` names; the template's own tests hold that these are asked for.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from deployment.__main__ import main
from deployment.account import Account, DeployError, usual_bucket
from deployment.bundle import build
from deployment.stack import deploy, describe, destroy
from simulator.local_dynamodb import REGION
from skill.session_log import SessionLog
from tests.deployment.local_aws import SKILL_ID, LocalAWS, echo_on, light
from tests.skill.emf import emf_faults

NOT_PROVED_HERE = {
    "AWS::DynamoDB::Table": "TimeToLiveSpecification and PointInTimeRecoverySpecification are taken, and not applied",
    "AWS::Lambda::Function": "python3.13 on arm64 is this machine's Python; LogFormat JSON changes no line",
    "AWS::SecretsManager::Secret": "Ref gives the name, not the ARN; ExcludePunctuation is not kept to",
    "AWS::CloudWatch::Dashboard": "kept as it is, never drawn",
    "metrics": "no metrics are made of embedded metric format; the lines are held against its rules instead",
}
PAUSE = 0.02


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAWS]:
    with LocalAWS() as engine:
        # The engine reads AWS's description of a service at its first request, for longer than the skill would wait.
        engine.account().client("dynamodb").list_tables()
        yield engine


@pytest.fixture(scope="module")
def account(aws: LocalAWS) -> Account:
    return aws.account()


@pytest.fixture(scope="module")
def whole_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make bundle` makes, with bytecode for the Python that runs it here."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return build(tmp_path_factory.mktemp("bundle") / "lambda.zip", version, Path(sys.executable)).path


@pytest.fixture(scope="module")
def bundle(whole_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without its libraries, for the tests that deploy again and again."""
    return light(whole_bundle, tmp_path_factory.mktemp("light"))


@pytest.fixture(scope="module")
def outputs(account: Account, whole_bundle: Path) -> dict[str, str]:
    """A stack for the tests that only look at it."""
    return run(account, "hip-coach", whole_bundle, SkillId=SKILL_ID)[0]


def run(account: Account, name: str, bundle: Path, **wanted: str) -> tuple[dict[str, str], list[str]]:
    """Deploy; the outputs, and what was said."""
    said: list[str] = []
    return deploy(account, name, bundle, wanted, say=said.append, pause=PAUSE), said


def function_of(account: Account, outputs: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = account.client("lambda").get_function_configuration(FunctionName=outputs["SkillEndpoint"])
    return found


def secret_of(account: Account, outputs: dict[str, str]) -> str:
    client = account.client("secretsmanager")
    return str(client.get_secret_value(SecretId=outputs["SecretArn"])["SecretString"])


# ---- What is there


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


# ---- What it does


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


# ---- From one deployment to the next


def test_the_same_again_changes_nothing(account: Account, whole_bundle: Path, outputs: dict[str, str]) -> None:
    version = function_of(account, outputs)["Version"]
    again, said = run(account, "hip-coach", whole_bundle)
    assert again == outputs
    assert said == ["Nothing has changed since the last deployment."]
    assert function_of(account, outputs)["Version"] == version


def test_a_new_bundle_or_setting_is_published_as_a_new_version(account: Account, tmp_path: Path, bundle: Path) -> None:
    first, said = run(account, "hip-coach-next", bundle, SkillId=SKILL_ID, MemorySize="256")
    assert "Will add LogTable" in said
    assert said[-1] == "The function answers."
    before = function_of(account, first)
    # WHEN the code changes
    code = 'from skill.app import handle as lambda_handler\nprint("another one")\n'
    second, said = run(account, "hip-coach-next", light(bundle, tmp_path, code))
    after = function_of(account, second)
    # THEN the alias has it, what was set stays, and what lasts isn't touched
    assert after["CodeSha256"] != before["CodeSha256"]
    assert int(after["Version"]) > int(before["Version"])
    assert after["MemorySize"] == 256
    assert second == first
    assert not [line for line in said if line.startswith("Will") and "Log" in line]
    # AND so has a setting that changes alone
    run(account, "hip-coach-next", light(bundle, tmp_path, code), MemorySize="1024")
    assert function_of(account, second)["MemorySize"] == 1024
    versions = account.client("lambda").list_versions_by_function(FunctionName="hip-coach-next-skill")["Versions"]
    assert len(versions) == 2  # $LATEST and the one that is live: a version with a snapshot costs while it is kept.


def test_a_new_secret_comes_with_the_next_deployment(account: Account, bundle: Path) -> None:
    outputs, _ = run(account, "hip-coach-secret", bundle, SkillId=SKILL_ID)
    client = account.client("secretsmanager")
    client.put_secret_value(SecretId=outputs["SecretArn"], SecretString="another secret")
    _, said = run(account, "hip-coach-secret", bundle)
    assert "Will modify SkillFunction" in said
    assert function_of(account, outputs)["Environment"]["Variables"]["HIP_COACH_LOG_SECRET"] == "another secret"
    assert run(account, "hip-coach-secret", bundle)[1] == ["Nothing has changed since the last deployment."]


def test_alarms_are_mailed_when_an_address_is_given(account: Account, bundle: Path) -> None:
    run(account, "hip-coach-mail", bundle, SkillId=SKILL_ID, AlarmEmail="operator@example.org")
    alarms = account.client("cloudwatch").describe_alarms(AlarmNamePrefix="hip-coach-mail")["MetricAlarms"]
    assert len(alarms) == 5
    [topic] = {action for alarm in alarms for action in alarm["AlarmActions"]}
    [subscription] = account.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "operator@example.org")


# ---- The end of it


def test_what_was_logged_outlives_the_stack_and_can_be_gone_on_with(account: Account, bundle: Path) -> None:
    # GIVEN a stack that somebody has used
    outputs, _ = run(account, "hip-coach-old", bundle, SkillId=SKILL_ID)
    echo = echo_on(account, outputs)
    echo.say("start cold therapy for fifteen minutes")
    echo.say("yes")
    user = echo.turns[-1].request["session"]["user"]["userId"]
    table = outputs["TableName"]
    secret = account.client("secretsmanager").describe_secret(SecretId=outputs["SecretArn"])["ARN"]
    # WHEN it is removed
    said: list[str] = []
    destroy(account, "hip-coach-old", delete_data=False, say=said.append, pause=PAUSE)
    # THEN table and secret stay, and the words to go on with them are said
    assert describe(account.client("cloudformation"), "hip-coach-old") is None
    assert said[-1].endswith(f"ARGS='--table {table} --secret {outputs['SecretArn']}'")
    # AND a new stack with them knows the person
    again, _ = run(account, "hip-coach-new", bundle, SkillId=SKILL_ID, ExistingTable=table, ExistingSecret=secret)
    assert again["TableName"] == table
    resources = account.client("cloudformation").describe_stack_resources(StackName="hip-coach-new")["StackResources"]
    assert not {"LogTable", "LogSecret"} & {one["LogicalResourceId"] for one in resources}
    assert echo_on(account, again, user_id=user).say("how much time is left").outcome == "therapy_remaining"
    # AND what a restored table has lost is switched on again
    dynamodb = account.client("dynamodb")
    assert dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_what_was_logged_goes_when_that_is_wanted(account: Account, bundle: Path) -> None:
    outputs, _ = run(account, "hip-coach-gone", bundle, SkillId=SKILL_ID)
    destroy(account, "hip-coach-gone", delete_data=True, say=lambda line: None, pause=PAUSE)
    assert outputs["TableName"] not in account.client("dynamodb").list_tables()["TableNames"]
    assert account.client("secretsmanager").describe_secret(SecretId=outputs["SecretArn"])["DeletedDate"]
    listed = account.client("s3").list_objects_v2(Bucket=usual_bucket(account), Prefix="hip-coach-gone/")
    assert listed["KeyCount"] == 0


# ---- What goes wrong


def fails(account: Account, name: str, bundle: Path, **wanted: str) -> str:
    with pytest.raises(DeployError) as error:
        run(account, name, bundle, **wanted)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_what_can_be_told_at_once_is(account: Account, bundle: Path, tmp_path: Path) -> None:
    assert "make bundle" in fails(account, "hip-coach-x", tmp_path / "none.zip", SkillId=SKILL_ID)
    assert "'amzn1.ask.skill.x' is no skill id" in fails(account, "hip-coach-x", bundle, SkillId="amzn1.ask.skill.x")
    assert "needs the skill's id" in fails(account, "hip-coach-x", bundle)
    assert "no name for a stack" in fails(account, "hip coach", bundle, SkillId=SKILL_ID)
    assert "there is no table nowhere" in fails(
        account, "hip-coach-x", bundle, SkillId=SKILL_ID, ExistingTable="nowhere"
    )
    with pytest.raises(DeployError, match="there is no stack hip-coach-x"):
        destroy(account, "hip-coach-x", delete_data=False, pause=PAUSE)


def test_a_table_of_something_else_is_not_taken_for_a_log(account: Account, bundle: Path) -> None:
    account.client("dynamodb").create_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": "order", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "order", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert "has other keys than a session log" in fails(
        account, "hip-coach-x", bundle, SkillId=SKILL_ID, ExistingTable="orders"
    )


def test_a_deployment_that_fails_says_why_and_leaves_nothing(account: Account, bundle: Path) -> None:
    # GIVEN a secret that isn't there
    secret = f"arn:aws:secretsmanager:{REGION}:{account.number}:secret:nobody-s-AbCdEf"
    said = fails(account, "hip-coach-broken", bundle, SkillId=SKILL_ID, ExistingSecret=secret)
    assert said.startswith("the stack hip-coach-broken ended as ROLLBACK_COMPLETE: SkillFunction: ")
    assert "could not be resolved" in said
    # THEN not even the table is left, which else outlives its stack
    tables = account.client("dynamodb").list_tables()["TableNames"]
    assert not [table for table in tables if table.startswith("hip-coach-broken")]
    # AND what is left of the stack is in the way, until it is removed
    assert "(ROLLBACK_COMPLETE): `make destroy`" in fails(account, "hip-coach-broken", bundle, SkillId=SKILL_ID)
    destroy(account, "hip-coach-broken", delete_data=True, say=lambda line: None, pause=PAUSE)
    assert describe(account.client("cloudformation"), "hip-coach-broken") is None


def test_code_that_does_not_run_is_noticed_before_a_person_hears_it(
    account: Account, tmp_path: Path, bundle: Path
) -> None:
    broken = light(bundle, tmp_path, "import no_such_module\n")
    assert "its function doesn't work" in fails(account, "hip-coach-bad-code", broken, SkillId=SKILL_ID)
    silent = light(bundle, tmp_path, "def lambda_handler(event, context):\n    return {}\n")
    assert "it says nothing" in fails(account, "hip-coach-bad-code", silent, SkillId=SKILL_ID)


# ---- The command line


@pytest.fixture
def signed_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment that knows nothing of AWS."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return monkeypatch


def last_words(capsys: pytest.CaptureFixture[str]) -> str:
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_the_command_line_deploys_and_destroys(
    signed_out: pytest.MonkeyPatch, aws: LocalAWS, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_out.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    signed_out.setenv("AWS_ACCESS_KEY_ID", "test")
    signed_out.setenv("AWS_SECRET_ACCESS_KEY", "test")
    signed_out.setenv("AWS_REGION", REGION)
    signed_out.setattr("time.sleep", lambda seconds: sleep(min(seconds, PAUSE)))
    where = ["--stack", "hip-coach-cli"]
    assert main(["deploy", *where, "--skill-id", SKILL_ID, "--bundle", str(bundle), "--memory", "256"]) == 0
    assert "SkillEndpoint  arn:aws:lambda:us-east-1:123456789012:function:hip-coach-cli-skill:live" in (
        capsys.readouterr().out
    )
    assert main(["deploy", *where, "--bundle", str(bundle), "--alarm-email", "nobody"]) == 2
    assert "must be one e-mail address, or empty" in last_words(capsys)
    assert main(["destroy", *where], ask=lambda question: "hip-coach") == 2
    assert "nothing was removed" in last_words(capsys)

    def nobody_there(question: str) -> str:
        raise EOFError

    assert main(["destroy", *where], ask=nobody_there) == 2
    assert "nothing was removed" in last_words(capsys)
    assert main(["destroy", *where], ask=lambda question: "hip-coach-cli") == 0
    assert "Kept the session log" in capsys.readouterr().out


def test_without_an_account_there_is_one_clear_line(
    signed_out: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deploy", "--skill-id", SKILL_ID]) == 2
    assert last_words(capsys) == "hip-coach: no AWS region: name one with --region eu-west-1, or set AWS_REGION"
    assert main(["deploy", "--skill-id", SKILL_ID, "--region", "eu-west-1"]) == 2
    assert last_words(capsys).startswith("hip-coach: no AWS credentials: run `aws configure`")
    assert main(["deploy", "--profile", "nobody"]) == 2
    assert "nobody" in last_words(capsys)
    assert main(["deploy", "--skill-id", "tuesday"]) == 2
    assert "'tuesday' is no skill id" in last_words(capsys)
    signed_out.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    signed_out.setenv("AWS_MAX_ATTEMPTS", "1")
    signed_out.setenv("AWS_ACCESS_KEY_ID", "test")
    signed_out.setenv("AWS_SECRET_ACCESS_KEY", "test")
    assert main(["destroy", "--region", "eu-west-1"]) == 2
    assert "AWS cannot be reached" in last_words(capsys)


def test_credentials_that_aws_does_not_know_are_named(
    signed_out: pytest.MonkeyPatch, aws: LocalAWS, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_out.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    signed_out.setenv("AWS_ACCESS_KEY_ID", "AKIAUNKNOWNUNKNOWN00")
    signed_out.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert main(["deploy", "--skill-id", SKILL_ID, "--region", REGION]) == 2
    assert "AWS does not know these credentials" in last_words(capsys)
