"""Free text becomes the intents and slots that the model's author may expect of Alexa."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model.intent_request import IntentRequest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.echo import language_model
from simulator.nlu import FALLBACK, HeardSlot, LanguageModel, ModelError, Understood, intent_json
from simulator.wording import words_of

SMALL_MODEL = Path(__file__).parent / "small_model.json"
MODEL = LanguageModel.load(SMALL_MODEL)


def heard(utterance: str) -> tuple[str, dict[str, str]]:
    """The intent and the slots: ids of custom values, "?" for a value without one, else the value."""
    understood = MODEL.understand(utterance)
    return understood.intent, {name: _short(slot) for name, slot in understood.slots.items()}


def _short(slot: HeardSlot) -> str:
    if slot.resolved is None:
        return slot.value
    return slot.resolved[0][1] if slot.resolved else f"no match: {slot.value}"


START = "StartTherapyIntent"

SAMPLES: list[tuple[str, str, dict[str, str]]] = [
    ("start ice for fifteen minutes", START, {"modality": "cold", "duration": "PT15M"}),
    ("start a ten minute hot pack session", START, {"modality": "heat", "duration": "PT10M"}),
    (
        "begin heat on my left hip for a quarter of an hour",
        START,
        {"modality": "heat", "side": "left", "area": "hip", "duration": "PT15M"},
    ),
    ("put a warm compress on my groin for 20 mins", START, {"modality": "heat", "area": "groin", "duration": "PT20M"}),
    ("ice for 15", START, {"modality": "cold", "minutes": "15"}),
    ("15", "AmountIntent", {"minutes": "15"}),
    ("ice for fifteen", START, {"modality": "cold", "minutes": "15"}),
    ("open a session", START, {}),
    ("Open a session!", START, {}),
    ("half an hour", "AmountIntent", {"duration": "PT30M"}),
    ("fifteen months", "AmountIntent", {"duration": "P15M"}),
    ("zero minutes", "AmountIntent", {"duration": "PT0M"}),
    ("twelve", "AmountIntent", {"minutes": "12"}),
    ("minus four", "AmountIntent", {"minutes": "-4"}),
    ("between ten and fifteen", "AmountIntent", {"lowest": "10", "minutes": "15"}),
    ("hold on", "PauseTherapyIntent", {}),
    ("how much time is left", "TimeLeftIntent", {}),
    ("add five minutes", "ExtendTherapyIntent", {"duration": "PT5M"}),
    ("another minute", "ExtendTherapyIntent", {"duration": "PT1M"}),
    ("is a hot water bottle safe", "SafeAnswerIntent", {"modality": "heat"}),
    ("that’s all", "GoodbyeIntent", {}),
]

PARAPHRASES: list[tuple[str, str, dict[str, str]]] = [
    ("could you please start the ice now", START, {"modality": "cold"}),
    (
        "start my cold therapy on the right hip for twelve minutes",
        START,
        {"modality": "cold", "side": "", "area": "hip", "duration": "PT12M"},
    ),
    (
        "for twenty minutes put on my left buttock a hot pack",
        START,
        {"modality": "heat", "duration": "PT20M", "side": "left", "area": "pelvis_back"},
    ),
    ("would you pause the session for me please", "PauseTherapyIntent", {}),
    ("how long is there left", "TimeLeftIntent", {}),
    ("give me five more minutes", "ExtendTherapyIntent", {"duration": "PT5M"}),
    ("please extend the session by two minutes", "ExtendTherapyIntent", {"duration": "PT2M"}),
    ("end my session", "StopTherapyIntent", {}),
    ("could the session be stopped", "StopTherapyIntent", {}),
    ("for how many minutes is heat right", "HowLongAnswerIntent", {"modality": "heat"}),
    ("is ice therapy safe for the groin", "SafeAnswerIntent", {"modality": "cold", "area": "groin"}),
]

MISSPELT: list[tuple[str, str, dict[str, str]]] = [
    ("strat cold theraphy for fifteen minuets", START, {"modality": "cold", "duration": "PT15M"}),
    ("puase the sesion", "PauseTherapyIntent", {}),
    ("start haet for fiften minutes", START, {"modality": "heat", "duration": "PT15M"}),
    ("tiem remaning", "TimeLeftIntent", {}),
]

ELSEWHERE = [
    "what is the weather in london",
    "play some jazz",
    "order a pizza for two",
    "turn on the kitchen lights",
    "sing me a song",
    "how old is the queen",
    "set an alarm for seven",
    "buy my brother a red bicycle",
    "asdf qwer zxcv",
    "the of a",
    "please could you",
    "don't start the ice",
    "it is not safe to start the heat",
]


@pytest.mark.parametrize(("utterance", "intent", "slots"), SAMPLES)
def test_a_sample_is_heard_with_its_slots(utterance: str, intent: str, slots: dict[str, str]) -> None:
    assert heard(utterance) == (intent, slots)


@pytest.mark.parametrize(("utterance", "intent", "slots"), [*PARAPHRASES, *MISSPELT])
def test_other_words_and_slips_of_the_keyboard_are_heard(utterance: str, intent: str, slots: dict[str, str]) -> None:
    assert heard(utterance) == (intent, slots)


@pytest.mark.parametrize("utterance", ELSEWHERE)
def test_what_the_model_is_not_about_falls_back(utterance: str) -> None:
    assert heard(utterance) == (FALLBACK, {})


@pytest.mark.parametrize("intent", list(MODEL.model.intents.values()), ids=lambda intent: str(intent.name))
def test_every_sample_is_heard_as_its_own_intent(intent: Any) -> None:
    spoken = {
        "Modality": "ice",
        "Area": "hip",
        "Side": "left",
        "AMAZON.NUMBER": "twelve",
        "AMAZON.DURATION": "twelve minutes",
        "AMAZON.SearchQuery": "sleeping on my side",
    }
    for sample in intent.samples:
        words = " ".join(item if isinstance(item, str) else spoken[item.type] for item in sample.items)
        understood = MODEL.understand(words)
        assert (understood.intent, set(understood.slots)) == (intent.name, {slot.name for slot in sample.slots}), words


def test_the_answer_says_why() -> None:
    exact = MODEL.understand("start heat for ten minutes")
    assert (exact.score, exact.sample, exact.reason) == (1.0, "start {modality} for {duration}", "exact")

    polite = MODEL.understand("please start heat for ten minutes")
    assert (polite.sample, polite.reason) == ("start {modality} for {duration}", "exact but for polite words")
    assert 0.9 < polite.score < 1

    overlap = MODEL.understand("how long is there left")
    assert overlap.reason.startswith("overlap 0.")
    assert overlap.runner_up is not None

    repaired = MODEL.understand("puase the session")
    assert "heard puase as pause" in repaired.reason

    nothing = MODEL.understand("sing me a song")
    assert (nothing.reason, nothing.intent) == ("nothing fits", FALLBACK)
    assert MODEL.understand("") == Understood(FALLBACK)


class TestSlots:
    """Which slot takes which value."""

    def test_two_slots_of_one_type_are_filled_in_the_order_of_the_sample(self) -> None:
        assert heard("heat then ice") == (START, {"modality": "heat", "then_modality": "cold"})
        assert heard("ice then heat") == (START, {"modality": "cold", "then_modality": "heat"})
        assert heard("ice for ten to fifteen minutes") == (
            START,
            {"modality": "cold", "lowest": "10", "minutes": "15"},
        )
        assert heard("please do ice for between ten and twelve minutes today") == (
            START,
            {"modality": "cold", "lowest": "10", "minutes": "12"},
        )

    def test_one_value_of_a_type_fills_only_one_slot(self) -> None:
        assert heard("start ice with the ice pack for ten minutes") == (
            START,
            {"modality": "cold", "duration": "PT10M"},
        )

    def test_the_longest_value_wins(self) -> None:
        understood = MODEL.understand("start cold therapy")
        assert understood.slots["modality"] == HeardSlot("modality", "Modality", "cold therapy", (("cold", "cold"),))

    def test_a_name_that_two_values_share_resolves_to_both(self) -> None:
        assert MODEL.understand("start the gel pack").slots["modality"].resolved == (
            ("cold", "cold"),
            ("warm gel", "heat_gel"),
        )

    def test_a_value_nobody_listed_arrives_unresolved_when_the_rest_is_plain(self) -> None:
        assert heard("begin ice on my elbow") == (START, {"modality": "cold", "area": "no match: elbow"})
        assert heard("begin ice on my funny bone") == (START, {"modality": "cold", "area": "no match: funny bone"})
        assert heard("begin ice on my elbow for ten minutes") == (
            START,
            {"modality": "cold", "area": "no match: elbow", "duration": "PT10M"},
        )
        assert heard("begin 15 on my hip") != (START, {"modality": "no match: 15", "area": "hip"})
        assert heard("start engine") == (FALLBACK, {})

    def test_one_as_a_pronoun_is_no_number_of_minutes(self) -> None:
        assert "minutes" not in MODEL.understand("start that one heat session").slots

    def test_a_known_word_and_a_number_are_never_repaired(self) -> None:
        assert heard("fifty minutes") == ("AmountIntent", {"duration": "PT50M"})
        assert "heard" not in MODEL.understand("start ice for weight reasons").reason


class TestPhrases:
    """AMAZON.SearchQuery: a carrier phrase, and whatever follows."""

    def test_the_phrase_takes_the_rest(self) -> None:
        assert heard("i have a question about sleeping on my side") == (
            "AskIntent",
            {"question": "sleeping on my side"},
        )
        assert heard("tell me about my knees in the article") == ("AskIntent", {"question": "my knees"})
        assert heard("what about elephants") == ("AskIntent", {"question": "elephants"})

    def test_the_phrase_is_given_as_spoken_and_the_carrier_is_repaired(self) -> None:
        assert heard("Please, i have a qestion about Sesions") == ("AskIntent", {"question": "sesions"})

    def test_a_sample_word_for_word_goes_before_a_carrier(self) -> None:
        assert heard("is it safe to use ice on my hip")[0] == "SafeAnswerIntent"

    def test_a_carrier_without_a_phrase_is_none(self) -> None:
        assert heard("i have a question about")[0] == FALLBACK


class TestBuiltIns:
    """Intents that Alexa brings along."""

    @pytest.mark.parametrize(
        ("utterance", "intent"),
        [
            ("help", "HelpIntent"),
            ("what can you do", "HelpIntent"),
            ("how does this work", "HelpIntent"),
            ("stop", "StopIntent"),
            ("stop please", "StopIntent"),
            ("alexa stop", "StopIntent"),
            ("never mind", "CancelIntent"),
            ("yes", "YesIntent"),
            ("okay", "YesIntent"),
            ("ok yes please", "YesIntent"),
            ("that's right", "YesIntent"),
            ("no thank you", "NoIntent"),
            ("not really", "NoIntent"),
            ("say that again please", "RepeatIntent"),
        ],
    )
    def test_their_own_phrases_need_no_sample(self, utterance: str, intent: str) -> None:
        assert heard(utterance) == (f"AMAZON.{intent}", {})

    def test_they_are_only_heard_word_for_word(self) -> None:
        assert heard("how does this jigsaw work")[0] == FALLBACK

    def test_they_are_only_heard_when_the_model_lists_them(self) -> None:
        assert heard("previous")[0] == FALLBACK


HOSTILE = [
    "",
    " \n\t",
    "ice " * 5000,
    "ten " * 5000,
    "minus " * 5000,
    "one hundred and " * 2000,
    "an hour and a half and " * 2000,
    "start start start " * 2000,
    "please " * 5000,
    "a" * 100_000,
    "9" * 100_000,
    "a" * 499 + "!",
    "((((((((" * 50,
    ".*.*.*.*" * 50,
    "(a+)+$" * 50,
    "{modality} {duration}",
    "🔥🧊 for 🕒",
    "sta\u0000rt i\u200dce",
    "\ud800\udfff start",
    "\u202estart ice",
    "e\u0301" * 300,
    "٣ minutes of ice",
    "'; DROP TABLE people; --",
    "<speak><break time='10000s'/></speak>",
    "ﷺ" * 500,
]


class TestHostileInput:
    """Nothing said can break it or hold it up."""

    @pytest.mark.parametrize("utterance", HOSTILE, ids=range(len(HOSTILE)))
    def test_odd_input_gets_an_answer(self, utterance: str) -> None:
        assert MODEL.understand(utterance).intent in MODEL.model.intents

    def test_only_the_first_500_characters_are_listened_to(self) -> None:
        assert len(words_of("ice " * 5000)) == 125
        assert heard("start ice" + " " * 500 + "for ten minutes") == (START, {"modality": "cold"})

    def test_invisible_characters_neither_split_words_nor_reach_a_slot(self) -> None:
        assert heard("sta\u0000rt i\u200dce") == (START, {"modality": "cold"})

    @settings(deadline=None)
    @given(st.text(max_size=200))
    def test_any_text_gets_an_answer(self, utterance: str) -> None:
        assert MODEL.understand(utterance).intent in MODEL.model.intents

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.sampled_from([*words_of(SMALL_MODEL.read_text()), "ten", "please", "ıce"]), max_size=40))
    def test_any_words_of_the_model_make_a_request_that_the_sdk_reads(self, words: list[str]) -> None:
        understood = MODEL.understand(" ".join(words))
        assert 0 <= understood.score <= 1
        request_of(understood)


def request_of(understood: Understood) -> Any:
    """The request with the understood intent, as the SDK reads it; its own types have every part optional."""
    envelope = {
        "type": "IntentRequest",
        "requestId": "r",
        "timestamp": "2026-03-02T09:00:00Z",
        "locale": "en-US",
        "intent": intent_json(understood, MODEL, "amzn1.ask.skill.x"),
    }
    request = DefaultSerializer().deserialize(json.dumps(envelope), IntentRequest)
    assert isinstance(request, IntentRequest)
    return request


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


def _language(data: dict[str, Any]) -> Any:
    return data["interactionModel"]["languageModel"]


def _first(data: dict[str, Any], key: str) -> Any:
    return _language(data)[key][0]


BREAKAGES: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda data: data.pop("interactionModel"), "the file needs `interactionModel` as an object"),
    (lambda data: _language(data).pop("invocationName"), "languageModel needs `invocationName` as a text"),
    (lambda data: _language(data).update(intents={}), "needs `intents` as a list, not an object"),
    (lambda data: _first(data, "intents").pop("name"), "an intent needs `name`"),
    (lambda data: _first(data, "intents").update(samples=[7]), "has a sample that is no text"),
    (lambda data: _first(data, "intents").update(samples=["start {thing}"]), "uses {thing}; add that slot"),
    (lambda data: _first(data, "intents")["slots"][0].update(type="Nothing"), "type Nothing, which has no values"),
    (lambda data: _first(data, "intents")["slots"][0].update(type="AMAZON.Ordinal"), "cannot hear it yet"),
    (lambda data: _first(data, "intents")["slots"].append({"name": "side", "type": "Side"}), "has slot side twice"),
    (lambda data: _language(data)["intents"].append(_first(data, "intents")), "stands there twice"),
    (lambda data: _language(data)["types"].append(_first(data, "types")), "slot type Modality stands there twice"),
    (lambda data: _first(data, "types")["values"].append("x"), "must be an object with `name`, not a text"),
    (lambda data: _first(data, "types")["values"][0]["name"].update(synonyms=[None]), "a synonym that is no text"),
    (lambda data: _phrase_samples(data, ["{question}"]), "add a carrier phrase"),
    (lambda data: _phrase_samples(data, ["ask {question} {question}"]), "Alexa refuses that"),
]


def _phrase_samples(data: dict[str, Any], samples: list[str]) -> None:
    next(intent for intent in _language(data)["intents"] if intent["name"] == "AskIntent").update(samples=samples)


class TestBrokenModels:
    """A model that cannot be used is refused in one line that names the file."""

    @pytest.mark.parametrize(("breakage", "message"), BREAKAGES, ids=[message for _, message in BREAKAGES])
    def test_a_wrong_shape(self, tmp_path: Path, breakage: Callable[[dict[str, Any]], object], message: str) -> None:
        data = json.loads(SMALL_MODEL.read_text(encoding="utf-8"))
        breakage(data)
        self._refused(tmp_path, json.dumps(data).encode(), message)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "is not JSON"),
            (b"{", "is not JSON"),
            (b"[" * 100_000, "is not JSON"),
            (b"\xff\xfe", "is not UTF-8"),
            (b"[]", "not a list"),
            (b"null", "not null"),
            (b"7", "not 7"),
        ],
        ids=["empty", "half", "deep", "bytes", "list", "null", "number"],
    )
    def test_no_model_at_all(self, tmp_path: Path, content: bytes, message: str) -> None:
        self._refused(tmp_path, content, message)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"nowhere\.json: cannot be read \(No such file or directory\)"):
            LanguageModel.load(tmp_path / "nowhere.json")

    def test_a_model_without_intents_understands_nothing(self, tmp_path: Path) -> None:
        empty = tmp_path / "model.json"
        empty.write_text('{"interactionModel": {"languageModel": {"invocationName": "test coach", "intents": []}}}')
        understood = LanguageModel.load(empty).understand("start ice")
        assert understood == Understood(FALLBACK)
        assert intent_json(understood, LanguageModel.load(empty), "s")["slots"] == {}

    @staticmethod
    def _refused(folder: Path, content: bytes, message: str) -> None:
        path = folder / "model.json"
        path.write_bytes(content)
        with pytest.raises(ModelError) as refused:
            LanguageModel.load(path)
        assert str(refused.value).startswith(f"{path}: ")
        assert message in str(refused.value)
        assert "\n" not in str(refused.value)


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
