"""In the middle of a stretch: each word that steers it, and what the words of heat and cold mean there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from skill.coaching.stretching import (
    Pause,
    Place,
    StretchTurn,
    back,
    easier,
    elsewhere,
    faster,
    go_on,
    how_many_left,
    hurts,
    more_detail,
    one_side,
    pause,
    repeat,
    resume,
    shorter_words,
    skip,
    slower,
    start_over,
    stop,
)
from skill.coaching.stretching.heard import names_sleep
from skill.coaching.therapy_session import SIDES
from skill.content import words
from skill.handlers import answers, standard, therapy_running
from skill.handlers.conversation_state import HIP_QUESTIONS
from skill.handlers.questions import back_to_question
from skill.handlers.stretch_log import body_of, left_stretch, live_stretch
from skill.handlers.stretch_replies import nothing_to_go_on_with, shown
from skill.handlers.stretch_safety import STRETCH_QUESTIONS, caution, has_numb_legs
from skill.handlers.stretch_start import follow, go_on_with_left, heard_wish, offer_stopped, speaks_against
from skill.handlers.therapy_replies import caution_while_on
from skill.handlers.therapy_start import therapy_caution
from skill.handlers.turn import Reply, Turn

Handler = Callable[[Turn], Reply]
_OTHER_SIDE = {"left": "right", "right": "left"}
WAIT_SECONDS = 10.0
"""Seconds of silence after "not yet", before "say ready"; Alexa then listens for twice eight seconds more."""


def _control(
    step: Callable[[Place], StretchTurn], outcome: str, *, told_again: bool = True, stopped_too: bool = True
) -> Handler:
    """The handler of one word that steers.

    Args:
        step: what the coach does.
        outcome: what the turn comes to.
        told_again: whether, where the conversation had ended meanwhile, the position is told again instead.
        stopped_too: whether the word also takes up a stretch that was stopped.
    """

    def steer(turn: Turn) -> Reply:
        session = live_stretch(turn)
        if session is not None:
            return shown(turn, session, step(session.place), outcome)
        if _asks_about_hip(turn):
            return standard.stop(turn) if outcome == "stretch_stopped" else nothing_to_go_on_with(turn)
        meant = _without_stretch(turn)
        if meant is not None:
            return meant(turn)
        session = left_stretch(turn, also_stopped=stopped_too)
        if session is None:
            return offer_stopped(turn) if told_again else nothing_to_go_on_with(turn)
        if told_again:
            return go_on_with_left(turn)
        against = speaks_against(turn, session) if outcome != "stretch_stopped" else None
        return against or shown(turn, session, step(session.place), outcome)

    return steer


def resume_stretch(turn: Turn) -> Reply:
    """ "Carry on": with what was paused, or with the next step when nothing was."""
    session = live_stretch(turn)
    if session is None:
        return nothing_to_go_on_with(turn) if _asks_about_hip(turn) else go_on_with_left(turn)
    if session.place.paused:
        return shown(turn, session, resume(session.place), "stretch_resumed")
    return shown(turn, session, go_on(session.place), "stretch_step")


def next_or_skip(turn: Turn) -> Reply:
    """Alexa's own "next", which is also her "skip": what hurt is left out, not tried again."""
    session = live_stretch(turn)
    return skip_step(turn) if session is not None and session.place.hurt else next_step(turn)


def easier_step(turn: Turn) -> Reply:
    """ "Easier", or "sitting down instead": the same muscle in that position, where there is such a form."""
    session, position = live_stretch(turn), turn.id("position")
    if session is not None and position:
        there = elsewhere(session.place, position, body_of(turn))
        if there is not None:
            return shown(turn, session, there, "stretch_step")
    return _EASIER(turn)


def one_side_only(turn: Turn) -> Reply:
    """ "Only the left side", "not the right one": the one that was named, or the one that we are at. "Just the left
    piriformis", before anything was begun, is a wish."""
    session = live_stretch(turn)
    if session is None:
        wish = heard_wish(turn)
        return follow(turn, wish) if wish.muscle else nothing_to_go_on_with(turn)
    named = turn.id("side") or _OTHER_SIDE.get(turn.id("skipped_side") or "") or session.place.side_name
    side = named if named in SIDES else session.place.side_name
    return shown(turn, session, one_side(session.place, side), "stretch_step")


