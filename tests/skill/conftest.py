"""Settings for every test of the skill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from simulator.table_faults import TableFaults

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# A slow machine must not fail a test: how long an example takes is no part of what is tested.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def faults(client: DynamoDBClient) -> Iterator[TableFaults]:
    """Makes the client of the tests' own folder fail as they say."""
    made = TableFaults()
    made.attach(client)
    yield made
    made.detach(client)
