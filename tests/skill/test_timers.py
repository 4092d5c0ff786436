"""The Timers API as the skill sees it: through the SDK's own client, against a cloud that keeps Alexa's rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model.services import ApiConfiguration
from ask_sdk_model.services.service_client_factory import ServiceClientFactory

from simulator.alexa_cloud import AlexaCloud, Service
from simulator.clock import StandingClock
from skill.alexa.api_client import AlexaApiClient
from skill.alexa.device_settings import time_zone
from skill.alexa.timers import AlexaTimer, Reason, Timers, TimerTrouble


def services(cloud: AlexaCloud, read_seconds: float = 2.0, **configuration: Any) -> ServiceClientFactory:
    """The SDK's service clients, as the SDK makes them for a request."""
    client = AlexaApiClient(allow_loopback=True, read_seconds=read_seconds)
    client.begin_turn()
    given = {"api_endpoint": cloud.endpoint, "authorization_value": cloud.token} | configuration
    return ServiceClientFactory(ApiConfiguration(serializer=DefaultSerializer(), api_client=client, **given))


def timers(cloud: AlexaCloud, **configuration: Any) -> Timers:
    return Timers(services(cloud, **configuration), "en-US")


def trouble(do: Any, *arguments: Any) -> Reason:
    """The reason why a call did not do what was asked."""
    with pytest.raises(TimerTrouble) as caught:
        do(*arguments)
    return caught.value.reason


def started(cloud: AlexaCloud, label: str = "cold session") -> AlexaTimer:
    return timers(cloud).create(label, 900, "Fifteen minutes are up.")


# ---- When all goes well


def test_a_timer_is_made_as_asked_and_speaks_at_its_end(cloud: AlexaCloud, clock: StandingClock) -> None:
    made = started(cloud)
    assert (made.label, made.status, made.ends_at) == ("cold session", "ON", clock() + timedelta(minutes=15))
    assert made.remaining is None
    clock.advance(minutes=14, seconds=59)
    assert cloud.announcements == []
    clock.advance(seconds=1)
    assert cloud.announcements == ["Fifteen minutes are up."]


def test_a_timer_is_looked_at_paused_resumed_and_removed(cloud: AlexaCloud, clock: StandingClock) -> None:
    made, api = started(cloud), timers(cloud)
    clock.advance(minutes=5)
    api.pause(made.id)
    paused = api.look(made.id)
    assert (paused.status, paused.ends_at, paused.remaining) == ("PAUSED", None, "PT10M")
    clock.advance(minutes=30)
    api.resume(made.id)
    assert api.look(made.id).ends_at == clock() + timedelta(minutes=10)
    assert [timer.id for timer in api.all()] == [made.id]
    api.remove(made.id)
    assert api.all() == []


def test_removing_what_is_gone_is_done(cloud: AlexaCloud) -> None:
    made, api = started(cloud), timers(cloud)
    api.remove(made.id)
    api.remove(made.id)
    assert cloud.calls[-1].status == 404


def test_a_hidden_timer_is_made_hidden(cloud: AlexaCloud) -> None:
    timers(cloud).create("check", 300, "Look at your skin.", hidden=True)
    saved = cloud.as_dict()["timers"]
    assert saved[0]["request"]["creationBehavior"]["displayExperience"]["visibility"] == "HIDDEN"


# ---- What goes wrong, and what it means


@pytest.mark.parametrize(
    ("status", "code", "when_made", "when_looked_at"),
    [
        (400, "BAD_REQUEST", "duplicate", "unavailable"),
        (401, "UNAUTHORIZED", "permission", "permission"),
        (403, "FORBIDDEN", "permission", "permission"),
        # The SDK reads the code of a 403 only where a timer is made.
        (403, "MAX_TIMERS_EXCEEDED", "too_many", "permission"),
        (403, "DEVICE_NOT_SUPPORTED", "unsupported", "permission"),
        (403, "UNSUPPORTED_LOCALE", "unsupported", "permission"),
        (404, "NOT_FOUND", "permission", "gone"),
        (429, "TOO_MANY_REQUESTS", "unavailable", "unavailable"),
        (500, "INTERNAL_ERROR", "unavailable", "unavailable"),
        (503, "SERVICE_UNAVAILABLE", "unavailable", "unavailable"),
        (504, "DEVICE_OFFLINE", "offline", "offline"),
    ],
)
def test_every_refusal_has_its_reason(
    cloud: AlexaCloud, status: int, code: str, when_made: Reason, when_looked_at: Reason
) -> None:
    made, api = started(cloud), timers(cloud)
    cloud.fail("timers", status=status, code=code, times=4)
    assert trouble(api.create, "another", 900, "Time is up.") == when_made
    assert trouble(api.look, made.id) == when_looked_at
    assert trouble(api.all) == when_looked_at
    assert trouble(api.pause, made.id) == when_looked_at
    # Nothing was tried twice.
    assert [call.status for call in cloud.calls[-4:]] == [status] * 4


