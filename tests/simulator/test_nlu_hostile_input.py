"""Nothing said can break the understanding of the simulated Alexa, or hold it up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.wording import words_of
from tests.simulator.small_model import MODEL, SMALL_MODEL, START, heard, request_of

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
