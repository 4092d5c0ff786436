"""The words of the report: dates, numbers, and the summary in plain sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from simulator.report.counting import Period, Report, Totals, since
from simulator.report.sessions import KINDS, Kind, PersonLog, Session
from skill.session_log import KEPT_FOR

NAMES: dict[Kind, str] = {"heat": "heat", "cold": "cold", "stretch": "stretching"}
"""What each kind is called in a sentence."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_AREAS = {"hip": "hip", "groin": "groin", "pelvis_back": "back of the pelvis"}
_ROUTINES = {"one": "a single stretch", "whole": "the whole routine", "short": "the short routine"}
_SIDES = {"left": "left side", "right": "right side", "both": "both sides"}
_FOUR_WEEKS = timedelta(days=28)


def day(moment: date, year: bool = True) -> str:
    """ "3 March 2026": to be read the same on both sides of the Atlantic. Not by the machine's locale."""
    return f"{moment.day} {_MONTHS[moment.month - 1]}" + (f" {moment.year}" if year else "")


def month(moment: date) -> str:
    """ "March 2026"."""
    return f"{_MONTHS[moment.month - 1]} {moment.year}"


def short_month(moment: date) -> str:
    """ "Mar"."""
    return _MONTHS[moment.month - 1][:3]


def span(period: Period) -> str:
    """ "3 to 11 March 2026", "28 February to 4 March 2026", or one day."""
    first, last = period.first, period.last
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{day(first, year=first.year != last.year)} to {day(last)}"


def how_many(number: int, one: str, many: str | None = None) -> str:
    """ "1 session", "1,204 sessions"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def length(seconds: int) -> str:
    """A length for the eye: "15 min", "2 h 5 min", "1 min" for less."""
    minutes = max(1, round(seconds / 60)) if seconds else 0
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours:,} h {rest} min" if rest else f"{hours:,} h"


def listed(parts: Iterable[str]) -> str:
    """ "a, b and c"."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def kinds_of(totals: Totals) -> str:
    """How many of each kind: "140 of heat, 120 of cold and 52 of stretching"."""
    return listed(f"{totals.sessions[kind]:,} of {NAMES[kind]}" for kind in KINDS if totals.sessions[kind])


def place(area: str | None, side: str | None) -> str:
    """Where heat or cold went: "hip, left side". Names that are not known here stay as they are."""
    parts = [_AREAS.get(area, area) if area else None, _SIDES.get(side, side) if side else None]
    return ", ".join(part for part in parts if part) or "not said"


def routine(name: str | None) -> str:
    """The name of a stretching routine as words."""
    return _ROUTINES.get(name, name.replace("_", " ")) if name else "not said"


def summary(report: Report, sessions: Iterable[Session]) -> list[str]:
    """The report in a few plain sentences, without a judgement: how much, how often, how long, how it ended."""
    totals, period = report.totals, report.period
    if totals.count == 1:
        [[session]] = report.days.values()
        lasted = f"It lasted {length(session.seconds)}. " if session.seconds is not None else ""
        return [f"One session of {NAMES[session.kind]}, on {day(session.day)}. {lasted}{_endings(totals)}"]
    sentences = [
        f"{how_many(totals.count, 'session')}: {kinds_of(totals)}.",
        f"There was a session on {report_days(report)}"
        + (f", and in {report.weeks_with} of {len(report.weeks)} weeks." if len(report.weeks) > 1 else "."),
    ]
    usual = [
        f"{length(seconds)} for {NAMES[kind]}"
        for kind in KINDS
        if (seconds := report.usual_seconds[kind]) is not None and kind != "stretch"
    ]
    if usual:
        sentences.append(f"The usual length was {listed(usual)}.")
    sentences.append(_endings(totals))
    if report.longest_run.days > 1:
        sentences.append(
            f"The most days in a row with a session were {report.longest_run.days}: {span(report.longest_run)}."
        )
    if period.days >= 2 * _FOUR_WEEKS.days:
        sentences.append(_lately(sessions, period))
    return sentences


def report_days(report: Report) -> str:
    """ "203 of 427 days"."""
    return f"{len(report.days):,} of {how_many(report.period.days, 'day')}"


def _endings(totals: Totals) -> str:
    """How the sessions ended."""
    if totals.count == 1:
        [ending] = [outcome for (_, outcome), number in totals.outcomes.items() if number]
        return {
            "finished": "It ran to its end.",
            "stopped early": "It was stopped early.",
            "end not known": "How it ended is not known.",
            "still running": "It is still running.",
        }[ending]
    parts = [f"{totals.ended('finished'):,} of {totals.count:,} ran to their end"]
    if stopped := totals.ended("stopped early"):
        parts.append(f"{stopped:,} {'was' if stopped == 1 else 'were'} stopped early")
    if unknown := totals.ended("end not known"):
        parts.append(f"the end of {unknown:,} is not known")
    if running := totals.ended("still running"):
        parts.append(f"{running:,} {'is' if running == 1 else 'are'} still running")
    return f"{listed(parts)}."


def _lately(sessions: Iterable[Session], period: Period) -> str:
    """The last four weeks beside the four before."""
    sessions = list(sessions)
    begin = period.last - _FOUR_WEEKS + timedelta(days=1)
    lately = since(sessions, begin, period.last).count
    before = since(sessions, begin - _FOUR_WEEKS, begin - timedelta(days=1)).count
    return f"In the last four weeks there were {lately:,}, in the four weeks before {before:,}."


def caveats(log: PersonLog, period: Period, zone_name: str) -> list[str]:
    """What the numbers are, and what they are not."""
    said = [
        "The log holds what was timed with Hip Coach. Heat, cold and stretches without it are not here.",
        "These numbers say nothing about pain, or about what helped. This report gives no medical advice.",
        "“Finished” means that the time ran to its end; “stopped early”, that somebody ended it before. "
        "Minutes leave pauses out.",
        f"A session counts on the day it began, by the clock of {zone_name}. A week runs from Monday to Sunday.",
        f"Entries leave the log {KEPT_FOR.days} days after they were last changed. What is older is not here.",
    ]
    if log.too_short:
        short = "stopped within the first minute, or before the first stretch"
        said.append(f"{how_many(log.too_short, 'session')} of the log did not count: {short}.")
    visits = {visit.date() for visit in log.visits if visit.date() in period}
    if visits:
        said.append(f"Hip Coach was opened on {how_many(len(visits), 'day')} of this time.")
    if log.unreadable:
        said.append(f"{how_many(log.unreadable, 'entry', 'entries')} of the log could not be read and did not count.")
    if log.unknown:
        kind = "of a kind that this report does not know, and did not count"
        said.append(f"{how_many(log.unknown, 'entry is', 'entries are')} {kind}.")
    return said
