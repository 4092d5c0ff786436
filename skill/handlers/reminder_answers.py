"""Answers to the questions about a reminder: when, shall I set it, which one shall go; and second thoughts."""

from __future__ import annotations

from dataclasses import replace

from skill.coaching.understanding import understand
from skill.coaching.understanding.labels import ANSWER, HEAT_OR_COLD, RED_FLAG, split_label
from skill.content import words
from skill.handlers import reminder_list, reminders
from skill.handlers.conversation_state import Pending
from skill.handlers.free_text import QUESTION_INTENT, spoken_text
from skill.handlers.turn import Reply, Slot, Turn

QUESTIONS = ("reminder_time", "reminder_confirm", "reminder_cancel")
_YES = frozenset({"AMAZON.YesIntent", "AgreeIntent"})
_NO = frozenset({"AMAZON.NoIntent", "DeclineIntent", "NoProblemsIntent"})
_NEXT = frozenset({"AMAZON.NextIntent", "StretchNextIntent"})
_PLACES = {"1": "first", "2": "second", "3": "third"}


def answer_to_reminder_question(turn: Turn) -> Reply | None:
    """The reply when this turn answers such a question; None when it is about something else."""
    pending = turn.pending
    if pending is None:
        return _second_thoughts(turn) if turn.state.reminders else None
    if pending.question not in QUESTIONS:
        return None
    if turn.intent in _YES:
        return _yes(turn, pending)
    if turn.intent in _NO:
        return _no(turn, pending)
    if turn.intent == "UnsureIntent":
        return _asked_again(turn, pending)
    return _which_one(turn, pending) if pending.question == "reminder_cancel" else _when(turn, pending)


def _second_thoughts(turn: Turn) -> Reply | None:
    """ "Cancel it", right after reminders were named. What may be meant for something else is asked."""
    free = spoken_text(turn)
    if free:
        from skill.coaching.understanding.reminder_slots import is_to_stay, speaks_of_cancelling

        if not speaks_of_cancelling(_words_of(free)) or _kind(free) == RED_FLAG:
            return None
        found = _slots(free)
        if found and is_to_stay(_words_of(free)):
            return reminder_list.kept(turn)
        return reminder_list.cancel_reminder(replace(turn, slots=found)) if found else None
    stops = turn.intent == "StopTherapyIntent" and turn.situation().running is None
    modality = turn.slots.get("modality")
    if stops and modality is not None:
        return reminder_list.cancel_reminder(replace(turn, slots=_of_modality(modality)))
    return reminder_list.shall_it_go(turn) if stops or turn.intent == "AMAZON.CancelIntent" else None


def _yes(turn: Turn, pending: Pending) -> Reply:
    if pending.question == "reminder_confirm" and pending.reminder is not None:
        return reminders.confirmed(turn, pending.reminder)
    if pending.question == "reminder_cancel" and pending.reminder is not None:
        return reminder_list.cancel_all(turn, pending.reminder)
    return _asked_again(turn, pending)


def _no(turn: Turn, pending: Pending) -> Reply:
    if pending.question == "reminder_cancel":
        return reminder_list.kept(turn)
    # A plain no is about the time; "leave it" is about the whole.
    if pending.question == "reminder_confirm" and turn.intent == "AMAZON.NoIntent" and pending.reminder is not None:
        return reminders.another_time(turn, pending.reminder)
    return reminders.not_set(turn)


def _when(turn: Turn, pending: Pending) -> Reply | None:
    """A time or a day: in free words, as a bare number, or caught by an intent meant for something else."""
    free = spoken_text(turn)
    if free:
        from skill.coaching.understanding.reminder_slots import is_to_stay, speaks_of_cancelling

        kind = _kind(free)
        if _means_something_else(turn, kind):
            return None
        found = _slots(free)
        said = _words_of(free)
        if found.pop("place", None) and speaks_of_cancelling(said) and not is_to_stay(said):
            return reminders.not_set(turn)
        if found.keys() <= {"reminder_about"} and (_has_about(pending) or kind in (ANSWER, HEAT_OR_COLD)):
            return None
    elif turn.intent == "AmountIntent":
        found = _amount(turn)
    else:
        return None
    return reminders.set_reminder(replace(turn, slots=found)) if found else None


def _which_one(turn: Turn, pending: Pending) -> Reply | None:
    """Its name, its time, its place in the list: in free words, or caught by an intent meant for something else."""
    free = spoken_text(turn)
    if free:
        from skill.coaching.understanding.reminder_slots import is_to_stay

        if _means_something_else(turn, _kind(free)):
            return None
        found = _slots(free)
        if found and is_to_stay(_words_of(free)):
            return reminder_list.kept(turn)
        said_again = {slot.ids for slot in found.values()} <= {(reminder_list.THAT,), ("all",)}
        if pending.reminder is not None and found and said_again:
            # "Yes, cancel them."
            return reminder_list.cancel_all(turn, pending.reminder)
    else:
        found = _caught(turn)
    return reminder_list.cancel_reminder(replace(turn, slots=found)) if found else None


def _caught(turn: Turn) -> dict[str, Slot]:
    """ "The heat one", "my stretches", "both": what is taken for a wish where nothing is asked."""
    if turn.intent == "AmountIntent":
        number = turn.value("minutes") or ""
        place = {"place": Slot(number, (_PLACES[number],))} if number in _PLACES else {}
        return _amount(turn) | place
    if turn.intent in _NEXT:
        return {"place": Slot("next", ("first",))}
    about = turn.slots.get("reminder_about")
    if turn.intent == "ReminderIntent" and about is not None and len(turn.slots) == 1:
        return {"reminder_about": about}
    if turn.intent == "StretchStartIntent":
        return {"reminder_about": Slot("stretch", ("stretch",))}
    modality = turn.slots.get("modality")
    return _of_modality(modality) if turn.intent in ("StartTherapyIntent", "StopTherapyIntent") and modality else {}


def _of_modality(modality: Slot) -> dict[str, Slot]:
    """ "Both" may be heat and cold elsewhere; here it is both reminders."""
    return {"which": Slot("all", ("all",))} if modality.ids == ("both",) else {"reminder_about": modality}


def _amount(turn: Turn) -> dict[str, Slot]:
    """ "Seven" is an hour here, and "two hours" how long from now."""
    duration, number = turn.slots.get("duration"), turn.slots.get("minutes")
    if duration is not None:
        return {"delay": duration}
    if number is None:
        return {}
    return {"time": Slot(f"{number.value}:00" if number.value.isdigit() else number.value)}


def _means_something_else(turn: Turn, kind: str) -> bool:
    """Whether free words are an emergency or a question of their own."""
    return kind == RED_FLAG or (turn.intent == QUESTION_INTENT and kind in (ANSWER, HEAT_OR_COLD))


def _kind(free: str) -> str:
    label = understand(free).label
    return split_label(label)[0] if label else ""


def _slots(free: str) -> dict[str, Slot]:
    from skill.coaching.understanding.reminder_slots import reminder_slots

    return {name: Slot(said.value, said.ids) for name, said in reminder_slots(_words_of(free), True).items()}


def _words_of(free: str) -> list[str]:
    from skill.coaching.understanding.features import words_of

    return words_of(free)


def _has_about(pending: Pending) -> bool:
    return pending.reminder is not None and pending.reminder.about is not None


def _asked_again(turn: Turn, pending: Pending) -> Reply:
    question = turn.state.reprompt or words("reminders.ask.reprompt")
    return Reply("fallback", question, question, pending=pending)
