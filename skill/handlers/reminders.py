"""Reminders: one is set after it was read back and agreed to, those there are are told, and any can be cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from skill.alexa.reminders import REMINDERS_SCOPE, AlexaReminder, Reminders, ReminderTrouble
from skill.coaching.reminder import NOT_OURS, ReminderPlan, decide, filled, first_ring, heard, recurrence_of
from skill.coaching.spoken_time import number_words
from skill.content import words
from skill.handlers import red_flags, standard
from skill.handlers.conversation_state import Pending
from skill.handlers.permission_question import permission_question
from skill.handlers.permission_token import reminder_from_token, reminder_to_token
from skill.handlers.questions import and_what_else
from skill.handlers.reminder_words import (
    about_of_text,
    list_words,
    text_of,
    what_of,
    what_words,
    when_words,
)
from skill.handlers.turn import NEUTRAL_LOCALE, Reply, Turn


def set_reminder(turn: Turn) -> Reply:
    """ "Remind me to stretch every evening", with anything missing; or more about the one that is talked about."""
    about = turn.slots.get("reminder_about")
    if about is not None and turn.id("reminder_about") is None:
        return _not_ours(turn)
    zone = turn.time_zone()
    plan = heard_reminder(turn, _today(turn, zone))
    if turn.pending and turn.pending.reminder and turn.pending.question != "reminder_cancel":
        plan = filled(plan, turn.pending.reminder)
    return _follow(turn, plan, zone)


def reminder_time(turn: Turn) -> Reply:
    """ "At seven in the evening": an answer to when. With no reminder talked about it means nothing."""
    if turn.state.red_flag:
        return red_flags.still_there(turn)
    if turn.pending is None or not turn.pending.question.startswith("reminder_"):
        return standard.fallback(turn)
    return cancel_reminder(turn) if turn.pending.question == "reminder_cancel" else set_reminder(turn)


def heard_reminder(turn: Turn, today: date) -> ReminderPlan:
    """What the slots of this turn say of a reminder."""
    return heard(
        today,
        about=turn.id("reminder_about"),
        at=turn.value("time"),
        day=turn.value("date"),
        recurrence=turn.id("recurrence"),
        delay=turn.value("delay"),
    )


def confirmed(turn: Turn, plan: ReminderPlan) -> Reply:
    """A yes to the reminder that was read back: set it. One whose time has gone by meanwhile is read back anew."""
    zone = turn.time_zone()
    if zone is not None:
        decision = decide(plan, turn.now, zone)
        if decision.action == "ask" or decision.plan.day != plan.day:
            return _follow(turn, plan, zone)
    try:
        _create(turn, plan, zone)
    except ReminderTrouble as trouble:
        return _trouble(turn, trouble, "set", plan)
    speech = words("reminders.done.set", what=what_words(plan), when=when_words(plan, _today(turn, zone)))
    return Reply("reminder_set", speech, details=_details(plan))


def another_time(turn: Turn, plan: ReminderPlan) -> Reply:
    """A plain no to the reminder that was read back is about its time."""
    question = words("reminders.ask.another_time")
    open_plan = ReminderPlan(about=plan.about, recurrence=plan.recurrence)
    details = _details(open_plan) | {"missing": "time"}
    return Reply("reminder_asked", question, question, details, Pending("reminder_time", reminder=open_plan))


def not_set(turn: Turn) -> Reply:
    """The reminder is not wanted after all."""
    return Reply("goodbye", words("reminders.done.not_set"))


def list_reminders(turn: Turn) -> Reply:
    """ "What reminders have I got?" The next three of them, and how many there are."""
    try:
        found = _known(turn)
    except ReminderTrouble as trouble:
        return _trouble(turn, trouble, "list", ReminderPlan())
    reply = Reply("reminders_told", list_words([item for _, _, item in found]), details={"count": len(found)})
    return and_what_else(turn, reply)


def cancel_reminder(turn: Turn) -> Reply:
    """ "Cancel my stretch reminder": the one that is meant; with several that fit, ask which."""
    zone = turn.time_zone() if turn.value("date") else None
    wanted = heard_reminder(turn, _today(turn, zone))
    return _cancel(turn, wanted, every=turn.id("which") == "all")


def cancel_all(turn: Turn, wanted: ReminderPlan) -> Reply:
    """A yes to cancelling all that fit."""
    return _cancel(turn, wanted, every=True, agreed=True)


def kept(turn: Turn) -> Reply:
    """No reminder is cancelled."""
    return Reply("goodbye", words("reminders.cancel.kept"))


def with_permission(turn: Turn) -> Reply:
    """Go on with what Alexa's question interrupted, now that reminders are allowed."""
    wish, plan = reminder_from_token(turn.connection_token) or ("list", ReminderPlan())
    if wish == "set":
        return confirmed(turn, plan)
    return list_reminders(turn) if wish == "list" else _cancel(turn, plan, every=wish == "cancel_all")


