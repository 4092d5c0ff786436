"""The interaction models in the package: the committed ones, and every intent handled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from deployment.certification.check import Findings, SkillPackage, check, entries, text
from deployment.package import MODEL, MODELS
from interaction_models import lint_samples, lint_schema
from interaction_models.alexa_rules import REQUIRED_INTENTS
from interaction_models.build import SOURCE
from interaction_models.source import read
from interaction_models.written import Written
from skill.handlers import INTENTS, handler_for, is_known
from skill.handlers.standard import fallback


@check("model.current", "The package has the committed models, which `make check` has looked at", "make models")
def current(package: SkillPackage) -> Findings:
    """A model edited in the package, or made before the last change, would not be the one that was tested."""
    for path in sorted(MODELS.glob("en-*.json")):
        if package.files.get(MODEL.format(locale=path.stem)) != path.read_bytes():
            yield f"{MODEL.format(locale=path.stem)} is not interaction_models/{path.name}: run `make package`"


@check("model.invocation", "One invocation name in all locales", "Choose the Invocation Name")
def invocation(package: SkillPackage) -> Findings:
    """It can't be changed once the skill is published, and the example phrases hold it."""
    names = {text(model, "invocationName") for model in package.models.values()}
    if len(names) > 1:
        yield f"the invocation name differs between locales: {', '.join(sorted(names))}"


@check("model.intents", "Help, stop, cancel, home, fallback, pause and resume are there", "Standard Built-in Intents")
def required_intents(package: SkillPackage) -> Findings:
    """Certification tries each of them."""
    for locale, model in package.models.items():
        for name in REQUIRED_INTENTS:
            if name not in _intents(model):
                yield f"{locale}: {name} is missing: add it to en.toml, then `make models`"


@check("model.handlers", "Every intent has a handler, and every handler an intent", "Implement the Built-in Intents")
def handlers(package: SkillPackage) -> Findings:
    """An intent without one would be answered as not understood."""
    for locale, model in package.distinct_models.items():
        for name in _intents(model):
            if not is_known(name) and handler_for(name) is fallback:
                yield f"{locale}: nobody handles {name}: add it to INTENTS in skill/handlers"
        for name in INTENTS:
            if name not in _intents(model):
                yield f"{locale}: {name} has a handler, and the model lacks it: add it to en.toml"


@check("model.samples", "No utterance stands in two intents", "Troubleshooting Common Certification Failures")
def samples(package: SkillPackage) -> Findings:
    """Alexa would choose one of them."""
    for locale, model in package.distinct_models.items():
        where: dict[str, list[str]] = defaultdict(list)
        for name, intent in _intents(model).items():
            for sample in {str(sample).lower() for sample in entries(intent, "samples")}:
                where[sample].append(name)
        for sample, found in where.items():
            if len(found) > 1:
                yield f"{locale}: {sample!r} stands in {' and '.join(sorted(found))}: take one out"


@check(
    "model.rules", "Names, slots, types and samples as Alexa's build wants them", "interaction_models/alexa_rules.py"
)
def rules(package: SkillPackage) -> Findings:
    """The lint of `make models`, on what is in the package."""
    for locale, model in package.distinct_models.items():
        try:
            found = [*lint_schema.faults(model, _nowhere()), *lint_samples.faults(model, _nowhere())]
        except (KeyError, TypeError, AttributeError) as problem:
            yield f"{locale}: the model lacks something that it must have ({problem}): run `make package`"
            continue
        for _, message in found:
            yield f"{locale}: {message}"


@cache
def _nowhere() -> Written:
    """The lint wants to know where things were written; here only what is wrong is told."""
    return Written(read(SOURCE), {})


def _intents(model: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {text(intent, "name"): intent for intent in entries(model, "intents") if isinstance(intent, dict)}
