"""What of Alexa's cloud lasts from one run to the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import StandingClock
from tests.simulator.cloud_calls import (
    TIMERS,
    Caller,
    Json,
    a_timer,
)

# From one run to the next


def test_consent_and_timers_last_from_one_run_to_the_next(
    cloud: AlexaCloud, clock: StandingClock, caller: Caller
) -> None:
    caller.call(cloud, "POST", TIMERS, a_timer())
    _, paused = caller.call(cloud, "POST", TIMERS, a_timer("PT1H", "cold pack"))
    clock.advance(seconds=0.25)
    caller.call(cloud, "POST", f"{TIMERS}/{paused['id']}/pause")
    cloud.reminders_consent = "denied"

    # WHEN the world is written down and another comes up from it
    saved = json.loads(json.dumps(cloud.as_dict()))
    later = AlexaCloud(clock)
    later.restore(saved)

    # THEN it is the same one, to the microsecond, with a token of its own
    assert later.timers == cloud.timers
    assert later.as_dict() == saved
    assert (later.consent, later.reminders_consent) == ("granted", "denied")
    assert later.token != cloud.token
    clock.advance(minutes=15)
    assert later.ring_due() == ["Take it off."]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda saved: [],
        lambda saved: {},
        lambda saved: {**saved, "consent": "perhaps"},
        lambda saved: {**saved, "timers": None},
        lambda saved: {**saved, "timers": ["heat pack"]},
        lambda saved: {**saved, "timers": [{**saved["timers"][0], "ends_at": None}]},
        lambda saved: {**saved, "timers": [{**saved["timers"][0], "ends_at": "2026-03-02T09:15:00"}]},
        lambda saved: {**saved, "timers": [{**saved["timers"][0], "request": {}}]},
    ],
)
def test_a_spoilt_record_changes_nothing(
    cloud: AlexaCloud, caller: Caller, clock: StandingClock, spoil: Callable[[Json], Any]
) -> None:
    caller.call(cloud, "POST", TIMERS, a_timer())
    fresh = AlexaCloud(clock)

    with pytest.raises(ValueError, match=r"saved|none of"):
        fresh.restore(spoil(cloud.as_dict()))
    assert (fresh.consent, fresh.timers) == ("not_asked", [])


def test_an_unknown_consent_is_refused(clock: StandingClock) -> None:
    with pytest.raises(ValueError, match="'maybe' is none of granted"):
        AlexaCloud(clock, timers="maybe")  # type: ignore[arg-type]


def test_times_are_shown_in_utc(caller: Caller) -> None:
    cloud = AlexaCloud(
        StandingClock(datetime(2026, 7, 1, 23, 50, tzinfo=UTC)), timers="granted", time_zone="Asia/Tokyo"
    )
    cloud.session_open = True

    assert caller.call(cloud, "POST", TIMERS, a_timer())[1]["triggerTime"] == "2026-07-02T00:05:00Z"