def without_permission(turn: Turn, why: str) -> Reply:
    """The way on without reminders of Hip Coach's own; `why`: denied, not_answered or misconfigured."""
    _, plan = reminder_from_token(turn.connection_token) or ("list", ReminderPlan())
    details = {"scope": REMINDERS_SCOPE} | _details(plan)
    reply = Reply("permission_denied", words("reminders.permission.without"), details=details)
    return reply.after(words(f"reminders.permission.{why}"))


def _follow(turn: Turn, plan: ReminderPlan, zone: tzinfo | None) -> Reply:
    """Take a plan as far as it goes: ask what is missing, or read it back."""
    if plan.about == NOT_OURS:
        return _not_ours(turn)
    if zone is None and plan.delay is None:
        details = {"service": "settings"} | _details(plan)
        return _and_done(turn, Reply("unavailable", words("reminders.trouble.no_clock"), details=details))
    decision = decide(plan, turn.now, zone or UTC)
    plan, reason = decision.plan, decision.reason or "plain"
    notes = words("reminders.confirm.notes") if plan.about == "notes" and turn.pending is None else ""
    if decision.action == "ask":
        key = "what_and_when" if reason == "missing" and plan.about is None and not plan.says_when else reason
        details = _details(plan) | {"missing": "time"} | ({"reason": reason} if reason != "missing" else {})
        pending = Pending("reminder_time", reminder=plan)
        speech = words(f"reminders.ask.{key}")
        return Reply("reminder_asked", speech, words("reminders.ask.reprompt"), details, pending).after(notes)
    speech = words(f"reminders.confirm.{reason}", what=what_words(plan), when=when_words(plan, _today(turn, zone)))
    details = _details(plan) | ({"reason": reason} if reason != "plain" else {})
    pending = Pending("reminder_confirm", reminder=plan)
    return Reply("reminder_asked", speech, words("reminders.confirm.reprompt"), details, pending).after(notes)


def _create(turn: Turn, plan: ReminderPlan, zone: tzinfo | None) -> None:
    api = _reminders(turn)
    if plan.delay is not None:
        api.create_in(text_of(plan), turn.now, plan.delay)
        return
    if zone is None:
        # Alexa then takes the device's own zone, by which it was read back.
        starts_at = datetime.combine(plan.day or turn.now.date(), plan.at or time())
    else:
        starts_at = first_ring(plan, turn.now, zone).astimezone(zone).replace(tzinfo=None)
    api.create(text_of(plan), turn.now, starts_at, str(zone) if zone else None, plan.days)


def _cancel(turn: Turn, wanted: ReminderPlan, every: bool, agreed: bool = False) -> Reply:
    try:
        found = _known(turn)
        fitting = [each for each in found if _fits(each[1], wanted)]
        if len(fitting) == 1 or (every and agreed):
            for reminder, _, _ in fitting:
                _reminders(turn).remove(reminder.id)
    except ReminderTrouble as trouble:
        return _trouble(turn, trouble, "cancel_all" if every else "cancel", wanted)
    if not found:
        return _and_done(turn, Reply("reminders_told", words("reminders.cancel.none"), details={"count": 0}))
    if len(fitting) == 1:
        _, plan, item = fitting[0]
        return Reply("reminder_cancelled", words("reminders.cancel.done", item=item), details=_details(plan))
    if fitting and every:
        if agreed:
            return Reply("reminder_cancelled", words("reminders.cancel.all_done"), details={"count": len(fitting)})
        question = words("reminders.cancel.all", count=number_words(len(fitting)))
        pending = Pending("reminder_cancel", reminder=wanted)
        return Reply("reminder_asked", question, question, _details(wanted) | {"missing": "consent"}, pending)
    question = words("reminders.cancel.which")
    listed = list_words([item for _, _, item in fitting or found])
    reply = Reply("reminder_asked", f"{listed} {question}", question, _details(wanted) | {"missing": "which"})
    reply = replace(reply, pending=Pending("reminder_cancel"))
    return reply if fitting else reply.after(words("reminders.cancel.no_match"))


