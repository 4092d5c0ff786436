"""One turn: what was heard, what is known, and the reply that a handler gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from skill.alexa.device_settings import time_zone
from skill.alexa.speech import Part
from skill.alexa.timers import Timers
from skill.coaching.therapy import Situation
from skill.handlers.conversation_state import ConversationState, Pending
from skill.handlers.memory import Memory

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ask_sdk_model.services.service_client_factory import ServiceClientFactory

NEUTRAL_LOCALE = "en-US"
"""What a timer's text is said to be written in when the listener's own locale isn't known."""


@dataclass(frozen=True)
class Slot:
    """What was said for one slot."""

    value: str
    """As spoken for lists, ISO 8601 for durations, digits for numbers; cleaned and cut."""
    ids: tuple[str, ...] = ()
    """The ids of the list's values that fit. Several mean that it is not clear which."""
    not_looked_up: bool = False
    """Whether Alexa could not look it up, so that it is not known what fits."""


@dataclass
class Turn:
    """All that a handler works with. It reads here, asks `skill.coaching`, and answers with a `Reply`."""

    intent: str
    """The intent's name, or the request's type where it has none."""
    now: datetime
    locale: str
    """The listener's locale ("en-GB"); empty when Alexa named none that is one."""
    state: ConversationState
    memory: Memory
    timers: Timers
    slots: Mapping[str, Slot] = field(default_factory=dict)
    said: str = ""
    """The whole sentence, where Alexa handed on free words and the skill itself made the intent of them."""
    device_id: str = ""
    services: ServiceClientFactory | None = None
    connection_status: str | None = None
    connection_token: str = ""
    connection_payload: Mapping[str, Any] = field(default_factory=dict)

    def value(self, slot: str) -> str | None:
        """What was said for a slot, or None."""
        heard = self.slots.get(slot)
        return heard.value if heard else None

    def id(self, slot: str) -> str | None:
        """The id of the one list value that was meant; None for none, or when several fit."""
        heard = self.slots.get(slot)
        return heard.ids[0] if heard and len(heard.ids) == 1 else None

    @property
    def pending(self) -> Pending | None:
        """The question that this turn may answer."""
        return self.state.pending

    def situation(self) -> Situation:
        """Where the person stands with heat and cold."""
        return self.memory.situation(self.now)

    def time_zone(self) -> ZoneInfo | None:
        """The device's time zone (one call to Alexa), or None."""
        return time_zone(self.services, self.device_id)


@dataclass(frozen=True)
class Reply:
    """What is said, and what is noted of the turn.

    A reply with a `reprompt` keeps listening, one without ends the session.
    """

    outcome: str
    speech: str
    reprompt: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    pending: Pending | None = None
    directives: Sequence[Any] = ()
    card: Any = None
    last_answer: str = ""
    """The label of the answer that this reply gives, for "tell me more" afterwards."""
    answers: int = 0
    """How many answers were given so far, when this is one."""
    red_flag: str = ""
    """The red flag that this reply raises."""
    follow_up: str = ""
    """The passing question that this reply ends with, one of `FOLLOW_UPS`; it may be left unanswered."""
    more_of: str = ""
    """The label of the answer of which this reply tells the rest."""
    timed: Sequence[Part] = ()
    """What is said after `speech`, with silences in between: a stretch as it is done."""
    body: tuple[str, ...] = ()
    """What the person has just said of their body that matters for stretching, for this conversation alone."""
    reminders: tuple[str, ...] = ()
    """The ids of the reminders that this reply names, in the order in which it does."""
    leaves_session_to_alexa: bool = False
    """Whether shouldEndSession stays unset, as Amazon's samples have it for a voice permission question."""

    def after(self, *sentences: str) -> Reply:
        """The same reply with something said first."""
        first = [sentence for sentence in sentences if sentence]
        return replace(self, speech=" ".join(filter(None, [*first, self.speech]))) if first else self

    def then(self, sentence: str) -> Reply:
        """The same reply with something said after it."""
        if sentence and self.timed:
            return replace(self, timed=(*self.timed, sentence))
        return replace(self, speech=" ".join(filter(None, [self.speech, sentence])))


OUTCOMES = frozenset(
    """welcome help goodbye repeated fallback
    safety_asked safety_declined
    therapy_started therapy_confirm therapy_asked therapy_declined
    answer heat_or_cold more source out_of_scope red_flag
    therapy_paused therapy_resumed therapy_stopped therapy_extended therapy_remaining no_therapy
    stretch_started stretch_step stretch_repeated stretch_previous stretch_paused stretch_resumed stretch_stopped
    stretch_finished stretch_declined
    reminder_asked reminder_set reminders_told reminder_cancelled
    permission_asked permission_denied pain_not_kept
    history no_history delete_asked data_deleted delete_cancelled privacy
    unavailable refused acknowledged""".split()
)
"""The closed list of what a turn can come to. `refused`: the request was for another skill; `acknowledged`: it can't be
answered with speech (a session that ended, an event)."""
