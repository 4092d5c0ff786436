"""Holds JSON against the classes of Amazon's own library for the management API, more strictly than that does.

The library takes unknown keys and wrong types without a word; the management API doesn't.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

MANIFEST: Final = "ask_smapi_model.v1.skill.manifest.skill_manifest_envelope.SkillManifestEnvelope"
MODEL: Final = "ask_smapi_model.v1.skill.interaction_model.interaction_model_data.InteractionModelData"

_PLAIN: Final[dict[str, tuple[type, ...]]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "float": (int, float),
    "datetime": (str,),
    "object": (object,),
}
_LIST: Final = re.compile(r"list\[(.*)\]")
_OBJECT: Final = re.compile(r"dict\(\w+, (.*)\)")


def faults(data: object, kind: str, place: str = "$") -> Iterator[str]:
    """Everything in `data` that is not as `kind`, a type as the library writes it, has it."""
    if inner := _LIST.fullmatch(kind):
        yield from _list(data, inner[1], place)
    elif inner := _OBJECT.fullmatch(kind):
        yield from _mapping(data, inner[1], place)
    elif kind in _PLAIN:
        if not isinstance(data, _PLAIN[kind]) or (isinstance(data, bool) and kind in ("int", "float")):
            yield f"{place} must be {kind}, not {type(data).__name__}"
    else:
        yield from _instance(data, _class(kind), place)


def _list(data: object, kind: str, place: str) -> Iterator[str]:
    if not isinstance(data, list):
        yield f"{place} must be a list"
        return
    for number, item in enumerate(data):
        yield from faults(item, kind, f"{place}[{number}]")


def _mapping(data: object, kind: str, place: str) -> Iterator[str]:
    if not isinstance(data, dict):
        yield f"{place} must be an object"
        return
    for key, item in data.items():
        yield from faults(item, kind, f"{place}.{key}")


def _instance(data: object, cls: Any, place: str) -> Iterator[str]:
    if issubclass(cls, Enum):
        values = [member.value for member in cls]
        if data not in values:
            yield f"{place} is {data!r}, which is no {cls.__name__}"
        return
    if not isinstance(data, dict):
        yield f"{place} must be an object"
        return
    kinds = getattr(cls, "discriminator_value_class_map", None)
    if kinds:
        key = cls.json_discriminator_key
        if data.get(key) not in kinds:
            yield f"{place}.{key} is {data.get(key)!r}, which is none of {', '.join(sorted(kinds))}"
            return
        cls = _class(kinds[data[key]])
    attributes = {shown: name for name, shown in cls.attribute_map.items()}
    for key, item in data.items():
        if key in attributes:
            yield from faults(item, cls.deserialized_types[attributes[key]], f"{place}.{key}")
        else:
            yield f"{place}.{key} is not known to Alexa: mend its name or take it out"


def _class(name: str) -> Any:
    module, _, cls = name.rpartition(".")
    return getattr(importlib.import_module(module), cls)
