"""Which days a question about the past means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.history import (
    PERIODS,
    span,
)
from tests.skill.history.past import LONDON, NOW, moments, zones


@pytest.mark.parametrize(
    ("period", "begins", "ends"),
    [
        ("today", "2026-03-04", None),
        ("yesterday", "2026-03-03", "2026-03-04"),
        ("this_week", "2026-03-02", None),
        ("last_week", "2026-02-23", "2026-03-02"),
        ("this_month", "2026-03-01", None),
        ("last_month", "2026-02-01", "2026-03-01"),
        ("this_year", "2026-01-01", None),
        ("ever", None, None),
    ],
)
def test_a_period_begins_and_ends_at_midnight_where_the_person_lives(
    period: str, begins: str | None, ends: str | None
) -> None:
    begin, end = span(period, NOW, LONDON)
    assert begin == (begins and datetime.fromisoformat(f"{begins}T00:00:00Z"))
    assert end == (datetime.fromisoformat(f"{ends}T00:00:00Z") if ends else NOW + timedelta(minutes=1))


def test_a_day_with_a_change_of_clocks_is_an_hour_shorter() -> None:
    monday = datetime(2026, 3, 30, 9, tzinfo=UTC)
    begin, end = span("yesterday", monday, LONDON)
    assert begin is not None
    assert end - begin == timedelta(hours=23)


@given(moments, zones, st.sampled_from(PERIODS))
def test_every_period_is_past_and_in_order(now: datetime, zone: ZoneInfo | None, period: str) -> None:
    begin, end = span(period, now, zone)
    assert end <= now + timedelta(minutes=1)
    assert begin is None or begin < end
