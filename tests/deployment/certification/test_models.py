"""What is wrong with an interaction model is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from deployment.certification.strict_schema import MODEL as MODEL_SCHEMA
from deployment.certification.strict_schema import faults
from tests.deployment.certification.packages import US, findings, good


def with_model(bend: Callable[[dict[str, Any]], object]) -> dict[str, bytes]:
    data = json.loads(good()[US])
    bend(data["interactionModel"]["languageModel"])
    return {**good(), US: json.dumps(data).encode()}


def first(model: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(intent for intent in model["intents"] if intent["name"] == name)
    return found


BENT_MODELS: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("model.current", lambda m: first(m, "TimeLeftIntent")["samples"].pop(), "run `make package`"),
    ("model.invocation", lambda m: m.update(invocationName="hip couch"), "hip coach, hip couch"),
    ("store.phrases", lambda m: m.update(invocationName="hip couch"), "Alexa, open hip couch"),
    ("model.intents", lambda m: m["intents"].remove(first(m, "AMAZON.HelpIntent")), "AMAZON.HelpIntent is missing"),
    ("model.handlers", lambda m: m["intents"].append({"name": "SomersaultIntent", "samples": ["roll"]}), "Somersault"),
    ("model.handlers", lambda m: m["intents"].remove(first(m, "TimeLeftIntent")), "TimeLeftIntent has a handler"),
    ("model.samples", lambda m: first(m, "TimeLeftIntent")["samples"].append("start {modality}"), "StartTherapyIntent"),
    ("model.rules", lambda m: m.update(invocationName="alexa hips"), "'alexa' may not stand"),
    ("model.rules", lambda m: first(m, "TimeLeftIntent").update(samples=[]), "TimeLeftIntent has no samples"),
    ("model.rules", lambda m: first(m, "TimeLeftIntent")["samples"].append("in 5 minutes"), "in 5 minutes"),
    ("model.rules", lambda m: first(m, "FreeQuestionIntent")["samples"].append("{what_phrase}"), "{what_phrase}"),
    ("model.rules", lambda m: m.pop("modelConfiguration"), "modelConfiguration"),
    ("shape.models", lambda m: m.update(invocatoinName="hip coach"), "invocatoinName is not known"),
    ("shape.models", lambda m: first(m, "TimeLeftIntent").update(samples="how long"), "samples must be a list"),
]


@pytest.mark.parametrize(("name", "bend", "told"), BENT_MODELS)
def test_a_bent_model_is_found(name: str, bend: Callable[[dict[str, Any]], object], told: str) -> None:
    files = with_model(bend)
    if name == "model.rules":  # It takes its time, and looks at each locale by itself.
        files = {place: content for place, content in files.items() if place == US}
    found = findings(name, files)
    assert any(told in finding for finding in found), found[:3]


def test_the_schema_is_held_more_strictly_than_by_amazons_library() -> None:
    prompt = {"id": "Elicit.1", "variations": [{"type": "Morse", "value": "..."}]}
    model = {"interactionModel": {"languageModel": {"invocationName": "hip coach"}, "prompts": [prompt]}}
    assert list(faults(model, MODEL_SCHEMA)) == [
        "$.interactionModel.prompts[0].variations[0].type is 'Morse', which is no PromptItemsType"
    ]
