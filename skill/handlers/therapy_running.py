"""While heat or cold runs: time left, pause, resume, stop, more minutes or fewer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from skill.alexa.timers import TimerTrouble
from skill.coaching.amounts import seconds_of_iso, seconds_of_minutes
from skill.coaching.spoken_time import capitalised, exact_length, rough_length
from skill.coaching.therapy_session import TherapySession
from skill.content import words
from skill.handlers.conversation_state import Pending
from skill.handlers.therapy_timers import (
    Present,
    look_around,
    pause_timers,
    remove_timers,
    resume_timers,
    set_timers,
)
from skill.handlers.therapy_words import name_of
from skill.handlers.turn import Reply, Turn

DEFAULT_CHANGE_SECONDS = 2 * 60
"""Seconds for "a bit longer"."""


def time_left(turn: Turn) -> Reply:
    """ "How much time is left?" """
    present = look_around(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    key = "remaining_paused" if session.is_paused else "remaining"
    speech = words(f"therapy.running.{key}", **_spoken(turn, session))
    return Reply("therapy_remaining", speech, details=_details(turn, session)).after(
        _other(turn, session), present.news
    )


def pause(turn: Turn) -> Reply:
    """ "Pause the ice." """
    present = look_around(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    if session.is_paused:
        speech = words("therapy.running.already_paused", **_spoken(turn, session))
        return Reply("therapy_paused", speech, details=_details(turn, session)).after(present.news)
    reached = pause_timers(turn, session)
    session = session.pause(turn.now)
    turn.memory.keep_session(session)
    speech = words("therapy.running.paused", **_spoken(turn, session))
    return _with_timer_news(Reply("therapy_paused", speech, details=_details(turn, session)), reached)


def resume(turn: Turn) -> Reply:
    """ "Carry on." """
    present = look_around(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    if not session.is_paused:
        speech = words("therapy.running.already_running", **_spoken(turn, session))
        return Reply("therapy_resumed", speech, details=_details(turn, session)).after(present.news)
    reached = resume_timers(turn, session)
    session = session.resume(turn.now)
    turn.memory.keep_session(session)
    speech = words("therapy.running.resumed", **_spoken(turn, session))
    return _with_timer_news(Reply("therapy_resumed", speech, details=_details(turn, session)), reached)


def stop(turn: Turn) -> Reply:
    """ "Stop the timer." """
    present = look_around(turn)
    if present.running is None:
        return no_therapy(turn, present)
    return stop_session(turn, present.running)


def stop_session(turn: Turn, session: TherapySession) -> Reply:
    """Stop this session: its timers, and its entry in the log."""
    remaining = session.remaining(turn.now)
    reached = remove_timers(turn, session)
    session = session.end("stopped", turn.now)
    turn.memory.keep_session(session)
    done = session.done(turn.now)
    known_start = bool(session.id)
    key = "stopped" if done >= 60 and known_start else "stopped_at_once"
    speech = words(f"therapy.running.{key}", done=rough_length(done), pack=words(f"therapy.packs.{session.modality}"))
    details = {"modality": session.modality, "remaining_seconds": remaining, "done_seconds": done}
    return _with_timer_news(Reply("therapy_stopped", speech, details=details), reached)


def extend(turn: Turn) -> Reply:
    """ "Add five minutes." """
    present = look_around(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    wanted = _heard_seconds(turn)
    if wanted is None and _amount_was_unclear(turn):
        speech = words("therapy.running.extend_by")
        return Reply("therapy_asked", speech, speech, {"missing": "duration"}, Pending("extend"))
    wanted = DEFAULT_CHANGE_SECONDS if wanted is None else wanted
    if wanted <= 0:
        speech = words("therapy.running.extend_nothing", **_spoken(turn, session))
        return Reply("therapy_remaining", speech, details=_details(turn, session))
    room = session.room_to_extend()
    if room <= 0:
        speech = words("therapy.running.extend_full", **_spoken(turn, session))
        return Reply("therapy_extended", speech, details=_details(turn, session) | {"added_seconds": 0})
    added = min(wanted, room)
    key = "extended" if added == wanted else "extended_to_limit"
    return _change_length(turn, session, added, key, {"added": exact_length(added)})


def shorten(turn: Turn) -> Reply:
    """ "Take off two minutes." """
    present = look_around(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    wanted = _heard_seconds(turn)
    if wanted is None:
        speech = words("therapy.running.shorten_by")
        return Reply("therapy_asked", speech, speech, {"missing": "duration"}, Pending("shorten"))
    if wanted <= 0:
        speech = words("therapy.running.extend_nothing", **_spoken(turn, session))
        return Reply("therapy_remaining", speech, details=_details(turn, session))
    if wanted >= session.remaining(turn.now):
        speech = words("therapy.running.shorten_ends", **_spoken(turn, session))
        details = {"modality": session.modality, "remaining_seconds": session.remaining(turn.now), "reason": "ends_it"}
        return Reply("therapy_confirm", speech, speech, details, Pending("stop"))
    return _change_length(turn, session, -wanted, "shortened", {"taken": exact_length(wanted)})


def no_therapy(turn: Turn, present: Present) -> Reply:
    """Nothing runs: said with what was there last, and what can be done."""
    if present.news:
        return Reply("no_therapy", present.news)
    ended = next((s for s in present.situation.sessions if s.ended_at), None)
    just_now = ended is not None and ended.ended_at is not None and (turn.now - ended.ended_at).total_seconds() < 1800
    if ended and just_now and ended.outcome == "finished":
        speech = words("therapy.running.finished", modality=name_of(ended.modality))
        return Reply("no_therapy", speech, details={"modality": ended.modality})
    speech = words("therapy.running.no_therapy")
    return Reply("no_therapy", speech, words("conversation.what_now"))


def _change_length(turn: Turn, session: TherapySession, seconds: int, key: str, values: dict[str, Any]) -> Reply:
    """Make the session longer or shorter: new timers first, so that an end is always set, then the old ones go."""
    changed = session.lengthened(seconds)
    reached = True
    if session.timer == "alexa":
        changed = replace(changed, timer_number=session.timer_number + 1, timer_id=None, check_timer_id=None)
        try:
            changed = _renewed_timers(turn, session, changed)
        except TimerTrouble:
            speech = words("therapy.running.timers_down_unchanged", **_spoken(turn, session))
            return Reply("unavailable", speech, details={"service": "timers"} | _details(turn, session))
        reached = remove_timers(turn, session)
    turn.memory.keep_session(changed)
    speech = words(f"therapy.running.{key}", **_spoken(turn, changed), **values)
    details = _details(turn, changed) | {"added_seconds": seconds, "seconds": changed.planned_seconds}
    return _with_timer_news(Reply("therapy_extended", capitalised(speech), details=details), reached)


def _renewed_timers(turn: Turn, session: TherapySession, changed: TherapySession) -> TherapySession:
    changed = set_timers(turn, changed)
    if session.is_paused:
        pause_timers(turn, changed)
    return changed


def _heard_seconds(turn: Turn) -> int | None:
    duration, minutes = turn.value("duration"), turn.value("minutes")
    heard: Fraction | None = None
    if duration:
        heard = seconds_of_iso(duration)
    elif minutes:
        heard = seconds_of_minutes(minutes)
    return None if heard is None else max(-86400, min(86400, int(heard)))


def _amount_was_unclear(turn: Turn) -> bool:
    return bool(turn.value("duration") or turn.value("minutes"))


def _with_timer_news(reply: Reply, reached: bool) -> Reply:
    if reached:
        return reply
    return replace(reply, speech=f"{reply.speech} {words('therapy.running.timers_down')}")


def _other(turn: Turn, session: TherapySession) -> str:
    """A word when somebody asks for the cold and it is the heat that runs."""
    asked = turn.id("modality")
    if asked in (None, session.modality):
        return ""
    return words("therapy.running.other_running", running=name_of(session.modality))


def _spoken(turn: Turn, session: TherapySession) -> dict[str, Any]:
    return {
        "modality": name_of(session.modality),
        "remaining": rough_length(session.remaining(turn.now)),
        "pack": words(f"therapy.packs.{session.modality}"),
    }


def _details(turn: Turn, session: TherapySession) -> dict[str, Any]:
    return {"modality": session.modality, "remaining_seconds": session.remaining(turn.now)}