def that_hurts(turn: Turn) -> Reply:
    """ "That hurts": let go first. Without a stretch it is about the heat or the cold that is on."""
    session = live_stretch(turn)
    if session is not None:
        return shown(turn, session, hurts(session.place), "stretch_paused")
    running = turn.situation().running
    if running is not None:
        return caution_while_on(turn, running, None)
    return Reply("fallback", words("stretching.conversation.hurts_without"))


def wait(turn: Turn) -> Reply:
    """ "Not yet": all the time that is needed."""
    session = live_stretch(turn)
    if session is None:
        return nothing_to_go_on_with(turn)
    turn.memory.keep_stretch(session.at(session.place, session.outcome, turn.now))
    timed = (words("stretching.conversation.take_your_time"), Pause(WAIT_SECONDS), turn.state.reprompt)
    details = {"muscle": session.place.exercise.muscle, "step": "wait", "side": session.place.side_name}
    return Reply("stretch_paused", "", turn.state.reprompt, details, turn.pending, timed=timed)


def caution_in_a_stretch(turn: Turn) -> Reply:
    """Something that may speak against it: numbness is a reason to let go (S08); where heat or cold is on as well, that
    comes off first and the stretch is over."""
    session = live_stretch(turn)
    if session is not None and turn.id("caution") == "numb" and not has_numb_legs(turn):
        return that_hurts(turn)
    is_asleep = turn.id("caution") == "asleep" or names_sleep(turn.said)
    if session is not None and is_asleep and turn.situation().running is None:
        return stop_stretch(turn)
    if turn.situation().running is None:
        return caution(turn)
    if session is not None:
        turn.memory.keep_stretch(session.stopped().held())
    return therapy_caution(turn)


def help_(turn: Turn) -> Reply:
    """Help in the middle of a stretch."""
    speech = words("stretching.conversation.help")
    return back_to_question(turn, Reply("help", speech))


next_step = _control(go_on, "stretch_step", stopped_too=False)
skip_step = _control(skip, "stretch_step")
repeat_step = _control(repeat, "stretch_repeated")
previous_step = _control(back, "stretch_previous")
pause_stretch = _control(pause, "stretch_paused", told_again=False, stopped_too=False)
stop_stretch = _control(stop, "stretch_stopped", told_again=False, stopped_too=False)
start_over_again = _control(start_over, "stretch_started", told_again=False)
_EASIER = _control(easier, "stretch_step")
slower_step = _control(slower, "stretch_step")
faster_step = _control(faster, "stretch_step")
more_detail_of_step = _control(more_detail, "stretch_step")
fewer_words = _control(shorter_words, "stretch_step")
how_many = _control(how_many_left, "stretch_step", told_again=False, stopped_too=False)

IN_A_STRETCH: Mapping[str, Handler] = {
    "AgreeIntent": next_step,
    "NoProblemsIntent": next_step,
    "AMAZON.YesIntent": next_step,
    "AMAZON.NoIntent": wait,
    "DeclineIntent": wait,
    "UnsureIntent": repeat_step,
    "AMAZON.PauseIntent": pause_stretch,
    "AMAZON.ResumeIntent": resume_stretch,
    "AMAZON.StopIntent": stop_stretch,
    "AMAZON.CancelIntent": stop_stretch,
    "GoodbyeIntent": stop_stretch,
    "AMAZON.NavigateHomeIntent": stop_stretch,
    "AMAZON.HelpIntent": help_,
    "HowToUseIntent": help_,
}
"""What these mean while a stretch waits for a word, whatever else runs."""

UNLESS_HEAT_OR_COLD_RUNS: Mapping[str, Handler] = {
    "PauseTherapyIntent": pause_stretch,
    "ResumeTherapyIntent": resume_stretch,
    "StopTherapyIntent": stop_stretch,
    "TimeLeftIntent": how_many,
    "ExtendTherapyIntent": wait,
}
"""What these mean there when no heat or cold runs that they could be about."""

UNLESS_SOMETHING_ELSE_WAS_SAID: Mapping[str, Handler] = {
    "AMAZON.RepeatIntent": repeat_step,
    "RepeatAnswerIntent": repeat_step,
    "TellMoreIntent": more_detail_of_step,
}
"""What these mean there when the last words were the stretch's own, and not an answer in between."""

