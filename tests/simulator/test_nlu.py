"""Free text becomes the intents and slots that the model's author may expect of Alexa."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.nlu import FALLBACK, HeardSlot, Understood
from tests.simulator.small_model import MODEL, START, heard

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
