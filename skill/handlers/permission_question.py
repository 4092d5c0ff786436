"""How the talk is handed to Alexa, who asks for a permission in her own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skill.alexa.voice_permission import ask_for
from skill.handlers.turn import Reply


def permission_question(scope: str, speech: str, token: str, details: Mapping[str, Any]) -> Reply:
    """Have Alexa ask for `scope`. What is to happen afterwards travels in the token, for attributes may be lost."""
    return Reply(
        "permission_asked",
        speech,
        details={"scope": scope, **details},
        directives=[ask_for(scope, token)],
        leaves_session_to_alexa=True,
    )
