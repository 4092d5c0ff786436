"""One thing that the session log remembers, as a value, and what may be in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"
Fields: TypeAlias = Mapping[str, JSON]

PROFILE: Final = "profile"
"""The sort key of the one entry about the person. It sorts after every session and before every visit."""
SESSION_KEY: Final = "log#"
"""What the sort keys of sessions begin with; the moment when they began follows."""
VISIT_KEY: Final = "visit#"
"""What the sort keys of visits begin with, likewise. Visits sort apart, so that they never crowd out a session."""

_STAMP: Final = "%Y-%m-%dT%H:%M:%S"
_STAMP_LENGTH: Final = len("2026-03-02T09:00:00")

WHOLE_NUMBERS: Final = 2**53
"""Up to here JSON and DynamoDB both keep whole numbers exactly."""

_ENTRY_KEY = re.compile(r"profile|(log|visit)#[!-~]{1,120}")
_NAME = re.compile(r"[!-~]{1,64}")
_LARGEST: Final = 1e125
_SMALLEST: Final = 1e-129
_DEEPEST: Final = 20
_MOST_CHARACTERS: Final = 20_000


@dataclass(frozen=True)
class LogEntry:
    """One thing that the log remembers of a person, whole, as it was after its latest change.

    Attributes:
        entry: the sort key: "profile", or "log#" or "visit#" and what sorts by time, such as
            "log#2026-03-02T09:00:00.000Z#ab12cd34".
        kind: what the entry is about: "profile", "therapy", ...
        revision: 1 when first written, one more with each change.
        changed_by: a short hash of the id of the request that made this revision.
        fields: what is remembered; plain JSON values. Numbers are held to what JSON and DynamoDB both keep exactly:
            whole numbers up to 2**53, floats from 1e-129 to 1e125. A float without a fraction is read back as an int.

    Raises:
        ValueError: when a part is not of that shape. The text names the part, never its value.
    """

    entry: str
    kind: str
    revision: int
    changed_by: str
    fields: Fields

    def __post_init__(self) -> None:
        if not isinstance(self.entry, str) or not _ENTRY_KEY.fullmatch(self.entry):
            raise ValueError('an entry\'s key must be "profile" or begin with "log#" or "visit#"')
        for name, value in (("kind", self.kind), ("changed_by", self.changed_by)):
            if not isinstance(value, str) or not _NAME.fullmatch(value):
                raise ValueError(f"an entry's {name} must be 1 to 64 plain characters")
        if type(self.revision) is not int or not 1 <= self.revision <= WHOLE_NUMBERS:
            raise ValueError("an entry's revision must be a whole number from 1 on")
        if not isinstance(self.fields, Mapping):
            raise ValueError("an entry's fields must be a mapping")
        if _characters(dict(self.fields), depth=1) > _MOST_CHARACTERS:
            raise ValueError(f"an entry's fields hold more than {_MOST_CHARACTERS} characters")

    def changed(self, request_id_hash: str, /, **fields: JSON) -> LogEntry:
        """The next revision: the same entry with these fields added or replaced, made by this request."""
        return replace(self, revision=self.revision + 1, changed_by=request_id_hash, fields={**self.fields, **fields})

    def as_dict(self) -> dict[str, JSON]:
        """The entry as plain JSON, to travel in the session attributes until it is saved."""
        return {
            "entry": self.entry,
            "kind": self.kind,
            "revision": self.revision,
            "changed_by": self.changed_by,
            "fields": dict(self.fields),
        }

    @classmethod
    def from_dict(cls, data: object) -> LogEntry:
        """Read what `as_dict` wrote. Session attributes come from outside, so nothing is taken on trust.

        Raises:
            ValueError: for anything that is not an entry. The text never holds a value of `data`.
        """
        if not isinstance(data, Mapping):
            raise ValueError("an entry must be a mapping")
        try:
            parts = {name: data[name] for name in ("entry", "kind", "revision", "changed_by", "fields")}
        except KeyError as error:
            raise ValueError(f"an entry lacks {error}") from None
        return cls(**parts)


def key_of(kind_of_key: str, moment: datetime, tail: str) -> str:
    """The sort key (`SESSION_KEY` or `VISIT_KEY`) of what began at that moment; `tail` tells it from its neighbours."""
    return f"{stamp(kind_of_key, moment)}.{moment.microsecond // 1000:03d}Z#{tail}"


def stamp(kind_of_key: str, moment: datetime) -> str:
    """What the keys of that moment's second begin with. All keys of earlier seconds sort before it."""
    return f"{kind_of_key}{moment.astimezone(UTC):{_STAMP}}"


def moment_of(key: str) -> datetime | None:
    """When what has this key began, in UTC; None for a key without a moment."""
    text = key.partition("#")[2][:_STAMP_LENGTH]
    try:
        return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _characters(value: object, depth: int) -> int:
    """About how many characters a JSON value has.

    Raises:
        ValueError: for what JSON or DynamoDB cannot hold.
    """
    if depth > _DEEPEST:
        raise ValueError(f"fields must not be nested more than {_DEEPEST} deep")
    match value:
        case None | bool():
            return 5
        case str():
            # Half a character (a lone surrogate) can travel in JSON escapes, but not to DynamoDB.
            return len(value.encode("utf-8"))
        case int():
            if abs(value) > WHOLE_NUMBERS:
                raise ValueError("whole numbers in fields must be within 2**53")
            return 8
        case float():
            if value and not _SMALLEST <= abs(value) <= _LARGEST:
                raise ValueError("floats in fields must be finite, and neither tiny nor huge")
            return 16
        case dict():
            if not all(isinstance(name, str) and name for name in value):
                raise ValueError("names in fields must be strings, and not empty")
            return 2 + sum(_characters(name, depth) + _characters(part, depth + 1) for name, part in value.items())
        case list():
            return 2 + sum(1 + _characters(part, depth + 1) for part in value)
    raise ValueError("fields must hold plain JSON values only")
