"""What of the libraries the bundle leaves out or makes smaller, because the skill never reads it.

boto3 brings the descriptions of all of AWS's services with it, 27 MB of them. The skill speaks to those in
`SERVICES`, and of a service it needs the operations that it calls and what they exchange: more would be read at each
start.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

SERVICES: Final[Mapping[str, frozenset[str]]] = {
    "dynamodb": frozenset({"BatchWriteItem", "PutItem", "Query", "TransactWriteItems"})
}
"""The services of AWS that the skill makes clients for, by boto3's names, and what it asks of them."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "requests": "only for the SDK's own HTTP client; skill.alexa.api_client is in its place",
}
"""Distributions that a library asks for and that the skill never imports, and why."""

IMPORTED_LATER: Final[Mapping[str, tuple[bytes, bytes]]] = {
    "urllib3/http2/__init__.py": (b"from importlib.metadata import version\n", b"def inject_into_urllib3() -> None:\n"),
}
"""Imports that take long and are needed in one function only, which the skill never calls; they are moved there."""

_NOT_NEEDED = re.compile(r"(^|/)(tests?|examples)/|(^|/)examples-\d+\.json(\.gz)?$|\.pyi$|(^|/)py\.typed$|\.pyc$")
_SERVICE_DATA = re.compile(r"^(?:botocore|boto3)/data/([^/]+)/(?:(\d{4}-\d{2}-\d{2})/)?")
_ENDPOINTS: Final = "botocore/data/endpoints.json"


def trimmed(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    """The files that are kept, by place, and which of them are not as their makers published them."""
    wanted = [place for place in files if not _NOT_NEEDED.search(place)]
    newest = _newest_versions(wanted)
    kept: dict[str, bytes] = {}
    changed = []
    for place in wanted:
        service = _SERVICE_DATA.match(place)
        if service and (service[1] not in SERVICES or service[2] not in (None, newest.get(service[1]))):
            continue
        if place == _ENDPOINTS or (service and place.endswith(".json.gz")):
            new_place = place.removesuffix(".gz")
            data = gzip.decompress(files[place]) if place.endswith(".gz") else files[place]
            description = json.loads(data)
            if service and new_place.endswith("/service-2.json"):
                description = _with_operations(description, SERVICES[service[1]])
            kept[new_place] = _smaller(description)
            changed.append(new_place)
        else:
            kept[place] = _importing_later(place, files[place])
            if kept[place] != files[place]:
                changed.append(place)
    return kept, sorted(changed)


def _importing_later(place: str, source: bytes) -> bytes:
    """A module with its slow import moved into the function that needs it; as it is, if it doesn't look like that."""
    if place not in IMPORTED_LATER:
        return source
    line, function = IMPORTED_LATER[place]
    if source.count(line) != 1 or source.count(function) != 1:
        return source
    return source.replace(line, b"").replace(function, function + b"    " + line)


def _newest_versions(places: Iterable[str]) -> dict[str, str]:
    """For each service the newest version of its interface that has a description; boto3 takes it."""
    newest: dict[str, str] = {}
    for place in places:
        service = _SERVICE_DATA.match(place)
        if service and service[2] and "/service-2.json" in place:
            newest[service[1]] = max(newest.get(service[1], ""), service[2])
    return newest


def _smaller(description: Any) -> bytes:
    """A description without what only people read, and without the addresses of services that are never called."""
    for partition in description.get("partitions", ()):
        partition["services"] = {name: value for name, value in partition["services"].items() if name in SERVICES}
    return json.dumps(_undocumented(description), separators=(",", ":")).encode()


def _with_operations(description: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """A service's description with these operations alone, and the one that finds its addresses, if it has one."""
    operations = {
        name: operation
        for name, operation in description.get("operations", {}).items()
        if name in names or operation.get("endpointoperation")
    }
    shapes = description.get("shapes", {})
    needed: dict[str, Any] = {}
    waiting = list(_shape_names(operations))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = shapes[name]
            waiting += _shape_names(shapes[name])
    # In their old order, so that the same description is made every time.
    return {
        **description,
        "operations": operations,
        "shapes": {name: shapes[name] for name in shapes if name in needed},
    }


def _shape_names(value: Any) -> Iterator[str]:
    """The shapes that a part of a description names."""
    if isinstance(value, dict):
        if isinstance(value.get("shape"), str):
            yield value["shape"]
        for part in value.values():
            yield from _shape_names(part)
    elif isinstance(value, list):
        for part in value:
            yield from _shape_names(part)


def _undocumented(value: Any) -> Any:
    if isinstance(value, dict):
        # A shape may have a member of that name; only the text itself is documentation.
        return {
            name: _undocumented(part)
            for name, part in value.items()
            if not (name == "documentation" and isinstance(part, str))
        }
    if isinstance(value, list):
        return [_undocumented(part) for part in value]
    return value
