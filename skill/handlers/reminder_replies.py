"""What every talk about a reminder needs: the API, what was heard, the details of the record, and trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, tzinfo
from typing import Any

from skill.alexa.reminders import REMINDERS_SCOPE, Reminders, ReminderTrouble
from skill.coaching.reminder import ReminderPlan, heard
from skill.content import words
from skill.handlers.conversation_state import Pending
from skill.handlers.permission_question import permission_question
from skill.handlers.permission_token import reminder_to_token
from skill.handlers.questions import and_what_else
from skill.handlers.reminder_words import what_of
from skill.handlers.turn import NEUTRAL_LOCALE, Reply, Turn


def reminders_api(turn: Turn) -> Reminders:
    """The Reminders API for this listener."""
    return Reminders(turn.services, turn.locale or NEUTRAL_LOCALE)


def local_date(turn: Turn, zone: tzinfo | None) -> date:
    """The date where the person is; that of UTC where the time zone isn't known."""
    return turn.now.astimezone(zone).date() if zone else turn.now.date()


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


def details_of(plan: ReminderPlan) -> dict[str, Any]:
    """What is noted of a reminder in the turn's record."""
    at = plan.at.isoformat("minutes") if plan.at else None
    details = {"what": what_of(plan), "time": at, "recurrence": plan.recurrence}
    return details | ({"seconds": plan.delay} if plan.delay is not None else {})


def and_done(turn: Turn, reply: Reply) -> Reply:
    """The reply without going back to a question about a reminder, of which nothing can come now."""
    about_reminder = turn.pending is not None and turn.pending.question.startswith("reminder_")
    return and_what_else(replace(turn, state=replace(turn.state, pending=None)) if about_reminder else turn, reply)


def trouble_reply(turn: Turn, trouble: ReminderTrouble, wish: str, plan: ReminderPlan) -> Reply:
    """What to do when Alexa didn't do it: ask for the permission, or say what is the matter."""
    if trouble.reason == "permission" and turn.connection_status is None:
        speech = words(f"reminders.permission.{'set' if wish == 'set' else 'look'}")
        return permission_question(REMINDERS_SCOPE, speech, reminder_to_token(wish, plan), details_of(plan))
    details = {"service": "reminders", "reason": trouble.reason} | details_of(plan)
    if trouble.reason in ("unsupported", "too_many"):
        return and_done(turn, Reply("unavailable", words(f"reminders.trouble.{trouble.reason}"), details=details))
    if wish != "set":
        return and_done(turn, Reply("unavailable", words("reminders.trouble.look"), details=details))
    if trouble.reason == "invalid":
        open_plan = ReminderPlan(about=plan.about, recurrence=plan.recurrence)
        pending = Pending("reminder_time", reminder=open_plan)
        speech = words("reminders.trouble.invalid")
        return Reply("unavailable", speech, words("reminders.ask.reprompt"), details, pending)
    pending = Pending("reminder_confirm", reminder=plan)
    return Reply("unavailable", words("reminders.trouble.set"), words("reminders.confirm.reprompt"), details, pending)