@pytest.mark.parametrize("how", ["empty", "html"])
@pytest.mark.parametrize(
    ("status", "when_made", "when_looked_at"),
    [
        (401, "permission", "permission"),
        (403, "permission", "permission"),
        (404, "permission", "gone"),
        (429, "unavailable", "unavailable"),
        (500, "unavailable", "unavailable"),
        (504, "offline", "offline"),
    ],
)
def test_a_refusal_without_a_json_body_has_the_same_reason(
    cloud: AlexaCloud, how: Any, status: int, when_made: Reason, when_looked_at: Reason
) -> None:
    made, api = started(cloud), timers(cloud)
    cloud.fail("timers", status=status, how=how, times=2)
    assert trouble(api.create, "another", 900, "Time is up.") == when_made
    assert trouble(api.look, made.id) == when_looked_at


@pytest.mark.parametrize("how", ["slow", "dropped"])
def test_no_answer_is_unavailable(cloud: AlexaCloud, how: Any) -> None:
    api = timers(cloud, read_seconds=0.05)
    cloud.fail("timers", how=how, times=2)
    assert trouble(api.create, "cold session", 900, "Time is up.") == "unavailable"


@pytest.mark.parametrize(
    "body",
    [
        '{"id": "1", "status": "SNOOZED", "timerLabel": "cold session"}',
        '{"id": "1", "status": "ON", "triggerTime": "soon"}',
        '{"id": "1", "status": 7}',
        "[]",
        '"ON"',
        "7",
        "null",
        "not json",
        "<html></html>",
    ],
)
def test_a_success_in_a_shape_that_nobody_documented_is_unavailable(cloud: AlexaCloud, body: str) -> None:
    made, api = started(cloud), timers(cloud)
    cloud.fail("timers", status=200, body=body)
    assert trouble(api.look, made.id) == "unavailable"


@pytest.mark.parametrize("code", ["7", "null", '["MAX_TIMERS_EXCEEDED"]', '{"a": 1}'])
def test_an_error_code_that_is_no_text_does_no_harm(cloud: AlexaCloud, code: str) -> None:
    api = timers(cloud)
    cloud.fail("timers", status=403, body=f'{{"code": {code}, "message": "x"}}')
    assert trouble(api.all) in ("permission", "unavailable")


@pytest.mark.parametrize(
    ("configuration", "reason"),
    [
        ({"authorization_value": None}, "unavailable"),
        ({"authorization_value": "a token of yesterday"}, "permission"),
        ({"api_endpoint": None}, "unavailable"),
        ({"api_endpoint": ""}, "unavailable"),
        ({"api_endpoint": "https://evil.example"}, "unavailable"),
        ({"api_endpoint": "http://127.0.0.1:1"}, "unavailable"),
    ],
)
def test_an_envelope_without_a_way_to_the_api_is_no_dead_end(
    cloud: AlexaCloud, configuration: dict[str, Any], reason: Reason
) -> None:
    assert trouble(timers(cloud, **configuration).create, "cold session", 900, "Time is up.") == reason
    assert cloud.calls == []


def test_without_service_clients_timers_are_unavailable() -> None:
    assert trouble(Timers(None, "en-US").all) == "unavailable"


@pytest.mark.parametrize(
    ("consent", "reason"), [("not_asked", "permission"), ("denied", "permission"), ("unsupported", "unsupported")]
)
def test_what_the_person_and_the_device_allow_decides(cloud: AlexaCloud, consent: Any, reason: Reason) -> None:
    cloud.consent = consent
    assert trouble(timers(cloud).create, "cold session", 900, "Time is up.") == reason


def test_a_label_that_is_taken_is_a_duplicate(cloud: AlexaCloud) -> None:
    started(cloud)
    assert trouble(started, cloud) == "duplicate"


def test_too_many_timers_are_told_apart(clock: StandingClock) -> None:
    cloud = AlexaCloud(clock, timers="granted", timer_limit=1)
    cloud.session_open = True
    started(cloud)
    assert trouble(started, cloud, "heat session") == "too_many"


# ---- The device's time zone, by the same way


def test_the_time_zone_is_the_devices(cloud: AlexaCloud) -> None:
    cloud.time_zone = "Australia/Perth"
    assert str(time_zone(services(cloud), "device")) == "Australia/Perth"


@pytest.mark.parametrize("name", ["Nowhere/Atlantis", "", "../../etc/passwd", "\x00"])
def test_a_time_zone_that_is_none_is_none(cloud: AlexaCloud, name: str) -> None:
    cloud.time_zone = name
    assert time_zone(services(cloud), "device") is None


@pytest.mark.parametrize(
    ("status", "how"), [(401, "status"), (500, "empty"), (204, "empty"), (500, "slow"), (500, "dropped")]
)
def test_without_a_time_zone_it_goes_on(cloud: AlexaCloud, status: int, how: Any) -> None:
    service: Service = "settings"
    cloud.fail(service, status=status, how=how, times=2)
    assert time_zone(services(cloud, read_seconds=0.05), "device") is None
    assert time_zone(services(cloud), "") is None
    assert time_zone(None, "device") is None
