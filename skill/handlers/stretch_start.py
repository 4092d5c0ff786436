"""The beginning of a stretch: what is wished for, and whether it may be done."""

from __future__ import annotations

from dataclasses import replace

from skill.coaching.amounts import seconds_of_iso, seconds_of_minutes
from skill.coaching.stretch_session import StretchSession, new_stretch_session
from skill.coaching.stretching import (
    Place,
    Refusal,
    StretchPlan,
    Wish,
    begin,
    no_longer_allowed,
    plan,
    repeat,
    resume,
    resume_offer,
)
from skill.coaching.stretching.place import ONE
from skill.content import words
from skill.handlers.conversation_state import Pending
from skill.handlers.red_flags import pause_session
from skill.handlers.stretch_log import body_of, held_stretch, left_stretch, settle_stretches
from skill.handlers.stretch_replies import nothing_to_go_on_with, refused, shown
from skill.handlers.turn import Reply, Turn

_MOST_MINUTES = 240
"""Minutes: whoever has longer than that has time for everything."""


def list_stretches(turn: Turn) -> Reply:
    """ "What stretches do you have?" """
    question = words("stretching.conversation.which")
    speech = f"{words('stretching.conversation.list')} {question}"
    return Reply("help", speech, question, pending=Pending("stretch_which"))


def answer_which(turn: Turn) -> Reply | None:
    """ "The piriformis", when it was asked which: a wish, whatever Alexa took it for. None for anything else."""
    if turn.pending is None or turn.pending.question != "stretch_which" or turn.intent != "StartTherapyIntent":
        return None
    area = turn.value("area")
    if not area or turn.id("modality"):
        return None
    from skill.coaching.understanding.commands import spoken_slots

    muscle = spoken_slots(area.split()).get("muscle")
    return follow(turn, Wish(muscle=muscle.ids[0] if muscle else "other", side=turn.id("side") or ""))


def heard_wish(turn: Turn) -> Wish:
    """What the slots of this turn say of a stretch."""
    muscle = turn.slots.get("muscle")
    # A muscle that nobody here knows the name of is none of ours.
    named = (turn.id("muscle") or ("" if muscle.ids or muscle.not_looked_up else "other")) if muscle else ""
    return Wish(
        muscle=named,
        position=turn.id("position") or "",
        side=turn.id("side") or "",
        routine=turn.id("routine") or "",
        easy=turn.id("ease") is not None,
        minutes=_minutes(turn),
    )


def follow(turn: Turn, wish: Wish, *, hip_named: bool = False) -> Reply:
    """Take a wish as far as it goes.

    Args:
        hip_named: whether a replaced hip was named with the wish. Then what it leaves out is said first, and the rest
            waits for a yes.
    """
    body = body_of(turn)
    decision = plan(wish, body)
    if isinstance(decision, Refusal):
        return refused(turn, wish, decision)
    if hip_named and decision.reason == "replaced_hip":
        question = words("stretching.conversation.shall_we_do_the_rest")
        details = {"muscle": wish.stretched, "reason": "replaced_hip"}
        speech = " ".join([*decision.notes, question])
        pending = Pending("stretch_instead", wish=wish)
        return Reply("stretch_declined", speech, question, details, pending, body=turn.state.body)
    if held_stretch(turn) is not None:
        return ask_if_settled(turn, wish)
    return _begun(turn, wish, decision)


def _begun(turn: Turn, wish: Wish, decision: StretchPlan) -> Reply:
    """Begin a routine; one that was still open is over."""
    memory = turn.memory
    before = memory.stretches()
    for session in before:
        if session.is_live:
            memory.keep_stretch(session.stopped())
    first = begin(decision, body_of(turn))
    session = new_stretch_session(memory.new_entry_id(turn.now), first.place, turn.now, before)
    reply = shown(turn, session, first, "stretch_started").after(_heat_off(turn))
    if wish.muscle or len(decision.exercises) > 1:
        reply = replace(reply, details={**reply.details, "muscle": wish.stretched})
    return reply


def offer_to_go_on(turn: Turn) -> Reply | None:
    """The offer to go on where the last stretch was left, within a day; None when there is nothing to go on with."""
    settle_stretches(turn)
    session = left_stretch(turn)
    if session is None or session.is_held(turn.now):
        return None
    question = resume_offer(session.place)
    speech = f"{words('stretching.conversation.hello_again')} {question}"
    return Reply("welcome", speech, question, {"stretch": session.outcome}, Pending("stretch_resume"))


