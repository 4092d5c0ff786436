"""What a conversation remembers from one turn to the next: a small value that travels in the session attributes.

The attributes come back from outside, so their shape is checked; whatever is not as it should be starts afresh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from skill.coaching.reminder import ReminderPlan
from skill.coaching.therapy import Plan
from skill.session_log import LogEntry

VERSION = 1
_LONGEST_SPEECH = 8000
_MOST_ENTRIES = 20
_NAME = re.compile("[a-z_:]{0,80}")

QUESTIONS = (
    "area",  # which place is meant?
    "modality",  # heat or cold?
    "amount",  # is this length all right? (a yes starts it)
    "how_long",  # how many minutes then?
    "replace",  # stop the running one and start this?
    "too_soon",  # was the last one cut short?
    "safety",  # is the skin healthy?
    "no_timer",  # start without a timer?
    "extend",  # how many minutes more?
    "shorten",  # how many minutes less?
    "length",  # make the running one so long in all?
    "stop",  # stop it altogether?
    "reminder_time",  # what day and time for the reminder?
    "reminder_confirm",  # set this reminder?
    "reminder_cancel",  # which reminder shall go, or all of them?
    "fever",  # fever, or feeling ill, with a hot swollen hip?
    "stiff_or_swollen",  # which of the two?
    "anything_else",
)
"""What can be open: what "yes", "no", a bare number or "fifteen minutes" would answer."""

FOLLOW_UPS = (
    "more",  # would you like more on that?
    "offer",  # shall I answer this other question?
    "what_else",  # is there anything else?
)
"""What is asked in passing: a "yes" or "no" answers it, and anything else simply goes on."""


@dataclass(frozen=True)
class Pending:
    """The question that was asked last."""

    question: str
    plan: Plan = field(default_factory=Plan)
    reminder: ReminderPlan | None = None
    """The reminder that it is about."""


@dataclass(frozen=True)
class ConversationState:
    """The conversation so far."""

    pending: Pending | None = None
    speech: str = ""
    """What was said last, in plain words, for "repeat"."""
    reprompt: str = ""
    known: tuple[LogEntry, ...] | None = None
    """The newest entries of the log as this session has read or written them; None when it has not looked yet."""
    unsaved: tuple[LogEntry, ...] = ()
    """Entries that the log hasn't taken yet."""
    last_answer: str = ""
    """The label of the answer given last, for "tell me more"."""
    answers: int = 0
    """How many answers were given in this conversation."""
    red_flag: str = ""
    """The red flag that was raised, until something else is plainly asked for."""
    follow_up: str = ""
    """What was asked in passing, one of `FOLLOW_UPS`."""
    more_of: str = ""
    """The label of the answer of which all has been told."""

    def to_attributes(self) -> dict[str, Any]:
        """Plain JSON for the session attributes; what is empty is left out."""
        attributes: dict[str, Any] = {"version": VERSION}
        if self.pending:
            attributes["pending"] = {"question": self.pending.question, "plan": self.pending.plan.as_json()}
            if self.pending.reminder is not None:
                attributes["pending"]["reminder"] = self.pending.reminder.as_json()
        if self.speech:
            attributes["speech"] = self.speech
        if self.reprompt:
            attributes["reprompt"] = self.reprompt
        if self.known is not None:
            attributes["known"] = [entry.as_dict() for entry in self.known]
        if self.last_answer:
            attributes["last_answer"] = self.last_answer
        if self.answers:
            attributes["answers"] = self.answers
        if self.red_flag:
            attributes["red_flag"] = self.red_flag
        if self.follow_up:
            attributes["follow_up"] = self.follow_up
        if self.more_of:
            attributes["more_of"] = self.more_of
        if self.unsaved:
            attributes["unsaved"] = [entry.as_dict() for entry in self.unsaved]
        return attributes

    @classmethod
    def from_attributes(cls, attributes: Mapping[str, Any] | None) -> ConversationState:
        """The state that `to_attributes` wrote, or a fresh one for anything else."""
        try:
            return cls._read(attributes or {})
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    @classmethod
    def _read(cls, attributes: Mapping[str, Any]) -> ConversationState:
        if attributes.get("version") != VERSION:
            return cls()
        pending = attributes.get("pending")
        known = attributes.get("known")
        return cls(
            pending=None if pending is None else _read_pending(pending),
            speech=_read_speech(attributes.get("speech", "")),
            reprompt=_read_speech(attributes.get("reprompt", "")),
            known=None if known is None else _read_entries(known),
            unsaved=_read_entries(attributes.get("unsaved", [])),
            last_answer=_read_name(attributes.get("last_answer", "")),
            answers=_read_count(attributes.get("answers", 0)),
            red_flag=_read_name(attributes.get("red_flag", "")),
            follow_up=_read_follow_up(attributes.get("follow_up", "")),
            more_of=_read_name(attributes.get("more_of", "")),
        )


def _read_pending(data: Mapping[str, Any]) -> Pending:
    if data["question"] not in QUESTIONS:
        raise ValueError("not a question of ours")
    reminder = ReminderPlan.from_json(data["reminder"]) if "reminder" in data else None
    return Pending(data["question"], Plan.from_json(data["plan"]), reminder=reminder)


def _read_speech(data: object) -> str:
    if not isinstance(data, str) or len(data) > _LONGEST_SPEECH:
        raise ValueError("not speech of ours")
    return data


def _read_name(data: object) -> str:
    if not isinstance(data, str) or not _NAME.fullmatch(data):
        raise ValueError("not a name of ours")
    return data


def _read_follow_up(data: object) -> str:
    if data not in ("", *FOLLOW_UPS):
        raise ValueError("not a question of ours")
    return str(data)


def _read_count(data: object) -> int:
    if type(data) is not int or not 0 <= data <= 10_000:
        raise ValueError("not a count of ours")
    return data


def _read_entries(data: object) -> tuple[LogEntry, ...]:
    if not isinstance(data, list) or len(data) > _MOST_ENTRIES:
        raise ValueError("not entries of ours")
    return tuple(LogEntry.from_dict(entry) for entry in data)
