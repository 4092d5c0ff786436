"""Safe reading of the request envelope.

The SDK raises before dispatch on an unknown request type or enum value anywhere in an envelope, and on wrong types. So
an envelope is copied first, field by field: what the skill reads and understands is taken over, all else stays at the
door.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SESSION_REQUESTS = ("LaunchRequest", "IntentRequest", "SessionEndedRequest", "Connections.Response")
"""Requests that belong to a conversation; only the first two and the last may be answered with speech."""
EVENT_REQUESTS = ("AlexaSkillEvent.SkillDisabled",)
KNOWN_REQUESTS = SESSION_REQUESTS + EVENT_REQUESTS

_END_REASONS = ("USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS")
_RESOLUTION_CODES = ("ER_SUCCESS_MATCH", "ER_SUCCESS_NO_MATCH", "ER_ERROR_TIMEOUT", "ER_ERROR_EXCEPTION")
_CONNECTION_CODES = ("200", "400", "404", "500", 200, 400, 404, 500)
_INTERFACES = ("AudioPlayer", "Alexa.Presentation.APL")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_EPOCH = "1970-01-01T00:00:00Z"
_LOCALE = re.compile(r"[A-Za-z]{2}[-_][A-Za-z]{2}")
_LONGEST_TEXT = 500
"""Characters: slot values are cut here; nobody speaks longer in one breath, and matching stays quick."""
_LONGEST_ID = 2048
_MOST_SLOTS = 20


def request_type(event: object) -> str | None:
    """The type of the request in an event, known or not; None when there is none."""
    return _text(_mapping(_mapping(event).get("request")).get("type"), _LONGEST_ID)


def application_id(event: object) -> str | None:
    """The id of the skill that the event is meant for."""
    system = _mapping(_mapping(_mapping(event).get("context")).get("System"))
    session = _mapping(_mapping(event).get("session"))
    for place in (system, session):
        found = _text(_mapping(place.get("application")).get("applicationId"), _LONGEST_ID)
        if found:
            return found
    return None


def safe_envelope(event: object) -> dict[str, Any] | None:
    """A copy of the envelope that the SDK reads without raising; None for a request that the skill doesn't know."""
    kind = request_type(event)
    if kind not in KNOWN_REQUESTS:
        return None
    whole = _mapping(event)
    system = _mapping(_mapping(whole.get("context")).get("System"))
    session = _mapping(whole.get("session"))
    user_id = _user_id(system) or _user_id(session)
    application = {"applicationId": application_id(event) or ""}
    user = {"userId": user_id} if user_id else {}
    device = _mapping(system.get("device"))
    interfaces = _mapping(device.get("supportedInterfaces"))
    safe: dict[str, Any] = {
        "version": "1.0",
        "context": {
            "System": {
                "application": application,
                "user": user,
                "device": {
                    "deviceId": _text(device.get("deviceId"), _LONGEST_ID) or "",
                    "supportedInterfaces": {name: {} for name in _INTERFACES if name in interfaces},
                },
                "apiEndpoint": _text(system.get("apiEndpoint"), _LONGEST_ID) or "",
            }
        },
        "request": _safe_request(kind, _mapping(whole.get("request"))),
    }
    token = _text(system.get("apiAccessToken"), 8192)
    if token and token.isascii() and token.isprintable() and " " not in token:
        # Without one nothing is called. With an empty one Alexa would answer as if a permission were missing.
        safe["context"]["System"]["apiAccessToken"] = token
    if kind in SESSION_REQUESTS:
        safe["session"] = {
            "new": session.get("new") is not False,
            "sessionId": _text(session.get("sessionId"), _LONGEST_ID) or "",
            "application": application,
            "user": user,
            "attributes": _json_mapping(session.get("attributes")),
        }
    return safe


