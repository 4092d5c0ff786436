"""Reminders keep the documented rules: what is refused, when they ring, and what lasts from one run to the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from simulator import Echo
from simulator.alexa_cloud import AlexaCloud
from simulator.clock import StandingClock
from simulator.reminders_world import RemindersWorld
from simulator.timers_world import RefusedError

Json = dict[str, Any]
ZONE = "America/New_York"
DAILY = "FREQ=DAILY;BYHOUR=19;BYMINUTE=0;BYSECOND=0;INTERVAL=1;"


def a_reminder(**trigger: Any) -> Json:
    """The body that makes a reminder for seven in the evening."""
    wanted = {"type": "SCHEDULED_ABSOLUTE", "scheduledTime": "2026-03-02T19:00:00.000", "timeZoneId": ZONE, **trigger}
    return {
        "requestTime": "2026-03-02T04:00:00.000",
        "trigger": {name: value for name, value in wanted.items() if value is not None},
        "alertInfo": {"spokenInfo": {"content": [{"locale": "en-US", "text": "Stretch."}]}},
        "pushNotification": {"status": "ENABLED"},
    }


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: [],
        lambda body: {**body, "requestTime": "today"},
        lambda body: {**body, "requestTime": "2026-03-02T04:00:00Z"},
        lambda body: {**body, "alertInfo": {}},
        lambda body: {**body, "alertInfo": {"spokenInfo": {"content": []}}},
        lambda body: {**body, "alertInfo": {"spokenInfo": {"content": [{"locale": "en-US", "text": " "}]}}},
        lambda body: {**body, "pushNotification": {"status": "LOUD"}},
        lambda body: {**body, "trigger": {}},
        lambda body: a_reminder(type="SCHEDULED"),
        lambda body: a_reminder(scheduledTime="2026-03-02T19:00:00Z"),
        lambda body: a_reminder(scheduledTime="2026-02-30T19:00:00"),
        lambda body: a_reminder(scheduledTime="2026-03-02T03:59:00"),
        lambda body: a_reminder(timeZoneId="America/Nowhere"),
        lambda body: a_reminder(recurrence={}),
        lambda body: a_reminder(recurrence={"recurrenceRules": []}),
        lambda body: a_reminder(recurrence={"recurrenceRules": ["FREQ=HOURLY;BYHOUR=1;BYMINUTE=0;BYDAY=MO"]}),
        lambda body: a_reminder(recurrence={"recurrenceRules": ["FREQ=WEEKLY;BYHOUR=1;BYMINUTE=0"]}),
        lambda body: a_reminder(recurrence={"recurrenceRules": ["FREQ=DAILY"]}),
        lambda body: a_reminder(recurrence={"recurrenceRules": [7]}),
        lambda body: a_reminder(type="SCHEDULED_RELATIVE"),
        lambda body: a_reminder(type="SCHEDULED_RELATIVE", offsetInSeconds=0),
        lambda body: a_reminder(type="SCHEDULED_RELATIVE", offsetInSeconds=True),
        lambda body: a_reminder(type="SCHEDULED_RELATIVE", offsetInSeconds=60, recurrence={}),
    ],
)
def test_a_body_that_is_not_as_it_must_be_is_refused(clock: StandingClock, spoil: Callable[[Json], Any]) -> None:
    with pytest.raises(RefusedError) as caught:
        RemindersWorld().create(spoil(a_reminder()), clock(), ZONE)
    assert caught.value.status == 400


def test_it_can_be_changed_found_and_deleted(clock: StandingClock) -> None:
    world = RemindersWorld()
    made = world.create(a_reminder(), clock(), ZONE)
    changed = world.update(made.id, a_reminder(scheduledTime="2026-03-02T20:00:00"), clock(), ZONE)
    assert (changed.id, changed.version) == (made.id, 2)
    assert changed.rings_at == made.rings_at + timedelta(hours=1)  # type: ignore[operator]
    assert world.find("Stretch.") == world.find(made.id) == changed
    world.delete(made.id)
    for do in (world.get, world.delete, world.find):
        with pytest.raises(RefusedError) as caught:
            do(made.id)
        assert caught.value.status == 404


def test_there_can_be_so_many_and_no_more(clock: StandingClock) -> None:
    world = RemindersWorld(limit=1)
    world.create(a_reminder(), clock(), ZONE)
    with pytest.raises(RefusedError) as caught:
        world.create(a_reminder(), clock(), ZONE)
    assert (caught.value.status, caught.value.code) == (403, "MAX_REMINDERS_EXCEEDED")
    # One that has rung makes room.
    clock.advance(days=1)
    world.ring_due(clock(), "en-US")
    world.create(a_reminder(scheduledTime="2026-03-04T19:00:00"), clock(), ZONE)


def test_one_that_is_over_is_seen_for_three_days(clock: StandingClock) -> None:
    world = RemindersWorld()
    world.create(a_reminder(), clock(), ZONE)
    clock.advance(hours=15)
    assert world.ring_due(clock(), "en-US") == ["Here's your reminder: Stretch."]
    assert [each.status for each in world.all()] == ["COMPLETED"]
    clock.advance(days=3)
    assert world.ring_due(clock(), "en-US") == []
    assert world.all() == []


def test_a_daily_one_keeps_to_the_clock_on_the_wall_when_it_changes(clock: StandingClock) -> None:
    world = RemindersWorld()
    made = world.create(a_reminder(recurrence={"recurrenceRules": [DAILY]}), clock(), ZONE)
    clock.advance(days=10)
    assert len(world.ring_due(clock(), "en-US")) == 9 + 1 - (clock() < made.plan.starts_at + timedelta(days=9))
    rings_at = world.get(made.id).rings_at
    assert rings_at is not None
    assert rings_at.astimezone(made.plan.zone).hour == 19


def test_reminders_last_from_one_run_to_the_next(clock: StandingClock) -> None:
    world = RemindersWorld()
    world.create(
        a_reminder(recurrence={"recurrenceRules": [DAILY], "startDateTime": "2026-03-05T19:00:00"}), clock(), ZONE
    )
    world.create(a_reminder(type="SCHEDULED_RELATIVE", offsetInSeconds=60), clock(), ZONE)
    clock.advance(minutes=2)
    world.ring_due(clock(), "en-US")
    saved = json.loads(json.dumps(world.as_list()))
    later = RemindersWorld()
    later.restore(saved)
    assert later.as_list() == saved
    assert [each.as_alert() for each in later.all()] == [each.as_alert() for each in world.all()]


@pytest.mark.parametrize("saved", [None, ["x"], [{}], [{"id": "a"}]])
def test_a_spoilt_record_changes_nothing(clock: StandingClock, saved: object) -> None:
    world = RemindersWorld()
    world.create(a_reminder(), clock(), ZONE)
    with pytest.raises(ValueError, match="saved"):
        world.restore(saved)
    assert len(world.all()) == 1


def test_a_world_from_before_there_were_reminders_is_taken_over(clock: StandingClock) -> None:
    saved = AlexaCloud(clock, timers="granted").as_dict()
    del saved["reminders"]
    later = AlexaCloud(clock)
    later.restore(saved)
    assert (later.consent, later.reminders) == ("granted", [])


def test_the_question_for_reminders_names_them() -> None:
    echo = Echo.returning()
    echo.say("remind me to stretch at seven in the evening")
    echo.say("yes")
    question = echo.permission_question
    assert question is not None
    wanted = "Do you give Hip Coach permission to update your reminders? You can say I approve or no."
    assert echo.cloud.permission_question(question) == wanted
