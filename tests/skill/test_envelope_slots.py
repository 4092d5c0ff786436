"""Reading an envelope: slots, whatever stands in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.skill.envelopes import brief, envelope, slots_of, with_slot

# ---- Slots


@pytest.mark.parametrize("slot", [[], "heat", None, 7, True, [{"name": "modality", "value": "heat"}]])
def test_a_slot_that_is_none_is_passed_over(slot: Any) -> None:
    assert slots_of(with_slot(slot)) == {}


@pytest.mark.parametrize("slots", [[], "heat", None, 7, [{"name": "modality"}]])
def test_slots_that_are_no_slots_are_passed_over(slots: Any) -> None:
    assert slots_of(envelope(type="IntentRequest", intent={"name": "StartTherapyIntent", "slots": slots})) == {}


@pytest.mark.parametrize("value", [None, "", 7, 7.5, [], {}, True, "x" * 100_001], ids=brief)
def test_a_slot_without_a_text_is_passed_over(value: Any) -> None:
    assert slots_of(with_slot({"name": "modality", "value": value})) == {}


def test_a_slot_of_a_name_that_nobody_knows_comes_through_as_it_is() -> None:
    assert slots_of(with_slot({"name": "colour", "value": "blue"}, name="colour"))["colour"].value == "blue"


def test_at_most_twenty_slots_are_read() -> None:
    slots = {f"slot{number}": {"name": f"slot{number}", "value": "x"} for number in range(500)}
    event = envelope(type="IntentRequest", intent={"name": "StartTherapyIntent", "slots": slots})
    assert len(slots_of(event)) == 20


@pytest.mark.parametrize(
    "resolutions",
    [
        None,
        [],
        "x",
        {},
        {"resolutionsPerAuthority": None},
        {"resolutionsPerAuthority": []},
        {"resolutionsPerAuthority": ["x", None, {}]},
        {"resolutionsPerAuthority": [{"status": {"code": "ER_NEW_CODE"}, "values": []}]},
        {"resolutionsPerAuthority": [{"status": {"code": ["ER_SUCCESS_MATCH"]}}]},
        {"resolutionsPerAuthority": [{"status": {"code": "ER_SUCCESS_NO_MATCH"}}]},
        {"resolutionsPerAuthority": [{"status": {"code": "ER_ERROR_TIMEOUT"}, "values": None}]},
        {"resolutionsPerAuthority": [{"status": {"code": "ER_SUCCESS_MATCH"}, "values": ["x", {"value": 7}]}]},
        {"resolutionsPerAuthority": [{"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"id": 7}}]}]},
    ],
    ids=str,
)
def test_odd_resolutions_match_nothing(resolutions: Any) -> None:
    slot = slots_of(with_slot({"name": "modality", "value": "heat", "resolutions": resolutions}))["modality"]
    assert slot.value == "heat"
    ids = [
        value.value.id
        for authority in slot.resolutions.resolutions_per_authority or []
        for value in authority.values or []
    ]
    assert not any(ids)


def several(*values: Any) -> Any:
    return {"name": "modality", "slotValue": {"type": "List", "values": list(values)}}


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        (several({"type": "Simple", "value": "heat"}), "heat"),
        (several({"type": "Simple", "value": "heat"}, {"type": "Simple", "value": "cold"}), None),
        (several(), None),
        (several("heat"), None),
        ({"name": "modality", "slotValue": {"type": "List", "values": "heat"}}, None),
        ({"name": "modality", "slotValue": "List"}, None),
    ],
    ids=str,
)
def test_of_a_slot_with_many_values_one_is_taken_and_of_several_none(slot: Any, value: str | None) -> None:
    read = slots_of(with_slot(slot)).get("modality")
    assert (read.value if read else None) == value


def test_a_slot_value_is_cut_and_cleaned() -> None:
    slot = slots_of(with_slot({"name": "modality", "value": "\x00\x1b[31mheat\n\ud800\u202e" + "e" * 8000}))["modality"]
    assert slot.value.startswith("[31mheate")
    assert len(slot.value) == 500
    assert slot.value.isprintable()