def _safe_request(kind: str, request: Mapping[str, Any]) -> dict[str, Any]:
    safe: dict[str, Any] = {
        "type": kind,
        "requestId": _text(request.get("requestId"), _LONGEST_ID) or "",
        "timestamp": _timestamp(request.get("timestamp")),
        "locale": _locale(request.get("locale")),
    }
    if kind == "IntentRequest":
        safe["intent"] = _safe_intent(_mapping(request.get("intent")))
    elif kind == "SessionEndedRequest" and request.get("reason") in _END_REASONS:
        safe["reason"] = request["reason"]
    elif kind == "Connections.Response":
        status = _mapping(request.get("status"))
        safe["name"] = _text(request.get("name"), 100) or ""
        code = status.get("code")
        safe["status"] = {"code": str(code) if code in _CONNECTION_CODES else "", "message": ""}
        safe["token"] = _text(request.get("token"), _LONGEST_ID) or ""
        safe["payload"] = _json_mapping(request.get("payload"))
    return safe


def _safe_intent(intent: Mapping[str, Any]) -> dict[str, Any]:
    slots: dict[str, Any] = {}
    for name, slot in _mapping(intent.get("slots")).items():
        if not isinstance(slot, Mapping) or not isinstance(name, str) or len(slots) >= _MOST_SLOTS:
            continue
        value, resolutions = slot.get("value"), slot.get("resolutions")
        listed = _mapping(slot.get("slotValue"))
        if value is None and listed.get("type") == "List":
            only = _only_value(listed.get("values"))
            value, resolutions = only.get("value"), only.get("resolutions")
        text = _text(value, 100_000)
        if not text:
            # Unfilled slots say nothing, and an intent of free text has a hundred of them.
            continue
        slots[name[:100]] = {
            "name": name[:100],
            "confirmationStatus": "NONE",
            "value": _clean(text)[:_LONGEST_TEXT],
            "resolutions": {"resolutionsPerAuthority": _safe_resolutions(resolutions)},
        }
    intent_name = _text(intent.get("name"), 100) or ""
    # An intent may not pass itself off as another kind of request, which is answered by other rules.
    intent_name = "" if intent_name in KNOWN_REQUESTS else intent_name
    return {"name": intent_name, "confirmationStatus": "NONE", "slots": slots}


def _safe_resolutions(resolutions: object) -> list[dict[str, Any]]:
    authorities = _mapping(resolutions).get("resolutionsPerAuthority")
    safe = []
    for authority in authorities[:5] if isinstance(authorities, list) else []:
        code = _mapping(_mapping(authority).get("status")).get("code")
        if code not in _RESOLUTION_CODES:
            continue
        values = _mapping(authority).get("values")
        found = [_mapping(_mapping(value).get("value")) for value in values] if isinstance(values, list) else []
        kept = [
            {"value": {"name": _text(value.get("name"), 200) or "", "id": _text(value.get("id"), 200) or ""}}
            for value in found[:20]
        ]
        safe.append({"authority": "", "status": {"code": code}, "values": kept})
    return safe


def _only_value(values: object) -> Mapping[str, Any]:
    """The one value of a multi-value slot; nothing when there are several, so that the skill asks."""
    if isinstance(values, list) and len(values) == 1:
        return _mapping(values[0])
    return {}


def _user_id(place: Mapping[str, Any]) -> str | None:
    return _text(_mapping(place.get("user")).get("userId"), _LONGEST_ID)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _json_mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) and all(isinstance(key, str) for key in value) else {}


def _text(value: object, longest: int) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= longest else None


def _clean(text: str) -> str:
    """The text without control characters and lone surrogates, which have no place in JSON or speech."""
    return "".join(c for c in text if c.isprintable() and not 0xD800 <= ord(c) <= 0xDFFF).strip()


def _timestamp(value: object) -> str:
    return value if isinstance(value, str) and _TIMESTAMP.fullmatch(value) and _is_date(value) else _EPOCH


def _is_date(value: str) -> bool:
    from datetime import datetime

    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _locale(value: object) -> str:
    """The locale in Alexa's spelling ("en-GB"); empty when it is missing or no locale."""
    if not isinstance(value, str) or not _LOCALE.fullmatch(value):
        return ""
    return f"{value[:2].lower()}-{value[3:].upper()}"
