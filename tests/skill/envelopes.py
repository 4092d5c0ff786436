"""Envelopes for tests, and what the SDK makes of their safe copies."""

from __future__ import annotations

import json
from typing import Any

from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model import RequestEnvelope

from simulator import Echo
from skill.alexa.envelope import safe_envelope

SERIALIZER = DefaultSerializer()
Envelope = dict[str, Any]


def brief(value: object) -> str:
    """A short name for a test case."""
    return ascii(value)[:30]


def envelope(**request: Any) -> Envelope:
    """What an Echo with a screen sends."""
    return Echo(screen=True).envelope({"type": "LaunchRequest"} | request)


def with_slot(slot: Any, name: Any = "modality") -> Envelope:
    return envelope(type="IntentRequest", intent={"name": "StartTherapyIntent", "slots": {name: slot}})


def sdk_reads(event: object) -> Any:
    """What the SDK makes of the safe copy."""
    safe = safe_envelope(event)
    assert safe is not None
    return SERIALIZER.deserialize(json.dumps(safe), RequestEnvelope)


def slots_of(event: object) -> dict[str, Any]:
    slots: dict[str, Any] = sdk_reads(event).request.intent.slots or {}
    return slots