def _known(turn: Turn) -> Sequence[tuple[AlexaReminder, ReminderPlan, str]]:
    """The reminders there are, what they are for and when, and as they are told; the next one first.

    Raises:
        ReminderTrouble: when Alexa doesn't tell.
    """
    found = _reminders(turn).all()
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
        known.append((rings_at, reminder.id, reminder, plan, item))
    return [(reminder, plan, item) for _, _, reminder, plan, item in sorted(known, key=lambda each: each[:2])]


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


def _fits(plan: ReminderPlan, wanted: ReminderPlan) -> bool:
    """Whether this is a reminder that somebody speaks of: "the seven o'clock one" may be in the evening."""
    if wanted.at and (plan.at is None or (plan.at.hour - wanted.at.hour) % 12 or plan.at.minute != wanted.at.minute):
        return False
    same_day = wanted.day is None or plan.day == wanted.day or bool(plan.recurrence)
    return same_day and all(getattr(wanted, name) in (None, getattr(plan, name)) for name in ("about", "recurrence"))


def _trouble(turn: Turn, trouble: ReminderTrouble, wish: str, plan: ReminderPlan) -> Reply:
    """What to do when Alexa didn't do it: ask for the permission, or say what is the matter."""
    if trouble.reason == "permission" and turn.connection_status is None:
        speech = words(f"reminders.permission.{'set' if wish == 'set' else 'look'}")
        return permission_question(REMINDERS_SCOPE, speech, reminder_to_token(wish, plan), _details(plan))
    details = {"service": "reminders", "reason": trouble.reason} | _details(plan)
    if trouble.reason in ("unsupported", "too_many"):
        return _and_done(turn, Reply("unavailable", words(f"reminders.trouble.{trouble.reason}"), details=details))
    if wish != "set":
        return _and_done(turn, Reply("unavailable", words("reminders.trouble.look"), details=details))
    if trouble.reason == "invalid":
        open_plan = ReminderPlan(about=plan.about, recurrence=plan.recurrence)
        pending = Pending("reminder_time", reminder=open_plan)
        speech = words("reminders.trouble.invalid")
        return Reply("unavailable", speech, words("reminders.ask.reprompt"), details, pending)
    pending = Pending("reminder_confirm", reminder=plan)
    return Reply("unavailable", words("reminders.trouble.set"), words("reminders.confirm.reprompt"), details, pending)


def _not_ours(turn: Turn) -> Reply:
    reply = Reply("out_of_scope", words("reminders.trouble.not_ours"), details={"topic": "reminders"})
    return and_what_else(turn, reply)


def _and_done(turn: Turn, reply: Reply) -> Reply:
    """The reply without going back to a question about a reminder, of which nothing can come now."""
    about_reminder = turn.pending is not None and turn.pending.question.startswith("reminder_")
    return and_what_else(replace(turn, state=replace(turn.state, pending=None)) if about_reminder else turn, reply)


def _details(plan: ReminderPlan) -> dict[str, Any]:
    at = plan.at.isoformat("minutes") if plan.at else None
    details = {"what": what_of(plan), "time": at, "recurrence": plan.recurrence}
    return details | ({"seconds": plan.delay} if plan.delay is not None else {})


def _reminders(turn: Turn) -> Reminders:
    return Reminders(turn.services, turn.locale or NEUTRAL_LOCALE)


def _today(turn: Turn, zone: tzinfo | None) -> date:
    return turn.now.astimezone(zone).date() if zone else turn.now.date()