WHEN_ONE_WAS_LEFT: Mapping[str, Handler] = {
    "AMAZON.ResumeIntent": resume_stretch,
    "ResumeTherapyIntent": resume_stretch,
}
"""What these mean outside of a conversation about anything, when a stretch was left, and no heat or cold since."""

AS_AN_ANSWER: Mapping[str, Handler] = {
    "StretchNextIntent": answers.ready,
    "AMAZON.NextIntent": answers.ready,
    "StretchSkipIntent": answers.no,
    "StretchRepeatIntent": standard.repeat,
    "StretchStopIntent": standard.stop,
}
"""What these mean when a question is open that isn't about going on with a stretch: "ready" is a yes."""

WHILE_HEAT_OR_COLD_RUNS: Mapping[str, Handler] = {
    "StretchNextIntent": therapy_running.time_left,
    "StretchRepeatIntent": standard.repeat,
    "StretchPauseIntent": therapy_running.pause,
    "StretchStopIntent": therapy_running.stop,
    "StretchHowManyIntent": therapy_running.time_left,
}
"""What these mean while heat or cold runs and no stretch waits for a word: "I need a rest" pauses it."""

BACK_AFTERWARDS = frozenset(
    """therapy_remaining therapy_paused therapy_resumed therapy_stopped therapy_extended therapy_declined
    safety_declined no_therapy stretch_step stretch_declined""".split()
)
"""Outcomes after which the stretch goes on, where they come without a question of their own."""


def in_a_stretch(turn: Turn) -> Handler | None:
    """What this turn means for the stretch that waits for a word; None when it is about something else."""
    if turn.intent == "TherapyCautionIntent" and turn.pending and turn.pending.question in STRETCH_QUESTIONS:
        return caution_in_a_stretch
    if live_stretch(turn) is not None:
        handler = IN_A_STRETCH.get(turn.intent)
        if turn.intent == "FeelingIntent" and turn.id("feeling") == "stiff":
            return more_detail_of_step  # "it's tight": that is the pull, and where it belongs
        if handler is None and not turn.state.speech:
            handler = UNLESS_SOMETHING_ELSE_WAS_SAID.get(turn.intent)
        if handler is None and turn.intent in UNLESS_HEAT_OR_COLD_RUNS and not _is_about_a_pack(turn):
            handler = UNLESS_HEAT_OR_COLD_RUNS[turn.intent]
        return handler
    unasked = (turn.pending is None or turn.pending.question == "stretch_settled") and not turn.state.red_flag
    if unasked and turn.intent in WHEN_ONE_WAS_LEFT and _was_last(turn):
        return WHEN_ONE_WAS_LEFT[turn.intent]
    return None


def _is_about_a_pack(turn: Turn) -> bool:
    """Whether words that fit a stretch as well as heat or cold are about the latter: it runs, or waits and is named."""
    running = turn.situation().running
    return running is not None and (not running.is_paused or turn.id("modality") is not None)


def _was_last(turn: Turn) -> bool:
    """Whether the last thing that was left, and can be gone on with, is a stretch."""
    session = left_stretch(turn, also_stopped=True)
    if session is None or turn.id("modality") is not None:
        return False
    situation = turn.situation()
    if situation.running is not None and not situation.running.is_paused:
        return False
    moments = [at for pack in situation.sessions for at in (pack.started_at, pack.paused_at, pack.ended_at) if at]
    return all(at <= session.heard_at for at in moments)


def _asks_about_hip(turn: Turn) -> bool:
    """Whether what was asked last is about a replaced hip: nothing is stretched before it is answered."""
    return turn.pending is not None and turn.pending.question in HIP_QUESTIONS


def _without_stretch(turn: Turn) -> Handler | None:
    """What a word that steers a stretch means when another question is open, or heat or cold runs; else None."""
    if turn.pending and turn.pending.question not in ("stretch", "stretch_resume"):
        return AS_AN_ANSWER.get(turn.intent)
    return WHILE_HEAT_OR_COLD_RUNS.get(turn.intent) if turn.situation().running else None


def back_to_step(turn: Turn, reply: Reply) -> Reply:
    """After something else in the middle of a stretch: its question once more, where the reply asks none."""
    if reply.reprompt or reply.outcome not in BACK_AFTERWARDS or live_stretch(turn) is None:
        return reply
    return back_to_question(turn, reply)
