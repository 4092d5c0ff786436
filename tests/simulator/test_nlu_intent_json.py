"""What is understood, as it is sent to the skill: the intent's JSON, and times and dates in it."""

from __future__ import annotations

from datetime import date

import pytest

from simulator.echo import language_model
from simulator.nlu import FALLBACK, intent_json
from tests.simulator.small_model import MODEL, START, request_of


class TestIntentJson:
    """What is sent to the skill."""

    def test_the_sdk_reads_it(self) -> None:
        intent = request_of(MODEL.understand("begin ice on my elbow for ten minutes")).intent
        assert intent.name == START
        assert set(intent.slots) == {
            *("modality", "duration", "minutes", "lowest", "area", "side", "then_modality"),
        }
        modality = intent.slots["modality"]
        assert (modality.value, modality.confirmation_status.value) == ("ice", "NONE")
        resolution = modality.resolutions.resolutions_per_authority[0]
        assert resolution.authority == "amzn1.er-authority.echo-sdk.amzn1.ask.skill.x.Modality"
        assert resolution.status.code.value == "ER_SUCCESS_MATCH"
        assert [(entry.value.name, entry.value.id) for entry in resolution.values] == [("cold", "cold")]
        assert modality.slot_value.value == "ice"
        assert intent.slots["then_modality"].value is None
        assert (intent.slots["duration"].value, intent.slots["duration"].resolutions) == ("PT10M", None)
        assert intent.slots["area"].resolutions.resolutions_per_authority[0].status.code.value == "ER_SUCCESS_NO_MATCH"

    def test_its_shape_is_alexas(self) -> None:
        slots = intent_json(MODEL.understand("begin ice on my elbow"), MODEL, "s")["slots"]
        no_match = {
            "resolutionsPerAuthority": [
                {"authority": "amzn1.er-authority.echo-sdk.s.Area", "status": {"code": "ER_SUCCESS_NO_MATCH"}}
            ]
        }
        assert slots["area"] == {
            "name": "area",
            "value": "elbow",
            "resolutions": no_match,
            "confirmationStatus": "NONE",
            "source": "USER",
            "slotValue": {"type": "Simple", "value": "elbow", "resolutions": no_match},
        }
        assert slots["side"] == {"name": "side", "confirmationStatus": "NONE"}

    def test_a_built_in_type_is_not_resolved_and_a_value_without_id_has_none(self) -> None:
        intent = intent_json(MODEL.understand("begin heat on my right hip for ten minutes"), MODEL, "s")
        assert intent["slots"]["duration"]["slotValue"] == {"type": "Simple", "value": "PT10M"}
        values = intent["slots"]["side"]["resolutions"]["resolutionsPerAuthority"][0]["values"]
        assert values == [{"value": {"name": "right"}}]

    def test_the_fallback_has_no_slots(self) -> None:
        expected = {"name": FALLBACK, "confirmationStatus": "NONE", "slots": {}}
        assert intent_json(MODEL.understand("sing me a song"), MODEL, "s") == expected


class TestTimesAndDates:
    """AMAZON.TIME and AMAZON.DATE arrive as Alexa fills them, told from the day where the device is."""

    @pytest.mark.parametrize(
        ("words", "slots"),
        [
            ("remind me to stretch at seven pm", {"reminder_about": "stretch", "time": "19:00"}),
            ("remind me to stretch tomorrow at half past eight", {"date": "2026-11-24", "time": "08:30"}),
            ("remind me to use heat on friday in the evening", {"date": "2026-11-27", "time": "EV"}),
            ("remind me to stretch next week", {"date": "2026-W49"}),
            ("remind me in the morning to stretch", {"time": "MO"}),
            ("remind me to ice my hip in two hours", {"delay": "PT2H"}),
            ("could you please remind dad to do his stretches every day at noon", {"time": "12:00"}),
        ],
    )
    def test_a_reminder(self, words: str, slots: dict[str, str]) -> None:
        understood = language_model("en-US").understand(words, date(2026, 11, 23))
        assert understood.intent == "ReminderIntent"
        assert {name: understood.slots[name].value for name in slots} == slots

    @pytest.mark.parametrize(
        ("words", "intent"),
        [
            ("set a timer for fifteen minutes", "StartTherapyIntent"),
            ("heat today", "StartTherapyIntent"),
            ("ten to fifteen minutes of heat", "StartTherapyIntent"),
            ("seven", "AmountIntent"),
            ("which reminders are on", "ReminderListIntent"),
            ("cancel my seven o'clock reminder", "ReminderCancelIntent"),
        ],
    )
    def test_what_is_no_reminder(self, words: str, intent: str) -> None:
        assert language_model("en-US").understand(words).intent == intent
