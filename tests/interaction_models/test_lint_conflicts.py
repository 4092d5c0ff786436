"""No sentence may belong to two intents, also once the slots are filled."""

from pathlib import Path

import pytest

from interaction_models.build import build
from interaction_models.lint import Fault, lint

from .small_model import GOOD, write

MARK = "[intents.AskIntent]"


def faults_with(folder: Path, *samples: str, slots: str = "") -> list[Fault]:
    """What is wrong once another intent has these samples."""
    lines = "\n".join(f'    "{sample}",' for sample in samples)
    other = f"[intents.OtherIntent]\nslots = {{ {slots} }}\nsamples = [\n{lines}\n]\n\n"
    source = write(folder, GOOD.replace(MARK, other + MARK))
    return lint(build(source), source)


@pytest.mark.parametrize(
    ("sample", "slots", "sentence"),
    [
        ("start the {modality}", 'modality = "Modality"', "start the cold"),
        ("start the {thing}", 'thing = "Modality"', "start the cold"),
        ("begin hot pack", "", "begin hot pack"),
        ("ice pack for an hour", "", "ice pack for an hour"),
        ("heat for {minutes} minutes", 'minutes = "AMAZON.NUMBER"', "heat for eight minutes"),
        ("start the hot {rest}", 'rest = "Rest"', "start the hot pack"),
    ],
)
def test_same_sentence(tmp_path: Path, sample: str, slots: str, sentence: str) -> None:
    found = faults_with(tmp_path, sample, slots=slots) if "Rest" not in slots else with_rest(tmp_path, sample, slots)
    assert [fault.message.split(" is ")[0] for fault in found] == [repr(sentence)]
    [fault] = found
    assert "StartIntent (en.toml:" in fault.message
    assert "OtherIntent" in fault.message
    assert sample in fault.file.read_text(encoding="utf-8").splitlines()[fault.line - 1]


def with_rest(folder: Path, sample: str, slots: str) -> list[Fault]:
    text = GOOD.replace("[types.Modality]", '[types.Rest]\nrest = ["pack", "stone"]\n\n[types.Modality]')
    other = f'[intents.OtherIntent]\nslots = {{ {slots} }}\nsamples = ["{sample}"]\n\n'
    source = write(folder, text.replace(MARK, other + MARK))
    return lint(build(source), source)


@pytest.mark.parametrize(
    ("sample", "slots"),
    [
        ("stop the {modality}", 'modality = "Modality"'),
        ("start the {modality} again", 'modality = "Modality"'),
        ("begin hot", ""),
        ("{minutes}", 'minutes = "AMAZON.NUMBER"'),
        ("the {modality}'s for an hour", 'modality = "Modality"'),
    ],
)
def test_different_sentences(tmp_path: Path, sample: str, slots: str) -> None:
    assert faults_with(tmp_path, sample, slots=slots) == []


@pytest.mark.parametrize("words", ["stop", "never mind", "help me"])
def test_words_that_alexa_takes_for_herself(tmp_path: Path, words: str) -> None:
    [fault] = faults_with(tmp_path, words)
    assert repr(words) in fault.message
    assert "AMAZON." in fault.message


def test_a_pair_of_lines_is_told_once(tmp_path: Path) -> None:
    assert len(faults_with(tmp_path, "(start|begin) [the] {modality}", slots='modality = "Modality"')) == 1
