"""The session log on each engine in turn, through the same boto3 code that runs in AWS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from skill.session_log import (
    SessionLog,
    create_table,
)
from tests.skill.engines import ENGINES, endpoint_of, patient_client
from tests.skill.session_log.entries import NOW, SECRET, TABLE, somebody

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module", params=ENGINES)
def client(request: pytest.FixtureRequest) -> Iterator[DynamoDBClient]:
    """A client of each engine in turn, where the table stands ready."""
    with closing(patient_client(endpoint_of(request.param))) as made:
        create_table(made, TABLE)
        yield made


@pytest.fixture(scope="module")
def log(client: DynamoDBClient) -> SessionLog:
    return SessionLog(TABLE, SECRET, lambda: client, lambda: NOW, pause=lambda _seconds: None)


@pytest.fixture
def person(log: SessionLog) -> str:
    """Somebody of whom nothing is known yet."""
    return somebody(log)
