"""Every rule speaks up, about the right line, and says what to do."""

from pathlib import Path

import pytest

from interaction_models import alexa_rules
from interaction_models.build import build
from interaction_models.lint import Fault, lint

from .small_model import GOOD, broken, write

INVOCATION = 'invocation_name = "hip coach"'
PHRASE = '"tell me {question}"'
TIMED = '    "{modality} for {duration}",'
COLD = 'cold = ["cold", "ice pack"]'

# What is changed, into what, and what is said about the line that changed.
FAULTS = [
    (INVOCATION, 'invocation_name = "coach"', "needs two words"),
    (INVOCATION, 'invocation_name = "Hip Coach"', "is no invocation name; use small letters"),
    (INVOCATION, 'invocation_name = "hip coach 2"', "spell numbers out"),
    (INVOCATION, 'invocation_name = "open hip coach"', "'open' may not stand in an invocation name"),
    (INVOCATION, 'invocation_name = "alexa hip coach"', "'alexa' may not stand"),
    (INVOCATION, 'invocation_name = "hip skill"', "'skill' may not stand"),
    (INVOCATION, 'invocation_name = "the coach"', "'the' may not stand in an invocation name of two words"),
    ('fallback_sensitivity = "MEDIUM"', 'fallback_sensitivity = "SOME"', "write LOW, MEDIUM or HIGH"),
    ("[intents.StartIntent]", "[intents.Start2Intent]", "'Start2Intent' is no intent name"),
    ('[intents."AMAZON.StopIntent"]', '[intents."AMAZON.StoppIntent"]', "Alexa has no AMAZON.StoppIntent"),
    ("[intents.AskIntent]", "[intents.EmptyIntent]\n[intents.AskIntent]", "EmptyIntent has no samples"),
    ('modality = "Modality", duration', 'side = "Modality", modality = "Modality", duration', "uses {side}"),
    ('modality = "Modality", duration', 'modality = "Modalities", duration', "there is no type Modalities"),
    ('"AMAZON.DURATION"', '"AMAZON.DURATON"', "there is no type AMAZON.DURATON"),
    (TIMED, '    "{modality} for {length}",', "has no slot {length}"),
    (TIMED, '    "{modality} for {duration} or 5",', "has digits; spell numbers out"),
    (TIMED, '    "Only {modality} for {duration}",', "has capitals; write it small"),
    (TIMED, '    "{modality} for {duration}?",', "has signs that nobody speaks"),
    (TIMED, '    "{modality} for {duration}ish",', "has a slot that touches a word"),
    (TIMED, '    "{modality}{duration}",', "has a slot that touches a word"),
    (TIMED, f'    "{"very " * 40}{{modality}} {{duration}}",', "is longer than 200 letters"),
    (TIMED, '    "{modality} for {duration}", "start {modality}",', "says only what StartIntent hears already"),
    (PHRASE, '"{question}"', "is only {question}, which takes any words"),
    (PHRASE, '"tell me {question} and {question}"', "has two slots that take any words"),
    ("[types.Modality]", "[types.Lonely]\na = ['b']\n[types.Modality]", "no slot has the type Lonely"),
    (COLD, 'cold = ["cold", "hot pack"]', "'hot pack' stands in heat and cold"),
    (COLD, 'cold = ["cold", "cold"]', "'cold' stands in cold twice"),
    (COLD, 'cold = ["cold", "ice 4"]', "'ice 4' is not what Alexa hears"),
    (COLD, f'cold = ["{"cold " * 30}ice"]', "is longer than 140 letters"),
]


def faults(source: Path) -> list[Fault]:
    return lint(build(source), source)


def test_a_good_model_has_no_fault(tmp_path: Path) -> None:
    assert faults(write(tmp_path, GOOD)) == []


@pytest.mark.parametrize(("old", "new", "message"), FAULTS, ids=[message for *_, message in FAULTS])
def test_rule(tmp_path: Path, old: str, new: str, message: str) -> None:
    source, line = broken(tmp_path, old, new)
    told = [fault for fault in faults(source) if message in fault.message]
    assert told, f"nothing says {message!r}: {faults(source)}"
    assert {(fault.file, fault.line) for fault in told} == {(source, line)}


@pytest.mark.parametrize("name", alexa_rules.REQUIRED_INTENTS)
def test_missing_built_in_intent(tmp_path: Path, name: str) -> None:
    source, _ = broken(tmp_path, f'[intents."{name}"]\n', "")
    assert [fault.message.split(" is missing")[0] for fault in faults(source)] == [name]


def test_type_without_values(tmp_path: Path) -> None:
    text = GOOD.replace('heat = ["heat", "hot pack"]\n', "").replace(COLD, "cold = []")
    [fault] = faults(write(tmp_path, text))
    assert fault.message == "Modality has no values; write some"
    assert fault.line == 7


def test_phrase_slot_beside_another_slot(tmp_path: Path) -> None:
    text = GOOD.replace('question = "', 'modality = "Modality", question = "').replace(
        PHRASE, '"tell me {question} of {modality}"'
    )
    assert "has another slot beside {question}" in faults(write(tmp_path, text))[0].message


def test_sample_that_stands_twice_in_the_model(tmp_path: Path) -> None:
    source = write(tmp_path, GOOD)
    models = build(source)
    ask = next(
        intent
        for intent in models["en-US"]["interactionModel"]["languageModel"]["intents"]
        if intent["name"] == "AskIntent"
    )
    ask["samples"].append("tell me {question}")
    assert "stands twice in AskIntent" in lint(models, source)[0].message


@pytest.mark.parametrize("limit", ["MOST_INTENTS", "MOST_NAMES", "MOST_BYTES"])
def test_sizes(tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alexa_rules, limit, 3)
    [fault] = faults(write(tmp_path, GOOD))
    assert "and Alexa takes 3" in fault.message
    assert fault.line == 1


def test_the_fault_of_an_extra_intent_names_its_own_file(tmp_path: Path) -> None:
    source = write(tmp_path, GOOD)
    answer = tmp_path / "answers.toml"
    answer.write_text('[stiff]\nasked = [\n    "why am i stiff",\n    "Why stiff",\n]\n', encoding="utf-8")
    extra = [{"name": "StiffIntent", "samples": ["why am i stiff", "Why stiff"], "file": answer}]
    [fault] = lint(build(source, extra), source, extra)
    assert (fault.file, fault.line) == (answer, 4)
    assert "has capitals" in fault.message
