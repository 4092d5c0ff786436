"""Find what Alexa would refuse or misunderstand, before Alexa does. It has no service for that any more."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import lint_samples, lint_schema
from .expand import Expander
from .lint_conflicts import conflicts
from .source import Source, read
from .written import Found, Written

Model = Mapping[str, Any]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend."""

    file: Path
    line: int
    message: str
    """What is wrong, and what to do."""


def lint(models: Mapping[str, Model], source: Path, extra_intents: Iterable[Mapping[str, Any]] = ()) -> list[Fault]:
    """All faults of the models, each with the line of the source to mend."""
    parsed = read(source, extra_intents)
    expander = Expander(parsed)
    found = _faults(models, parsed, expander, Written.of(parsed, expander))
    return sorted({Fault(place.file, place.line, message) for place, message in found})


def _faults(models: Mapping[str, Model], source: Source, expander: Expander, written: Written) -> Found:
    yield from lint_samples.useless_lines(source, expander)
    seen: set[str] = set()
    for model in models.values():
        # Two locales are often word for word the same: what was looked for in one need not be looked for again.
        if (text := json.dumps(model, ensure_ascii=False)) in seen:
            continue
        seen.add(text)
        language = model["interactionModel"]["languageModel"]
        yield from lint_schema.faults(language, written)
        yield from lint_schema.size_faults(model, written)
        yield from lint_samples.faults(language, written)
    yield from conflicts([model["interactionModel"]["languageModel"] for model in models.values()], written)
