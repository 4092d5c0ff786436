"""The fake of Alexa's cloud keeps the documented rules, over real HTTP, as a skill meets them."""

from __future__ import annotations

import copy
import gc
import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

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

from simulator.alexa_cloud import AlexaCloud, Call
from simulator.clock import START, RunningClock, StandingClock
from simulator.timers_world import RefusedError
from simulator.voice_permission import REMINDERS_SCOPE, TIMERS_SCOPE

Json = dict[str, Any]
TIMERS = "/v1/alerts/timers"
TIME_ZONE = "/v2/devices/device-1/settings/System.timeZone"
DIRECTIVES = "/v1/directives"
UNLABELLED = object()


class Caller:
    """A skill's HTTP side: one kept connection, no retries, no redirects."""

    def __init__(self) -> None:
        self.pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(5.0))

    def call(
        self, cloud: AlexaCloud, method: str, path: str, body: object = None, *, token: str | None = None
    ) -> tuple[int, Any]:
        """Status and parsed body of one call; raw bytes, and `None` for no body, are passed as they are."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        reply = self.pool.request(
            method,
            cloud.endpoint + path,
            body=data,
            headers={"Authorization": f"Bearer {cloud.token if token is None else token}"},
        )
        return reply.status, json.loads(reply.data) if reply.data else None


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
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def cloud(clock: StandingClock) -> AlexaCloud:
    """Someone who allows timers, in the middle of a session."""
    cloud = AlexaCloud(clock, timers="granted")
    cloud.session_open = True
    return cloud


@pytest.fixture
def caller() -> Iterator[Caller]:
    caller = Caller()
    yield caller
    caller.pool.clear()


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


def a_timer(duration: str = "PT15M", label: object = "heat pack", text: str = "Take it off.") -> Json:
    """An ANNOUNCE timer that speaks at once, as in the Timers REST API Reference."""
    body: Json = {
        "duration": duration,
        "creationBehavior": {"displayExperience": {"visibility": "VISIBLE"}},
        "triggeringBehavior": {
            "operation": {"type": "ANNOUNCE", "textToAnnounce": [{"locale": "en-US", "text": text}]},
            "notificationConfig": {"playAudible": False},
        },
    }
    return body if label is UNLABELLED else {**body, "timerLabel": label}


def a_ringing_timer(**members: Any) -> Json:
    body = a_timer(**members)
    body["triggeringBehavior"] = {"operation": {"type": "NOTIFY_ONLY"}, "notificationConfig": {"playAudible": True}}
    return body


def changed(path: str, value: object = None, *, base: Json | None = None) -> Json:
    """A sound request with one member, named by its dotted path, set to something else; None takes it out."""
    body = copy.deepcopy(base or a_timer())
    *parents, name = path.split(".")
    holder = body
    for parent in parents:
        holder = holder[parent]
    if value is None:
        del holder[name]
    else:
        holder[name] = value
    return body


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


# Making timers


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


OPERATION = "triggeringBehavior.operation"
TEXTS = f"{OPERATION}.textToAnnounce"


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


# Changing and listing timers


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


# Other services


def test_the_time_zone_is_a_json_string(cloud: AlexaCloud, caller: Caller) -> None:
    assert caller.call(cloud, "GET", TIME_ZONE) == (200, "America/New_York")


@pytest.mark.parametrize(
    "body",
    [None, b"nonsense", [], {}, {"header": {"requestId": "r"}}]
    + [
        {"header": {"requestId": "r"}, "directive": {"type": "VoicePlayer.Speak", "speech": speech}}
        for speech in ("", 7)
    ]
    + [{"header": {}, "directive": {"type": "VoicePlayer.Speak", "speech": "Hello"}}],
)
def test_a_malformed_progressive_response_is_refused(cloud: AlexaCloud, caller: Caller, body: object) -> None:
    assert caller.call(cloud, "POST", DIRECTIVES, body)[0] == 400
    assert cloud.progressive == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/alerts/alarms"),
        ("PUT", TIMERS),
        ("PATCH", f"{TIMERS}/x"),
        ("POST", TIME_ZONE),
        ("GET", DIRECTIVES),
        ("GET", "/v2/devices/d/settings/System.unknown"),
        ("GET", "//["),
    ],
)
def test_what_is_not_served_is_not_found(cloud: AlexaCloud, caller: Caller, method: str, path: str) -> None:
    status, error = caller.call(cloud, method, path)

    assert (status, error["code"]) == (404, "NOT_FOUND")


# Calls, connections and faults


def test_every_call_is_recorded(cloud: AlexaCloud, caller: Caller) -> None:
    caller.call(cloud, "GET", TIMERS)
    caller.call(cloud, "POST", TIMERS, {})

    assert cloud.calls == [Call("GET", TIMERS, 200), Call("POST", TIMERS, 400)]


def test_a_connection_is_kept_whatever_the_answers_are(cloud: AlexaCloud, caller: Caller) -> None:
    for body in (a_timer(), a_timer(), b"\0" * 300_000, None):
        caller.call(cloud, "POST", TIMERS, body)
    caller.call(cloud, "DELETE", TIMERS)

    pool = caller.pool.connection_from_url(cloud.endpoint)
    assert (pool.num_connections, pool.num_requests) == (1, 5)


@pytest.mark.parametrize("header", ["Content-Length: -1", "Content-Length: x", "Transfer-Encoding: chunked"])
def test_a_body_of_unclear_length_ends_the_connection(cloud: AlexaCloud, header: str) -> None:
    address = urlsplit(cloud.endpoint)
    request = f"POST {TIMERS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {cloud.token}\r\n{header}\r\n\r\n"

    with socket.create_connection((address.hostname, address.port or 0), timeout=5) as connection:
        connection.sendall(request.encode())
        reply = b"".join(iter(lambda: connection.recv(4096), b""))

    assert reply.startswith(b"HTTP/1.1 400 ")
    assert b"Connection: close" in reply


def test_many_callers_at_once_lose_nothing(cloud: AlexaCloud) -> None:
    def make(number: int) -> None:
        caller = Caller()
        caller.call(cloud, "POST", TIMERS, a_timer(label=f"timer {number}"))
        caller.pool.clear()

    threads = [threading.Thread(target=make, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(cloud.timers) == len(cloud.calls) == 20


@pytest.mark.parametrize(
    ("status", "code"), [(401, "UNAUTHORIZED"), (429, "TOO_MANY_REQUESTS"), (503, "SERVICE_UNAVAILABLE")]
)
def test_a_failing_service_sends_an_error_body_and_does_nothing(
    cloud: AlexaCloud, caller: Caller, status: int, code: str
) -> None:
    cloud.fail("timers", status=status, times=2)

    for _ in range(2):
        failed, error = caller.call(cloud, "POST", TIMERS, a_timer())
        assert (failed, error["code"]) == (status, code)
        assert cloud.timers == []
    assert caller.call(cloud, "POST", TIMERS, a_timer())[0] == 200
    assert [call.status for call in cloud.calls] == [status, status, 200]


def test_faults_follow_each_other_and_leave_other_services_alone(cloud: AlexaCloud, caller: Caller) -> None:
    cloud.fail("timers", status=504)
    cloud.fail("timers", status=403, code="MAX_TIMERS_EXCEEDED")
    cloud.fail("directives", status=403)
    cloud.fail("settings", status=500)

    assert caller.call(cloud, "GET", TIMERS)[0] == 504
    assert caller.call(cloud, "GET", TIMERS)[1]["code"] == "MAX_TIMERS_EXCEEDED"
    assert caller.call(cloud, "GET", TIMERS)[0] == 200
    assert caller.call(cloud, "POST", DIRECTIVES, {})[0] == 403
    assert caller.call(cloud, "GET", TIME_ZONE)[0] == 500
    assert caller.call(cloud, "GET", TIME_ZONE)[0] == 200


def test_odd_bodies_of_failures(cloud: AlexaCloud, caller: Caller) -> None:
    cloud.fail("timers", status=401, how="empty")
    cloud.fail("timers", status=502, how="html")
    cloud.fail("timers", status=200, body="half a {")
    headers = {"Authorization": f"Bearer {cloud.token}"}

    empty, html, broken = (caller.pool.request("GET", cloud.endpoint + TIMERS, headers=headers) for _ in range(3))

    assert (empty.status, empty.data) == (401, b"")
    assert (html.status, html.headers["Content-Type"]) == (502, "text/html")
    assert html.data.startswith(b"<html>")
    assert (broken.status, broken.data) == (200, b"half a {")


def test_a_dropped_call_gets_no_answer(cloud: AlexaCloud, caller: Caller) -> None:
    cloud.fail("timers", how="dropped")

    with pytest.raises(urllib3.exceptions.ProtocolError):
        caller.call(cloud, "GET", TIMERS)
    assert cloud.calls == [Call("GET", TIMERS, None)]
    assert caller.call(cloud, "GET", TIMERS)[0] == 200


def test_a_slow_call_is_held_until_the_caller_gives_up(cloud: AlexaCloud, caller: Caller) -> None:
    cloud.fail("timers", how="slow")
    headers = {"Authorization": f"Bearer {cloud.token}"}

    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        caller.pool.request("GET", cloud.endpoint + TIMERS, headers=headers, timeout=0.1)
    assert cloud.calls == [Call("GET", TIMERS, None)]
    assert caller.call(cloud, "GET", TIMERS)[0] == 200


@pytest.mark.parametrize(
    "order", [{"service": "weather"}, {"how": "sideways"}, {"times": 0}, {"status": 99}, {"status": 600}]
)
def test_a_fault_that_cannot_be_is_refused(cloud: AlexaCloud, order: Json) -> None:
    with pytest.raises(ValueError, match=r"none of|cannot fail"):
        cloud.fail(**{"service": "timers", **order})


# Permission by voice


def ask_for(scope: str = TIMERS_SCOPE, version: str = "1") -> Json:
    payload: Json = {"@type": "AskForPermissionsConsentRequest", "@version": version}
    if version == "1":
        payload["permissionScope"] = scope
    else:
        payload["permissionScopes"] = [{"permissionScope": scope, "consentLevel": "ACCOUNT"}]
    return {"type": "Connections.SendRequest", "name": "AskFor", "payload": payload, "token": "heat:PT15M"}


def test_the_fixed_question_names_the_skill(clock: StandingClock) -> None:
    question = AlexaCloud(clock, skill_name="Knee Coach").permission_question(ask_for())

    assert question == "Do you give Knee Coach permission to update your timers? You can say I approve or no."


@pytest.mark.parametrize(
    ("answer", "status", "card", "consent"),
    [
        ("yes", "ACCEPTED", False, "granted"),
        ("no", "DENIED", False, "denied"),
        ("silence", "NOT_ANSWERED", True, "not_asked"),
    ],
)
def test_answers_to_the_permission_question(
    clock: StandingClock, answer: Any, status: str, card: bool, consent: str
) -> None:
    cloud = AlexaCloud(clock)
    assert cloud.ask_permission(ask_for()) is None  # Nobody has answered yet.

    cloud.answer_permission(answer)

    assert cloud.ask_permission(ask_for()) == {
        "type": "Connections.Response",
        "name": "AskFor",
        "status": {"code": "200", "message": "OK"},
        "token": "heat:PT15M",
        "payload": {"permissionScope": TIMERS_SCOPE, "status": status, "isCardThrown": card},
    }
    assert cloud.consent == consent
    assert cloud.ask_permission(ask_for()) is None  # One answer, one question.


def test_version_2_of_the_question(clock: StandingClock) -> None:
    cloud = AlexaCloud(clock)
    cloud.answer_permission("yes")

    response = cloud.ask_permission(ask_for(version="2"))

    assert response is not None
    assert response["payload"] == {
        "status": "ACCEPTED",
        "isCardThrown": False,
        "permissionScopes": [{"permissionScope": TIMERS_SCOPE, "consentLevel": "ACCOUNT", "status": "ACCEPTED"}],
    }
    assert cloud.consent == "granted"


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_scope_that_the_manifest_lacks_is_not_asked_for(clock: StandingClock, version: str) -> None:
    cloud = AlexaCloud(clock, manifest_scopes=[REMINDERS_SCOPE])
    cloud.answer_permission("yes")

    response = cloud.ask_permission(ask_for(version=version))

    assert response is not None
    assert (response["status"]["code"], response["payload"]) == ("400", None)
    assert cloud.consent == "not_asked"
    # The person was not asked, so the answer is still to be given.
    assert cloud.ask_permission(ask_for(REMINDERS_SCOPE, version)) is not None


@pytest.mark.parametrize(
    "payload",
    [None, {}, "timers", {"@type": "AskForPermissionsConsentRequest", "@version": "2", "permissionScopes": [7]}],
)
def test_a_malformed_question_is_a_bad_request(clock: StandingClock, payload: object) -> None:
    response = AlexaCloud(clock).ask_permission({**ask_for(), "payload": payload})

    assert response is not None
    assert (response["status"]["code"], response["payload"]) == ("400", None)


def test_another_directive_is_no_permission_question(cloud: AlexaCloud) -> None:
    with pytest.raises(ValueError, match="AskFor"):
        cloud.ask_permission({**ask_for(), "name": "Buy"})


def test_permission_for_reminders_is_apart_from_that_for_timers(clock: StandingClock) -> None:
    cloud = AlexaCloud(clock)
    cloud.answer_permission("yes")

    cloud.ask_permission(ask_for(REMINDERS_SCOPE))

    assert (cloud.reminders_consent, cloud.consent) == ("granted", "not_asked")


def test_a_permission_gives_a_device_no_timers(clock: StandingClock, caller: Caller) -> None:
    cloud = AlexaCloud(clock, timers="unsupported")
    cloud.answer_permission("yes")

    response = cloud.ask_permission(ask_for())

    assert response is not None
    assert response["payload"]["status"] == "ACCEPTED"
    assert caller.call(cloud, "GET", TIMERS)[0] == 403


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
