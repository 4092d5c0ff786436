"""What of the libraries the bundle leaves out or makes smaller, because the skill never reads it.

boto3 brings the descriptions of all of AWS's services with it, 27 MB of them; the skill speaks to those in `SERVICES`.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

SERVICES: Final = frozenset({"dynamodb"})
"""The services of AWS that the skill makes clients for, by boto3's names."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "requests": "only for the SDK's own HTTP client; skill.alexa.api_client is in its place",
}
"""Distributions that a library asks for and that the skill never imports, and why."""

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
            kept[new_place] = _smaller(json.loads(data))
            changed.append(new_place)
        else:
            kept[place] = files[place]
    return kept, sorted(changed)


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
