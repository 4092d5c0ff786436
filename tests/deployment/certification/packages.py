"""A good package, and ways to bend it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from deployment.certification import CHECKS, SkillPackage
from deployment.package import MANIFEST, build
from tests.deployment.test_package import PUBLISHER

STATIC = [check for check in CHECKS if not check.id.startswith("talk.")]
BY_ID = {check.id: check for check in CHECKS}
US = "skill-package/interactionModels/custom/en-US.json"
Manifest = dict[str, Any]


@cache
def good() -> Mapping[str, bytes]:
    return build(PUBLISHER)


def findings(name: str, files: Mapping[str, bytes]) -> list[str]:
    return list(BY_ID[name].findings(SkillPackage(files)))


def with_manifest(bend: Callable[[Manifest], object]) -> dict[str, bytes]:
    data = json.loads(good()[MANIFEST])
    bend(data["manifest"])
    return {**good(), MANIFEST: json.dumps(data).encode()}


def shown(manifest: Manifest) -> dict[str, Any]:
    texts: dict[str, Any] = manifest["publishingInformation"]["locales"]["en-IN"]
    return texts


def put(part: Callable[[Manifest], dict[str, Any]], key: str, value: object) -> Callable[[Manifest], object]:
    return lambda manifest: part(manifest).update({key: value})


def phrases(*words: str) -> Callable[[Manifest], object]:
    return put(shown, "examplePhrases", list(words))


OPEN = "Alexa, open hip coach"
ASK = "Alexa, ask hip coach"
