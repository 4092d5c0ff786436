"""What somebody did, asked by voice: what, when last, how often, how many days in a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from skill.coaching.history import (
    ALL,
    FIELDS,
    KINDS,
    LOGGED_KINDS,
    PERIODS,
    PastSession,
    Question,
    past_session,
    span,
    streak,
    summarise,
)
from skill.content import words
from skill.handlers.history_words import count_words, last_words, nothing_words, streak_words, summary_words
from skill.handlers.questions import and_what_else
from skill.handlers.turn import Reply, Turn
from skill.session_log import moment_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MOST_SESSIONS = 500
"""How many sessions are looked at for one answer, the newest; with more, "at least" is said. Enough for half a year of
three a day, and few enough for a quick answer."""
ZONE_KEPT_DAYS = 30
"""Days until the device is asked again for its time zone: people move."""


def history(turn: Turn) -> Reply:
    """ "What did I do this week?" """
    return _answer(turn, "summary", "this_week")


def last(turn: Turn) -> Reply:
    """ "When did I last use heat?" """
    return _answer(turn, "last", "ever")


def count(turn: Turn) -> Reply:
    """ "How many times did I stretch this month?" Also "what's my streak", which is a count in its own way."""
    if turn.id("question") == "how_long_streak":
        return in_a_row(turn)
    return _answer(turn, "count", "ever")


def in_a_row(turn: Turn) -> Reply:
    """ "How long have I kept it up?" """
    return _answer(turn, "streak", "ever")


def _answer(turn: Turn, about: str, usual_period: str) -> Reply:
    if turn.id("history_kind") == "pain":
        return _reply(turn, "no_history", words("history.pain_not_kept"), {"kind": "pain", "reason": "not_kept"})
    question = _question(turn, usual_period)
    details: dict[str, object] = {"about": about, "kind": question.kind, "period": question.period}
    zone = _time_zone(turn)
    _note_what_is_over(turn)
    found = _sessions(turn, question, zone)
    if found is None:
        return _reply(turn, "unavailable", words("history.unavailable"), {"service": "log"} | details)
    sessions, complete = found
    summary = summarise(sessions, question, complete)
    if about == "summary":
        speech = summary_words(summary, question, turn.now, zone)
    elif about == "last":
        speech = last_words(summary, question, turn.now, zone)
    elif about == "count":
        speech = count_words(summary, question)
    elif summary.total or summary.live:
        row = streak(sessions, question, turn.now, zone, complete)
        speech = streak_words(row, summary, turn.now, zone)
        details |= {"days": row.days, "weeks": row.weeks}
    else:
        speech = ""
    if speech:
        return _reply(turn, "history", speech, details | {"count": summary.total, "at_least": summary.at_least})
    if not turn.memory.entries_of(LOGGED_KINDS):
        return _reply(turn, "no_history", words("history.nothing_yet"), details)
    before = [session for session in _known(turn).values() if not session.is_live]
    known_last = summarise(before, replace(question, period="ever"), complete=False).last
    looked_at = None if complete else MOST_SESSIONS
    return _reply(turn, "no_history", nothing_words(question, known_last, looked_at, turn.now, zone), details)


def _question(turn: Turn, usual_period: str) -> Question:
    """The question; what was not said, or not understood, has its usual meaning."""
    kind = turn.id("history_kind") or turn.id("modality") or ALL
    period = turn.id("period") or usual_period
    return Question(kind if kind in KINDS else ALL, period if period in PERIODS else usual_period)


def _sessions(turn: Turn, question: Question, zone: ZoneInfo | None) -> tuple[list[PastSession], bool] | None:
    """The sessions that began in the period, and whether these are all; None when the log doesn't answer."""
    since, until = span(question.period, turn.now, zone)
    known = _known(turn)
    outlines = turn.memory.sessions_between(since, until, LOGGED_KINDS, FIELDS, MOST_SESSIONS)
    if outlines is None or turn.memory.log_failed:
        return None
    sessions = {}
    for outline in outlines.found:
        began = moment_of(outline.entry)
        session = past_session(outline.kind, began, outline.fields, turn.now) if began else None
        if session:
            sessions[outline.entry] = session
    within = {
        key: session
        for key, session in known.items()
        if (since is None or since <= session.began) and session.began < until
    }
    return list((sessions | within).values()), outlines.complete


def _known(turn: Turn) -> dict[str, PastSession]:
    """The latest sessions, as this conversation knows them: also what the log hasn't taken yet."""
    known = {}
    for entry in turn.memory.entries_of(LOGGED_KINDS):
        began = moment_of(entry.entry)
        session = past_session(entry.kind, began, entry.fields, turn.now) if began else None
        if session:
            known[entry.entry] = session
    return known


def _note_what_is_over(turn: Turn) -> None:
    """A session whose time is up is over, in the log too. What was paused for too long is left for its news."""
    for session in turn.memory.sessions():
        if session.outcome == "running" and session.is_over(turn.now):
            turn.memory.keep_session(session.settled(turn.now), can_wait=True)


def _time_zone(turn: Turn) -> ZoneInfo | None:
    """Where the person lives: as the profile remembers it, or as the device says."""
    profile, today = turn.memory.profile, turn.now.date()
    remembered = _zone(profile.time_zone)
    if remembered and _day(profile.time_zone_asked) > today - timedelta(days=ZONE_KEPT_DAYS):
        return remembered
    zone = turn.time_zone()
    if zone is None or not turn.memory.entries_of(LOGGED_KINDS):
        # With nothing to be told there is nothing to keep.
        return zone or remembered
    asked = replace(profile, time_zone=zone.key, time_zone_asked=today.isoformat())
    turn.memory.keep_profile(asked, can_wait=True)
    return zone


def _zone(name: str) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _reply(turn: Turn, outcome: str, speech: str, details: dict[str, object]) -> Reply:
    return and_what_else(turn, Reply(outcome, speech, details=details))
