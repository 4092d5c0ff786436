"""What every skill must answer: launch, help, stop, cancel, repeat, fallback, and the requests without an answer."""

from __future__ import annotations

from skill.coaching.spoken_time import exact_length, rough_length
from skill.content import words
from skill.handlers import privacy, therapy_running
from skill.handlers.stretch_start import offer_to_go_on
from skill.handlers.therapy_replies import just_finished, no_therapy, stop_session
from skill.handlers.therapy_timers import look_around
from skill.handlers.therapy_words import name_of
from skill.handlers.turn import Reply, Turn

ANSWERS = {
    "area": "",
    "modality": "",
    "stiff_or_swollen": "",
    "replaced_hip": "",
    "hip_cleared": "",
    "stretch_which": "",
    "safety": "not_sure",
    "how_long": "minutes",
    "extend": "minutes",
    "shorten": "minutes",
    "reminder_time": "time",
    "reminder_cancel": "which_reminder",
}
"""How the open question may be answered, where that is not yes or no; empty where the question says it."""


def launch(turn: Turn) -> Reply:
    """ "Open Hip Coach": where things stand, in few words for somebody who has been here before."""
    speaks_english = turn.locale.lower().startswith("en")
    return _welcome(turn).after("" if speaks_english else words("conversation.other_language"))


def _welcome(turn: Turn) -> Reply:
    present = look_around(turn)
    running, sessions = present.running, present.situation.sessions
    what_now = words("conversation.what_now")
    if running:
        key = "welcome_paused" if running.is_paused else "welcome_running"
        remaining = rough_length(running.remaining(turn.now))
        speech = words(f"conversation.{key}", modality=name_of(running.modality), remaining=remaining)
        details = {"modality": running.modality, "remaining_seconds": running.remaining(turn.now)}
        return Reply("welcome", speech, words("conversation.what_now_running"), details).after(present.news)
    offer = offer_to_go_on(turn)
    if offer is not None:
        return offer.after(present.news)
    if not sessions and not turn.memory.profile.safety_answered and not turn.memory.stretches():
        return Reply("welcome", words("conversation.welcome_new"), what_now, {"new": True})
    last = sessions[0] if sessions else None
    recently = last is not None and last.ended_at is not None and (turn.now - last.ended_at).total_seconds() < 2 * 3600
    if last and recently and last.outcome == "finished" and not present.news:
        minutes = exact_length(last.planned_seconds)
        speech = words("conversation.welcome_finished", modality=name_of(last.modality), minutes=minutes)
        return Reply("welcome", speech, what_now, {"last": "finished"})
    return Reply("welcome", words("conversation.welcome_back"), what_now).after(present.news)


def help_(turn: Turn) -> Reply:
    """Help for where the person is: an open question once more, or what can be said."""
    what_now = words("conversation.what_now")
    if turn.pending and turn.state.reprompt:
        speech = words("conversation.help_pending", question=turn.state.reprompt)
        answers = ANSWERS.get(turn.pending.question, "yes_or_no")
        if answers:
            speech = f"{speech} {words(f'conversation.help_answers.{answers}')}"
        return Reply("help", speech, turn.state.reprompt, pending=turn.pending)
    running = turn.situation().running if turn.state.known is not None else None
    if running:
        speech = words("conversation.help_running", modality=name_of(running.modality))
        return Reply("help", speech, words("conversation.what_now_running"))
    return Reply("help", words("conversation.help"), what_now)


def stop(turn: Turn) -> Reply:
    """ "Stop": a running session is stopped, for that is the safe reading; otherwise the conversation ends."""
    present = look_around(turn)
    if present.running:
        return stop_session(turn, present.running)
    if present.news or just_finished(turn, present):
        return no_therapy(turn, present)
    return _farewell(turn)


def goodbye(turn: Turn) -> Reply:
    """ "That's all": the conversation ends, a running session goes on."""
    turn.memory.is_last_try = bool(turn.pending and turn.pending.question == "anything_else")
    present = look_around(turn)
    running = present.running
    if running is None:
        return _farewell(turn).after(present.news)
    key = "goodbye_paused" if running.is_paused else "goodbye_running"
    remaining = rough_length(running.remaining(turn.now))
    return Reply("goodbye", words(f"conversation.{key}", modality=name_of(running.modality), remaining=remaining))


def _farewell(turn: Turn) -> Reply:
    if turn.pending and turn.pending.question == privacy.QUESTION:
        return privacy.keep(turn)
    if turn.pending is None or turn.pending.question == "anything_else":
        return Reply("goodbye", words("conversation.goodbye"))
    if turn.pending.question == "reminder_cancel":
        return Reply("goodbye", words("reminders.cancel.kept"))
    if turn.pending.question in ("reminder_time", "reminder_confirm"):
        return Reply("goodbye", words("reminders.done.not_set"))
    return Reply("goodbye", words("conversation.goodbye_question_dropped"))


def repeat(turn: Turn) -> Reply:
    """ "Say that again": the last words, and the question that was open stays open."""
    if turn.state.speech:
        reprompt = turn.state.reprompt or words("conversation.what_now")
        follow_up = turn.state.follow_up
        return Reply("repeated", turn.state.speech, reprompt, pending=turn.pending, follow_up=follow_up)
    nothing = words("conversation.nothing_to_repeat")
    if look_around(turn).running:
        return therapy_running.time_left(turn).after(nothing)
    what_now = words("conversation.what_now")
    return Reply("repeated", what_now, what_now).after(nothing)


def fallback(turn: Turn) -> Reply:
    """Not understood: an open question stays open, and nothing changes."""
    if turn.pending and turn.state.reprompt:
        speech = words("conversation.fallback_pending", question=turn.state.reprompt)
        return Reply("fallback", speech, turn.state.reprompt, pending=turn.pending)
    return Reply("fallback", words("conversation.fallback"), words("conversation.what_now"))


def acknowledge(turn: Turn) -> Reply:
    """A request that can't be answered with speech: what is unsaved gets another try, and that is all."""
    return Reply("acknowledged", "")
