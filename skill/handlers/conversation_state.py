"""What a conversation remembers from one turn to the next: a small value that travels in the session attributes.

The attributes come back from outside, so their shape is checked; whatever is not as it should be starts afresh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from skill.coaching.reminder import ReminderPlan
from skill.coaching.stretching import CONDITIONS, Wish
from skill.coaching.therapy import Plan
from skill.session_log import VISIT_KEY, LogEntry

VERSION = 1
_LONGEST_SPEECH = 8000
_MOST_ENTRIES = 20
MOST_REMINDERS = 100
"""Reminders whose ids are remembered, more than anybody has."""
_LONGEST_ID = 200
_NAME = re.compile("[a-z_:]{0,80}")
_VISIT = re.compile(rf"{VISIT_KEY}[-0-9T:.]{{1,40}}Z#[0-9a-f]{{1,40}}")
_MOST_MINUTES = 10_000
_WISH_NAMES = tuple(part.name for part in fields(Wish) if part.type in ("str", str))

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
    "delete_all",  # delete all that is kept?
    "reminder_time",  # what day and time for the reminder?
    "reminder_confirm",  # set this reminder?
    "reminder_cancel",  # which reminder shall go, or all of them?
    "fever",  # fever, or feeling ill, with a hot swollen hip?
    "stiff_or_swollen",  # which of the two?
    "anything_else",
    "stretch",  # ready for the next step of the stretch?
    "stretch_resume",  # go on where the last one was left?
    "stretch_settled",  # has what spoke against stretching been settled?
    "stretch_which",  # which stretch?
    "stretch_instead",  # this one, then?
    "replaced_hip",  # ever had a hip replaced?
    "hip_cleared",  # has the surgeon allowed these stretches?
)
"""What can be open: what "yes", "no", a bare number or "fifteen minutes" would answer."""

HIP_QUESTIONS = ("replaced_hip", "hip_cleared")
"""Those that must be answered before anything is stretched (S11, S12)."""

FOLLOW_UPS = (
    "more",  # would you like more on that?
    "offer",  # shall I answer this other question?
    "what_else",  # is there anything else?
)
"""What is asked in passing: a "yes" or "no" answers it, and anything else simply goes on."""


UNSURE_HIP = "unsure_hip"
"""Not sure whether a hip was replaced: for this conversation it counts as one that was."""
BODY = frozenset({*CONDITIONS, UNSURE_HIP})


@dataclass(frozen=True)
class Pending:
    """The question that was asked last."""

    question: str
    plan: Plan = field(default_factory=Plan)
    wish: Wish | None = None
    """The stretch that it is about."""
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
    visit: str = ""
    """The key under which this visit will be noted; empty when it is."""
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
    body: tuple[str, ...] = ()
    """What was said in this conversation that matters for stretching (names of `BODY`). It is forgotten with it."""
    reminders: tuple[str, ...] = ()
    """The ids of the reminders that were named just now, in the order they were told: "it", "the second one"."""

    def to_attributes(self) -> dict[str, Any]:
        """Plain JSON for the session attributes; what is empty is left out."""
        attributes: dict[str, Any] = {"version": VERSION}
        if self.pending:
            attributes["pending"] = {"question": self.pending.question, "plan": self.pending.plan.as_json()}
            if self.pending.wish:
                attributes["pending"]["wish"] = _wish_as_json(self.pending.wish)
            if self.pending.reminder is not None:
                attributes["pending"]["reminder"] = self.pending.reminder.as_json()
        if self.speech:
            attributes["speech"] = self.speech
        if self.reprompt:
            attributes["reprompt"] = self.reprompt
        if self.known is not None:
            attributes["known"] = [entry.as_dict() for entry in self.known]
        if self.visit:
            attributes["visit"] = self.visit
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
        if self.body:
            attributes["body"] = list(self.body)
        if self.reminders:
            attributes["reminders"] = list(self.reminders)
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
            visit=_read_visit(attributes.get("visit", "")),
            last_answer=_read_name(attributes.get("last_answer", "")),
            answers=_read_count(attributes.get("answers", 0)),
            red_flag=_read_name(attributes.get("red_flag", "")),
            follow_up=_read_follow_up(attributes.get("follow_up", "")),
            more_of=_read_name(attributes.get("more_of", "")),
            body=_read_body(attributes.get("body", [])),
            reminders=_read_ids(attributes.get("reminders", [])),
        )


def _read_pending(data: Mapping[str, Any]) -> Pending:
    if data["question"] not in QUESTIONS:
        raise ValueError("not a question of ours")
    wish = _read_wish(data["wish"]) if "wish" in data else None
    reminder = ReminderPlan.from_json(data["reminder"]) if "reminder" in data else None
    return Pending(data["question"], Plan.from_json(data["plan"]), wish, reminder)


def _wish_as_json(wish: Wish) -> dict[str, Any]:
    """What was wished for; what wasn't said is left out."""
    return {name: value for name, value in asdict(wish).items() if value != getattr(Wish(), name)}


def _read_wish(data: Mapping[str, Any]) -> Wish:
    minutes, easy = data.get("minutes"), data.get("easy", False)
    if not (minutes is None or (type(minutes) is int and 0 <= minutes <= _MOST_MINUTES)) or type(easy) is not bool:
        raise ValueError("not a wish of ours")
    names = {name: _read_name(data.get(name, "")) for name in _WISH_NAMES}
    return Wish(easy=easy, minutes=minutes, **names)


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


def _read_visit(data: object) -> str:
    if data != "" and (not isinstance(data, str) or not _VISIT.fullmatch(data)):
        raise ValueError("not a visit of ours")
    return str(data)


def _read_count(data: object) -> int:
    if type(data) is not int or not 0 <= data <= 10_000:
        raise ValueError("not a count of ours")
    return data


def _read_entries(data: object) -> tuple[LogEntry, ...]:
    if not isinstance(data, list) or len(data) > _MOST_ENTRIES:
        raise ValueError("not entries of ours")
    return tuple(LogEntry.from_dict(entry) for entry in data)


def _read_body(data: object) -> tuple[str, ...]:
    if not isinstance(data, list) or len(data) > len(BODY) or any(name not in BODY for name in data):
        raise ValueError("not what we heard")
    return tuple(data)


def _read_ids(data: object) -> tuple[str, ...]:
    if not isinstance(data, list) or len(data) > MOST_REMINDERS:
        raise ValueError("not ids of ours")
    if not all(isinstance(each, str) and 0 < len(each) <= _LONGEST_ID for each in data):
        raise ValueError("not ids of ours")
    return tuple(data)
