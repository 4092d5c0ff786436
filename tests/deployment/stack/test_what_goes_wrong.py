"""Deployments that fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from deployment.account import Account, DeployError
from deployment.stack import describe, destroy
from simulator.local_dynamodb import REGION
from tests.deployment.local_aws import SKILL_ID, light
from tests.deployment.stack.running import PAUSE, run


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
