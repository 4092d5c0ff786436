"""Permission by voice: Alexa's fixed question, and the answers."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import StandingClock
from simulator.voice_permission import REMINDERS_SCOPE, TIMERS_SCOPE
from tests.simulator.cloud_calls import (
    TIMERS,
    Caller,
    Json,
)

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
