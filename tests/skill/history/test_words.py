"""How sessions of the past are spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from skill.coaching.history import (
    PastSession,
    Question,
    Streak,
    Summary,
    summarise,
)
from skill.handlers.history_words import (
    count_words,
    counts_words,
    last_words,
    nothing_words,
    streak_words,
    summary_words,
    when_words,
)
from tests.skill.history.past import LONDON, NOW, ago, moments, zones


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.5, "less than an hour ago"),
        (2, "this afternoon"),
        (4, "this morning"),
        (12, "in the small hours"),
        (16, "last night"),
        (18, "yesterday evening"),
        (24, "yesterday afternoon"),
        (36, "early yesterday"),
        (40, "on Monday night"),
        (24 * 6, "on Thursday afternoon"),
        (24 * 7, "on February 25th"),
        (24 * 11, "on February 21st"),
        (24 * 20, "on February 12th"),
        (24 * 200, "on August 16th"),
    ],
)
def test_a_moment_is_said_as_a_person_would(hours: float, said: str) -> None:
    assert when_words(NOW - timedelta(hours=hours), NOW, LONDON) == said


@given(moments, zones)
def test_every_moment_can_be_said(moment: datetime, zone: ZoneInfo | None) -> None:
    now = datetime(2027, 3, 4, tzinfo=UTC)
    said = when_words(moment, now, zone)
    assert said
    assert "{" not in said


def said_of(sessions: Sequence[PastSession], kind: str = "all") -> str:
    question = Question(kind, "this_week")
    return summary_words(summarise(sessions, question, complete=True), question, NOW, LONDON)


def test_three_kinds_are_summed_up_in_one_sentence() -> None:
    sessions = [ago(hours=20), ago(hours=30), ago("heat", hours=40), ago("stretch", hours=50), ago("stretch", hours=51)]
    assert said_of(sessions) == (
        "Two cold sessions, two stretching sessions and one heat session this week, the last one yesterday evening."
    )


def test_a_stretch_is_spoken_of_like_heat_and_cold() -> None:
    assert said_of([ago("stretch", hours=20)], "stretch") == "One stretching session this week, yesterday evening."
    assert said_of([ago("stretch", hours=0.1, live=True)]) == (
        "Nothing finished this week, but your stretching session is on right now."
    )
    question = Question("stretch")
    summary = summarise([ago("stretch", hours=20)], question, complete=True)
    assert last_words(summary, question, NOW, LONDON) == "You last stretched yesterday evening."


def test_where_there_may_be_more_at_least_is_said() -> None:
    question = Question("cold", "this_year")
    summary = Summary({"cold": 500}, at_least=True, last=ago(hours=20))
    assert counts_words(summary) == "at least 500 cold sessions"
    assert count_words(summary, question) == "At least 500 cold sessions this year."
    assert streak_words(Streak(40, 6, True, True), summary, NOW, LONDON) == (
        "At least forty days in a row, and at least six weeks with something in each."
    )
    assert nothing_words(question, None, 500, NOW, LONDON) == "No cold sessions among your last 500 sessions."
