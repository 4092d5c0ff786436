"""A small interaction model, and what it makes of words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model.intent_request import IntentRequest

from simulator.nlu import HeardSlot, LanguageModel, Understood, intent_json

SMALL_MODEL = Path(__file__).parent / "small_model.json"
MODEL = LanguageModel.load(SMALL_MODEL)


def heard(utterance: str) -> tuple[str, dict[str, str]]:
    """The intent and the slots: ids of custom values, "?" for a value without one, else the value."""
    understood = MODEL.understand(utterance)
    return understood.intent, {name: _short(slot) for name, slot in understood.slots.items()}


def _short(slot: HeardSlot) -> str:
    if slot.resolved is None:
        return slot.value
    return slot.resolved[0][1] if slot.resolved else f"no match: {slot.value}"


START = "StartTherapyIntent"


def request_of(understood: Understood) -> Any:
    """The request with the understood intent, as the SDK reads it; its own types have every part optional."""
    envelope = {
        "type": "IntentRequest",
        "requestId": "r",
        "timestamp": "2026-03-02T09:00:00Z",
        "locale": "en-US",
        "intent": intent_json(understood, MODEL, "amzn1.ask.skill.x"),
    }
    request = DefaultSerializer().deserialize(json.dumps(envelope), IntentRequest)
    assert isinstance(request, IntentRequest)
    return request
