"""The stretch that a turn is about: the one it stands in, or the one that was left; and what is known of the body."""

from __future__ import annotations

from datetime import timedelta

from skill.coaching.stored import SHORTEST_SECONDS
from skill.coaching.stretch_session import WEEK, StretchSession
from skill.coaching.stretching import CONDITIONS, Body
from skill.coaching.therapy_session import COLD
from skill.content import words
from skill.handlers.conversation_state import UNSURE_HIP
from skill.handlers.turn import Turn

AFTER_ICE = timedelta(minutes=15)
"""How long after the end of a cold session nothing is stretched: numb tissue hides the pain that warns (C13). No source
gives a time; a quarter of an hour is about what skin and muscle need to feel as usual again."""


def live_stretch(turn: Turn) -> StretchSession | None:
    """The stretch in whose midst we are: its "ready?" is what was asked last."""
    if turn.pending is None or turn.pending.question != "stretch":
        return None
    return next((session for session in turn.memory.stretches() if session.is_live), None)


def left_stretch(turn: Turn, *, also_stopped: bool = False) -> StretchSession | None:
    """The latest stretch, if it can be gone on with: left within a day, and not finished."""
    session = next(iter(turn.memory.stretches()), None)
    if session is None or not session.is_left(turn.now):
        return None
    return session if session.is_live or also_stopped else None


def held_stretch(turn: Turn) -> StretchSession | None:
    """The stretch in which something spoke against going on, while it isn't known to be settled."""
    return next((session for session in turn.memory.stretches() if session.is_held(turn.now)), None)


def settle_stretches(turn: Turn) -> None:
    """Note those to which nobody came back for a day as stopped."""
    for session in turn.memory.stretches():
        settled = session.settled(turn.now)
        if settled != session:
            turn.memory.keep_stretch(settled)


def pause_stretch(turn: Turn) -> str:
    """Have the stretch in whose midst we are wait until what came up is settled, and say to stop it; nothing when there
    is none."""
    session = live_stretch(turn)
    if session is None:
        return ""
    turn.memory.keep_stretch(session.at(session.place, "paused", turn.now).held())
    return words("stretching.conversation.stop_and_rest")


def body_of(turn: Turn) -> Body:
    """What is known of the person: from the profile, from this conversation, and from the sessions in the log."""
    profile, said = turn.memory.profile, set(turn.state.body)
    replaced = profile.replaced_hip
    if replaced == "unknown" and UNSURE_HIP in said:
        replaced = "yes"
    last = next(iter(turn.memory.stretches()), None)
    return Body(
        replaced_hip=replaced,
        cleared=profile.stretches_cleared,
        conditions=frozenset(said & CONDITIONS) | ({"just_iced"} if _just_iced(turn) else frozenset()),
        heard_stop_rules=last is not None and turn.now - last.started_at <= WEEK,
        short_words=last is not None and last.place.detail == "shorter",
    )


def _just_iced(turn: Turn) -> bool:
    return any(
        session.is_live
        or (
            session.ended_at is not None
            and turn.now - session.ended_at < AFTER_ICE
            and session.done(turn.now) >= SHORTEST_SECONDS
        )
        for session in turn.memory.situation(turn.now).sessions
        if session.modality == COLD
    )
