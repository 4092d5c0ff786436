"""The two timers of a heat or cold session, and how the log and Alexa's timers are brought to agree.

Alexa tells a skill nothing when a timer rings or is changed elsewhere, so each visit looks for itself.
"""

from __future__ import annotations

from collections.abc import Callable
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
    remaining = session.remaining(turn.now)
    end = _create(turn, session, "end", remaining, end_announcement(session))
    session = replace(session, timer="alexa", timer_id=end.id, check_timer_id=None)
    until_check = SKIN_CHECK_SECONDS - session.done(turn.now)
    if not 0 < until_check < remaining:
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


def remove_timers(turn: Turn, session: TherapySession) -> TherapySession:
    """Remove a session's timers. Those that can't be reached stay noted in it, for a later visit to remove."""
    if session.timer_id and _done(turn.timers.remove, session.timer_id):
        session = replace(session, timer_id=None)
    if session.check_timer_id and _done(turn.timers.remove, session.check_timer_id):
        session = replace(session, check_timer_id=None)
    return session


def pause_timers(turn: Turn, session: TherapySession) -> bool:
    """Pause a session's timers. False when the end could not be paused; a skin check too many does no harm."""
    _, end = _each(turn, session, turn.timers.pause)
    return end


def _resume_timers(turn: Turn, session: TherapySession) -> bool:
    """Resume a session's timers. False when the end, or the skin check that is still to come, could not be resumed."""
    return all(_each(turn, session, turn.timers.resume))


def _each(turn: Turn, session: TherapySession, act: Callable[[str], None]) -> tuple[bool, bool]:
    """Do that to the timer of the skin check and to that of the end, where there is one; says which of them is done."""
    check_spoke = bool(session.id) and session.done(turn.now) >= SKIN_CHECK_SECONDS
    check = not session.check_timer_id or check_spoke or _done(act, session.check_timer_id)
    return check, not session.timer_id or _done(act, session.timer_id)


def _done(act: Callable[[str], None], timer_id: str) -> bool:
    try:
        act(timer_id)
    except TimerTrouble:
        return False
    return True


def resumed(turn: Turn, session: TherapySession) -> TherapySession:
    """A paused session, running again with its timers; `timer` is "none" when none will tell of its end."""
    running = session.resume(turn.now)
    if session.timer == "alexa" and _resume_timers(turn, session):
        return running
    if not session.has_timers:
        return running
    return renewed(turn, replace(running, timer="none"))


def renewed(turn: Turn, session: TherapySession) -> TherapySession:
    """A session whose timers are out of step, with new ones in their place if Alexa can be reached."""
    cleared = remove_timers(turn, session)
    if cleared.has_timers or session.is_paused:
        return session
    try:
        return set_timers(turn, cleared)
    except TimerTrouble:
        return session


def ended(turn: Turn, session: TherapySession, outcome: str) -> TherapySession:
    """The session, over now, in the log and without its timers (as far as Alexa can be reached)."""
    over = remove_timers(turn, session.end(outcome, turn.now))
    turn.memory.keep_session(over)
    return over


@dataclass(frozen=True)
class Present:
    """Where things stand now, after a look at the log and at Alexa's timers."""

    situation: Situation
    news: str = ""
    """What happened since the last visit, to be said first; empty when nothing did."""

    @property
    def running(self) -> TherapySession | None:
        """The session that runs or is paused."""
        return self.situation.running


def look_around(turn: Turn) -> Present:
    """Bring the log up to what Alexa's timers and the clock say, and remember what changed."""
    sessions = turn.memory.sessions()
    live = [session for session in sessions if session.is_live]
    if not live and turn.memory.log_failed:
        found = _recover(turn)
        return _with(turn.situation(), found) if found else Present(turn.situation())
    for session in sessions:
        if session.has_timers and not session.is_live:
            turn.memory.keep_session(remove_timers(turn, session))
    news = _bring_up_to_date(turn, live[0]) if live else ""
    for session in live[1:]:
        # Another was started on a second device at the same moment, so this one never got its end.
        settled = session.settled(turn.now)
        over = settled.end("replaced", min(turn.now, session.ends_at)) if settled.is_live else settled
        turn.memory.keep_session(remove_timers(turn, over))
    return Present(turn.situation(), news)


