"""A timer in Alexa's cloud from its start to its end: changed, listed, ringing, and changed from elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import START, RunningClock, StandingClock
from simulator.timers_world import RefusedError

# Changing and listing timers
from tests.simulator.cloud_calls import (
    OPERATION,
    TEXTS,
    TIMERS,
    UNLABELLED,
    Caller,
    a_ringing_timer,
    a_timer,
    changed,
)


def test_only_a_running_timer_can_be_paused_and_only_a_paused_one_resumed(cloud: AlexaCloud, caller: Caller) -> None:
    _, made = caller.call(cloud, "POST", TIMERS, a_timer())
    pause, resume = f"{TIMERS}/{made['id']}/pause", f"{TIMERS}/{made['id']}/resume"

    status, error = caller.call(cloud, "POST", resume)
    assert (status, error["code"]) == (400, "TIMER_IS_NOT_PAUSED")

    assert caller.call(cloud, "POST", pause) == (200, None)
    status, error = caller.call(cloud, "POST", pause)
    assert (status, error["code"]) == (400, "TIMER_ALREADY_PAUSED")


def test_what_is_shown_of_a_paused_timer(cloud: AlexaCloud, clock: StandingClock, caller: Caller) -> None:
    _, made = caller.call(cloud, "POST", TIMERS, a_timer("PT1H15M"))
    clock.advance(minutes=14, seconds=29.5)

    caller.call(cloud, "POST", f"{TIMERS}/{made['id']}/pause")
    clock.advance(hours=3)

    (paused,) = cloud.timers
    assert (paused["status"], paused["remainingTimeWhenPaused"]) == ("PAUSED", "PT1H31S")
    assert paused["updatedTime"] == "2026-03-02T09:14:29Z"
    assert "triggerTime" not in paused
    assert cloud.next_due() is None

    caller.call(cloud, "POST", f"{TIMERS}/{made['id']}/resume")
    (resumed,) = cloud.timers
    assert (resumed["status"], resumed["triggerTime"]) == ("ON", "2026-03-02T13:15:00Z")
    assert "remainingTimeWhenPaused" not in resumed


def test_the_list_has_the_least_time_left_first(cloud: AlexaCloud, clock: StandingClock, caller: Caller) -> None:
    ids = {}
    for label, duration in (("long", "PT1H"), ("short", "PT10M"), ("middle", "PT20M")):
        ids[label] = caller.call(cloud, "POST", TIMERS, a_timer(duration, label))[1]["id"]
    caller.call(cloud, "POST", f"{TIMERS}/{ids['short']}/pause")
    clock.advance(minutes=15)

    status, listed = caller.call(cloud, "GET", TIMERS)

    # "middle" has five minutes left by now, the paused "short" still its ten.
    assert (status, listed["totalCount"]) == (200, 3)
    assert [timer["timerLabel"] for timer in listed["timers"]] == ["middle", "short", "long"]
    assert listed["timers"] == cloud.timers


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/x"), ("DELETE", "/x"), ("POST", "/x/pause"), ("POST", "/x/resume"), ("GET", "/%2e%2e"), ("GET", "/")],
)
def test_an_unknown_id_is_not_found(cloud: AlexaCloud, caller: Caller, method: str, path: str) -> None:
    status, error = caller.call(cloud, method, TIMERS + path)

    assert (status, error["code"]) == (404, "NOT_FOUND")


def test_all_timers_can_be_deleted_at_once(cloud: AlexaCloud, clock: StandingClock, caller: Caller) -> None:
    for label in ("one", "two"):
        caller.call(cloud, "POST", TIMERS, a_timer(label=label))

    assert caller.call(cloud, "DELETE", TIMERS) == (200, None)

    clock.advance(hours=1)
    assert (cloud.timers, cloud.announcements) == ([], [])


# What happens when a timer ends


def test_a_timer_speaks_when_it_ends_and_is_gone(cloud: AlexaCloud, clock: StandingClock, caller: Caller) -> None:
    _, made = caller.call(cloud, "POST", TIMERS, a_timer())

    clock.advance(minutes=14, seconds=59)
    assert cloud.ring_due() == []
    clock.advance(seconds=1)
    assert caller.call(cloud, "GET", TIMERS) == (200, {"totalCount": 0, "timers": []})
    assert caller.call(cloud, "GET", f"{TIMERS}/{made['id']}")[0] == 404
    assert caller.call(cloud, "POST", f"{TIMERS}/{made['id']}/pause")[0] == 404

    # A call of the skill came before anyone asked what is due: it is still news, once.
    assert cloud.ring_due() == ["Take it off."]
    assert cloud.ring_due() == []
    assert cloud.announcements == ["Take it off."]


def test_timers_that_end_in_one_move_of_the_clock_speak_in_order(
    cloud: AlexaCloud, clock: StandingClock, caller: Caller
) -> None:
    for label, duration in (("end", "PT15M"), ("skin check", "PT5M"), ("half-way", "PT7M30S"), ("also", "PT5M")):
        caller.call(cloud, "POST", TIMERS, a_timer(duration, label, text=label))
    assert cloud.next_due() == START + timedelta(minutes=5)

    clock.advance(hours=1)

    assert cloud.announcements == ["skin check", "also", "half-way", "end"]


def test_a_watched_clock_rings_by_itself(cloud: AlexaCloud, clock: StandingClock, caller: Caller) -> None:
    heard: list[str] = []
    clock.on_move(lambda now: heard.extend(cloud.ring_due(now)))
    caller.call(cloud, "POST", TIMERS, a_timer())

    clock.advance(minutes=10)
    assert heard == []
    clock.advance(minutes=10)
    assert heard == ["Take it off."]


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-US", "color"), ("en-GB", "colour"), ("de-DE", "color")],
    ids=["first", "second", "none of them: the first"],
)
def test_the_text_for_the_worlds_locale_is_spoken(
    cloud: AlexaCloud, clock: StandingClock, caller: Caller, locale: str, words: str
) -> None:
    texts = [{"locale": "en-US", "text": "color"}, {"locale": "en-GB", "text": "colour"}]
    cloud.locale = locale
    caller.call(cloud, "POST", TIMERS, changed(TEXTS, texts))

    clock.advance(minutes=15)

    assert cloud.announcements == [words]


def test_an_audible_announcement_waits_until_the_ring_is_stopped(
    cloud: AlexaCloud, clock: StandingClock, caller: Caller
) -> None:
    caller.call(cloud, "POST", TIMERS, changed("triggeringBehavior.notificationConfig.playAudible", True))
    clock.advance(minutes=20)

    assert cloud.ring_due() == ["Your heat pack timer is done."]
    assert [(timer["timerLabel"], timer["status"]) for timer in cloud.ringing] == [("heat pack", "OFF")]
    assert cloud.timers == []

    assert cloud.stop_ringing() == ["Take it off."]
    assert cloud.ringing == []


def test_a_timer_rings_for_an_hour_at_most(cloud: AlexaCloud, clock: StandingClock, caller: Caller) -> None:
    caller.call(cloud, "POST", TIMERS, a_ringing_timer(label=UNLABELLED))

    clock.advance(minutes=15 + 59)
    assert len(cloud.ringing) == 1
    clock.advance(minutes=1)
    assert cloud.ringing == []
    assert cloud.announcements == []


def test_a_task_timer_asks_its_question(cloud: AlexaCloud, clock: StandingClock, caller: Caller) -> None:
    operation = {
        "type": "LAUNCH_TASK",
        "textToConfirm": [{"locale": "en-US", "text": "Would you like to {continueWithSkillName}?"}],
        "task": {"name": "amzn1.ask.skill.1.Stretch", "version": "1"},
    }
    assert caller.call(cloud, "POST", TIMERS, changed(OPERATION, operation))[0] == 200

    clock.advance(minutes=15)

    assert cloud.announcements == ["Would you like to continue with Hip Coach?"]


def test_timers_end_by_a_running_clock_too(caller: Caller) -> None:
    cloud = AlexaCloud(RunningClock(speed=1e9), timers="granted")
    cloud.session_open = True
    caller.call(cloud, "POST", TIMERS, a_timer())

    # A billion seconds a second: the next call comes long after the quarter of an hour.
    assert caller.call(cloud, "GET", TIMERS)[1]["timers"] == []
    assert cloud.announcements == ["Take it off."]


# Edits from elsewhere


def test_the_person_can_change_timers_without_the_skill(
    cloud: AlexaCloud, clock: StandingClock, caller: Caller
) -> None:
    _, made = caller.call(cloud, "POST", TIMERS, a_timer())
    calls = len(cloud.calls)

    cloud.pause_timer_elsewhere("heat pack")
    assert cloud.timers[0]["status"] == "PAUSED"
    with pytest.raises(RefusedError, match="TIMER_ALREADY_PAUSED"):
        cloud.pause_timer_elsewhere("heat pack")
    cloud.resume_timer_elsewhere(made["id"])
    assert cloud.timers[0]["status"] == "ON"
    cloud.delete_timer_elsewhere("heat pack")
    assert cloud.timers == []
    with pytest.raises(RefusedError, match="NOT_FOUND"):
        cloud.delete_timer_elsewhere("heat pack")

    assert len(cloud.calls) == calls
    assert caller.call(cloud, "POST", f"{TIMERS}/{made['id']}/pause")[0] == 404
