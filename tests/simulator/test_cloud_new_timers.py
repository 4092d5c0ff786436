"""Making a timer in Alexa's cloud: what is taken, and what is refused with which code."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import START, StandingClock

# Making timers
from tests.simulator.cloud_calls import (
    OPERATION,
    TEXTS,
    TIMERS,
    UNLABELLED,
    Caller,
    a_timer,
    changed,
)


def test_a_new_timer_is_shown_as_the_reference_shows_it(cloud: AlexaCloud, caller: Caller) -> None:
    status, made = caller.call(cloud, "POST", TIMERS, a_timer())

    assert status == 200
    identifier = made.pop("id")
    assert made == {
        "status": "ON",
        "duration": "PT15M",
        "triggerTime": "2026-03-02T09:15:00Z",
        "timerLabel": "heat pack",
        "createdTime": "2026-03-02T09:00:00Z",
        "updatedTime": "2026-03-02T09:00:00Z",
    }
    assert caller.call(cloud, "GET", f"{TIMERS}/{identifier}") == (200, {"id": identifier, **made})
    assert cloud.timers == [{"id": identifier, **made}]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(None, id="no body"),
        pytest.param(b"{not json", id="not JSON"),
        pytest.param(b"\xff\xfe\x00", id="not text"),
        pytest.param(b"[" * 50_000, id="bottomless"),
        pytest.param([a_timer()], id="array"),
        pytest.param("PT15M", id="string"),
        pytest.param(changed("timerLabel", "x" * 200_000), id="huge"),
        pytest.param(changed("duration"), id="no duration"),
        pytest.param(changed("duration", 900), id="duration as a number"),
        pytest.param(changed("duration", "PT0S"), id="no time at all"),
        pytest.param(changed("duration", "PT2H1S"), id="over two hours"),
        pytest.param(changed("duration", "P999999999D"), id="ages"),
        pytest.param(changed("creationBehavior"), id="no creationBehavior"),
        pytest.param(changed("creationBehavior.displayExperience"), id="no displayExperience"),
        pytest.param(changed("creationBehavior.displayExperience.visibility", "DIM"), id="unknown visibility"),
        pytest.param(changed("triggeringBehavior"), id="no triggeringBehavior"),
        pytest.param(changed("triggeringBehavior.notificationConfig"), id="no notificationConfig"),
        pytest.param(changed("triggeringBehavior.notificationConfig.playAudible", "no"), id="playAudible as text"),
        pytest.param(changed(OPERATION), id="no operation"),
        pytest.param(changed(f"{OPERATION}.type", "SING"), id="unknown operation"),
        pytest.param(changed(TEXTS), id="ANNOUNCE without text"),
        pytest.param(changed(TEXTS, []), id="ANNOUNCE with no texts"),
        pytest.param(changed(TEXTS, ["Take it off."]), id="text without locale"),
        pytest.param(changed(TEXTS, [{"locale": "en-US", "text": " "}]), id="empty text"),
        pytest.param(a_timer(text="<speak>Take it off.</speak>"), id="markup in the text"),
        pytest.param(changed("triggeringBehavior.operation", {"type": "NOTIFY_ONLY"}), id="NOTIFY_ONLY in silence"),
        pytest.param(changed("triggeringBehavior.operation", {"type": "LAUNCH_TASK"}), id="LAUNCH_TASK without task"),
        pytest.param(a_timer(label="x" * 257), id="long label"),
        pytest.param(a_timer(label=7), id="label as a number"),
    ],
)
def test_a_bad_request_makes_no_timer(cloud: AlexaCloud, caller: Caller, body: object) -> None:
    status, error = caller.call(cloud, "POST", TIMERS, body)

    assert (status, error["code"]) == (400, "BAD_REQUEST")
    assert error["message"]
    assert cloud.timers == []


@pytest.mark.parametrize(
    "duration",
    [
        "",
        "15",
        "15M",
        "P",
        "PT",
        "P1DT",
        "PTM",
        "pt15m",
        "PT15",
        "PT-15M",
        "-PT15M",
        "PT0.25H",
        "P15M",
        "PT1M1H",
        "PT15M;",
        "PT15M\n",
        "PT１５M",
        "PT" + "9" * 5_000 + "M",
    ],
)
def test_a_duration_that_is_not_iso_8601_has_an_error_code_of_its_own(
    cloud: AlexaCloud, caller: Caller, duration: str
) -> None:
    status, error = caller.call(cloud, "POST", TIMERS, a_timer(duration))

    assert (status, error["code"]) == (400, "INVALID_DURATION_FORMAT")


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("PT1S", 1), ("PT2M3S", 123), ("PT900S", 900), ("P0DT0H15M", 900), ("PT120M", 7200), ("PT2H", 7200)],
)
def test_durations_up_to_two_hours_are_taken(cloud: AlexaCloud, caller: Caller, duration: str, seconds: int) -> None:
    assert caller.call(cloud, "POST", TIMERS, a_timer(duration))[0] == 200
    assert cloud.next_due() == START + timedelta(seconds=seconds)


def test_the_label_goes_by_the_name_timer_label_only(cloud: AlexaCloud, caller: Caller) -> None:
    body = {**a_timer(label=UNLABELLED), "label": "heat pack"}

    for _ in range(2):  # Were the label taken, the second would be refused.
        status, made = caller.call(cloud, "POST", TIMERS, body)
        assert status == 200
        assert "timerLabel" not in made


def test_a_label_of_256_characters_is_not_too_long(cloud: AlexaCloud, caller: Caller) -> None:
    assert caller.call(cloud, "POST", TIMERS, a_timer(label="x" * 256))[0] == 200


def test_labels_are_unique_among_live_timers_only(cloud: AlexaCloud, clock: StandingClock, caller: Caller) -> None:
    _, first = caller.call(cloud, "POST", TIMERS, a_timer())
    assert caller.call(cloud, "POST", TIMERS, a_timer())[0] == 400

    # WHEN the first is deleted, or has ended THEN its label is free again
    caller.call(cloud, "DELETE", f"{TIMERS}/{first['id']}")
    assert caller.call(cloud, "POST", TIMERS, a_timer())[0] == 200
    clock.advance(minutes=15)
    assert caller.call(cloud, "POST", TIMERS, a_timer())[0] == 200


def test_more_timers_than_the_limit_are_refused(clock: StandingClock, caller: Caller) -> None:
    cloud = AlexaCloud(clock, timers="granted", timer_limit=2)
    cloud.session_open = True
    for label in ("one", "two"):
        assert caller.call(cloud, "POST", TIMERS, a_timer(label=label))[0] == 200

    status, error = caller.call(cloud, "POST", TIMERS, a_timer(label="three"))

    assert (status, error["code"]) == (403, "MAX_TIMERS_EXCEEDED")


def test_by_default_the_limit_is_25(cloud: AlexaCloud, caller: Caller) -> None:
    statuses = [caller.call(cloud, "POST", TIMERS, a_timer(label=f"timer {n}"))[0] for n in range(26)]

    assert statuses == [200] * 25 + [403]
