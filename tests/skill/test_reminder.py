"""What is made of a wish for a reminder: always a moment that is still to come, and never one that was not said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.reminder import (
    ABOUT,
    PARTS,
    REASONS,
    RECURRENCES,
    ReminderPlan,
    decide,
    filled,
    first_ring,
    heard,
    meant,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
zones = st.sampled_from(
    ["America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"]
).map(ZoneInfo)
moments = st.integers(0, 20 * 366 * 86400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
plans = st.builds(
    ReminderPlan,
    about=st.none() | st.sampled_from(ABOUT),
    at=st.none() | times,
    part=st.none() | st.sampled_from(sorted(PARTS)),
    day=st.none() | st.dates(),
    recurrence=st.none() | st.sampled_from(sorted(RECURRENCES)),
    delay=st.none() | st.integers(60, 86399),
    reason=st.none() | st.sampled_from(REASONS),
)


@given(now=moments, zone=zones, at=times, recurrence=st.none() | st.sampled_from(sorted(RECURRENCES)))
def test_it_rings_soon_after_now_at_that_time_of_day(
    now: datetime, zone: ZoneInfo, at: time, recurrence: str | None
) -> None:
    plan = ReminderPlan(at=at, recurrence=recurrence)
    rings_at = first_ring(plan, now, zone)
    local = rings_at.astimezone(zone)
    # Apia once left out a whole day, so a week and two days for a weekday, and two for any.
    assert now < rings_at <= now + timedelta(days=9 if recurrence not in (None, "daily") else 3)
    skipped = datetime.combine(local.date(), at, zone).astimezone(UTC).astimezone(zone).time() != at
    assert local.time() == at or skipped
    assert not plan.days or local.weekday() in plan.days or skipped


@given(now=moments, zone=zones, plan=plans)
def test_what_is_read_back_is_what_rings(now: datetime, zone: ZoneInfo, plan: ReminderPlan) -> None:
    decision = decide(plan, now, zone)
    if decision.action == "ask":
        assert decision.reason
        return
    assert decision.rings_at is not None
    assert decision.rings_at > now
    if plan.delay is None:
        assert decision.plan.at is not None
        assert decision.plan.part is None
        # A yes right away makes the very same one.
        again = decide(decision.plan, now, zone)
        assert (again.action, again.plan, again.rings_at) == ("confirm", decision.plan, decision.rings_at)
        local = decision.rings_at.astimezone(zone)
        assert decision.plan.recurrence or (local.date(), local.time()) == (decision.plan.day, decision.plan.at)


@given(plan=plans)
def test_a_plan_survives_its_way_through_json(plan: ReminderPlan) -> None:
    assert ReminderPlan.from_json(plan.as_json()) == plan


@pytest.mark.parametrize(
    "data",
    [
        {"about": "bank"},
        {"at": "7"},
        {"at": 7},
        {"at": "07:00:30"},
        {"day": "tomorrow"},
        {"day": "2026-W48"},
        {"delay": 0},
        {"delay": True},
        {"delay": "60"},
        {"recurrence": "hourly"},
        {"part": ["EV"]},
        {"reason": "none"},
        {"more": "than that"},
    ],
)
def test_what_no_plan_can_have_written_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        ReminderPlan.from_json(data)


@given(at=st.text(), day=st.text(), recurrence=st.text(), delay=st.text(), about=st.text())
def test_nothing_that_is_heard_breaks_it(at: str, day: str, recurrence: str, delay: str, about: str) -> None:
    plan = heard(TODAY, about, at, day, recurrence, delay)
    assert decide(plan, NOW, NEW_YORK).action in ("ask", "confirm")


@pytest.mark.parametrize(
    ("slots", "at", "day", "recurrence", "reason"),
    [
        ({"at": "19:00"}, "19:00", "2026-11-23", None, None),
        ({"at": "09:00"}, "09:00", "2026-11-24", None, None),
        ({"at": "09:00", "day": "2026-11-23"}, "09:00", "2026-11-24", None, "past"),
        ({"at": "09:00", "day": "2026-11-25"}, "09:00", "2026-11-25", None, None),
        ({"at": "07:00", "day": "2026-11-23TNI"}, "19:00", "2026-11-23", None, None),
        ({"at": "07:00", "day": "2026-11-24TMO"}, "07:00", "2026-11-24", None, None),
        ({"at": "02:00", "day": "2026-11-24TNI"}, "02:00", "2026-11-24", None, None),
        ({"at": "MO"}, "08:00", "2026-11-24", None, "vague"),
        ({"at": "AF"}, "15:00", "2026-11-23", None, "vague"),
        ({"at": "EV"}, "19:00", "2026-11-23", None, "vague"),
        ({"at": "NI", "day": "2026-11-24"}, "21:00", "2026-11-24", None, "vague"),
        ({"recurrence": "evenings"}, "19:00", None, "daily", "vague"),
        ({"recurrence": "evenings", "at": "08:00"}, "20:00", None, "daily", None),
        ({"recurrence": "weekdays", "at": "08:00"}, "08:00", None, "weekdays", None),
        ({"at": "24:00"}, "00:00", "2026-11-24", None, None),
        ({"at": "07:30:00"}, "07:30", "2026-11-24", None, None),
    ],
)
def test_what_was_said_is_read_back(
    slots: dict[str, str], at: str, day: str | None, recurrence: str | None, reason: str | None
) -> None:
    decision = decide(heard(TODAY, **slots), NOW, NEW_YORK)
    plan = decision.plan
    assert decision.action == "confirm"
    assert (plan.at, plan.recurrence, decision.reason) == (time.fromisoformat(at), recurrence, reason)
    assert plan.day == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("slots", "reason"),
    [
        ({}, "missing"),
        ({"day": "2026-11-24"}, "missing"),
        ({"recurrence": "daily"}, "missing"),
        ({"delay": "P2D"}, "missing"),
        ({"at": "09:00", "day": "2026-W48"}, "not_a_day"),
        ({"day": "2026-W48-WE"}, "not_a_day"),
        ({"day": "2026-12"}, "not_a_day"),
        ({"day": "2027"}, "not_a_day"),
        ({"day": "202X"}, "not_a_day"),
        ({"day": "2026-WI"}, "not_a_day"),
        ({"day": "2026-02-30"}, "not_a_day"),
        ({"day": "PRESENT_REF"}, "not_a_day"),
        ({"day": "2026-11-22", "at": "09:00"}, "past_day"),
        ({"day": "2028-11-22", "at": "09:00"}, "too_far"),
        ({"recurrence": "unsupported", "at": "09:00"}, "unsupported"),
        ({"at": "?"}, "unclear"),
        ({"delay": "PT5S"}, "unclear"),
        ({"delay": "?"}, "unclear"),
    ],
)
def test_what_is_missing_or_wrong_is_asked_for(slots: dict[str, str], reason: str) -> None:
    decision = decide(heard(TODAY, **slots), NOW, NEW_YORK)
    assert (decision.action, decision.reason) == ("ask", reason)


@pytest.mark.parametrize(
    ("earlier", "now", "at", "part"),
    [
        ({"at": "07:00"}, {"at": "EV"}, time(7), "EV"),
        ({"at": "19:00"}, {"at": "MO"}, None, "MO"),
        ({"at": "19:00"}, {"at": "EV"}, time(19), "EV"),
        ({"at": "EV"}, {"at": "08:00"}, time(8), None),
        ({"at": "07:00"}, {"day": "2026-11-25"}, time(7), None),
    ],
)
def test_an_answer_goes_with_what_was_said_before(
    earlier: dict[str, str], now: dict[str, str], at: time | None, part: str | None
) -> None:
    plan = filled(heard(TODAY, **now), heard(TODAY, about="heat", **earlier))
    assert (plan.about, plan.at, plan.part) == ("heat", at, part)


def test_a_time_that_spring_skips_is_told_as_the_clock_will_show_it() -> None:
    saturday = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)
    decision = decide(ReminderPlan(at=time(2, 30), day=date(2026, 3, 8)), saturday, NEW_YORK)
    assert (decision.plan.at, decision.plan.day) == (time(3, 30), date(2026, 3, 8))


def test_a_daily_reminder_keeps_to_the_clock_on_the_wall_when_it_changes() -> None:
    plan = ReminderPlan(at=time(19), recurrence="daily")
    before = first_ring(plan, datetime(2026, 3, 7, 12, 0, tzinfo=UTC), NEW_YORK)
    after = first_ring(plan, datetime(2026, 3, 8, 12, 0, tzinfo=UTC), NEW_YORK)
    assert after - before == timedelta(hours=23)


HEAT = ReminderPlan("heat", at=time(8), day=TODAY, recurrence="daily")
STRETCH = ReminderPlan("stretch", at=time(19), day=TODAY, recurrence="daily")
COLD = ReminderPlan("cold", at=time(12), day=TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ReminderPlan(), [HEAT, STRETCH, COLD]),
        (ReminderPlan("heat"), [HEAT]),
        (ReminderPlan(at=time(7)), [STRETCH]),
        (ReminderPlan(at=time(7, 30)), []),
        (ReminderPlan(part="MO"), [HEAT]),
        (ReminderPlan(part="AF"), [COLD]),
        (ReminderPlan(part="EV"), [STRETCH]),
        (ReminderPlan(part="NI"), [STRETCH]),
        (ReminderPlan(recurrence="daily"), [HEAT, STRETCH]),
        (ReminderPlan(day=TODAY), [HEAT, STRETCH]),
        (ReminderPlan(day=COLD.day), [COLD]),
    ],
)
def test_which_reminder_somebody_speaks_of(wanted: ReminderPlan, found: list[ReminderPlan]) -> None:
    assert meant([HEAT, STRETCH, COLD], wanted) == found


@given(plans=st.lists(plans, max_size=4))
def test_who_says_nothing_of_it_may_mean_any(plans: list[ReminderPlan]) -> None:
    assert meant(plans, ReminderPlan()) == plans
