"""How the past is spoken of: sentences put together from `content/en/history.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from skill.coaching.history import ALL, STRETCH, PastSession, Question, Streak, Summary
from skill.coaching.spoken_time import about, capitalised, number_words
from skill.content import page, words

_PARTS = ((5, "small_hours"), (12, "morning"), (17, "afternoon"), (22, "evening"), (24, "night"))
"""Until which hour it is which part of the day."""


def summary_words(summary: Summary, question: Question, now: datetime, zone: tzinfo | None) -> str:
    """ "Three cold sessions this week, the last one yesterday evening." """
    period = words(f"history.period.{question.period}")
    if summary.last is None:
        return words("history.only_live", period=period, session=_session(summary.live)) if summary.live else ""
    when = when_words(summary.last.began, now, zone)
    values = {"counts": capitalised(counts_words(summary)), "period": period, "when": when}
    # "One heat session yesterday, yesterday evening" would say it twice.
    is_a_day = question.period in ("today", "yesterday") and zone is not None
    one = "summary_that_day" if is_a_day else "summary_one"
    several = "summary" if is_a_day else "summary_last"
    speech = words(f"history.{one}", **values) if summary.total == 1 else words(f"history.{several}", **values)
    return f"{speech} {words('history.and_live', session=_session(summary.live))}" if summary.live else speech


def count_words(summary: Summary, question: Question) -> str:
    """ "Three cold sessions this month." """
    period = words(f"history.period.{question.period}")
    if not summary.total:
        return words("history.only_live", period=period, session=_session(summary.live)) if summary.live else ""
    speech = words("history.summary", counts=capitalised(counts_words(summary)), period=period)
    return f"{speech} {words('history.and_live', session=_session(summary.live))}" if summary.live else speech


def last_words(summary: Summary, question: Question, now: datetime, zone: tzinfo | None) -> str:
    """ "You last used cold yesterday evening." """
    when = when_words(summary.last.began, now, zone) if summary.last else ""
    if summary.live:
        live = "live_and_before" if summary.last else "live"
        return words(f"history.{live}", session=_session(summary.live), when=when)
    if summary.last is None:
        return ""
    kind = words(f"history.kind.{summary.last.kind}")
    if question.kind == STRETCH:
        return words("history.last_stretched", when=when)
    last = "last_of_all" if question.kind == ALL else "last_used"
    return words(f"history.{last}", kind=kind, when=when)


def streak_words(streak: Streak, summary: Summary, now: datetime, zone: tzinfo | None) -> str:
    """ "Four days in a row, today included." """
    days, weeks = (
        _row(unit, number, streak.at_least) for unit, number in (("day", streak.days), ("week", streak.weeks))
    )
    if streak.days > 1 and streak.weeks > 1:
        return words("history.streak.days_and_weeks", days=capitalised(days), weeks=weeks)
    if streak.days > 1:
        return words(
            f"history.streak.{'days' if streak.with_today else 'days_until_yesterday'}", days=capitalised(days)
        )
    if streak.weeks > 1:
        return words("history.streak.weeks", weeks=capitalised(weeks))
    if streak.with_today:
        return words("history.streak.today_only")
    return words("history.streak.none", when=when_words(summary.last.began, now, zone) if summary.last else "")


def nothing_words(
    question: Question, last: PastSession | None, looked_at: int | None, now: datetime, zone: tzinfo | None
) -> str:
    """That there was nothing, and when the last one was.

    Args:
        last: the last session of that kind, if one is known.
        looked_at: how many of the latest sessions were looked at; None when all were.
    """
    sessions, period = words(f"history.sessions.{question.kind}"), words(f"history.period.{question.period}")
    if last is not None:
        return words("history.nothing_but", sessions=sessions, period=period, when=when_words(last.began, now, zone))
    if looked_at is not None:
        return words("history.nothing_among_latest", sessions=sessions, number=number_words(looked_at))
    return words("history.nothing", sessions=sessions, period=period)


def counts_words(summary: Summary) -> str:
    """ "three cold sessions and one heat session" """
    said = [
        words(f"history.{'one' if number == 1 else 'many'}.{kind}", number=number_words(number))
        for kind, number in summary.counts.items()
    ]
    joined = said[0]
    if len(said) == 2:
        joined = words("history.two_kinds.joined", first=said[0], second=said[1])
    elif len(said) == 3:
        joined = words("history.three_kinds.joined", first=said[0], second=said[1], third=said[2])
    return words("history.at_least", counts=joined) if summary.at_least else joined


def when_words(moment: datetime, now: datetime, zone: tzinfo | None) -> str:
    """When that was, as a person would say it; without a time zone only how long ago."""
    ago = now - moment
    if ago < timedelta(hours=1):
        return words("history.when.within_the_hour")
    if zone is None:
        return _ago(ago)
    then, today = moment.astimezone(zone), now.astimezone(zone).date()
    part = next(name for hour, name in _PARTS if then.hour < hour)
    days = (today - then.date()).days
    if days == 0:
        return words(f"history.when.today.{part}")
    if days == 1:
        return words(f"history.when.yesterday.{part}")
    names: Mapping[str, list[str]] = page("history")["names"]
    if days < 7:
        return words(f"history.when.weekday.{part}", day=names["weekdays"][then.weekday()])
    return words("history.when.date", month=names["months"][then.month - 1], day=_ordinal(then.day))


def _ago(ago: timedelta) -> str:
    days = ago // timedelta(days=1)
    if days == 0:
        return words("history.when.hours_ago", hours=about(int(ago.total_seconds())))
    if days == 1:
        return words("history.when.a_day_ago")
    return words("history.when.days_ago", days=words("history.count.day", number=number_words(days)))


def _row(unit: str, number: int, at_least: bool) -> str:
    row = words(f"history.count.{unit}", number=number_words(number))
    return words("history.streak.at_least", row=row) if at_least else row


def _session(live: PastSession | None) -> str:
    return words(f"history.session.{live.kind}") if live else ""


def _ordinal(day: int) -> str:
    """ "3rd": speech reads it as a word."""
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
