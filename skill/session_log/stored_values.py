"""Entries as DynamoDB items, there and back. boto3's own serializer is of no use here, because it takes no floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

from skill.session_log.entries import JSON, WHOLE_NUMBERS, LogEntry

SCHEMA: Final = 1
"""The version of the stored shape. Items with a higher one were written by a later Hip Coach and are left alone."""


def entry_of(item: Mapping[str, Any], moment: float) -> LogEntry | None:
    """The entry in a DynamoDB item, or None when it has expired at `moment`, is of a later schema, or is corrupt."""
    try:
        if int(item["schema"]["N"]) > SCHEMA:
            return None
        # DynamoDB deletes up to days after the time; for the person it is gone when it was said to be.
        if int(item["expires_at"]["N"]) <= moment:
            return None
        return LogEntry(
            entry=item["entry"]["S"],
            kind=item["kind"]["S"],
            revision=int(item["revision"]["N"]),
            changed_by=item["changed_by"]["S"],
            fields=cast("dict[str, JSON]", read({"M": item["fields"]["M"]})),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        return None


def corrupt_revision(item: Mapping[str, Any]) -> int | None:
    """The revision of an item of this schema that `entry_of` can't read; None for one of a later schema, for what is
    not there, and where the revision itself can't be read or passed."""
    try:
        revision = int(item["revision"]["N"])
        return revision if int(item["schema"]["N"]) <= SCHEMA and 0 <= revision < WHOLE_NUMBERS else None
    except (KeyError, TypeError, ValueError):
        return None


def item_of(person: str, entry: LogEntry, expires_at: int) -> dict[str, Any]:
    """The DynamoDB item for an entry of a person, which expires at that second."""
    return {
        "person": {"S": person},
        "entry": {"S": entry.entry},
        "kind": {"S": entry.kind},
        "schema": {"N": str(SCHEMA)},
        "revision": {"N": str(entry.revision)},
        "changed_by": {"S": entry.changed_by},
        "expires_at": {"N": str(expires_at)},
        "fields": stored(entry.fields),
    }


def stored(value: object) -> dict[str, Any]:
    """A JSON value as DynamoDB writes it."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int() | float():
            return {"N": repr(value) if value else "0"}
        case Mapping():
            return {"M": {name: stored(part) for name, part in value.items()}}
        case _:
            return {"L": [stored(part) for part in cast("Sequence[object]", value)]}


def read(attribute: Mapping[str, Any]) -> JSON:
    """The JSON value in a DynamoDB attribute.

    Raises:
        ValueError, TypeError, ArithmeticError: for types that JSON has not, and for what is no attribute.
    """
    [(type_name, value)] = attribute.items()
    match type_name:
        case "NULL":
            return None
        case "BOOL" | "S":
            return cast("JSON", value)
        case "N":
            number = Decimal(value)
            whole = abs(number) <= WHOLE_NUMBERS and number == number.to_integral_value()
            return int(number) if whole else float(number)
        case "M":
            return {name: read(part) for name, part in value.items()}
        case "L":
            return [read(part) for part in value]
    raise ValueError("a DynamoDB type that JSON has not")
