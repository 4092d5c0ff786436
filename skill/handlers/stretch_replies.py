"""What the stretch coach's decisions and turns become: replies, and the session in the log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from skill.coaching.spoken_time import ordinal_words
from skill.coaching.stretch_session import StretchSession
from skill.coaching.stretching import Refusal, StretchTurn, Wish
from skill.content import words
from skill.handlers.conversation_state import Pending
from skill.handlers.turn import Reply, Turn


def shown(turn: Turn, session: StretchSession, done: StretchTurn, outcome: str) -> Reply:
    """One turn of the coach as a reply; the session is kept as it is after it."""
    if done.finished:
        turn.memory.keep_stretch(session.at(done.place, "finished", turn.now))
        return _finished(turn, session, done)
    stopped = outcome == "stretch_stopped"
    state = "stopped" if stopped else "paused" if done.place.paused else "running"
    turn.memory.keep_stretch(session.at(done.place, state, turn.now))
    return Reply(
        outcome,
        "",
        done.reprompt,
        done.details,
        None if stopped else Pending("stretch"),
        timed=done.parts,
        body=turn.state.body,
    )


def _finished(turn: Turn, session: StretchSession, done: StretchTurn) -> Reply:
    """The end of a routine: how often this week, and what could come next."""
    reply = Reply("stretch_finished", "", "", done.details, timed=done.parts, body=turn.state.body)
    if session.number_in_week > 1:
        reply = reply.after(words("stretching.conversation.week", number=ordinal_words(session.number_in_week)))
    if not done.offer:
        return reply
    question = words(f"stretching.conversation.offer_{done.offer}")
    return _asking(reply, question, "stretch_instead", Wish(routine=done.offer))


def refused(turn: Turn, wish: Wish, refusal: Refusal) -> Reply:
    """A wish that can't be followed as it is: the question that must be answered first, or the reason and what else."""
    if refusal.reason == "replaced_hip_unknown":
        details = safety_details(wish)
        return Reply(
            "stretch_started",
            refusal.say,
            refusal.say,
            details,
            Pending("replaced_hip", wish=wish),
            body=turn.state.body,
        )
    reason = "muscle" if refusal.reason == "not_covered" else refusal.reason
    details = {"muscle": refusal.muscle or "all", "reason": reason}
    reply = Reply("stretch_declined", refusal.say, "", details, body=turn.state.body)
    reply = reply.then(refusal.instead)
    if refusal.instead_wish is None:
        return reply
    return _asking(reply, refusal.instead, "stretch_instead", refusal.instead_wish)


def safety_details(wish: Wish) -> dict[str, Any]:
    """What the turn record says while a question about the hips comes before a stretch."""
    return {"muscle": wish.stretched, "variant": None, "step": "safety", "side": wish.side or None}


def nothing_to_go_on_with(turn: Turn) -> Reply:
    """A word for the middle of a stretch, without one: a question that is open once more, or what can be said."""
    if turn.pending and turn.state.reprompt:
        speech = words("conversation.fallback_pending", question=turn.state.reprompt)
        return Reply("fallback", speech, turn.state.reprompt, pending=turn.pending)
    question = words("stretching.conversation.what_now")
    return Reply("fallback", f"{words('stretching.conversation.nothing_going')} {question}", question)


def _asking(reply: Reply, question: str, name: str, wish: Wish) -> Reply:
    return replace(reply, reprompt=question, pending=Pending(name, wish=wish))
