"""Request envelopes as an Echo's cloud sends them (request and response JSON reference)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SKILL_ID = "amzn1.ask.skill.00000000-hip-coach-on-the-desk"

_VIEWPORT = {
    "experiences": [{"arcMinuteWidth": 346, "arcMinuteHeight": 216, "canRotate": False, "canResize": False}],
    "mode": "HUB",
    "shape": "RECTANGLE",
    "pixelWidth": 1280,
    "pixelHeight": 800,
    "dpi": 213,
    "currentPixelWidth": 1280,
    "currentPixelHeight": 800,
    "touch": ["SINGLE"],
    "video": {"codecs": ["H_264_42", "H_264_41"]},
}


def new_id(what: str) -> str:
    """An id as Amazon makes them: "amzn1.echo-api.request.…"."""
    return f"amzn1.{what}.{secrets.token_hex(16)}"


@dataclass(frozen=True)
class Device:
    """Who speaks, on what."""

    locale: str = "en-US"
    screen: bool = False
    audio_player: bool = True
    user_id: str = field(default_factory=lambda: new_id("ask.account"))
    device_id: str = field(default_factory=lambda: new_id("ask.device"))


@dataclass(frozen=True)
class Session:
    """An open session."""

    id: str = field(default_factory=lambda: new_id("echo-api.session"))
    attributes: Mapping[str, Any] = field(default_factory=dict)
    new: bool = True


def envelope(
    device: Device, request: Mapping[str, Any], now: datetime, session: Session | None, endpoint: str, token: str
) -> dict[str, Any]:
    """The whole envelope for a request; without a session, as skill events come."""
    application, user = {"applicationId": SKILL_ID}, {"userId": device.user_id}
    interfaces: dict[str, Any] = {}
    if device.audio_player:
        interfaces["AudioPlayer"] = {}
    if device.screen:
        interfaces["Alexa.Presentation.APL"] = {"runtime": {"maxVersion": "2024.2"}}
    context: dict[str, Any] = {
        "System": {
            "application": application,
            "user": user,
            "device": {"deviceId": device.device_id, "supportedInterfaces": interfaces},
            "apiEndpoint": endpoint,
            "apiAccessToken": token,
        }
    }
    if device.audio_player:
        context["AudioPlayer"] = {"offsetInMilliseconds": 0, "playerActivity": "IDLE"}
    if device.screen:
        context["Viewport"] = _VIEWPORT
    whole: dict[str, Any] = {"version": "1.0"}
    if session is not None:
        whole["session"] = {
            "new": session.new,
            "sessionId": session.id,
            "application": application,
            "attributes": dict(session.attributes),
            "user": user,
        }
    whole["context"] = context
    whole["request"] = {
        "requestId": new_id("echo-api.request"),
        "timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "locale": device.locale,
        **request,
    }
    return whole
