"""`make deploy` and `make destroy`: the CloudFormation stack that Hip Coach runs in.

A deployment is worked out as a change set first and shown, then executed. It is the same code that the tests run
against an AWS engine on this machine.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from deployment.account import Account, DeployError, ensure_bucket, remove_bundles, upload, usual_bucket
from deployment.first_turn import check_answers
from skill.session_log import TABLE_DEFINITION, TIME_TO_LIVE

TEMPLATE: Final = Path(__file__).parents[1] / "infrastructure" / "template.yaml"
SKILL_ID: Final = re.compile(r"amzn1\.ask\.skill\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STACK_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,49}")
RECOVERY_DAYS: Final = 7
"""How long a deleted secret can still be brought back: the least that Secrets Manager allows."""

Say = Callable[[str], None]


def deploy(
    account: Account,
    name: str,
    bundle: Path,
    wanted: Mapping[str, str],
    bucket: str | None = None,
    say: Say = print,
    pause: float = 2.0,
) -> dict[str, str]:
    """Bring the stack to what the template and the bundle say, and wait until it is there.

    Args:
        account: where to.
        name: the stack's name.
        bundle: the zip with the function's code.
        wanted: parameters of the template; what is not named stays as it was, or as the template has it.
        bucket: where bundles are kept; None for one that is made when need be.
        say: takes a line of progress.
        pause: seconds between two looks at how far it is.

    Returns:
        The stack's outputs.

    Raises:
        DeployError: when it can't be done, or failed (then AWS has gone back to what was before).
        botocore.exceptions.BotoCoreError, ClientError: when AWS can't be reached, or refuses.
    """
    if not bundle.is_file():
        raise DeployError(f"there is no bundle at {bundle}: run `make bundle` first")
    check_names(name, wanted)
    cloudformation = account.client("cloudformation")
    stack = describe(cloudformation, name)
    _check_can_deploy(name, stack)
    is_new = stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS"
    before = {} if stack is None or is_new else _parameters(stack)
    if "SkillId" not in before and "SkillId" not in wanted:
        raise DeployError("the first deployment needs the skill's id: make deploy SKILL_ID=amzn1.ask.skill. ...")
    if wanted.get("ExistingTable"):
        prepare_table(account, wanted["ExistingTable"], say)

    bucket = bucket or before.get("CodeBucket") or usual_bucket(account)
    key = f"{name}/{hashlib.sha256(bundle.read_bytes()).hexdigest()[:32]}.zip"
    if ensure_bucket(account, bucket):
        say(f"Made the bucket {bucket}")
    if upload(account, bucket, key, bundle):
        say(f"Uploaded the bundle ({bundle.stat().st_size / 1e6:.1f} MB) to s3://{bucket}/{key}")

    template = TEMPLATE.read_text(encoding="utf-8")
    known = cloudformation.validate_template(TemplateBody=template)["Parameters"]
    values = {one["ParameterKey"]: before.get(one["ParameterKey"], one.get("DefaultValue", "")) for one in known}
    values |= {**wanted, "CodeBucket": bucket, "CodeKey": key}
    template = template.replace("Unreleased", _release(template, values, _rotated(account, stack)))
    changed = _execute(cloudformation, name, is_new, template, values, say, pause)
    outputs = _outputs(describe(cloudformation, name))
    if changed:
        check_answers(account, outputs["SkillEndpoint"], str(values["SkillId"]), pause)
        say("The function answers.")
    else:
        say("Nothing has changed since the last deployment.")
    return outputs


def check_names(name: str, wanted: Mapping[str, str]) -> None:
    """Look at what can be told before AWS is asked.

    Raises:
        DeployError: for a stack's name or a skill id that can't be one.
    """
    if not STACK_NAME.fullmatch(name):
        raise DeployError(f"{name!r} is no name for a stack: a letter, then up to 49 letters, digits and hyphens")
    if "SkillId" in wanted and not SKILL_ID.fullmatch(wanted["SkillId"]):
        raise DeployError(
            f"{wanted['SkillId']!r} is no skill id: the Alexa developer console shows it as "
            "amzn1.ask.skill. and 36 letters, digits and hyphens"
        )


def destroy(account: Account, name: str, delete_data: bool, say: Say = print, pause: float = 2.0) -> None:
    """Remove the stack; the session log and its secret only when that is wanted too.

    Raises:
        DeployError: when there is no such stack, or it can't be removed.
        botocore.exceptions.BotoCoreError, ClientError: when AWS can't be reached, or refuses.
    """
    cloudformation = account.client("cloudformation")
    stack = describe(cloudformation, name)
    if stack is None:
        raise DeployError(f"there is no stack {name} in {account.region}")
    if stack["StackStatus"].endswith("IN_PROGRESS") and stack["StackStatus"] != "REVIEW_IN_PROGRESS":
        raise DeployError(f"the stack {name} is being changed ({stack['StackStatus']}): wait until that is done")
    outputs, bucket = _outputs(stack), _parameters(stack).get("CodeBucket")
    seen = _seen(cloudformation, name)
    # By its id it can still be looked at when it is gone.
    cloudformation.delete_stack(StackName=stack["StackId"])
    _follow(cloudformation, stack["StackId"], seen, ("DELETE_COMPLETE",), say, pause)
    if bucket:
        say(f"Removed {remove_bundles(account, bucket, f'{name}/')} bundles from s3://{bucket}")
    table, secret = outputs.get("TableName"), outputs.get("SecretArn")
    if table is None or secret is None:
        return
    if delete_data:
        account.client("dynamodb").delete_table(TableName=table)
        account.client("secretsmanager").delete_secret(SecretId=secret, RecoveryWindowInDays=RECOVERY_DAYS)
        say(f"Deleted the session log {table}. AWS keeps a backup of it for 35 days.")
        say(f"Deleted the secret {secret}. It can be brought back for {RECOVERY_DAYS} days.")
    else:
        say(f"Kept the session log {table} and the secret {secret}.")
        say(f"To go on with them: make deploy SKILL_ID=... ARGS='--table {table} --secret {secret}'")


def prepare_table(account: Account, table: str, say: Say) -> None:
    """Make a table that the stack did not make fit to be the session log: restored ones have lost some settings.

    Raises:
        DeployError: when there is no such table, or it isn't a session log.
    """
    dynamodb = account.client("dynamodb")
    try:
        keys = dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
    except dynamodb.exceptions.ResourceNotFoundException:
        raise DeployError(f"there is no table {table} in {account.region}") from None
    if keys != TABLE_DEFINITION["KeySchema"]:
        raise DeployError(f"the table {table} has other keys than a session log: name the right one with --table")
    expiry = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if expiry.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=TIME_TO_LIVE)
        say(f"Switched on expiry for {table}")
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    if backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
        dynamodb.update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        say(f"Switched on point-in-time recovery for {table}")


def describe(cloudformation: Any, name: str) -> dict[str, Any] | None:
    """The stack as AWS tells it, or None when there is none."""
    try:
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response.get("Error", {}).get("Message", ""):
            return None
        raise
    return stack


def _check_can_deploy(name: str, stack: Mapping[str, Any] | None) -> None:
    status = stack["StackStatus"] if stack else "REVIEW_IN_PROGRESS"
    if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"):
        raise DeployError(
            f"the stack {name} is left over from something that failed ({status}): `make destroy`, then deploy again"
        )
    if status == "UPDATE_ROLLBACK_FAILED":
        raise DeployError(f"the stack {name} is stuck ({status}): choose 'Continue update rollback' in the AWS console")
    if status.endswith("IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
        raise DeployError(f"the stack {name} is being changed ({status}): wait until that is done")


def _parameters(stack: Mapping[str, Any]) -> dict[str, str]:
    return {entry["ParameterKey"]: entry["ParameterValue"] for entry in stack.get("Parameters", [])}


def _outputs(stack: Mapping[str, Any] | None) -> dict[str, str]:
    return {entry["OutputKey"]: entry["OutputValue"] for entry in (stack or {}).get("Outputs", [])}


def _rotated(account: Account, stack: Mapping[str, Any] | None) -> str:
    """Which value of the secret is the current one; empty for the one that it was made with."""
    secret = _outputs(stack).get("SecretArn")
    if secret is None:
        return ""
    stages = account.client("secretsmanager").describe_secret(SecretId=secret)["VersionIdsToStages"]
    current = [version for version, names in stages.items() if "AWSCURRENT" in names]
    return current[0] if len(stages) > 1 and current else ""


def _release(template: str, values: Mapping[str, str], rotated: str) -> str:
    """A name for this very state: the same for the same code, template, parameters and secret."""
    parts = [template, rotated, *(f"{key}={values[key]}" for key in sorted(values))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _execute(
    cloudformation: Any,
    name: str,
    is_new: bool,
    template: str,
    values: Mapping[str, str],
    say: Say,
    pause: float,
) -> bool:
    """Work out what changes, show it and do it. False when nothing does."""
    change_set = cloudformation.create_change_set(
        StackName=name,
        ChangeSetName=f"release-{secrets.token_hex(6)}",
        ChangeSetType="CREATE" if is_new else "UPDATE",
        TemplateBody=template,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
        Capabilities=["CAPABILITY_IAM"],
    )["Id"]
    while (plan := cloudformation.describe_change_set(ChangeSetName=change_set))["Status"].endswith(
        ("PENDING", "IN_PROGRESS")
    ):
        time.sleep(pause)
    if plan["Status"] == "FAILED":
        reason = " ".join(plan.get("StatusReason", "no reason given").split())
        cloudformation.delete_change_set(ChangeSetName=change_set)
        if "didn't contain changes" in reason or "No updates are to be performed" in reason:
            return False
        raise DeployError(f"the stack {name} can't be changed like this: {reason}")
    for change in (entry["ResourceChange"] for entry in plan["Changes"]):
        again = " (made anew)" if change.get("Replacement") == "True" else ""
        say(f"Will {change['Action'].lower()} {change['LogicalResourceId']}{again}")
    seen = _seen(cloudformation, name)
    cloudformation.execute_change_set(ChangeSetName=change_set)
    _follow(cloudformation, name, seen, ("CREATE_COMPLETE", "UPDATE_COMPLETE"), say, pause)
    return True


def _events(cloudformation: Any, name: str, seen: set[str]) -> list[Mapping[str, Any]]:
    """The stack's events that were not seen yet, oldest first; they are noted as seen."""
    fresh: list[Mapping[str, Any]] = []
    for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
        new = [event for event in page["StackEvents"] if event["EventId"] not in seen]
        fresh += new
        if len(new) < len(page["StackEvents"]):
            break
    seen.update(event["EventId"] for event in fresh)
    return fresh[::-1]


def _seen(cloudformation: Any, name: str) -> set[str]:
    seen: set[str] = set()
    _events(cloudformation, name, seen)
    return seen


def _follow(cloudformation: Any, name: str, seen: set[str], good: tuple[str, ...], say: Say, pause: float) -> None:
    """Tell what happens to the stack until nothing more does.

    Raises:
        DeployError: with the first thing that went wrong, when it doesn't end well.
    """
    failure = ""
    while True:
        stack = describe(cloudformation, name)
        status = stack["StackStatus"] if stack else "DELETE_COMPLETE"
        for event in _events(cloudformation, name, seen) if stack else []:
            what, reason = event["LogicalResourceId"], " ".join(event.get("ResourceStatusReason", "").split())
            say(f"  {event['ResourceStatus'].lower().replace('_', ' '):20} {what}")
            if event["ResourceStatus"].endswith("FAILED") and not failure:
                failure = f"{what}: {reason or 'no reason given'}"
        if not status.endswith("IN_PROGRESS"):
            break
        time.sleep(pause)
    if status not in good:
        raise DeployError(f"the stack {name} ended as {status}: {failure or 'see its events in the AWS console'}")
