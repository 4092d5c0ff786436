"""The Reminders API as the skill sees it: through the SDK's own client, against a cloud that keeps Alexa's rules."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import StandingClock
from skill.alexa.reminders import Reason, Reminders, ReminderTrouble
from tests.skill.test_timers import services

SEVEN = datetime(2026, 3, 2, 19, 0)  # noqa: DTZ001 - on the clock on the wall
ZONE = "America/New_York"


def reminders(cloud: AlexaCloud, read_seconds: float = 2.0) -> Reminders:
    return Reminders(services(cloud, read_seconds), "en-US")


def trouble(do: Any, *arguments: Any) -> Reason:
    """The reason why a call did not do what was asked."""
    with pytest.raises(ReminderTrouble) as caught:
        do(*arguments)
    return caught.value.reason


def test_a_reminder_is_made_as_asked_rings_and_is_done(cloud: AlexaCloud, clock: StandingClock) -> None:
    api = reminders(cloud)
    made = api.create("Time to stretch.", clock(), SEVEN, ZONE)
    found = api.all()
    assert [(each.id, each.text, each.starts_at, each.at, each.days) for each in found] == [
        (made, "Time to stretch.", SEVEN, time(19), ())
    ]
    clock.advance(hours=14, minutes=59)
    assert cloud.announcements == []
    clock.advance(minutes=1)
    assert cloud.announcements == ["Here's your reminder: Time to stretch."]
    assert api.all() == []
    assert cloud.reminders[0]["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("days", "rules", "rung"),
    [
        (tuple(range(7)), 1, 7),
        ((0, 1, 2, 3, 4), 5, 5),
        ((5, 6), 2, 2),
        ((2,), 1, 1),
    ],
)
def test_a_reminder_comes_again(
    cloud: AlexaCloud, clock: StandingClock, days: tuple[int, ...], rules: int, rung: int
) -> None:
    api = reminders(cloud)
    api.create("Time to stretch.", clock(), SEVEN, ZONE, days)
    assert len(cloud.reminders[0]["trigger"]["recurrence"]["recurrenceRules"]) == rules
    assert [(each.at, each.days) for each in api.all()] == [(time(19), days)]
    clock.advance(days=7)
    assert len(cloud.announcements) == rung
    assert len(api.all()) == 1


def test_a_reminder_in_an_hour_needs_no_zone(cloud: AlexaCloud, clock: StandingClock) -> None:
    api = reminders(cloud)
    api.create_in("Time to stretch.", clock(), 3600)
    assert api.all()[0].rings_at == clock() + timedelta(hours=1)
    clock.advance(hours=1)
    assert len(cloud.announcements) == 1


def test_without_a_zone_it_is_the_devices_own(cloud: AlexaCloud, clock: StandingClock) -> None:
    reminders(cloud).create("Time to stretch.", clock(), SEVEN, None)
    assert "timeZoneId" not in cloud.reminders[0]["trigger"]
    clock.advance(hours=15)
    assert len(cloud.announcements) == 1


def test_removing_what_is_gone_is_done(cloud: AlexaCloud, clock: StandingClock) -> None:
    api = reminders(cloud)
    made = api.create("Time to stretch.", clock(), SEVEN, ZONE)
    api.remove(made)
    api.remove(made)
    assert (cloud.calls[-1].status, cloud.reminders) == (404, [])


def test_nothing_goes_to_the_phone(cloud: AlexaCloud, clock: StandingClock) -> None:
    reminders(cloud).create("Time to stretch.", clock(), SEVEN, ZONE)
    assert cloud.reminders[0]["pushNotification"] == {"status": "DISABLED"}


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (400, "BAD_REQUEST", "invalid"),
        (401, "UNAUTHORIZED", "permission"),
        (403, "FORBIDDEN", "unsupported"),
        (403, "MAX_REMINDERS_EXCEEDED", "too_many"),
        (404, "NOT_FOUND", "gone"),
        (429, "TOO_MANY_REQUESTS", "unavailable"),
        (500, "INTERNAL_ERROR", "unavailable"),
        (503, "SERVICE_UNAVAILABLE", "unavailable"),
        (504, "DEVICE_OFFLINE", "offline"),
    ],
)
def test_every_refusal_has_its_reason(
    cloud: AlexaCloud, clock: StandingClock, status: int, code: str, reason: Reason
) -> None:
    cloud.fail("reminders", status=status, code=code)
    assert trouble(reminders(cloud).create, "Time to stretch.", clock(), SEVEN, ZONE) == reason


@pytest.mark.parametrize("how", ["empty", "html"])
def test_a_refusal_without_a_body_is_known_by_its_status(cloud: AlexaCloud, how: Any) -> None:
    cloud.fail("reminders", status=401, how=how)
    assert trouble(reminders(cloud).all) == "permission"


@pytest.mark.parametrize("how", ["slow", "dropped"])
def test_a_service_that_fails_without_words_is_unavailable(cloud: AlexaCloud, clock: StandingClock, how: Any) -> None:
    cloud.fail("reminders", how=how, times=2)
    assert trouble(reminders(cloud, 0.05).create, "Time to stretch.", clock(), SEVEN, ZONE) == "unavailable"


def test_without_a_permission_there_is_nothing(cloud: AlexaCloud, clock: StandingClock) -> None:
    cloud.reminders_consent = "not_asked"
    api = reminders(cloud)
    assert trouble(api.create, "Time to stretch.", clock(), SEVEN, ZONE) == "permission"
    assert trouble(api.all) == "permission"


def test_a_time_that_has_passed_is_not_taken(cloud: AlexaCloud, clock: StandingClock) -> None:
    assert trouble(reminders(cloud).create, "Time to stretch.", clock(), SEVEN - timedelta(days=1), ZONE) == "invalid"


@pytest.mark.parametrize(
    "body",
    [
        '{"alerts": [{}]}',
        '{"alerts": [{"alertToken": "a", "status": "SLEEPING"}]}',
        '{"alerts": [{"alertToken": "a", "trigger": {"recurrence": {"recurrenceRules": ["FREQ=WEEKLY;BYDAY=XX"]}}}]}',
    ],
)
def test_an_answer_of_no_known_shape_is_unavailable(cloud: AlexaCloud, body: str) -> None:
    cloud.fail("reminders", status=200, body=body)
    assert trouble(reminders(cloud).all) == "unavailable"


def test_without_a_token_nothing_is_called() -> None:
    assert trouble(Reminders(None, "en-US").all) == "unavailable"
