"""Answers to the questions about a reminder: when, shall I set it, which one shall go."""

from __future__ import annotations

from dataclasses import replace

from skill.coaching.understanding import understand
from skill.coaching.understanding.labels import ANSWER, HEAT_OR_COLD, RED_FLAG, split_label
from skill.content import words
from skill.handlers import reminders
from skill.handlers.conversation_state import Pending
from skill.handlers.free_text import QUESTION_INTENT, spoken_text
from skill.handlers.turn import Reply, Slot, Turn

QUESTIONS = ("reminder_time", "reminder_confirm", "reminder_cancel")
_YES = frozenset({"AMAZON.YesIntent", "AgreeIntent"})
_NO = frozenset({"AMAZON.NoIntent", "DeclineIntent", "NoProblemsIntent"})


def answer_to_reminder_question(turn: Turn) -> Reply | None:
    """The reply when this turn answers such a question; None when it is about something else."""
    pending = turn.pending
    if pending is None or pending.question not in QUESTIONS:
        return None
    if turn.intent in _YES:
        return _yes(turn, pending)
    if turn.intent in _NO:
        return _no(turn, pending)
    if turn.intent == "UnsureIntent":
        return _asked_again(turn, pending)
    return _said_when_or_which(turn, pending)


def _yes(turn: Turn, pending: Pending) -> Reply:
    if pending.question == "reminder_confirm" and pending.reminder is not None:
        return reminders.confirmed(turn, pending.reminder)
    if pending.question == "reminder_cancel" and pending.reminder is not None:
        return reminders.cancel_all(turn, pending.reminder)
    return _asked_again(turn, pending)


def _no(turn: Turn, pending: Pending) -> Reply:
    if pending.question == "reminder_cancel":
        return reminders.kept(turn)
    # A plain no is about the time; "leave it" is about the whole.
    if pending.question == "reminder_confirm" and turn.intent == "AMAZON.NoIntent" and pending.reminder is not None:
        return reminders.another_time(turn, pending.reminder)
    return reminders.not_set(turn)


def _said_when_or_which(turn: Turn, pending: Pending) -> Reply | None:
    """A time, a day, a name: in free words, as a bare number, or caught by an intent meant for something else."""
    cancels = pending.question == "reminder_cancel"
    free = spoken_text(turn)
    if free:
        label = understand(free).label
        kind = split_label(label)[0] if label else ""
        if kind == RED_FLAG or (turn.intent == QUESTION_INTENT and kind in (ANSWER, HEAT_OR_COLD)):
            return None
        from skill.coaching.understanding.features import words_of
        from skill.coaching.understanding.reminder_slots import reminder_slots

        found = {name: Slot(said.value, said.ids) for name, said in reminder_slots(words_of(free), True).items()}
        if (
            not cancels
            and found.keys() <= {"reminder_about"}
            and (_has_about(pending) or kind in (ANSWER, HEAT_OR_COLD))
        ):
            return None
    elif turn.intent == "AmountIntent":
        found = _amount(turn)
    elif cancels:
        found = _which(turn)
    else:
        return None
    if not found:
        return None
    turn = replace(turn, slots=found)
    return reminders.cancel_reminder(turn) if cancels else reminders.set_reminder(turn)


def _amount(turn: Turn) -> dict[str, Slot]:
    """ "Seven" is an hour here, and "two hours" how long from now."""
    duration, number = turn.slots.get("duration"), turn.slots.get("minutes")
    if duration is not None:
        return {"delay": duration}
    if number is None:
        return {}
    return {"time": Slot(f"{number.value}:00" if number.value.isdigit() else number.value)}


def _which(turn: Turn) -> dict[str, Slot]:
    """ "The heat one", "my stretches", "both": names that are taken for a wish where nothing is asked."""
    about = turn.slots.get("reminder_about")
    if turn.intent == "ReminderIntent" and about is not None and len(turn.slots) == 1:
        return {"reminder_about": about}
    if turn.intent == "StretchStartIntent":
        return {"reminder_about": Slot("stretch", ("stretch",))}
    modality = turn.slots.get("modality")
    if turn.intent != "StartTherapyIntent" or modality is None:
        return {}
    return {"which": Slot("all", ("all",))} if modality.ids == ("both",) else {"reminder_about": modality}


def _has_about(pending: Pending) -> bool:
    return pending.reminder is not None and pending.reminder.about is not None


def _asked_again(turn: Turn, pending: Pending) -> Reply:
    question = turn.state.reprompt or words("reminders.ask.reprompt")
    return Reply("fallback", question, question, pending=pending)