def offer_stopped(turn: Turn) -> Reply:
    """ "Ready", when the last stretch was stopped: whether to go on with it."""
    session = left_stretch(turn, also_stopped=True)
    if session is None:
        return nothing_to_go_on_with(turn)
    if session.is_held(turn.now):
        return ask_if_settled(turn)
    question = resume_offer(session.place)
    details = {"muscle": session.place.exercise.muscle, "side": session.place.side_name}
    return Reply("stretch_paused", question, question, details, Pending("stretch_resume"))


def go_on_with_left(turn: Turn) -> Reply:
    """Go on where the last stretch was left, with the way into that step told again."""
    session = left_stretch(turn, also_stopped=True)
    if session is None:
        return nothing_to_go_on_with(turn)
    return speaks_against(turn, session) or shown(
        turn, session, resume(session.place, later=True), "stretch_resumed"
    ).after(_heat_off(turn))


def speaks_against(turn: Turn, session: StretchSession) -> Reply | None:
    """What keeps a stretch that was left from going on as it is: what is known of the body, or what must be settled
    first. None when nothing does."""
    if no_longer_allowed(session.place, body_of(turn)) is not None:
        return adapted(turn, session)
    return ask_if_settled(turn) if session.is_held(turn.now) else None


def ask_if_settled(turn: Turn, wish: Wish | None = None) -> Reply:
    """Ask whether what spoke against stretching is settled (S15, S16); a yes takes up the wish, or what was left."""
    question = words("stretching.conversation.is_it_settled")
    details = {"muscle": (wish.muscle if wish else "") or "all", "reason": "settle_first"}
    pending = Pending("stretch_settled", wish=wish)
    return Reply("stretch_declined", question, question, details, pending, body=turn.state.body)


def settled(turn: Turn, pending: Pending) -> Reply:
    """Yes, it is."""
    for session in turn.memory.stretches():
        if session.settle_first:
            turn.memory.keep_stretch(session.freed())
    return follow(turn, pending.wish) if pending.wish else go_on_with_left(turn)


def not_settled(turn: Turn) -> Reply:
    """No, or not surely."""
    details = {"muscle": "all", "reason": "settle_first"}
    return Reply("stretch_declined", words("stretching.conversation.not_settled"), details=details)


def _heat_off(turn: Turn) -> str:
    """Heat is for before a stretch (X01): where some is on, it is paused, and comes off before anybody moves."""
    return pause_session(turn) if turn.situation().running else ""


def back_from_an_offer(turn: Turn) -> Reply | None:
    """Back to the stretch that heat or cold was offered in the middle of; None when there was none."""
    session = left_stretch(turn)
    if session is None or session.is_held(turn.now):
        return None
    return shown(turn, session, repeat(session.place), "stretch_resumed")


def drop_left(turn: Turn) -> Reply:
    """No, not that one any more."""
    session = left_stretch(turn)
    if session is not None:
        turn.memory.keep_stretch(session.stopped())
    question = words("stretching.conversation.what_now")
    return Reply("stretch_stopped", f"{words('stretching.conversation.dropped')} {question}", question)


def adapted(turn: Turn, session: StretchSession) -> Reply:
    """What was begun may not go on as it is: stopped, with the reason and what may be done instead."""
    place = session.place
    refusal = no_longer_allowed(place, body_of(turn))
    stopped = session.stopped()
    turn.memory.keep_stretch(stopped.held() if refusal is not None and refusal.settle_first else stopped)
    return follow(turn, wish_of(place), hip_named=True)


def wish_of(place: Place) -> Wish:
    """What somebody who is at this place wished for."""
    if place.routine != ONE:
        return Wish(routine=place.routine)
    return Wish(muscle=place.exercise.muscle, position=place.exercise.position)


def _minutes(turn: Turn) -> int | None:
    duration, minutes = turn.value("duration"), turn.value("minutes")
    seconds = seconds_of_iso(duration) if duration else seconds_of_minutes(minutes) if minutes else None
    return None if seconds is None or seconds <= 0 else max(1, min(_MOST_MINUTES, int(seconds // 60)))
