"""A log on each engine in turn, and somebody of whom nothing is known."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from skill.session_log import SessionLog, create_table
from tests.skill.engines import ENGINES, endpoint_of, patient_client
from tests.skill.memory.turns import NOW, TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_people = itertools.count()


@pytest.fixture(scope="module", params=ENGINES)
def client(request: pytest.FixtureRequest) -> DynamoDBClient:
    made = patient_client(endpoint_of(request.param))
    create_table(made, TABLE)
    return made


@pytest.fixture
def log(client: DynamoDBClient) -> SessionLog:
    return SessionLog(TABLE, b"a secret for tests", lambda: client, lambda: NOW)


@pytest.fixture
def person(log: SessionLog) -> str:
    return log.person(f"memory {next(_people)}")
