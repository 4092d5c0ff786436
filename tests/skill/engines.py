"""The engines that the session log is held against: the one on every desk, and Amazon's own where it can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.config import Config

from simulator.echo import TABLE
from simulator.local_dynamodb import REGION, shared_engine
from skill.session_log import create_table, make_client
from tests.engines.strict_dynamodb import missing, strict_endpoint

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STRICT = "DynamoDB Local"

ENGINES = (
    "ministack",
    # One engine is enough for all workers' tests, so they are kept together.
    pytest.param(STRICT, marks=pytest.mark.xdist_group(STRICT)),
)
"""What a fixture of an endpoint is parametrised with."""


def patient_client(endpoint: str) -> DynamoDBClient:
    """A client like the skill's, but one that waits for a slow machine."""
    config = Config(connect_timeout=60, read_timeout=60, retries={"total_max_attempts": 1}, max_pool_connections=10)
    return make_client(endpoint, REGION, config)


def patient_client_with_table(endpoint: str) -> DynamoDBClient:
    """Such a client, and the simulator's table stands ready."""
    client = patient_client(endpoint)
    create_table(client, TABLE)
    return client


def endpoint_of(engine: str) -> str:
    """The URL of a running engine; a test that needs one that can't be had here is skipped, with the reason."""
    if engine != STRICT:
        return shared_engine().endpoint
    reason = missing()
    if reason:
        pytest.skip(reason)
    return strict_endpoint()
