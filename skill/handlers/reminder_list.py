"""The reminders there are: they are told, and any of them can be cancelled, also as "it" or "the second one"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from skill.alexa.reminders import AlexaReminder, ReminderTrouble
from skill.coaching.reminder import ReminderPlan, first_ring, meant, recurrence_of
from skill.coaching.spoken_time import number_words
from skill.content import words
from skill.handlers.conversation_state import MOST_REMINDERS, Pending
from skill.handlers.questions import and_what_else
from skill.handlers.reminder_replies import (
    and_done,
    details_of,
    heard_reminder,
    local_date,
    reminders_api,
    trouble_reply,
)
from skill.handlers.reminder_words import MOST_NAMED, about_of_text, list_words, what_words, when_words
from skill.handlers.turn import Reply, Turn

_PLACES: Mapping[str, int] = {"first": 0, "second": 1, "third": 2, "last": -1}
THAT = "it"
"""The place of one that isn't named: "it", "that one"."""


@dataclass(frozen=True)
class _Known:
    """A reminder that there is."""

    id: str
    plan: ReminderPlan
    """What it is for and when it rings, as far as it can be told."""
    item: str
    """As it is told: "heat, every day at eight in the morning"."""


def list_reminders(turn: Turn) -> Reply:
    """ "What reminders have I got?" The next three of them, and how many there are."""
    try:
        found = _known(turn)
    except ReminderTrouble as trouble:
        return trouble_reply(turn, trouble, "list", ReminderPlan())
    speech = list_words([known.item for known in found])
    reply = Reply("reminders_told", speech, details={"count": len(found)}, reminders=_ids(found))
    return and_what_else(turn, reply)


def cancel_reminder(turn: Turn) -> Reply:
    """ "Cancel my stretch reminder", "the second one": the one that is meant; with several that fit, ask which."""
    zone = turn.time_zone() if turn.value("date") else None
    wanted = heard_reminder(turn, local_date(turn, zone))
    place = turn.id("place")
    return cancel(turn, wanted, every="all" in (turn.id("which"), place), place=place)


def cancel_all(turn: Turn, wanted: ReminderPlan) -> Reply:
    """A yes to cancelling all that fit."""
    return cancel(turn, wanted, every=True, agreed=True)


def kept(turn: Turn) -> Reply:
    """No reminder is cancelled."""
    return Reply("goodbye", words("reminders.cancel.kept"))


def shall_it_go(turn: Turn) -> Reply | None:
    """Right after reminders were told, something that may mean one of them and may not: ask. None when all are gone."""
    try:
        named = _among(_known(turn), turn.state.reminders)
    except ReminderTrouble as trouble:
        return trouble_reply(turn, trouble, "cancel", ReminderPlan())
    if not named:
        return None
    if len(named) > 1:
        return _which(turn, named, ReminderPlan(), words("reminders.cancel.which"))
    question = words("reminders.cancel.this", item=named[0].item)
    return _may_it_go(question, named, ReminderPlan(), details_of(named[0].plan))


def cancel(turn: Turn, wanted: ReminderPlan, every: bool, agreed: bool = False, place: str | None = None) -> Reply:
    """Cancel the reminder that is meant.

    Args:
        turn: this turn.
        wanted: what was said of it.
        every: whether all that fit are meant.
        agreed: whether a yes to cancelling them all was heard.
        place: where it stood among those told last: "first", "second", "third", "last", or "it".
    """
    try:
        found = _known(turn)
        fitting = _meant(turn, found, wanted, place)
        if len(fitting) == 1 or (every and agreed):
            for known in fitting:
                reminders_api(turn).remove(known.id)
    except ReminderTrouble as trouble:
        return trouble_reply(turn, trouble, "cancel_all" if every else "cancel", wanted)
    if not found:
        return and_done(turn, Reply("reminders_told", words("reminders.cancel.none"), details={"count": 0}))
    if len(fitting) == 1:
        speech = words("reminders.cancel.done", item=fitting[0].item)
        return Reply("reminder_cancelled", speech, details=details_of(fitting[0].plan))
    if fitting and every:
        if agreed:
            return Reply("reminder_cancelled", words("reminders.cancel.all_done"), details={"count": len(fitting)})
        question = words("reminders.cancel.all", count=number_words(len(fitting)))
        return _may_it_go(question, fitting, wanted, details_of(wanted))
    question = words("reminders.cancel.which")
    if place == THAT and fitting:
        return _which(turn, fitting, wanted, question)
    told = fitting or found
    reply = _which(turn, told, wanted, f"{list_words([known.item for known in told])} {question}")
    return reply if fitting else reply.after(words("reminders.cancel.no_match"))


