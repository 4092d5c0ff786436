"""What a check is, and what it looks at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from deployment.package import MANIFEST, PACKAGE

Findings = Iterator[str]
"""What is to be mended: each says what is wrong, and what to do."""


@dataclass(frozen=True)
class SkillPackage:
    """A skill package as it would be uploaded: its files, by place in the package's folder.

    Whatever is missing or of another kind reads as empty here. That it is, the checks of the shape say.
    """

    files: Mapping[str, bytes]

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest's inner object."""
        return section(self.json(MANIFEST), "manifest")

    @cached_property
    def models(self) -> Mapping[str, dict[str, Any]]:
        """The `languageModel` of each locale."""
        folder = PurePosixPath(PACKAGE, "interactionModels", "custom")
        return {
            path.stem: section(self.json(str(path)), "interactionModel", "languageModel")
            for path in sorted(map(PurePosixPath, self.files))
            if path.parent == folder and path.suffix == ".json"
        }

    @cached_property
    def distinct_models(self) -> Mapping[str, dict[str, Any]]:
        """The models without those that are word for word like an earlier one: nothing else would be found there."""
        first: dict[str, str] = {}
        for locale, model in self.models.items():
            first.setdefault(json.dumps(model), locale)
        return {locale: self.models[locale] for locale in first.values()}

    @property
    def publishing(self) -> dict[str, Any]:
        """What the store is told."""
        return section(self.manifest, "publishingInformation")

    @property
    def shown(self) -> Mapping[str, dict[str, Any]]:
        """What the store shows, by locale."""
        locales = section(self.publishing, "locales")
        return {locale: section(locales, locale) for locale in locales}

    @property
    def privacy(self) -> dict[str, Any]:
        """The answers about privacy and compliance."""
        return section(self.manifest, "privacyAndCompliance")

    @property
    def custom(self) -> dict[str, Any]:
        """How the skill is reached, and what it uses."""
        return section(self.manifest, "apis", "custom")

    def json(self, place: str) -> Any:
        """A file's JSON; None when it isn't there, or is none."""
        try:
            return json.loads(self.files[place])
        except (KeyError, ValueError):
            return None


def section(data: object, *keys: str) -> dict[str, Any]:
    """The object under these keys; an empty one when there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def entries(data: Mapping[str, Any], key: str) -> list[Any]:
    """The list under a key; an empty one when there is none."""
    found = data.get(key)
    return found if isinstance(found, list) else []


def text(data: Mapping[str, Any], key: str) -> str:
    """The text under a key; an empty one when there is none."""
    found = data.get(key)
    return found if isinstance(found, str) else ""


def names(data: Mapping[str, Any], key: str, name: str) -> set[str]:
    """What the objects in the list under a key have under `name`."""
    return {text(entry, name) for entry in entries(data, key) if isinstance(entry, dict)}


@dataclass(frozen=True)
class Check:
    """One thing that certification, or Alexa's build, wants.

    Attributes:
        id: its name.
        wants: what it wants, as a sentence.
        source: where that is said.
        findings: finds what is to be mended in a package.
    """

    id: str
    wants: str
    source: str
    findings: Callable[[SkillPackage], Findings] = field(repr=False)


CHECKS: list[Check] = []
"""All checks of the modules that are imported."""


def check(name: str, wants: str, source: str) -> Callable[[Callable[[SkillPackage], Findings]], Check]:
    """Make a check of a function that finds what is to be mended."""

    def register(findings: Callable[[SkillPackage], Findings]) -> Check:
        made = Check(name, wants, source, findings)
        CHECKS.append(made)
        return made

    return register
