"""AWS on this machine for the tests of the deployment: CloudFormation, and a Lambda that really runs functions."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from boto3.session import Session

from deployment.account import Account
from simulator import Echo
from simulator.envelopes import SKILL_ID as SKILL_ID_OF_THE_DESK
from simulator.local_dynamodb import REGION, LocalDynamoDB

SERVICES = "cloudformation,cloudwatch,dynamodb,iam,lambda,logs,s3,secretsmanager,sns,ssm,sts"
NUMBER = "123456789012"
SKILL_ID = "amzn1.ask.skill.0a1b2c3d-0000-4000-8000-0123456789ab"


class LocalAWS(LocalDynamoDB):
    """The engine of the desk with more of its services, and with permissions: a role may do what its policy says."""

    def start(self) -> None:
        """Start it, with a folder of its own for what it unpacks and does not clear away."""
        self._unpacked = TemporaryDirectory()
        super().start()

    def stop(self) -> None:
        """Stop it, and clear away what it unpacked."""
        super().stop()
        self._unpacked.cleanup()

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {
            "AUTH": "true",
            "LAMBDA_EXECUTOR": "local",
            "MINISTACK_ACCOUNT_ID": NUMBER,
            "SERVICES": SERVICES,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "TMPDIR": self._unpacked.name,
        }

    def account(self) -> Account:
        """The account of the engine, signed in as its root user."""
        session = Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
        return Account(NUMBER, REGION, session, self.endpoint)


def light(bundle: Path, folder: Path, code: str | None = None) -> Path:
    """A bundle without its libraries, which are found in this environment too: quick to unpack, as often as need be.

    Args:
        bundle: the whole one.
        folder: where the new one goes.
        code: what Lambda calls, when that is to be something else.
    """
    path = folder / "light.zip"
    with zipfile.ZipFile(bundle) as whole, zipfile.ZipFile(path, "w") as rest:
        for entry in whole.infolist():
            if entry.filename == "lambda_function.py" and code is not None:
                rest.writestr(entry, code)
            elif entry.filename.startswith("skill/") or entry.filename == "lambda_function.py":
                rest.writestr(entry, whole.read(entry))
    return path


class DeployedSkill:
    """Stands in an Echo's skill for the deployed one: each request goes to the function behind the endpoint."""

    def __init__(self, account: Account, outputs: Mapping[str, str], records: list[Any]) -> None:
        self._lambda = account.client("lambda")
        self._outputs = outputs
        self._records = records

    def handle(self, event: object, context: object = None) -> dict[str, Any]:
        """Have one request answered by the function, and take its turn record from what it printed."""
        wire = json.dumps(event).replace(SKILL_ID_OF_THE_DESK, SKILL_ID)
        endpoint = self._outputs["SkillEndpoint"]
        result = self._lambda.invoke(FunctionName=endpoint, Payload=wire.encode(), LogType="Tail")
        answer: dict[str, Any] = json.loads(result["Payload"].read())
        assert "FunctionError" not in result, answer
        printed = base64.b64decode(result["LogResult"]).decode().splitlines()
        [record] = [json.loads(line) for line in printed if line.startswith("{")]
        self._records.append(record)
        return answer


def echo_on(account: Account, outputs: Mapping[str, str], **options: Any) -> Echo:
    """An Echo whose skill is the deployed one."""
    echo = Echo(**options)
    echo.skill = DeployedSkill(account, outputs, echo._records)  # type: ignore[assignment]
    return echo
