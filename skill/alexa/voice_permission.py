"""Asking for a permission by voice: the `AskFor` directive and Alexa's answer to it, in both shapes that are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ask_sdk_model.interfaces.connections import SendRequestDirective
    from ask_sdk_model.ui import AskForPermissionsConsentCard

Answer = Literal["accepted", "denied", "not_answered", "misconfigured", "failed"]


@dataclass(frozen=True)
class PermissionAnswer:
    """How Alexa's own question was answered."""

    answer: Answer
    """misconfigured: the manifest lacks the scope (status 400); failed: anything else that is no answer."""
    card_sent: bool
    """Whether Alexa has put a card into the app already."""


def ask_for(scope: str, token: str) -> SendRequestDirective:
    """The directive that makes Alexa ask for `scope`; `token` (at most 1024 characters) comes back with the answer."""
    from ask_sdk_model.interfaces.connections import SendRequestDirective

    payload = {"@type": "AskForPermissionsConsentRequest", "@version": "1", "permissionScope": scope}
    return SendRequestDirective(name="AskFor", payload=payload, token=token)


def consent_card(scope: str) -> AskForPermissionsConsentCard:
    """The card through which the permission can be given in the Alexa app: the last resort."""
    from ask_sdk_model.ui import AskForPermissionsConsentCard

    return AskForPermissionsConsentCard(permissions=[scope])


def read_answer(status_code: str | None, payload: Mapping[str, Any] | None) -> PermissionAnswer:
    """Read a Connections.Response: version 1 has `status` in the payload, version 2 in its first scope."""
    payload = payload or {}
    card_sent = payload.get("isCardThrown") is True
    if status_code == "400":
        return PermissionAnswer("misconfigured", card_sent)
    status = payload.get("status")
    scopes = payload.get("permissionScopes")
    if status is None and isinstance(scopes, list) and scopes and isinstance(scopes[0], Mapping):
        status = scopes[0].get("status")
    answers: dict[object, Answer] = {"ACCEPTED": "accepted", "DENIED": "denied", "NOT_ANSWERED": "not_answered"}
    if not isinstance(status, str):
        return PermissionAnswer("failed", card_sent)
    return PermissionAnswer(answers.get(status, "failed"), card_sent)
