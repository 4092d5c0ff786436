"""Setting a reminder, once it was read back and agreed to; and going on after Alexa's permission question."""

from __future__ import annotations

from datetime import UTC, datetime, time, tzinfo

from skill.alexa.reminders import REMINDERS_SCOPE, ReminderTrouble
from skill.coaching.reminder import NOT_OURS, ReminderPlan, decide, filled, first_ring
from skill.content import words
from skill.handlers import red_flags, standard
from skill.handlers.conversation_state import Pending
from skill.handlers.permission_token import reminder_from_token
from skill.handlers.questions import and_what_else
from skill.handlers.reminder_list import cancel, cancel_reminder, list_reminders
from skill.handlers.reminder_replies import (
    and_done,
    details_of,
    heard_reminder,
    local_date,
    reminders_api,
    trouble_reply,
)
from skill.handlers.reminder_words import text_of, what_words, when_words
from skill.handlers.turn import Reply, Turn


def set_reminder(turn: Turn) -> Reply:
    """ "Remind me to stretch every evening", with anything missing; or more about the one that is talked about."""
    about = turn.slots.get("reminder_about")
    if about is not None and turn.id("reminder_about") is None:
        return _not_ours(turn)
    zone = turn.time_zone()
    plan = heard_reminder(turn, local_date(turn, zone))
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


def confirmed(turn: Turn, plan: ReminderPlan) -> Reply:
    """A yes to the reminder that was read back: set it. One whose time has gone by meanwhile is read back anew."""
    zone = turn.time_zone()
    if zone is not None:
        decision = decide(plan, turn.now, zone)
        if decision.action == "ask" or decision.plan.day != plan.day:
            return _follow(turn, plan, zone)
    try:
        made = _create(turn, plan, zone)
    except ReminderTrouble as trouble:
        return trouble_reply(turn, trouble, "set", plan)
    speech = words("reminders.done.set", what=what_words(plan), when=when_words(plan, local_date(turn, zone)))
    return and_done(turn, Reply("reminder_set", speech, details=details_of(plan), reminders=(made,)))


def another_time(turn: Turn, plan: ReminderPlan) -> Reply:
    """A plain no to the reminder that was read back is about its time."""
    question = words("reminders.ask.another_time")
    open_plan = ReminderPlan(about=plan.about, recurrence=plan.recurrence)
    details = details_of(open_plan) | {"missing": "time"}
    return Reply("reminder_asked", question, question, details, Pending("reminder_time", reminder=open_plan))


def not_set(turn: Turn) -> Reply:
    """The reminder is not wanted after all."""
    return Reply("goodbye", words("reminders.done.not_set"))


def with_permission(turn: Turn) -> Reply:
    """Go on with what Alexa's question interrupted, now that reminders are allowed."""
    wish, plan = reminder_from_token(turn.connection_token) or ("list", ReminderPlan())
    if wish == "set":
        return confirmed(turn, plan)
    return list_reminders(turn) if wish == "list" else cancel(turn, plan, every=wish == "cancel_all")


def without_permission(turn: Turn, why: str) -> Reply:
    """The way on without reminders of Hip Coach's own; `why`: denied, not_answered or misconfigured."""
    wish, plan = reminder_from_token(turn.connection_token) or ("list", ReminderPlan())
    details = {"scope": REMINDERS_SCOPE} | details_of(plan)
    of = "set" if wish == "set" else "look"
    first = words(f"reminders.permission.{why}" if why == "misconfigured" else f"reminders.permission.{why}_{of}")
    return Reply("permission_denied", f"{first} {words(f'reminders.permission.without_{of}')}", details=details)


def _follow(turn: Turn, plan: ReminderPlan, zone: tzinfo | None) -> Reply:
    """Take a plan as far as it goes: ask what is missing, or read it back."""
    if plan.about == NOT_OURS:
        return _not_ours(turn)
    if zone is None and plan.delay is None:
        details = {"service": "settings"} | details_of(plan)
        return and_done(turn, Reply("unavailable", words("reminders.trouble.no_clock"), details=details))
    decision = decide(plan, turn.now, zone or UTC)
    plan, reason = decision.plan, decision.reason or "plain"
    notes = words("reminders.confirm.notes") if plan.about == "notes" and turn.pending is None else ""
    if decision.action == "ask":
        key = "what_and_when" if reason == "missing" and plan.about is None and not plan.says_when else reason
        details = details_of(plan) | {"missing": "time"} | ({"reason": reason} if reason != "missing" else {})
        pending = Pending("reminder_time", reminder=plan)
        speech = words(f"reminders.ask.{key}")
        return Reply("reminder_asked", speech, words("reminders.ask.reprompt"), details, pending).after(notes)
    speech = words(f"reminders.confirm.{reason}", what=what_words(plan), when=when_words(plan, local_date(turn, zone)))
    details = details_of(plan) | ({"reason": reason} if reason != "plain" else {})
    pending = Pending("reminder_confirm", reminder=plan)
    return Reply("reminder_asked", speech, words("reminders.confirm.reprompt"), details, pending).after(notes)


def _create(turn: Turn, plan: ReminderPlan, zone: tzinfo | None) -> str:
    api = reminders_api(turn)
    if plan.delay is not None:
        return api.create_in(text_of(plan), turn.now, plan.delay)
    if zone is None:
        # Alexa then takes the device's own zone, by which it was read back.
        starts_at = datetime.combine(plan.day or turn.now.date(), plan.at or time())
    else:
        starts_at = first_ring(plan, turn.now, zone).astimezone(zone).replace(tzinfo=None)
    return api.create(text_of(plan), turn.now, starts_at, str(zone) if zone else None, plan.days)


def _not_ours(turn: Turn) -> Reply:
    reply = Reply("out_of_scope", words("reminders.trouble.not_ours"), details={"topic": "reminders"})
    return and_what_else(turn, reply)
