"""Plain words to SSML: escaped, well-formed, within Alexa's limits, whatever the words."""

from __future__ import annotations

import html
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.response_rules import errors_in
from skill.alexa.speech import LONGEST_SPEECH, ssml, timed_ssml

any_text = st.text(st.characters(), max_size=200)
long_text = st.builds(
    lambda piece, times, end: (piece + end) * times,
    st.text(st.characters(), min_size=1, max_size=20),
    st.integers(1, 4000),
    st.sampled_from(["", " ", ". ", "&. ", "<"]),
)


def refused(text: str) -> tuple[str, ...]:
    """What Alexa would refuse in it."""
    speech = {"type": "SSML", "ssml": text}
    return errors_in({"version": "1.0", "response": {"outputSpeech": speech}}, "IntentRequest")


@pytest.mark.parametrize(
    "text",
    [
        '<audio src="https://evil.example/x.mp3"/>',
        "</speak><speak>",
        '<break time="10000s"/>',
        '<voice name="Joanna">',
        "<amazon:effect>",
        '<prosody rate="x-fast">',
        '<say-as interpret-as="telephone">',
        "<alexa:name personId='x'/>",
        "&lt;audio&gt;",
        "&amp;lt;",
        "&#60;",
        "<![CDATA[x]]>",
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        "<?xml version='1.0'?>",
        "heat & cold",
        "]]>",
    ],
)
def test_markup_in_words_is_spoken_and_not_obeyed(text: str) -> None:
    made = ssml(text)
    assert refused(made) == ()
    inside = made.removeprefix("<speak>").removesuffix("</speak>")
    assert "<" not in inside
    assert ">" not in inside
    # Escaped once, and once only.
    assert html.unescape(inside) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufffeb\uffffc", "abc"),
        ("a\u202eb\u200dc", "abc"),
        ("ice 🧊 e" + "\u0301" * 400, "ice 🧊 e" + "\u0301" * 400),
        ("line\nline\ttab", "line\nline\ttab"),
    ],
)
def test_what_cannot_be_spoken_is_left_out(text: str, kept: str) -> None:
    assert ssml(text) == f"<speak>{kept}</speak>"
    assert refused(ssml(text)) == ()


def test_plain_words_stay_as_they_are() -> None:
    assert ssml("It's fifteen minutes.") == "<speak>It's fifteen minutes.</speak>"


def test_what_is_too_long_is_cut_at_the_end_of_a_sentence() -> None:
    made = ssml("This is a sentence. " * 1000)
    assert len(made) <= LONGEST_SPEECH
    assert made.endswith("sentence.</speak>")
    assert len(made) > LONGEST_SPEECH - 60


def test_a_single_word_without_end_is_cut_too() -> None:
    assert 0 < len(ssml("x" * 100_000)) <= LONGEST_SPEECH
    assert 0 < len(ssml("&" * 100_000)) <= LONGEST_SPEECH


@given(any_text | long_text)
def test_any_text_makes_sound_ssml_within_the_limit(text: str) -> None:
    made = ssml(text)
    assert len(made) <= LONGEST_SPEECH
    assert [error for error in refused(made) if "says nothing" not in error] == []


@dataclass(frozen=True)
class Silence:
    """A silence of so many seconds."""

    seconds: float


def test_silences_stand_where_they_are_between_the_words() -> None:
    made = timed_ssml(["Hold it there.", Silence(10), Silence(2.5), "Rest & breathe."])
    assert made == '<speak>Hold it there. <break time="10s"/> <break time="2.5s"/> Rest &amp; breathe.</speak>'
    assert refused(made) == ()


def test_no_break_is_longer_than_alexa_allows() -> None:
    assert refused(timed_ssml(["Hold.", Silence(3600), Silence(-1)])) == ()


def test_what_there_is_no_room_for_is_left_out_from_the_end_on() -> None:
    made = timed_ssml(["Begin.", "This is a sentence. " * 1000, Silence(5), "The end."])
    assert LONGEST_SPEECH - 60 < len(made) <= LONGEST_SPEECH
    assert made.endswith("sentence.</speak>")


@given(st.lists(any_text | long_text | st.builds(Silence, st.floats(allow_nan=False)), max_size=5))
def test_any_parts_make_sound_ssml_within_the_limit(parts: list[str | Silence]) -> None:
    made = timed_ssml(parts)
    assert len(made) <= LONGEST_SPEECH
    assert [error for error in refused(made) if "says nothing" not in error] == []
