"""Alexa's own question for a permission: what a skill may ask for, how she asks it, and how the answer comes back.

Sources: "Set Up Voice Permissions for Timers" and "Set Up Voice Permissions for Reminders". The shape of the answer to
version "2" is not published: it has both the place where production skills find the status and the list that the
request suggests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from simulator.timers_world import Json

PermissionAnswer = Literal["yes", "no", "silence"]

TIMERS_SCOPE = "alexa::alerts:timers:skill:readwrite"
REMINDERS_SCOPE = "alexa::alerts:reminders:skill:readwrite"

_CONSENT_STATUSES: dict[PermissionAnswer, str] = {"yes": "ACCEPTED", "no": "DENIED", "silence": "NOT_ANSWERED"}


def question(directive: Json, skill_name: str) -> str:
    """What Alexa asks the person; a skill can't change it."""
    what = "reminders" if REMINDERS_SCOPE in asked_scopes(directive) else "timers"
    return f"Do you give {skill_name} permission to update your {what}? You can say I approve or no."


def asked_scopes(directive: Json) -> list[str]:
    """The scopes that an AskFor directive of either version asks for; none when it is malformed.

    Raises:
        ValueError: for any other directive.
    """
    if directive.get("type") != "Connections.SendRequest" or directive.get("name") != "AskFor":
        raise ValueError("not a Connections.SendRequest directive named AskFor")
    match directive.get("payload"):
        case {"@type": "AskForPermissionsConsentRequest", "@version": "1", "permissionScope": str(scope)}:
            return [scope]
        case {"@type": "AskForPermissionsConsentRequest", "@version": "2", "permissionScopes": list(entries)}:
            scopes = [entry.get("permissionScope") if isinstance(entry, dict) else None for entry in entries]
            return [str(scope) for scope in scopes]
    return []


def refusal(directive: Json) -> Json:
    """The Connections.Response for a question that Alexa doesn't ask."""
    return _response(directive, "400", "A permission is malformed or not in the manifest", None)


def response(directive: Json, asked: Sequence[str], answer: PermissionAnswer) -> Json:
    """The members of the Connections.Response request that tells the skill what the person answered."""
    status = _CONSENT_STATUSES[answer]
    payload: Json = {"status": status, "isCardThrown": answer == "silence"}
    if directive["payload"]["@version"] == "1":
        payload["permissionScope"] = asked[0]
    else:
        payload["permissionScopes"] = [
            {**entry, "status": status} for entry in directive["payload"]["permissionScopes"]
        ]
    return _response(directive, "200", "OK", payload)


def _response(directive: Json, code: str, message: str, payload: Any) -> Json:
    return {
        "type": "Connections.Response",
        "name": "AskFor",
        "status": {"code": code, "message": message},
        "token": directive.get("token"),
        "payload": payload,
    }
