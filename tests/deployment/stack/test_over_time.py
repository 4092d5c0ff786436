"""From one deployment to the next, and the end of it."""

from __future__ import annotations

from pathlib import Path

from deployment.account import Account, usual_bucket
from deployment.stack import describe, destroy
from tests.deployment.local_aws import SKILL_ID, echo_on, light
from tests.deployment.stack.running import PAUSE, function_of, run


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
