"""While heat or cold runs: time left, pause, resume, stop, more minutes or fewer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from skill.alexa.timers import TimerTrouble
from skill.coaching.amounts import SHORTEST, seconds_of_iso, seconds_of_minutes
from skill.coaching.spoken_time import capitalised, exact_length
from skill.coaching.therapy import Plan
from skill.coaching.therapy_session import TherapySession
from skill.content import words
from skill.handlers.conversation_state import Pending
from skill.handlers.therapy_heard import heard_amount
from skill.handlers.therapy_replies import (
    details_of,
    length_unknown,
    no_therapy,
    spoken,
    stop_session,
    with_clock,
    with_timer_news,
)
from skill.handlers.therapy_timers import (
    Present,
    look_around,
    look_closely,
    pause_timers,
    remove_timers,
    resumed,
    set_timers,
)
from skill.handlers.therapy_words import SKIN_CHECK_SECONDS, name_of
from skill.handlers.turn import Reply, Turn

if TYPE_CHECKING:
    from fractions import Fraction

DEFAULT_CHANGE_SECONDS = 2 * 60
"""Seconds for "a bit longer"."""


def time_left(turn: Turn) -> Reply:
    """ "How much time is left?" """
    present = look_closely(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    key = "remaining_paused" if session.is_paused else "remaining"
    speech = words(f"therapy.running.{key}", **spoken(turn, session))
    return Reply("therapy_remaining", speech, details=details_of(turn, session)).after(
        _other(turn, session), present.news
    )


def pause(turn: Turn) -> Reply:
    """ "Pause the ice." """
    present = look_closely(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    if session.is_paused:
        speech = words("therapy.running.already_paused", **spoken(turn, session))
        return Reply("therapy_paused", speech, details=details_of(turn, session)).after(present.news)
    reached = pause_timers(turn, session)
    paused = session.pause(turn.now)
    if not reached:
        paused = replace(paused, timer="none")
    turn.memory.keep_session(paused)
    speech = words("therapy.running.paused", **spoken(turn, paused))
    reply = Reply("therapy_paused", speech, details=details_of(turn, paused))
    if session.timer == "none":
        return reply.then(words("therapy.running.paused_clock"))
    return with_timer_news(reply, reached)


def resume(turn: Turn) -> Reply:
    """ "Carry on." """
    present = look_closely(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    if not session.is_paused:
        speech = words("therapy.running.already_running", **spoken(turn, session))
        return Reply("therapy_resumed", speech, details=details_of(turn, session)).after(present.news)
    session = resumed(turn, session)
    turn.memory.keep_session(session)
    speech = words("therapy.running.resumed", **spoken(turn, session))
    reply = Reply("therapy_resumed", speech, details=details_of(turn, session))
    if session.out_of_step:
        reply = reply.then(words("therapy.clock.timers_down"))
    return with_clock(turn, session, reply)


def stop(turn: Turn) -> Reply:
    """ "Stop the timer." """
    present = look_closely(turn)
    if present.running is None:
        return no_therapy(turn, present)
    return stop_session(turn, present.running)


def extend(turn: Turn) -> Reply:
    """ "Add five minutes." """
    return _changing(turn, _extended)


def _extended(turn: Turn, present: Present, session: TherapySession) -> Reply:
    wanted = _heard_seconds(turn)
    if wanted is None and _amount_was_unclear(turn):
        speech = words("therapy.running.extend_by")
        return Reply("therapy_asked", speech, speech, {"missing": "duration"}, Pending("extend"))
    wanted = DEFAULT_CHANGE_SECONDS if wanted is None else wanted
    if wanted <= 0:
        return _nothing_changed(turn, session, "changes_nothing")
    room = _room(session, present)
    if room <= 0:
        return _full(turn, session)
    added = min(wanted, room)
    key = "extended" if added == wanted else "extended_to_limit"
    return _change_length(turn, session, added, words(f"therapy.running.{key}", added=exact_length(added)))


def shorten(turn: Turn) -> Reply:
    """ "Take off two minutes." """
    return _changing(turn, _shortened)


def _shortened(turn: Turn, present: Present, session: TherapySession) -> Reply:
    wanted = _heard_seconds(turn)
    if wanted is None:
        speech = words("therapy.running.shorten_by")
        return Reply("therapy_asked", speech, speech, {"missing": "duration"}, Pending("shorten"))
    if wanted <= 0:
        return _nothing_changed(turn, session, "changes_nothing")
    if wanted >= session.remaining(turn.now):
        return _ends_it(turn, session)
    return _change_length(turn, session, -wanted, words("therapy.running.shortened", taken=exact_length(wanted)))


def _changing(turn: Turn, change: Callable[[Turn, Present, TherapySession], Reply]) -> Reply:
    """Change the length of what runs; said kindly where nothing does, or where its length isn't known."""
    present = look_around(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    return change(turn, present, session) if session.id else length_unknown(turn, session)


def ask_length(turn: Turn, present: Present, session: TherapySession) -> Reply:
    """ "Make it twenty minutes" while it runs: how long it should be in all, read back before it is changed."""
    if not session.id:
        return length_unknown(turn, session)
    amount = heard_amount(turn)
    if amount.asked_seconds is None:
        return time_left(turn)
    most = session.planned_seconds + _room(session, present)
    wanted = min(amount.seconds, most)
    if wanted <= session.done(turn.now):
        return _ends_it(turn, session)
    if wanted == session.planned_seconds or wanted < SHORTEST:
        return (
            _full(turn, session) if amount.asked_seconds > most else _nothing_changed(turn, session, "so_long_already")
        )
    minutes = exact_length(wanted)
    key = "length" if wanted == amount.asked_seconds else "length_adjusted"
    details = details_of(turn, session) | {
        "seconds": wanted,
        "asked_seconds": amount.asked_seconds,
        "reason": amount.reason or "length",
    }
    speech, reprompt = (
        words(f"therapy.confirm.{key}", minutes=minutes),
        words("therapy.confirm.length", minutes=minutes),
    )
    plan = Plan(session.modality, wanted, amount.asked_seconds, None)
    return Reply("therapy_confirm", speech, reprompt, details, Pending("length", plan))


def make_length(turn: Turn, seconds: int) -> Reply:
    """A yes to `ask_length`: so long in all, as far as that is still possible."""
    present = look_around(turn)
    session = present.running
    if session is None:
        return no_therapy(turn, present)
    change = min(seconds - session.planned_seconds, _room(session, present))
    if change == 0:
        return _full(turn, session)
    if session.remaining(turn.now) + change <= 0:
        return _ends_it(turn, session)
    minutes = exact_length(session.planned_seconds + change)
    return _change_length(turn, session, change, words("therapy.running.length_made", minutes=minutes))


def _room(session: TherapySession, present: Present) -> int:
    """Seconds that may be added, when all counts that this skin had within the hour."""
    return session.room_to_extend(present.situation.had_before(session))


def _full(turn: Turn, session: TherapySession) -> Reply:
    speech = words("therapy.running.full", **spoken(turn, session))
    return Reply("therapy_extended", speech, details=details_of(turn, session) | {"added_seconds": 0})


def _nothing_changed(turn: Turn, session: TherapySession, key: str) -> Reply:
    speech = words(f"therapy.running.{key}", **spoken(turn, session))
    return Reply("therapy_remaining", speech, details=details_of(turn, session))


def _ends_it(turn: Turn, session: TherapySession) -> Reply:
    speech = words("therapy.running.shorten_ends", **spoken(turn, session))
    details = details_of(turn, session) | {"reason": "ends_it"}
    return Reply("therapy_confirm", speech, speech, details, Pending("stop"))


def _change_length(turn: Turn, session: TherapySession, seconds: int, first: str) -> Reply:
    """Make the session longer or shorter: new timers first, so that an end is always set, then the old ones go."""
    changed, reached = session.lengthened(seconds), True
    if session.timer == "alexa":
        changed = replace(changed.without_timers(), timer_number=session.timer_number + 1)
        try:
            changed = _renewed_timers(turn, session, changed)
        except TimerTrouble:
            speech = words("therapy.running.timers_down_unchanged", **spoken(turn, session))
            return Reply("unavailable", speech, details={"service": "timers"} | details_of(turn, session))
        old, changed = _with_old_check(turn, session, changed)
        reached = not remove_timers(turn, old).has_timers and changed.timer == "alexa"
    turn.memory.keep_session(changed)
    key = "left_when_resumed" if changed.is_paused else "left_now"
    speech = f"{capitalised(first)} {words(f'therapy.running.{key}', **spoken(turn, changed))}"
    details = details_of(turn, changed) | {"added_seconds": seconds, "seconds": changed.planned_seconds}
    return with_clock(turn, changed, with_timer_news(Reply("therapy_extended", speech, details=details), reached))


def _with_old_check(
    turn: Turn, session: TherapySession, changed: TherapySession
) -> tuple[TherapySession, TherapySession]:
    """What is to be removed, and what goes on: with the old skin check where a new one could not be set, for it is due
    at the same moment whatever the length."""
    until_check = SKIN_CHECK_SECONDS - session.done(turn.now)
    if changed.check_timer_id or not 0 < until_check < changed.remaining(turn.now):
        return session, changed
    return replace(session, check_timer_id=None), replace(changed, check_timer_id=session.check_timer_id)


def _renewed_timers(turn: Turn, session: TherapySession, changed: TherapySession) -> TherapySession:
    changed = set_timers(turn, changed)
    if session.is_paused and not pause_timers(turn, changed):
        return replace(changed, timer="none")
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


def _other(turn: Turn, session: TherapySession) -> str:
    """A word when somebody asks for the cold and it is the heat that runs."""
    asked = turn.id("modality")
    if asked in (None, session.modality):
        return ""
    return words("therapy.running.other_running", running=name_of(session.modality))
