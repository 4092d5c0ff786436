"""People with a past, for the tests of what is kept of them."""

from __future__ import annotations

from typing import Any

from simulator import Echo


def kinds(echo: Echo) -> list[str]:
    return [entry["kind"] for entry in echo.log_entries()]


def disabled(echo: Echo, **changes: Any) -> dict[str, Any]:
    """The event that Alexa sends when somebody disables the skill: no session, no device, and a body of its own."""
    event = echo.envelope({"type": "AlexaSkillEvent.SkillDisabled"})
    del event["session"], event["context"]["System"]["device"], event["context"]["System"]["apiAccessToken"]
    event["request"]["body"] = {"userInformationPersistenceStatus": "NOT_PERSISTED"}
    event["request"] |= changes
    return event


CONVERSATION = (
    "open hip coach",
    "what did i do this week",
    "start cold for fifteen minutes",
    "open hip coach",
    "how much time is left",
    "pause it",
    "open hip coach",
    "resume",
    "open hip coach",
    "add two minutes",
    "how long have i kept it up",
    "what does as pain feel like",
    "tell me more",
    "when did i last use cold",
    "help",
    "what do you store",
    "heat for ten minutes",
    "no",
    "open hip coach",
    "stop the timer",
    "open hip coach",
    "how many times did i use cold today",
    "log my pain as seven",
    "goodbye",
)
"""A conversation that touches all that is kept."""
