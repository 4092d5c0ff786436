"""The whole way to AWS, on an engine of this machine: the same template, the same code, and a function that runs.

The engine (ministack) has every type of resource of the template, takes snapshots of versions and enforces permissions.
It does not do what `NOT_PROVED_HERE` names; the template's own tests hold that these are asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deployment.account import Account
from deployment.stack import deploy

NOT_PROVED_HERE = {
    "AWS::DynamoDB::Table": "TimeToLiveSpecification and PointInTimeRecoverySpecification are taken, and not applied",
    "AWS::Lambda::Function": "python3.13 on arm64 is this machine's Python; LogFormat JSON changes no line",
    "AWS::SecretsManager::Secret": "Ref gives the name, not the ARN; ExcludePunctuation is not kept to",
    "AWS::CloudWatch::Dashboard": "kept as it is, never drawn",
    "metrics": "no metrics are made of embedded metric format; the lines are held against its rules instead",
}
PAUSE = 0.02


def run(account: Account, name: str, bundle: Path, **wanted: str) -> tuple[dict[str, str], list[str]]:
    """Deploy; the outputs, and what was said."""
    said: list[str] = []
    return deploy(account, name, bundle, wanted, say=said.append, pause=PAUSE), said


def function_of(account: Account, outputs: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = account.client("lambda").get_function_configuration(FunctionName=outputs["SkillEndpoint"])
    return found
