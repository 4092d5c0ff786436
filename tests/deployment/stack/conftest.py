"""The engine, an account on it, a bundle, and a stack."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment.account import Account
from deployment.bundle import build
from tests.deployment.local_aws import SKILL_ID, LocalAWS, light
from tests.deployment.stack.running import run


@pytest.fixture(scope="package")
def aws() -> Iterator[LocalAWS]:
    with LocalAWS() as engine:
        # The engine reads AWS's description of a service at its first request, for longer than the skill would wait.
        engine.account().client("dynamodb").list_tables()
        yield engine


@pytest.fixture(scope="package")
def account(aws: LocalAWS) -> Account:
    return aws.account()


@pytest.fixture(scope="package")
def whole_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make bundle` makes, with bytecode for the Python that runs it here."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return build(tmp_path_factory.mktemp("bundle") / "lambda.zip", version, Path(sys.executable)).path


@pytest.fixture(scope="package")
def bundle(whole_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without its libraries, for the tests that deploy again and again."""
    return light(whole_bundle, tmp_path_factory.mktemp("light"))


@pytest.fixture(scope="package")
def outputs(account: Account, whole_bundle: Path) -> dict[str, str]:
    """A stack for the tests that only look at it."""
    return run(account, "hip-coach", whole_bundle, SkillId=SKILL_ID)[0]
