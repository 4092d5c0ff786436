"""What `hip-coach models` says at its end, and by which words free text is caught."""

import re
from pathlib import Path

import pytest

from interaction_models import alexa_rules, build, everything
from interaction_models.content_intents import MOST_SLOTS, extra_intents, handles
from interaction_models.everything import fullness
from interaction_models.paraphrases import paraphrases

from .small_model import GOOD, write


def test_each_limit_is_told_once_with_the_fullest_locale(tmp_path: Path) -> None:
    more = GOOD + '\n[locales.en-GB.types.Modality]\nheat = ["an exceedingly warm bottle"]\n'
    told = fullness(build.build(write(tmp_path, more)))
    assert told[0] == f"intents: 9 of {alexa_rules.MOST_INTENTS} (3 %, en-US)"
    assert told[1] == f"names in types: 5 of {alexa_rules.MOST_NAMES:,} (0 %, en-GB)"
    assert "letters in the longest name: 26 of 140 (18 %, en-GB)" in told
    assert len(told) == 5


def test_the_committed_models_are_read_back(tmp_path: Path) -> None:
    models = build.build(write(tmp_path, GOOD))
    build.write(models, tmp_path)
    assert build.committed(tmp_path) == models


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'slots = { modality = "Modality" }\nsamples = [',
            'slots = { modality = "Modality" }\nsamples = ["of {nothing}", ',
            "{nothing}",
        ),
        ('side = "Side", then_modality', 'side = "Nowhere", then_modality', "add [types.Nowhere], or mend its name"),
    ],
)
def test_a_slot_that_is_nowhere_is_named_with_its_line(
    old: str,
    new: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / "en.toml"
    text = build.SOURCE.read_text(encoding="utf-8")
    assert old in text
    source.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(build, "SOURCE", source)
    assert everything.main(check=True) == 1
    assert re.search(rf"^en\.toml:\d+: .*{re.escape(message)}", capsys.readouterr().err, re.MULTILINE)


def test_handles_are_the_words_that_catch_most() -> None:
    sentences = [text.split() for text in ("blimey it aches", "blimey it twinges", "now it creaks", "then it creaks")]
    assert handles(sentences, 2) == (["blimey"], ["creaks"])


def test_what_one_handle_catches_needs_no_second() -> None:
    sentences = [text.split() for text in ("crikey it creaks", "crikey it creaks loudly", "gosh it hums")]
    assert handles(sentences, 2) == (["crikey", "gosh"], [])


def test_one_word_alone_makes_no_handle() -> None:
    assert handles([["ouch"]], 3) == ([], [])


def test_free_text_loses_no_number_no_denial_and_no_first_word_of_a_red_flag() -> None:
    free = [intent for intent in extra_intents(build.SOURCE) if intent["name"].startswith("FreeWords")]
    samples = [sample for intent in free for sample in intent["samples"]]
    lost = {sample.split()[0] for sample in samples if sample.endswith(" {phrase}")}
    urgent = {each.text.split()[0] for each in paraphrases(build.SOURCE) if each.label.startswith("red_flag:")}
    assert lost
    assert not lost & (urgent | {"fifteen", "twenty", "no", "not", "nope", "don't", "didn't"})


def test_no_intent_of_free_text_has_more_slots_than_it_may() -> None:
    free = [intent for intent in extra_intents(build.SOURCE) if intent["name"].startswith("Free")]
    assert max(len(intent["slots"]) for intent in free) <= MOST_SLOTS
