"""What a conversation remembers: it survives its way through the session attributes, and nothing forged does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator import Echo
from skill.coaching.amounts import LONGEST, SHORTEST
from skill.coaching.stretching import Wish
from skill.coaching.therapy import GATES, REASONS, Plan
from skill.coaching.therapy_session import AREAS, SIDES
from skill.handlers.conversation_state import BODY, QUESTIONS, VERSION, ConversationState, Pending
from skill.session_log import PROFILE, LogEntry
from tests.skill.test_reminder import plans as reminders

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
entries = st.builds(
    LogEntry,
    entry=st.sampled_from([PROFILE, "log#2026-03-02T09:00:00Z#ab12cd34", "log#2026-03-03T09:00:00Z#ab12cd34"]),
    kind=st.sampled_from(["profile", "therapy"]),
    revision=st.integers(1, 99),
    changed_by=st.just("ab12cd34"),
    fields=st.dictionaries(text.filter(bool), st.none() | st.booleans() | st.integers(0, 2**53) | text, max_size=4),
)
plans = st.builds(
    Plan,
    modality=st.sampled_from([None, "heat", "cold", "both", "conflict"]),
    seconds=st.none() | st.integers(SHORTEST, LONGEST),
    asked_seconds=st.none() | st.integers(-(10**7), 10**7),
    reason=st.none() | st.sampled_from(REASONS),
    area=st.none() | st.sampled_from((*AREAS, "lower_back", "unknown")),
    side=st.none() | st.sampled_from(SIDES),
    then=st.none() | st.sampled_from(["heat", "cold", "both"]),
    caution=st.none() | st.sampled_from(["swelling", "numb"]),
    agreed=st.lists(st.sampled_from(GATES), max_size=5).map(tuple),
)
names = st.from_regex(r"[a-z_]{0,20}", fullmatch=True)
wishes = st.builds(
    Wish,
    muscle=names,
    position=names,
    side=names,
    routine=names,
    easy=st.booleans(),
    minutes=st.none() | st.integers(0, 10_000),
    exercise=names,
)
states = st.builds(
    ConversationState,
    pending=st.none()
    | st.builds(Pending, st.sampled_from(QUESTIONS), plans, st.none() | wishes, st.none() | reminders),
    reminders=st.lists(st.uuids().map(str), max_size=5).map(tuple),
    body=st.sets(st.sampled_from(sorted(BODY))).map(lambda said: tuple(sorted(said))),
    speech=text,
    reprompt=text,
    known=st.none() | st.lists(entries, max_size=6).map(tuple),
    unsaved=st.lists(entries, max_size=3).map(tuple),
    visit=st.sampled_from(["", "visit#2026-03-02T09:00:00.000Z#ab12cd34"]),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=8), parts, max_size=3),
    max_leaves=6,
)


@given(states)
def test_a_state_comes_back_as_it_was(state: ConversationState) -> None:
    attributes = json.loads(json.dumps(state.to_attributes()))
    assert ConversationState.from_attributes(attributes) == state


def test_a_fresh_state_is_small() -> None:
    assert ConversationState().to_attributes() == {"version": VERSION}


def test_the_state_of_a_real_conversation_comes_back_in_every_turn() -> None:
    echo = Echo()
    echo.launch()
    for words in ("start cold therapy", "fifteen minutes", "yes", "say that again", "help"):
        echo.say(words)
        if echo.permission_question:
            echo.cloud.answer_permission("yes")
    spoken = [turn for turn in echo.turns if turn.speech]
    assert len(spoken) >= 6
    for turn in spoken:
        attributes = turn.response["sessionAttributes"]
        assert ConversationState.from_attributes(attributes).to_attributes() == attributes


@pytest.mark.parametrize(
    "attributes",
    [
        None,
        {},
        {"version": 0},
        {"version": 2, "speech": "Hello"},
        {"version": "1", "speech": "Hello"},
        {"speech": "Hello"},
        {"version": 1, "pending": "safety"},
        {"version": 1, "pending": {"question": "delete", "plan": {}}},
        {"version": 1, "pending": {"question": ["safety"], "plan": {}}},
        {"version": 1, "pending": {"question": "safety"}},
        {"version": 1, "pending": {"question": "safety", "plan": "cold"}},
        {"version": 1, "pending": {"question": "safety", "plan": {"seconds": 3600}}},
        {"version": 1, "pending": {"question": "safety", "plan": {"side": "inside"}}},
        {"version": 1, "pending": {"question": "stretch_instead", "plan": {}, "wish": "all"}},
        {"version": 1, "reminders": "all"},
        {"version": 1, "reminders": [7]},
        {"version": 1, "reminders": [""]},
        {"version": 1, "reminders": ["x" * 201]},
        {"version": 1, "reminders": ["x"] * 101},
        {"version": 1, "pending": {"question": "stretch_instead", "plan": {}, "wish": {"muscle": "<b>"}}},
        {"version": 1, "pending": {"question": "stretch_instead", "plan": {}, "wish": {"muscle": 7}}},
        {"version": 1, "pending": {"question": "stretch_instead", "plan": {}, "wish": {"easy": "yes"}}},
        {"version": 1, "pending": {"question": "stretch_instead", "plan": {}, "wish": {"minutes": -1}}},
        {"version": 1, "pending": {"question": "stretch_instead", "plan": {}, "wish": {"minutes": True}}},
        {"version": 1, "body": "flare"},
        {"version": 1, "body": ["invisible"]},
        {"version": 1, "body": [["flare"]]},
        {"version": 1, "pending": {"question": "reminder_confirm", "plan": {}, "reminder": {"about": "bank"}}},
        {"version": 1, "pending": {"question": "reminder_confirm", "plan": {}, "reminder": "heat"}},
        {"version": 1, "speech": "x" * 8001},
        {"version": 1, "speech": ["Hello"]},
        {"version": 1, "reprompt": 7},
        {"version": 1, "known": "everything"},
        {"version": 1, "known": [{"entry": "profile"}]},
        {"version": 1, "known": [7]},
        {"version": 1, "known": [LogEntry(PROFILE, "profile", 1, "x", {}).as_dict()] * 21},
        {"version": 1, "unsaved": {"entry": "profile"}},
        {"version": 1, "visit": "profile"},
        {"version": 1, "visit": 7},
        {"version": 1, "unsaved": [LogEntry(PROFILE, "profile", 1, "x", {}).as_dict() | {"revision": 0}]},
        {"version": 1, "unsaved": [LogEntry(PROFILE, "profile", 1, "x", {}).as_dict() | {"entry": "../profile"}]},
    ],
    ids=lambda attributes: ascii(attributes)[:70],
)
def test_what_was_not_ours_starts_afresh(attributes: Any) -> None:
    assert ConversationState.from_attributes(attributes) == ConversationState()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    state=states,
    name=st.sampled_from(["version", "pending", "speech", "reprompt", "known", "unsaved", "visit", "body", "more"]),
    junk=json_values,
)
def test_junk_in_any_place_gives_a_state_that_can_be_kept(state: ConversationState, name: str, junk: Any) -> None:
    read = ConversationState.from_attributes(state.to_attributes() | {name: junk})
    assert ConversationState.from_attributes(read.to_attributes()) == read


@given(json_values)
def test_any_json_gives_a_state(attributes: Any) -> None:
    assert isinstance(ConversationState.from_attributes(attributes), ConversationState)
