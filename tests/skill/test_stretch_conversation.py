"""In the middle of a stretch anything may be said, in any order: it stays whole, answers, and forgets nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator import Echo
from skill.coaching.stretch_session import StretchSession
from skill.handlers import INTENTS
from skill.handlers.stretch_controls import IN_A_STRETCH, UNLESS_HEAT_OR_COLD_RUNS
from skill.handlers.turn import OUTCOMES

SLOTS: dict[str, list[str]] = {
    "muscle": ["piriformis", "hamstrings", "neck", "handstand"],
    "position": ["seated", "in_bed", "upside_down"],
    "side": ["left", "right", "both", "inside"],
    "skipped_side": ["left", "both"],
    "routine": ["short", "strengthening", "endless"],
    "ease": ["easy"],
    "hip_status": ["replaced", "not_replaced", "cleared", "wobbly"],
    "caution": ["numb", "fever", "operation", "diabetes", "pregnancy", "unheard_of"],
    "modality": ["heat", "cold"],
}
VALUES: dict[str, list[str]] = {"minutes": ["5", "?", "-1", "9" * 40], "duration": ["PT5M", "P1Y", "PT", "PT0S"]}


def a_slot(name: str, value: str) -> dict[str, Any]:
    slot = {"name": name, "value": value, "confirmationStatus": "NONE"}
    if name in VALUES:
        return slot
    found = {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"name": value, "id": value}}]}
    return slot | {"resolutions": {"resolutionsPerAuthority": [{"authority": "a", **found}]}}


def hear(echo: Echo, intent: str, slots: dict[str, str]) -> Any:
    filled = {name: a_slot(name, value) for name, value in slots.items()}
    heard = {"name": intent, "confirmationStatus": "NONE", "slots": filled}
    return echo._exchange({"type": "IntentRequest", "intent": heard})


slots = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in (SLOTS | VALUES).items()})
words = st.tuples(st.sampled_from([*sorted(INTENTS), "StretchNextIntent", "StretchStartIntent"]), slots)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(words, min_size=1, max_size=10), st.integers(0, 3))
def test_whatever_is_said_it_answers_and_keeps_its_place(said: list[tuple[str, dict[str, str]]], ahead: int) -> None:
    echo = Echo.returning()
    for intent in ("StretchStartIntent", "AMAZON.NoIntent", *["StretchNextIntent"] * ahead):
        hear(echo, intent, {})
    deleted = False
    for intent, filled in said:
        echo.clock.advance(seconds=1)
        turn = hear(echo, intent, filled)
        deleted |= turn.outcome == "data_deleted"
        assert turn.outcome in OUTCOMES
        assert turn.outcome != "unavailable", turn.details
        assert turn.errors == ()
        assert turn.speech
        assert turn.record["db_calls"] <= 2
        assert len(json.dumps(turn.response)) < 24_000
    entries = [entry for entry in echo.log_entries() if entry["kind"] == "stretch"]
    stretches = [StretchSession.from_fields(entry["entry"], entry) for entry in entries]
    assert stretches or deleted
    assert sum(session.is_live for session in stretches) <= 1


@pytest.mark.parametrize("intent", [*IN_A_STRETCH, *UNLESS_HEAT_OR_COLD_RUNS])
@pytest.mark.parametrize("steps", [0, 1, 2])
def test_every_word_of_heat_and_cold_that_means_the_stretch_is_about_it(intent: str, steps: int) -> None:
    echo = Echo.returning()
    for each in ("StretchStartIntent", "AMAZON.NoIntent", *["StretchNextIntent"] * steps):
        hear(echo, each, {})
    turn = hear(echo, intent, {})
    assert turn.outcome.startswith("stretch_") or turn.outcome == "help"
    assert turn.listening or turn.outcome == "stretch_stopped"


def test_the_place_is_kept_after_every_turn() -> None:
    echo = Echo.returning()
    for intent in ("StretchStartIntent", "AMAZON.NoIntent"):
        hear(echo, intent, {})
    for _ in range(5):
        turn = hear(echo, "StretchNextIntent", {})
        assert turn.record["db_calls"] == 1
        [entry] = [entry for entry in echo.log_entries() if entry["kind"] == "stretch"]
        [known] = [entry for entry in turn.response["sessionAttributes"]["known"] if entry["kind"] == "stretch"]
        assert entry["place"] == known["fields"]["place"]


def test_nothing_is_held_before_it_is_known_whether_a_hip_was_replaced() -> None:
    for intent, filled in (
        ("StretchStartIntent", {"muscle": "hamstrings"}),
        ("StretchNextIntent", {}),
        ("StretchSkipIntent", {}),
        ("AMAZON.ResumeIntent", {}),
        ("StretchStartOverIntent", {}),
    ):
        echo = Echo.returning()
        hear(echo, "StretchStartIntent", {})
        turn = hear(echo, intent, filled)
        assert [entry for entry in echo.log_entries() if entry["kind"] == "stretch"] == []
        assert "<break" not in turn.ssml
