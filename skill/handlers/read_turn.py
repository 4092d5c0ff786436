"""From the SDK's handler input to a `Turn`: the slots, the device, the locale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from skill.alexa.timers import Timers
from skill.handlers.conversation_state import ConversationState
from skill.handlers.memory import Memory
from skill.handlers.turn import NEUTRAL_LOCALE, Slot, Turn


def read_turn(handler_input: Any, state: ConversationState, memory: Memory, now: datetime) -> Turn:
    """The turn that this request is."""
    envelope = handler_input.request_envelope
    request, system = envelope.request, envelope.context.system
    intent = getattr(request, "intent", None)
    services = handler_input.service_client_factory
    connection = getattr(request, "name", None) == "AskFor"
    return Turn(
        intent=intent.name if intent else request.object_type,
        now=now,
        locale=request.locale or "",
        state=state,
        memory=memory,
        timers=Timers(services, request.locale or NEUTRAL_LOCALE),
        slots=_slots(intent.slots) if intent else {},
        device_id=system.device.device_id or "",
        services=services,
        connection_status=request.status.code if connection and request.status else None,
        connection_token=(request.token or "") if connection else "",
        connection_payload=request.payload if connection and isinstance(request.payload, dict) else {},
    )


def _slots(slots: Mapping[str, Any] | None) -> dict[str, Slot]:
    return {
        name: Slot(slot.value, _ids(slot.resolutions), _not_looked_up(slot.resolutions))
        for name, slot in (slots or {}).items()
        if slot.value
    }


def _ids(resolutions: Any) -> tuple[str, ...]:
    """The ids of the list values that Alexa matched, each once."""
    found: dict[str, None] = {}
    for authority in (resolutions.resolutions_per_authority if resolutions else None) or []:
        if authority.status.code.value == "ER_SUCCESS_MATCH":
            found.update((value.value.id, None) for value in authority.values or [] if _is_id(value.value.id))
    return tuple(found)


def _not_looked_up(resolutions: Any) -> bool:
    """Whether Alexa had no time for it, or could not (ER_ERROR_TIMEOUT, ER_ERROR_EXCEPTION)."""
    authorities = (resolutions.resolutions_per_authority if resolutions else None) or []
    return any(authority.status.code.value.startswith("ER_ERROR") for authority in authorities)


def _is_id(text: str | None) -> bool:
    """Whether it is written as the ids in our model are. They get into the turn record, so nothing else may pass."""
    letters = (text or "").replace("_", "")
    return len(text or "") < 40 and letters.isascii() and letters.isalpha() and letters.islower()