def look_closely(turn: Turn) -> Present:
    """Like `look_around`, and where the log knows of nothing that runs, by Alexa's timers too: for somebody who speaks
    of a running session. The log may have been away for as long as it was spoken of."""
    present = look_around(turn)
    if present.running or present.news or turn.memory.log_failed:
        return present
    found = _recover(turn)
    return _with(present.situation, found) if found else present


def _with(situation: Situation, found: TherapySession) -> Present:
    return Present(replace(situation, sessions=(found, *situation.sessions)))


def _bring_up_to_date(turn: Turn, session: TherapySession) -> str:
    """Bring the newest live session up to its timer and the clock. Returns what to say when that is news."""
    seen, news = _compare(turn, session)
    settled = seen.settled(turn.now)
    if settled.outcome == "elsewhere":
        turn.memory.read_again()
        held = next((other for other in turn.memory.sessions() if other.id == session.id), session)
        if not held.is_live:
            # It was ended with Hip Coach, on another device, and this conversation had not heard of it.
            settled, news = held, ""
    if seen.is_paused and not settled.is_live:
        news = words("therapy.running.paused_too_long")
    if settled.out_of_step and settled.is_live:
        settled = renewed(turn, settled)
    elif settled.has_timers and settled.outcome in ("elsewhere", "stopped"):
        settled = remove_timers(turn, settled)
    turn.memory.keep_session(settled)
    return news


def _compare(turn: Turn, session: TherapySession) -> tuple[TherapySession, str]:
    """The session as Alexa's timer shows it, and what to say when somebody changed the timer elsewhere."""
    if session.timer != "alexa" or session.timer_id is None:
        return session, ""
    try:
        timer = turn.timers.look(session.timer_id)
    except TimerTrouble as trouble:
        if trouble.reason != "gone":
            return session, ""
        timer = None
    if timer is None or timer.status == "OFF":
        if not session.is_paused and turn.now >= session.ends_at:
            return session.without_timers(), ""
        modality = name_of(session.modality)
        return session.end("elsewhere", turn.now), words("therapy.running.gone_elsewhere", modality=modality)
    if timer.status == "PAUSED":
        return _paused_like(session, timer, turn.now)
    if timer.ends_at is None:
        return session, ""
    unchanged = abs((timer.ends_at - session.ends_at).total_seconds()) <= ROUNDING_SECONDS
    if session.is_paused and unchanged:
        # Pausing it failed: it runs on to its old end, though the person has taken the pack off.
        return replace(session, timer="none"), ""
    if session.is_paused:
        return replace(session.resume(turn.now), ends_at=timer.ends_at), ""
    return session if unchanged else replace(session, ends_at=timer.ends_at), ""


def _paused_like(session: TherapySession, timer: AlexaTimer, now: datetime) -> tuple[TherapySession, str]:
    if session.is_paused:
        return session, ""
    remaining = seconds_of_iso(timer.remaining) if timer.remaining else None
    left = int(remaining) if remaining is not None and 0 <= remaining <= LONGEST else session.remaining(now)
    paused_at = max(session.started_at, min(now, session.ends_at - timedelta(seconds=left)))
    return session.pause(paused_at), words("therapy.running.paused_elsewhere")


def _recover(turn: Turn) -> TherapySession | None:
    """What the log doesn't tell: the running session as Alexa's timers do. It has no id and is not logged."""
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
        check = next((other.id for other in timers if modality_of_label(other.label, "check") == modality), None)
        session = TherapySession(
            "", modality, LONGEST, started_at, ends_at, timer="alexa", timer_id=timer.id, check_timer_id=check
        )
        return session.pause(turn.now) if timer.status == "PAUSED" else session
    return None
