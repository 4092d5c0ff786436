"""Who may call Alexa's cloud, and that the ask-sdk's own clients can."""

from __future__ import annotations

import gc
import json
from datetime import timedelta
from typing import Any

import pytest
import urllib3
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model.services.api_client import ApiClient
from ask_sdk_model.services.api_client_response import ApiClientResponse
from ask_sdk_model.services.api_configuration import ApiConfiguration
from ask_sdk_model.services.directive.header import Header
from ask_sdk_model.services.directive.send_directive_request import SendDirectiveRequest
from ask_sdk_model.services.directive.speak_directive import SpeakDirective
from ask_sdk_model.services.service_client_factory import ServiceClientFactory
from ask_sdk_model.services.service_exception import ServiceException
from ask_sdk_model.services.timer_management.announce_operation import AnnounceOperation
from ask_sdk_model.services.timer_management.creation_behavior import CreationBehavior
from ask_sdk_model.services.timer_management.display_experience import DisplayExperience
from ask_sdk_model.services.timer_management.notification_config import NotificationConfig
from ask_sdk_model.services.timer_management.status import Status
from ask_sdk_model.services.timer_management.text_to_announce import TextToAnnounce
from ask_sdk_model.services.timer_management.timer_request import TimerRequest
from ask_sdk_model.services.timer_management.triggering_behavior import TriggeringBehavior
from ask_sdk_model.services.timer_management.visibility import Visibility

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import START, StandingClock
from tests.simulator.cloud_calls import (
    DIRECTIVES,
    TIME_ZONE,
    TIMERS,
    Caller,
    a_timer,
)


class SkillApiClient(ApiClient):  # type: ignore[misc]
    """What the ask-sdk needs beneath its service clients."""

    def __init__(self, pool: urllib3.PoolManager) -> None:
        self._pool = pool

    def invoke(self, request: Any) -> ApiClientResponse:
        body = json.dumps(request.body).encode() if request.body is not None else None
        reply = self._pool.request(request.method, request.url, body=body, headers=dict(request.headers))
        return ApiClientResponse(
            headers=list(reply.headers.items()), status_code=reply.status, body=reply.data.decode()
        )


@pytest.fixture
def skill(cloud: AlexaCloud, caller: Caller) -> ServiceClientFactory:
    """The ask-sdk's service clients, as a skill's handlers get them."""
    return ServiceClientFactory(
        ApiConfiguration(
            serializer=DefaultSerializer(),
            api_client=SkillApiClient(caller.pool),
            api_endpoint=cloud.endpoint,
            authorization_value=cloud.token,
        )
    )


# The ask-sdk's own clients


def test_a_timers_life_through_the_ask_sdk(
    cloud: AlexaCloud, clock: StandingClock, skill: ServiceClientFactory
) -> None:
    timers: Any = skill.get_timer_management_service()
    request = TimerRequest(
        duration="PT15M",
        timer_label="heat pack",
        creation_behavior=CreationBehavior(display_experience=DisplayExperience(visibility=Visibility.HIDDEN)),
        triggering_behavior=TriggeringBehavior(
            operation=AnnounceOperation(text_to_announce=[TextToAnnounce(locale="en-US", text="Take it off.")]),
            notification_config=NotificationConfig(play_audible=False),
        ),
    )

    made = timers.create_timer(request)
    assert (made.status, made.duration, made.timer_label) == (Status.ON, "PT15M", "heat pack")
    assert made.trigger_time == START + timedelta(minutes=15)

    clock.advance(minutes=5)
    timers.pause_timer(made.id)
    paused = timers.get_timer(made.id)
    assert (paused.status, paused.remaining_time_when_paused, paused.trigger_time) == (Status.PAUSED, "PT10M", None)

    clock.advance(hours=1)
    timers.resume_timer(made.id)
    assert timers.get_timers().total_count == 1
    assert timers.get_timers().timers[0].trigger_time == START + timedelta(hours=1, minutes=15)

    timers.delete_timer(made.id)
    timers.delete_timers()
    assert timers.get_timers().timers == []
    with pytest.raises(ServiceException) as refused:
        timers.get_timer(made.id)
    error: Any = refused.value
    assert (error.status_code, error.body.code) == (404, "NOT_FOUND")


def test_time_zone_and_progressive_response_through_the_ask_sdk(cloud: AlexaCloud, skill: ServiceClientFactory) -> None:
    cloud.time_zone = "Europe/London"
    assert skill.get_ups_service().get_system_time_zone("device-1") == "Europe/London"

    skill.get_directive_service().enqueue(
        SendDirectiveRequest(header=Header(request_id="request-1"), directive=SpeakDirective(speech="One moment."))
    )
    assert cloud.progressive == ["One moment."]


# Who may call


@pytest.mark.parametrize("token", ["", "nonsense"])
@pytest.mark.parametrize("path", [TIMERS, TIME_ZONE, DIRECTIVES])
def test_without_a_valid_token_nothing_is_answered(cloud: AlexaCloud, caller: Caller, token: str, path: str) -> None:
    status, body = caller.call(cloud, "GET", path, token=token)

    assert (status, body["code"]) == (401, "UNAUTHORIZED")
    assert cloud.calls == []


@pytest.mark.parametrize("consent", ["not_asked", "denied"])
def test_timers_without_consent_are_unauthorized(clock: StandingClock, caller: Caller, consent: Any) -> None:
    cloud = AlexaCloud(clock, timers=consent)
    cloud.session_open = True

    assert caller.call(cloud, "GET", TIMERS)[0] == 401
    status, body = caller.call(cloud, "POST", TIMERS, a_timer())
    assert (status, body["code"]) == (401, "UNAUTHORIZED")
    assert cloud.timers == []


def test_a_device_without_timers_is_forbidden_to_have_one(clock: StandingClock, caller: Caller) -> None:
    cloud = AlexaCloud(clock, timers="unsupported")
    cloud.session_open = True

    status, body = caller.call(cloud, "POST", TIMERS, a_timer())
    assert (status, body["code"]) == (403, "DEVICE_NOT_SUPPORTED")


def test_outside_a_session_timers_can_be_read_and_deleted_only(cloud: AlexaCloud, caller: Caller) -> None:
    _, made = caller.call(cloud, "POST", TIMERS, a_timer())
    cloud.session_open = False

    for path in (TIMERS, f"{TIMERS}/{made['id']}/pause", f"{TIMERS}/{made['id']}/resume"):
        status, body = caller.call(cloud, "POST", path, a_timer(label="another"))
        assert (status, body["code"]) == (403, "FORBIDDEN")
    assert caller.call(cloud, "GET", f"{TIMERS}/{made['id']}")[0] == 200
    assert caller.call(cloud, "DELETE", f"{TIMERS}/{made['id']}")[0] == 200


def test_worlds_share_a_server_and_nothing_else(cloud: AlexaCloud, clock: StandingClock, caller: Caller) -> None:
    other = AlexaCloud(clock, timers="granted")

    caller.call(cloud, "POST", TIMERS, a_timer())

    assert other.endpoint == cloud.endpoint
    assert other.token != cloud.token
    assert caller.call(other, "GET", TIMERS) == (200, {"totalCount": 0, "timers": []})
    assert [call.method for call in cloud.calls] == ["POST"]


def test_a_world_nobody_holds_any_more_is_forgotten(clock: StandingClock, cloud: AlexaCloud, caller: Caller) -> None:
    token = AlexaCloud(clock, timers="granted").token
    gc.collect()

    assert caller.call(cloud, "GET", TIMERS, token=token)[0] == 401
