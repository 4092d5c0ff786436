"""What is said while heat or cold runs, and when it doesn't (any more): replies that several handlers give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from skill.coaching.spoken_time import rough_length
from skill.coaching.therapy_session import TherapySession
from skill.content import words
from skill.handlers.therapy_timers import Present, ended
from skill.handlers.therapy_words import caution_words, clock_words, name_of
from skill.handlers.turn import Reply, Turn

JUST_NOW_SECONDS = 30 * 60
"""Seconds after the end of a session in which somebody may still have the pack on."""


def stop_session(turn: Turn, session: TherapySession) -> Reply:
    """Stop this session: its timers, and its entry in the log."""
    done = session.done(turn.now)
    key = "stopped" if done >= 60 and session.id else "stopped_at_once"
    speech = words(f"therapy.running.{key}", done=rough_length(done), pack=pack_of(session))
    return _stopped(turn, session, speech)


def caution_while_on(turn: Turn, session: TherapySession, caution: str | None) -> Reply:
    """Something that speaks against what is on: take it off first, then the reason. What Alexa did not understand stops
    nothing, but whoever is worried hears what to do."""
    if caution is None:
        speech = words("therapy.running.worried", pack=pack_of(session))
        return Reply("therapy_remaining", speech, words("conversation.what_now_running"), details_of(turn, session))
    ask_safety_again(turn)
    first = words("therapy.running.stopped_for_caution", pack=pack_of(session))
    reply = _stopped(turn, session, f"{first} {caution_words(caution, session.modality)}")
    return replace(reply, details={**reply.details, "reason": caution})


def ask_safety_again(turn: Turn) -> None:
    """Whatever was answered about the skin before: it is asked again before the next session."""
    turn.memory.keep_profile(replace(turn.memory.profile, safety_answered=False))


def caution_noted(turn: Turn, session: TherapySession) -> Reply:
    """Something that doesn't speak against what is on, but is for the healthcare provider to know."""
    speech = words("cautions.noted.say", modality=name_of(session.modality))
    return Reply("therapy_remaining", speech, details=details_of(turn, session))


def length_unknown(turn: Turn, session: TherapySession) -> Reply:
    """While the log is away nobody knows how long it has been on, so its length is left alone."""
    speech = words("therapy.running.length_unknown", **spoken(turn, session))
    return Reply("unavailable", speech, details={"service": "log"} | details_of(turn, session))


def no_therapy(turn: Turn, present: Present) -> Reply:
    """Nothing runs: said with what was there last, and what can be done."""
    if present.news:
        return Reply("no_therapy", present.news)
    finished = just_finished(turn, present)
    if finished:
        speech = words("therapy.running.finished", modality=name_of(finished.modality))
        return Reply("no_therapy", speech, details={"modality": finished.modality})
    speech = words("therapy.running.no_therapy")
    return Reply("no_therapy", speech, words("conversation.what_now"))


def just_finished(turn: Turn, present: Present) -> TherapySession | None:
    """The last session, when it came to its end a short while ago: the pack may still be on."""
    last = next((session for session in present.situation.sessions if session.ended_at), None)
    if last is None or last.ended_at is None or last.outcome != "finished":
        return None
    return last if (turn.now - last.ended_at).total_seconds() < JUST_NOW_SECONDS else None


def _stopped(turn: Turn, session: TherapySession, speech: str) -> Reply:
    remaining = session.remaining(turn.now)
    over = ended(turn, session, "stopped")
    details = {"modality": session.modality, "remaining_seconds": remaining, "done_seconds": over.done(turn.now)}
    return with_timer_news(Reply("therapy_stopped", speech, details=details), not over.has_timers)


def with_timer_news(reply: Reply, reached: bool) -> Reply:
    """The reply, with a warning when a timer could not be reached."""
    return reply if reached else reply.then(words("therapy.running.timers_down"))


def with_clock(turn: Turn, session: TherapySession, reply: Reply) -> Reply:
    """The new times for somebody who has no timer, and so goes by the ones that were said before."""
    if session.timer == "alexa" or session.is_paused:
        return reply
    return reply.then(clock_words(session, turn.now, turn.time_zone()))


def pack_of(session: TherapySession) -> str:
    """What is taken off at the end of this session."""
    return words(f"therapy.packs.{session.modality}")


def spoken(turn: Turn, session: TherapySession) -> dict[str, Any]:
    """What sentences about a session are filled with."""
    return {
        "modality": name_of(session.modality),
        "remaining": rough_length(session.remaining(turn.now)),
        "pack": pack_of(session),
    }


def details_of(turn: Turn, session: TherapySession) -> dict[str, Any]:
    """What the turn record says of a running session."""
    return {"modality": session.modality, "remaining_seconds": session.remaining(turn.now)}
