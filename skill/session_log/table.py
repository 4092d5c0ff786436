"""The table: how it is made, and the client that speaks to it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import CreateTableInputTypeDef, TimeToLiveSpecificationTypeDef

TABLE_DEFINITION: Final[Mapping[str, Any]] = {
    "AttributeDefinitions": [
        {"AttributeName": "person", "AttributeType": "S"},
        {"AttributeName": "entry", "AttributeType": "S"},
    ],
    "KeySchema": [
        {"AttributeName": "person", "KeyType": "HASH"},
        {"AttributeName": "entry", "KeyType": "RANGE"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
"""The table as CreateTable takes it, without its name. The CloudFormation template says the same, word for word."""

TIME_TO_LIVE: Final[TimeToLiveSpecificationTypeDef] = {"AttributeName": "expires_at", "Enabled": True}


def make_client(endpoint_url: str | None, region: str | None, config: Config | None = None) -> DynamoDBClient:
    """A DynamoDB client.

    Args:
        endpoint_url: where DynamoDB is; None for AWS, or for what AWS_ENDPOINT_URL_DYNAMODB says.
        region: the AWS region; None for what the environment says.
        config: how long it waits and how often it tries. By default as a turn needs it: it answers or fails within two
            seconds, and never tries again by itself.
    """
    from boto3.session import Session
    from botocore.config import Config

    config = config or Config(
        connect_timeout=0.7,
        read_timeout=1.0,
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=4,
        tcp_keepalive=True,
    )
    if endpoint_url is None or urlsplit(endpoint_url).hostname not in ("127.0.0.1", "localhost", "::1"):
        return Session().client("dynamodb", region_name=region, endpoint_url=endpoint_url, config=config)
    # An engine on this machine checks no signature: it works without an AWS account, sees no real key, needs no proxy.
    return Session(aws_access_key_id="local", aws_secret_access_key="local").client(  # noqa: S106
        "dynamodb",
        region_name=region or "us-east-1",
        endpoint_url=endpoint_url,
        config=config.merge(Config(proxies={})),
    )


def create_table(client: DynamoDBClient, table_name: str) -> None:
    """Make the table unless it is there, and wait until it can be used (half a minute at most).

    For engines on the desk and for tests; in AWS the CloudFormation template makes it.

    Raises:
        TimeoutError: when the table is not ready in time.
        botocore.exceptions.ClientError, BotoCoreError: when DynamoDB refuses or cannot be reached.
    """
    try:
        answer = client.create_table(**cast("CreateTableInputTypeDef", {"TableName": table_name, **TABLE_DEFINITION}))
        status = answer["TableDescription"].get("TableStatus")
    except client.exceptions.ResourceInUseException:
        status = None
    give_up_at = time.monotonic() + 30
    while status != "ACTIVE":
        status = client.describe_table(TableName=table_name)["Table"].get("TableStatus")
        if status != "ACTIVE":
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"the table {table_name} is still {status} after half a minute")
            time.sleep(0.1)
    # Asking first, because DynamoDB takes it for an error to switch on what is on.
    present = client.describe_time_to_live(TableName=table_name)["TimeToLiveDescription"].get("TimeToLiveStatus")
    if present not in ("ENABLED", "ENABLING"):
        client.update_time_to_live(TableName=table_name, TimeToLiveSpecification=TIME_TO_LIVE)
