"""What a query over many sessions brings: of each only the fields that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.session_log.entries import Fields
from skill.session_log.stored_values import read


@dataclass(frozen=True)
class Outline:
    """As much of an entry as was asked for; not whole, so never to be written back."""

    entry: str
    kind: str
    fields: Fields


@dataclass(frozen=True)
class Outlines:
    """What one query found, newest first."""

    found: tuple[Outline, ...]
    complete: bool
    """Whether that is all. False: there is more, further back."""


def outline_of(item: Mapping[str, Any]) -> Outline | None:
    """The outline in a DynamoDB item; None when it is corrupt."""
    try:
        fields = {name: read(value) for name, value in item.get("fields", {}).get("M", {}).items()}
        return Outline(item["entry"]["S"], item["kind"]["S"], fields)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return None