def _which(turn: Turn, told: Sequence[_Known], wanted: ReminderPlan, speech: str) -> Reply:
    """Ask which of these shall go."""
    details = details_of(wanted) | {"missing": "which"}
    pending = Pending("reminder_cancel")
    return Reply(
        "reminder_asked", speech, words("reminders.cancel.which"), details, pending=pending, reminders=_ids(told)
    )


def _may_it_go(question: str, fitting: Sequence[_Known], wanted: ReminderPlan, details: Mapping[str, object]) -> Reply:
    """Ask whether these shall go."""
    pending = Pending("reminder_cancel", reminder=wanted)
    details = {**details, "missing": "consent"}
    return Reply("reminder_asked", question, question, details, pending, reminders=_ids(fitting))


def _meant(turn: Turn, found: Sequence[_Known], wanted: ReminderPlan, place: str | None) -> Sequence[_Known]:
    """The reminders that are meant: where it was asked which, or one is named by its place, of those told last."""
    told = turn.state.reminders
    if not told or (place is None and turn.pending is None):
        return _fitting(found, wanted)
    named = _among(found, told)
    described = _fitting(named, wanted) if wanted != ReminderPlan() else []
    position = _PLACES.get(place or "")
    if position is not None and not described:
        # Of many, only some are told by name.
        return _among(found, told[:MOST_NAMED][position:][:1])
    return described or _fitting(named if wanted == ReminderPlan() else found, wanted)


def _fitting(found: Sequence[_Known], wanted: ReminderPlan) -> Sequence[_Known]:
    plans = meant([known.plan for known in found], wanted)
    return [known for known in found if known.plan in plans]


def _among(found: Sequence[_Known], ids: Sequence[str]) -> Sequence[_Known]:
    """Those of these ids that there still are, in the order of the ids."""
    by_id = {known.id: known for known in found}
    return [by_id[each] for each in ids if each in by_id]


def _ids(found: Sequence[_Known]) -> tuple[str, ...]:
    return tuple(known.id for known in found[:MOST_REMINDERS])


def _known(turn: Turn) -> Sequence[_Known]:
    """The reminders there are; the next one first.

    Raises:
        ReminderTrouble: when Alexa doesn't tell.
    """
    found = reminders_api(turn).all()
    if not found:
        return []
    zone = turn.time_zone() or UTC
    today = turn.now.astimezone(zone).date()
    known = []
    for reminder in found:
        plan = _plan_of(reminder, zone)
        about = words("reminders.list.something") if plan.about is None else what_words(plan)
        item = words("reminders.list.item", what=about, when=when_words(plan, today))
        rings_at = first_ring(plan, turn.now, zone) if plan.at else turn.now
        known.append((rings_at, reminder.id, _Known(reminder.id, plan, item)))
    return [each for _, _, each in sorted(known, key=lambda each: each[:2])]


def _plan_of(reminder: AlexaReminder, zone: tzinfo) -> ReminderPlan:
    """What a reminder is for and when it rings, as far as it can be told."""
    recurrence = recurrence_of(reminder.days)
    starts_at, at = reminder.starts_at, reminder.at
    if reminder.rings_at is not None:
        starts_at = reminder.rings_at.astimezone(zone).replace(tzinfo=None)
        at = starts_at.time().replace(second=0, microsecond=0)
    if reminder.days and recurrence is None:
        at = None
    return ReminderPlan(
        about=about_of_text(reminder.text), at=at, day=starts_at.date() if starts_at else None, recurrence=recurrence
    )
