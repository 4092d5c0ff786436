"""Where the log is, whose it is, and every entry of theirs, page by page."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.report.trouble import ReportError
from skill.session_log import LogEntry, SessionLog, make_client
from skill.session_log.stored_values import entry_of
from skill.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Table:
    """A table that can be read, and whose entries to read.

    Attributes:
        client: the DynamoDB client.
        name: the table's name.
        person: the partition key: a keyed hash, as the log makes it.
        place: where the table is, in words for an error.
        missing: what to say when there is no such table.
    """

    client: DynamoDBClient
    name: str
    person: str
    place: str
    missing: str


@contextlib.contextmanager
def desk_table(folder: Path) -> Iterator[Table]:
    """The table of `hip-coach talk`, with the person who spoke last. Its engine runs for as long as this lasts.

    Raises:
        ReportError: when nobody has talked with this folder yet.
        EngineError: when the engine cannot be started, or is in use.
    """
    from simulator.echo import SECRET, TABLE
    from simulator.local_dynamodb import REGION, LocalDynamoDB
    from simulator.talk import PERSON_FILE, read_person

    user_id = read_person(folder / PERSON_FILE).get("user_id")
    nothing = f"there is nothing to report yet: nobody has talked to Hip Coach in the folder {folder}"
    if not user_id:
        raise ReportError(nothing)
    with (
        LocalDynamoDB(folder / "dynamodb") as engine,
        contextlib.closing(_patient_client(engine.endpoint, REGION)) as client,
    ):
        yield Table(client, TABLE, _person(user_id, TABLE, SECRET), f"the folder {folder}", nothing)


@contextlib.contextmanager
def named_table(name: str | None, region: str | None, endpoint: str | None, user_id: str) -> Iterator[Table]:
    """A table on AWS, or at another endpoint, read with the credentials that boto3 finds.

    Args:
        name: the table; None for what the skill's settings say.
        region: the AWS region; None for what the environment says.
        endpoint: where DynamoDB is, when it isn't AWS.
        user_id: the person's id at Alexa. It is hashed with the log's secret, and goes nowhere.

    Raises:
        ReportError: when the secret is missing, or there can be no client.
    """
    settings = _settings()
    if not settings.log_secret:
        raise ReportError("the log's secret is missing: set HIP_COACH_LOG_SECRET as the skill has it")
    table = name or settings.table_name
    endpoint = endpoint or settings.dynamodb_endpoint
    region = region or settings.region
    place = endpoint or (f"the region {region}" if region else "the region of your AWS settings")
    missing = f"there is no table {table} at {place}: look at --table and --region"
    with _explained(table, place, missing):
        client = _patient_client(endpoint, region)
    with contextlib.closing(client):
        yield Table(client, table, _person(user_id, table, settings.log_secret), place, missing)


def read_entries(table: Table, now: datetime, read: Callable[[int], object]) -> tuple[list[LogEntry], int]:
    """Every entry of the person that has not expired, and how many more there are that cannot be read.

    Args:
        table: where, and whose.
        now: the present moment; what has expired by then is gone for the person, though DynamoDB deletes it later.
        read: called with the number of items read so far, after each page.

    Raises:
        ReportError: when the table cannot be read.
    """
    items: list[Mapping[str, Any]] = []
    with _explained(table.name, table.place, table.missing):
        pages = table.client.get_paginator("query").paginate(
            TableName=table.name,
            KeyConditionExpression="#person = :person",
            ExpressionAttributeNames={"#person": "person"},
            ExpressionAttributeValues={":person": {"S": table.person}},
            ConsistentRead=True,
        )
        for page in pages:
            items += page["Items"]
            read(len(items))
    return _entries(items, now)


def _entries(items: Sequence[Mapping[str, Any]], now: datetime) -> tuple[list[LogEntry], int]:
    read = [entry_of(item, now.timestamp()) for item in items]
    unreadable = sum(entry is None and not _expired(item, now) for entry, item in zip(read, items, strict=True))
    return [entry for entry in read if entry is not None], unreadable


def _expired(item: Mapping[str, Any], now: datetime) -> bool:
    try:
        return int(item["expires_at"]["N"]) <= now.timestamp()
    except (KeyError, TypeError, ValueError):
        return False


def _person(user_id: str, table: str, secret: str) -> str:
    """The partition key, made by the log itself, so that it is the same."""

    def never() -> DynamoDBClient:
        raise AssertionError("nothing is read through it")

    return SessionLog(table, secret.encode(), never, datetime.now).person(user_id)


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except ValueError as problem:
        raise ReportError(str(problem)) from None


def _patient_client(endpoint: str | None, region: str | None) -> DynamoDBClient:
    """A client that waits and tries again, unlike the skill's own: nobody waits for a spoken answer here."""
    from botocore.config import Config

    patient = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 3, "mode": "standard"})
    return make_client(endpoint, region, patient)


@contextlib.contextmanager
def _explained(table: str, place: str, missing: str) -> Iterator[None]:
    """Tell in one line what went wrong with the table.

    botocore's own texts stay out: they may quote what was asked for, and so the person.

    Raises:
        ReportError: in place of an error of botocore's.
    """
    from botocore import exceptions

    try:
        yield
    except exceptions.NoRegionError:
        raise ReportError("it is not known in which region the table is: name it with --region") from None
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError):
        raise ReportError("there are no AWS credentials: sign in first, for example with: aws configure") from None
    except exceptions.ClientError as problem:
        code = problem.response.get("Error", {}).get("Code", "Unknown")
        raise ReportError(missing if code == "ResourceNotFoundException" else _refusal(code, table)) from None
    except (exceptions.ConnectionError, exceptions.HTTPClientError):
        raise ReportError(f"DynamoDB cannot be reached at {place}: look at the network, and try again") from None
    except exceptions.BotoCoreError as problem:
        raise ReportError(f"the table {table} cannot be read: {type(problem).__name__} at AWS") from None
    except ValueError:
        # So says botocore of an address that is none; it is the only one of its errors that is not its own.
        raise ReportError(f"DynamoDB cannot be at {place}: give an address such as http://127.0.0.1:8000") from None


def _refusal(code: str, table: str) -> str:
    match code:
        case "AccessDeniedException":
            return f"these AWS credentials may not read the table {table}: they need dynamodb:Query"
        case "UnrecognizedClientException" | "ExpiredTokenException" | "InvalidSignatureException":
            return "AWS does not accept these credentials: sign in again"
    return f"the table {table} cannot be read: {code} at AWS"
