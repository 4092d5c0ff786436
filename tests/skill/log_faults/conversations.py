"""The conversations that are held while DynamoDB fails, and where it fails in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

Place = Literal["first", "middle", "last"]
PLACES: Final[tuple[Place, ...]] = get_args(Place)


@dataclass(frozen=True)
class Step:
    """One turn of a conversation.

    Attributes:
        you: what is said; empty for "Open Hip Coach" in a new session.
        outcome: what the skill makes of it when all is well.
        struck: what it may make of it as well while the log fails; "unavailable" then means the log alone.
        again: what is said to get there after "unavailable", once the log is back.
        minutes: time that passes before it.
        deletes: whether it may take more than two round trips.
    """

    you: str
    outcome: str
    struck: tuple[str, ...] = ()
    again: str = ""
    minutes: int = 0
    deletes: bool = False


@dataclass(frozen=True)
class Conversation:
    """A conversation to be struck at its first, a middle or its last step.

    Attributes:
        steps: the turns that may be struck.
        before: turns that come earlier, in sessions of their own.
        options: how the person's Echo is made.
        new: whether it is somebody of whom nothing is known.
    """

    steps: Sequence[Step]
    before: Sequence[Step] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    new: bool = False

    def at(self, place: Place) -> int:
        """The number of the step at that place."""
        return {"first": 0, "middle": len(self.steps) // 2, "last": len(self.steps) - 1}[place]


_START = Step("start cold therapy for fifteen minutes", "therapy_started", ("safety_asked",))
_OPEN = Step("open hip coach", "welcome")
_OPEN_AFTER = Step("open hip coach", "welcome", minutes=4)
_LEFT = Step("how much time is left", "therapy_remaining")
_GOODBYE = Step("that's all", "goodbye")

CONVERSATIONS: Final[Mapping[str, Conversation]] = {
    "new person starts cold": Conversation(
        (
            Step("start cold therapy for fifteen minutes", "safety_asked"),
            Step("yes", "therapy_started"),
            Step("how much time is left", "therapy_remaining", minutes=2),
        ),
        options={"timers": "granted"},
        new=True,
    ),
    "returning starts heat": Conversation(
        (
            _OPEN,
            Step("start heat for fifteen minutes", "therapy_started", ("safety_asked",)),
            Step("how much time is left", "therapy_remaining", minutes=2),
        ),
    ),
    "pause and resume": Conversation(
        (
            _OPEN_AFTER,
            Step("pause the timer", "therapy_paused"),
            Step("resume", "therapy_resumed", minutes=3),
        ),
        before=(_START,),
    ),
    "stop": Conversation((_OPEN_AFTER, _LEFT, Step("stop the timer", "therapy_stopped")), before=(_START,)),
    "extend": Conversation(
        (
            Step("add five minutes", "therapy_extended", ("unavailable",), again="add five minutes", minutes=2),
            _OPEN,
            _LEFT,
        ),
        before=(_START,),
    ),
    "time left": Conversation((Step(_LEFT.you, _LEFT.outcome, minutes=2), _OPEN, _LEFT), before=(_START,)),
    "stretch": Conversation(
        (
            Step("stretch my hamstrings", "stretch_started"),
            Step("no", "stretch_started"),
            Step("ready", "stretch_step"),
            Step("ready", "stretch_step"),
            Step("ready", "stretch_finished"),
        ),
    ),
    "a question": Conversation(
        (
            Step("what is ankylosing spondylitis", "answer"),
            Step("tell me more", "more"),
            _GOODBYE,
        ),
    ),
    "history asked": Conversation(
        (
            Step("what did i do this week", "history", ("unavailable",), "what did i do this week", minutes=60),
            Step("when did i last use cold", "history", ("unavailable",), "when did i last use cold"),
            Step("how many times did i use cold", "history", ("unavailable",), "how many times did i use cold"),
        ),
        before=(_START,),
    ),
    "delete my data": Conversation(
        (
            Step("open hip coach", "welcome", minutes=60),
            Step("delete my data", "delete_asked"),
            Step("yes", "data_deleted", ("unavailable",), "yes", deletes=True),
        ),
        before=(_START,),
    ),
    "reminder set": Conversation(
        (
            _OPEN,
            Step("set a reminder for my heat at eight tomorrow", "reminder_asked"),
            Step("yes", "reminder_set"),
        ),
        options={"reminders": "granted"},
    ),
    "launch": Conversation((_OPEN, Step("help", "help"), _GOODBYE)),
}
