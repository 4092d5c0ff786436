"""Asking for a permission by voice, and reading Alexa's answer in either of its shapes."""

from __future__ import annotations

from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from hypothesis import given
from hypothesis import strategies as st

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import StandingClock
from simulator.voice_permission import REMINDERS_SCOPE, TIMERS_SCOPE
from skill.alexa import reminders, timers
from skill.alexa.voice_permission import Answer, PermissionAnswer, ask_for, consent_card, read_answer

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=8), parts, max_size=3),
    max_leaves=6,
)


def serialized(model: Any) -> dict[str, Any]:
    made: dict[str, Any] = DefaultSerializer().serialize(model)
    return made


def test_the_question_is_the_directive_that_amazon_documents() -> None:
    assert serialized(ask_for(TIMERS_SCOPE, "the plan")) == {
        "type": "Connections.SendRequest",
        "name": "AskFor",
        "payload": {"@type": "AskForPermissionsConsentRequest", "@version": "1", "permissionScope": TIMERS_SCOPE},
        "token": "the plan",
    }


def test_the_scopes_are_those_of_the_apis() -> None:
    assert (timers.TIMERS_SCOPE, reminders.REMINDERS_SCOPE) == (TIMERS_SCOPE, REMINDERS_SCOPE)


def test_the_card_asks_for_the_same_scope() -> None:
    assert serialized(consent_card(TIMERS_SCOPE)) == {
        "type": "AskForPermissionsConsent",
        "permissions": [TIMERS_SCOPE],
    }


@pytest.mark.parametrize(("said", "answer"), [("yes", "accepted"), ("no", "denied"), ("silence", "not_answered")])
def test_alexas_own_answer_is_understood(said: Any, answer: Answer) -> None:
    cloud = AlexaCloud(StandingClock())
    cloud.answer_permission(said)
    request = cloud.ask_permission(serialized(ask_for(TIMERS_SCOPE, "the plan")))
    assert request is not None
    assert request["token"] == "the plan"
    read = read_answer(request["status"]["code"], request["payload"])
    assert read == PermissionAnswer(answer, card_sent=answer == "not_answered")


def test_a_scope_that_the_manifest_lacks_is_told_apart() -> None:
    cloud = AlexaCloud(StandingClock(), manifest_scopes=())
    request = cloud.ask_permission(serialized(ask_for(TIMERS_SCOPE, "")))
    assert request is not None
    assert read_answer(request["status"]["code"], request["payload"]).answer == "misconfigured"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("ACCEPTED", "accepted"),
        ("DENIED", "denied"),
        ("NOT_ANSWERED", "not_answered"),
        ("PERHAPS", "failed"),
        ("accepted", "failed"),
        ("", "failed"),
        (None, "failed"),
        (True, "failed"),
        (["ACCEPTED"], "failed"),
    ],
)
def test_both_versions_of_the_answer_are_read(status: Any, answer: Answer) -> None:
    assert read_answer("200", {"status": status}).answer == answer
    assert read_answer("200", {"permissionScopes": [{"permissionScope": "x", "status": status}]}).answer == answer


@pytest.mark.parametrize("scopes", [None, [], "ACCEPTED", {}, [None], ["ACCEPTED"], [[]], [{}]])
def test_an_answer_without_a_scope_is_no_answer(scopes: Any) -> None:
    assert read_answer("200", {"permissionScopes": scopes}).answer == "failed"


@pytest.mark.parametrize("code", [None, "", "200", "404", "500"])
def test_no_payload_is_no_answer(code: str | None) -> None:
    assert read_answer(code, None) == PermissionAnswer("failed", card_sent=False)


@given(
    st.none() | st.text(max_size=5), st.dictionaries(st.sampled_from(["status", "permissionScopes", "x"]), json_values)
)
def test_nothing_but_an_acceptance_is_an_acceptance(code: str | None, payload: dict[str, Any]) -> None:
    answer = read_answer(code, payload).answer
    if answer == "accepted":
        scopes = payload.get("permissionScopes")
        assert payload.get("status") == "ACCEPTED" or (isinstance(scopes, list) and scopes[0]["status"] == "ACCEPTED")
