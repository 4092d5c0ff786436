"""The two timers of a heat or cold session, and how the log and Alexa's timers are brought to agree.

Alexa tells a skill nothing when a timer rings or is changed elsewhere, so each visit looks for itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from skill.alexa.timers import AlexaTimer, TimerTrouble
from skill.coaching.amounts import LONGEST, seconds_of_iso
from skill.coaching.therapy import Situation
from skill.coaching.therapy_session import TherapySession
from skill.content import words
from skill.handlers.therapy_words import (
    SKIN_CHECK_SECONDS,
    check_announcement,
    end_announcement,
    modality_of_label,
    name_of,
    timer_label,
)
from skill.handlers.turn import Turn

ROUNDING_SECONDS = 3
"""Seconds by which Alexa's times may differ from ours without anybody having changed them."""


def set_timers(turn: Turn, session: TherapySession) -> TherapySession:
    """Set the timer for the end and, while it is still to come, the hidden one for the skin check.

    Raises:
        TimerTrouble: when the end can't be timed; then no timer is left behind. A missing skin check is no reason to
            stop: the session's `check_timer_id` tells.
    """
    end = _create(turn, session, "end", session.remaining(turn.now), end_announcement(session))
    session = replace(session, timer="alexa", timer_id=end.id)
    until_check = SKIN_CHECK_SECONDS - session.done(turn.now)
    if until_check <= 0:
        return session
    try:
        check = _create(turn, session, "check", until_check, check_announcement(session))
    except TimerTrouble:
        return session
    return replace(session, check_timer_id=check.id)


def _create(turn: Turn, session: TherapySession, purpose: str, seconds: int, announcement: str) -> AlexaTimer:
    label = timer_label(purpose, session)
    hidden = purpose == "check"
    try:
        return turn.timers.create(label, seconds, announcement, hidden=hidden)
    except TimerTrouble as trouble:
        if trouble.reason != "duplicate":
            raise
    # A timer of that name is left from a session that the log knows nothing of (or no more): make room for this one.
    left_over = [timer for timer in turn.timers.all() if timer.label == label]
    if not left_over:
        raise TimerTrouble("unavailable")
    for timer in left_over:
        turn.timers.remove(timer.id)
    return turn.timers.create(label, seconds, announcement, hidden=hidden)


def remove_timers(turn: Turn, session: TherapySession) -> bool:
    """Remove a session's timers. False when one may still speak up because Alexa can't be reached."""
    return _each(turn, session, turn.timers.remove)


def pause_timers(turn: Turn, session: TherapySession) -> bool:
    """Pause a session's timers. False when that could not be done."""
    return _each(turn, session, turn.timers.pause)


def resume_timers(turn: Turn, session: TherapySession) -> bool:
    """Resume a session's timers. False when that could not be done."""
    return _each(turn, session, turn.timers.resume)


def _each(turn: Turn, session: TherapySession, act: object) -> bool:
    done = True
    if session.timer_id and callable(act):
        try:
            act(session.timer_id)
        except TimerTrouble as trouble:
            done = trouble.reason == "duplicate"
    if session.check_timer_id and callable(act) and done:
        try:
            act(session.check_timer_id)
        except TimerTrouble:
            # The skin check has spoken up already, or can't be reached; the end is what counts.
            return done
    return done


@dataclass(frozen=True)
class Present:
    """Where things stand now, after a look at the log and at Alexa's timers."""

    situation: Situation
    news: str = ""
    """What happened outside Hip Coach, to be said first; empty when nothing did."""

    @property
    def running(self) -> TherapySession | None:
        """The session that runs or is paused."""
        return self.situation.running


def look_around(turn: Turn) -> Present:
    """Bring the log up to what Alexa's timers and the clock say, and remember what changed."""
    sessions = turn.memory.sessions()
    live = [session for session in sessions if session.is_live]
    news = ""
    if live:
        current, *older = live
        settled, news = _compare(turn, current)
        settled = settled.settled(turn.now)
        turn.memory.keep_session(settled)
        for session in older:
            turn.memory.keep_session(_closed(session, turn.now))
    elif turn.memory.log_failed:
        recovered = _recover(turn)
        if recovered:
            situation = turn.situation()
            return Present(replace(situation, sessions=(recovered, *situation.sessions)))
    return Present(turn.situation(), news)


def _closed(session: TherapySession, now: datetime) -> TherapySession:
    """An older session that never got its end, because another was started on a second device at the same moment."""
    settled = session.settled(now)
    return settled.end("replaced", min(now, session.ends_at)) if settled.is_live else settled


def _compare(turn: Turn, session: TherapySession) -> tuple[TherapySession, str]:
    """The session as Alexa's timer shows it, and what to say when somebody changed the timer elsewhere."""
    if session.timer != "alexa" or session.timer_id is None:
        return session, ""
    modality = name_of(session.modality)
    try:
        timer = turn.timers.look(session.timer_id)
    except TimerTrouble as trouble:
        if trouble.reason != "gone":
            return session, ""
        timer = None
    over = not session.is_paused and turn.now >= session.ends_at
    if timer is None or timer.status == "OFF":
        if over:
            return session, ""
        return session.end("elsewhere", turn.now), words("therapy.running.gone_elsewhere", modality=modality)
    if timer.status == "PAUSED":
        return _paused_like(session, timer, turn.now)
    if timer.ends_at is None:
        return session, ""
    if session.is_paused:
        return replace(session.resume(turn.now), ends_at=timer.ends_at), ""
    if abs((timer.ends_at - session.ends_at).total_seconds()) <= ROUNDING_SECONDS:
        return session, ""
    return replace(session, ends_at=timer.ends_at), ""


def _paused_like(session: TherapySession, timer: AlexaTimer, now: datetime) -> tuple[TherapySession, str]:
    if session.is_paused:
        return session, ""
    remaining = seconds_of_iso(timer.remaining) if timer.remaining else None
    left = int(remaining) if remaining is not None and 0 <= remaining <= LONGEST else session.remaining(now)
    paused_at = max(session.started_at, min(now, session.ends_at - timedelta(seconds=left)))
    return session.pause(paused_at), words("therapy.running.paused_elsewhere")


def _recover(turn: Turn) -> TherapySession | None:
    """While the log can't be read: the running session as Alexa's timers tell of it. It has no id and is not logged."""
    try:
        timers = turn.timers.all()
    except TimerTrouble:
        return None
    for timer in timers:
        modality = modality_of_label(timer.label)
        if modality is None:
            continue
        remaining = seconds_of_iso(timer.remaining) if timer.remaining else None
        ends_at = timer.ends_at or turn.now + timedelta(seconds=int(remaining or 0))
        # The start isn't known. Taking it for as long ago as can be keeps all that follows on the safe side.
        started_at = min(turn.now, ends_at - timedelta(seconds=LONGEST))
        session = TherapySession("", modality, LONGEST, started_at, ends_at, timer="alexa", timer_id=timer.id)
        return session.pause(turn.now) if timer.status == "PAUSED" else session
    return None
