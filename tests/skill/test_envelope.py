"""Safe reading of envelopes: what Alexa sends comes through, and whatever else arrives, the SDK can read the copy."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa.envelope import KNOWN_REQUESTS, application_id, request_type, safe_envelope
from tests.skill.envelopes import Envelope, brief, envelope, sdk_reads, with_slot

# ---- What comes through


def test_what_the_skill_reads_comes_through() -> None:
    event = with_slot(
        {
            "name": "modality",
            "value": "hot pack",
            "confirmationStatus": "NONE",
            "source": "USER",
            "resolutions": {
                "resolutionsPerAuthority": [
                    {
                        "authority": "amzn1.er-authority.x.Modality",
                        "status": {"code": "ER_SUCCESS_MATCH"},
                        "values": [{"value": {"name": "heat", "id": "heat"}}],
                    }
                ]
            },
        }
    )
    event["session"]["attributes"] = {"version": 1, "speech": "Hello"}
    read = sdk_reads(event)
    system = event["context"]["System"]
    assert read.request.request_id == event["request"]["requestId"]
    assert read.request.locale == "en-US"
    assert read.context.system.user.user_id == system["user"]["userId"]
    assert read.context.system.device.device_id == system["device"]["deviceId"]
    assert read.context.system.device.supported_interfaces.alexa_presentation_apl is not None
    assert read.context.system.device.supported_interfaces.audio_player is not None
    assert read.context.system.api_access_token == system["apiAccessToken"]
    assert read.session.attributes == {"version": 1, "speech": "Hello"}
    slot = read.request.intent.slots["modality"]
    assert slot.value == "hot pack"
    assert slot.resolutions.resolutions_per_authority[0].values[0].value.id == "heat"


@pytest.mark.parametrize("reason", ["USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS"])
def test_the_reason_why_a_session_ended_comes_through(reason: str) -> None:
    read = sdk_reads(envelope(type="SessionEndedRequest", reason=reason, error={"type": "NEW_ERROR", "message": "x"}))
    assert read.request.reason.value == reason


def test_the_answer_to_a_permission_question_comes_through() -> None:
    read = sdk_reads(
        envelope(
            type="Connections.Response",
            name="AskFor",
            status={"code": "200", "message": "OK"},
            token="{}",
            payload={"status": "ACCEPTED", "isCardThrown": False},
        )
    )
    assert (read.request.name, read.request.status.code, read.request.token) == ("AskFor", "200", "{}")
    assert read.request.payload == {"status": "ACCEPTED", "isCardThrown": False}


# ---- Envelopes of other kinds and with parts missing


@pytest.mark.parametrize(
    "kind",
    [
        "System.ExceptionEncountered",
        "AudioPlayer.PlaybackStopped",
        "Alexa.Presentation.APL.UserEvent",
        "AlexaSkillEvent.SkillPermissionAccepted",
        "AlexaSkillEvent.SkillAccountUnlinked",
        "Made.Up",
        "launchrequest",
        "",
        None,
        7,
        ["LaunchRequest"],
        {"type": "LaunchRequest"},
    ],
)
def test_a_request_that_the_skill_does_not_know_is_left_alone(kind: Any) -> None:
    assert safe_envelope(envelope(type=kind)) is None


@pytest.mark.parametrize("event", [None, [], "LaunchRequest", 7, True, {}, {"request": []}, {"request": None}, b"{}"])
def test_what_is_no_envelope_is_left_alone(event: object) -> None:
    assert safe_envelope(event) is None
    assert request_type(event) is None
    assert application_id(event) is None


def test_the_version_of_the_envelope_does_not_matter() -> None:
    assert sdk_reads(envelope() | {"version": "2.0"}).version == "1.0"


PARTS = [
    ("session",),
    ("context",),
    ("context", "System"),
    ("context", "System", "user"),
    ("context", "System", "user", "userId"),
    ("context", "System", "device"),
    ("context", "System", "device", "supportedInterfaces"),
    ("context", "System", "application"),
    ("context", "System", "apiEndpoint"),
    ("context", "System", "apiAccessToken"),
    ("context", "Viewport"),
    ("context", "AudioPlayer"),
    ("request", "locale"),
    ("request", "requestId"),
    ("request", "timestamp"),
    ("request", "intent"),
    ("request", "intent", "name"),
    ("request", "intent", "slots"),
    ("session", "user"),
    ("session", "attributes"),
]


@pytest.mark.parametrize("part", PARTS, ids=".".join)
@pytest.mark.parametrize("instead", ["left out", None, [], {}, "text", -1, {"type": "made up"}], ids=repr)
def test_an_envelope_with_a_part_missing_or_spoilt_can_still_be_read(part: tuple[str, ...], instead: Any) -> None:
    event = with_slot({"name": "modality", "value": "heat"})
    holder = event
    for name in part[:-1]:
        holder = holder[name]
    if instead == "left out":
        del holder[part[-1]]
    else:
        holder[part[-1]] = instead
    read = sdk_reads(event)
    # read_turn goes down these paths without looking.
    assert read.context.system.device.supported_interfaces is not None
    assert read.request.intent is not None


def test_a_skill_event_without_a_session_is_read_without_one() -> None:
    event = envelope(type="AlexaSkillEvent.SkillDisabled", body={"userInformationPersistenceStatus": "NOT_PERSISTED"})
    del event["session"], event["context"]["System"]["device"]
    read = sdk_reads(event)
    assert read.session is None
    assert read.request.object_type == "AlexaSkillEvent.SkillDisabled"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("context", "AudioPlayer", "playerActivity"), "DANCING"),
        (("context", "Viewport", "mode"), "HOLOGRAM"),
        (("context", "Viewport"), {"type": "NEW"}),
        (("request", "reason"), "NEW_REASON"),
        (("request", "dialogState"), "NEW_STATE"),
    ],
)
def test_a_value_that_the_sdk_does_not_know_does_no_harm(path: tuple[str, ...], value: Any) -> None:
    event = envelope(type="SessionEndedRequest", reason="ERROR")
    holder = event
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value
    assert sdk_reads(event).request.object_type == "SessionEndedRequest"


# ---- Locale, time, and the way to the permission's answer


@pytest.mark.parametrize(
    ("locale", "read"),
    [
        ("en-GB", "en-GB"),
        ("EN-us", "en-US"),
        ("en_GB", "en-GB"),
        ("fr-FR", "fr-FR"),
        ("hi-IN", "hi-IN"),
        ("en-ZZ", "en-ZZ"),
        ("", ""),
        (None, ""),
        (7, ""),
        ("x" * 100, ""),
        ("en-US\n", ""),
        ("ﬁ-FI", ""),
    ],
)
def test_a_locale_is_brought_into_alexas_spelling_or_left_empty(locale: Any, read: str) -> None:
    assert sdk_reads(envelope(locale=locale)).request.locale == read


@pytest.mark.parametrize(
    "timestamp",
    [
        None,
        0,
        1772442000,
        "",
        "now",
        "0000-00-00T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-02-30T09:00:00Z",
        "2026-03-02T25:00:00Z",
        "2026-06-30T23:59:60Z",
        "2026-03-02T09:00:00+05:30",
        "2026-03-02T09:00:00+99:99",
        "2026-03-02T09:00:00.123456Z",
        "٢٠٢٦-03-02T09:00:00Z",
        {"year": 2026},
    ],
)
def test_a_time_stamp_is_a_time_whatever_came(timestamp: Any) -> None:
    assert sdk_reads(envelope(timestamp=timestamp)).request.timestamp is not None


@pytest.mark.parametrize(
    "code", [None, "x" * 9000, pytest.param(10**5000, id="huge"), ["400"], {"a": 1}, "ACCEPTED", True, "202"], ids=brief
)
@pytest.mark.parametrize("payload", [None, [], "text", {"status": ["ACCEPTED"]}])
def test_an_odd_answer_to_a_permission_question_can_be_read(code: Any, payload: Any) -> None:
    event = envelope(type="Connections.Response", name="AskFor", status={"code": code}, payload=payload, token=["x"])
    assert sdk_reads(event).request.status.code == ""


@pytest.mark.parametrize("kind", KNOWN_REQUESTS)
def test_an_intent_cannot_pass_itself_off_as_another_request(kind: str) -> None:
    assert sdk_reads(envelope(type="IntentRequest", intent={"name": kind})).request.intent.name == ""


# ---- Whatever the shape

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=8), parts, max_size=3),
    max_leaves=6,
)


def nodes(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every node below the top."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in parts for found in ((*path, key), *nodes(part, (*path, key)))]


KINDS: list[Callable[[], Envelope]] = [
    envelope,
    lambda: envelope(type="SessionEndedRequest", reason="ERROR"),
    lambda: envelope(type="Connections.Response", name="AskFor", status={"code": "200"}, payload={"status": "DENIED"}),
    lambda: with_slot(
        {
            "name": "modality",
            "value": "heat",
            "resolutions": {
                "resolutionsPerAuthority": [
                    {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"name": "heat", "id": "heat"}}]}
                ]
            },
        }
    ),
]
EXAMPLES = [make() for make in KINDS]


@given(data=st.data(), example=st.sampled_from(EXAMPLES), junk=json_values)
def test_any_node_of_an_envelope_may_be_anything(data: st.DataObject, example: Envelope, junk: Any) -> None:
    event = copy.deepcopy(example)
    path = data.draw(st.sampled_from(nodes(event)))
    holder: Any = event
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = junk
    if safe_envelope(event) is not None:
        assert sdk_reads(event).request.object_type in KNOWN_REQUESTS
